/*
 * One TCP connection on a libuv loop, as both ends of the channel use it: whole batches of frames
 * in with one read, everything that waits out with one write. With TLS (tls.h) the owner sees and
 * gives plain bytes all the same; nothing is written before the handshake is done.
 *
 * Lifetime: rt_link_close ends it from any state. No callback comes after that; the memory goes
 * when libuv is done with it. `lost` means that the connection is useless; the owner then calls
 * rt_link_close. Callbacks come from the loop only, never from within a function below.
 * Threads: that of the loop.
 */
#ifndef RT_CHANNEL_LINK_H
#define RT_CHANNEL_LINK_H

#include <uv.h>

#include "runtime/base/buf.h"

struct rt_link;
struct rt_tls_session;

struct rt_link_events {
    void (*connected)(void *arg); /* after rt_link_connect and a handshake; or NULL */
    /* Returns how many bytes it took; the rest comes again with more behind it. */
    size_t (*input)(void *arg, struct rt_bytes in);
    /* A write is finished: there is room for another. Or NULL. */
    void (*written)(void *arg);
    void (*lost)(void *arg, const char *why);
};

struct rt_link *rt_link_new(uv_loop_t *loop, const struct rt_link_events *events, void *arg);
/* Speaks TLS; before connecting or accepting. The session is the link's from then on. Another side
 * that does not speak it is sent `refusal` in the clear (borrowed for the link's life). */
void rt_link_tls(struct rt_link *link, struct rt_tls_session *session, struct rt_bytes refusal);
/* The handshake failed, because one of the sides refused the other: why it was lost. */
bool rt_link_refused(const struct rt_link *link);
/* As rt_tls_peer_is; false without TLS. */
bool rt_link_peer_is(const struct rt_link *link, struct rt_str name);
/* Starts connecting; `host` is an address or a name to look up. */
void rt_link_connect(struct rt_link *link, const char *host, int port);
/* Takes a connection off a listening socket and starts reading: 0 or libuv's error. */
int rt_link_accept(struct rt_link *link, uv_stream_t *server);
/* Writes all of `out` and leaves it empty; while an earlier write is under way it does nothing. */
void rt_link_write(struct rt_link *link, struct rt_buf *out);
/* Stops or resumes reading. */
void rt_link_pause(struct rt_link *link, bool pause);
/* Closes once what was handed to rt_link_write is out, or at once. The link is gone for its owner.
 */
void rt_link_close(struct rt_link *link, bool flush);

#endif
