/*
 * What a daemon says about itself: one JSON object a line on stderr, such as
 * {"time":"...","level":"error","service":"orders","event":"store_failed","message":"..."}.
 * Only the app writes these; the libraries under it report by return value.
 *
 * Threads: any; a line is one write. Secrets never get here: callers pass names and causes, not
 * what a client sent.
 */
#ifndef RT_APP_REPORT_H
#define RT_APP_REPORT_H

enum rt_report_level { RT_REPORT_INFO, RT_REPORT_WARN, RT_REPORT_ERROR };

/* `event` is a short snake_case name that tools can filter by. */
void rt_report(enum rt_report_level level, const char *service, const char *event,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
