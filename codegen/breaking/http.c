/* HTTP: routes, their callers, what they take and answer. */
#include "codegen/breaking/compare.h"

/* From the widest access to the narrowest. */
static int narrowness(enum ts_access access)
{
    return access == TS_ACCESS_PUBLIC ? 0 : access == TS_ACCESS_USER ? 1 : 2;
}

static bool same_message(const struct ts_message *a, const struct ts_message *b)
{
    return a == b || (a && b && strcmp(a->name, b->name) == 0 &&
                      strcmp(a->service->name, b->service->name) == 0);
}

/* One of them at a route's place, the old place shown. */
#define REPORT(c, code, old, now, ...)                                                             \
    ts_label(ts_report((c)->diags, (code), (now)->span, __VA_ARGS__), (old)->span, "it was this")

static void compare_shapes(struct ts_comparison *c, const struct ts_route *old,
                           const struct ts_route *now, const char *words)
{
    if (old->status != now->status)
        REPORT(c, TS_T_ROUTE_STATUS, old, now, "%s answers %u, %u before", words, now->status,
               old->status);
    if (!same_message(old->reply, now->reply) || old->page != now->page)
        REPORT(c, TS_T_ROUTE_REPLY, old, now, "%s answers %s%s, %s%s before", words,
               now->page ? "a page of " : "", now->reply ? now->reply->name : "nothing",
               old->page ? "a page of " : "", old->reply ? old->reply->name : "nothing");
    if (!same_message(old->body, now->body))
        REPORT(c, TS_T_ROUTE_BODY, old, now, "%s takes %s, %s before", words,
               now->body ? now->body->name : "no body", old->body ? old->body->name : "no body");
    if (narrowness(now->access) > narrowness(old->access))
        REPORT(c, TS_T_ROUTE_ACCESS, old, now, "%s is refused to %s", words,
               old->access == TS_ACCESS_PUBLIC ? "clients that are not signed in"
                                               : "users who do not own the record");
    if (old->idempotent && !now->idempotent)
        REPORT(c, TS_T_ROUTE_IDEMPOTENT, old, now, "%s ignores Idempotency-Key", words);
    bool fewer =
        now->limit.count > 0 &&
        (old->limit.count == 0 || (double)now->limit.count * (double)old->limit.period_ms <
                                      (double)old->limit.count * (double)now->limit.period_ms);
    if (fewer)
        REPORT(c, TS_T_ROUTE_LIMIT, old, now, "%s admits fewer requests", words);
}

static void compare_params(struct ts_comparison *c, const struct ts_route *old,
                           const struct ts_route *now, const char *words)
{
    for (size_t i = 0; i < old->n_params; i++) {
        const struct ts_param *was = &old->params[i], *is = &now->params[i];
        const char *tighter = ts_type_tighter(c->arena, &was->type, &is->type);
        if (ts_type_compare(&was->type, &is->type) == TS_TYPE_OTHER)
            REPORT(c, TS_T_PARAM_TYPE, was, is, "%s: `%s` is a %s, a %s before", words, is->name,
                   ts_type_words(c->arena, &is->type), ts_type_words(c->arena, &was->type));
        else if (tighter)
            REPORT(c, TS_T_PARAM_TYPE, was, is, "%s: `%s` is refused: %s", words, is->name,
                   tighter);
    }
}

static const struct ts_param *query_named(const struct ts_route *route, const char *name)
{
    for (size_t i = 0; i < route->n_queries; i++)
        if (strcmp(route->queries[i].name, name) == 0)
            return &route->queries[i];
    return NULL;
}

static bool has_sort(const struct ts_route *route, const char *name)
{
    for (size_t i = 0; i < route->n_sorts; i++)
        if (strcmp(route->sorts[i]->name, name) == 0)
            return true;
    return false;
}

static void compare_queries(struct ts_comparison *c, const struct ts_route *old,
                            const struct ts_route *now, const char *words)
{
    for (size_t i = 0; i < old->n_queries; i++) {
        const struct ts_param *was = &old->queries[i], *is = query_named(now, was->name);
        if (!is) {
            ts_label(ts_report(c->diags, TS_T_QUERY_GONE, was->span,
                               "%s refuses the query `%s`, which it took", words, was->json_name),
                     now->span, "not in this any more");
            continue;
        }
        const char *tighter = ts_type_tighter(c->arena, &was->type, &is->type);
        if (ts_type_compare(&was->type, &is->type) == TS_TYPE_OTHER || tighter)
            REPORT(c, TS_T_QUERY_TYPE, was, is, "%s: the query `%s` is a %s%s%s", words,
                   is->json_name, ts_type_words(c->arena, &is->type), tighter ? ": " : "",
                   tighter ? tighter : "");
    }
    for (size_t i = 0; i < old->n_sorts; i++)
        if (!has_sort(now, old->sorts[i]->name))
            REPORT(c, TS_T_SORT_GONE, old, now, "%s cannot be sorted by `%s` any more", words,
                   old->sorts[i]->name);
}

static void compare_errors(struct ts_comparison *c, const struct ts_route *old,
                           const struct ts_route *now, const char *words)
{
    for (size_t i = 0; i < now->n_errors; i++) {
        bool known = false;
        for (size_t k = 0; k < old->n_errors && !known; k++)
            known = old->errors[k]->status == now->errors[i]->status ||
                    strcmp(old->errors[k]->name, now->errors[i]->name) == 0;
        if (!known)
            REPORT(c, TS_T_ROUTE_ERROR_NEW, old, now, "%s may answer %u `%s`, which it never did",
                   words, now->errors[i]->status, now->errors[i]->name);
    }
}

static void compare_problems(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_problems; i++)
        for (size_t k = 0; k < c->now->n_problems; k++) {
            const struct ts_problem *was = c->old->problems[i], *is = c->now->problems[k];
            if (strcmp(was->name, is->name) != 0)
                continue;
            if (was->status != is->status)
                REPORT(c, TS_T_PROBLEM_STATUS, was, is, "the error `%s` is a %u, a %u before",
                       is->name, is->status, was->status);
            else if (strcmp(was->text, is->text) != 0)
                REPORT(c, TS_T_PROBLEM_TEXT, was, is, "the error `%s` says something else",
                       is->name);
        }
}

static void compare_session(struct ts_comparison *c)
{
    const struct ts_session *was = c->old->session, *is = c->now->session;
    if (!was)
        return;
    if (!is) {
        ts_report(c->diags, TS_T_SESSION_GONE, was->span, "nobody can be signed in any more");
        return;
    }
    if (!same_message(was->user, is->user) || (was->revoked_by && !is->revoked_by))
        REPORT(c, TS_T_SESSION_GONE, was, is, "sessions of today are not those of the new system");
    else if (is->lifetime_ms < was->lifetime_ms)
        REPORT(c, TS_T_SESSION_SHORTER, was, is, "a sign-in lasts shorter");
}

static void compare_route(struct ts_comparison *c, const struct ts_route *old)
{
    const char *words = ts_route_words(c->arena, old);
    const struct ts_route *now = ts_same_route(c->now, old);
    if (!now) {
        ts_report(c->diags, TS_T_ROUTE_GONE, old->span, "%s is gone", words);
        return;
    }
    compare_shapes(c, old, now, words);
    compare_params(c, old, now, words);
    compare_queries(c, old, now, words);
    compare_errors(c, old, now, words);
}

void ts_break_http(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        if (!ts_same_service(c->now, service->name))
            ts_report(c->diags, TS_T_SERVICE_GONE, service->span,
                      "the service `%s` is gone, with everything it has stored", service->name);
        for (size_t k = 0; k < service->n_routes; k++)
            compare_route(c, service->routes[k]);
    }
    compare_problems(c);
    compare_session(c);
}
