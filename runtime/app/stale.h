/*
 * How old what this service knows of sign-outs may be. They come as events, so while the channel is
 * down a session that was ended elsewhere goes on here. The service goes on, too, but says so: in
 * the log once, and in the details of /readyz for as long as it lasts.
 *
 * Threads: the loop's.
 */
#ifndef RT_APP_STALE_H
#define RT_APP_STALE_H

#include "runtime/app/owner.h"
#include "runtime/base/buf.h"

enum { RT_STALE_MS = 30 * 1000 };

struct rt_stale {
    struct rt_owner *owner;
    uv_timer_t timer;
    uint32_t after_ms;
    uint64_t down_since_ms; /* of the loop's clock; 0: what is known is current */
    bool reported;
};

/* Nothing happens until the first rt_stale_down. A service that learns of sign-outs from nobody, as
 * there are no sessions or they are its own, is never stale. */
void rt_stale_init(struct rt_stale *stale, struct rt_owner *owner, uint32_t after_ms);
/* Ends the timer, asynchronously, as libuv does. */
void rt_stale_stop(struct rt_stale *stale);

void rt_stale_down(struct rt_stale *stale);
void rt_stale_up(struct rt_stale *stale);
/* Appends `,"signOutsUnknownMs":N` when it is longer than `after_ms`. */
void rt_stale_detail(const struct rt_stale *stale, struct rt_buf *details);

#endif
