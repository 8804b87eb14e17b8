/* How connections begin, wait and end. */
#include <stdio.h>
#include <sys/socket.h>

#include <criterion/criterion.h>

#include "runtime/http/connection.h"
#include "tests/support/http_fixture.h"

Test(connection, heads_and_bodies_have_deadlines)
{
    struct http_fixture f;
    struct peer head;
    struct peer body;
    struct peer silent;
    struct peer drip;
    http_fixture_start(&f,
                       &(struct rt_http_options){.head_timeout_ms = 100, .body_timeout_ms = 100});
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
    cr_assert(peer_at_end(&silent), "a silent client gets no answer");
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
    http_fixture_stop(&f);
    cr_assert_eq(f.requests, 0);
}

Test(connection, idle_connections_end)
{
    struct http_fixture f;
    struct peer peer;
    http_fixture_start_with(&f, &(struct rt_http_options){.idle_timeout_ms = 50}, &peer);
    peer_puts(&peer, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&peer, 200, "GET /a?");
    cr_assert(peer_at_end(&peer));
    http_fixture_stop_with(&f, &peer);
}

Test(connection, waits_for_readers_but_not_forever)
{
    struct http_fixture f;
    struct peer reader;
    struct peer sleeper;
    struct peer probe;
    struct peer_reply reply = {0};
    http_fixture_start(&f,
                       &(struct rt_http_options){.write_timeout_ms = 200, .connections_max = 2});
    peer_open(&reader, f.port);
    peer_puts(&reader, "GET /big HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    cr_assert(peer_reply(&reader, false, &reply));
    cr_assert_eq(reply.body.len, FIXTURE_BIG_LEN);
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
    http_fixture_stop(&f);
}

Test(connection, takes_no_more_requests_while_replies_wait)
{
    struct http_fixture f;
    struct peer peer;
    struct peer other;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    for (int i = 0; i < 50; i++)
        peer_puts(&peer, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_open(&other, f.port);
    for (int i = 0; i < 10; i++) {
        char expected[16];
        sprintf(expected, "%d", i + 2);
        peer_puts(&other, "GET /count HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_reply(&other, 200, expected);
    }
    peer_close(&other);
    http_fixture_stop_with(&f, &peer);
}

Test(connection, makes_room_for_new_connections)
{
    struct http_fixture f;
    struct peer idle;
    struct peer held;
    struct peer fresh;
    struct peer late;
    http_fixture_start(&f, &(struct rt_http_options){.connections_max = 2});
    peer_open(&idle, f.port);
    peer_open(&held, f.port);
    peer_puts(&idle, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&idle, 200, "GET /a?");
    peer_puts(&held, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_open(&fresh, f.port);
    cr_assert(peer_at_end(&idle), "the idle one has to go");
    peer_puts(&fresh, "GET / HTT");
    /* Nothing is idle: the head that is not whole has to go when it has had some time. */
    bool refused = true;
    while (refused) {
        peer_open(&late, f.port);
        peer_puts(&late, "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                         "Content-Length: 2\r\n\r\n");
        struct peer_reply reply = {0};
        refused = !peer_reply(&late, false, &reply) || reply.status == 503;
        peer_reply_done(&reply);
        if (refused)
            peer_close(&late);
    }
    cr_assert(peer_at_end(&fresh));
    peer_close(&fresh);
    peer_open(&fresh, f.port);
    expect_reply(&fresh, 503, NULL);
    cr_assert(peer_at_end(&fresh), "a body that has just begun, and a reply that is due, stay");
    peer_puts(&late, "ab");
    expect_reply(&late, 200, "ab");
    peer_puts(&late, "GET /release HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&late, 200, "done");
    expect_reply(&held, 200, "released");
    peer_close(&idle);
    peer_close(&held);
    peer_close(&fresh);
    peer_close(&late);
    http_fixture_stop(&f);
}

Test(connection, survives_peers_that_leave)
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
    struct http_fixture f;
    struct peer peer;
    http_fixture_start(&f, &(struct rt_http_options){0});
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
    http_fixture_stop(&f);
}

Test(connection, answers_who_closed_its_half)
{
    struct http_fixture f;
    struct peer peer;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_puts(&peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    shutdown(peer.fd, SHUT_WR);
    expect_reply(&peer, 200, "later");
    expect_reply(&peer, 200, "GET /a?");
    cr_assert(peer_at_end(&peer));
    http_fixture_stop_with(&f, &peer);
}

Test(connection, drops_replies_to_closed_connections)
{
    struct http_fixture f;
    struct peer peer;
    struct peer other;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &peer);
    peer_open(&other, f.port);
    peer_puts(&peer, "POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
    peer_puts(&other, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&other, 200, "later");
    http_fixture_stop(&f); /* replies to the held one when its socket is gone */
    cr_assert_not_null(f.held);
    cr_assert(peer_at_end(&peer));
    cr_assert(peer_at_end(&other));
    peer_close(&peer);
    peer_close(&other);
}

Test(connection, closing_lets_running_exchanges_end)
{
    struct http_fixture f;
    struct peer idle;
    struct peer held;
    struct peer begun;
    struct peer stopper;
    http_fixture_start(&f, &(struct rt_http_options){0});
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
    http_fixture_join(&f);
}

Test(connection, waits_for_stragglers_but_not_forever)
{
    struct http_fixture f;
    struct peer begun;
    struct peer stopper;
    http_fixture_start_with(&f, &(struct rt_http_options){0}, &begun);
    peer_puts(&begun, "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\n");
    expect_reply(&begun, 200, "GET /a?");
    peer_open(&stopper, f.port);
    peer_puts(&stopper, "GET /halt HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_reply(&stopper, 200, "halting");
    cr_assert(peer_at_end(&begun));
    http_fixture_join(&f);
    peer_close(&begun);
    peer_close(&stopper);
}
