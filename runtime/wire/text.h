/*
 * Values as text, and texts in their normal form. Private to runtime/wire.
 */
#ifndef RT_WIRE_TEXT_H
#define RT_WIRE_TEXT_H

#include "runtime/base/arena.h"
#include "runtime/wire/message.h"

/* Trimmed and lower-cased as the flags say; borrowed from `text`, or in `arena` when a letter
 * changed. */
struct rt_str rt_normalise(const struct rt_field *field, struct rt_str text,
                           struct rt_arena *arena);

/* Texts of values; each writes at `out` and returns the end. No NUL. */
enum { RT_INT_TEXT_MAX = 24 };
char *rt_u64_format(uint64_t value, char *out);
char *rt_i64_format(int64_t value, char *out);
char *rt_decimal_format(int64_t value, unsigned scale, char *out);
enum { RT_DATE_TEXT_LEN = 10 };
char *rt_date_format(int64_t days, char *out);

#endif
