#include "runtime/app/request/jobs.h"

#include "runtime/base/error.h"

void rt_jobs_init(struct rt_jobs *jobs, size_t n_routes, size_t running_max, struct rt_arena *arena)
{
    *jobs = (struct rt_jobs){
        .queues = RT_ARENA_ARRAY(arena, n_routes, struct rt_job_queue),
        .n_queues = n_routes,
        .running_max = running_max,
    };
    for (size_t i = 0; i < n_routes; i++)
        TAILQ_INIT(&jobs->queues[i].waiting);
}

static void take(struct rt_job_queue *queue, struct rt_job *job)
{
    TAILQ_REMOVE(&queue->waiting, job, link);
    queue->n_waiting--;
}

/* How many jobs of that client wait; `ret_last` is the last of them. */
static size_t count_of(const struct rt_job_queue *queue, uint64_t client, struct rt_job **ret_last)
{
    struct rt_job *job;
    size_t count = 0;
    TAILQ_FOREACH(job, &queue->waiting, link)
    {
        if (job->client != client)
            continue;
        *ret_last = job;
        count++;
    }
    return count;
}

/* The last job of the client that has the most, when that is more than `count`. */
static struct rt_job *greediest(const struct rt_job_queue *queue, size_t count)
{
    struct rt_job *victim = NULL;
    struct rt_job *job;
    TAILQ_FOREACH(job, &queue->waiting, link)
    {
        struct rt_job *last = NULL;
        size_t n = count_of(queue, job->client, &last);
        if (n > count) {
            count = n;
            victim = last;
        }
    }
    return victim;
}

struct rt_job *rt_jobs_add(struct rt_jobs *jobs, struct rt_job *job, size_t route, uint64_t client)
{
    RT_ASSERT(route < jobs->n_queues);
    struct rt_job_queue *queue = &jobs->queues[route];
    struct rt_job *last = NULL;
    struct rt_job *victim = NULL;
    size_t count = count_of(queue, client, &last);
    if (queue->n_waiting == RT_JOBS_WAITING_MAX) {
        victim = greediest(queue, count + 1);
        if (!victim)
            return job;
        take(queue, victim);
    }
    job->client = client;
    job->turn = (last ? last->turn : queue->turn) + 1;
    TAILQ_INSERT_TAIL(&queue->waiting, job, link);
    queue->n_waiting++;
    return victim;
}

/* The first one of those whose turn it is. */
static struct rt_job *next_of(struct rt_job_queue *queue)
{
    struct rt_job *next = TAILQ_FIRST(&queue->waiting);
    struct rt_job *job;
    TAILQ_FOREACH(job, &queue->waiting, link)
    {
        if (job->turn < next->turn)
            next = job;
    }
    return next;
}

struct rt_job *rt_jobs_next(struct rt_jobs *jobs)
{
    if (jobs->n_running == jobs->running_max)
        return NULL;
    for (size_t i = 1; i <= jobs->n_queues; i++) {
        size_t at = (jobs->last + i) % jobs->n_queues;
        struct rt_job_queue *queue = &jobs->queues[at];
        struct rt_job *job = next_of(queue);
        if (!job)
            continue;
        take(queue, job);
        queue->turn = job->turn;
        jobs->last = at;
        jobs->n_running++;
        return job;
    }
    return NULL;
}

void rt_jobs_done(struct rt_jobs *jobs)
{
    RT_ASSERT(jobs->n_running > 0);
    jobs->n_running--;
}

struct rt_job *rt_jobs_drop(struct rt_jobs *jobs)
{
    for (size_t i = 0; i < jobs->n_queues; i++) {
        struct rt_job *job = TAILQ_FIRST(&jobs->queues[i].waiting);
        if (job) {
            take(&jobs->queues[i], job);
            return job;
        }
    }
    return NULL;
}
