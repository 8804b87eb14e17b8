/* Rate limits of routes: which buckets a request draws from. */
#include "runtime/app/request/call.h"

const struct rt_address *rt_call_client(struct rt_call *call)
{
    const struct rt_exchange *exchange = call->exchange;
    if (call->client.text[0] == '\0')
        rt_address_client(exchange->peer, exchange->headers, exchange->n_headers,
                          call->dispatcher->options->trusted_hops, &call->client);
    return &call->client;
}

static struct rt_str key_text(struct rt_call *call, const struct rt_limit_key *key)
{
    switch (key->kind) {
    case RT_LIMIT_FIELD:
        return rt_str(rt_text_member(key->field, call->request.body));
    case RT_LIMIT_USER:
        if (call->ctx.session)
            return rt_str(call->session.user_id);
        break;
    case RT_LIMIT_ADDRESS:
        break;
    }
    return rt_str(rt_call_client(call)->group);
}

const struct rt_problem *rt_call_limit(struct rt_call *call, bool decoded)
{
    const struct rt_rate_limit *limit = &call->route->limit;
    for (size_t i = 0; i < limit->n_keys && limit->count > 0; i++) {
        const struct rt_limit_key *key = &limit->keys[i];
        if ((key->kind == RT_LIMIT_FIELD) != decoded)
            continue;
        /* The route and the key's place are part of the bucket's name. */
        size_t route = (size_t)(call->route - call->dispatcher->owner->service->routes);
        uint64_t seed = call->dispatcher->rate_seed + route * 64 + i;
        uint64_t hash = rt_hash(rt_str_bytes(key_text(call, key)), seed);
        if (!rt_rate_take(&call->dispatcher->rate, hash, limit->count, limit->period_ms,
                          call->ctx.now_ms, &call->retry_after_ms))
            return &rt_problem_too_many;
    }
    return NULL;
}
