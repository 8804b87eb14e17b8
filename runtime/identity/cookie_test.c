#include <criterion/criterion.h>

#include "runtime/identity/cookie.h"

static struct rt_arena arena;

static void setup(void)
{
    rt_arena_init(&arena, 0);
}

static void teardown(void)
{
    rt_arena_done(&arena);
}

TestSuite(cookie, .init = setup, .fini = teardown);

struct cookie_case {
    const char *header;
    const char *token; /* NULL: none */
    bool present;
};

/* eyJqd3QiOiJhLmIuYyJ9 is {"jwt":"a.b.c"} */
static const struct cookie_case cases[] = {
    {"session=eyJqd3QiOiJhLmIuYyJ9", "a.b.c", true},
    {"session=\"eyJqd3QiOiJhLmIuYyJ9\"", "a.b.c", true},
    {"theme=dark; session=eyJqd3QiOiJhLmIuYyJ9; x=y", "a.b.c", true},
    {"xsession=eyJqd3QiOiJhLmIuYyJ9", NULL, false},
    {"x=session=eyJqd3QiOiJhLmIuYyJ9", NULL, false},
    {"session=; a=b", NULL, false},
    {"session", NULL, false},
    {"", NULL, false},
    {";;;", NULL, false},
    {"session=%%%", NULL, true},
    {"session=eyJqd3QiOiJhLmIuYyJ", NULL, true},          /* cut */
    {"session=eyJqd3QiOiJhIiwiangiOiIxIn0=", NULL, true}, /* {"jwt":"a","jx":"1"} */
    {"session=eyJqd3QiOjF9", NULL, true},                 /* {"jwt":1} */
    {"session=eyJqd3QiOiIifQ==", NULL, true},             /* {"jwt":""} */
    {"session=W10=", NULL, true},                         /* [] */
    {"session=eyJqd3QiOiJhLmIuYyJ9; session=W10=", "a.b.c", true},
};

Test(cookie, header_gives_the_token_or_none)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        bool present;
        struct rt_str token = rt_cookie_token(rt_str(cases[i].header), &arena, &present);
        cr_assert_eq(present, cases[i].present, "%s", cases[i].header);
        cr_assert(rt_str_eq(token, rt_str(cases[i].token)), "%s gave %.*s", cases[i].header,
                  (int)token.len, token.data);
    }
}

Test(cookie, what_is_set_reads_back)
{
    struct rt_str set = rt_cookie_set(RT_STR("h.p.s-_"), INT64_C(604800000), true, &arena);
    const char *semicolon = strchr(set.data, ';');
    cr_assert_str_eq(semicolon, "; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
    bool present;
    struct rt_str token =
        rt_cookie_token(rt_str_n(set.data, (size_t)(semicolon - set.data)), &arena, &present);
    cr_assert(rt_str_eq(token, RT_STR("h.p.s-_")));
    cr_assert_str_eq(rt_cookie_clear(false, &arena).data,
                     "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

Test(cookie, bearer)
{
    cr_assert(rt_str_eq(rt_bearer_token(RT_STR("Bearer a.b.c")), RT_STR("a.b.c")));
    cr_assert(rt_str_eq(rt_bearer_token(RT_STR("bearer  a.b.c ")), RT_STR("a.b.c")));
    cr_assert_eq(rt_bearer_token(RT_STR("Basic YTpi")).len, 0);
    cr_assert_eq(rt_bearer_token(RT_STR("Bearer")).len, 0);
    cr_assert_eq(rt_bearer_token(RT_STR("Bearer ")).len, 0);
    cr_assert_eq(rt_bearer_token(rt_str_n(NULL, 0)).len, 0);
}
