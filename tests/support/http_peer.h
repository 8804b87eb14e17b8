/*
 * The other end of an HTTP connection, for tests: blocking, on loopback, sends raw bytes and
 * reads replies. It waits for PEER_TIMEOUT_S at most, so that a test fails rather than hangs.
 */
#ifndef TESTS_SUPPORT_HTTP_PEER_H
#define TESTS_SUPPORT_HTTP_PEER_H

#include "runtime/base/buf.h"

enum { PEER_TIMEOUT_S = 5 };

struct peer {
    int fd;
    struct rt_buf in; /* what is received and not yet taken as a reply */
};

struct peer_reply {
    int status;
    char head[4096]; /* status line and headers, NUL-terminated */
    struct rt_buf body;
};

/* Panics when nobody listens. */
void peer_open(struct peer *peer, int port);
void peer_close(struct peer *peer);
/* Closes so that the other end sees a reset. */
void peer_reset(struct peer *peer);
/* False: the other end closed the connection. */
bool peer_send(struct peer *peer, const void *bytes, size_t len);
bool peer_puts(struct peer *peer, const char *text);

/* Whether there is something to read: bytes, or the end. Does not wait. */
bool peer_readable(struct peer *peer);
/* Reads one reply; the body goes by Content-Length, and has none when `head_only`. False: the
 * connection ended or the time is over. `reply` is zeroed by the caller before its first use. */
bool peer_reply(struct peer *peer, bool head_only, struct peer_reply *reply);
void peer_reply_done(struct peer_reply *reply);
/* A header of the reply, or NULL; borrowed until the next call. */
const char *peer_reply_header(const struct peer_reply *reply, const char *name);

/* True when the other end closes without another byte. */
bool peer_at_end(struct peer *peer);

#endif
