#include "runtime/base/pattern.h"

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a pattern grows to, group by group. */
struct growth {
    uint64_t size[RT_PATTERN_DEPTH_MAX + 1]; /* of each open group so far */
    uint64_t last[RT_PATTERN_DEPTH_MAX + 1]; /* of the last thing in it, which may be repeated */
    unsigned depth;
};

/* One more thing of that size. */
static void grow(struct growth *growth, uint64_t size)
{
    growth->last[growth->depth] = size;
    growth->size[growth->depth] += size;
}

/* The last item occurs `times` times; sizes stay far from overflow. */
static bool repeat(struct growth *growth, uint64_t times)
{
    uint64_t last = growth->last[growth->depth];
    if (times > 1)
        growth->size[growth->depth] += last * (times - 1);
    growth->last[growth->depth] = last * (times > 1 ? times : 1);
    return growth->size[growth->depth] <= RT_PATTERN_SIZE_MAX;
}

/* Of "{2,4}" 4, of "{2,}" 3; `*p` moves to the closing brace. */
static uint64_t braces(const char **p)
{
    uint64_t number = 0;
    bool open = false;
    for (++*p; **p && **p != '}'; ++*p) {
        open = **p == ',';
        if (open && (*p)[1] != '}')
            number = 0;
        else if (**p >= '0' && **p <= '9' && number <= RT_PATTERN_SIZE_MAX)
            number = number * 10 + (uint64_t)(**p - '0');
    }
    return number + open;
}

/* From the opening bracket of a set to its closing one: "[]a]" and "[[:alpha:]]" hold others. */
static const char *set_end(const char *p)
{
    p += p[1] == '^' ? 2 : 1;
    p += *p == ']';
    for (; *p && *p != ']'; p++) {
        if (*p == '[' && (p[1] == ':' || p[1] == '.' || p[1] == '=')) {
            char end[3] = {p[1], ']', '\0'};
            const char *close = strstr(p + 2, end);
            p = close ? close + 1 : p;
        }
    }
    return p;
}

static bool is_small(const char *pattern)
{
    struct growth growth = {0};
    bool fits = true;
    for (const char *p = pattern; *p && fits; p++) {
        if (*p == '(') {
            fits = growth.depth < RT_PATTERN_DEPTH_MAX;
            growth.depth += fits;
            growth.size[growth.depth] = growth.last[growth.depth] = 0;
        } else if (*p == ')' && growth.depth > 0) {
            growth.depth--;
            grow(&growth, growth.size[growth.depth + 1]);
        } else if (*p == '+') {
            fits = repeat(&growth, 2);
        } else if (*p == '{') {
            fits = repeat(&growth, braces(&p));
        } else if (*p != '*' && *p != '?') {
            if (*p == '[')
                p = set_end(p);
            else if (*p == '\\' && p[1])
                p++;
            grow(&growth, 1);
        }
        if (!*p)
            break; /* a set or brace without its end */
    }
    return fits && growth.size[growth.depth] <= RT_PATTERN_SIZE_MAX;
}

static bool refers_back(const char *pattern)
{
    for (const char *p = pattern; *p; p++) {
        if (*p != '\\')
            continue;
        if (p[1] >= '1' && p[1] <= '9')
            return true;
        p += p[1] != '\0';
    }
    return false;
}

static int compiles(const char *pattern, struct rt_error *error)
{
    regex_t regex;
    char why[128];
    int rc = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);
    if (rc == 0) {
        regfree(&regex);
        return 0;
    }
    regerror(rc, &regex, why, sizeof why);
    return rt_error_set(error, RT_EINVAL, "%s", why);
}

int rt_pattern_check(const char *pattern, struct rt_error *error)
{
    if (!is_small(pattern))
        return rt_error_set(error, RT_ETOOBIG,
                            "with its repetitions written out, a+ as aa* and a{2} as aa, it has "
                            "more than %d characters, or more than %d groups in each other",
                            RT_PATTERN_SIZE_MAX, RT_PATTERN_DEPTH_MAX);
    if (refers_back(pattern))
        return rt_error_set(
            error, RT_EDENIED,
            "matching \\1 to \\9 can take time exponential in the length of the text");
    int rc = compiles(pattern, error);
    if (rc != 0)
        return rc;
    /* And as it is used. */
    char *anchored;
    if (asprintf(&anchored, "^(%s)$", pattern) < 0)
        rt_panic("out of memory: a pattern");
    rc = compiles(anchored, error);
    free(anchored);
    return rc;
}
