/*
 * Time. A time is UTC in milliseconds since 1970 (int64); a text is RFC 3339 with exactly
 * milliseconds and Z, such as 2026-01-31T12:00:00.000Z. Cores never ask a clock: time is an
 * input of theirs; only shells call rt_clock_*.
 */
#ifndef RT_BASE_CLOCK_H
#define RT_BASE_CLOCK_H

#include "runtime/base/str.h"

enum { RT_TIME_TEXT_LEN = 24 };
#define RT_TIME_MIN_MS INT64_C(-62135596800000) /* 0001-01-01T00:00:00.000Z */
#define RT_TIME_MAX_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

int64_t rt_clock_now_ms(void);        /* CLOCK_REALTIME */
uint64_t rt_clock_monotonic_ns(void); /* CLOCK_MONOTONIC */

/* `out` takes RT_TIME_TEXT_LEN bytes and a NUL; `ms` outside the bounds is clamped. */
void rt_time_format(int64_t ms, char out[RT_TIME_TEXT_LEN + 1]);
/* Any date-time of RFC 3339 in the years 1 to 9999: an offset is applied, of a fraction what is
 * finer than a millisecond is cut off, and a leap second (23:59:60 UTC at the end of a month) is
 * the second after it, as POSIX counts. False leaves `ret_ms` untouched. */
bool rt_time_parse(struct rt_str text, int64_t *ret_ms);

#endif
