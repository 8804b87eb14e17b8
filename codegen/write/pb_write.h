/*
 * Protobuf bytes, field by field. A message inside a message is what is written between
 * ts_pb_begin and ts_pb_end:
 *
 *   size_t at = ts_pb_begin(out, 4);
 *   ts_pb_text(out, 1, "Order");
 *   ts_pb_end(out, at);
 *
 * Numbers that are zero and texts that are empty are written, too: the caller decides.
 * Threads: one at a time.
 */
#ifndef TS_PB_WRITE_H
#define TS_PB_WRITE_H

#include "runtime/base/buf.h"

/* Bytes of `value` as a varint, 1 to 10. */
size_t ts_pb_varint_len(uint64_t value);

void ts_pb_number(struct rt_buf *out, uint32_t field, uint64_t value);
/* Two's complement over ten bytes when negative, as int32 and int64 are written. */
void ts_pb_int(struct rt_buf *out, uint32_t field, int64_t value);
void ts_pb_double(struct rt_buf *out, uint32_t field, double value);
void ts_pb_text(struct rt_buf *out, uint32_t field, const char *text);

/* The start of a message; its end is where ts_pb_end is called with the result. */
size_t ts_pb_begin(struct rt_buf *out, uint32_t field);
void ts_pb_end(struct rt_buf *out, size_t at);

#endif
