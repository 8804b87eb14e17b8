/* Constants: bounds, defaults, operands. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "codegen/check/impl.h"
#include "runtime/base/clock.h"
#include "runtime/base/format.h"
#include "runtime/base/pattern.h"
#include "runtime/base/uuid.h"

bool ts_parse_u64(struct ts_span span, uint64_t max, uint64_t *ret)
{
    uint64_t value = 0;
    struct rt_str text = rt_str_n(span.source->text + span.offset, span.len);
    if (!rt_str_to_u64(text, &value) || value > max)
        return false;
    *ret = value;
    return true;
}

bool ts_parse_duration(struct ts_span span, int64_t *ret_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1},      {"s", 1000},     {"min", 60000},
                 {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
    struct rt_str text = rt_str_n(span.source->text + span.offset, span.len);
    size_t digits = text.len > 0 && text.data[0] == '-';
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    int64_t count;
    if (!rt_str_to_i64(rt_str_n(text.data, digits), &count))
        return false;
    struct rt_str unit = rt_str_n(text.data + digits, text.len - digits);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (rt_str_eq(unit, rt_str(units[i].unit)))
            return !__builtin_mul_overflow(count, units[i].ms, ret_ms);
    return false;
}

/* Digits with a point to an integer scaled by 10^scale. */
static bool parse_decimal(struct rt_str text, uint32_t scale, int64_t *ret)
{
    char digits[32];
    size_t len = 0;
    uint32_t places = 0;
    bool point = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '.') {
            point = true;
            continue;
        }
        if (len == sizeof digits || (point && ++places > scale))
            return false;
        digits[len++] = text.data[i];
    }
    for (; places < scale; places++) {
        if (len == sizeof digits)
            return false;
        digits[len++] = '0';
    }
    return rt_str_to_i64(rt_str_n(digits, len), ret);
}

static bool parse_date(struct rt_str text, int64_t *ret_days)
{
    char time[40];
    if (text.len != 10)
        return false;
    memcpy(time, text.data, 10);
    memcpy(time + 10, "T00:00:00.000Z", 15);
    int64_t ms;
    if (!rt_time_parse(rt_str(time), &ms))
        return false;
    *ret_days = ms >= 0 ? ms / 86400000 : -((-ms + 86399999) / 86400000);
    return true;
}

/* One range for all that is written as a number, in a schema and in JSON. */
static bool is_exact(int64_t value)
{
    return value >= RT_INTEGER_MIN && value <= RT_INTEGER_MAX;
}

static bool in_i64(int64_t value, int64_t min, int64_t max)
{
    return value >= min && value <= max;
}

static bool convert_number(const struct ts_type *type, struct rt_str text, union ts_value *ret)
{
    int64_t integer = 0;
    switch (type->kind) {
    case TS_I32:
        if (!rt_str_to_i64(text, &integer) || !in_i64(integer, INT32_MIN, INT32_MAX))
            return false;
        ret->integer = integer;
        return true;
    case TS_I64:
    case TS_VERSION:
        return rt_str_to_i64(text, &ret->integer) && is_exact(ret->integer);
    case TS_U32:
        return rt_str_to_u64(text, &ret->natural) && ret->natural <= UINT32_MAX;
    case TS_U64:
        return rt_str_to_u64(text, &ret->natural) && ret->natural <= RT_INTEGER_MAX;
    case TS_DECIMAL:
        return parse_decimal(text, type->scale, &ret->integer) && is_exact(ret->integer);
    case TS_F64: {
        char digits[64];
        if (text.len >= sizeof digits)
            return false;
        memcpy(digits, text.data, text.len);
        digits[text.len] = '\0';
        ret->real = strtod(digits, NULL);
        return isfinite(ret->real) != 0;
    }
    default:
        return false;
    }
}

static bool convert_text(const struct ts_type *type, struct rt_str text, union ts_value *ret)
{
    switch (type->kind) {
    case TS_STRING:
        ret->text = text.data;
        return !memchr(text.data, '\0', text.len);
    case TS_ID:
    case TS_REF:
        ret->text = text.data;
        return rt_uuid_valid(text);
    case TS_TIME:
        return rt_time_parse(text, &ret->integer);
    case TS_DATE:
        return parse_date(text, &ret->integer);
    default:
        return false;
    }
}

/* How a constant of that kind is written, for a help line. */
static const char *sample(enum ts_kind kind)
{
    switch (kind) {
    case TS_BOOL:
        return "`true` or `false`";
    case TS_STRING:
        return "a text in quotes";
    case TS_DURATION:
        return "a duration, such as `15min`";
    case TS_TIME:
        return "a time, such as \"2026-01-31T12:00:00Z\"";
    case TS_DATE:
        return "a date, such as \"2026-01-31\"";
    case TS_ENUM:
        return "a value of the enum";
    case TS_DECIMAL:
        return "a number with at most as many digits after the point as the type has, and at most "
               "9007199254740991 without its point";
    case TS_I32:
        return "a whole number that fits into 32 bits";
    case TS_I64:
    case TS_VERSION:
        return "a whole number up to 9007199254740991, which JSON keeps exact";
    case TS_U32:
        return "a whole number that fits into 32 bits and is not negative";
    case TS_U64:
        return "a whole number from 0 to 9007199254740991, which JSON keeps exact";
    case TS_F64:
        return "a number";
    default:
        return NULL;
    }
}

static bool convert_name(struct ts_checker *c, const struct ts_type *type,
                         const struct ts_ast_value *value, union ts_value *ret, bool *ret_silent)
{
    const char *name = value->symbol->text;
    if (type->kind == TS_BOOL) {
        ret->boolean = value->symbol->keyword == TS_KW_TRUE;
        return ret->boolean || value->symbol->keyword == TS_KW_FALSE;
    }
    if (type->kind != TS_ENUM)
        return false;
    for (size_t i = 0; i < type->enumeration->n_values; i++) {
        ret->enum_value = &type->enumeration->values[i];
        if (ret->enum_value->name == name)
            return true;
    }
    *ret_silent = true;
    if (type->enumeration->incomplete)
        return false;
    struct rt_suggest suggest = rt_suggest_init(name);
    bool may_suggest = ts_may_suggest(c);
    for (size_t i = 0; may_suggest && i < type->enumeration->n_values; i++)
        rt_suggest_try(&suggest, type->enumeration->values[i].name);
    struct ts_diag *diag = ts_report(c->diags, TS_T_UNKNOWN_ENUM_VALUE, value->span,
                                     "`%s` has no value named `%s`", type->enumeration->name, name);
    ts_label(diag, type->enumeration->span, "the enum is declared here");
    ts_suggest_help(&suggest, diag);
    return false;
}

bool ts_convert_value(struct ts_checker *c, const struct ts_type *type,
                      const struct ts_ast_value *value, union ts_value *ret)
{
    struct rt_str text = rt_str_n(value->span.source->text + value->span.offset, value->span.len);
    union ts_value converted = {0};
    bool ok = false;
    bool silent = type->kind == TS_POISON;
    switch (value->kind) {
    case TS_VALUE_NUMBER:
        ok = convert_number(type, text, &converted);
        break;
    case TS_VALUE_DURATION:
        ok = type->kind == TS_DURATION && ts_parse_duration(value->span, &converted.integer) &&
             is_exact(converted.integer);
        break;
    case TS_VALUE_TEXT:
        ok = convert_text(type, rt_str_n(value->symbol->text, value->symbol->len), &converted);
        break;
    case TS_VALUE_NAME:
        ok = convert_name(c, type, value, &converted, &silent);
        break;
    }
    if (ok) {
        *ret = converted;
        return true;
    }
    if (silent)
        return false;
    struct ts_diag *diag = ts_report(c->diags, TS_T_BAD_VALUE, value->span,
                                     "this is not a value of type %s", ts_type_text(c, type));
    if (sample(type->kind) != NULL)
        ts_help(diag, "write %s", sample(type->kind));
    return false;
}

int ts_compare_values(enum ts_kind kind, union ts_value a, union ts_value b)
{
    switch (kind) {
    case TS_U32:
    case TS_U64:
        return (a.natural > b.natural) - (a.natural < b.natural);
    case TS_F64:
        return (a.real > b.real) - (a.real < b.real);
    default:
        return (a.integer > b.integer) - (a.integer < b.integer);
    }
}

static_assert((int)TS_FORMAT_EMAIL == RT_FORMAT_EMAIL && (int)TS_FORMAT_URL == RT_FORMAT_URL &&
                  (int)TS_FORMAT_UUID == RT_FORMAT_UUID && (int)TS_FORMAT_SLUG == RT_FORMAT_SLUG,
              "the formats of a schema are those of the runtime");

/* A malformed pattern has been reported and is no longer part of the type. */
static bool matches(const char *text, struct rt_str value)
{
    struct rt_pattern *pattern = NULL;
    if (rt_pattern_new(text, 1, &pattern, NULL) != 0)
        return false;
    bool fits = rt_pattern_match(pattern, value);
    rt_pattern_free(pattern);
    return fits;
}

static bool has_capital(struct rt_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] >= 'A' && text.data[i] <= 'Z')
            return true;
    return false;
}

/* A constant is used as written, so it must be what `trim` and `lower` would leave. */
static const char *broken_text(struct ts_checker *c, const struct ts_type *type, const char *value)
{
    struct rt_str text = rt_str(value);
    size_t len = rt_utf8_count(text);
    if (type->trim && rt_str_trim(text).len != text.len)
        return "it has blanks at an end, and the type is `trim`";
    if (type->lower && has_capital(text))
        return "it has capitals, and the type is `lower`";
    if (len < type->min_len)
        return rt_arena_printf(c->arena, "it has %zu characters, fewer than %u", len,
                               (unsigned)type->min_len);
    if (len > type->max_len)
        return rt_arena_printf(c->arena, "it has %zu characters, more than %u", len,
                               (unsigned)type->max_len);
    if (!rt_format_valid((enum rt_format)type->format, text))
        return rt_arena_printf(c->arena, "it is not %s",
                               rt_format_noun((enum rt_format)type->format));
    if (type->pattern && !matches(type->pattern, text))
        return rt_arena_printf(c->arena, "it does not match the pattern %s", type->pattern);
    return NULL;
}

/* Why a value breaks the constraints of its type, or NULL. */
static const char *broken_constraint(struct ts_checker *c, const struct ts_type *type,
                                     union ts_value value)
{
    if (type->has_min && ts_compare_values(type->kind, value, type->min) < 0)
        return rt_arena_printf(c->arena, "it is less than %s",
                               ts_value_text(c->arena, type, &type->min));
    if (type->has_max && ts_compare_values(type->kind, value, type->max) > 0)
        return rt_arena_printf(c->arena, "it is more than %s",
                               ts_value_text(c->arena, type, &type->max));
    return type->kind == TS_STRING ? broken_text(c, type, value.text) : NULL;
}

bool ts_check_value(struct ts_checker *c, const struct ts_type *type,
                    const struct ts_ast_value *value, union ts_value *ret)
{
    if (!ts_convert_value(c, type, value, ret))
        return false;
    const char *why = broken_constraint(c, type, *ret);
    if (!why)
        return true;
    struct ts_diag *diag = ts_report(c->diags, TS_T_VALUE_OUT_OF_RANGE, value->span,
                                     "this value breaks the constraints of its own type");
    if (type->alias)
        ts_label(diag, type->alias->span, "the type is declared here");
    ts_note(diag, "%s", why);
    return false;
}
