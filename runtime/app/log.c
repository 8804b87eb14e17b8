#include "runtime/app/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/wire/wire.h"

enum { MESSAGE_MAX = 2048 };

static const char *service_name;

void rt_log_init(const char *service)
{
    service_name = service;
}

static void member(struct rt_buf *line, const char *name, const char *value)
{
    rt_buf_printf(line, "%s\"%s\":", line->len > 1 ? "," : "", name);
    rt_json_string(rt_str(value), line);
}

void rt_log(enum rt_log_level level, const char *event, const char *format, ...)
{
    static const char *const levels[] = {"info", "warn", "error"};
    char message[MESSAGE_MAX];
    char time[RT_TIME_TEXT_LEN + 1];
    struct rt_buf line = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    rt_time_format(rt_clock_now_ms(), time);
    rt_buf_byte(&line, '{');
    member(&line, "time", time);
    member(&line, "level", levels[level]);
    if (service_name)
        member(&line, "service", service_name);
    member(&line, "event", event);
    member(&line, "message", message);
    rt_buf_puts(&line, "}\n");
    /* A log that cannot be written must not stop the service. */
    (void)!write(STDERR_FILENO, line.data, line.len);
    rt_buf_done(&line);
}
