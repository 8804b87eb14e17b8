/*
 * One value between its text and its slot, shared by JSON and URLs. Private to runtime/wire.
 */
#ifndef RT_WIRE_SCALAR_H
#define RT_WIRE_SCALAR_H

#include "runtime/wire/check.h"
#include "runtime/wire/text.h"

/* Parses `text` into the slot and checks the field's rules, after normalisation. `scalar_text` is
 * for kinds that JSON writes as strings, `scalar_number` for a token of JSON's number grammar.
 * Reports a violation, also when the kind is another; strings are copied into `arena`. */
void rt_scalar_text(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                    struct rt_arena *arena, void *slot);
void rt_scalar_number(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                      void *slot);
/* "Must be a string" and so on: the value is of another type than the field's. */
void rt_scalar_wrong_type(struct rt_check *check, const struct rt_field *field);

/* The exact value of a JSON number times 10^scale. RT_EINVAL: it has more decimals than that;
 * RT_ETOOBIG: it is beyond int64. */
int rt_number_scaled(struct rt_str text, unsigned scale, int64_t *ret);

#endif
