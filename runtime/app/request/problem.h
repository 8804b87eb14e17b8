/*
 * Errors as application/problem+json (RFC 9457), the same from every service:
 *
 *   {"type":"about:blank","title":"Bad Request","status":400,"detail":"...",
 *    "errors":[{"message":"Must be at least
 * 0.01","field":"price","pointer":"/price","rule":"min"}]}
 *
 * `errors` has at least one entry. `field` is the JSON pointer (RFC 6901) without its first slash;
 * entries about the whole request have neither field nor pointer. `type` is "about:blank" for what
 * HTTP itself names, and "urn:error:NAME" for the errors that a schema declares, whose title is
 * their message.
 */
#ifndef RT_APP_PROBLEM_H
#define RT_APP_PROBLEM_H

#include "runtime/app/service.h"

#define RT_PROBLEM_TYPE "application/problem+json"

/* Built-in errors; schemas may name them too. */
extern const struct rt_problem rt_problem_invalid;         /* 400 */
extern const struct rt_problem rt_problem_unauthenticated; /* 401 */
extern const struct rt_problem rt_problem_cross_site;      /* 403 */
extern const struct rt_problem rt_problem_forbidden;
extern const struct rt_problem rt_problem_not_found;   /* 404 */
extern const struct rt_problem rt_problem_no_route;    /* 404 */
extern const struct rt_problem rt_problem_method;      /* 405 */
extern const struct rt_problem rt_problem_conflict;    /* 409 */
extern const struct rt_problem rt_problem_version;     /* 412 */
extern const struct rt_problem rt_problem_media_type;  /* 415 */
extern const struct rt_problem rt_problem_idempotency; /* 422 */
extern const struct rt_problem rt_problem_too_many;    /* 429 */
extern const struct rt_problem rt_problem_internal;    /* 500 */
extern const struct rt_problem rt_problem_event;       /* 500 */
extern const struct rt_problem rt_problem_overloaded;  /* 503 */

/* Appends the body. `violations` may be NULL or empty: the problem's own message is the error
 * then. `type` and `title` follow from whether `problem` is one of the above. */
void rt_problem_write(const struct rt_problem *problem, const struct rt_violations *violations,
                      struct rt_buf *out);
/* The same for an error that the HTTP server answers itself. */
void rt_problem_write_status(int status, const char *message, struct rt_buf *out);

#endif
