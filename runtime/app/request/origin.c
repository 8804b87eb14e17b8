/* Requests that a page of another site makes a browser send: they carry the user's cookies. */
#include "runtime/app/request/call.h"
#include "runtime/app/request/cors.h"

/* Takes a port that its scheme implies off an authority. */
static struct rt_str without_default_port(struct rt_str authority, struct rt_str port)
{
    if (authority.len > port.len &&
        rt_str_eq(rt_str_n(authority.data + authority.len - port.len, port.len), port))
        authority.len -= port.len;
    return authority;
}

/* origin = scheme "://" host [ ":" port ], or "null" (RFC 6454 section 7). The scheme may differ
 * from ours: a proxy in front speaks TLS, and we do not know. */
static bool is_own_origin(struct rt_str origin, struct rt_str host)
{
    struct rt_str https = RT_STR("https://");
    struct rt_str http = RT_STR("http://");
    bool tls = rt_str_starts(origin, https);
    if (!tls && !rt_str_starts(origin, http))
        return false;
    size_t scheme = tls ? https.len : http.len;
    struct rt_str port = tls ? RT_STR(":443") : RT_STR(":80");
    struct rt_str authority = rt_str_n(origin.data + scheme, origin.len - scheme);
    return rt_str_eq_nocase(without_default_port(authority, port),
                            without_default_port(host, port));
}

/* Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin alone; what is
 * said has to be us, or the user at the address bar. Clients that are no browsers say nothing. */
const struct rt_problem *rt_call_origin(const struct rt_call *call)
{
    const struct rt_exchange *exchange = call->exchange;
    if (rt_cors_admits(call->dispatcher->owner->service->cors, exchange))
        return NULL;
    if (exchange->method == RT_GET || exchange->method == RT_HEAD || exchange->method == RT_OPTIONS)
        return NULL;
    struct rt_str site = rt_exchange_header(exchange, RT_STR("Sec-Fetch-Site"));
    if (site.data && !rt_str_eq(site, RT_STR("same-origin")) && !rt_str_eq(site, RT_STR("none")))
        return &rt_problem_cross_site;
    struct rt_str origin = rt_exchange_header(exchange, RT_STR("Origin"));
    struct rt_str host = rt_exchange_header(exchange, RT_STR("Host"));
    if (origin.data && !is_own_origin(origin, host))
        return &rt_problem_cross_site;
    return NULL;
}
