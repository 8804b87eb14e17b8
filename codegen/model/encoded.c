#include "codegen/model/encoded.h"

#include "codegen/write/pb_write.h"

/* As the runtime has them: wire/limits.h says why. */
enum { ID_BYTES_MAX = 64, CODE_POINT_BYTES_MAX = 4, NEGATIVE_BYTES = 10 };
#define INTEGER_MAX ((UINT64_C(1) << 53) - 1)
/* Far beyond any event; sums and products of smaller numbers cannot overflow. */
#define SIZE_MAX_COUNTED (UINT64_C(1) << 40)
/* Messages within messages may branch: more fields than this are practically unbounded. */
enum { FIELDS_MAX = 100000 };

static uint64_t add(uint64_t a, uint64_t b)
{
    if (a > SIZE_MAX_COUNTED || b > SIZE_MAX_COUNTED)
        return TS_ENCODED_UNBOUNDED;
    return a + b;
}

static uint64_t times(uint64_t count, uint64_t size)
{
    if (size > SIZE_MAX_COUNTED || (size > 0 && count > SIZE_MAX_COUNTED / size))
        return TS_ENCODED_UNBOUNDED;
    return count * size;
}

/* With its length in front. */
static uint64_t prefixed(uint64_t len)
{
    return add(ts_pb_varint_len(len), len);
}

static uint64_t text_max(uint32_t len, uint64_t unit)
{
    return len == TS_UNBOUNDED ? TS_ENCODED_UNBOUNDED : prefixed(times(len, unit));
}

static uint64_t enum_max(const struct ts_enum *enumeration)
{
    uint64_t max = 0;
    for (size_t i = 0; i < enumeration->n_values; i++)
        if (enumeration->values[i].number > max)
            max = enumeration->values[i].number;
    return ts_pb_varint_len(max);
}

/* Of the kinds that are signed: what is below zero takes all ten bytes. */
static uint64_t signed_max(const struct ts_type *type)
{
    bool natural = type->kind == TS_VERSION || (type->has_min && type->min.integer >= 0);
    if (!natural)
        return NEGATIVE_BYTES;
    uint64_t max = type->kind == TS_I32 || type->kind == TS_DATE ? INT32_MAX : INTEGER_MAX;
    if (type->has_max && (uint64_t)type->max.integer < max)
        max = (uint64_t)type->max.integer;
    return ts_pb_varint_len(max);
}

static uint64_t unsigned_max(const struct ts_type *type)
{
    uint64_t max = type->kind == TS_U32 ? UINT32_MAX : INTEGER_MAX;
    if (type->has_max && type->max.natural < max)
        max = type->max.natural;
    return ts_pb_varint_len(max);
}

static uint64_t message_max(const struct ts_message *message, unsigned *fields);

/* One value without its tag. */
static uint64_t value_max(const struct ts_type *type, unsigned *fields)
{
    switch (type->kind) {
    case TS_BOOL:
        return 1;
    case TS_F64:
        return sizeof(double);
    case TS_U32:
    case TS_U64:
        return unsigned_max(type);
    case TS_ENUM:
        return enum_max(type->enumeration);
    case TS_ID:
    case TS_REF:
        return prefixed(ID_BYTES_MAX);
    case TS_STRING:
        return text_max(type->max_len, CODE_POINT_BYTES_MAX);
    case TS_BYTES:
    case TS_PASSWORD:
        return text_max(type->max_len, 1);
    case TS_MESSAGE:
        return prefixed(message_max(type->message, fields));
    default:
        return signed_max(type);
    }
}

static bool is_packed(const struct ts_type *type)
{
    return type->kind != TS_STRING && type->kind != TS_BYTES && type->kind != TS_MESSAGE &&
           type->kind != TS_ID && type->kind != TS_REF && type->kind != TS_PASSWORD;
}

static uint64_t field_max(const struct ts_field *field, unsigned *fields)
{
    const struct ts_type *type = &field->type;
    uint64_t tag = ts_pb_varint_len((uint64_t)field->number << 3);
    uint64_t value = value_max(type, fields);
    if (type->shape == TS_ONE)
        return add(tag, value);
    if (type->max_items == TS_UNBOUNDED)
        return TS_ENCODED_UNBOUNDED;
    if (type->shape == TS_MAP) {
        uint64_t key = add(1, text_max(type->key_max_len, CODE_POINT_BYTES_MAX));
        return times(type->max_items, add(tag, prefixed(add(key, add(1, value)))));
    }
    if (is_packed(type))
        return add(tag, prefixed(times(type->max_items, value)));
    return times(type->max_items, add(tag, value));
}

static uint64_t message_max(const struct ts_message *message, unsigned *fields)
{
    uint64_t sum = 0;
    if (message->bytes_max > 0)
        return message->bytes_max;
    for (size_t i = 0; i < message->n_fields && sum != TS_ENCODED_UNBOUNDED; i++) {
        if (++*fields > FIELDS_MAX)
            return TS_ENCODED_UNBOUNDED;
        sum = add(sum, field_max(&message->fields[i], fields));
    }
    return sum;
}

uint64_t ts_encoded_max(const struct ts_message *message)
{
    unsigned fields = 0;
    return message_max(message, &fields);
}
