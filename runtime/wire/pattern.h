/*
 * The patterns of strings. Private to runtime/wire.
 * Threads: any; compiled patterns are shared and kept for the life of the process.
 */
#ifndef RT_WIRE_PATTERN_H
#define RT_WIRE_PATTERN_H

#include "runtime/base/str.h"

/* `pattern` is one that rt_pattern_check takes, `text` well-formed UTF-8. */
bool rt_pattern_matches(const char *pattern, struct rt_str text);

#endif
