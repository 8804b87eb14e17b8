#include <criterion/criterion.h>

#include "tests/support/sample.h"

Test(json_size, size_of_a_message_is_bounded_by_its_fields)
{
    cr_expect_eq(rt_json_size_max(&sample_part_message), SIZE_MAX, "it has itself within");
    cr_expect_eq(rt_json_size_max(&sample_message), SIZE_MAX);
    static const struct rt_limits ten = {.max = 10, .items_max = 3};
    static const struct rt_field fields[] = {
        {.json = "a", .kind = RT_BOOL, .shape = RT_ONE},
        {.json = "b",
         .kind = RT_STRING,
         .shape = RT_LIST,
         .flags = RT_FIELD_HAS_MAX,
         .limits = &ten},
        {.json = "c", .kind = RT_STRING, .shape = RT_ONE},
    };
    const struct rt_message bounded = {.fields = fields, .n_fields = 2};
    const struct rt_message boundless = {.fields = fields, .n_fields = 3};
    /* {"a":false,"b":["\\ud83d\\ude00 ten times", ...]} */
    size_t longest = strlen("{\"a\":false,\"b\":[]}") + 3 * (10 * 12 + 3);
    cr_expect_geq(rt_json_size_max(&bounded), longest);
    cr_expect_leq(rt_json_size_max(&bounded), 2 * longest);
    cr_expect_eq(rt_json_size_max(&boundless), SIZE_MAX);
}
