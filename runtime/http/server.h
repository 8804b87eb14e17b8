/*
 * An HTTP/1.1 server on one libuv loop: llhttp in strict mode behind guard.h, keep-alive,
 * pipelining (answers leave in the order of the requests, one request of a connection is handled
 * at a time), limits and deadlines on everything.
 *
 * Threads: the loop's. Ownership: a struct rt_exchange and all it points to belongs to the
 * server and lives from `request` until rt_exchange_reply returns; exactly one reply is due, at
 * once or later. When the peer goes away in between, the exchange stays valid and the reply is
 * dropped.
 * Errors: bytes that are no request never reach `request`; the server answers them itself
 * (400, 408, 413, 414, 417, 431, 501, 505) through `problem`, so that every error looks alike.
 */
#ifndef RT_HTTP_SERVER_H
#define RT_HTTP_SERVER_H

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"

#include <uv.h>

enum rt_method {
    RT_GET,
    RT_HEAD,
    RT_POST,
    RT_PUT,
    RT_PATCH,
    RT_DELETE,
    RT_OPTIONS,
    RT_METHOD_OTHER,
    RT_METHOD_COUNT
};

const char *rt_method_name(enum rt_method method);

struct rt_header {
    struct rt_str name;  /* as sent */
    struct rt_str value; /* without white space around it */
};

struct rt_exchange {
    enum rt_method method;
    struct rt_str path;  /* starts with '/'; not percent-decoded; without the query */
    struct rt_str query; /* without '?'; may be empty */
    const struct rt_header *headers;
    size_t n_headers;
    struct rt_bytes body;
    struct rt_str peer;     /* numeric address of the socket's other end */
    struct rt_arena *arena; /* for this exchange */
    void *user;             /* the application's, NULL at first */
};

/* The first header of that name (ASCII case-insensitive), or an empty slice with data NULL. */
struct rt_str rt_exchange_header(const struct rt_exchange *exchange, struct rt_str name);

struct rt_reply {
    int status;
    const char *content_type; /* NULL: no body, as with 204 */
    struct rt_bytes body;
    const struct rt_header *headers; /* besides Content-Type, Content-Length, Date, Connection */
    size_t n_headers;
};

/* Sends and ends the exchange. Everything in `reply` is copied. A HEAD gets the headers only. */
void rt_exchange_reply(struct rt_exchange *exchange, const struct rt_reply *reply);

struct rt_http_callbacks {
    void (*request)(void *arg, struct rt_exchange *exchange);
    /* Fills content type and body of an error the server answers itself; `body` is empty. */
    void (*problem)(void *arg, int status, const char *message, const char **ret_content_type,
                    struct rt_buf *body);
};

/* Zero means the default in parentheses. */
struct rt_http_options {
    const char *host;          /* numeric ("127.0.0.1") */
    int port;                  /* 0: any free one, see rt_http_server_port */
    size_t body_max;           /* bytes (1 MiB) */
    size_t head_max;           /* bytes of request line and headers (16 KiB) */
    size_t headers_max;        /* number of headers (64) */
    size_t connections_max;    /* (10000) */
    uint32_t head_timeout_ms;  /* to receive a whole head (10 s) */
    uint32_t body_timeout_ms;  /* to receive a whole body (30 s) */
    uint32_t idle_timeout_ms;  /* between requests (75 s) */
    uint32_t write_timeout_ms; /* to take a reply (30 s) */
    bool reuse_port;           /* SO_REUSEPORT, for one loop per core */
};

struct rt_http_server;

/* Listens at once. `callbacks` is borrowed for the server's life. */
int rt_http_server_new(uv_loop_t *loop, const struct rt_http_options *options,
                       const struct rt_http_callbacks *callbacks, void *arg,
                       struct rt_http_server **ret, struct rt_error *error);
int rt_http_server_port(const struct rt_http_server *server);
/* Stops accepting, lets running exchanges end (up to `grace_ms`), closes all connections, then
 * calls `closed` and frees the server. */
void rt_http_server_close(struct rt_http_server *server, uint32_t grace_ms,
                          void (*closed)(void *arg), void *arg);

#endif
