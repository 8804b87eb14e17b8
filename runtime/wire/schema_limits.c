/* What schema.proto says of fields and enums, put onto the tables. */
#include <math.h>

#include "runtime/base/pattern.h"
#include "runtime/base/schema_numbers.h"
#include "runtime/wire/check.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/schema_impl.h"

/* By number in schema.proto: the kind, and the one that its type in the descriptor has to be. */
static const struct {
    uint8_t kind;
    uint8_t base;
} kinds[] = {
    {0, 0},
    [RT_SYS_KIND_DECIMAL] = {RT_DECIMAL, RT_I64},
    [RT_SYS_KIND_ID] = {RT_ID, RT_STRING},
    [RT_SYS_KIND_REF] = {RT_REF, RT_STRING},
    [RT_SYS_KIND_TIME] = {RT_TIME, RT_I64},
    [RT_SYS_KIND_DATE] = {RT_DATE, RT_I32},
    [RT_SYS_KIND_DURATION] = {RT_DURATION, RT_I64},
    [RT_SYS_KIND_PASSWORD] = {RT_PASSWORD, RT_STRING},
    [RT_SYS_KIND_VERSION] = {RT_VERSION, RT_I64},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* What one tessera.Field says. */
struct said {
    uint32_t kind;
    uint8_t scale;
    uint16_t flags;
    struct rt_limits limits;
    bool has_f64;
    bool has_integer;
};

static void said_flag(struct rt_schema_load *load, const struct rt_pb_item *item, struct said *said)
{
    static const uint16_t flags[] = {[RT_SYS_FIELD_TRIM] = RT_FIELD_TRIM,
                                     [RT_SYS_FIELD_LOWER] = RT_FIELD_LOWER,
                                     [RT_SYS_FIELD_SECRET] = RT_FIELD_SECRET,
                                     [RT_SYS_FIELD_UNIQUE_ITEMS] = RT_FIELD_UNIQUE_ITEMS,
                                     [RT_SYS_FIELD_EMBED] = RT_FIELD_EMBED};
    if (rt_schema_number(load, item, 1) == 1)
        said->flags |= flags[item->number];
}

static void said_double(struct rt_schema_load *load, const struct rt_pb_item *item, uint16_t flag,
                        struct said *said, double *ret)
{
    if (item->wire != RT_PB_FIXED64)
        rt_schema_fail(load, "a bound is no number");
    memcpy(ret, &item->value, sizeof *ret);
    said->flags |= flag;
    said->has_f64 = true;
}

static void said_bound(struct rt_schema_load *load, const struct rt_pb_item *item, uint16_t flag,
                       struct said *said, int64_t *ret)
{
    *ret = (int64_t)rt_schema_number(load, item, UINT64_MAX);
    said->flags |= flag;
    said->has_integer = true;
}

static void said_item(struct rt_schema_load *load, const struct rt_pb_item *item, struct said *said)
{
    struct rt_limits *limits = &said->limits;
    switch (item->number) {
    case RT_SYS_FIELD_KIND:
        said->kind = (uint32_t)rt_schema_number(load, item, KIND_COUNT - 1);
        break;
    case RT_SYS_FIELD_SCALE:
        said->scale = (uint8_t)rt_schema_number(load, item, RT_SCHEMA_SCALE_MAX);
        break;
    case RT_SYS_FIELD_TRIM:
    case RT_SYS_FIELD_LOWER:
    case RT_SYS_FIELD_SECRET:
    case RT_SYS_FIELD_UNIQUE_ITEMS:
    case RT_SYS_FIELD_EMBED:
        said_flag(load, item, said);
        break;
    case RT_SYS_FIELD_MIN:
        said_bound(load, item, RT_FIELD_HAS_MIN, said, &limits->min);
        break;
    case RT_SYS_FIELD_MAX:
        said_bound(load, item, RT_FIELD_HAS_MAX, said, &limits->max);
        break;
    case RT_SYS_FIELD_MIN_F64:
        said_double(load, item, RT_FIELD_HAS_MIN, said, &limits->min_f64);
        break;
    case RT_SYS_FIELD_MAX_F64:
        said_double(load, item, RT_FIELD_HAS_MAX, said, &limits->max_f64);
        break;
    case RT_SYS_FIELD_ITEMS_MIN:
        limits->items_min = (uint32_t)rt_schema_number(load, item, UINT32_MAX);
        break;
    case RT_SYS_FIELD_ITEMS_MAX:
        limits->items_max = (uint32_t)rt_schema_number(load, item, UINT32_MAX);
        break;
    case RT_SYS_FIELD_FORMAT:
        limits->format = (enum rt_format)rt_schema_number(load, item, RT_FORMAT_SLUG);
        break;
    case RT_SYS_FIELD_PATTERN:
        limits->pattern = rt_schema_text(load, item);
        break;
    default:
        break;
    }
}

/* ---------------------------------------------------------------- coherence */

/* Why such a field cannot have what was said, or NULL. `kind` is the refined one. */
static const char *incoherent(const struct rt_field *field, uint8_t kind, const struct said *said,
                              struct rt_error *error)
{
    const struct rt_limits *limits = &said->limits;
    bool text = kind == RT_STRING || kind == RT_PASSWORD;
    bool lengths = text || kind == RT_BYTES;
    bool integer = rt_kind_is_integer(kind) || kind == RT_TIME || kind == RT_DATE;
    bool many = field->shape == RT_LIST || field->shape == RT_MAP;
    bool both = (said->flags & RT_FIELD_RANGE) == RT_FIELD_RANGE;
    if (said->scale > 0 && kind != RT_DECIMAL)
        return "only a decimal has a scale";
    if ((said->flags & (RT_FIELD_TRIM | RT_FIELD_LOWER)) && !text)
        return "only text is trimmed or lower-cased";
    if ((said->flags & RT_FIELD_UNIQUE_ITEMS) && field->shape != RT_LIST)
        return "only a list has unique items";
    if ((said->flags & RT_FIELD_EMBED) && (kind != RT_MESSAGE || many))
        return "only a message stands for a ref";
    if ((said->has_integer && !integer && !lengths) || (said->has_f64 && kind != RT_F64))
        return "its kind has no such bounds";
    if (lengths && (limits->min < 0 || limits->max < 0))
        return "a length is negative";
    if (said->has_f64 && (!isfinite(limits->min_f64) || !isfinite(limits->max_f64)))
        return "a bound is not finite";
    if (both && (said->has_f64 ? limits->min_f64 > limits->max_f64 : limits->min > limits->max))
        return "its range is empty";
    if ((limits->items_min > 0 || limits->items_max > 0) && !many)
        return "only a list or map has a number of items";
    if (limits->items_max > 0 && limits->items_min > limits->items_max)
        return "its number of items is an empty range";
    if ((limits->format != RT_FORMAT_NONE || limits->pattern) && kind != RT_STRING)
        return "only text has a format or pattern";
    if (limits->pattern && limits->max > UINT32_MAX)
        return "its texts are too long for a pattern";
    if (limits->pattern && rt_pattern_check(limits->pattern, (uint32_t)limits->max, error) != 0)
        return error->message;
    return NULL;
}

/* ----------------------------------------------------------------- messages */

static bool has_limits(const struct said *said)
{
    const struct rt_limits *limits = &said->limits;
    return (said->flags & RT_FIELD_RANGE) || limits->items_min > 0 || limits->items_max > 0 ||
           limits->format != RT_FORMAT_NONE || limits->pattern;
}

static void limit_field(struct rt_schema_load *load, const struct rt_schema_type *type,
                        struct rt_bytes in)
{
    struct said said = {0};
    struct rt_pb_item item;
    struct rt_field *field = NULL;
    struct rt_error error;
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_SYS_FIELD_NUMBER)
            field = rt_schema_field(type, rt_schema_number(load, &item, UINT32_MAX));
        else
            said_item(load, &item, &said);
    }
    if (!field)
        rt_schema_fail(load, "%s: limits of a field that is not there", type->full_name);
    if (rt_schema_failed(load))
        return;
    uint8_t kind = said.kind > 0 ? kinds[said.kind].kind : field->kind;
    if (said.limits.pattern && !(said.flags & RT_FIELD_HAS_MAX)) {
        said.limits.max = RT_PATTERN_TEXT_MAX;
        said.flags |= RT_FIELD_HAS_MAX;
    }
    const char *why = incoherent(field, kind, &said, &error);
    if (said.kind > 0 && kinds[said.kind].base != field->kind)
        why = "its type is not that of its kind";
    if (why) {
        rt_schema_fail(load, "%s.%s: %s", type->full_name, field->name, why);
        return;
    }
    field->kind = kind;
    field->scale = said.scale;
    field->flags = said.flags;
    if (has_limits(&said))
        field->limits = rt_arena_copy(&load->schema->arena, &said.limits, sizeof said.limits);
}

void rt_schema_limit_message(struct rt_schema_load *load, struct rt_bytes in)
{
    struct rt_bytes rest = in;
    struct rt_pb_item item;
    const struct rt_schema_type *type = NULL;
    while (rt_schema_next(load, &rest, &item))
        if (item.number == RT_SYS_MESSAGE_NAME)
            type = rt_schema_type(load->schema, rt_str(rt_schema_text(load, &item)));
    if (!type)
        rt_schema_fail(load, "limits of a message that is not there");
    while (rt_schema_next(load, &in, &item))
        if (item.number == RT_SYS_MESSAGE_FIELD) {
            rt_schema_count(load);
            limit_field(load, type, rt_schema_bytes(load, &item));
        }
    /* The key of a map stays plain text. */
    if (type && type->map_entry && !rt_schema_failed(load) && type->fields[0].kind != RT_STRING)
        rt_schema_fail(load, "%s: a key is plain text", type->full_name);
}
