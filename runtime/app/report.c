#include "runtime/app/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/wire/wire.h"

static void member(struct rt_buf *line, const char *name, const char *value)
{
    rt_buf_printf(line, "%s\"%s\":", line->len ? "," : "{", name);
    rt_json_string(rt_str(value), line);
}

void rt_report(enum rt_report_level level, const char *service, const char *event,
               const char *format, ...)
{
    static const char *const levels[] = {"info", "warn", "error"};
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);

    char time[RT_TIME_TEXT_LEN + 1];
    rt_time_format(rt_clock_now_ms(), time);
    struct rt_buf line = {0};
    member(&line, "time", time);
    member(&line, "level", levels[level]);
    member(&line, "service", service);
    member(&line, "event", event);
    member(&line, "message", message);
    rt_buf_puts(&line, "}\n");
    /* Without a writable stderr there is nowhere to report. */
    ssize_t written = write(STDERR_FILENO, line.data, line.len);
    (void)written;
    rt_buf_done(&line);
}
