// Generated from schema everything; do not edit.
/* Messages of service people that no event carries. */
#ifndef PEOPLE_TYPES_H
#define PEOPLE_TYPES_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Somebody. */
struct people_person {
    ProtobufCMessage base;
    const char *id;
    const char *login;    /* a slug, 1..40 characters, trimmed, lower case */
    const char *password; /* its hash; secret */
    protobuf_c_boolean has_age;
    uint32_t age;        /* 0..150 */
    int64_t version;     /* 1 on create, +1 per update */
    const char *address; /* 1..40 characters */
    int64_t joined;      /* ms since 1970 */
    int64_t leaves;      /* ms since 1970 */
    const char *inviter; /* id of people.Person */
    int64_t seen;        /* ms since 1970 */
};
extern const struct rt_message people_person_message;
extern const struct rt_field people_person_fields[];
#define PEOPLE_PERSON_INIT RT_MESSAGE_INIT(people_person)

struct people_login {
    ProtobufCMessage base;
    const char *login;    /* a slug, 1..40 characters, trimmed, lower case */
    const char *password; /* clear text; secret */
};
extern const struct rt_message people_login_message;
extern const struct rt_field people_login_fields[];
#define PEOPLE_LOGIN_INIT RT_MESSAGE_INIT(people_login)

/* What others may see of a Person. */
struct people_face {
    ProtobufCMessage base;
    const char *id;
    const char *login; /* a slug, 1..40 characters, trimmed, lower case */
};
extern const struct rt_message people_face_message;
extern const struct rt_field people_face_fields[];
#define PEOPLE_FACE_INIT RT_MESSAGE_INIT(people_face)

#ifdef __cplusplus
}
#endif

#endif
