/*
 * Patterns: what a text must be from its first character to its last. The syntax is what
 * ECMA-262 (with its flag u), RE2 and PCRE2 read alike, so that a pattern means the same in every
 * contract that is made of a schema; docs/LANGUAGE.md lists it. Everything counts in code points.
 *
 * Texts come from strangers, so matching is bounded: PCRE2 first tries by backtracking within a
 * number of steps that is linear in the text, and where that does not suffice its other matcher
 * follows all ways at once, which takes at most (size of the pattern)^2 steps a character. Patterns
 * for which that could be more than RT_PATTERN_WORK_MAX for one text are refused.
 *
 * Threads: a struct rt_pattern is constant and may be matched by any number of threads.
 */
#ifndef RT_BASE_PATTERN_H
#define RT_BASE_PATTERN_H

#include "runtime/base/error.h"
#include "runtime/base/str.h"

enum {
    RT_PATTERN_SIZE_MAX = 1000,      /* characters and sets, repetitions written out */
    RT_PATTERN_DEPTH_MAX = 50,       /* groups in each other */
    RT_PATTERN_TEXT_MAX = 10000,     /* code points of a text that has no other bound */
    RT_PATTERN_WORK_MAX = 100000000, /* size^2 times the code points of the longest text */
};

struct rt_pattern;

/* 0, or RT_EINVAL: it is not in the syntax, RT_ETOOBIG: it is too large, too deep, or too much for
 * texts of `text_max` code points. `error` says why and what to write instead. */
int rt_pattern_check(const char *pattern, uint32_t text_max, struct rt_error *error);

/* A pattern to match with, owned by the caller; errors as above. */
int rt_pattern_new(const char *pattern, uint32_t text_max, struct rt_pattern **ret,
                   struct rt_error *error);
void rt_pattern_free(struct rt_pattern *pattern);

/* `text` is well-formed UTF-8 of any length. */
bool rt_pattern_match(const struct rt_pattern *pattern, struct rt_str text);

#endif
