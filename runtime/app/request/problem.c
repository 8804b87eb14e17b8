#include "runtime/app/request/problem.h"

#include <stdio.h>

#define BUILT_IN(symbol, name, status, message)                                                    \
    const struct rt_problem rt_problem_##symbol = {name, status, message}

BUILT_IN(invalid, "invalid", 400, "The request is not valid");
BUILT_IN(unauthenticated, "not_authorized", 401, "Not authorized");
BUILT_IN(cross_site, "cross_site", 403, "This comes from a page of another site");
BUILT_IN(forbidden, "forbidden", 403, "Not allowed");
BUILT_IN(not_found, "not_found", 404, "Not found");
BUILT_IN(no_route, "no_route", 404, "There is nothing at this address");
BUILT_IN(method, "method_not_allowed", 405, "This method is not offered here");
BUILT_IN(conflict, "conflict", 409, "There is such a record already");
BUILT_IN(version, "version_mismatch", 412, "The record has changed since it was read");
BUILT_IN(media_type, "media_type", 415,
         "The body must be application/json in UTF-8, not compressed");
BUILT_IN(idempotency, "idempotency_key_reused", 422,
         "This Idempotency-Key was used with another request");
BUILT_IN(too_many, "too_many_requests", 429, "Too many requests, try again later");
BUILT_IN(event, "event_invalid", 500,
         "The change does not fit into the event that would tell of it, so it was not made");
BUILT_IN(internal, "internal", 500, "Something went wrong on our side");
BUILT_IN(overloaded, "overloaded", 503, "Too busy, try again in a moment");

static bool is_built_in(const struct rt_problem *problem)
{
    static const struct rt_problem *const all[] = {
        &rt_problem_invalid,    &rt_problem_cross_site,  &rt_problem_unauthenticated,
        &rt_problem_forbidden,  &rt_problem_not_found,   &rt_problem_no_route,
        &rt_problem_method,     &rt_problem_conflict,    &rt_problem_version,
        &rt_problem_media_type, &rt_problem_idempotency, &rt_problem_too_many,
        &rt_problem_internal,   &rt_problem_overloaded,  &rt_problem_event,
    };
    /* By name: emitted tables have rows of their own for the built-in errors they list. */
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        if (strcmp(all[i]->name, problem->name) == 0)
            return true;
    }
    return false;
}

static void put_string(struct rt_buf *out, const char *lead, const char *text)
{
    rt_buf_puts(out, lead);
    rt_json_string(rt_str(text), out);
}

static void put_head(struct rt_buf *out, int status, const char *type, const char *title,
                     const char *detail)
{
    put_string(out, "{\"type\":", type);
    put_string(out, ",\"title\":", title);
    rt_buf_printf(out, ",\"status\":%d", status);
    put_string(out, ",\"detail\":", detail);
    rt_buf_puts(out, ",\"errors\":[");
}

static void put_violation(struct rt_buf *out, const struct rt_violation *violation)
{
    put_string(out, "{\"message\":", violation->message);
    if (*violation->pointer) {
        put_string(out, ",\"field\":", violation->pointer + 1);
        put_string(out, ",\"pointer\":", violation->pointer);
    }
    put_string(out, ",\"rule\":", violation->rule);
    rt_buf_byte(out, '}');
}

void rt_problem_write(const struct rt_problem *problem, const struct rt_violations *violations,
                      struct rt_buf *out)
{
    if (is_built_in(problem)) {
        put_head(out, problem->status, "about:blank", rt_status_reason(problem->status),
                 problem->message);
    } else {
        char type[128];
        snprintf(type, sizeof(type), "urn:error:%s", problem->name);
        put_head(out, problem->status, type, problem->message, problem->message);
    }
    size_t n = violations ? violations->count : 0;
    for (size_t i = 0; i < n && i < RT_VIOLATIONS_MAX; i++) {
        if (i > 0)
            rt_buf_byte(out, ',');
        put_violation(out, &violations->items[i]);
    }
    if (n == 0) {
        put_string(out, "{\"message\":", problem->message);
        rt_buf_byte(out, '}');
    }
    rt_buf_puts(out, "]}");
}

void rt_problem_write_status(int status, const char *message, struct rt_buf *out)
{
    put_head(out, status, "about:blank", rt_status_reason(status), message);
    put_string(out, "{\"message\":", message);
    rt_buf_puts(out, "}]}");
}
