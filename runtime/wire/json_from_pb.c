/*
 * Stored bytes straight to JSON. Each object takes two passes: one finds the fields on the wire,
 * one writes them in the order of the schema. Only what is certain is done here; anything unusual
 * (a message given twice, a wrong wire type, a default, very many fields) is given up, and the
 * decoder and the encoder, which define the result, do the whole input again.
 */
#include "runtime/wire/check.h"
#include "runtime/wire/json_write.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/pb_read.h"

enum { FIELDS_MAX = 64 };

/* What the first pass found of one field. */
struct found {
    const uint8_t *first; /* the tag of the first item; NULL: absent */
    struct rt_pb_item item;
};

static bool write_object(const struct rt_message *type, struct rt_bytes in, unsigned depth,
                         struct rt_buf *out);

/* ------------------------------------------------------------------- fields */

/* Index into type->pb.fields; most schemas number their fields from 1 without a gap. */
static unsigned pb_index(const struct rt_message *type, uint32_t number)
{
    if (number - 1 < type->pb.n_fields && type->pb.fields[number - 1].id == number)
        return number - 1;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&type->pb, number);
    return field ? (unsigned)(field - type->pb.fields) : type->pb.n_fields;
}

/* The wire type of one value. */
static uint32_t wire_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return RT_PB_FIXED32;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return RT_PB_FIXED64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return RT_PB_BYTES_WIRE;
    default:
        return RT_PB_VARINT;
    }
}

static bool find_fields(const struct rt_message *type, struct rt_bytes in, struct found *found)
{
    memset(found, 0, type->pb.n_fields * sizeof *found);
    while (in.len > 0) {
        const uint8_t *start = in.data;
        struct rt_pb_item item;
        if (!rt_pb_next(&in, &item))
            return false;
        unsigned i = pb_index(type, item.number);
        if (i == type->pb.n_fields)
            continue;
        const ProtobufCFieldDescriptor *pb = &type->pb.fields[i];
        if (pb->label == PROTOBUF_C_LABEL_REPEATED) {
            found[i].first = found[i].first ? found[i].first : start;
            continue;
        }
        if (found[i].first || item.wire != wire_of(pb->type))
            return false;
        found[i] = (struct found){start, item};
    }
    return true;
}

/* ------------------------------------------------------------------- values */

/* As libprotobuf-c reads it: 32 bits are the low ones, signed types are zigzag. */
static int64_t integer_of(ProtobufCType type, uint64_t raw)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL:
        return raw != 0;
    case PROTOBUF_C_TYPE_SINT32:
        return (int32_t)((uint32_t)raw >> 1 ^ (0 - ((uint32_t)raw & 1)));
    case PROTOBUF_C_TYPE_SINT64:
        return (int64_t)(raw >> 1 ^ (0 - (raw & 1)));
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_ENUM:
        return (int32_t)raw;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return (uint32_t)raw;
    default:
        return (int64_t)raw;
    }
}

static bool write_value(const struct rt_field *field, const ProtobufCFieldDescriptor *pb,
                        const struct rt_pb_item *item, unsigned depth, struct rt_buf *out)
{
    double number = 0;
    switch (pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        return rt_json_string_checked(rt_str_n((const char *)item->bytes.data, item->bytes.len),
                                      out);
    case PROTOBUF_C_TYPE_BYTES:
        rt_json_bytes(item->bytes, out);
        return true;
    case PROTOBUF_C_TYPE_MESSAGE:
        return write_object(field->message, item->bytes, depth + 1, out);
    case PROTOBUF_C_TYPE_FLOAT:
        return false;
    case PROTOBUF_C_TYPE_DOUBLE:
        memcpy(&number, &item->value, sizeof number);
        rt_json_double(number, out);
        return true;
    default:
        rt_json_integer(field, integer_of(pb->type, item->value), out);
        return true;
    }
}

/* What proto3 leaves out: zeros of plain members; a message, or anything optional, is null. */
static bool write_absent(const struct rt_field *field, const ProtobufCFieldDescriptor *pb,
                         struct rt_buf *out)
{
    static const struct rt_pb_item zero;
    if (pb->default_value && pb->default_value != &protobuf_c_empty_string)
        return false;
    if (pb->label != PROTOBUF_C_LABEL_NONE || pb->type == PROTOBUF_C_TYPE_MESSAGE) {
        rt_json_null(out);
        return true;
    }
    return write_value(field, pb, &zero, 0, out);
}

/* -------------------------------------------------------------------- items */

/* One item of a list, or many when they are packed into one. */
static bool write_items(const struct rt_field *field, const ProtobufCFieldDescriptor *pb,
                        struct rt_pb_item *item, size_t *n, unsigned depth, struct rt_buf *out)
{
    uint32_t wire = wire_of(pb->type);
    if (item->wire == wire) {
        if ((*n)++ > 0)
            rt_buf_byte(out, ',');
        return write_value(field, pb, item, depth, out);
    }
    if (item->wire != RT_PB_BYTES_WIRE)
        return false;
    for (struct rt_bytes packed = item->bytes; packed.len > 0;) {
        bool ok = wire == RT_PB_VARINT
                      ? rt_pb_varint(&packed, &item->value)
                      : rt_pb_fixed(&packed, wire == RT_PB_FIXED64 ? 8 : 4, &item->value);
        if ((*n)++ > 0)
            rt_buf_byte(out, ',');
        if (!ok || !write_value(field, pb, item, depth, out))
            return false;
    }
    return true;
}

/* "key":value of a map; the key of a JSON object is a string. */
static bool write_entry(const struct rt_message *type, const struct rt_pb_item *item, size_t *n,
                        unsigned depth, struct rt_buf *out)
{
    struct found found[2];
    const struct rt_field *key = &type->fields[0];
    const struct rt_field *value = &type->fields[1];
    const ProtobufCFieldDescriptor *pb = type->pb.fields;
    if (item->wire != RT_PB_BYTES_WIRE || type->pb.n_fields != 2 ||
        !find_fields(type, item->bytes, found))
        return false;
    if ((*n)++ > 0)
        rt_buf_byte(out, ',');
    bool quote = key->kind == RT_I64 && pb[0].type == PROTOBUF_C_TYPE_INT64;
    if (!quote && pb[0].type != PROTOBUF_C_TYPE_STRING)
        return false;
    if (quote)
        rt_buf_byte(out, '"');
    if (!write_value(key, &pb[0], &found[0].item, depth, out))
        return false;
    rt_buf_puts(out, quote ? "\":" : ":");
    return found[1].first ? write_value(value, &pb[1], &found[1].item, depth, out)
                          : write_absent(value, &pb[1], out);
}

static bool write_list(const struct rt_field *field, const ProtobufCFieldDescriptor *pb,
                       const uint8_t *first, const uint8_t *end, unsigned depth, struct rt_buf *out)
{
    bool map = field->shape == RT_MAP;
    size_t n = 0;
    rt_buf_byte(out, map ? '{' : '[');
    for (struct rt_bytes in = {first, first ? (size_t)(end - first) : 0}; in.len > 0;) {
        struct rt_pb_item item;
        if (!rt_pb_next(&in, &item))
            return false;
        if (item.number != pb->id)
            continue;
        if (map ? !write_entry(field->message, &item, &n, depth + 1, out)
                : !write_items(field, pb, &item, &n, depth, out))
            return false;
    }
    rt_buf_byte(out, map ? '}' : ']');
    return true;
}

/* ------------------------------------------------------------------ objects */

/* A secret is left out, but what it holds must be well-formed all the same. */
static bool skip_secret(const ProtobufCFieldDescriptor *pb, const struct found *found)
{
    struct rt_bytes bytes = found->item.bytes;
    if (!found->first)
        return true;
    if (pb->label == PROTOBUF_C_LABEL_REPEATED || pb->type != PROTOBUF_C_TYPE_STRING)
        return false;
    return !(bytes.len > 0 && memchr(bytes.data, 0, bytes.len)) &&
           rt_utf8_valid(rt_str_n((const char *)bytes.data, bytes.len));
}

static bool write_member(const struct rt_field *field, const ProtobufCFieldDescriptor *pb,
                         const struct found *found, const uint8_t *end, unsigned depth,
                         struct rt_buf *out)
{
    if (pb->label == PROTOBUF_C_LABEL_REPEATED)
        return write_list(field, pb, found->first, end, depth, out);
    if (!found->first)
        return write_absent(field, pb, out);
    return write_value(field, pb, &found->item, depth, out);
}

static bool write_object(const struct rt_message *type, struct rt_bytes in, unsigned depth,
                         struct rt_buf *out)
{
    struct found found[FIELDS_MAX];
    bool first = true;
    if (depth > RT_WIRE_DEPTH_MAX || type->pb.n_fields > FIELDS_MAX ||
        !find_fields(type, in, found))
        return false;
    rt_buf_byte(out, '{');
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        unsigned k = pb_index(type, field->number);
        const ProtobufCFieldDescriptor *pb = &type->pb.fields[k];
        if (rt_field_secret(field)) {
            if (!skip_secret(pb, &found[k]))
                return false;
            continue;
        }
        rt_json_key(field, first, out);
        first = false;
        if (!write_member(field, pb, &found[k], in.data + in.len, depth, out))
            return false;
    }
    rt_buf_byte(out, '}');
    return true;
}

static int decode_and_encode(const struct rt_message *type, struct rt_bytes in, struct rt_buf *out)
{
    struct rt_arena arena;
    void *message = NULL;
    rt_arena_init(&arena, 0);
    int status = rt_pb_decode(type, in, &arena, &message, NULL);
    if (status == 0)
        rt_json_encode(message, out);
    rt_arena_done(&arena);
    return status;
}

int rt_json_from_pb(const struct rt_message *type, struct rt_bytes in, struct rt_buf *out)
{
    size_t start = out->len;
    if (in.len == 0)
        in.data = (const uint8_t *)"";
    /* No item is shorter than a byte, so an input of this length has not too many. */
    if (in.len <= RT_WIRE_PB_FIELDS_MAX && write_object(type, in, 1, out))
        return 0;
    out->len = start;
    return decode_and_encode(type, in, out);
}
