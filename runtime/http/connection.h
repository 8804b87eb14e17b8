/*
 * The inside of the server: what server.c (listening, deadlines, closing) and connection.c (one
 * peer) share. Nothing else includes this.
 *
 * A connection goes through phases: IDLE -> HEAD -> BODY -> HANDLING -> IDLE ..., and from
 * anywhere to LINGER (the last reply is on its way; what still comes in is dropped) and CLOSED.
 *  1. A connection has a slot exactly while a message is being read or handled; idle ones cost
 *     no buffers.
 *  2. In CLOSED the socket is closing; the memory goes when that is done and no exchange is due.
 *  3. `stash` holds bytes that came in while no message could be taken; reading stops while it is
 *     over STASH_MAX.
 *  4. While bytes wait to be written, no further request of that connection is taken.
 * Threads: the loop's.
 */
#ifndef RT_HTTP_CONNECTION_H
#define RT_HTTP_CONNECTION_H

#include <netinet/in.h>

#include "runtime/http/deadline.h"
#include "runtime/http/parser.h"
#include "runtime/http/server.h"

enum {
    RT_HTTP_READ_SIZE = 64 * 1024,  /* bytes taken from a socket at once */
    RT_HTTP_STASH_MAX = 16 * 1024,  /* bytes kept before reading stops */
    RT_HTTP_CORK_MAX = 64 * 1024,   /* bytes of replies gathered into one write */
    RT_HTTP_LINGER_MS = 2000,       /* for the peer to read a last reply */
    RT_HTTP_HEAD_SAFE_MS = 100,     /* in which a connection that sends a head keeps its place */
    RT_HTTP_BODY_SAFE_MS = 2000,    /* the same of a body */
    RT_HTTP_SLOTS_KEPT = 256,       /* unused slots that stay in memory */
    RT_HTTP_ARENA_BLOCK = 16 * 1024 /* bytes */
};

enum rt_http_phase {
    RT_HTTP_IDLE,
    RT_HTTP_IN_HEAD,
    RT_HTTP_IN_BODY,
    RT_HTTP_HANDLING,
    RT_HTTP_LINGER,
    RT_HTTP_CLOSED
};

/* An exchange and its memory; reused from request to request, across connections. */
struct rt_http_slot {
    struct rt_exchange exchange; /* first, so that one is the other */
    struct rt_arena arena;
    struct rt_http_connection *connection;
    struct rt_http_slot *next; /* unused */
    bool keep_alive;
    bool say_keep_alive;
};

struct rt_http_connection {
    uv_tcp_t tcp;
    struct rt_http_server *server;
    TAILQ_ENTRY(rt_http_connection) link;
    TAILQ_ENTRY(rt_http_connection) ready_link;
    struct rt_http_parser *parser;
    struct rt_http_slot *slot; /* NULL between messages */
    enum rt_http_phase phase;
    struct rt_deadline read_deadline;
    struct rt_deadline write_deadline;
    struct rt_buf stash;
    uv_shutdown_t shutdown;
    size_t writes;    /* in flight */
    size_t body_held; /* bytes of its body that count in the server's body_bytes */
    bool ready;       /* in the server's list of those to go on with */
    bool reading;
    bool eof;  /* the peer sends no more */
    bool last; /* no request is taken after this reply */
    bool handle_closed;
    char peer[INET6_ADDRSTRLEN];
};

TAILQ_HEAD(rt_http_connections, rt_http_connection);

struct rt_http_server {
    uv_tcp_t listener;
    uv_timer_t tick;
    uv_idle_t resume; /* active while `ready` is not empty */
    struct rt_http_options options;
    const struct rt_http_callbacks *callbacks;
    void *arg;
    int port;

    struct rt_http_connections connections;
    struct rt_http_connections ready; /* linked by ready_link */
    size_t n_ready;
    size_t n_open;        /* whose sockets are open */
    size_t n_connections; /* with those that are closing */
    size_t n_handling;    /* exchanges that owe a reply */
    size_t body_bytes;    /* of all bodies in memory */
    struct rt_deadlines heads;
    struct rt_deadlines bodies;
    struct rt_deadlines idles;
    struct rt_deadlines writes;
    struct rt_deadlines lingers;

    struct rt_http_slot *slots; /* unused */
    size_t n_slots;
    struct rt_http_date date;
    struct rt_str headers;             /* of every reply */
    struct rt_http_connection *corked; /* its replies gather in `cork` */
    struct rt_buf cork;
    struct rt_buf scratch; /* one reply */
    struct rt_buf problem; /* body of a reply of our own */

    bool closing;
    bool finished;
    uint64_t grace_until_ms;
    unsigned handles; /* of the server itself that are open */
    void (*closed)(void *arg);
    void *closed_arg;
    char read_buffer[RT_HTTP_READ_SIZE];
};

/* Accepts the connection that waits at the listener. */
void rt_http_connection_accept(struct rt_http_server *server);
/* Continues after the reason to wait is gone. */
void rt_http_connection_resume(struct rt_http_connection *connection);
/* A deadline passed. */
void rt_http_connection_read_expired(struct rt_http_connection *connection);
/* Closes the socket at once, dropping what is not written. */
void rt_http_connection_destroy(struct rt_http_connection *connection);
/* Whether closing it now loses nothing that was begun. */
bool rt_http_connection_idle(const struct rt_http_connection *connection);

/* Goes on with the connection on the next turn of the loop. */
void rt_http_server_schedule(struct rt_http_server *server, struct rt_http_connection *connection);
void rt_http_server_unschedule(struct rt_http_server *server,
                               struct rt_http_connection *connection);
/* Closes the connection that has been idle for the longest time; where none is idle, the one that
 * has been sending its head for the longest time, that only reads its last reply, or that has been
 * sending a body for the longest time. False: there is none of these, or not for long enough. */
bool rt_http_server_make_room(struct rt_http_server *server);
struct rt_http_slot *rt_http_slot_get(struct rt_http_server *server);
void rt_http_slot_put(struct rt_http_server *server, struct rt_http_slot *slot);
/* Ends the server when it is closing and nothing is left. */
void rt_http_server_check_closed(struct rt_http_server *server);

#endif
