#include <criterion/criterion.h>

#include "runtime/base/clock.h"
#include "runtime/identity/token.h"
#include "tests/support/shop.h"

#define GOOD "{\"title\":\"table\",\"price\":1}"

static struct shop shop;

static void setup(void)
{
    shop_init(&shop);
}

static void teardown(void)
{
    shop_done(&shop);
}

TestSuite(session, .init = setup, .fini = teardown, .timeout = 30);

Test(session, sign_in_sets_a_cookie_and_sign_out_kills_it)
{
    cr_assert_eq(shop_request(&shop, "POST", "/api/signin", NULL, "", "{\"name\":\"Ann\"}"), 200);
    const char *set = rt_arena_strdup(&shop.arena, shop_header(&shop, "Set-Cookie"));
    cr_assert(rt_str_starts(rt_str(set), RT_STR("__Host-session=")));
    cr_assert_not_null(strstr(set, "; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"));
    const char *cookie =
        rt_arena_printf(&shop.arena, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    cr_assert_eq(shop_request(&shop, "GET", "/api/whoami", NULL, cookie, NULL), 200);
    cr_assert_str_eq(shop_member(&shop, "name"), "user-ann");
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", NULL, cookie, GOOD), 201);

    cr_assert_eq(shop_request(&shop, "POST", "/api/signout", NULL, cookie, NULL), 204);
    cr_assert_str_eq(shop_header(&shop, "Set-Cookie"),
                     "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    cr_assert_eq(shop_request(&shop, "POST", "/api/signout", NULL, cookie, NULL), 401);
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", NULL, cookie, GOOD), 401);
    cr_assert_str_eq(shop_header(&shop, "WWW-Authenticate"), "Bearer");
    cr_assert_eq(shop_request(&shop, "GET", "/api/whoami", NULL, cookie, NULL), 200);
    cr_assert_str_eq(shop_member(&shop, "name"), "nobody", "public routes take it as signed out");
}

Test(session, two_sessions_in_one_request_are_refused)
{
    cr_assert_eq(shop_request(&shop, "POST", "/api/signin", NULL, "", "{\"name\":\"Ann\"}"), 200);
    const char *set = rt_arena_strdup(&shop.arena, shop_header(&shop, "Set-Cookie"));
    int len = (int)strcspn(set, ";");
    static const char *const forms[][2] = {
        {"Cookie: ", "; "},
        {"Cookie: ", "\r\nCookie: "},
        {"Cookie: __Host-session=x; ", "\r\nCookie: a="},
        {"Authorization: Bearer ", "\r\nAuthorization: Bearer "},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        const char *headers = rt_arena_printf(&shop.arena, "%s%.*s%s%.*s\r\n", forms[i][0], len,
                                              set, forms[i][1], len, set);
        cr_expect_eq(shop_request(&shop, "POST", "/api/items", NULL, headers, GOOD), 401, "%zu", i);
        cr_expect_eq(shop_request(&shop, "GET", "/api/whoami", NULL, headers, NULL), 401, "%zu", i);
    }
    const char *one =
        rt_arena_printf(&shop.arena, "Cookie: a=b; %.*s\r\nCookie: session=x\r\n", len, set);
    cr_expect_eq(shop_request(&shop, "POST", "/api/items", NULL, one, GOOD), 201);
}

Test(session, expired_tokens_count_as_none)
{
    const char *token = shop_token(&shop, "ann", "s1", rt_clock_now_ms() - 7200000);
    const char *bearer = rt_arena_printf(&shop.arena, "Authorization: Bearer %s\r\n", token);
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", NULL, bearer, GOOD), 401);
    cr_assert_eq(shop_request(&shop, "GET", "/api/whoami", NULL, bearer, NULL), 200);
    cr_assert_str_eq(shop_member(&shop, "name"), "nobody");
}

/* A token is taken a little longer than it says, for clocks that differ; its revocation may not go
 * before that time is over. */
Test(session, a_revocation_is_kept_for_as_long_as_any_clock_takes_the_token)
{
    int64_t expires_at_ms = rt_clock_now_ms() - 30000;
    const char *token = shop_token(&shop, "ann", "s1", expires_at_ms - 3600000);
    const char *bearer = rt_arena_printf(&shop.arena, "Authorization: Bearer %s\r\n", token);
    cr_assert_eq(shop_request(&shop, "POST", "/api/signout", NULL, bearer, NULL), 204);
    cr_assert_eq(shop_request(&shop, "POST", "/api/signout", NULL, bearer, NULL), 401);
    const void *revocation = shop_get(&shop, &shop_revocation_model, "s1");
    cr_assert_not_null(revocation);
    const struct rt_field *until = &shop_revocation_model.message->fields[1];
    /* In whole seconds, as the token has its time. */
    cr_assert_geq(rt_field_get(until, revocation).i,
                  expires_at_ms / 1000 * 1000 + 2 * RT_TOKEN_SKEW_MS);
}

/* A page of another site can make a browser send a request with the user's cookie. */
Test(session, a_change_that_another_site_sends_is_refused)
{
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        {"", 201},
        {"Sec-Fetch-Site: same-origin\r\nOrigin: http://test\r\n", 201},
        {"Sec-Fetch-Site: none\r\n", 201},
        {"Origin: http://test\r\n", 201},
        {"Origin: https://TEST:443\r\n", 201},
        {"Origin: http://test:80\r\n", 201},
        {"Sec-Fetch-Site: cross-site\r\n", 403},
        {"Sec-Fetch-Site: same-site\r\n", 403},
        {"Sec-Fetch-Site: \r\n", 403},
        {"Sec-Fetch-Site: same-origin, cross-site\r\n", 403},
        {"Sec-Fetch-Site: same-origin\r\nOrigin: https://evil.example\r\n", 403},
        {"Origin: https://evil.example\r\n", 403},
        {"Origin: https://test.evil.example\r\n", 403},
        {"Origin: https://test:8443\r\n", 403},
        {"Origin: https://test:80\r\n", 403},
        {"Origin: ftp://test\r\n", 403},
        {"Origin: test\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: \r\n", 403},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *body = rt_arena_printf(&shop.arena, "{\"title\":\"t%zu\",\"price\":1}", i);
        cr_expect_eq(shop_request(&shop, "POST", "/api/items", "ann", cases[i].headers, body),
                     cases[i].status, "%s", cases[i].headers);
    }
    cr_expect_eq(
        shop_request(&shop, "GET", "/api/whoami", "ann", "Sec-Fetch-Site: cross-site\r\n", NULL),
        200, "reading changes nothing");
}
