#include <criterion/criterion.h>

#include "runtime/app/request/jobs.h"

enum { ROUTES = 3, RUNNING = 2, MANY = 200 };

static struct rt_arena arena;
static struct rt_jobs jobs;
static struct rt_job all[MANY];

static void setup(void)
{
    rt_arena_init(&arena, 0);
    rt_jobs_init(&jobs, ROUTES, RUNNING, &arena);
}

static void teardown(void)
{
    rt_arena_done(&arena);
}

TestSuite(jobs, .init = setup, .fini = teardown);

static struct rt_job *run_next(void)
{
    struct rt_job *job = rt_jobs_next(&jobs);
    if (job)
        rt_jobs_done(&jobs);
    return job;
}

Test(jobs, as_many_run_as_may_be)
{
    for (size_t i = 0; i < 3; i++)
        cr_assert_null(rt_jobs_add(&jobs, &all[i], 0, i));
    cr_assert_eq(rt_jobs_next(&jobs), &all[0]);
    cr_assert_eq(rt_jobs_next(&jobs), &all[1]);
    cr_assert_null(rt_jobs_next(&jobs));
    rt_jobs_done(&jobs);
    cr_assert_eq(rt_jobs_next(&jobs), &all[2]);
    cr_assert_null(rt_jobs_next(&jobs));
}

Test(jobs, routes_take_turns)
{
    for (size_t i = 0; i < 10; i++)
        cr_assert_null(rt_jobs_add(&jobs, &all[i], 0, i));
    cr_assert_eq(run_next(), &all[0]);
    cr_assert_null(rt_jobs_add(&jobs, &all[20], 1, 20));
    cr_assert_null(rt_jobs_add(&jobs, &all[21], 1, 21));
    cr_assert_eq(run_next(), &all[20]);
    cr_assert_eq(run_next(), &all[1]);
    cr_assert_eq(run_next(), &all[21]);
    cr_assert_eq(run_next(), &all[2]);
    cr_assert_eq(run_next(), &all[3]);
}

Test(jobs, clients_take_turns)
{
    for (size_t i = 0; i < 10; i++)
        cr_assert_null(rt_jobs_add(&jobs, &all[i], 0, 1));
    cr_assert_eq(run_next(), &all[0]);
    cr_assert_eq(run_next(), &all[1]);
    cr_assert_null(rt_jobs_add(&jobs, &all[20], 0, 2));
    cr_assert_null(rt_jobs_add(&jobs, &all[21], 0, 2));
    cr_assert_null(rt_jobs_add(&jobs, &all[30], 0, 3));
    cr_assert_eq(run_next(), &all[2]);
    cr_assert_eq(run_next(), &all[20]);
    cr_assert_eq(run_next(), &all[30]);
    cr_assert_eq(run_next(), &all[3]);
    cr_assert_eq(run_next(), &all[21]);
    for (size_t i = 4; i < 10; i++)
        cr_assert_eq(run_next(), &all[i]);
    cr_assert_null(run_next());
}

Test(jobs, a_full_queue_takes_from_the_greediest)
{
    for (size_t i = 0; i < RT_JOBS_WAITING_MAX; i++)
        cr_assert_null(rt_jobs_add(&jobs, &all[i], 0, i < 3 ? 2 : 1));
    /* The greedy one gets nothing more; another one takes its place, until they are even. */
    cr_assert_eq(rt_jobs_add(&jobs, &all[100], 0, 1), &all[100]);
    cr_assert_eq(rt_jobs_add(&jobs, &all[101], 0, 3), &all[RT_JOBS_WAITING_MAX - 1]);
    cr_assert_eq(run_next(), &all[0], "client 2 came first");
    cr_assert_eq(run_next(), &all[3]);
    cr_assert_eq(run_next(), &all[101], "and nobody waits for all of client 1");
    /* Other routes have room. */
    cr_assert_null(rt_jobs_add(&jobs, &all[102], 1, 1));
}

Test(jobs, clients_with_the_same_share_take_nothing_from_each_other)
{
    for (size_t i = 0; i < RT_JOBS_WAITING_MAX; i++)
        cr_assert_null(rt_jobs_add(&jobs, &all[i], 0, i));
    cr_assert_eq(rt_jobs_add(&jobs, &all[100], 0, 100), &all[100]);
}

Test(jobs, all_that_waits_is_dropped_and_what_runs_is_not)
{
    for (size_t i = 0; i < 6; i++)
        cr_assert_null(rt_jobs_add(&jobs, &all[i], i % ROUTES, 1));
    cr_assert_not_null(rt_jobs_next(&jobs));
    size_t n = 0;
    while (rt_jobs_drop(&jobs))
        n++;
    cr_assert_eq(n, 5);
    cr_assert_null(rt_jobs_next(&jobs));
    cr_assert_eq(jobs.n_running, 1);
}
