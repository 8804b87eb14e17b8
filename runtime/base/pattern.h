/*
 * What a pattern, a POSIX extended regular expression over all of a text, may be: texts come from
 * strangers, so matching has to take linear time, and compiling bounded memory. Both the compiler
 * and the loader of schema files ask here.
 */
#ifndef RT_BASE_PATTERN_H
#define RT_BASE_PATTERN_H

#include "runtime/base/error.h"

/* Characters and sets after all repetitions are written out, as regcomp does: a+ is aa*, and
 * a{2,4} is aaa?a?. It needs about 700 bytes for each. */
enum { RT_PATTERN_SIZE_MAX = 5000, RT_PATTERN_DEPTH_MAX = 50 };

/* 0, or RT_ETOOBIG: it grows beyond that, or its groups are nested deeper, RT_EDENIED: it refers
 * back to a group, RT_EINVAL: it is no regular expression. `error` says why. */
int rt_pattern_check(const char *pattern, struct rt_error *error);

#endif
