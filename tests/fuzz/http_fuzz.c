/*
 * Feeds a stream of bytes to the HTTP parser as a whole and in portions (the first byte of the
 * input says how large), and asks for the same requests from both. Then decodes and routes the
 * stream as a path and walks it as a query.
 */
#include "runtime/base/error.h"
#include "runtime/http/router.h"
#include "runtime/http/url.h"
#include "tests/support/http_transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_both_ways(struct rt_str input, size_t step)
{
    static const struct rt_http_limits limits = {.head_max = 256, .headers_max = 6, .body_max = 64};
    struct rt_buf whole = {0};
    struct rt_buf parts = {0};
    http_transcript(input, input.len, &limits, &whole);
    http_transcript(input, step, &limits, &parts);
    RT_ASSERT(rt_bytes_eq(rt_buf_bytes(&whole), rt_buf_bytes(&parts)));
    rt_buf_done(&whole);
    rt_buf_done(&parts);
}

static void take_as_url(struct rt_str input)
{
    static const struct rt_route_pattern patterns[] = {
        {RT_GET, "/"}, {RT_GET, "/a/:b"}, {RT_POST, "/a/b"}, {RT_GET, "/:a/:b/c"}};
    struct rt_arena arena;
    struct rt_router *router = NULL;
    struct rt_route_match match;
    struct rt_url_param param;
    struct rt_str text;
    rt_arena_init(&arena, 0);
    RT_ASSERT(rt_router_new(patterns, 4, &router, NULL) == 0);
    if (rt_router_match(router, RT_GET, input, &arena, &match) == RT_ROUTE_FOUND)
        for (size_t i = 0; i < match.n_params; i++)
            RT_ASSERT(match.params[i].len > 0);
    while (rt_query_next(&input, &param))
        if (memchr(param.name.data, '%', param.name.len) &&
            rt_url_decode(param.name, RT_URL_PLUS_IS_SPACE, &arena, &text))
            RT_ASSERT(rt_utf8_valid(text) && !memchr(text.data, '\0', text.len));
    rt_router_free(router);
    rt_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct rt_str input = rt_str_n((const char *)data + 1, size - 1);
    read_both_ways(input, data[0] % 32 + 1u);
    take_as_url(input);
    return 0;
}
