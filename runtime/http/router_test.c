#include <criterion/criterion.h>

#include "runtime/base/buf.h"
#include "runtime/http/router.h"

static const struct rt_route_pattern patterns[] = {
    {RT_GET, "/"},
    {RT_GET, "/api/things/"},
    {RT_POST, "/api/things"},
    {RT_GET, "/api/things/:id"},
    {RT_PUT, "/api/things/:id"},
    {RT_GET, "/api/things/new"},
    {RT_GET, "/api/things/:id/parts/:part"},
    {RT_DELETE, "/api/things/new/parts/:part"},
    {RT_HEAD, "/probe"},
    {RT_GET, "/a/b/c"},
    {RT_GET, "/:x/b/d"},
};

struct fixture {
    struct rt_router *router;
    struct rt_arena arena;
};

static struct fixture f;

static void setup(void)
{
    struct rt_error error = {0};
    rt_arena_init(&f.arena, 0);
    int rc = rt_router_new(patterns, sizeof patterns / sizeof *patterns, &f.router, &error);
    cr_assert_eq(rc, 0, "%s", error.message);
}

static void teardown(void)
{
    rt_router_free(f.router);
    rt_arena_done(&f.arena);
}

TestSuite(router, .init = setup, .fini = teardown);

Test(router, a_literal_segment_wins_over_a_parameter)
{
    static const struct {
        enum rt_method method;
        const char *path;
        size_t route;
        const char *params; /* "a," each */
    } cases[] = {
        {RT_GET, "/", 0, ""},
        {RT_GET, "/api/things", 1, ""},
        {RT_GET, "/api/things/", 1, ""},
        {RT_HEAD, "/api/things", 1, ""},
        {RT_POST, "/api/things/", 2, ""},
        {RT_GET, "/api/things/7", 3, "7,"},
        {RT_GET, "/api/things/7/", 3, "7,"},
        {RT_GET, "/api/things/n%65w", 5, ""}, /* the same path, written otherwise */
        {RT_GET, "/%61pi/things/7", 3, "7,"},
        {RT_GET, "/api/things/a%2Fb", 3, "a/b,"}, /* an encoded slash parts nothing */
        {RT_GET, "/api/things/%C3%A9", 3, "\xC3\xA9,"},
        {RT_GET, "/api/things/a+b", 3, "a+b,"},
        {RT_PUT, "/api/things/7", 4, "7,"},
        {RT_GET, "/api/things/new", 5, ""},
        {RT_PUT, "/api/things/new", 4, "new,"}, /* the literal does not offer PUT */
        {RT_GET, "/api/things/new/parts/2", 6, "new,2,"},
        {RT_DELETE, "/api/things/new/parts/2", 7, "2,"},
        {RT_HEAD, "/probe", 8, ""},
        {RT_GET, "/a/b/c", 9, ""},
        {RT_GET, "/a/b/d", 10, "a,"}, /* back from the literal "a" */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_route_match match;
        struct rt_buf params = {0};
        cr_assert_eq(
            rt_router_match(f.router, cases[i].method, rt_str(cases[i].path), &f.arena, &match),
            RT_ROUTE_FOUND, "%s", cases[i].path);
        cr_expect_eq(match.route, cases[i].route, "%s went to %zu", cases[i].path, match.route);
        for (size_t k = 0; k < match.n_params; k++) {
            rt_buf_str(&params, match.params[k]);
            rt_buf_byte(&params, ',');
        }
        cr_expect_str_eq(rt_buf_cstr(&params), cases[i].params);
        rt_buf_done(&params);
    }
}

Test(router, paths_that_fit_no_pattern_find_nothing)
{
    static const char *const paths[] = {
        "",
        "*",
        "api",
        "//",
        "/api",
        "/api//things",
        "//api/things",
        "/api/things//",
        "/api/things/7/parts",
        "/api/things/7/parts/1/x",
        "/api/things/.",
        "/api/things/..",
        "/api/things/%2e%2E",
        "/api/things/x/../7",
        "/API/things",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct rt_route_match match;
        cr_expect_eq(rt_router_match(f.router, RT_GET, rt_str(paths[i]), &f.arena, &match),
                     RT_ROUTE_NOT_FOUND, "%s", paths[i]);
    }
}

Test(router, a_wrong_method_names_the_allowed_ones)
{
    static const struct {
        enum rt_method method;
        const char *path;
        const char *allow;
    } cases[] = {
        {RT_DELETE, "/api/things", "GET, HEAD, POST"},
        {RT_OPTIONS, "/", "GET, HEAD"},
        {RT_METHOD_OTHER, "/api/things/7", "GET, HEAD, PUT"},
        {RT_PATCH, "/api/things/new", "GET, HEAD, PUT"}, /* of both patterns that fit */
        {RT_GET, "/probe", "HEAD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_route_match match;
        cr_assert_eq(
            rt_router_match(f.router, cases[i].method, rt_str(cases[i].path), &f.arena, &match),
            RT_ROUTE_NOT_METHOD, "%s", cases[i].path);
        struct rt_str allow = rt_route_allow(match.allow, &f.arena);
        cr_expect(rt_str_eq(allow, rt_str(cases[i].allow)), "%s: %.*s", cases[i].path,
                  (int)allow.len, allow.data);
    }
}

Test(router, refuses_bad_escapes)
{
    static const char *const paths[] = {"/api/things/%", "/%zz", "/api/things/%00",
                                        "/api/things/%FF"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct rt_route_match match;
        cr_expect_eq(rt_router_match(f.router, RT_GET, rt_str(paths[i]), &f.arena, &match),
                     RT_ROUTE_BAD_PATH, "%s", paths[i]);
    }
}

Test(router, malformed_and_equal_patterns_are_refused)
{
    static const struct {
        struct rt_route_pattern patterns[2];
        int rc;
    } cases[] = {
        {{{RT_GET, "/a/:x"}, {RT_GET, "/a/:y/"}}, RT_EEXIST},
        {{{RT_GET, "/a"}, {RT_GET, "/a/"}}, RT_EEXIST},
        {{{RT_GET, "/a"}, {RT_GET, "a"}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, ""}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, "/a//b"}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, "/a/:"}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, "/a/.."}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_METHOD_OTHER, "/b"}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, "/:a/:b/:c/:d/:e/:f/:g/:h/:i"}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"}}, RT_EINVAL},
        {{{RT_GET, "/a"}, {RT_GET, "/:a/:b/:c/:d/:e/:f/:g/:h"}}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_router *router = NULL;
        struct rt_error error = {0};
        cr_expect_eq(rt_router_new(cases[i].patterns, 2, &router, &error), cases[i].rc, "%zu: %s",
                     i, error.message);
        cr_expect_eq(router == NULL, cases[i].rc != 0);
        rt_router_free(router);
    }
}
