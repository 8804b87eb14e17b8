#include "runtime/base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t rt_clock_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t rt_clock_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. The algorithms are Howard
 * Hinnant's "chrono-Compatible Low-Level Date Algorithms". */
static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t days, int64_t *y, int64_t *m, int64_t *d)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = yoe + era * 400 + (*m <= 2);
}

static char *put_digits(char *p, int64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        p[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return p + digits;
}

void rt_time_format(int64_t ms, char out[RT_TIME_TEXT_LEN + 1])
{
    if (ms < RT_TIME_MIN_MS)
        ms = RT_TIME_MIN_MS;
    if (ms > RT_TIME_MAX_MS)
        ms = RT_TIME_MAX_MS;
    int64_t days = ms / 86400000;
    int64_t rest = ms % 86400000;
    if (rest < 0) {
        rest += 86400000;
        days--;
    }
    int64_t y = 0;
    int64_t m = 0;
    int64_t d = 0;
    civil_from_days(days, &y, &m, &d);
    char *p = put_digits(out, y, 4);
    *p++ = '-';
    p = put_digits(p, m, 2);
    *p++ = '-';
    p = put_digits(p, d, 2);
    *p++ = 'T';
    p = put_digits(p, rest / 3600000, 2);
    *p++ = ':';
    p = put_digits(p, rest / 60000 % 60, 2);
    *p++ = ':';
    p = put_digits(p, rest / 1000 % 60, 2);
    *p++ = '.';
    p = put_digits(p, rest % 1000, 3);
    *p++ = 'Z';
    *p = '\0';
}

/* Reads exactly `digits` digits; -1 when there are fewer. */
static int64_t take_digits(struct rt_str *s, size_t digits)
{
    uint64_t value = 0;
    if (s->len < digits || !rt_str_to_u64(rt_str_n(s->data, digits), &value))
        return -1;
    s->data += digits;
    s->len -= digits;
    return (int64_t)value;
}

static bool take_char(struct rt_str *s, const char *any_of)
{
    if (s->len == 0 || s->data[0] == '\0' || !strchr(any_of, s->data[0]))
        return false;
    s->data++;
    s->len--;
    return true;
}

/* time-secfrac of RFC 3339 in whole milliseconds, -1 when it has no digits; what is finer is cut
 * off, so that a time never becomes a later one. */
static int64_t take_fraction_ms(struct rt_str *s)
{
    int64_t ms = 0;
    int64_t unit = 100;
    if (!take_char(s, "."))
        return 0;
    bool has_digits = s->len > 0 && s->data[0] >= '0' && s->data[0] <= '9';
    for (; s->len > 0 && s->data[0] >= '0' && s->data[0] <= '9'; s->data++, s->len--) {
        ms += unit * (s->data[0] - '0');
        unit /= 10;
    }
    return has_digits ? ms : -1;
}

/* time-numoffset of RFC 3339 in minutes east, or INT64_MIN. */
static int64_t take_offset(struct rt_str *s)
{
    if (take_char(s, "Zz"))
        return 0;
    bool west = s->len > 0 && s->data[0] == '-';
    if (!take_char(s, "+-"))
        return INT64_MIN;
    int64_t hours = take_digits(s, 2);
    bool colon = take_char(s, ":");
    int64_t minutes = take_digits(s, 2);
    if (!colon || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return INT64_MIN;
    return (west ? -1 : 1) * (hours * 60 + minutes);
}

static int64_t days_in_month(int64_t y, int64_t m)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    return m == 2 && leap ? 29 : days[m - 1];
}

/* Whether a minute of UTC is the last of a month, the only one that may have a second 60. */
static bool ends_month(int64_t minutes)
{
    enum { DAY_MINUTES = 24 * 60 };
    int64_t y = 0;
    int64_t m = 0;
    int64_t d = 0;
    if ((minutes + 1) % DAY_MINUTES != 0)
        return false;
    civil_from_days((minutes + 1) / DAY_MINUTES, &y, &m, &d);
    return d == 1;
}

bool rt_time_parse(struct rt_str s, int64_t *ret_ms)
{
    int64_t y = take_digits(&s, 4);
    bool ok = take_char(&s, "-");
    int64_t m = take_digits(&s, 2);
    ok = ok && take_char(&s, "-");
    int64_t d = take_digits(&s, 2);
    ok = ok && take_char(&s, "Tt ");
    int64_t hour = take_digits(&s, 2);
    ok = ok && take_char(&s, ":");
    int64_t minute = take_digits(&s, 2);
    ok = ok && take_char(&s, ":");
    int64_t second = take_digits(&s, 2);
    int64_t fraction = take_fraction_ms(&s);
    int64_t offset = take_offset(&s);
    if (!ok || s.len > 0 || y < 1 || m < 1 || m > 12 || d < 1 || d > days_in_month(y, m))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    if (fraction < 0 || offset == INT64_MIN)
        return false;
    int64_t minutes = (days_from_civil(y, m, d) * 24 + hour) * 60 + minute - offset;
    if (second == 60 && !ends_month(minutes))
        return false;
    int64_t ms = (minutes * 60 + second) * 1000 + fraction;
    if (ms < RT_TIME_MIN_MS || ms > RT_TIME_MAX_MS)
        return false;
    *ret_ms = ms;
    return true;
}
