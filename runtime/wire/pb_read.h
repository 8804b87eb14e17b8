/*
 * Steps through protobuf bytes without building anything. Private to runtime/wire.
 *
 *   message = *( tag value )        tag = varint( number << 3 | wire )
 *   value   = varint (wire 0) / 8 bytes (1) / varint length, then so many bytes (2) / 4 bytes (5)
 */
#ifndef RT_WIRE_PB_READ_H
#define RT_WIRE_PB_READ_H

#include "runtime/base/str.h"

enum rt_pb_wire { RT_PB_VARINT = 0, RT_PB_FIXED64 = 1, RT_PB_BYTES_WIRE = 2, RT_PB_FIXED32 = 5 };

struct rt_pb_item {
    uint32_t number;
    uint32_t wire;
    uint64_t value;        /* of all but bytes */
    struct rt_bytes bytes; /* of bytes, borrowed */
};

static inline bool rt_pb_varint(struct rt_bytes *in, uint64_t *ret)
{
    uint64_t value = 0;
    size_t len = in->len < 10 ? in->len : 10;
    for (size_t i = 0; i < len; i++) {
        value |= (uint64_t)(in->data[i] & 0x7F) << (7 * i);
        if (in->data[i] < 0x80) {
            if (i == 9 && in->data[i] > 1)
                return false; /* beyond 64 bits */
            in->data += i + 1;
            in->len -= i + 1;
            *ret = value;
            return true;
        }
    }
    return false;
}

static inline bool rt_pb_fixed(struct rt_bytes *in, size_t size, uint64_t *ret)
{
    if (in->len < size)
        return false;
    *ret = 0;
    for (size_t i = 0; i < size; i++)
        *ret |= (uint64_t)in->data[i] << (8 * i);
    in->data += size;
    in->len -= size;
    return true;
}

/* Takes one item off the front; false when it is malformed. */
static inline bool rt_pb_next(struct rt_bytes *in, struct rt_pb_item *ret)
{
    uint64_t tag = 0;
    uint64_t len = 0;
    if (!rt_pb_varint(in, &tag) || tag > UINT32_MAX || tag < 8)
        return false;
    ret->number = (uint32_t)tag >> 3;
    ret->wire = tag & 7;
    switch (ret->wire) {
    case RT_PB_VARINT:
        return rt_pb_varint(in, &ret->value);
    case RT_PB_FIXED64:
        return rt_pb_fixed(in, 8, &ret->value);
    case RT_PB_FIXED32:
        return rt_pb_fixed(in, 4, &ret->value);
    case RT_PB_BYTES_WIRE:
        if (!rt_pb_varint(in, &len) || len > in->len)
            return false;
        ret->bytes = (struct rt_bytes){in->data, (size_t)len};
        in->data += len;
        in->len -= (size_t)len;
        return true;
    default:
        return false;
    }
}

#endif
