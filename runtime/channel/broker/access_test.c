#include <criterion/criterion.h>

#include "runtime/channel/broker/access.h"

static struct rt_arena arena;

static void setup(void)
{
    rt_arena_init(&arena, 0);
}

static void teardown(void)
{
    rt_arena_done(&arena);
}

TestSuite(access, .init = setup, .fini = teardown);

Test(access, clients_and_their_permissions)
{
    struct rt_access access;
    int r = rt_access_parse(&arena,
                            RT_STR("# comment\n"
                                   "\n"
                                   "auth s1 publish session:revoked subscribe session:> a\n"
                                   "ops s2 admin\r\n"
                                   "out s3 publish x:*\n"
                                   "* s4"),
                            &access, NULL);
    cr_assert_eq(r, 0);
    cr_assert_eq(access.count, 4);
    const struct rt_access_client *auth = rt_access_find(&access, RT_STR("auth"), RT_STR("s1"));
    cr_assert_eq(auth->publish_count, 1);
    cr_assert_eq(auth->subscribe_count, 2);
    cr_assert_not(auth->admin);
    const struct rt_access_client *ops = rt_access_find(&access, RT_STR("ops"), RT_STR("s2"));
    cr_assert(ops->admin && !ops->publish && !ops->subscribe);
    const struct rt_access_client *out = rt_access_find(&access, RT_STR("out"), RT_STR("s3"));
    cr_assert(out->subscribe && out->subscribe_count == 0, "naming one side closes the other");
    cr_assert(rt_access_find(&access, RT_STR("anybody"), RT_STR("s4"))->admin);
    cr_assert_eq(rt_access_find(&access, RT_STR("auth"), RT_STR("s2")), NULL);
    cr_assert_eq(rt_access_find(&access, RT_STR("auth"), RT_STR("")), NULL);
}

Test(access, bad_lines_are_named)
{
    static const struct {
        const char *text, *line;
    } cases[] = {
        {"a", "line 1"},
        {"a t nonsense", "line 1"},
        {"a t\nb t publish a::b", "line 2"},
        {"a\tb\n/ t", "line 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_access access;
        struct rt_error error;
        cr_assert_eq(rt_access_parse(&arena, rt_str(cases[i].text), &access, &error), RT_EINVAL);
        cr_assert_neq(strstr(error.message, cases[i].line), NULL, "%s", error.message);
    }
}
