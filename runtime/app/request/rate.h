/*
 * Rate limits: `count` requests per period and key, refilled evenly, with bursts up to `count`.
 * A token bucket in the form of the generic cell rate algorithm (ITU-T I.371): each key needs one
 * number, the time at which its bucket will be full again.
 *
 * The table never grows: a key lives in one of RT_RATE_WAYS places of its set, and a new key takes
 * the place of the one that is nearest to full, which is the one that loses least.
 * Pure: time is an input. Threads: one at a time.
 */
#ifndef RT_APP_RATE_H
#define RT_APP_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RT_RATE_WAYS = 8, RT_RATE_SETS = 4096 };

struct rt_rate_entry {
    uint64_t key;
    int64_t full_at_us;
};

struct rt_rate {
    struct rt_rate_entry (*sets)[RT_RATE_WAYS]; /* RT_RATE_SETS of them */
};

void rt_rate_init(struct rt_rate *rate);
void rt_rate_done(struct rt_rate *rate);

/* Takes one token of that key (a seeded hash). False: there is none, try again after
 * `ret_wait_ms`. */
bool rt_rate_take(struct rt_rate *rate, uint64_t key, uint32_t count, int64_t period_ms,
                  int64_t now_ms, int64_t *ret_wait_ms);

#endif
