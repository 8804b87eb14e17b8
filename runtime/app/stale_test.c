#include <criterion/criterion.h>

#include "runtime/app/stale.h"

static const struct rt_model revocations;
static uv_loop_t loop;
static struct rt_owner owner;
static struct rt_stale stale;

static void setup(void)
{
    static const struct rt_service listener = {
        .name = "tickets", .session_issuer = "auth", .revocations = &revocations};
    uv_loop_init(&loop);
    owner = (struct rt_owner){.loop = &loop, .service = &listener};
    rt_stale_init(&stale, &owner, 10);
}

static void teardown(void)
{
    rt_stale_stop(&stale);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
}

TestSuite(stale, .init = setup, .fini = teardown, .timeout = 10);

static bool says_so(void)
{
    struct rt_buf details = {0};
    rt_stale_detail(&stale, &details);
    bool says = strstr(rt_buf_cstr(&details), ",\"signOutsUnknownMs\":") != NULL;
    rt_buf_done(&details);
    return says;
}

Test(stale, a_channel_that_is_down_for_long_is_reported_until_it_is_up)
{
    rt_stale_down(&stale);
    rt_stale_down(&stale);
    cr_assert_not(says_so());
    uv_run(&loop, UV_RUN_ONCE);
    cr_assert(says_so());
    rt_stale_up(&stale);
    cr_assert_not(says_so());
}

Test(stale, a_short_interruption_is_not)
{
    rt_stale_down(&stale);
    rt_stale_up(&stale);
    cr_assert_not(uv_run(&loop, UV_RUN_NOWAIT), "nothing is due");
    cr_assert_not(says_so());
}

Test(stale, who_ends_sessions_knows_of_it)
{
    static const struct rt_service issuer = {
        .name = "auth", .session_issuer = "auth", .revocations = &revocations};
    owner.service = &issuer;
    rt_stale_down(&stale);
    cr_assert_not(uv_run(&loop, UV_RUN_NOWAIT), "nothing is due");
    cr_assert_not(says_so());
}
