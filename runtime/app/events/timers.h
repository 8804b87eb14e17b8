/*
 * What happens by itself: timers of the schema run their handler once per record when the time in
 * its field has come, and records of a model that expires are deleted then. Both are indexes on
 * a time, so nothing is kept in memory and a restart loses nothing; what fell due while the
 * process was down runs at the start.
 *
 * Each record gets a transaction of its own. A handler that leaves its record due is held back
 * for a second and logged, so that it cannot spin.
 *
 * Threads: the loop's; handlers run on the store's writer thread.
 */
#ifndef RT_APP_EVENTS_TIMERS_H
#define RT_APP_EVENTS_TIMERS_H

#include "runtime/app/service.h"

struct rt_timers;

/* Starts at once. Service and store are borrowed and outlive it. */
struct rt_timers *rt_timers_new(uv_loop_t *loop, const struct rt_service *service,
                                struct rt_store *store);
/* A commit may have set or changed a timer: looks again within RT_TIMERS_POKE_MS. Cheap. */
void rt_timers_poke(struct rt_timers *timers);
/* Stops; before the store closes. What is under way ends; then `timers` is freed. */
void rt_timers_close(struct rt_timers *timers);

enum { RT_TIMERS_POKE_MS = 20 };

#endif
