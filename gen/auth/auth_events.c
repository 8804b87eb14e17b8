// Generated from schema ticketing; do not edit.
#include "gen/auth/auth_events.h"

static const ProtobufCFieldDescriptor session_revoked_pb[] = {
    RT_PB_STRING(auth_session_revoked, id, 1),
    RT_PB_NUMBER(auth_session_revoked, expires_at, 2, INT64),
    RT_PB_NUMBER(auth_session_revoked, version, 3, INT64),
};
static const ProtobufCIntRange session_revoked_ranges[] = {{1, 0}, {0, 3}};
const struct rt_field auth_session_revoked_fields[] = {
    RT_FIELD(auth_session_revoked, id, 1, "id", .kind = RT_ID),
    RT_FIELD(auth_session_revoked, expires_at, 2, "expiresAt", .kind = RT_TIME),
    RT_FIELD(auth_session_revoked, version, 3, "version", .kind = RT_VERSION),
};
const struct rt_message auth_session_revoked_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.auth.SessionRevoked", auth_session_revoked,
                           session_revoked_pb, 3, session_revoked_ranges, 1),
    .name = "SessionRevoked",
    .fields = auth_session_revoked_fields,
    .n_fields = 3,
};
