#include "runtime/http/server.h"

#include "tests/support/http_peer.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

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
    } else if (rt_str_eq(exchange->path, RT_STR("/release")) && f->held) {
        reply_text(f->held, 200, rt_str_bytes(RT_STR("released")));
        f->held = NULL;
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
    close_server(f, 0);
    /* The socket is closing; the exchange is valid until this returns. */
    if (f->held)
        reply_text(f->held, 200, f->held->body);
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

static void start_with(struct fixture *f, const struct rt_http_options *options, struct peer *peer)
{
    start(f, options);
    peer_open(peer, f->port);
}

static void stop_with(struct fixture *f, struct peer *peer)
{
    peer_close(peer);
    stop(f);
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
    start_with(&f, &(struct rt_http_options){0}, &peer);
    for (int i = 0; i < 3; i++) {
        peer_puts(&peer, "GET /a/b?c=d HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_reply(&peer, 200, "GET /a/b?c=d");
        peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        expect_reply(&peer, 200, "hello");
    }
    peer_puts(&peer, "GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect_reply(&peer, 200, "127.0.0.1");
    cr_assert(peer_at_end(&peer));
    stop_with(&f, &peer);
    cr_assert_eq(f.requests, 7);
}

Test(server, answers_pipelined_requests_in_order)
{
    struct fixture f;
    struct peer peer;
    char input[4096] = "";
    start_with(&f, &(struct rt_http_options){0}, &peer);
    for (int i = 0; i < 10; i++)
        sprintf(input + strlen(input), "GET /%s?%d HTTP/1.1\r\nHost: x\r\n\r\n",
                i % 3 == 1 ? "later" : "now", i);
    peer_puts(&peer, input);
    for (int i = 0; i < 10; i++) {
        char expected[32];
        sprintf(expected, "GET /now?%d", i);
        expect_reply(&peer, 200, i % 3 == 1 ? "later" : expected);
    }
    stop_with(&f, &peer);
    cr_assert_eq(f.requests, 10);
}

Test(server, keeps_what_comes_in_while_a_request_is_handled)
{
    enum { COUNT = 2000 };
    struct fixture f;
    struct peer peer;
    struct peer other;
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_open(&other, f.port);
    peer_puts(&peer, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < COUNT; i++)
        peer_puts(&peer, "GET /behind HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_puts(&other, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&other, 200, "later");
    peer_puts(&other, "GET /release HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&other, 200, "done");
    expect_reply(&peer, 200, "released");
    for (int i = 0; i < COUNT; i++)
        expect_reply(&peer, 200, "GET /behind?");
    peer_close(&peer);
    peer_close(&other);
    stop(&f);
}

Test(server, takes_bodies_in_pieces)
{
    struct fixture f;
    struct peer peer;
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");
    peer_puts(&peer, "hello\r\n");
    peer_puts(&peer, "6\r\n world\r\n0\r\nTrailer: x\r\n\r\n");
    expect_reply(&peer, 200, "hello world");
    size_t len = 1048576;
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n");
    char *body = malloc(len);
    memset(body, 'b', len);
    peer_send(&peer, body, len);
    struct peer_reply reply = {0};
    cr_assert(peer_reply(&peer, false, &reply));
    cr_assert_eq(reply.body.len, len);
    cr_assert_eq(memcmp(reply.body.data, body, len), 0);
    peer_reply_done(&reply);
    free(body);
    stop_with(&f, &peer);
}

Test(server, continues_when_asked_to)
{
    struct fixture f;
    struct peer peer;
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                     "Expect: 100-continue\r\n\r\n");
    expect_reply(&peer, 100, "");
    peer_puts(&peer, "ab");
    expect_reply(&peer, 200, "ab");
    /* Who sends the body at once needs no invitation. */
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                     "Expect: 100-continue\r\n\r\ncd");
    expect_reply(&peer, 200, "cd");
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n"
                     "Expect: 100-continue\r\n\r\n");
    expect_reply(&peer, 413, NULL);
    cr_assert(peer_at_end(&peer));
    stop_with(&f, &peer);
}

Test(server, answers_a_head_without_its_body)
{
    struct fixture f;
    struct peer peer;
    struct peer_reply reply = {0};
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /empty HTTP/1.1\r\nHost: x\r\n\r\n");
    cr_assert(peer_reply(&peer, true, &reply));
    cr_expect_eq(reply.status, 200);
    cr_expect_str_eq(peer_reply_header(&reply, "Content-Length"), "8");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_eq(reply.status, 204);
    cr_expect_null(peer_reply_header(&reply, "Content-Length"));
    peer_reply_done(&reply);
    stop_with(&f, &peer);
}

Test(server, speaks_http_1_0)
{
    struct fixture f;
    struct peer peer;
    struct peer_reply reply = {0};
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_str_eq(peer_reply_header(&reply, "Connection"), "keep-alive");
    peer_puts(&peer, "GET /a HTTP/1.0\r\n\r\n");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_str_eq(peer_reply_header(&reply, "Connection"), "close");
    cr_assert(peer_at_end(&peer));
    peer_reply_done(&reply);
    stop_with(&f, &peer);
}

Test(server, refuses_and_closes)
{
    static char long_line[20000] = "GET /";
    static char long_head[20000] = "GET / HTTP/1.1\r\nX: ";
    memset(long_line + strlen(long_line), 'x', sizeof long_line - strlen(long_line) - 1);
    memset(long_head + strlen(long_head), 'x', sizeof long_head - strlen(long_head) - 1);
    const struct {
        const char *input;
        int status;
    } cases[] = {
        {"GARBAGE\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: x\n\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
         "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n", 417},
        {"FROB / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
        {"GET / HTTP/2.0\r\n\r\n", 505},
        {long_line, 414},
        {long_head, 431},
    };
    struct fixture f;
    start(&f, &(struct rt_http_options){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct peer peer;
        struct peer_reply reply = {0};
        peer_open(&peer, f.port);
        /* A good request before it is answered before it. */
        peer_puts(&peer, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        peer_puts(&peer, cases[i].input);
        expect_reply(&peer, 200, "GET /a?");
        cr_assert(peer_reply(&peer, false, &reply), "no reply to case %zu", i);
        cr_expect_eq(reply.status, cases[i].status, "case %zu: %s", i, reply.head);
        cr_expect_str_eq(peer_reply_header(&reply, "Content-Type"), "application/problem+json");
        cr_expect_str_eq(peer_reply_header(&reply, "Connection"), "close");
        cr_assert(peer_at_end(&peer), "case %zu", i);
        peer_reply_done(&reply);
        peer_close(&peer);
    }
    stop(&f);
    cr_assert_eq(f.requests, sizeof cases / sizeof *cases, "what is refused is not handled");
}

Test(server, a_refusal_arrives_though_the_peer_goes_on_sending)
{
    struct fixture f;
    struct peer peer;
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
    peer_send(&peer, big_body, 2000000);
    expect_reply(&peer, 413, NULL);
    cr_assert(peer_at_end(&peer));
    stop_with(&f, &peer);
}

Test(server, a_reply_cannot_smuggle_headers)
{
    struct fixture f;
    struct peer peer;
    struct peer_reply reply = {0};
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "GET /inject HTTP/1.1\r\nHost: x\r\n\r\n");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_eq(reply.status, 500);
    cr_expect_null(peer_reply_header(&reply, "Set-Cookie"));
    peer_puts(&peer, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&peer, 200, "GET /a?");
    peer_reply_done(&reply);
    stop_with(&f, &peer);
}

Test(server, heads_and_bodies_have_deadlines)
{
    struct fixture f;
    struct peer head;
    struct peer body;
    struct peer silent;
    struct peer drip;
    start(&f, &(struct rt_http_options){.head_timeout_ms = 100, .body_timeout_ms = 100});
    peer_open(&head, f.port);
    peer_open(&body, f.port);
    peer_open(&silent, f.port);
    peer_open(&drip, f.port);
    peer_puts(&head, "GET / HTT");
    peer_puts(&body, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
    expect_reply(&head, 408, NULL);
    cr_assert(peer_at_end(&head));
    expect_reply(&body, 408, NULL);
    cr_assert(peer_at_end(&body));
    cr_assert(peer_at_end(&silent), "who never says a word gets none");
    cr_assert(peer_at_end(&drip));
    peer_close(&drip);
    peer_open(&drip, f.port);
    peer_puts(&drip, "GET / HTTP/1.1\r\nX: ");
    /* A byte now and then buys no time. */
    while (!peer_readable(&drip) && peer_puts(&drip, "x"))
        uv_sleep(2);
    expect_reply(&drip, 408, NULL);
    peer_close(&head);
    peer_close(&body);
    peer_close(&silent);
    peer_close(&drip);
    stop(&f);
    cr_assert_eq(f.requests, 0);
}

Test(server, idle_connections_end)
{
    struct fixture f;
    struct peer peer;
    start_with(&f, &(struct rt_http_options){.idle_timeout_ms = 50}, &peer);
    peer_puts(&peer, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&peer, 200, "GET /a?");
    cr_assert(peer_at_end(&peer));
    stop_with(&f, &peer);
}

Test(server, waits_for_readers_but_not_forever)
{
    struct fixture f;
    struct peer reader;
    struct peer sleeper;
    struct peer probe;
    struct peer_reply reply = {0};
    start(&f, &(struct rt_http_options){.write_timeout_ms = 200, .connections_max = 2});
    peer_open(&reader, f.port);
    peer_puts(&reader, "GET /big HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    cr_assert(peer_reply(&reader, false, &reply));
    cr_assert_eq(reply.body.len, BIG_LEN);
    expect_reply(&reader, 200, "GET /a?");
    peer_close(&reader);

    uint64_t started = uv_hrtime();
    peer_open(&sleeper, f.port);
    peer_puts(&sleeper, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    /* The sleeper has one of two places and the other one is held, so that a third gets in when
     * the sleeper's time is over, and not before. */
    peer_open(&reader, f.port);
    peer_puts(&reader, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    bool served = false;
    while (!served) {
        peer_open(&probe, f.port);
        peer_puts(&probe, "GET /release HTTP/1.1\r\nHost: x\r\n\r\n");
        served = peer_reply(&probe, false, &reply) && reply.status != 503;
        peer_close(&probe);
        uv_sleep(1);
    }
    cr_expect_eq(reply.status, 200);
    cr_expect_geq(uv_hrtime() - started, UINT64_C(100000000));
    expect_reply(&reader, 200, "released");
    cr_expect_not(peer_reply(&sleeper, false, &reply), "the rest was dropped");
    peer_reply_done(&reply);
    peer_close(&sleeper);
    peer_close(&reader);
    stop(&f);
}

Test(server, makes_room_for_new_connections)
{
    struct fixture f;
    struct peer idle;
    struct peer held;
    struct peer fresh;
    struct peer late;
    start(&f, &(struct rt_http_options){.connections_max = 2});
    peer_open(&idle, f.port);
    peer_open(&held, f.port);
    peer_puts(&idle, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&idle, 200, "GET /a?");
    peer_puts(&held, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_open(&fresh, f.port);
    cr_assert(peer_at_end(&idle), "the idle one has to go");
    peer_puts(&fresh, "GET / HTT"); /* not idle */
    peer_open(&late, f.port);
    expect_reply(&late, 503, NULL);
    cr_assert(peer_at_end(&late));
    peer_puts(&fresh, "P/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&fresh, 200, "GET /?");
    peer_puts(&fresh, "GET /release HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&fresh, 200, "done");
    expect_reply(&held, 200, "released");
    peer_close(&idle);
    peer_close(&held);
    peer_close(&fresh);
    peer_close(&late);
    stop(&f);
}

Test(server, survives_peers_that_leave)
{
    static const char *const begun[] = {
        "",
        "GET / HTTP/1.1\r\nHo",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        "GET /later HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /big HTTP/1.1\r\nHost: x\r\n\r\nGET /big HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "BAD\r\n\r\n",
    };
    struct fixture f;
    struct peer peer;
    start(&f, &(struct rt_http_options){0});
    for (size_t i = 0; i < 2 * sizeof begun / sizeof *begun; i++) {
        peer_open(&peer, f.port);
        peer_puts(&peer, begun[i / 2]);
        if (i % 2)
            peer_reset(&peer);
        else
            peer_close(&peer);
        /* Another one waits until the server is done with a /later, and all is well. */
        peer_open(&peer, f.port);
        peer_puts(&peer, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_reply(&peer, 200, "GET /a?");
        peer_close(&peer);
    }
    stop(&f);
}

Test(server, answers_who_closed_its_half)
{
    struct fixture f;
    struct peer peer;
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    shutdown(peer.fd, SHUT_WR);
    expect_reply(&peer, 200, "later");
    expect_reply(&peer, 200, "GET /a?");
    cr_assert(peer_at_end(&peer));
    stop_with(&f, &peer);
}

Test(server, drops_replies_to_closed_connections)
{
    struct fixture f;
    struct peer peer;
    struct peer other;
    start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_open(&other, f.port);
    peer_puts(&peer, "POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
    peer_puts(&other, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&other, 200, "later");
    stop(&f); /* replies to the held one when its socket is gone */
    cr_assert_not_null(f.held);
    cr_assert(peer_at_end(&peer));
    cr_assert(peer_at_end(&other));
    peer_close(&peer);
    peer_close(&other);
}

Test(server, closes_gracefully)
{
    struct fixture f;
    struct peer idle;
    struct peer held;
    struct peer begun;
    struct peer stopper;
    start(&f, &(struct rt_http_options){0});
    peer_open(&idle, f.port);
    peer_open(&held, f.port);
    peer_open(&begun, f.port);
    peer_open(&stopper, f.port);
    peer_puts(&idle, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&idle, 200, "GET /a?");
    peer_puts(&held, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_puts(&begun, "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /rel");
    expect_reply(&begun, 200, "GET /a?");
    peer_puts(&stopper, "GET /stop HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&stopper, 200, "stopping");
    cr_assert(peer_at_end(&stopper));
    cr_assert(peer_at_end(&idle));
    /* What was begun may end, and ends its connection. */
    peer_puts(&begun, "ease HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&begun, 200, "done");
    expect_reply(&held, 200, "released");
    cr_assert(peer_at_end(&begun));
    cr_assert(peer_at_end(&held));
    peer_close(&idle);
    peer_close(&held);
    peer_close(&begun);
    peer_close(&stopper);
    pthread_join(f.thread, NULL);
    cr_assert(f.closed);
    cr_assert_eq(uv_loop_close(&f.loop), 0);
}

Test(server, tells_why_it_cannot_listen)
{
    struct fixture f;
    uv_loop_t loop;
    struct rt_http_server *server = NULL;
    struct rt_error error = {0};
    start(&f, &(struct rt_http_options){0});
    uv_loop_init(&loop);
    struct rt_http_options options = {.port = f.port};
    cr_expect_eq(rt_http_server_new(&loop, &options, &callbacks, NULL, &server, &error), RT_EEXIST);
    cr_expect(strstr(error.message, "address already in use"), "%s", error.message);
    options.host = "localhost";
    cr_expect_eq(rt_http_server_new(&loop, &options, &callbacks, NULL, &server, &error), RT_EINVAL);
    cr_expect_null(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    stop(&f);
}

Test(server, loops_share_a_port)
{
    struct fixture f;
    uv_loop_t loop;
    struct rt_http_server *server = NULL;
    start(&f, &(struct rt_http_options){.reuse_port = true});
    uv_loop_init(&loop);
    struct rt_http_options options = {.port = f.port, .reuse_port = true};
    cr_assert_eq(rt_http_server_new(&loop, &options, &callbacks, NULL, &server, NULL), 0);
    cr_assert_eq(rt_http_server_port(server), f.port);
    rt_http_server_close(server, 0, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    stop(&f);
}
