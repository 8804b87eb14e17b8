#include "runtime/http/server.h"

#include "tests/support/http_peer.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The server runs on a thread of its own, the test is its blocking peer. Paths choose what the
 * application does:
 *   /echo   200 with the body of the request      /empty  204
 *   /later  200, some turns of the loop later     /big    200 with BIG_LEN bytes
 *   /hold   nothing, until somebody asks /release /inject a header with a line break in it
 *   /peer   200 with the peer's address
 *   /stop   closes the server with a long grace, then answers
 * and anything else answers 200 with "METHOD path?query".
 */
enum { BIG_LEN = 12 * 1024 * 1024, LATER_TURNS = 3 };

struct fixture {
    uv_loop_t loop;
    uv_async_t stop;
    uv_idle_t later;
    int later_turns;
    struct rt_http_server *server;
    struct rt_exchange *waiting;
    struct rt_exchange *held;
    int requests;
    bool nested; /* a request came from within a later reply */
    bool replying;
    bool closed;
    uint32_t grace_ms;
    int port;
    pthread_t thread;
};

static char *big_body;

static void reply_text(struct rt_exchange *exchange, int status, struct rt_bytes body)
{
    struct rt_reply reply = {.status = status, .content_type = "text/plain", .body = body};
    rt_exchange_reply(exchange, &reply);
}

static void on_later(uv_idle_t *idle)
{
    struct fixture *f = idle->data;
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
    struct fixture *f = arg;
    f->closed = true;
    uv_close((uv_handle_t *)&f->stop, NULL);
    uv_close((uv_handle_t *)&f->later, NULL);
}

static void close_server(struct fixture *f, uint32_t grace_ms)
{
    if (!f->server)
        return;
    rt_http_server_close(f->server, grace_ms, on_closed, f);
    f->server = NULL;
}

static void on_request(void *arg, struct rt_exchange *exchange)
{
    struct fixture *f = arg;
    f->requests++;
    f->nested = f->nested || f->replying;
    if (rt_str_eq(exchange->path, RT_STR("/echo"))) {
        reply_text(exchange, 200, exchange->body);
    } else if (rt_str_eq(exchange->path, RT_STR("/empty"))) {
        rt_exchange_reply(exchange, &(struct rt_reply){.status = 204});
    } else if (rt_str_eq(exchange->path, RT_STR("/later"))) {
        cr_assert_null(f->waiting);
        f->waiting = exchange;
        f->later_turns = LATER_TURNS;
        uv_idle_start(&f->later, on_later);
    } else if (rt_str_eq(exchange->path, RT_STR("/hold"))) {
        f->held = exchange;
    } else if (rt_str_eq(exchange->path, RT_STR("/release"))) {
        reply_text(f->held, 200, rt_str_bytes(RT_STR("released")));
        reply_text(exchange, 200, rt_str_bytes(RT_STR("done")));
    } else if (rt_str_eq(exchange->path, RT_STR("/big"))) {
        reply_text(exchange, 200, rt_bytes(big_body, BIG_LEN));
    } else if (rt_str_eq(exchange->path, RT_STR("/inject"))) {
        struct rt_header header = {RT_STR("X-Test"), RT_STR("a\r\nSet-Cookie: stolen=1")};
        struct rt_reply reply = {.status = 200, .headers = &header, .n_headers = 1};
        rt_exchange_reply(exchange, &reply);
    } else if (rt_str_eq(exchange->path, RT_STR("/peer"))) {
        reply_text(exchange, 200, rt_str_bytes(exchange->peer));
    } else if (rt_str_eq(exchange->path, RT_STR("/stop"))) {
        close_server(f, 60000);
        reply_text(exchange, 200, rt_str_bytes(RT_STR("stopping")));
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

static const struct rt_http_callbacks callbacks = {on_request, on_problem};

static void on_stop(uv_async_t *async)
{
    struct fixture *f = async->data;
    close_server(f, f->grace_ms);
}

static void *serve(void *arg)
{
    struct fixture *f = arg;
    uv_run(&f->loop, UV_RUN_DEFAULT);
    return NULL;
}

static void start(struct fixture *f, const struct rt_http_options *options)
{
    struct rt_error error = {0};
    *f = (struct fixture){0};
    if (!big_body)
        big_body = calloc(1, BIG_LEN);
    uv_loop_init(&f->loop);
    uv_async_init(&f->loop, &f->stop, on_stop);
    uv_idle_init(&f->loop, &f->later);
    f->stop.data = f->later.data = f;
    int rc = rt_http_server_new(&f->loop, options, &callbacks, f, &f->server, &error);
    cr_assert_eq(rc, 0, "%s", error.message);
    f->port = rt_http_server_port(f->server);
    cr_assert_eq(pthread_create(&f->thread, NULL, serve, f), 0);
}

/* Every test ends here: the server closes, and leaves nothing open on the loop. */
static void stop(struct fixture *f)
{
    uv_async_send(&f->stop);
    pthread_join(f->thread, NULL);
    cr_assert(f->closed);
    cr_assert_eq(uv_loop_close(&f->loop), 0);
    cr_assert_not(f->nested, "a request was handed over from within rt_exchange_reply");
    free(big_body);
    big_body = NULL;
}

static void expect_reply(struct peer *peer, int status, const char *body)
{
    struct peer_reply reply = {0};
    cr_assert(peer_reply(peer, false, &reply), "no reply, expected %d %s", status, body);
    cr_expect_eq(reply.status, status, "%s%s", reply.head, (const char *)reply.body.data);
    if (body)
        cr_expect_str_eq((const char *)reply.body.data, body);
    peer_reply_done(&reply);
}

Test(server, keeps_connections_alive)
{
    struct fixture f;
    struct peer peer;
    start(&f, &(struct rt_http_options){0});
    peer_open(&peer, f.port);
    for (int i = 0; i < 3; i++) {
        peer_puts(&peer, "GET /a/b?c=d HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_reply(&peer, 200, "GET /a/b?c=d");
        peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        expect_reply(&peer, 200, "hello");
    }
    peer_puts(&peer, "GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect_reply(&peer, 200, "127.0.0.1");
    cr_assert(peer_at_end(&peer));
    peer_close(&peer);
    stop(&f);
    cr_assert_eq(f.requests, 7);
}
