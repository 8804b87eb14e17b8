/* The security log: who came in, who was refused, and why, for an operator to find again. */
#include "runtime/app/report.h"
#include "runtime/app/request/call.h"

enum { REQUEST_ID_MAX = 64 };

/* What the proxy in front calls the request; a client that speaks to us itself names nothing. */
static const char *request_id(const struct rt_call *call)
{
    const struct rt_exchange *exchange = call->exchange;
    struct rt_address peer;
    struct rt_str id = rt_exchange_header(exchange, RT_STR("X-Request-Id"));
    bool usable = id.len > 0 && id.len <= REQUEST_ID_MAX && rt_http_token(id);
    if (!usable || call->dispatcher->options->trusted_hops == 0 ||
        !rt_address_parse(exchange->peer, &peer) || !peer.loopback)
        return NULL;
    return rt_arena_strndup(exchange->arena, id.data, id.len);
}

/* What a request that failed was about, or NULL: nothing that concerns security. */
static const char *refusal_of(const struct rt_call *call)
{
    if (call->problem == &rt_problem_cross_site)
        return "origin_refused";
    if (call->problem == &rt_problem_too_many)
        return "limit_refused";
    if (call->problem == &rt_problem_unauthenticated)
        return call->credential ? "token_refused" : NULL;
    /* A route with work checks a password. */
    return call->problem->status == 401 ? "credentials_refused" : NULL;
}

void rt_call_audit(struct rt_call *call)
{
    const char *event = NULL;
    const char *user = call->ctx.session ? call->session.user_id : NULL;
    if (call->problem) {
        event = refusal_of(call);
    } else if (call->opened_for) {
        event = "session_opened";
        user = call->opened_for;
    } else if (call->session_closed) {
        event = "session_closed";
    }
    if (event)
        rt_report_security(call->dispatcher->owner->service->name,
                           &(struct rt_security_event){.event = event,
                                                       .route = call->route->name,
                                                       .user = user,
                                                       .address = rt_call_client(call)->text,
                                                       .request = request_id(call)});
}
