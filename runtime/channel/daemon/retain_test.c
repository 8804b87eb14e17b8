/* What the limits let go, and what they keep. */
#include <criterion/criterion.h>

#include "runtime/channel/daemon/retain.h"

enum { COUNT = 4, NOW_MS = 100000 };

static const struct rt_log_segment segments[COUNT] = {
    {.base = 1, .next = 11, .bytes = 1000, .events = 5, .begun_ms = 10000, .sealed = true},
    {.base = 11, .next = 31, .bytes = 1000, .events = 15, .begun_ms = 20000, .sealed = true},
    {.base = 31, .next = 41, .bytes = 1000, .events = 10, .begun_ms = 50000, .sealed = true},
    {.base = 41, .next = 45, .bytes = 100, .events = 4, .begun_ms = 90000},
};

static uint64_t from(struct rt_retain limits)
{
    return rt_retain_from(&limits, segments, COUNT, NOW_MS);
}

Test(retain, without_limits_all_is_kept)
{
    cr_assert(!rt_retain_any(&(struct rt_retain){.hard = true}));
    cr_assert_eq(from((struct rt_retain){0}), 1);
}

Test(retain, segments_go_while_the_log_is_too_large)
{
    cr_assert_eq(from((struct rt_retain){.bytes = 3100}), 1);
    cr_assert_eq(from((struct rt_retain){.bytes = 3099}), 11);
    cr_assert_eq(from((struct rt_retain){.bytes = 1}), 41, "the newest is always kept");
}

Test(retain, segments_go_while_enough_events_stay)
{
    cr_assert_eq(from((struct rt_retain){.events = 34}), 1);
    cr_assert_eq(from((struct rt_retain){.events = 30}), 1);
    cr_assert_eq(from((struct rt_retain){.events = 29}), 11);
    cr_assert_eq(from((struct rt_retain){.events = 14}), 31);
    cr_assert_eq(from((struct rt_retain){.events = 1}), 41);
}

Test(retain, segments_go_by_the_age_of_their_newest_record)
{
    cr_assert_eq(from((struct rt_retain){.age_ms = 90000}), 1);
    cr_assert_eq(from((struct rt_retain){.age_ms = 80000}), 11);
    cr_assert_eq(from((struct rt_retain){.age_ms = 50000}), 31);
    cr_assert_eq(from((struct rt_retain){.age_ms = 10000}), 41);
}

Test(retain, a_segment_of_unknown_age_goes_with_the_next)
{
    struct rt_log_segment old[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        old[i] = segments[i];
    old[1].begun_ms = 0;
    struct rt_retain limits = {.age_ms = 60000};
    cr_assert_eq(rt_retain_from(&limits, old, COUNT, NOW_MS), 1);
    limits.age_ms = 50000;
    cr_assert_eq(rt_retain_from(&limits, old, COUNT, NOW_MS), 31);
}
