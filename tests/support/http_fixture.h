/*
 * A server on a thread of its own, for tests that are its blocking peer (http_peer.h). Paths
 * choose what the application does:
 *   /echo   200 with the body of the request      /empty  204
 *   /later  200, some turns of the loop later     /big    200 with FIXTURE_BIG_LEN bytes
 *   /hold   nothing, until somebody asks /release /inject a header with a line break in it
 *   /peer   200 with the peer's address           /count  200 with the number of requests
 *   /stop   closes the server with a long grace, then answers; /halt: with a short one
 * and anything else answers 200 with "METHOD path?query".
 */
#ifndef TESTS_SUPPORT_HTTP_FIXTURE_H
#define TESTS_SUPPORT_HTTP_FIXTURE_H

#include <pthread.h>

#include "runtime/http/server.h"
#include "tests/support/http_peer.h"

enum { FIXTURE_BIG_LEN = 12 * 1024 * 1024 };

/* The loop's thread writes all of it; a test looks when that has ended. */
struct http_fixture {
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
    char *big_body;
    pthread_t thread;
};

/* Listens on any free port when it returns. */
void http_fixture_start(struct http_fixture *f, const struct rt_http_options *options);
/* Every test ends with one of these two. Stop closes the server at once, then replies to what is
 * held; join waits for one that closes by itself. Both check that nothing is left on the loop. */
void http_fixture_stop(struct http_fixture *f);
void http_fixture_join(struct http_fixture *f);

/* The same with one peer. */
void http_fixture_start_with(struct http_fixture *f, const struct rt_http_options *options,
                             struct peer *peer);
void http_fixture_stop_with(struct http_fixture *f, struct peer *peer);

/* Reads a reply and compares; any body will do when `body` is NULL. */
void expect_reply(struct peer *peer, int status, const char *body);

#endif
