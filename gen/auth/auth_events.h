// Generated from schema ticketing; do not edit.
/* What the events of service auth carry. */
#ifndef AUTH_EVENTS_H
#define AUTH_EVENTS_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Event "session:revoked" of a Revocation. */
struct auth_session_revoked {
    ProtobufCMessage base;
    const char *id;     /* the token's jti */
    int64_t expires_at; /* ms since 1970 */
    int64_t version;
};
#define AUTH_SESSION_REVOKED_SUBJECT "session:revoked"
extern const struct rt_message auth_session_revoked_message;
extern const struct rt_field auth_session_revoked_fields[];
#define AUTH_SESSION_REVOKED_INIT RT_MESSAGE_INIT(auth_session_revoked)

#ifdef __cplusplus
}
#endif

#endif
