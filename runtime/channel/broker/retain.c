/* What is dropped: by the log's limits, by purges, by force, by compaction; and what
 * subscriptions lose by that. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

/* Sequences a loss looks at in one turn before others have theirs. */
enum { TURN_LOOKS = 4096 };

/* ------------------------------------------------------- the first sequence */

/* Everything below is gone for subscriptions. */
static void first_set(struct rt_broker *broker, uint64_t sequence)
{
    if (sequence <= broker->first)
        return;
    broker->first = sequence;
    struct rt_purge *purge, *next;
    DL_FOREACH_SAFE(broker->purges, purge, next)
    {
        if (purge->up_to < sequence)
            rt_purge_free(broker, purge); /* what it was about is gone with everything else */
    }
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        while (sub->entries && sub->entries->sequence < sequence)
            rt_entry_remove(sub->entries, sub);
        if (sub->cursor < sequence) {
            sub->cursor = sequence;
            rt_ahead_drop(sub, sequence);
        }
        sub->runnable = true;
    }
}

void rt_broker_first(struct rt_broker *broker, uint64_t sequence)
{
    if (sequence > broker->gone)
        broker->gone = sequence;
    while (broker->dead && broker->dead->sequence < sequence)
        rt_dead_drop(broker, broker->dead->sequence);
    first_set(broker, sequence);
}

void rt_broker_retain(struct rt_broker *broker, uint64_t first)
{
    if (first <= broker->first)
        return;
    broker->retired += first - broker->first;
    rt_purge(broker, (struct rt_str){0}, first - 1);
}

void rt_broker_idle_record(struct rt_broker *broker)
{
    rt_purge(broker, (struct rt_str){0}, broker->first - 1); /* what is gone is gone */
}

uint64_t rt_broker_needed(const struct rt_broker *broker)
{
    uint64_t needed = broker->batch.next;
    const struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        uint64_t floor = rt_sub_floor(sub);
        if (!rt_sub_ephemeral(sub) && floor + 1 < needed)
            needed = floor + 1;
    }
    const struct rt_loss *loss;
    DL_FOREACH(broker->losses, loss)
    {
        if (loss->at < needed)
            needed = loss->at;
    }
    return needed;
}

uint64_t rt_broker_oldest_dead(const struct rt_broker *broker)
{
    return broker->dead ? broker->dead->sequence : UINT64_MAX;
}

uint64_t rt_broker_first_kept(const struct rt_broker *broker)
{
    return broker->first;
}

/* ------------------------------------------------------------------- purges */

struct rt_purge *rt_purge_apply(struct rt_broker *broker, struct rt_str filter, uint64_t up_to)
{
    if (filter.len == 0) {
        first_set(broker, up_to + 1);
        return NULL;
    }
    return rt_purge_add(broker, filter, up_to);
}

uint64_t rt_purge(struct rt_broker *broker, struct rt_str filter, uint64_t up_to)
{
    rt_purge_apply(broker, filter, up_to);
    record_Purged purged = {.up_to = up_to};
    RT_PB_SET(&purged.filter, filter);
    return rt_record_append(broker, record_Kind_KIND_PURGED, record_Purged_fields, &purged);
}

struct rt_str rt_purge_hurts(const struct rt_broker *broker, struct rt_str filter, uint64_t up_to)
{
    const struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        if (!rt_sub_ephemeral(sub) && rt_sub_floor(sub) < up_to &&
            (filter.len == 0 || rt_match_overlaps(&sub->match, filter)))
            return sub->name;
    }
    return (struct rt_str){0};
}

/* ------------------------------------------------------------------- losses */

static void loss_free(struct rt_broker *broker, struct rt_loss *loss)
{
    rt_reading_stop(broker, &loss->reading);
    DL_DELETE(broker->losses, loss);
    rt_match_done(&loss->match);
    free(loss);
}

void rt_loss_start(struct rt_broker *broker, struct rt_str filter, uint64_t up_to)
{
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        if (rt_sub_ephemeral(sub) || rt_sub_floor(sub) >= up_to ||
            (filter.len > 0 && !rt_match_overlaps(&sub->match, filter)))
            continue;
        struct rt_loss *loss = rt_zalloc(sizeof *loss);
        loss->sub = sub->id;
        loss->cursor = sub->cursor;
        loss->at = filter.len > 0 ? rt_sub_floor(sub) + 1 : sub->cursor;
        loss->to = up_to;
        loss->purge = broker->next_purge_id + 1; /* what comes now */
        loss->runnable = true;
        loss->reading.runnable = &loss->runnable;
        rt_match_init(&loss->match, &filter, filter.len > 0);
        DL_APPEND(broker->losses, loss);
        while (filter.len == 0 && sub->entries && sub->entries->sequence <= up_to) {
            rt_entry_remove(sub->entries, sub);
            loss->count++;
        }
        if (filter.len == 0 && sub->cursor <= up_to)
            sub->cursor = up_to + 1;
    }
}

void rt_broker_lose(struct rt_broker *broker, uint64_t first)
{
    if (first > broker->durable + 1)
        first = broker->durable + 1;
    rt_loss_start(broker, (struct rt_str){0}, first - 1);
}

/* One event of those that are to go: is it a loss? */
static void loss_count(struct rt_loss *loss, struct rt_sub *sub, const struct rt_log_event *event)
{
    if (rt_purged(sub->broker, loss->at, event->subject, loss->purge) ||
        (loss->match.count > 0 && !rt_match_any(&loss->match, event->subject)))
        return;
    int64_t due_ms;
    struct rt_entry *entry = rt_entry_find(sub, loss->at);
    if (entry && entry->state != RT_ENTRY_INFLIGHT) {
        rt_entry_remove(entry, sub);
        loss->count++;
    } else if (!entry && loss->at >= loss->cursor && rt_sub_wants(sub, loss->at, event, &due_ms)) {
        loss->count++;
    }
}

/* True when it has come to its end. */
static bool loss_turn(struct rt_broker *broker, struct rt_loss *loss, struct rt_sub *sub)
{
    for (int looks = 0; loss->at <= loss->to && loss->at <= broker->durable; looks++, loss->at++) {
        if (looks == TURN_LOOKS) {
            rt_broker_wake_at(broker, broker->now_ms);
            return false;
        }
        struct rt_log_event event;
        enum rt_look look = rt_look_kept(broker, &loss->reading, loss->at, &event);
        if (look == RT_LOOK_LATER) {
            loss->runnable = false;
            return false;
        }
        if (look == RT_LOOK_EVENT)
            loss_count(loss, sub, &event);
    }
    return true;
}

void rt_loss_run(struct rt_broker *broker)
{
    struct rt_loss *loss, *next;
    DL_FOREACH_SAFE(broker->losses, loss, next)
    {
        struct rt_sub *sub = rt_sub_by_id(broker, loss->sub);
        if (sub && (!loss->runnable || !loss_turn(broker, loss, sub)))
            continue;
        if (sub && loss->count > 0) {
            sub->lost += loss->count;
            broker->lost += loss->count;
            if (broker->options.lost)
                broker->options.lost(broker->options.lost_arg, sub->name, loss->count);
        }
        loss_free(broker, loss);
    }
}

/* --------------------------------------------------------------- compaction */

static uint64_t compact_floor(const struct rt_broker *broker)
{
    uint64_t settled = broker->durable;
    const struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        if (sub->compacted && !rt_sub_ephemeral(sub) && rt_sub_floor(sub) < settled)
            settled = rt_sub_floor(sub);
    }
    const struct rt_loss *loss; /* still has to read what it counts */
    DL_FOREACH(broker->losses, loss)
    {
        if (loss->at - 1 < settled)
            settled = loss->at - 1;
    }
    return settled;
}

uint64_t rt_broker_compactable(struct rt_broker *broker)
{
    struct rt_broker_floor *floor = &broker->compactable;
    uint64_t now = compact_floor(broker);
    if (broker->durable >= floor->record) {
        floor->durable = floor->next;
        floor->next = now;
        floor->record = broker->batch.next - 1;
    }
    return now < floor->durable ? now : floor->durable;
}

void rt_broker_bar(struct rt_broker *broker, uint64_t from, uint64_t to)
{
    struct rt_reading *reading, *next;
    DL_FOREACH_SAFE(broker->readings, reading, next)
    {
        if (!reading->barred)
            continue;
        *reading->runnable = true; /* it looks again */
        rt_reading_stop(broker, reading);
    }
    broker->barred_from = from;
    broker->barred_to = to;
}

void rt_broker_compacted(struct rt_broker *broker, const struct rt_broker_compacted *what)
{
    rt_event_cache_drop(&broker->cache, what->base, what->next, what->bits);
    broker->compacted += what->events;
    broker->compacted_bytes += what->bytes;
}

void rt_retain_free(struct rt_broker *broker)
{
    while (broker->losses)
        loss_free(broker, broker->losses);
    while (broker->purges)
        rt_purge_free(broker, broker->purges);
}
