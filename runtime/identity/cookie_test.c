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
    size_t n_found;
    const char *token; /* NULL: none */
};

/* eyJqd3QiOiJhLmIuYyJ9 is {"jwt":"a.b.c"} */
static const struct cookie_case cases[] = {
    {"__Host-session=eyJqd3QiOiJhLmIuYyJ9", 1, "a.b.c"},
    {"__Host-session=\"eyJqd3QiOiJhLmIuYyJ9\"", 1, "a.b.c"},
    {"theme=dark; __Host-session=eyJqd3QiOiJhLmIuYyJ9; x=y", 1, "a.b.c"},
    {"session=eyJqd3QiOiJhLmIuYyJ9", 0, NULL},
    {"__host-session=eyJqd3QiOiJhLmIuYyJ9", 0, NULL},
    {"__Secure-session=eyJqd3QiOiJhLmIuYyJ9", 0, NULL},
    {"x__Host-session=eyJqd3QiOiJhLmIuYyJ9", 0, NULL},
    {"x=__Host-session=eyJqd3QiOiJhLmIuYyJ9", 0, NULL},
    {"__Host-session=; a=b", 1, NULL},
    {"__Host-session", 0, NULL},
    {"", 0, NULL},
    {";;;", 0, NULL},
    {"__Host-session=%%%", 1, NULL},
    {"__Host-session=eyJqd3QiOiJhLmIuYyJ", 1, NULL},          /* cut */
    {"__Host-session=eyJqd3QiOiJhIiwiangiOiIxIn0=", 1, NULL}, /* {"jwt":"a","jx":"1"} */
    {"__Host-session=eyJqd3QiOiJhIiwiand0IjoiYiJ9", 1, NULL}, /* {"jwt":"a","jwt":"b"} */
    {"__Host-session=eyJqd3QiOjF9", 1, NULL},                 /* {"jwt":1} */
    {"__Host-session=eyJqd3QiOiIifQ==", 1, NULL},             /* {"jwt":""} */
    {"__Host-session=W10=", 1, NULL},                         /* [] */
    {"__Host-session=eyJqd3QiOiJhLmIuYyJ9; __Host-session=W10=", 2, NULL},
    {"__Host-session=W10=;__Host-session=eyJqd3QiOiJhLmIuYyJ9", 2, "a.b.c"},
    {"session=W10=; __Host-session=eyJqd3QiOiJhLmIuYyJ9", 1, "a.b.c"},
};

Test(cookie, header_gives_the_token_or_none)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct rt_str value = rt_str_n(NULL, 0);
        size_t n_found = rt_cookie_find(rt_str(cases[i].header), RT_COOKIE_HOST, &value);
        cr_assert_eq(n_found, cases[i].n_found, "%s", cases[i].header);
        struct rt_str token = rt_cookie_token(value, &arena);
        cr_assert(rt_str_eq(token, rt_str(cases[i].token)), "%s gave %.*s", cases[i].header,
                  (int)token.len, token.data);
    }
}

Test(cookie, plain_http_has_a_name_of_its_own)
{
    struct rt_str value = rt_str_n(NULL, 0);
    cr_assert_eq(rt_cookie_find(RT_STR("__Host-session=W10="), RT_COOKIE_PLAIN, &value), 0);
    cr_assert_eq(rt_cookie_find(RT_STR("session=W10="), RT_COOKIE_PLAIN, &value), 1);
}

Test(cookie, what_is_set_reads_back)
{
    struct rt_str set =
        rt_cookie_set(RT_STR("h.p.s-_"), INT64_C(604800000), RT_COOKIE_HOST, &arena);
    const char *semicolon = strchr(set.data, ';');
    cr_assert_str_eq(semicolon, "; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
    struct rt_str value;
    cr_assert_eq(
        rt_cookie_find(rt_str_n(set.data, (size_t)(semicolon - set.data)), RT_COOKIE_HOST, &value),
        1);
    cr_assert(rt_str_eq(rt_cookie_token(value, &arena), RT_STR("h.p.s-_")));
    cr_assert_str_eq(rt_cookie_clear(RT_COOKIE_HOST, &arena).data,
                     "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    cr_assert_str_eq(rt_cookie_clear(RT_COOKIE_PLAIN, &arena).data,
                     "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

Test(cookie, a_bearer_token_is_found_and_other_schemes_are_not)
{
    cr_assert(rt_str_eq(rt_bearer_token(RT_STR("Bearer a.b.c")), RT_STR("a.b.c")));
    cr_assert(rt_str_eq(rt_bearer_token(RT_STR("bearer  a.b.c ")), RT_STR("a.b.c")));
    cr_assert_eq(rt_bearer_token(RT_STR("Basic YTpi")).len, 0);
    cr_assert_eq(rt_bearer_token(RT_STR("Bearer")).len, 0);
    cr_assert_eq(rt_bearer_token(RT_STR("Bearer ")).len, 0);
    cr_assert_eq(rt_bearer_token(rt_str_n(NULL, 0)).len, 0);
}
