// Generated from schema everything; do not edit.
/* What the events of service things carry. */
#ifndef THINGS_EVENTS_H
#define THINGS_EVENTS_H

#include "runtime/wire/message.h"

/* Event "thing:made" of a Thing. */
struct things_thing_made {
    ProtobufCMessage base;
    const char *id;
    const char *owner; /* id of people.Person */
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    const char *name;
    int64_t version;
};
#define THINGS_THING_MADE_SUBJECT "thing:made"
extern const struct rt_message things_thing_made_message;
extern const struct rt_field things_thing_made_fields[];
#define THINGS_THING_MADE_INIT RT_MESSAGE_INIT(things_thing_made)

/* Event "thing:ended" of a Thing. */
struct things_thing_ended {
    ProtobufCMessage base;
    const char *id;
    const char *owner; /* id of people.Person */
    protobuf_c_boolean done;
    int64_t version;
};
#define THINGS_THING_ENDED_SUBJECT "thing:ended"
extern const struct rt_message things_thing_ended_message;
extern const struct rt_field things_thing_ended_fields[];
#define THINGS_THING_ENDED_INIT RT_MESSAGE_INIT(things_thing_ended)

#endif
