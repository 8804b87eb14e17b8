/*
 * Pairs of lines, a pattern and a text as hexadecimal bytes, to one line each: 1 when the text
 * fits, 0 when it does not, and why when the pattern is refused.
 */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/buf.h"
#include "runtime/base/pattern.h"

/* False at the end of the input. */
static bool read_line(struct rt_buf *out)
{
    unsigned byte;
    int c;
    rt_buf_clear(out);
    while (scanf("%2x", &byte) == 1) {
        rt_buf_byte(out, (uint8_t)byte);
        c = getchar();
        if (c == '\n')
            return true;
        ungetc(c, stdin);
    }
    return false;
}

int main(void)
{
    struct rt_buf pattern = {0};
    struct rt_buf text = {0};
    /* Each line ends in a 2e, which keeps it from being empty. */
    while (read_line(&pattern) && read_line(&text)) {
        struct rt_error error;
        struct rt_pattern *made = NULL;
        pattern.len--;
        text.len--;
        if (rt_pattern_new(rt_buf_cstr(&pattern), 100, &made, &error) != 0)
            puts(error.message);
        else
            puts(rt_pattern_match(made, rt_str_n((const char *)text.data, text.len)) ? "1" : "0");
        rt_pattern_free(made);
    }
    rt_buf_done(&pattern);
    rt_buf_done(&text);
    return 0;
}
