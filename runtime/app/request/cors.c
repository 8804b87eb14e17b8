#include "runtime/app/request/cors.h"

enum { HEADERS_MAX = 16, PREFLIGHT_MAX = 4 };

/* The origin of the page when the schema names it, else an empty slice. */
static struct rt_str known_origin(const struct rt_cors *cors, const struct rt_exchange *exchange)
{
    struct rt_str origin = rt_exchange_header(exchange, RT_STR("Origin"));
    for (size_t i = 0; cors && origin.data && i < cors->n_origins; i++)
        if (rt_str_eq(origin, rt_str(cors->origins[i])))
            return origin;
    return (struct rt_str){NULL, 0};
}

bool rt_cors_admits(const struct rt_cors *cors, const struct rt_exchange *exchange)
{
    return known_origin(cors, exchange).data &&
           (cors->credentials || !rt_exchange_header(exchange, RT_STR("Cookie")).data);
}

void rt_cors_reply(const struct rt_cors *cors, struct rt_exchange *exchange,
                   const struct rt_reply *reply)
{
    struct rt_header headers[HEADERS_MAX];
    struct rt_str origin = known_origin(cors, exchange);
    size_t n = reply->n_headers;
    if (!cors) {
        rt_exchange_reply(exchange, reply);
        return;
    }
    RT_ASSERT(n + PREFLIGHT_MAX <= HEADERS_MAX);
    for (size_t i = 0; i < n; i++)
        headers[i] = reply->headers[i];
    /* Also without an origin: a cache must not give one page what it fetched for another. */
    headers[n++] = (struct rt_header){RT_STR("Vary"), RT_STR("Origin")};
    if (origin.data) {
        headers[n++] = (struct rt_header){RT_STR("Access-Control-Allow-Origin"), origin};
        headers[n++] =
            (struct rt_header){RT_STR("Access-Control-Expose-Headers"),
                               RT_STR("ETag, Location, Retry-After, Idempotency-Replayed")};
        if (cors->credentials)
            headers[n++] =
                (struct rt_header){RT_STR("Access-Control-Allow-Credentials"), RT_STR("true")};
    }
    struct rt_reply all = *reply;
    all.headers = headers;
    all.n_headers = n;
    rt_exchange_reply(exchange, &all);
}

void rt_cors_options(const struct rt_cors *cors, struct rt_exchange *exchange, struct rt_str allow)
{
    struct rt_header headers[PREFLIGHT_MAX] = {{RT_STR("Allow"), allow}};
    size_t n = 1;
    struct rt_str method = rt_exchange_header(exchange, RT_STR("Access-Control-Request-Method"));
    if (method.data && known_origin(cors, exchange).data) {
        headers[n++] = (struct rt_header){RT_STR("Access-Control-Allow-Methods"), allow};
        headers[n++] = (struct rt_header){
            RT_STR("Access-Control-Allow-Headers"),
            RT_STR("Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key")};
        headers[n++] = (struct rt_header){RT_STR("Access-Control-Max-Age"), RT_STR("600")};
    }
    const struct rt_reply reply = {.status = 204, .headers = headers, .n_headers = n};
    rt_cors_reply(cors, exchange, &reply);
}
