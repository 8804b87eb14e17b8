// Generated from schema everything; do not edit.
/* Messages of service watch that no event carries. */
#ifndef WATCH_TYPES_H
#define WATCH_TYPES_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Something with an owner, a place and a time at which it ends. */
struct watch_thing {
    ProtobufCMessage base;
    const char *id;
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    const char *name;
    int64_t version;
};
extern const struct rt_message watch_thing_message;
extern const struct rt_field watch_thing_fields[];
#define WATCH_THING_INIT RT_MESSAGE_INIT(watch_thing)

#ifdef __cplusplus
}
#endif

#endif
