#include <criterion/criterion.h>

#include "runtime/base/buf.h"
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

Test(access, clients_have_the_permissions_of_their_line)
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

static const struct rt_access_client *client_of(const char *line)
{
    struct rt_access *access = RT_ARENA_NEW(&arena, struct rt_access);
    cr_assert_eq(rt_access_parse(&arena, rt_str(line), access, NULL), 0, "%s", line);
    return &access->clients[0];
}

Test(access, subscriptions_belong_to_their_name_unless_a_line_says_who_else)
{
    static const struct {
        const char *line;
        bool consumes_own, consumes_b, manages_own, manages_b;
    } cases[] = {
        {"a t", true, true, true, true},
        {"a t admin", true, true, true, true},
        {"a t publish", true, false, true, false},
        {"a t subscribe x:>", true, false, true, false},
        {"a t consume b", false, true, false, false},
        {"a t consume a b manage a", true, true, true, false},
        {"a t consume *", true, true, false, false},
        {"a t admin consume b", false, true, true, true},
        {"* t subscribe x:>", false, false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rt_access_client *client = client_of(cases[i].line);
        struct rt_str own = RT_STR("a"), b = RT_STR("b");
        cr_expect_eq(rt_access_consumes(client, own), cases[i].consumes_own, "%s", cases[i].line);
        cr_expect_eq(rt_access_consumes(client, b), cases[i].consumes_b, "%s", cases[i].line);
        cr_expect_eq(rt_access_manages(client, own), cases[i].manages_own, "%s", cases[i].line);
        cr_expect_eq(rt_access_manages(client, b), cases[i].manages_b, "%s", cases[i].line);
    }
}

Test(access, publish_without_a_filter_allows_nothing)
{
    const struct rt_access_client *client = client_of("a t publish subscribe");
    cr_assert(client->publish && client->publish_count == 0);
    cr_assert(client->subscribe && client->subscribe_count == 0);
    cr_assert_not(client->admin);
}

Test(access, a_line_may_name_many_subjects)
{
    struct rt_buf line = {0};
    rt_buf_puts(&line, "a t publish");
    for (int i = 0; i < 300; i++)
        rt_buf_printf(&line, " s%d:x", i);
    rt_buf_byte(&line, 0);
    const struct rt_access_client *client = client_of((const char *)line.data);
    cr_assert_eq(client->publish_count, 300);
    cr_assert(rt_str_eq(client->publish[299], RT_STR("s299:x")));
    rt_buf_done(&line);
}

Test(access, bad_lines_are_named)
{
    static const struct {
        const char *text, *line;
    } cases[] = {
        {"a", "line 1"},
        {"a t nonsense", "line 1"},
        {"a t admin b", "line 1"},
        {"a t consume a/b", "line 1"},
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
