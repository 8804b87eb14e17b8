#include "runtime/wire/scalar.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "runtime/base/clock.h"
#include "runtime/wire/limits.h"

enum { DAY_MS = 86400000 };

static bool date_parse(struct rt_str text, int64_t *ret_days)
{
    char whole[] = "0000-00-00T00:00:00Z";
    int64_t ms = 0;
    if (text.len != RT_DATE_TEXT_LEN)
        return false;
    memcpy(whole, text.data, RT_DATE_TEXT_LEN);
    if (!rt_time_parse(rt_str(whole), &ms))
        return false;
    *ret_days = ms / DAY_MS;
    return true;
}

/* ------------------------------------------------------------------ numbers */

/* A number's digits without trailing zeros, and their power of ten. */
struct decimal {
    bool negative;
    bool too_long; /* more significant digits than a uint64_t holds */
    uint64_t digits;
    int64_t exponent;
};

/* Takes a digit in; zeros wait in `zeros` until another digit shows that they are inside. */
static void decimal_digit(struct decimal *d, unsigned digit, unsigned *zeros)
{
    if (digit == 0) {
        *zeros += d->digits != 0;
        return;
    }
    for (unsigned i = 0; i <= *zeros && !d->too_long; i++)
        d->too_long = __builtin_mul_overflow(d->digits, 10u, &d->digits);
    d->too_long = d->too_long || __builtin_add_overflow(d->digits, digit, &d->digits);
    *zeros = 0;
}

static struct decimal decimal_of(struct rt_str text)
{
    struct decimal d = {0};
    unsigned zeros = 0;
    bool fraction = false;
    size_t i = text.len > 0 && text.data[0] == '-' ? 1 : 0;
    d.negative = i == 1;
    for (; i < text.len && text.data[i] != 'e' && text.data[i] != 'E'; i++) {
        if (text.data[i] == '.') {
            fraction = true;
        } else {
            decimal_digit(&d, (unsigned)(text.data[i] - '0'), &zeros);
            d.exponent -= fraction;
        }
    }
    d.exponent += zeros;
    if (i < text.len) {
        i++;
        bool negative = text.data[i] == '-';
        i += negative || text.data[i] == '+';
        int64_t exponent = 0;
        for (; i < text.len; i++)
            if (exponent < 1000000)
                exponent = exponent * 10 + (text.data[i] - '0');
        d.exponent += negative ? -exponent : exponent;
    }
    return d;
}

int rt_number_scaled(struct rt_str text, unsigned scale, int64_t *ret)
{
    struct decimal d = decimal_of(text);
    int64_t exponent = d.exponent + scale;
    uint64_t value = d.digits;
    if (value == 0 && !d.too_long) {
        *ret = 0;
        return 0;
    }
    if (exponent < 0)
        return RT_EINVAL;
    if (d.too_long || exponent > 19)
        return RT_ETOOBIG;
    for (; exponent > 0; exponent--)
        if (__builtin_mul_overflow(value, 10u, &value))
            return RT_ETOOBIG;
    if (value > INT64_MAX)
        return RT_ETOOBIG;
    *ret = d.negative ? -(int64_t)value : (int64_t)value;
    return 0;
}

static locale_t c_locale;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* The nearest double, whatever the process's locale says about decimal points. Up to 2^53 and
 * 10^22 both operands are exact, and so the result is rounded once (Clinger 1990). */
static double number_double(struct rt_str text)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    char copy[RT_WIRE_NUMBER_BYTES_MAX + 1];
    struct decimal d = decimal_of(text);
    if (!d.too_long && d.digits <= (uint64_t)RT_WIRE_INTEGER_MAX && d.exponent >= -22 &&
        d.exponent <= 22) {
        double digits = d.negative ? -(double)d.digits : (double)d.digits;
        return d.exponent < 0 ? digits / powers[-d.exponent] : digits * powers[d.exponent];
    }
    pthread_once(&once, make_c_locale);
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return c_locale ? strtod_l(copy, NULL, c_locale) : strtod(copy, NULL);
}

/* ------------------------------------------------------------------ parsing */

void rt_scalar_wrong_type(struct rt_check *check, const struct rt_field *field)
{
    const char *noun = "a string";
    if (field->kind == RT_BOOL)
        noun = "true or false";
    else if (field->kind == RT_MESSAGE)
        noun = "an object";
    else if (field->kind == RT_DECIMAL || field->kind == RT_F64)
        noun = "a number";
    else if (rt_kind_is_integer(field->kind))
        noun = "an integer";
    rt_check_fail(check, "type", "Must be %s", noun);
}

static void scalar_string(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                          struct rt_arena *arena, void *slot)
{
    text = rt_normalise(field, text, arena);
    *(const char **)slot = rt_arena_strndup(arena, text.data, text.len);
    rt_check_value(check, field, slot);
}

static void scalar_bytes(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                         struct rt_arena *arena, void *slot)
{
    ProtobufCBinaryData bytes = {.data = rt_arena_alloc(arena, text.len + 1)};
    if (!rt_base64_decode(text, bytes.data, &bytes.len)) {
        rt_check_fail(check, "format", "Must be base64");
        return;
    }
    *(ProtobufCBinaryData *)slot = bytes;
    rt_check_value(check, field, slot);
}

static void scalar_enum(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                        void *slot)
{
    for (size_t i = 0; i < field->enumeration->n_values; i++)
        if (rt_str_eq(text, rt_str(field->enumeration->values[i].json))) {
            rt_slot_set_int(RT_ENUM, slot, field->enumeration->values[i].number);
            return;
        }
    rt_slot_set_int(RT_ENUM, slot, INT32_MIN);
    rt_check_value(check, field, slot);
}

void rt_scalar_text(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                    struct rt_arena *arena, void *slot)
{
    int64_t value = 0;
    if (text.len > 0 && memchr(text.data, 0, text.len)) {
        rt_check_fail(check, "nul", "Must not contain a NUL character");
        return;
    }
    switch (field->kind) {
    case RT_STRING:
    case RT_PASSWORD:
    case RT_ID:
    case RT_REF:
        scalar_string(check, field, text, arena, slot);
        return;
    case RT_BYTES:
        scalar_bytes(check, field, text, arena, slot);
        return;
    case RT_ENUM:
        scalar_enum(check, field, text, slot);
        return;
    case RT_TIME:
        if (!rt_time_parse(text, &value)) {
            rt_check_fail(check, "format", "Must be a time such as 2026-01-31T12:00:00.000Z");
            return;
        }
        break;
    case RT_DATE:
        if (!date_parse(text, &value)) {
            rt_check_fail(check, "format", "Must be a date such as 2026-01-31");
            return;
        }
        break;
    default:
        rt_scalar_wrong_type(check, field);
        return;
    }
    rt_slot_set_int(field->kind, slot, value);
    rt_check_value(check, field, slot);
}

void rt_scalar_number(struct rt_check *check, const struct rt_field *field, struct rt_str text,
                      void *slot)
{
    int64_t value = 0;
    if (field->kind == RT_F64) {
        *(double *)slot = number_double(text) + 0.0; /* makes -0 a 0, as protobuf does */
        rt_check_value(check, field, slot);
        return;
    }
    if (!rt_kind_is_integer(field->kind)) {
        rt_scalar_wrong_type(check, field);
        return;
    }
    unsigned scale = field->kind == RT_DECIMAL ? field->scale : 0;
    int status = rt_number_scaled(text, scale, &value);
    if (status == RT_EINVAL && scale == 0) {
        rt_check_fail(check, "type", "Must be an integer");
    } else if (status == RT_EINVAL) {
        rt_check_fail(check, "decimals", "Must have at most %u decimal%s", scale,
                      scale == 1 ? "" : "s");
    } else {
        if (status == RT_ETOOBIG)
            value = text.data[0] == '-' ? INT64_MIN : INT64_MAX;
        if (rt_check_integer(check, field, value))
            rt_slot_set_int(field->kind, slot, value);
    }
}
