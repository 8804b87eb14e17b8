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

static void put(struct rt_buf *line)
{
    rt_buf_puts(line, "}\n");
    /* Where stderr cannot be written there is nobody to tell. */
    ssize_t written = write(STDERR_FILENO, line->data, line->len);
    (void)written;
    rt_buf_done(line);
}

static struct rt_buf begin(int64_t now_ms, const char *level, const char *service,
                           const char *event)
{
    char time[RT_TIME_TEXT_LEN + 1];
    struct rt_buf line = {0};
    rt_time_format(now_ms, time);
    member(&line, "time", time);
    member(&line, "level", level);
    member(&line, "service", service);
    member(&line, "event", event);
    return line;
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
    struct rt_buf line = begin(rt_clock_now_ms(), levels[level], service, event);
    member(&line, "message", message);
    put(&line);
}

/* A flood of refusals is not to fill the disk: of each second the first lines are written, and how
 * many were not. */
static bool is_within_rate(int64_t now_ms, const char *service)
{
    static int64_t second;
    static unsigned n_lines;
    if (now_ms / 1000 != second) {
        unsigned n_dropped = n_lines > RT_SECURITY_LINES_MAX ? n_lines - RT_SECURITY_LINES_MAX : 0;
        second = now_ms / 1000;
        n_lines = 0;
        if (n_dropped > 0)
            rt_report(RT_REPORT_WARN, service, "security_lines_dropped", "%u", n_dropped);
    }
    return n_lines++ < RT_SECURITY_LINES_MAX;
}

void rt_report_security(const char *service, const struct rt_security_event *event)
{
    int64_t now_ms = rt_clock_now_ms();
    if (!is_within_rate(now_ms, service))
        return;
    struct rt_buf line = begin(now_ms, "security", service, event->event);
    const struct {
        const char *name;
        const char *value;
    } members[] = {{"route", event->route},
                   {"user", event->user},
                   {"address", event->address},
                   {"request", event->request}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (members[i].value)
            member(&line, members[i].name, members[i].value);
    }
    put(&line);
}
