/* A field's number keeps its meaning. */
#include "runtime/store/fields.h"

#include <criterion/criterion.h>

static const struct rt_field fields[] = {
    {.name = "price", .number = 3, .kind = RT_DECIMAL, .scale = 2},
    {.name = "id", .number = 1, .kind = RT_ID},
    {.name = "tags", .number = 5, .kind = RT_STRING, .shape = RT_LIST},
    {.name = "count", .number = 4, .kind = RT_I64, .shape = RT_OPTIONAL},
};
static const struct rt_message message = {.fields = fields, .n_fields = 4};
static const struct rt_model model = {.name = "Thing", .message = &message};

#define NOW "1 text id\n3 decimal(2) price\n4 i64 count\n5 text-list tags\n"

static int merge(const char *stored, const char *expected)
{
    struct rt_buf out = {0};
    struct rt_error error = {0};
    int code = rt_fields_merge(&model, stored, &out, &error);
    if (code == 0)
        cr_expect_str_eq(rt_buf_cstr(&out), expected);
    else
        cr_expect_eq(error.code, code);
    rt_buf_done(&out);
    return code;
}

Test(fields, new_and_same)
{
    cr_expect_eq(merge(NULL, NOW), 0);
    cr_expect_eq(merge(NOW, NOW), 0);
    cr_expect_eq(merge("1 text old_name\n", NOW), 0, "names are free");
    cr_expect_eq(merge("4 i32 count\n", NOW), 0, "wider is fine");
}

Test(fields, dropped_ones_are_remembered)
{
    cr_expect_eq(merge("2 bool sold\n9 time at\n",
                       "1 text id\n2 bool sold\n3 decimal(2) price\n4 i64 count\n"
                       "5 text-list tags\n9 time at\n"),
                 0);
}

Test(fields, another_meaning_is_refused)
{
    cr_expect_eq(merge("3 decimal(3) price\n", NULL), RT_ECONFLICT, "the scale");
    cr_expect_eq(merge("4 u64 count\n", NULL), RT_ECONFLICT);
    cr_expect_eq(merge("5 text tags\n", NULL), RT_ECONFLICT, "one became a list");
    cr_expect_eq(merge("1 text id\n4 time count\n", NULL), RT_ECONFLICT);
}

Test(fields, garbage_is_noticed)
{
    static const char *const bad[] = {"x", "1", "1 text", "1 text id", "0 text id\n", "\n\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(merge(bad[i], NULL), RT_ECORRUPT, "%s", bad[i]);
}
