/*
 * The one place where a service writes its log: a JSON object a line on stderr,
 *
 *   {"time":"2026-01-31T12:00:00.000Z","level":"error","service":"orders","event":"timer",
 *    "message":"..."}
 *
 * Threads: any; a line is one write. Secrets never come here: callers pass names, ids, counts.
 */
#ifndef RT_APP_LOG_H
#define RT_APP_LOG_H

enum rt_log_level { RT_LOG_INFO, RT_LOG_WARN, RT_LOG_ERROR };

/* The name is borrowed for good. Before this, lines carry no service. */
void rt_log_init(const char *service);

/* `event` is a fixed word for machines, the rest a sentence for people. */
void rt_log(enum rt_log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
