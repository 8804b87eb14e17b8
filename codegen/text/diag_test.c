#include <criterion/criterion.h>

#include "codegen/driver/compile.h"

/* What is said about a text, in a format. */
static char *diagnose(const char *text, enum ts_diag_format format, bool colour)
{
    struct ts_compile compile;
    struct rt_error error;
    struct rt_buf out = {0};
    ts_compile_init(&compile);
    cr_assert_eq(ts_compile_text(&compile, "t.tess", rt_str(text), &error), 0);
    ts_diags_print(&compile.diags, format, colour, &out);
    char *copy = strdup(rt_buf_cstr(&out));
    rt_buf_done(&out);
    ts_compile_done(&compile);
    return copy;
}

static void expect(const char *text, enum ts_diag_format format, const char *wanted)
{
    char *said = diagnose(text, format, false);
    cr_expect_str_eq(said, wanted);
    free(said);
}

Test(diag, pretty_shows_the_line_the_place_and_help)
{
    expect("schema s\nservice a {\n\tmessage M { x Strng @1 }\n}\n", TS_FORMAT_PRETTY,
           "t.tess:3:16: error[T0301]: no type named `Strng`\n"
           " 3 |     message M { x Strng @1 }\n"
           "   |                   ^^^^^\n"
           "   = help: did you mean `string`?\n\n");
}

Test(diag, a_label_shows_the_second_place)
{
    expect("schema s\nerror e 400 \"\xC3\xA9\"\n\n\n\n\n\n\n\nerror e 400 \"\"\n", TS_FORMAT_PRETTY,
           "t.tess:10:7: error[T0304]: a second error named `e`\n"
           " 10 | error e 400 \"\"\n"
           "    |       ^\n"
           "    -> t.tess:2:7\n"
           "  2 | error e 400 \"\xC3\xA9\"\n"
           "    |       - the name is taken here\n\n");
}

Test(diag, short_is_a_line_each_in_order_of_place)
{
    expect("schema s\nservice a { message M { b B @1 a A @2 } }\ntype x = i32\n", TS_FORMAT_SHORT,
           "t.tess:2:27: error[T0301]: no type named `B`\n"
           "t.tess:2:34: error[T0301]: no type named `A`\n"
           "t.tess:3:6: error[T0305]: the name of a type is written in PascalCase\n");
}

Test(diag, json_has_span_and_remarks)
{
    expect(
        "schema s\nerror e 400 \"a\\q\"\n", TS_FORMAT_JSON,
        "{\"severity\":\"error\",\"code\":\"T0104\",\"message\":\"unknown escape in a text\","
        "\"span\":{\"file\":\"t.tess\",\"line\":2,\"column\":15,\"endLine\":2,\"endColumn\":16,"
        "\"offset\":23,\"length\":1},\"remarks\":[{\"kind\":\"help\",\"message\":\"write `\\\\\\\\`"
        " for a backslash; the others are `\\\\\\\"`, `\\\\n` and `\\\\t`\"}]}\n");
}

Test(diag, colour_is_only_added)
{
    char *said = diagnose("schema s\nfoo\n", TS_FORMAT_PRETTY, true);
    cr_expect_not_null(strstr(said, "\033[1;31merror[T0201]\033[0m"));
    free(said);
}

Test(diag, every_code_has_a_text_and_numbers_ascend)
{
    size_t count;
    const struct ts_code_info *table = ts_code_table(&count);
    for (size_t i = 0; i < count; i++) {
        cr_expect_gt(strlen(table[i].text), 40);
        cr_expect_not_null(strchr(table[i].text, '\n'));
        cr_expect(i == 0 || table[i].code > table[i - 1].code);
        cr_expect_eq(ts_code_find((unsigned)table[i].code), &table[i]);
    }
    cr_expect_null(ts_code_find(1));
}
