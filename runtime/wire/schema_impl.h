/*
 * A schema while it is loaded: what schema.c and schema_build.c share. Private to runtime/wire.
 *
 * Errors stick: the first one is kept, and from then on nothing more is read, so that a function
 * may go on to its end and its caller asks once.
 */
#ifndef RT_WIRE_SCHEMA_IMPL_H
#define RT_WIRE_SCHEMA_IMPL_H

#include "runtime/base/table.h"
#include "runtime/wire/pb_read.h"
#include "runtime/wire/schema.h"

/* One message on its way to a table. */
struct rt_schema_type {
    struct rt_message message;
    struct rt_field *fields; /* those of `message`, while they may change */
    struct rt_bytes descriptor;
    const char *full_name;
    const char *package;
    bool map_entry;
    UT_hash_handle hh;
};

struct rt_schema_enum {
    struct rt_enum enumeration;
    struct rt_enum_value *values;
    const char *full_name;
    UT_hash_handle hh;
};

struct rt_schema_subject {
    struct rt_schema_event event;
    UT_hash_handle hh;
};

struct rt_schema {
    struct rt_arena arena;
    const char *name;
    struct rt_schema_type *types; /* by full name */
    struct rt_schema_enum *enums;
    struct rt_schema_subject *subjects;
    struct rt_schema_subject **in_order;
    size_t n_subjects;
};

struct rt_schema_load {
    struct rt_schema *schema;
    struct rt_error error;
    size_t fields; /* of all messages, values of enums among them */
};

/* Keeps the first error. */
void rt_schema_fail(struct rt_schema_load *load, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline bool rt_schema_failed(const struct rt_schema_load *load)
{
    return load->error.code != 0;
}

/* The next item off the front; false at the end and after an error. */
bool rt_schema_next(struct rt_schema_load *load, struct rt_bytes *in, struct rt_pb_item *ret);
/* Values of an item, which must be of that sort: a number up to `max`, bytes, a text in the arena
 * (UTF-8 without NUL, not too long), a name (letters, digits and underscores). Zero and "" after
 * an error. */
uint64_t rt_schema_number(struct rt_schema_load *load, const struct rt_pb_item *item, uint64_t max);
struct rt_bytes rt_schema_bytes(struct rt_schema_load *load, const struct rt_pb_item *item);
const char *rt_schema_text(struct rt_schema_load *load, const struct rt_pb_item *item);
const char *rt_schema_ident(struct rt_schema_load *load, const struct rt_pb_item *item);
/* Counts one more field, value or message. */
void rt_schema_count(struct rt_schema_load *load);

/* schema_build.c: notes the messages and enums of a FileDescriptorProto; makes the tables of all
 * that was noted. */
void rt_schema_scan_file(struct rt_schema_load *load, struct rt_bytes file);
void rt_schema_build(struct rt_schema_load *load);

/* schema_limits.c: a tessera.Message, put onto the tables; the tables as a whole afterwards. */
void rt_schema_limit_message(struct rt_schema_load *load, struct rt_bytes in);

struct rt_schema_type *rt_schema_type(const struct rt_schema *schema, struct rt_str full_name);
struct rt_schema_enum *rt_schema_enum(const struct rt_schema *schema, struct rt_str full_name);
/* NULL: no field of that number. */
struct rt_field *rt_schema_field(const struct rt_schema_type *type, uint64_t number);

#endif
