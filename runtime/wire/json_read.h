/*
 * A strict reader of JSON tokens (RFC 8259, UTF-8 only), below wire.h: for what has no table.
 *
 * It pulls: a caller asks what comes next and takes it. The first error sticks in `error`; from
 * then on everything fails, so a caller may check at the end of a loop. Nothing is allocated but
 * strings with escapes.
 */
#ifndef RT_WIRE_JSON_READ_H
#define RT_WIRE_JSON_READ_H

#include "runtime/base/arena.h"

struct rt_json_in {
    const uint8_t *start;
    const uint8_t *p;
    const uint8_t *end;
    unsigned depth;
    const char *error; /* what is wrong at `p`; static; NULL so far */
};

enum rt_json_type {
    RT_JSON_ERROR,
    RT_JSON_NULL,
    RT_JSON_FALSE,
    RT_JSON_TRUE,
    RT_JSON_NUMBER,
    RT_JSON_STRING,
    RT_JSON_ARRAY,
    RT_JSON_OBJECT
};

enum rt_json_next { RT_JSON_MORE, RT_JSON_END };

void rt_json_in_init(struct rt_json_in *in, struct rt_bytes bytes);
/* Skips white space and returns what the next value is. */
enum rt_json_type rt_json_peek(struct rt_json_in *in);
/* null, true or false, as peeked. */
bool rt_json_literal(struct rt_json_in *in, enum rt_json_type type);
/* The token's text, borrowed from the input. */
bool rt_json_number(struct rt_json_in *in, struct rt_str *ret);
/* Unescaped and well-formed UTF-8, which may hold NUL (from \u0000); borrowed from the input, or
 * in `arena` when there were escapes. */
bool rt_json_text(struct rt_json_in *in, struct rt_arena *arena, struct rt_str *ret);

/* Steps over '{' or '['. */
bool rt_json_enter(struct rt_json_in *in);
/* The next member's key, or the next item, until the closing bracket was taken; also
 * RT_JSON_END on an error. `n` counts from 0. */
enum rt_json_next rt_json_member(struct rt_json_in *in, size_t *n, struct rt_arena *arena,
                                 struct rt_str *ret_key);
enum rt_json_next rt_json_item(struct rt_json_in *in, size_t *n);

/* Steps over one value of any kind. */
bool rt_json_skip(struct rt_json_in *in, struct rt_arena *arena);
/* Only white space may be left. */
bool rt_json_finish(struct rt_json_in *in);
/* Of `p`, both from 1; columns count bytes. */
void rt_json_position(const struct rt_json_in *in, unsigned *ret_line, unsigned *ret_column);

/* True when `text` is one number of RFC 8259's grammar. */
bool rt_json_is_number(struct rt_str text);

#endif
