/* Rate limits of routes: which buckets a request draws from. */
#include "runtime/app/request/call.h"

static bool is_loopback(struct rt_str address)
{
    return rt_str_starts(address, RT_STR("127.")) || rt_str_eq(address, RT_STR("::1"));
}

/* The socket's peer, or what our own proxy in front says: it appends the address that it saw to
 * X-Forwarded-For, so only the last entry is its word. */
static struct rt_str client_address(const struct rt_call *call)
{
    const struct rt_exchange *exchange = call->exchange;
    if (!call->dispatcher->options->trust_proxy || !is_loopback(exchange->peer))
        return exchange->peer;
    struct rt_str forwarded = rt_exchange_header(exchange, RT_STR("X-Forwarded-For"));
    const char *comma = forwarded.len > 0 ? memrchr(forwarded.data, ',', forwarded.len) : NULL;
    if (comma) {
        size_t skip = (size_t)(comma - forwarded.data) + 1;
        forwarded = rt_str_n(forwarded.data + skip, forwarded.len - skip);
    }
    forwarded = rt_str_trim(forwarded);
    return forwarded.len > 0 ? forwarded : exchange->peer;
}

static struct rt_str key_text(const struct rt_call *call, const struct rt_limit_key *key)
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
    return client_address(call);
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
