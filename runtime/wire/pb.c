/*
 * The one wrapper around libprotobuf-c. The library takes any bytes as a string, recurses as deep
 * as its input says and allocates for every item, so the input is checked before the library sees
 * it.
 */
#include "runtime/wire/limits.h"
#include "runtime/wire/pb_read.h"
#include "runtime/wire/wire.h"

/* ------------------------------------------------------------------- encode */

void rt_pb_encode(const void *message, struct rt_buf *out)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > 0)
        protobuf_c_message_pack(message, rt_buf_extend(out, size));
}

/* -------------------------------------------------------------------- check */

struct walk {
    size_t items; /* seen so far, in all messages */
    const char *problem;
    const char *field; /* where, or NULL */
};

static bool refuse(struct walk *walk, const ProtobufCFieldDescriptor *field, const char *problem)
{
    if (!walk->problem) {
        walk->problem = problem;
        walk->field = field ? field->name : NULL;
    }
    return false;
}

/* A packed list is one item on the wire and up to one value per byte in memory. */
static bool count_items(struct walk *walk, const struct rt_pb_item *item,
                        const ProtobufCFieldDescriptor *field)
{
    bool packed = field && field->label == PROTOBUF_C_LABEL_REPEATED &&
                  item->wire == RT_PB_BYTES_WIRE && field->type != PROTOBUF_C_TYPE_STRING &&
                  field->type != PROTOBUF_C_TYPE_BYTES && field->type != PROTOBUF_C_TYPE_MESSAGE;
    walk->items += 1 + (packed ? item->bytes.len : 0);
    return walk->items <= RT_WIRE_PB_FIELDS_MAX || refuse(walk, field, "too many values");
}

static bool walk_message(struct walk *walk, const ProtobufCMessageDescriptor *type,
                         struct rt_bytes in, unsigned depth)
{
    struct rt_pb_item item;
    if (depth > RT_WIRE_DEPTH_MAX)
        return refuse(walk, NULL, "messages are nested too deep");
    while (in.len > 0) {
        if (!rt_pb_next(&in, &item))
            return refuse(walk, NULL, "malformed bytes");
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(type, item.number);
        if (!count_items(walk, &item, field))
            return false;
        if (!field || item.wire != RT_PB_BYTES_WIRE)
            continue;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            if (!walk_message(walk, field->descriptor, item.bytes, depth + 1))
                return false;
        } else if (field->type == PROTOBUF_C_TYPE_STRING) {
            if (item.bytes.len > 0 && memchr(item.bytes.data, 0, item.bytes.len))
                return refuse(walk, field, "a string contains NUL");
            if (!rt_utf8_valid(rt_str_n((const char *)item.bytes.data, item.bytes.len)))
                return refuse(walk, field, "a string is not UTF-8");
        }
    }
    return true;
}

/* ------------------------------------------------------------------- decode */

static void *arena_alloc(void *data, size_t size)
{
    return rt_arena_alloc(data, size);
}

static void arena_free(void *data, void *pointer)
{
    (void)data;
    (void)pointer;
}

static ProtobufCMessage *unpack(const ProtobufCMessageDescriptor *type, struct rt_bytes in,
                                struct rt_arena *arena)
{
    ProtobufCAllocator allocator = {arena_alloc, arena_free, arena};
    return protobuf_c_message_unpack(type, &allocator, in.len, in.data);
}

int rt_pb_decode(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                 void **ret, struct rt_error *error)
{
    struct walk walk = {0};
    if (!walk_message(&walk, &type->pb, in, 1)) {
        if (walk.field)
            return rt_error_set(error, RT_EINVAL, "%s: %s (field %s)", type->name, walk.problem,
                                walk.field);
        return rt_error_set(error, RT_EINVAL, "%s: %s", type->name, walk.problem);
    }
    ProtobufCMessage *message = unpack(&type->pb, in, arena);
    if (!message)
        return rt_error_set(error, RT_EINVAL, "%s: bytes are no such message", type->name);
    *ret = message;
    return 0;
}

void *rt_message_copy(const void *message, struct rt_arena *arena)
{
    struct rt_buf bytes = {0};
    rt_pb_encode(message, &bytes);
    void *copy = unpack(&rt_message_of(message)->pb, rt_buf_bytes(&bytes), arena);
    RT_ASSERT(copy);
    rt_buf_done(&bytes);
    return copy;
}
