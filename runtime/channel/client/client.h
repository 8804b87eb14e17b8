/*
 * The embedded channel: a transport (transport.h) that talks to channeld.
 *
 * It connects in the background and again whenever the connection is lost, after a pause with
 * jitter. Publishes and acknowledgements may be made at any time; what was not confirmed when a
 * connection broke is sent again on the next one, so a confirmed publish is neither lost nor
 * doubled and an acknowledgement that `acked` confirmed holds for good.
 *
 * Threads: all calls and callbacks are on the loop's thread. Output goes out once per turn of the
 * loop, so many publishes in one callback are one write.
 */
#ifndef RT_CHANNEL_CLIENT_H
#define RT_CHANNEL_CLIENT_H

#include <uv.h>

#include "runtime/base/error.h"
#include "runtime/channel/protocol/transport.h"

/* Fails only on bad options: RT_EINVAL for a malformed name or subject, RT_ENOTFOUND and
 * RT_EDENIED for a token file or key that is missing or readable by others than its owner, and
 * RT_EINVAL for malformed certificates. The transport is freed by its `close`. */
int rt_channel_open(uv_loop_t *loop, const struct rt_transport_options *options,
                    const struct rt_transport_events *events, void *arg, struct rt_transport **ret,
                    struct rt_error *error);

#endif
