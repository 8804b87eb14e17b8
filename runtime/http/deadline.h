/*
 * Many deadlines on one clock: each list has one timeout, so arming appends and the list stays
 * sorted. Arming and disarming are a few pointer writes; nothing is allocated.
 * Pure: time is an input (milliseconds of any monotonic clock). Threads: one at a time.
 */
#ifndef RT_HTTP_DEADLINE_H
#define RT_HTTP_DEADLINE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct rt_deadlines;

/* Part of what it watches over. Zero to start. */
struct rt_deadline {
    TAILQ_ENTRY(rt_deadline) link;
    struct rt_deadlines *list; /* NULL: not armed */
    uint64_t at_ms;
};

struct rt_deadlines {
    TAILQ_HEAD(, rt_deadline) list; /* the next one first */
    uint32_t timeout_ms;
};

static inline void rt_deadlines_init(struct rt_deadlines *list, uint32_t timeout_ms)
{
    TAILQ_INIT(&list->list);
    list->timeout_ms = timeout_ms;
}

static inline void rt_deadline_disarm(struct rt_deadline *deadline)
{
    if (!deadline->list)
        return;
    TAILQ_REMOVE(&deadline->list->list, deadline, link);
    deadline->list = NULL;
}

/* Arms it anew in `list`, wherever it was before. `now_ms` never goes back. */
static inline void rt_deadline_arm(struct rt_deadline *deadline, struct rt_deadlines *list,
                                   uint64_t now_ms)
{
    rt_deadline_disarm(deadline);
    deadline->list = list;
    deadline->at_ms = now_ms + list->timeout_ms;
    TAILQ_INSERT_TAIL(&list->list, deadline, link);
}

/* The deadline that was due the longest time ago, or NULL when none is due. It stays armed. */
static inline struct rt_deadline *rt_deadlines_due(const struct rt_deadlines *list, uint64_t now_ms)
{
    struct rt_deadline *first = TAILQ_FIRST(&list->list);
    return first && first->at_ms <= now_ms ? first : NULL;
}

#endif
