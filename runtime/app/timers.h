/*
 * Timers and expiry: records whose time has come are handled by the schema's timer, or deleted,
 * each in a write transaction that looks at the store, so that nothing is forgotten or done twice
 * across restarts. There is no list in memory: a driver asks the index for what is due first.
 *
 *   asleep -> (time, or a commit) -> ask the snapshot: nothing due -> asleep until the next one
 *                                    something due -> transaction -> ask again
 *
 * The time up to which revocations of sessions have expired is kept in the store: a clock that was
 * ahead and is set back brings no session to life (owner.h, forgotten_ms).
 *
 * A record that its handler leaves due, or for which it fails, rests while the others go on: for
 * RT_TIMER_REST_MS at first, and twice as long each time, with one report each. Only a transaction
 * that fails by itself makes its whole driver rest.
 *
 * Threads: the loop's; transactions run on the store's writer.
 */
#ifndef RT_APP_TIMERS_H
#define RT_APP_TIMERS_H

#include "runtime/app/owner.h"

enum {
    RT_EXPIRED_SPACE = 'E', /* key-value space: model -> i64, big-endian */
    RT_TIMER_REST_MS = 1000,
    RT_TIMER_BATCH = 32,     /* records per transaction */
    RT_TIMER_COALESCE_MS = 5 /* commits within it wake a driver once */
};
/* The wall clock may be set: never sleep longer than this. */
#define RT_TIMER_SLEEP_MAX_MS INT64_C(60000)

struct rt_timer_driver;

struct rt_timers {
    struct rt_owner *owner;
    struct rt_timer_driver *drivers; /* one per timer, then one per model that expires */
    size_t n_drivers;
};

/* Looks for what is due at once. */
void rt_timers_init(struct rt_timers *timers, struct rt_owner *owner);
/* After a commit: something may be due sooner now. */
void rt_timers_wake(struct rt_timers *timers);
/* No new transaction begins after this; those that run end by themselves, before the store
 * reports closed. */
void rt_timers_stop(struct rt_timers *timers);
void rt_timers_done(struct rt_timers *timers);

#endif
