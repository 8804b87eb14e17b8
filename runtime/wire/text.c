#include "runtime/wire/text.h"

#include "runtime/base/clock.h"

/* ------------------------------------------------------------------ numbers */

static const char digit_pairs[] = "0001020304050607080910111213141516171819"
                                  "2021222324252627282930313233343536373839"
                                  "4041424344454647484950515253545556575859"
                                  "6061626364656667686970717273747576777879"
                                  "8081828384858687888990919293949596979899";

char *rt_u64_format(uint64_t value, char *out)
{
    char text[RT_INT_TEXT_MAX];
    char *p = text + sizeof text;
    while (value >= 100) {
        p -= 2;
        memcpy(p, digit_pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        p -= 2;
        memcpy(p, digit_pairs + value * 2, 2);
    } else {
        *--p = (char)('0' + value);
    }
    size_t len = (size_t)(text + sizeof text - p);
    memcpy(out, p, len);
    return out + len;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

char *rt_i64_format(int64_t value, char *out)
{
    if (value < 0)
        *out++ = '-';
    return rt_u64_format(magnitude(value), out);
}

char *rt_decimal_format(int64_t value, unsigned scale, char *out)
{
    uint64_t power = 1;
    for (unsigned i = 0; i < scale; i++)
        power *= 10;
    if (value < 0)
        *out++ = '-';
    out = rt_u64_format(magnitude(value) / power, out);
    if (scale == 0)
        return out;
    *out++ = '.';
    uint64_t fraction = magnitude(value) % power;
    for (unsigned i = scale; i > 0; i--, fraction /= 10)
        out[i - 1] = (char)('0' + fraction % 10);
    return out + scale;
}

enum { DAY_MS = 86400000 };

char *rt_date_format(int64_t days, char *out)
{
    char text[RT_TIME_TEXT_LEN + 1];
    rt_time_format(days * DAY_MS, text);
    memcpy(out, text, RT_DATE_TEXT_LEN);
    return out + RT_DATE_TEXT_LEN;
}

/* ------------------------------------------------------------- normal forms */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct rt_str rt_normalise(const struct rt_field *field, struct rt_str text, struct rt_arena *arena)
{
    if (field->flags & RT_FIELD_TRIM)
        text = rt_str_trim(text);
    if (!(field->flags & RT_FIELD_LOWER))
        return text;
    size_t i = 0;
    while (i < text.len && lower(text.data[i]) == text.data[i])
        i++;
    if (i == text.len)
        return text;
    char *copy = rt_arena_strndup(arena, text.data, text.len);
    for (; i < text.len; i++)
        copy[i] = lower(copy[i]);
    return rt_str_n(copy, text.len);
}
