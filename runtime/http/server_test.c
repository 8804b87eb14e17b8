#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/http/server.h"
#include "tests/support/http_fixture.h"

static const struct rt_http_callbacks no_callbacks = {.request = NULL};

Test(server, keeps_connections_alive)
{
    struct http_fixture f;
    struct peer peer;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    for (int i = 0; i < 3; i++) {
        peer_puts(&peer, "GET /a/b?c=d HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_reply(&peer, 200, "GET /a/b?c=d");
        peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        expect_reply(&peer, 200, "hello");
    }
    peer_puts(&peer, "GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect_reply(&peer, 200, "127.0.0.1");
    cr_assert(peer_at_end(&peer));
    http_fixture_stop_with(&f, &peer);
    cr_assert_eq(f.requests, 7);
}

Test(server, answers_pipelined_requests_in_order)
{
    struct http_fixture f;
    struct peer peer;
    char input[4096] = "";
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    for (int i = 0; i < 10; i++)
        sprintf(input + strlen(input), "GET /%s?%d HTTP/1.1\r\nHost: x\r\n\r\n",
                i % 3 == 1 ? "later" : "now", i);
    peer_puts(&peer, input);
    for (int i = 0; i < 10; i++) {
        char expected[32];
        sprintf(expected, "GET /now?%d", i);
        expect_reply(&peer, 200, i % 3 == 1 ? "later" : expected);
    }
    http_fixture_stop_with(&f, &peer);
    cr_assert_eq(f.requests, 10);
}

Test(server, keeps_what_comes_in_while_a_request_is_handled)
{
    enum { COUNT = 2000 };
    struct http_fixture f;
    struct peer peer;
    struct peer other;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
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
    http_fixture_stop(&f);
}

Test(server, takes_bodies_in_pieces)
{
    struct http_fixture f;
    struct peer peer;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
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
    http_fixture_stop_with(&f, &peer);
}

Test(server, continues_when_asked_to)
{
    struct http_fixture f;
    struct peer peer;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                     "Expect: 100-continue\r\n\r\n");
    expect_reply(&peer, 100, "");
    peer_puts(&peer, "ab");
    expect_reply(&peer, 200, "ab");
    /* A client that sends the body at once needs no invitation. */
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                     "Expect: 100-continue\r\n\r\ncd");
    expect_reply(&peer, 200, "cd");
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n"
                     "Expect: 100-continue\r\n\r\n");
    expect_reply(&peer, 413, NULL);
    cr_assert(peer_at_end(&peer));
    http_fixture_stop_with(&f, &peer);
}

Test(server, answers_a_head_without_its_body)
{
    struct http_fixture f;
    struct peer peer;
    struct peer_reply reply = {0};
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /empty HTTP/1.1\r\nHost: x\r\n\r\n");
    cr_assert(peer_reply(&peer, true, &reply));
    cr_expect_eq(reply.status, 200);
    cr_expect_str_eq(peer_reply_header(&reply, "Content-Length"), "8");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_eq(reply.status, 204);
    cr_expect_null(peer_reply_header(&reply, "Content-Length"));
    peer_reply_done(&reply);
    http_fixture_stop_with(&f, &peer);
}

Test(server, speaks_http_1_0)
{
    struct http_fixture f;
    struct peer peer;
    struct peer_reply reply = {0};
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_str_eq(peer_reply_header(&reply, "Connection"), "keep-alive");
    peer_puts(&peer, "GET /a HTTP/1.0\r\n\r\n");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_str_eq(peer_reply_header(&reply, "Connection"), "close");
    cr_assert(peer_at_end(&peer));
    peer_reply_done(&reply);
    http_fixture_stop_with(&f, &peer);
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
    struct http_fixture f;
    http_fixture_start(&f, &(struct rt_http_options){0});
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
    http_fixture_stop(&f);
    cr_assert_eq(f.requests, sizeof cases / sizeof *cases, "what is refused is not handled");
}

Test(server, bodies_share_their_memory)
{
    struct http_fixture f;
    struct peer first;
    struct peer second;
    http_fixture_start_with(&f, &(struct rt_http_options){.bodies_max = 100000}, &first);
    peer_puts(&first, "POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
    peer_send(&first, f.big_body, 60000);
    struct peer_reply reply = {0};
    peer_open(&second, f.port);
    int asked = 0;
    do { /* until the first one is held, and counts */
        peer_puts(&second, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
        cr_assert(peer_reply(&second, false, &reply));
    } while (atoi(rt_buf_cstr(&reply.body)) == ++asked);
    peer_reply_done(&reply);
    const char *head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";
    peer_puts(&second, head);
    peer_send(&second, f.big_body, 60000);
    expect_reply(&second, 503, NULL);
    cr_assert(peer_at_end(&second));
    peer_close(&second);
    peer_open(&second, f.port);
    peer_puts(&second, "GET /release HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&second, 200, "done");
    expect_reply(&first, 200, "released");
    /* What is answered counts no more. */
    peer_puts(&second, head);
    peer_send(&second, f.big_body, 60000);
    expect_reply(&second, 200, NULL);
    peer_close(&second);
    http_fixture_stop_with(&f, &first);
}

Test(server, a_refusal_arrives_though_the_peer_goes_on_sending)
{
    struct http_fixture f;
    struct peer peer;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
    peer_send(&peer, f.big_body, 2000000);
    expect_reply(&peer, 413, NULL);
    cr_assert(peer_at_end(&peer));
    http_fixture_stop_with(&f, &peer);
}

Test(server, a_reply_cannot_smuggle_headers)
{
    struct http_fixture f;
    struct peer peer;
    struct peer_reply reply = {0};
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "GET /inject HTTP/1.1\r\nHost: x\r\n\r\n");
    cr_assert(peer_reply(&peer, false, &reply));
    cr_expect_eq(reply.status, 500);
    cr_expect_null(peer_reply_header(&reply, "Set-Cookie"));
    peer_puts(&peer, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&peer, 200, "GET /a?");
    peer_reply_done(&reply);
    http_fixture_stop_with(&f, &peer);
}

Test(server, tells_why_it_cannot_listen)
{
    struct http_fixture f;
    uv_loop_t loop;
    struct rt_http_server *server = NULL;
    struct rt_error error = {0};
    http_fixture_start(&f, &(struct rt_http_options){0});
    uv_loop_init(&loop);
    struct rt_http_options options = {.port = f.port};
    cr_expect_eq(rt_http_server_new(&loop, &options, &no_callbacks, NULL, &server, &error),
                 RT_EEXIST);
    cr_expect(strstr(error.message, "address already in use"), "%s", error.message);
    options.host = "localhost";
    cr_expect_eq(rt_http_server_new(&loop, &options, &no_callbacks, NULL, &server, &error),
                 RT_EINVAL);
    cr_expect_null(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    http_fixture_stop(&f);
}

Test(server, loops_share_a_port)
{
    struct http_fixture f;
    uv_loop_t loop;
    struct rt_http_server *server = NULL;
    http_fixture_start(&f, &(struct rt_http_options){.reuse_port = true});
    uv_loop_init(&loop);
    struct rt_http_options options = {.port = f.port, .reuse_port = true};
    cr_assert_eq(rt_http_server_new(&loop, &options, &no_callbacks, NULL, &server, NULL), 0);
    cr_assert_eq(rt_http_server_port(server), f.port);
    rt_http_server_close(server, 0, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    http_fixture_stop(&f);
}
