/*
 * JSON of single values, shared by the encoder and the transcoder. Private to runtime/wire.
 */
#ifndef RT_WIRE_JSON_WRITE_H
#define RT_WIRE_JSON_WRITE_H

#include "runtime/wire/wire.h"

void rt_json_null(struct rt_buf *out);
/* Booleans, integers, enums, decimals, times and dates; of u64 the bits. */
void rt_json_integer(const struct rt_field *field, int64_t value, struct rt_buf *out);
void rt_json_double(double value, struct rt_buf *out);
/* As rt_json_string; false when the text holds NUL or is not UTF-8. */
bool rt_json_string_checked(struct rt_str text, struct rt_buf *out);
void rt_json_bytes(struct rt_bytes bytes, struct rt_buf *out);
/* The name with its quotes and colon, and a comma in front unless it is the first. */
void rt_json_key(const struct rt_field *field, bool first, struct rt_buf *out);
/* Any value from its slot. */
void rt_json_slot(const struct rt_field *field, const void *slot, struct rt_buf *out);

#endif
