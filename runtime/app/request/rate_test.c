#include <criterion/criterion.h>

#include "runtime/app/request/rate.h"

Test(rate, a_burst_is_admitted_and_then_refilled_evenly)
{
    struct rt_rate rate;
    rt_rate_init(&rate);
    int64_t now = 1000000, wait = 0;
    for (int i = 0; i < 10; i++)
        cr_assert(rt_rate_take(&rate, 7, 10, 60000, now, &wait), "request %d", i);
    cr_assert_not(rt_rate_take(&rate, 7, 10, 60000, now, &wait));
    cr_assert_eq(wait, 6000);
    cr_assert(rt_rate_take(&rate, 8, 10, 60000, now, &wait), "keys are apart");
    cr_assert_not(rt_rate_take(&rate, 7, 10, 60000, now + 5999, &wait));
    cr_assert_eq(wait, 1);
    cr_assert(rt_rate_take(&rate, 7, 10, 60000, now + 6000, &wait));
    cr_assert_not(rt_rate_take(&rate, 7, 10, 60000, now + 6000, &wait), "refusals cost nothing");
    for (int i = 0; i < 10; i++)
        cr_assert(rt_rate_take(&rate, 7, 10, 60000, now + 600000, &wait), "full again %d", i);
    cr_assert_not(rt_rate_take(&rate, 7, 10, 60000, now + 600000, &wait), "and no fuller");
    rt_rate_done(&rate);
}

Test(rate, new_keys_take_the_place_of_the_fullest)
{
    struct rt_rate rate;
    rt_rate_init(&rate);
    int64_t wait;
    uint64_t spender = 5; /* all keys of this test fall into one set */
    for (int i = 0; i < 3; i++)
        rt_rate_take(&rate, spender, 3, 60000, 1000, &wait);
    for (uint64_t i = 1; i < 100; i++)
        cr_assert(rt_rate_take(&rate, spender + i * RT_RATE_SETS, 3, 60000, 1000, &wait));
    cr_assert_not(rt_rate_take(&rate, spender, 3, 60000, 1000, &wait), "it is remembered");
    rt_rate_done(&rate);
}
