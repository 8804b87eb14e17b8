/*
 * Retention: how much of the log is kept, by whole segments. Pure; the daemon asks it what may go
 * and what of that somebody still needs.
 */
#ifndef RT_CHANNEL_RETAIN_H
#define RT_CHANNEL_RETAIN_H

#include "runtime/channel/log/log.h"

struct rt_retain {
    uint64_t bytes;  /* of all segments; 0: any number */
    uint64_t events; /* in them; 0: any number */
    int64_t age_ms;  /* of the newest record of a segment; 0: any */
    bool hard;       /* though a subscription has not settled it */
};

static inline bool rt_retain_any(const struct rt_retain *limits)
{
    return limits->bytes > 0 || limits->events > 0 || limits->age_ms > 0;
}

/* The sequence from which on the limits keep the log: the base of one of these segments, which are
 * all there are, oldest first. The newest is always kept. `count` > 0. */
uint64_t rt_retain_from(const struct rt_retain *limits, const struct rt_log_segment *segments,
                        size_t count, int64_t wall_ms);

#endif
