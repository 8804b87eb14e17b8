#include "codegen/write/pb_write.h"

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 };

size_t ts_pb_varint_len(uint64_t value)
{
    size_t len = 1;
    while ((value >>= 7) > 0)
        len++;
    return len;
}

static void put_varint(struct rt_buf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        rt_buf_byte(out, (uint8_t)(value | 0x80));
    rt_buf_byte(out, (uint8_t)value);
}

static void put_tag(struct rt_buf *out, uint32_t field, unsigned wire)
{
    put_varint(out, (uint64_t)field << 3 | wire);
}

void ts_pb_number(struct rt_buf *out, uint32_t field, uint64_t value)
{
    put_tag(out, field, WIRE_VARINT);
    put_varint(out, value);
}

void ts_pb_int(struct rt_buf *out, uint32_t field, int64_t value)
{
    ts_pb_number(out, field, (uint64_t)value);
}

void ts_pb_double(struct rt_buf *out, uint32_t field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_tag(out, field, WIRE_FIXED64);
    for (unsigned i = 0; i < 8; i++)
        rt_buf_byte(out, (uint8_t)(bits >> (8 * i)));
}

void ts_pb_text(struct rt_buf *out, uint32_t field, const char *text)
{
    put_tag(out, field, WIRE_BYTES);
    put_varint(out, strlen(text));
    rt_buf_puts(out, text);
}

size_t ts_pb_begin(struct rt_buf *out, uint32_t field)
{
    put_tag(out, field, WIRE_BYTES);
    return out->len;
}

/* The length goes in front of what is there by now. */
void ts_pb_end(struct rt_buf *out, size_t at)
{
    size_t len = out->len - at;
    size_t room = ts_pb_varint_len(len);
    rt_buf_extend(out, room);
    memmove(out->data + at + room, out->data + at, len);
    out->len = at;
    put_varint(out, len);
    out->len += len;
}
