#include <criterion/criterion.h>

#include "codegen/write/writer.h"

static struct rt_arena arena;
static struct rt_buf out;
static struct ts_writer w;

static void setup(void)
{
    rt_arena_init(&arena, 0);
    out = (struct rt_buf){0};
    ts_writer_init(&w, &out, &arena);
}

static void teardown(void)
{
    rt_buf_done(&out);
    rt_arena_done(&arena);
}

static void expect(const char *text)
{
    cr_expect_str_eq(rt_buf_cstr(&out), text);
}

TestSuite(writer, .init = setup, .fini = teardown);

Test(writer, variables_are_replaced_in_templates)
{
    ts_set(&w, "T", "shop_order");
    ts_setf(&w, "count", "%d", 3);
    ts_put(&w, "struct $T *${T}_get(void); // $count for 2$$\n\nend");
    expect("struct shop_order *shop_order_get(void); // 3 for 2$\n\nend\n");
}

Test(writer, breaks_parameters_below_the_bracket)
{
    ts_put(&w, "int shop_list(struct shop_transaction *transaction, const char *customer_id, "
               "struct rt_str after, size_t limit);");
    expect("int shop_list(struct shop_transaction *transaction, const char *customer_id, "
           "struct rt_str after,\n"
           "              size_t limit);\n");
}

Test(writer, splits_long_texts)
{
    ts_put(&w, "    .message = \"A text that goes on and on and on until its line has become "
               "longer than a hundred columns\",");
    expect("    .message = \"A text that goes on and on and on until its line has become longer "
           "than a hundred \"\n"
           "               \"columns\",\n");
}

Test(writer, aligns_comments_of_neighbours_only)
{
    const struct ts_item members[] = {
        {"int a;", "one"}, {"long long bb;", "two"}, {"int c;", NULL}, {"int d;", "more\nlines"}};
    ts_members(&w, members, 4);
    expect("    int a;        /* one */\n"
           "    long long bb; /* two */\n"
           "    int c;\n"
           "    /* more\n"
           "     * lines */\n"
           "    int d;\n");
}

Test(writer, comments_cannot_be_ended_from_within)
{
    ts_comment(&w, 0, "ends */ here, starts /* there");
    expect("/* ends * / here, starts / * there */\n");
}

Test(writer, assigns_below_when_that_is_no_longer)
{
    ts_assign(&w, "    .pb",
              "RT_PB_DESCRIPTOR(\"shop.Order\", shop_order_of_something, "
              "order_fields, 5, order_ranges, 12)",
              ",");
    expect("    .pb =\n"
           "        RT_PB_DESCRIPTOR(\"shop.Order\", shop_order_of_something, order_fields, 5, "
           "order_ranges, 12),\n");
}

Test(writer, quotes_what_c_would_misread)
{
    cr_expect_str_eq(ts_quoted(&arena, "a\"b\\c\n"), "\"a\\\"b\\\\c\\012\"");
}

Test(writer, quotes_trigraphs_and_turns_of_direction)
{
    cr_expect_str_eq(ts_quoted(&arena, "Really?\?!"), "\"Really?\\?!\"");
    cr_expect_str_eq(ts_quoted(&arena, "?\?\?/"), "\"?\\?\\?/\"");
    cr_expect_str_eq(ts_quoted(&arena, "a\xE2\x80\xAE"
                                       "b"),
                     "\"a\\342\\200\\256b\"");
    cr_expect_str_eq(ts_quoted(&arena, "\xE2\x82\xAC"), "\"\xE2\x82\xAC\"");
}

Test(writer, comments_turn_no_direction_and_continue_no_line)
{
    ts_comment(&w, 0, "a \xE2\x81\xA6 b \xD8\x9C c ?\?/");
    expect("/* a <U+2066> b <U+061C> c ? ?/ */\n");
}
