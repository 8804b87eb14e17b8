#include <criterion/criterion.h>

#include "codegen/model/names.h"
#include "codegen/text/suggest.h"

Test(names, names_are_converted_between_the_languages)
{
    static const struct {
        const char *name, *snake, *camel, *pascal, *upper;
    } cases[] = {
        {"OrderStatus", "order_status", "orderStatus", "OrderStatus", "ORDER_STATUS"},
        {"order_status", "order_status", "orderStatus", "OrderStatus", "ORDER_STATUS"},
        {"HTTPServer", "http_server", "httpServer", "HttpServer", "HTTP_SERVER"},
        {"id", "id", "id", "Id", "ID"},
        {"Line2Text", "line2_text", "line2Text", "Line2Text", "LINE2_TEXT"},
        {"line_2", "line_2", "line2", "Line2", "LINE_2"},
    };
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_str_eq(ts_name_snake(&arena, cases[i].name), cases[i].snake);
        cr_expect_str_eq(ts_name_camel(&arena, cases[i].name), cases[i].camel);
        cr_expect_str_eq(ts_name_pascal(&arena, cases[i].name), cases[i].pascal);
        cr_expect_str_eq(ts_name_upper(&arena, cases[i].name), cases[i].upper);
    }
    rt_arena_done(&arena);
}

static const char *nearest(const char *wanted, const char *a, const char *b)
{
    struct rt_suggest suggest = rt_suggest_init(wanted);
    rt_suggest_try(&suggest, a);
    rt_suggest_try(&suggest, b);
    return suggest.best ? suggest.best : "";
}

Test(suggest, a_name_is_suggested_within_a_third_of_its_length)
{
    cr_expect_str_eq(nearest("strng", "bytes", "string"), "string");
    cr_expect_str_eq(nearest("GTE", "PUT", "GET"), "GET");
    cr_expect_str_eq(nearest("price", "Price", "prise"), "Price");
    cr_expect_str_eq(nearest("xy", "ab", "cd"), "");
    cr_expect_str_eq(nearest("title", "name", "id"), "");
}
