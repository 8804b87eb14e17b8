// Generated from schema everything; do not edit.
/* What the events of service things carry. */
#ifndef THINGS_EVENTS_H
#define THINGS_EVENTS_H

#include "gen/common/everything_enums.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

struct things_point {
    ProtobufCMessage base;
    double x; /* -90..90 */
    double y;
};
extern const struct rt_message things_point_message;
extern const struct rt_field things_point_fields[];
#define THINGS_POINT_INIT RT_MESSAGE_INIT(things_point)

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

/* One of way below. */
struct things_thing_moved_way_entry {
    ProtobufCMessage base;
    const char *key;
    struct things_point *value;
};

/* Event "thing:moved" of a Thing. */
struct things_thing_moved {
    ProtobufCMessage base;
    const char *id;
    enum everything_colour colour;
    size_t n_tags;
    const char **tags; /* 1..9 characters, at most 5 items, all different */
    size_t n_marks;
    int32_t *marks; /* 1..100, at most 300 items */
    size_t n_way;
    struct things_thing_moved_way_entry **way; /* at most 3 entries */
    protobuf_c_boolean has_stars;
    uint32_t stars;  /* at most 5 */
    int64_t gone_at; /* ms since 1970 */
    int64_t version;
};
#define THINGS_THING_MOVED_SUBJECT "thing:moved"
extern const struct rt_message things_thing_moved_message;
extern const struct rt_field things_thing_moved_fields[];
#define THINGS_THING_MOVED_INIT RT_MESSAGE_INIT(things_thing_moved)

/* Event "thing:told" of a Thing. */
struct things_thing_told {
    ProtobufCMessage base;
    const char *id;
    const char *story; /* at most 20000 characters, or NULL */
    int64_t version;
};
#define THINGS_THING_TOLD_SUBJECT "thing:told"
extern const struct rt_message things_thing_told_message;
extern const struct rt_field things_thing_told_fields[];
#define THINGS_THING_TOLD_INIT RT_MESSAGE_INIT(things_thing_told)

#ifdef __cplusplus
}
#endif

#endif
