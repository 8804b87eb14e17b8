#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/clock.h"
#include "runtime/wire/check.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/pattern.h"
#include "runtime/wire/text.h"

/* ----------------------------------------------------------------- integers */

enum { DAY_MS = 86400000 };

void rt_field_bounds(const struct rt_field *field, int64_t *ret_min, int64_t *ret_max)
{
    int64_t min = RT_WIRE_INTEGER_MIN;
    int64_t max = RT_WIRE_INTEGER_MAX;
    switch (field->kind) {
    case RT_I32:
        min = INT32_MIN;
        max = INT32_MAX;
        break;
    case RT_U32:
        min = 0;
        max = UINT32_MAX;
        break;
    case RT_U64:
    case RT_VERSION:
        min = 0;
        break;
    case RT_TIME:
        min = RT_TIME_MIN_MS;
        max = RT_TIME_MAX_MS;
        break;
    case RT_DATE:
        min = RT_TIME_MIN_MS / DAY_MS;
        max = RT_TIME_MAX_MS / DAY_MS;
        break;
    default:
        break;
    }
    if ((field->flags & RT_FIELD_HAS_MIN) && field->limits->min > min)
        min = field->limits->min;
    if ((field->flags & RT_FIELD_HAS_MAX) && field->limits->max < max)
        max = field->limits->max;
    *ret_min = min;
    *ret_max = max;
}

static const char *bound_text(const struct rt_field *field, int64_t bound,
                              char out[RT_TIME_TEXT_LEN + 1])
{
    char *end = out;
    if (field->kind == RT_TIME) {
        rt_time_format(bound, out);
        return out;
    }
    if (field->kind == RT_DATE)
        end = rt_date_format(bound, out);
    else
        end = rt_decimal_format(bound, field->kind == RT_DECIMAL ? field->scale : 0, out);
    *end = '\0';
    return out;
}

bool rt_check_integer(struct rt_check *check, const struct rt_field *field, int64_t value)
{
    if (value == 0 && check->path->may_be_unset)
        return true;
    char text[RT_TIME_TEXT_LEN + 1];
    int64_t min = 0;
    int64_t max = 0;
    rt_field_bounds(field, &min, &max);
    if (value < min)
        rt_check_fail(check, "min", "Must be at least %s", bound_text(field, min, text));
    else if (value > max)
        rt_check_fail(check, "max", "Must be at most %s", bound_text(field, max, text));
    return value >= min && value <= max;
}

static void check_double(struct rt_check *check, const struct rt_field *field, double value)
{
    if (!isfinite(value))
        rt_check_fail(check, "finite", "Must be a finite number");
    else if ((field->flags & RT_FIELD_HAS_MIN) && value < field->limits->min_f64)
        rt_check_fail(check, "min", "Must be at least %.15g", field->limits->min_f64);
    else if ((field->flags & RT_FIELD_HAS_MAX) && value > field->limits->max_f64)
        rt_check_fail(check, "max", "Must be at most %.15g", field->limits->max_f64);
}

/* ------------------------------------------------------------------- counts */

struct unit {
    const char *rule;
    const char *verb;
    const char *one;
    const char *many;
};

static const struct unit characters = {"length", "be", "character", "characters"};
static const struct unit bytes = {"length", "be", "byte", "bytes"};
static const struct unit list_items = {"items", "have", "item", "items"};
static const struct unit map_items = {"items", "have", "entry", "entries"};

/* "Must be 1 to 200 characters"; a negative `max` is none. */
static bool check_count(struct rt_check *check, const struct unit *unit, int64_t n, int64_t min,
                        int64_t max)
{
    if (n >= min && (max < 0 || n <= max))
        return true;
    long long low = min;
    long long high = max;
    if (min > 0 && max > min)
        rt_check_fail(check, unit->rule, "Must %s %lld to %lld %s", unit->verb, low, high,
                      unit->many);
    else if (max >= 0)
        rt_check_fail(check, unit->rule, "Must %s %s %lld %s", unit->verb,
                      min == max && min > 0 ? "exactly" : "at most", high,
                      max == 1 ? unit->one : unit->many);
    else
        rt_check_fail(check, unit->rule, "Must %s at least %lld %s", unit->verb, low,
                      min == 1 ? unit->one : unit->many);
    return false;
}

static int64_t length_min(const struct rt_field *field)
{
    return field->flags & RT_FIELD_HAS_MIN ? field->limits->min : 0;
}

static int64_t length_max(const struct rt_field *field)
{
    return field->flags & RT_FIELD_HAS_MAX ? field->limits->max : -1;
}

/* ------------------------------------------------------------------ strings */

static void check_string(struct rt_check *check, const struct rt_field *field, const char *text)
{
    struct rt_str s = rt_str(text);
    const struct rt_limits *limits = field->limits;
    if (!rt_utf8_valid(s)) {
        rt_check_fail(check, "utf8", "Must be UTF-8");
        return;
    }
    if (field->kind == RT_ID || field->kind == RT_REF) {
        check_count(check, &bytes, (int64_t)s.len, 1, RT_WIRE_ID_BYTES_MAX);
        return;
    }
    if (!limits)
        return;
    if (!check_count(check, &characters, (int64_t)rt_utf8_count(s), length_min(field),
                     length_max(field)))
        return;
    if (!rt_format_valid(limits->format, s))
        rt_check_fail(check, "format", "Must be %s", rt_format_noun(limits->format));
    if (limits->pattern && !rt_pattern_matches(limits->pattern, s))
        rt_check_fail(check, "pattern", "Must match the pattern %s", limits->pattern);
}

static void check_enum(struct rt_check *check, const struct rt_field *field, int64_t number)
{
    enum { SHOWN_MAX = 20 };
    const struct rt_enum *e = field->enumeration;
    for (size_t i = 0; i < e->n_values; i++)
        if (e->values[i].number == number)
            return;
    if (number == 0) {
        rt_check_fail(check, "required", "Is required");
        return;
    }
    struct rt_buf names = {0};
    for (size_t i = 0; i < e->n_values && i < SHOWN_MAX; i++) {
        rt_buf_puts(&names, i == 0 ? "" : ", ");
        rt_buf_puts(&names, e->values[i].json);
    }
    if (e->n_values > SHOWN_MAX)
        rt_buf_puts(&names, ", ...");
    rt_check_fail(check, "enum", "Must be one of %s", rt_buf_cstr(&names));
    rt_buf_done(&names);
}

static bool is_zero(const struct rt_field *field, const void *slot)
{
    static const char zeros[sizeof(ProtobufCBinaryData)];
    if (rt_kind_is_string(field->kind)) {
        const char *text = *(const char *const *)slot;
        return !text || *text == '\0';
    }
    if (field->kind == RT_BYTES)
        return ((const ProtobufCBinaryData *)slot)->len == 0;
    return memcmp(slot, zeros, rt_kind_size(field->kind)) == 0;
}

void rt_check_value(struct rt_check *check, const struct rt_field *field, const void *slot)
{
    if (check->path->may_be_unset && is_zero(field, slot))
        return;
    switch (field->kind) {
    case RT_BOOL:
        break;
    case RT_F64:
        check_double(check, field, *(const double *)slot);
        break;
    case RT_U64: {
        uint64_t value = *(const uint64_t *)slot;
        rt_check_integer(check, field, value > INT64_MAX ? INT64_MAX : (int64_t)value);
        break;
    }
    case RT_STRING:
    case RT_PASSWORD:
    case RT_ID:
    case RT_REF: {
        const char *text = *(const char *const *)slot;
        check_string(check, field, text ? text : "");
        break;
    }
    case RT_BYTES:
        check_count(check, &bytes, (int64_t)((const ProtobufCBinaryData *)slot)->len,
                    length_min(field), length_max(field));
        break;
    case RT_ENUM:
        check_enum(check, field, rt_slot_int(RT_ENUM, slot));
        break;
    case RT_MESSAGE:
        if (!*(const void *const *)slot)
            rt_check_fail(check, "required", "Is required");
        break;
    default:
        rt_check_integer(check, field, rt_slot_int(field->kind, slot));
        break;
    }
}

/* -------------------------------------------------------------------- items */

static struct rt_bytes item_bytes(const struct rt_field *field, const void *slot,
                                  struct rt_arena *arena)
{
    if (rt_kind_is_string(field->kind))
        return rt_str_bytes(rt_str(*(const char *const *)slot));
    if (field->kind == RT_BYTES) {
        const ProtobufCBinaryData *data = slot;
        return rt_bytes(data->data, data->len);
    }
    if (field->kind == RT_MESSAGE) {
        struct rt_buf buf = {0};
        rt_pb_encode(*(const void *const *)slot, &buf);
        void *copy = rt_arena_copy(arena, buf.data, buf.len);
        size_t len = buf.len;
        rt_buf_done(&buf);
        return rt_bytes(copy, len);
    }
    return rt_bytes(slot, rt_kind_size(field->kind));
}

static int compare_bytes(const void *a, const void *b)
{
    return rt_bytes_cmp(*(const struct rt_bytes *)a, *(const struct rt_bytes *)b);
}

static bool items_repeat(const struct rt_field *field, size_t n, const void *items,
                         struct rt_arena *arena)
{
    bool repeat = false;
    size_t size = rt_kind_size(field->kind);
    struct rt_arena_mark mark = rt_arena_mark(arena);
    struct rt_bytes *values = RT_ARENA_ARRAY(arena, n, struct rt_bytes);
    for (size_t i = 0; i < n; i++)
        values[i] = item_bytes(field, (const char *)items + i * size, arena);
    qsort(values, n, sizeof *values, compare_bytes);
    for (size_t i = 1; i < n && !repeat; i++)
        repeat = rt_bytes_eq(values[i - 1], values[i]);
    rt_arena_rewind(arena, mark);
    return repeat;
}

static bool keys_repeat(const struct rt_field *field, size_t n, const void *items,
                        struct rt_arena *arena)
{
    const struct rt_field *key = &field->message->fields[0];
    const void *const *entries = items;
    size_t size = rt_kind_size(key->kind);
    struct rt_arena_mark mark = rt_arena_mark(arena);
    char *keys = rt_arena_array(arena, n, size);
    for (size_t i = 0; i < n; i++)
        memcpy(keys + i * size, rt_member(key, entries[i]), size);
    bool repeat = items_repeat(key, n, keys, arena);
    rt_arena_rewind(arena, mark);
    return repeat;
}

void rt_check_items(struct rt_check *check, const struct rt_field *field, size_t n,
                    const void *items, bool values_valid)
{
    if (n == 0 && check->path->may_be_unset)
        return;
    uint32_t min = field->limits ? field->limits->items_min : 0;
    uint32_t max = field->limits ? field->limits->items_max : 0;
    if (!check_count(check, field->shape == RT_MAP ? &map_items : &list_items, (int64_t)n, min,
                     max > 0 ? max : RT_WIRE_ITEMS_MAX))
        return;
    if (!values_valid || n < 2)
        return;
    if (field->shape == RT_MAP) {
        if (keys_repeat(field, n, items, check->violations->arena))
            rt_check_fail(check, "unique", "Must not have a key twice");
    } else if ((field->flags & RT_FIELD_UNIQUE_ITEMS) &&
               items_repeat(field, n, items, check->violations->arena)) {
        rt_check_fail(check, "unique", "Must not have an item twice");
    }
}

/* ----------------------------------------------------------------- messages */

static void validate_message(struct rt_check *check, void *message, bool embedded, unsigned depth);

static void normalise_slot(struct rt_check *check, const struct rt_field *field, void *slot)
{
    const char *text = rt_kind_is_string(field->kind) ? *(const char **)slot : NULL;
    struct rt_arena *arena = check->violations->arena;
    if (!text || !(field->flags & (RT_FIELD_TRIM | RT_FIELD_LOWER)))
        return;
    struct rt_str result = rt_normalise(field, rt_str(text), arena);
    if (result.data == text && result.len == strlen(text))
        return;
    *(const char **)slot = rt_arena_strndup(arena, result.data, result.len);
}

static void validate_value(struct rt_check *check, const struct rt_field *field, void *slot,
                           unsigned depth)
{
    normalise_slot(check, field, slot);
    rt_check_value(check, field, slot);
    if (field->kind == RT_MESSAGE && *(void **)slot)
        validate_message(check, *(void **)slot, field->flags & RT_FIELD_EMBED, depth + 1);
}

static void validate_items(struct rt_check *check, const struct rt_field *field, void *message,
                           unsigned depth)
{
    size_t before = check->violations->count;
    size_t n = rt_member_count(field, message);
    char *items = *(char **)((char *)message + field->offset);
    size_t size = rt_item_size(field);
    const struct rt_path *up = check->path;
    for (size_t i = 0; i < n && i < RT_WIRE_ITEMS_MAX; i++) {
        struct rt_path path = {.up = up, .index = i};
        char key_text[RT_INT_TEXT_MAX + 1];
        check->path = &path;
        if (field->shape == RT_LIST) {
            validate_value(check, field, items + i * size, depth);
        } else {
            void *entry = ((void **)(void *)items)[i];
            path.key = rt_map_key_text(&field->message->fields[0], entry, key_text);
            for (size_t k = 0; k < 2; k++)
                validate_value(check, &field->message->fields[k],
                               (char *)entry + field->message->fields[k].offset, depth + 1);
        }
    }
    check->path = up;
    rt_check_items(check, field, n, items, check->violations->count == before);
}

static void validate_message(struct rt_check *check, void *message, bool embedded, unsigned depth)
{
    const struct rt_message *type = rt_message_of(message);
    const struct rt_path *up = check->path;
    size_t before = check->violations->count;
    if (depth > RT_WIRE_DEPTH_MAX) {
        rt_check_fail(check, "depth", "Is nested too deep");
        return;
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        struct rt_path path = {.up = up, .name = field->json, .may_be_unset = embedded && i > 0};
        check->path = &path;
        if (field->shape == RT_LIST || field->shape == RT_MAP)
            validate_items(check, field, message, depth);
        else if (field->shape == RT_ONE || rt_member_present(field, message))
            validate_value(check, field, (char *)message + field->offset, depth);
    }
    check->path = up;
    if (!embedded)
        rt_check_rules(check, message, before);
}

bool rt_validate(void *message, struct rt_violations *violations)
{
    struct rt_check check = {.violations = violations};
    size_t before = violations->count;
    validate_message(&check, message, false, 1);
    return violations->count == before;
}
