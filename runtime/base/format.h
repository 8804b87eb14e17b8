/*
 * The named formats that a schema may demand of a string: the compiler holds constants to them,
 * the validators what comes in. Threads: any.
 */
#ifndef RT_BASE_FORMAT_H
#define RT_BASE_FORMAT_H

#include "runtime/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rt_format { RT_FORMAT_NONE, RT_FORMAT_EMAIL, RT_FORMAT_URL, RT_FORMAT_UUID, RT_FORMAT_SLUG };

bool rt_format_valid(enum rt_format format, struct rt_str text);
/* "an email address" and the like. */
const char *rt_format_noun(enum rt_format format);

#ifdef __cplusplus
}
#endif

#endif
