#include <criterion/criterion.h>

#include "runtime/base/buf.h"

Test(buf, bytes_are_appended_printed_and_consumed)
{
    struct rt_buf buf = {0};
    rt_buf_puts(&buf, "abc");
    rt_buf_printf(&buf, "-%05d-", 42);
    rt_buf_byte(&buf, 'z');
    cr_assert_str_eq(rt_buf_cstr(&buf), "abc-00042-z");
    rt_buf_consume(&buf, 4);
    cr_assert_str_eq(rt_buf_cstr(&buf), "00042-z");
    for (int i = 0; i < 1000; i++)
        rt_buf_printf(&buf, "%d,", i);
    cr_assert_eq(buf.len, 7 + 10 * 2 + 90 * 3 + 900 * 4);
    rt_buf_done(&buf);
}
