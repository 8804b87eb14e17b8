// Generated from schema ticketing; do not edit.
/* Messages of service auth that no event carries. */
#ifndef AUTH_TYPES_H
#define AUTH_TYPES_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Someone who buys or sells tickets. */
struct auth_user {
    ProtobufCMessage base;
    const char *id;
    const char *email;    /* an email address, 3..254 characters, trimmed, lower case */
    const char *password; /* its hash; secret; kept as an scrypt hash; secret by type */
    int64_t version;      /* 1 on create, +1 per update */
};
extern const struct rt_message auth_user_message;
extern const struct rt_field auth_user_fields[];
#define AUTH_USER_INIT RT_MESSAGE_INIT(auth_user)

struct auth_credentials {
    ProtobufCMessage base;
    const char *email;    /* an email address, 3..254 characters, trimmed, lower case */
    const char *password; /* clear text; secret */
};
extern const struct rt_message auth_credentials_message;
extern const struct rt_field auth_credentials_fields[];
#define AUTH_CREDENTIALS_INIT RT_MESSAGE_INIT(auth_credentials)

/* What others may see. A secret field in a view, a reply or an event does not compile. */
struct auth_current_user {
    ProtobufCMessage base;
    const char *id;
    const char *email; /* an email address, 3..254 characters, trimmed, lower case */
};
extern const struct rt_message auth_current_user_message;
extern const struct rt_field auth_current_user_fields[];
#define AUTH_CURRENT_USER_INIT RT_MESSAGE_INIT(auth_current_user)

struct auth_current_user_reply {
    ProtobufCMessage base;
    struct auth_current_user *current_user; /* or NULL; null when signed out */
};
extern const struct rt_message auth_current_user_reply_message;
extern const struct rt_field auth_current_user_reply_fields[];
#define AUTH_CURRENT_USER_REPLY_INIT RT_MESSAGE_INIT(auth_current_user_reply)

/* A signed-out session, kept until its token would have expired anyway. Every service keeps a
 * replica of it, because the session declaration above names its event. */
struct auth_revocation {
    ProtobufCMessage base;
    const char *id;     /* the token's jti */
    int64_t expires_at; /* ms since 1970 */
    int64_t version;    /* 1 on create, +1 per update */
};
extern const struct rt_message auth_revocation_message;
extern const struct rt_field auth_revocation_fields[];
#define AUTH_REVOCATION_INIT RT_MESSAGE_INIT(auth_revocation)

#ifdef __cplusplus
}
#endif

#endif
