/* The unsettled events of a subscription: states, keys, and what is known ahead of the cursor. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

static int rt_entry_ready_cmp(const struct rt_entry *a, const struct rt_entry *b)
{
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static int rt_entry_delayed_cmp(const struct rt_entry *a, const struct rt_entry *b)
{
    if (a->due_ms != b->due_ms)
        return a->due_ms < b->due_ms ? -1 : 1;
    return rt_entry_ready_cmp(a, b);
}

RB_GENERATE(rt_entry_ready, rt_entry, tree, rt_entry_ready_cmp)
RB_GENERATE(rt_entry_delayed, rt_entry, tree, rt_entry_delayed_cmp)

struct rt_entry *rt_entry_find(struct rt_sub *sub, uint64_t sequence)
{
    struct rt_entry *entry;
    HASH_FIND(hh, sub->by_sequence, &sequence, sizeof sequence, entry);
    return entry;
}

/* Takes it out of the list that its state keeps it in; the caller sets the next state. */
static void state_leave(struct rt_entry *entry, struct rt_sub *sub)
{
    switch (entry->state) {
    case RT_ENTRY_WAITING:
        break;
    case RT_ENTRY_READY:
        RB_REMOVE(rt_entry_ready, &sub->ready, entry);
        break;
    case RT_ENTRY_DELAYED:
        RB_REMOVE(rt_entry_delayed, &sub->delayed, entry);
        break;
    case RT_ENTRY_INFLIGHT:
        DL_DELETE2(sub->inflight, entry, timed_prev, timed_next);
        entry->member->inflight--;
        entry->member->inflight_bytes -= entry->size;
        entry->member = NULL;
        break;
    case RT_ENTRY_DOOMED:
        DL_DELETE2(sub->doomed, entry, timed_prev, timed_next);
        if (entry->confirm)
            rt_conn_release(entry->confirm);
        entry->confirm = NULL;
        free(entry->reason);
        entry->reason = NULL;
        break;
    }
}

struct rt_entry *rt_entry_add(struct rt_sub *sub, uint64_t sequence, uint64_t key)
{
    struct rt_entry *entry = rt_zalloc(sizeof *entry);
    entry->sequence = sequence;
    entry->key = key;
    entry->state = RT_ENTRY_WAITING;
    DL_APPEND(sub->entries, entry);
    sub->broker->entries++;
    HASH_ADD(hh, sub->by_sequence, sequence, sizeof entry->sequence, entry);
    struct rt_key_queue *queue = NULL;
    if (key != 0)
        HASH_FIND(hh, sub->keys, &key, sizeof key, queue);
    if (queue) {
        queue->tail->key_next = entry;
        entry->key_prev = queue->tail;
        queue->tail = entry;
        return entry;
    }
    if (key != 0) {
        queue = rt_zalloc(sizeof *queue);
        queue->key = key;
        queue->head = queue->tail = entry;
        HASH_ADD(hh, sub->keys, key, sizeof queue->key, queue);
    }
    rt_entry_ready(entry, sub);
    return entry;
}

void rt_entry_ready(struct rt_entry *entry, struct rt_sub *sub)
{
    state_leave(entry, sub);
    entry->state = RT_ENTRY_READY;
    entry->scheduled = false;
    RB_INSERT(rt_entry_ready, &sub->ready, entry);
    sub->runnable = true;
}

void rt_entry_delay(struct rt_entry *entry, struct rt_sub *sub, int64_t due_ms)
{
    state_leave(entry, sub);
    entry->state = RT_ENTRY_DELAYED;
    entry->due_ms = due_ms;
    RB_INSERT(rt_entry_delayed, &sub->delayed, entry);
    rt_broker_wake_at(sub->broker, due_ms);
    sub->runnable = true; /* the member that held it has credit again */
}

/* Into the list of those in flight, which is sorted by when their ack-wait ends. */
static void inflight_insert(struct rt_entry *entry, struct rt_sub *sub)
{
    struct rt_entry *after = sub->inflight ? sub->inflight->timed_prev : NULL;
    while (after && after->due_ms > entry->due_ms)
        after = after == sub->inflight ? NULL : after->timed_prev;
    if (after)
        DL_APPEND_ELEM2(sub->inflight, after, entry, timed_prev, timed_next);
    else
        DL_PREPEND2(sub->inflight, entry, timed_prev, timed_next);
    rt_broker_wake_at(sub->broker, entry->due_ms);
}

void rt_entry_inflight(struct rt_entry *entry, struct rt_sub *sub, struct rt_member *member)
{
    state_leave(entry, sub);
    entry->state = RT_ENTRY_INFLIGHT;
    entry->member = member;
    entry->due_ms = sub->broker->now_ms + sub->ack_wait_ms;
    member->inflight++;
    member->inflight_bytes += entry->size;
    inflight_insert(entry, sub);
}

void rt_entry_extend(struct rt_entry *entry, struct rt_sub *sub)
{
    RT_ASSERT(entry->state == RT_ENTRY_INFLIGHT);
    DL_DELETE2(sub->inflight, entry, timed_prev, timed_next);
    entry->due_ms = sub->broker->now_ms + sub->ack_wait_ms;
    inflight_insert(entry, sub);
}

void rt_entry_doom(struct rt_entry *entry, struct rt_sub *sub, const char *reason)
{
    state_leave(entry, sub);
    entry->state = RT_ENTRY_DOOMED;
    entry->reason = rt_zalloc(strlen(reason) + 1);
    memcpy(entry->reason, reason, strlen(reason));
    DL_APPEND2(sub->doomed, entry, timed_prev, timed_next);
    sub->runnable = true;
}

/* Takes the entry out of its key's queue and lets the one behind the head go on. */
static void key_leave(struct rt_entry *entry, struct rt_sub *sub)
{
    struct rt_key_queue *queue = NULL;
    if (entry->key != 0)
        HASH_FIND(hh, sub->keys, &entry->key, sizeof entry->key, queue);
    if (!queue)
        return;
    if (queue->head == entry) {
        queue->head = entry->key_next;
        if (queue->head)
            queue->head->key_prev = NULL;
        if (!queue->head) {
            HASH_DEL(sub->keys, queue);
            free(queue);
        } else if (queue->head->state == RT_ENTRY_WAITING) {
            rt_entry_ready(queue->head, sub);
        }
        return;
    }
    entry->key_prev->key_next = entry->key_next;
    if (entry->key_next)
        entry->key_next->key_prev = entry->key_prev;
    else
        queue->tail = entry->key_prev;
}

static void entry_free(struct rt_entry *entry, struct rt_sub *sub)
{
    state_leave(entry, sub);
    DL_DELETE(sub->entries, entry);
    sub->broker->entries--;
    HASH_DEL(sub->by_sequence, entry);
    free(entry);
}

void rt_entry_remove(struct rt_entry *entry, struct rt_sub *sub)
{
    key_leave(entry, sub);
    entry_free(entry, sub);
    sub->runnable = true;
}

void rt_entry_free_all(struct rt_sub *sub)
{
    struct rt_key_queue *queue, *next_queue;
    HASH_ITER (hh, sub->keys, queue, next_queue) {
        HASH_DEL(sub->keys, queue);
        free(queue);
    }
    while (sub->entries)
        entry_free(sub->entries, sub);
    rt_ahead_drop(sub, UINT64_MAX);
}

/* ------------------------------------------------------ ahead of the cursor */

static struct rt_ahead *ahead_find(const struct rt_sub *sub, uint64_t sequence)
{
    struct rt_ahead *ahead;
    uint64_t block = sequence / RT_AHEAD_SPAN;
    HASH_FIND(hh, sub->ahead, &block, sizeof block, ahead);
    return ahead;
}

bool rt_ahead_has(const struct rt_sub *sub, uint64_t sequence)
{
    const struct rt_ahead *ahead = sub->ahead ? ahead_find(sub, sequence) : NULL;
    uint64_t bit = sequence % RT_AHEAD_SPAN;
    return ahead && (ahead->bits[bit / 64] >> (bit % 64) & 1);
}

void rt_ahead_add(struct rt_sub *sub, uint64_t sequence)
{
    struct rt_ahead *ahead = ahead_find(sub, sequence);
    if (!ahead) {
        ahead = rt_zalloc(sizeof *ahead);
        ahead->block = sequence / RT_AHEAD_SPAN;
        HASH_ADD(hh, sub->ahead, block, sizeof ahead->block, ahead);
    }
    uint64_t bit = sequence % RT_AHEAD_SPAN;
    ahead->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

void rt_ahead_drop(struct rt_sub *sub, uint64_t sequence)
{
    struct rt_ahead *ahead, *next_ahead;
    HASH_ITER (hh, sub->ahead, ahead, next_ahead) {
        if (ahead->block >= sequence / RT_AHEAD_SPAN)
            continue;
        HASH_DEL(sub->ahead, ahead);
        free(ahead);
    }
    struct rt_attempt *attempt, *next_attempt;
    HASH_ITER (hh, sub->attempts, attempt, next_attempt) {
        if (attempt->sequence >= sequence)
            continue;
        HASH_DEL(sub->attempts, attempt);
        free(attempt);
    }
}

void rt_ahead_forget(struct rt_sub *sub, uint64_t from)
{
    struct rt_ahead *ahead, *next;
    HASH_ITER (hh, sub->ahead, ahead, next)
        for (uint64_t i = 0; i < RT_AHEAD_SPAN; i++)
            if (ahead->block * RT_AHEAD_SPAN + i >= from)
                ahead->bits[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

uint32_t rt_attempt_take(struct rt_sub *sub, uint64_t sequence)
{
    struct rt_attempt *attempt;
    HASH_FIND(hh, sub->attempts, &sequence, sizeof sequence, attempt);
    if (!attempt)
        return 0;
    uint32_t count = attempt->attempt;
    HASH_DEL(sub->attempts, attempt);
    free(attempt);
    return count;
}

void rt_attempt_note(struct rt_sub *sub, uint64_t sequence, uint32_t count)
{
    struct rt_attempt *attempt;
    HASH_FIND(hh, sub->attempts, &sequence, sizeof sequence, attempt);
    if (!attempt) {
        attempt = rt_zalloc(sizeof *attempt);
        attempt->sequence = sequence;
        HASH_ADD(hh, sub->attempts, sequence, sizeof attempt->sequence, attempt);
    }
    attempt->attempt = count;
}
