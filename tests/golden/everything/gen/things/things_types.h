// Generated from schema everything; do not edit.
/* Messages of service things that no event carries. */
#ifndef THINGS_TYPES_H
#define THINGS_TYPES_H

#include "gen/common/everything_enums.h"
#include "gen/things/things_events.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One of counts below. */
struct things_report_counts_entry {
    ProtobufCMessage base;
    const char *key;
    uint32_t value;
};

/* One of points below. */
struct things_report_points_entry {
    ProtobufCMessage base;
    const char *key;
    struct things_point *value;
};

/* One of texts below. */
struct things_report_texts_entry {
    ProtobufCMessage base;
    const char *key;
    const char *value;
};

/* What a device sends: every kind that has a bound. */
struct things_report {
    ProtobufCMessage base;
    const char *sensor; /* id of things.Thing */
    int64_t at;         /* ms since 1970 */
    int32_t day;        /* days since 1970-01-01 */
    int64_t battery;    /* times 10^1, 0.0..100.0 */
    protobuf_c_boolean on;
    int32_t steps;
    int64_t total;
    uint32_t ticks;
    uint64_t serial;
    enum everything_colour colour;
    int64_t uptime;          /* ms */
    const char *name;        /* 1..20 characters */
    ProtobufCBinaryData raw; /* bytes, at most 12 of them */
    struct things_point *place;
    const char *maybe_name; /* at most 8 characters, or NULL */
    protobuf_c_boolean has_maybe_on;
    protobuf_c_boolean maybe_on;
    protobuf_c_boolean has_maybe_raw;
    ProtobufCBinaryData maybe_raw;    /* bytes, at most 4 of them */
    struct things_point *maybe_place; /* or NULL */
    protobuf_c_boolean has_maybe_colour;
    enum everything_colour maybe_colour;
    protobuf_c_boolean has_maybe_total;
    int64_t maybe_total;
    size_t n_flags;
    protobuf_c_boolean *flags; /* at most 3 items */
    size_t n_samples;
    double *samples; /* 1..16 items */
    size_t n_lines;
    const char **lines; /* at most 10 characters, at most 4 items, all different */
    size_t n_path;
    struct things_point **path; /* at most 5 items */
    size_t n_colours;
    enum everything_colour *colours; /* at most 4 items */
    size_t n_blobs;
    ProtobufCBinaryData *blobs; /* bytes, 2..3 of them, at most 2 items */
    size_t n_counts;
    struct things_report_counts_entry **counts; /* at most 4 entries */
    size_t n_points;
    struct things_report_points_entry **points; /* at most 2 entries */
    size_t n_texts;
    struct things_report_texts_entry **texts; /* at most 5 characters, at most 2 entries */
};
extern const struct rt_message things_report_message;
extern const struct rt_field things_report_fields[];
#define THINGS_REPORT_INIT RT_MESSAGE_INIT(things_report)

/* Fields of a Thing. */
struct things_name {
    ProtobufCMessage base;
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    const char *name;
    enum everything_colour colour; /* red unless given */
};
extern const struct rt_message things_name_message;
extern const struct rt_field things_name_fields[];
#define THINGS_NAME_INIT RT_MESSAGE_INIT_WITH(things_name, .colour = EVERYTHING_COLOUR_RED)

/* One of by_name below. */
struct things_values_by_name_entry {
    ProtobufCMessage base;
    const char *key;
    struct things_point *value;
};

/* One of totals below. */
struct things_values_totals_entry {
    ProtobufCMessage base;
    const char *key;
    int64_t value;
};

/* Each kind of value: alone, optional, as a list. */
struct things_values {
    ProtobufCMessage base;
    protobuf_c_boolean yes;
    int32_t small; /* -5 unless given */
    int64_t large;
    uint32_t count;   /* 7 unless given */
    uint64_t huge;    /* at most 9000000000000000 */
    double ratio;     /* 0.5 unless given */
    int64_t amount;   /* times 10^3, -1.000..1.000, such as -0.125 */
    const char *text; /* none unless given */
    /* a URL, at most 200 characters, such as https://example.org/a; where to read more */
    const char *link;
    ProtobufCBinaryData raw;       /* bytes, at most 16 of them */
    int32_t day;                   /* days since 1970-01-01 */
    int64_t span;                  /* ms, 1s..1d */
    enum everything_colour colour; /* green unless given */
    struct things_point *point;
    protobuf_c_boolean has_maybe_yes;
    protobuf_c_boolean maybe_yes;
    protobuf_c_boolean has_maybe_large;
    int64_t maybe_large;
    protobuf_c_boolean has_maybe_raw;
    ProtobufCBinaryData maybe_raw; /* bytes */
    protobuf_c_boolean has_maybe_colour;
    enum everything_colour maybe_colour;
    struct things_point *maybe_point; /* or NULL */
    const char *maybe_text;           /* or NULL */
    size_t n_flags;
    protobuf_c_boolean *flags;
    size_t n_numbers;
    int64_t *numbers; /* at most 20 items, all different */
    size_t n_texts;
    const char **texts; /* 1..9 characters, 1..9 items */
    size_t n_colours;
    enum everything_colour *colours;
    size_t n_points;
    struct things_point **points; /* at most 10 items */
    size_t n_by_name;
    struct things_values_by_name_entry **by_name;
    size_t n_totals;
    struct things_values_totals_entry **totals; /* times 10^2, at most 5 entries */
    const char *code;                           /* 4..12 characters, like [A-Z]+-[0-9]{2,} */
};
extern const struct rt_message things_values_message;
extern const struct rt_field things_values_fields[];
#define THINGS_VALUES_INIT                                                                         \
    RT_MESSAGE_INIT_WITH(things_values, .small = -5, .count = 7, .ratio = 0.5, .text = "none",     \
                         .colour = EVERYTHING_COLOUR_GREEN)

/* One of way below. */
struct things_thing_way_entry {
    ProtobufCMessage base;
    const char *key;
    struct things_point *value;
};

/* Something with an owner, a place and a time at which it ends. */
struct things_thing {
    ProtobufCMessage base;
    const char *id;
    const char *owner; /* id of people.Person */
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    const char *name;
    enum everything_colour colour; /* red unless given */
    const char *parent;            /* id of things.Thing, or NULL */
    int64_t ends_at;               /* ms since 1970 */
    int64_t gone_at;               /* ms since 1970 */
    protobuf_c_boolean done;
    const char *secret;
    int64_t version; /* 1 on create, +1 per update */
    size_t n_tags;
    const char **tags; /* 1..9 characters, at most 5 items, all different */
    size_t n_marks;
    int32_t *marks; /* 1..100, at most 300 items */
    size_t n_way;
    struct things_thing_way_entry **way; /* at most 3 entries */
    protobuf_c_boolean has_stars;
    uint32_t stars;    /* at most 5 */
    const char *story; /* at most 20000 characters, or NULL */
};
extern const struct rt_message things_thing_message;
extern const struct rt_field things_thing_fields[];
#define THINGS_THING_INIT RT_MESSAGE_INIT_WITH(things_thing, .colour = EVERYTHING_COLOUR_RED)

/* What others may see of a Thing. */
struct things_shown {
    ProtobufCMessage base;
    const char *id;
    const char *owner; /* id of people.Person */
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    const char *name;
    enum everything_colour colour;
    const char *parent; /* id of things.Thing, or NULL */
    int64_t ends_at;    /* ms since 1970 */
    protobuf_c_boolean done;
    int64_t version;
};
extern const struct rt_message things_shown_message;
extern const struct rt_field things_shown_fields[];
#define THINGS_SHOWN_INIT RT_MESSAGE_INIT(things_shown)

/* Fields of a Thing. */
struct things_thing_input {
    ProtobufCMessage base;
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    const char *name;
    enum everything_colour colour; /* red unless given */
    int64_t ends_at;               /* ms since 1970 */
};
extern const struct rt_message things_thing_input_message;
extern const struct rt_field things_thing_input_fields[];
#define THINGS_THING_INPUT_INIT                                                                    \
    RT_MESSAGE_INIT_WITH(things_thing_input, .colour = EVERYTHING_COLOUR_RED)

/* The query of GET /things. */
struct things_list_query {
    ProtobufCMessage base;
    protobuf_c_boolean has_colour;
    enum everything_colour colour;
    protobuf_c_boolean has_before;
    int64_t before;   /* ms since 1970 */
    const char *name; /* at most 80 characters, or NULL */
};
extern const struct rt_message things_list_query_message;
extern const struct rt_field things_list_query_fields[];
#define THINGS_LIST_QUERY_INIT RT_MESSAGE_INIT(things_list_query)

#ifdef __cplusplus
}
#endif

#endif
