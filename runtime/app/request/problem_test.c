#include <criterion/criterion.h>

#include "runtime/app/request/problem.h"

static void expect(struct rt_buf *out, const char *text)
{
    cr_assert_str_eq(rt_buf_cstr(out), text);
    rt_buf_clear(out);
}

Test(problem, built_in_errors_are_about_blank_and_declared_ones_have_a_urn)
{
    struct rt_buf out = {0};
    rt_problem_write(&rt_problem_not_found, NULL, &out);
    expect(&out, "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                 "\"detail\":\"Not found\",\"errors\":[{\"message\":\"Not found\"}]}");
    const struct rt_problem held = {"item_held", 409, "Item \"x\" is held"};
    rt_problem_write(&held, NULL, &out);
    expect(&out, "{\"type\":\"urn:error:item_held\",\"title\":\"Item \\\"x\\\" is held\","
                 "\"status\":409,\"detail\":\"Item \\\"x\\\" is held\","
                 "\"errors\":[{\"message\":\"Item \\\"x\\\" is held\"}]}");
    rt_problem_write_status(431, "Too many headers", &out);
    expect(&out, "{\"type\":\"about:blank\",\"title\":\"Request Header Fields Too Large\","
                 "\"status\":431,\"detail\":\"Too many headers\","
                 "\"errors\":[{\"message\":\"Too many headers\"}]}");
    rt_buf_done(&out);
}

Test(problem, violations_name_their_fields)
{
    struct rt_arena arena;
    struct rt_violations violations;
    struct rt_buf out = {0};
    rt_arena_init(&arena, 0);
    rt_violations_init(&violations, &arena);
    rt_violation_add(&violations, "", "json", "Not JSON");
    rt_violation_add(&violations, "/seats/3/row", "max", "Must be at most %d", 9);
    rt_problem_write(&rt_problem_invalid, &violations, &out);
    cr_assert_not_null(strstr(rt_buf_cstr(&out),
                              "\"errors\":[{\"message\":\"Not JSON\",\"rule\":\"json\"},"
                              "{\"message\":\"Must be at most 9\",\"field\":\"seats/3/row\","
                              "\"pointer\":\"/seats/3/row\",\"rule\":\"max\"}]}"));
    for (size_t i = 0; i < (size_t)2 * RT_VIOLATIONS_MAX; i++)
        rt_violation_add(&violations, "/a", "x", "%s", "again");
    rt_buf_clear(&out);
    rt_problem_write(&rt_problem_invalid, &violations, &out);
    size_t n = 0;
    for (const char *at = rt_buf_cstr(&out); (at = strstr(at, "{\"message\"")) != NULL; at++)
        n++;
    cr_assert_eq(n, RT_VIOLATIONS_MAX, "those beyond the cap are only counted");
    rt_buf_done(&out);
    rt_arena_done(&arena);
}
