#include "runtime/wire/limits.h"
#include "runtime/wire/wire.h"

/* Bytes of JSON: any number as one would write it, and a character as two \u escapes. What is
 * larger than SIZE_CAP counts as boundless, which also bounds the walk through messages in
 * messages. */
enum { NUMBER_MAX = 64, CHARACTER_MAX = 12, PUNCTUATION = 4, SIZE_CAP = 16 << 20 };

static size_t add(size_t a, size_t b)
{
    return a > SIZE_CAP || b > SIZE_CAP - a ? SIZE_MAX : a + b;
}

static size_t times(size_t a, size_t b)
{
    size_t product;
    return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

static size_t message_size(const struct rt_message *message, unsigned depth);

static size_t enum_size(const struct rt_enum *enumeration)
{
    size_t longest = 0;
    for (size_t i = 0; i < enumeration->n_values; i++) {
        size_t len = strlen(enumeration->values[i].json);
        longest = len > longest ? len : longest;
    }
    return times(longest, CHARACTER_MAX);
}

static size_t value_size(const struct rt_field *field, unsigned depth)
{
    bool bounded = field->limits && (field->flags & RT_FIELD_HAS_MAX) && field->limits->max >= 0;
    switch ((enum rt_kind)field->kind) {
    case RT_STRING:
    case RT_PASSWORD:
    case RT_BYTES:
        return bounded ? times((size_t)field->limits->max, CHARACTER_MAX) : SIZE_MAX;
    case RT_ID:
    case RT_REF:
        return RT_WIRE_ID_BYTES_MAX * CHARACTER_MAX;
    case RT_ENUM:
        return enum_size(field->enumeration);
    case RT_MESSAGE:
        return message_size(field->message, depth + 1);
    case RT_BOOL:
    case RT_I32:
    case RT_I64:
    case RT_U32:
    case RT_U64:
    case RT_F64:
    case RT_DECIMAL:
    case RT_TIME:
    case RT_DATE:
    case RT_DURATION:
    case RT_VERSION:
        break;
    }
    return NUMBER_MAX;
}

static size_t field_size(const struct rt_field *field, unsigned depth)
{
    bool many = field->shape == RT_LIST || field->shape == RT_MAP;
    size_t size =
        field->shape == RT_MAP ? message_size(field->message, depth + 1) : value_size(field, depth);
    if (!many)
        return size;
    size_t items = field->limits ? field->limits->items_max : 0;
    return items > 0 ? times(items, add(size, PUNCTUATION)) : SIZE_MAX;
}

static size_t message_size(const struct rt_message *message, unsigned depth)
{
    size_t size = 2;
    if (depth > RT_WIRE_DEPTH_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i < message->n_fields && size < SIZE_MAX; i++) {
        size = add(size, strlen(message->fields[i].json) + 2 * PUNCTUATION);
        size = add(size, field_size(&message->fields[i], depth));
    }
    return size;
}

size_t rt_json_size_max(const struct rt_message *message)
{
    return message_size(message, 0);
}
