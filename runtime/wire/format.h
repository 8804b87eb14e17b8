/*
 * The named formats and patterns of strings. Private to runtime/wire.
 * Threads: any; compiled patterns are shared and kept for the life of the process.
 */
#ifndef RT_WIRE_FORMAT_H
#define RT_WIRE_FORMAT_H

#include "runtime/wire/message.h"

bool rt_format_valid(enum rt_format format, struct rt_str text);
/* "an email address" and the like. */
const char *rt_format_noun(enum rt_format format);
/* `pattern` is one that rt_pattern_check takes. */
bool rt_pattern_matches(const char *pattern, const char *text);

#endif
