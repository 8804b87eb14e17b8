#include <criterion/criterion.h>

#include "runtime/app/request/session_cache.h"

static const struct rt_session ann = {
    .id = "token-1", .user_id = "ann", .issued_at_ms = 1000, .expires_at_ms = 2000};

struct bench {
    struct rt_session_cache cache;
    struct rt_arena arena;
    struct rt_session found;
};

static void bench_init(struct bench *b)
{
    rt_session_cache_init(&b->cache);
    rt_arena_init(&b->arena, 0);
}

static void bench_done(struct bench *b)
{
    rt_session_cache_done(&b->cache);
    rt_arena_done(&b->arena);
}

static bool find(struct bench *b, const char *header, int64_t now_ms)
{
    return rt_session_cache_find(&b->cache, rt_str(header), now_ms, &b->arena, &b->found);
}

Test(session_cache, finds_exactly_what_was_kept)
{
    struct bench b;
    bench_init(&b);
    cr_assert_not(find(&b, "session=abc", 1500));
    rt_session_cache_keep(&b.cache, RT_STR("session=abc"), &ann);
    cr_assert(find(&b, "session=abc", 1500));
    cr_assert_str_eq(b.found.id, "token-1");
    cr_assert_str_eq(b.found.user_id, "ann");
    cr_assert_not(find(&b, "session=abd", 1500));
    cr_assert_not(find(&b, "session=ab", 1500));
    cr_assert_not(find(&b, "", 1500));
    bench_done(&b);
}

Test(session_cache, a_session_that_is_over_is_not_found)
{
    struct bench b;
    bench_init(&b);
    rt_session_cache_keep(&b.cache, RT_STR("session=abc"), &ann);
    cr_assert_not(find(&b, "session=abc", 999));
    cr_assert(find(&b, "session=abc", 1999));
    cr_assert_not(find(&b, "session=abc", 2000));
    bench_done(&b);
}

Test(session_cache, many_headers_never_answer_for_each_other)
{
    struct bench b;
    bench_init(&b);
    for (int i = 0; i < 5000; i++) {
        char *user = rt_arena_printf(&b.arena, "user%d", i);
        struct rt_session session = ann;
        session.user_id = user;
        rt_session_cache_keep(&b.cache, rt_str(user), &session);
    }
    int found = 0;
    for (int i = 0; i < 5000; i++) {
        const char *user = rt_arena_printf(&b.arena, "user%d", i);
        if (find(&b, user, 1500)) {
            cr_assert_str_eq(b.found.user_id, user);
            found++;
        }
    }
    cr_assert_gt(found, 500);
    cr_assert_leq(found, RT_SESSION_CACHE_ENTRIES);
    bench_done(&b);
}

Test(session_cache, what_is_too_long_is_not_kept)
{
    struct bench b;
    bench_init(&b);
    char header[RT_SESSION_CACHE_HEADER_MAX + 2];
    memset(header, 'x', sizeof header - 1);
    header[sizeof header - 1] = '\0';
    rt_session_cache_keep(&b.cache, rt_str(header), &ann);
    cr_assert_not(find(&b, header, 1500));
    bench_done(&b);
}
