#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "runtime/base/pattern.h"

Test(pattern, ordinary_ones_are_taken)
{
    static const char *const patterns[] = {
        "",
        "97[89][0-9]{10}",
        "[A-Z]+-[0-9]{2,}",
        "[a-z]{1,255}[0-9]{1,255}", /* neighbours add up */
        "a+b+c+d+e+f+g+h+i+j+k+l+m+",
        "(a|b)*(c?d)+",
        "[](+{]{2}[^]a]+[[:alpha:]+]",
        "\\+\\(\\{",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        cr_expect_eq(rt_pattern_check(patterns[i], NULL), 0, "%s", patterns[i]);
}

Test(pattern, what_would_grow_without_bound_is_refused)
{
    struct rt_error error;
    enum { DEPTH = 20 }; /* regcomp would take a gigabyte */
    char nested[200] = {0};
    memset(nested, '(', DEPTH);
    nested[DEPTH] = 'a';
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(nested + DEPTH + 1 + 2 * i, "+)", 2);
    cr_expect_eq(rt_pattern_check(nested, &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("((a{1,200}){1,200}){1,200}", &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("((a{20,}){20,}){20,}", &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("a{1,99999999999999999999}", &error), RT_ETOOBIG);
    memset(nested, '(', 60);
    cr_expect_eq(rt_pattern_check(nested, &error), RT_ETOOBIG);
}

Test(pattern, what_is_none_or_refers_back_is_refused)
{
    struct rt_error error;
    cr_expect_eq(rt_pattern_check("(a*)*\\1", &error), RT_EDENIED);
    cr_expect_eq(rt_pattern_check("\\\\1", &error), 0, "a backslash and a 1");
    cr_expect_eq(rt_pattern_check("[a-", &error), RT_EINVAL);
    cr_expect_eq(rt_pattern_check("(a", &error), RT_EINVAL);
    cr_expect_eq(rt_pattern_check("a)|(b", &error), RT_EINVAL);
    cr_expect_gt(strlen(error.message), 0);
    cr_expect_eq(rt_pattern_check("a{3,2}", &error), RT_EINVAL);
}
