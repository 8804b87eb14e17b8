#include "tests/support/http_fixture.h"

#include <stdlib.h>

#include <criterion/criterion.h>

enum { LATER_TURNS = 3, LONG_GRACE_MS = 60000, SHORT_GRACE_MS = 50 };

static void reply_text(struct rt_exchange *exchange, int status, struct rt_bytes body)
{
    struct rt_reply reply = {.status = status, .content_type = "text/plain", .body = body};
    rt_exchange_reply(exchange, &reply);
}

static void on_later(uv_idle_t *idle)
{
    struct http_fixture *f = idle->data;
    if (--f->later_turns > 0)
        return;
    uv_idle_stop(idle);
    struct rt_exchange *exchange = f->waiting;
    f->waiting = NULL;
    f->replying = true;
    reply_text(exchange, 200, rt_str_bytes(RT_STR("later")));
    f->replying = false;
}

static void on_closed(void *arg)
{
    struct http_fixture *f = arg;
    f->closed = true;
    uv_close((uv_handle_t *)&f->stop, NULL);
    uv_close((uv_handle_t *)&f->later, NULL);
}

static void close_server(struct http_fixture *f, uint32_t grace_ms)
{
    if (!f->server)
        return;
    rt_http_server_close(f->server, grace_ms, on_closed, f);
    f->server = NULL;
}

static void on_request(void *arg, struct rt_exchange *exchange)
{
    struct http_fixture *f = arg;
    f->requests++;
    f->nested = f->nested || f->replying;
    if (rt_str_eq(exchange->path, RT_STR("/echo"))) {
        reply_text(exchange, 200, exchange->body);
    } else if (rt_str_eq(exchange->path, RT_STR("/empty"))) {
        rt_exchange_reply(exchange, &(struct rt_reply){.status = 204});
    } else if (rt_str_eq(exchange->path, RT_STR("/later")) && !f->waiting) {
        f->waiting = exchange;
        f->later_turns = LATER_TURNS;
        uv_idle_start(&f->later, on_later);
    } else if (rt_str_eq(exchange->path, RT_STR("/hold"))) {
        f->held = exchange;
    } else if (rt_str_eq(exchange->path, RT_STR("/release")) && f->held) {
        reply_text(f->held, 200, rt_str_bytes(RT_STR("released")));
        f->held = NULL;
        reply_text(exchange, 200, rt_str_bytes(RT_STR("done")));
    } else if (rt_str_eq(exchange->path, RT_STR("/big"))) {
        reply_text(exchange, 200, rt_bytes(f->big_body, FIXTURE_BIG_LEN));
    } else if (rt_str_eq(exchange->path, RT_STR("/inject"))) {
        struct rt_header header = {RT_STR("X-Test"), RT_STR("a\r\nSet-Cookie: stolen=1")};
        struct rt_reply reply = {.status = 200, .headers = &header, .n_headers = 1};
        rt_exchange_reply(exchange, &reply);
    } else if (rt_str_eq(exchange->path, RT_STR("/peer"))) {
        reply_text(exchange, 200, rt_str_bytes(exchange->peer));
    } else if (rt_str_eq(exchange->path, RT_STR("/stop"))) {
        close_server(f, LONG_GRACE_MS);
        reply_text(exchange, 200, rt_str_bytes(RT_STR("stopping")));
    } else if (rt_str_eq(exchange->path, RT_STR("/halt"))) {
        close_server(f, SHORT_GRACE_MS);
        reply_text(exchange, 200, rt_str_bytes(RT_STR("halting")));
    } else if (rt_str_eq(exchange->path, RT_STR("/count"))) {
        char *text = rt_arena_printf(exchange->arena, "%d", f->requests);
        reply_text(exchange, 200, rt_str_bytes(rt_str(text)));
    } else {
        char *text =
            rt_arena_printf(exchange->arena, "%s %.*s?%.*s", rt_method_name(exchange->method),
                            (int)exchange->path.len, exchange->path.data, (int)exchange->query.len,
                            exchange->query.len ? exchange->query.data : "");
        reply_text(exchange, 200, rt_str_bytes(rt_str(text)));
    }
}

static void on_problem(void *arg, int status, const char *message, const char **ret_content_type,
                       struct rt_buf *body)
{
    (void)arg;
    *ret_content_type = "application/problem+json";
    rt_buf_printf(body, "{\"status\":%d,\"title\":\"%s\"}", status, message);
}

static const struct rt_http_callbacks callbacks = {.request = on_request, .problem = on_problem};

static void on_stop(uv_async_t *async)
{
    struct http_fixture *f = async->data;
    close_server(f, 0);
    /* The socket is closing; the exchange is valid until this returns. */
    if (f->held)
        reply_text(f->held, 200, f->held->body);
}

static void *serve(void *arg)
{
    struct http_fixture *f = arg;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    return NULL;
}

void http_fixture_start(struct http_fixture *f, const struct rt_http_options *options)
{
    struct rt_error error = {0};
    *f = (struct http_fixture){0};
    f->big_body = calloc(1, FIXTURE_BIG_LEN);
    uv_loop_init(&f->loop);
    uv_async_init(&f->loop, &f->stop, on_stop);
    uv_idle_init(&f->loop, &f->later);
    f->stop.data = f->later.data = f;
    int rc = rt_http_server_new(&f->loop, options, &callbacks, f, &f->server, &error);
    cr_assert_eq(rc, 0, "%s", error.message);
    f->port = rt_http_server_port(f->server);
    cr_assert_eq(pthread_create(&f->thread, NULL, serve, f), 0);
}

void http_fixture_join(struct http_fixture *f)
{
    pthread_join(f->thread, NULL);
    cr_assert(f->closed);
    cr_assert_eq(uv_loop_close(&f->loop), 0);
    cr_assert_not(f->nested, "a request was handed over from within rt_exchange_reply");
    free(f->big_body);
}

void http_fixture_stop(struct http_fixture *f)
{
    uv_async_send(&f->stop);
    http_fixture_join(f);
}

void http_fixture_start_with(struct http_fixture *f, const struct rt_http_options *options,
                             struct peer *peer)
{
    http_fixture_start(f, options);
    peer_open(peer, f->port);
}

void http_fixture_stop_with(struct http_fixture *f, struct peer *peer)
{
    peer_close(peer);
    http_fixture_stop(f);
}

void expect_reply(struct peer *peer, int status, const char *body)
{
    struct peer_reply reply = {0};
    cr_assert(peer_reply(peer, false, &reply), "no reply, expected %d %s", status, body);
    cr_expect_eq(reply.status, status, "%s%s", reply.head, (const char *)reply.body.data);
    if (body)
        cr_expect_str_eq((const char *)reply.body.data, body);
    peer_reply_done(&reply);
}
