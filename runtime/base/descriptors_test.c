#include <sys/resource.h>

#include <criterion/criterion.h>

#include "runtime/base/descriptors.h"

Test(descriptors, soft_limit_is_raised_to_the_hard_one)
{
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max / 2;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_assert_eq(rt_descriptors_raise(), limit.rlim_max);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_assert_eq(limit.rlim_cur, limit.rlim_max);
}

Test(descriptors, connections_leave_a_reserve)
{
    cr_assert_eq(rt_descriptors_for_connections(1024), 1024 - 204 - 64);
    cr_assert_eq(rt_descriptors_for_connections(80), 0);
    cr_assert_eq(rt_descriptors_for_connections(81), 1);
    cr_assert_eq(rt_descriptors_for_connections(0), 0);
}
