/*
 * What values may be whatever a schema says: the named formats that it may demand of a string, and
 * the range of whole numbers. The compiler holds constants to them, the validators what comes in.
 * Threads: any.
 */
#ifndef RT_BASE_FORMAT_H
#define RT_BASE_FORMAT_H

#include "runtime/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whole numbers beyond these are not exact in every JSON reader (RFC 8259 section 6). They bound
 * i64, u64 (from 0), durations in milliseconds, and decimals as integers without their point. */
#define RT_INTEGER_MAX INT64_C(9007199254740991)
#define RT_INTEGER_MIN (-RT_INTEGER_MAX)

enum rt_format { RT_FORMAT_NONE, RT_FORMAT_EMAIL, RT_FORMAT_URL, RT_FORMAT_UUID, RT_FORMAT_SLUG };

bool rt_format_valid(enum rt_format format, struct rt_str text);
/* "an email address" and the like. */
const char *rt_format_noun(enum rt_format format);

#ifdef __cplusplus
}
#endif

#endif
