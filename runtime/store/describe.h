/*
 * What the stored records of a model look like, whole: its message, every message and enum that is
 * reached from it, and of each field number, kind, presence, name and rules. Made of the emitted
 * tables, and kept in the database as text:
 *
 *   model
 *   message Ticket
 *   1 text 0 1 0000000000000000 id
 *   4 message 1 1 0000000000000000 seat        part 1 is the next one below
 *   7 enum 2 ? 0000000000000000 state
 *   message Seat
 *   ...
 *   enum State
 *   1 - 0 1 0000000000000000 open
 *
 * A line is number, class, part, presence, hash of the rules, name. Presence is `1` for what every
 * record has, `?` for an optional, `=` for what has a default, `-` for what was dropped: its number
 * stays taken. The first line is `model` or `replica`.
 *
 * Threads: no shared state. Ownership: the caller's arena.
 */
#ifndef RT_STORE_DESCRIBE_H
#define RT_STORE_DESCRIBE_H

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/store/model.h"

enum rt_presence {
    RT_PRESENCE_ALWAYS = '1',
    RT_PRESENCE_OPTIONAL = '?',
    RT_PRESENCE_DEFAULT = '=',
    RT_PRESENCE_DROPPED = '-'
};

/* A field of a message, or a value of an enum (class "-"). */
struct rt_described_field {
    uint32_t number;
    const char *class; /* decides how a stored value is read: "i32", "decimal(2)-list" */
    uint32_t part;     /* of a message, map or enum: its part; else 0 */
    char presence;     /* enum rt_presence */
    uint64_t rules;    /* differs when another set of values is allowed */
    const char *name;
};

struct rt_described_part {
    bool enumeration;
    const char *name;
    struct rt_described_field *fields; /* by number, ascending */
    size_t n_fields;
    const void *table; /* the struct rt_message or rt_enum it was made of; NULL when parsed */
};

struct rt_description {
    bool replica;
    bool partial; /* of an older program: the model's own fields only, without their rules */
    struct rt_described_part *parts; /* the first is the model's message */
    size_t n_parts;
};

void rt_description_of(const struct rt_model *model, struct rt_arena *arena,
                       struct rt_description *ret);
void rt_description_put(const struct rt_description *description, struct rt_buf *out);
/* RT_ECORRUPT when `text` is no description. Also reads what older programs kept, which is a line
 * "<number> <class> <name>" for each field of the model's own message and nothing below. */
int rt_description_parse(const char *text, struct rt_arena *arena, struct rt_description *ret,
                         struct rt_error *error);
/* NULL when there is none. */
const struct rt_described_field *rt_described_number(const struct rt_described_part *part,
                                                     uint32_t number);
/* The same by name, dropped ones aside. */
const struct rt_described_field *rt_described_name(const struct rt_described_part *part,
                                                   const char *name);

#endif
