/*
 * An HTTP/1.1 server on one libuv loop: llhttp in strict mode behind guard.h, keep-alive,
 * pipelining (answers leave in the order of the requests, one request of a connection is handled
 * at a time), limits and deadlines on everything.
 *
 * Invariants:
 *  1. `request` gets whole requests only, and never while another one of its connection is due.
 *  2. Exactly one reply is due to each, at once or later. `request` is not called from within a
 *     rt_exchange_reply that comes later.
 *  3. A struct rt_exchange and all it points to belongs to the server and lives from `request`
 *     until rt_exchange_reply returns. When the peer goes away in between, the exchange stays
 *     valid and the reply is dropped.
 * Threads: the loop's.
 * Errors: bytes that are not a request never reach `request`; the server answers them itself
 * (400, 408, 413, 414, 417, 431, 501, 503, 505) through `problem`, so that every error looks
 * alike, and closes the connection. A reply that breaks the rules of reply.h becomes a 500.
 * Signals: SIGPIPE is set to be ignored, unless the process has a handler of its own.
 */
#ifndef RT_HTTP_SERVER_H
#define RT_HTTP_SERVER_H

#include <uv.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/http/message.h"
#include "runtime/http/reply.h"

struct rt_exchange {
    enum rt_method method;
    struct rt_str path;  /* starts with '/' (or is "*", with OPTIONS); not percent-decoded */
    struct rt_str query; /* without '?'; may be empty */
    const struct rt_header *headers;
    size_t n_headers;
    struct rt_bytes body;
    struct rt_str peer;     /* numeric address of the socket's other end */
    struct rt_arena *arena; /* for this exchange */
    void *user;             /* the application's, NULL at first */
};

/* The first header of that name (ASCII case-insensitive), or an empty slice with data NULL. */
static inline struct rt_str rt_exchange_header(const struct rt_exchange *exchange,
                                               struct rt_str name)
{
    return rt_header_find(exchange->headers, exchange->n_headers, name);
}

/* Sends and ends the exchange. Everything in `reply` is copied. A HEAD gets the headers only. */
void rt_exchange_reply(struct rt_exchange *exchange, const struct rt_reply *reply);

struct rt_http_callbacks {
    void (*request)(void *arg, struct rt_exchange *exchange);
    /* Fills content type (static) and body of an error the server answers itself; `body` is
     * empty. `message` is a sentence without its full stop. */
    void (*problem)(void *arg, int status, const char *message, const char **ret_content_type,
                    struct rt_buf *body);
    /* The most bytes that the body of such a request may have, within options.body_max; asked when
     * its head is there. NULL: options.body_max. `arena` is the coming exchange's. */
    size_t (*body_max)(void *arg, enum rt_method method, struct rt_str path,
                       struct rt_arena *arena);
};

/* Zero means the default in parentheses. */
struct rt_http_options {
    const char *host;          /* numeric ("127.0.0.1") */
    int port;                  /* 0: any free one, see rt_http_server_port */
    size_t body_max;           /* bytes (1 MiB) */
    size_t bodies_max;         /* bytes of all bodies in memory (64 MiB); 503 beyond it */
    size_t head_max;           /* bytes of request line and headers (16 KiB) */
    size_t headers_max;        /* number of headers (64) */
    size_t connections_max;    /* (10000, or what the limit of open files leaves room for);
                                * beyond it the longest idle one is closed, or 503 */
    uint32_t head_timeout_ms;  /* to receive a whole head (10 s) */
    uint32_t body_timeout_ms;  /* to receive a whole body (30 s) */
    uint32_t idle_timeout_ms;  /* between requests (75 s) */
    uint32_t write_timeout_ms; /* to take a reply (30 s) */
    bool reuse_port;           /* SO_REUSEPORT, for one loop per core */
    const char *headers;       /* lines, each with its CR LF, that every reply has; static */
};

struct rt_http_server;

/* Listens at once. `callbacks` is borrowed for the server's life. */
int rt_http_server_new(uv_loop_t *loop, const struct rt_http_options *options,
                       const struct rt_http_callbacks *callbacks, void *arg,
                       struct rt_http_server **ret, struct rt_error *error);
int rt_http_server_port(const struct rt_http_server *server);
/* Stops accepting, lets running exchanges end (up to `grace_ms`), closes all connections, then
 * calls `closed` and frees the server. An exchange that still owes its reply after that time
 * keeps the server in memory, and `closed` waiting, until it is replied to. */
void rt_http_server_close(struct rt_http_server *server, uint32_t grace_ms,
                          void (*closed)(void *arg), void *arg);

#endif
