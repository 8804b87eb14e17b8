// Generated from schema ticketing; do not edit.
#include "gen/auth/auth_types.h"

static const ProtobufCFieldDescriptor user_pb[] = {
    RT_PB_STRING(auth_user, id, 1),
    RT_PB_STRING(auth_user, email, 2),
    RT_PB_STRING(auth_user, password, 3),
    RT_PB_NUMBER(auth_user, version, 4, INT64),
};
static const ProtobufCIntRange user_ranges[] = {{1, 0}, {0, 4}};
static const struct rt_limits email_limits = {.min = 3, .max = 254, .format = RT_FORMAT_EMAIL};
static const struct rt_limits user_password_limits = {.min = 8, .max = 72};
const struct rt_field auth_user_fields[] = {
    RT_FIELD(auth_user, id, 1, "id", .kind = RT_ID),
    RT_FIELD(auth_user, email, 2, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
    RT_FIELD(auth_user, password, 3, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_RANGE, .limits = &user_password_limits),
    RT_FIELD(auth_user, version, 4, "version", .kind = RT_VERSION),
};
const struct rt_message auth_user_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.auth.User", auth_user, user_pb, 4, user_ranges, 1),
    .name = "User",
    .fields = auth_user_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor credentials_pb[] = {
    RT_PB_STRING(auth_credentials, email, 1),
    RT_PB_STRING(auth_credentials, password, 2),
};
static const ProtobufCIntRange credentials_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits credentials_password_limits = {.min = 8, .max = 72};
const struct rt_field auth_credentials_fields[] = {
    RT_FIELD(auth_credentials, email, 1, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
    RT_FIELD(auth_credentials, password, 2, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_RANGE, .limits = &credentials_password_limits),
};
const struct rt_message auth_credentials_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.auth.Credentials", auth_credentials, credentials_pb, 2,
                           credentials_ranges, 1),
    .name = "Credentials",
    .fields = auth_credentials_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor current_user_pb[] = {
    RT_PB_STRING(auth_current_user, id, 1),
    RT_PB_STRING(auth_current_user, email, 2),
};
static const ProtobufCIntRange current_user_ranges[] = {{1, 0}, {0, 2}};
const struct rt_field auth_current_user_fields[] = {
    RT_FIELD(auth_current_user, id, 1, "id", .kind = RT_ID),
    RT_FIELD(auth_current_user, email, 2, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
};
const struct rt_message auth_current_user_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.auth.CurrentUser", auth_current_user, current_user_pb, 2,
                           current_user_ranges, 1),
    .name = "CurrentUser",
    .fields = auth_current_user_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor current_user_reply_pb[] = {
    RT_PB_MESSAGE(auth_current_user_reply, current_user, 1, &auth_current_user_message),
};
static const ProtobufCIntRange current_user_reply_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field auth_current_user_reply_fields[] = {
    RT_FIELD(auth_current_user_reply, current_user, 1, "currentUser", .shape = RT_OPTIONAL,
             .kind = RT_MESSAGE, .message = &auth_current_user_message),
};
const struct rt_message auth_current_user_reply_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.auth.CurrentUserReply", auth_current_user_reply,
                           current_user_reply_pb, 1, current_user_reply_ranges, 1),
    .name = "CurrentUserReply",
    .fields = auth_current_user_reply_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor revocation_pb[] = {
    RT_PB_STRING(auth_revocation, id, 1),
    RT_PB_NUMBER(auth_revocation, expires_at, 2, INT64),
    RT_PB_NUMBER(auth_revocation, version, 3, INT64),
};
static const ProtobufCIntRange revocation_ranges[] = {{1, 0}, {0, 3}};
const struct rt_field auth_revocation_fields[] = {
    RT_FIELD(auth_revocation, id, 1, "id", .kind = RT_ID),
    RT_FIELD(auth_revocation, expires_at, 2, "expiresAt", .kind = RT_TIME),
    RT_FIELD(auth_revocation, version, 3, "version", .kind = RT_VERSION),
};
const struct rt_message auth_revocation_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.auth.Revocation", auth_revocation, revocation_pb, 3,
                           revocation_ranges, 1),
    .name = "Revocation",
    .fields = auth_revocation_fields,
    .n_fields = 3,
};
