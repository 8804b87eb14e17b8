/*
 * One TCP connection on a libuv loop, as both ends of the channel use it: whole batches of frames
 * in with one read, everything that waits out with one write.
 *
 * Lifetime: rt_link_close ends it from any state. No callback comes after that; the memory goes
 * when libuv is done with it. `lost` means that the connection is of no more use; the owner then
 * calls rt_link_close. Callbacks only ever come from the loop, never out of a function below.
 * Threads: that of the loop.
 */
#ifndef RT_CHANNEL_LINK_H
#define RT_CHANNEL_LINK_H

#include "runtime/base/buf.h"

#include <uv.h>

struct rt_link;

struct rt_link_events {
    void (*connected)(void *arg); /* after rt_link_connect; or NULL */
    /* Returns how many bytes it is done with; the rest comes again with more behind it. */
    size_t (*input)(void *arg, struct rt_bytes in);
    /* A write is finished: there is room for another. Or NULL. */
    void (*written)(void *arg);
    void (*lost)(void *arg, const char *why);
};

struct rt_link *rt_link_new(uv_loop_t *loop, const struct rt_link_events *events, void *arg);
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
