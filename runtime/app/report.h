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

/* What the security log says of a request: who, from where, and nothing else that is personal.
 * Members that are NULL are left out. */
struct rt_security_event {
    const char *event;   /* "session_opened", "session_closed", "credentials_refused", ... */
    const char *route;   /* its name in the schema */
    const char *user;    /* an id */
    const char *address; /* of the client */
    const char *request; /* the id that the ingress gave it */
};

enum { RT_SECURITY_LINES_MAX = 200 }; /* a second, of one process; what is beyond is counted */

/* Writes a line of level "security". Threads: the loop's. */
void rt_report_security(const char *service, const struct rt_security_event *event);

#endif
