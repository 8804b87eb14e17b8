/*
 * Bytes to messages and back: protobuf, JSON, validation. All driven by the tables of message.h.
 *
 * Messages and everything they point to live in the arena that is passed in; encoders only read.
 * Decoders accept nothing half: on failure the output is untouched.
 * Threads: no shared state.
 */
#ifndef RT_WIRE_WIRE_H
#define RT_WIRE_WIRE_H

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --------------------------------------------------------------- violations */

enum { RT_VIOLATIONS_MAX = 50 }; /* further ones are only counted */

struct rt_violation {
    const char *pointer; /* JSON pointer (RFC 6901) such as "/price"; "" is the whole body */
    const char *rule;    /* "required", "type", "min", "max", "length", "format", ... */
    const char *message; /* a sentence for a person, "Must be at least 0.01" */
};

struct rt_violations {
    struct rt_arena *arena;
    size_t count; /* of all, also those beyond the cap */
    struct rt_violation items[RT_VIOLATIONS_MAX];
};

void rt_violations_init(struct rt_violations *violations, struct rt_arena *arena);
/* `pointer` and `rule` are borrowed; the message is formatted into the arena. */
void rt_violation_add(struct rt_violations *violations, const char *pointer, const char *rule,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ----------------------------------------------------------------- messages */

/* Sets the descriptor and the defaults; every other member is zero. */
void rt_message_init(const struct rt_message *type, void *message);
void *rt_message_new(const struct rt_message *type, struct rt_arena *arena);
/* Sets one field of `type` to its default. */
void rt_member_set_default(const struct rt_message *type, const struct rt_field *field,
                           void *message);
/* A deep copy, unknown fields included. */
void *rt_message_copy(const void *message, struct rt_arena *arena);
/* Copies the fields that both types have under the same name with the same kind (pointers are
 * shared). For views, events and inputs derived from a model. Sub-messages of another type are
 * built in `arena`. */
void rt_message_pick(const void *from, void *to, struct rt_arena *arena);
/* By schema name; NULL when there is none. */
const struct rt_field *rt_message_field(const struct rt_message *type, struct rt_str name);

/* ----------------------------------------------------------------- protobuf */

void rt_pb_encode(const void *message, struct rt_buf *out); /* appends */
/* Checks what libprotobuf-c lets pass: embedded NUL and bad UTF-8 in strings, depth. Unknown
 * fields are kept. RT_EINVAL for bytes that are no such message. */
int rt_pb_decode(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                 void **ret, struct rt_error *error);

/* --------------------------------------------------------------------- JSON */

/*
 * How kinds look in JSON:
 *
 *   string, password, id, ref   string             time       "2026-01-31T12:00:00.000Z"; any
 *   bool                        true, false                   RFC 3339 offset is read
 *   i32 to u64, version         number             date       "2026-01-31"
 *   duration                    number of ms       bytes      base64; the URL alphabet is read
 *   decimal(n)                  number, written    enum       string; a number of a newer schema
 *                               with n decimals               is written as it is
 *   f64                         number             message    object
 *   list                        array              map        object; integer keys as strings
 *
 * A number counts by its value: 20.50, 2050e-2 and 20.5 are the same decimal, 1.0 is an integer.
 * Integers and decimals are exact and within +-(2^53-1), counted in the last decimal.
 * A member that is null counts as missing: an absent optional, an empty list or map (which
 * is required when it needs an item), a field's default; anything else "Is required".
 * Of an embedded record only the first field, its id, is required; another one that is zero (an
 * empty string, list or map) counts as missing, as it does in protobuf.
 *
 * Rules of violations: json (malformed), type, required, unknown, duplicate, min, max, decimals,
 * finite, length, items, unique, format, pattern, enum, utf8, nul, depth, and the names of a
 * message's own rules.
 */
/* The most bytes of JSON that a message of that type takes, without white space, however its texts
 * are escaped. SIZE_MAX: its schema sets no bound, or one over 16 MiB. */
size_t rt_json_size_max(const struct rt_message *type);

/* Strict RFC 8259 straight into the struct; reports every violation of the body at once, with
 * normalisation (trim, lower) and all constraints of the tables applied. Unknown members, wrong
 * types, duplicates and missing required members are violations. Malformed JSON is a single
 * violation with rule "json" that names line and column. Returns 0, or RT_EINVAL with
 * violations->count > 0. */
int rt_json_decode(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                   void **ret, struct rt_violations *violations);
/*
 * Changes by JSON Merge Patch (RFC 7396): a member that is left out stays, null makes a field
 * absent (an optional, a list or map without items, a default; anything else is a violation), an
 * object is merged into the one that is there, a map's entry goes by null, anything else replaces.
 */
enum rt_patched { RT_NOT_GIVEN, RT_GIVEN_NULL, RT_GIVEN };
/* A patch by itself, before it is known what it changes: what is given is in the message, and
 * checked; `ret_given` has an enum rt_patched for each field, in the order of the type's. */
int rt_json_decode_patch(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                         void **ret, const uint8_t **ret_given, struct rt_violations *violations);
/* The patch put onto a message, which is then checked as a whole. With any violation the message is
 * of no more use. */
int rt_json_merge(struct rt_bytes in, void *message, struct rt_arena *arena,
                  struct rt_violations *violations);
/* Appends one object. Secret fields are left out; an absent optional is null (a reply says
 * "signed out" or "not reserved" by null). */
void rt_json_encode(const void *message, struct rt_buf *out);
/* What rt_pb_decode and rt_json_encode give together, without building the message in between: for
 * records that are shown as they are stored. RT_EINVAL for bytes that are no such message; `out`
 * is then as it was. */
int rt_json_from_pb(const struct rt_message *type, struct rt_bytes in, struct rt_buf *out);
/* Appends a quoted, escaped JSON string; what is not UTF-8 becomes U+FFFD. */
void rt_json_string(struct rt_str text, struct rt_buf *out);

/* --------------------------------------------------------------- validation */

/* Normalises and checks a message that came by another way than JSON. True when nothing was
 * added to `violations`. */
bool rt_validate(void *message, struct rt_violations *violations);
/* Only the rules across fields, of a message whose fields are valid by themselves; not those of
 * messages within it. */
void rt_rules_check(const void *message, struct rt_violations *violations);
/* One value from a URL (query or path), parsed and checked as the field would be in JSON, set in
 * `message`. RT_EINVAL with a violation at "/<json name>". */
int rt_field_parse(const struct rt_field *field, struct rt_str text, struct rt_arena *arena,
                   void *message, struct rt_violations *violations);

/* ------------------------------------------------------------------- access */

/* A scalar member as a value; which member of the union counts follows from the kind. */
struct rt_value {
    bool present;
    union {
        int64_t i;       /* bool, integers but u64, enum, decimal, time, date, duration, version */
        uint64_t u;      /* u64 */
        double f;        /* f64 */
        struct rt_str s; /* string, id, ref, password; an embed's id; bytes */
    };
};

struct rt_value rt_field_get(const struct rt_field *field, const void *message);
/* How many items a list has, and one of them, of any kind but messages. */
size_t rt_field_count(const struct rt_field *field, const void *message);
struct rt_value rt_field_item(const struct rt_field *field, const void *message, size_t i);
/* Sets a member that is alone to a value that is present. Text is copied into `arena`; of an embed
 * a record with that id alone is made there. Not for bytes, other messages, lists and maps. */
void rt_field_set(const struct rt_field *field, void *message, struct rt_value value,
                  struct rt_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
