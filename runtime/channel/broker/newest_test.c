#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/channel/broker/newest.h"

static struct rt_str subject_of(unsigned number)
{
    static char text[32];
    snprintf(text, sizeof text, "thing:%u", number);
    return rt_str(text);
}

Test(newest, finds_the_newest_that_a_filter_selects)
{
    struct rt_newest newest = {0};
    const struct rt_str both[] = {rt_str("b:*"), rt_str("a:>")};
    cr_expect_eq(rt_newest_find(&newest, both, 2), 0);
    rt_newest_note(&newest, rt_str("a:x"), 1);
    rt_newest_note(&newest, rt_str("b:x"), 2);
    rt_newest_note(&newest, rt_str("a:x"), 3);
    rt_newest_note(&newest, rt_str("a:x"), 4);
    rt_newest_note(&newest, rt_str("c:x"), 5);
    cr_expect_eq(rt_newest_find(&newest, both, 2), 4);
    cr_expect_eq(rt_newest_find(&newest, both, 1), 2);
    cr_expect_eq(rt_newest_find(&newest, &(struct rt_str){"$dead", 5}, 1), 0);
    rt_newest_done(&newest);
}

Test(newest, forgets_who_was_silent_for_longest)
{
    struct rt_newest newest = {0};
    for (unsigned i = 0; i <= RT_NEWEST_MAX; i++) {
        rt_newest_note(&newest, subject_of(i), 2 * i + 1);
        rt_newest_note(&newest, rt_str("thing:0"), 2 * i + 2); /* never silent */
    }
    cr_expect_eq(HASH_COUNT(newest.by_subject), RT_NEWEST_MAX);
    cr_expect_eq(rt_newest_find(&newest, &(struct rt_str){"thing:0", 7}, 1), 2 * RT_NEWEST_MAX + 2);
    cr_expect_eq(rt_newest_find(&newest, &(struct rt_str){"thing:1", 7}, 1), 0);
    cr_expect_eq(rt_newest_find(&newest, &(struct rt_str){"thing:2", 7}, 1), 5);
    rt_newest_done(&newest);
}
