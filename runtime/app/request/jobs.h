/*
 * What waits for the worker pool, in order: each route has a queue of its own and they take turns,
 * so that a flood of one route leaves the others their part; within a route clients take turns, so
 * that a client waits for its own requests and for one of each other client. Queues are bounded:
 * when one is full, a client that has less in it than another takes the last place of the one that
 * has most.
 *
 * Pure: no threads, no clock; who calls runs the jobs. Threads: one at a time.
 */
#ifndef RT_APP_REQUEST_JOBS_H
#define RT_APP_REQUEST_JOBS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "runtime/base/arena.h"

enum { RT_JOBS_WAITING_MAX = 64 }; /* of a route */

/* Part of what waits. */
struct rt_job {
    TAILQ_ENTRY(rt_job) link;
    uint64_t client; /* a hash of the client's address */
    uint64_t turn;
};

struct rt_job_queue {
    TAILQ_HEAD(, rt_job) waiting; /* in order of arrival */
    size_t n_waiting;
    uint64_t turn; /* of the job that was last taken */
};

struct rt_jobs {
    struct rt_job_queue *queues; /* one per route; the arena's */
    size_t n_queues;
    size_t last; /* the queue that had its turn */
    size_t n_running;
    size_t running_max;
};

void rt_jobs_init(struct rt_jobs *jobs, size_t n_routes, size_t running_max,
                  struct rt_arena *arena);
/* Queues the job. Returns the one that there is no room for: another one that was waiting, `job`
 * itself, or NULL. */
struct rt_job *rt_jobs_add(struct rt_jobs *jobs, struct rt_job *job, size_t route, uint64_t client);
/* The next job to run, or NULL: none waits, or as many as may be are running. */
struct rt_job *rt_jobs_next(struct rt_jobs *jobs);
/* A job has run. */
void rt_jobs_done(struct rt_jobs *jobs);
/* Takes any job that waits, to run it never; NULL: none does. */
struct rt_job *rt_jobs_drop(struct rt_jobs *jobs);

#endif
