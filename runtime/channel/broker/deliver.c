/* Delivery: what a subscription sends next, to which member, and what follows without an answer. */
#include <utlist.h>

#include "runtime/channel/broker/state.h"

/* Sequences one subscription looks at in one turn before others have theirs. */
enum { TURN_LOOKS = 4096 };

/* Between two tries to find one among members with other filters. */
enum { MERGED_WAIT_MS = 250 };

/* The event at `sequence` for a subscription, which does not see what was let go or purged, and
 * waits for what compaction may take from it a moment later. */
static enum rt_look look_for(struct rt_sub *sub, uint64_t sequence, struct rt_log_event *ret)
{
    struct rt_broker *broker = sub->broker;
    if (sequence < broker->first)
        return RT_LOOK_OTHER; /* retention let it go */
    bool barred = sequence >= broker->barred_from && sequence < broker->barred_to;
    if (barred && sub->compacted && !rt_sub_ephemeral(sub)) {
        rt_reading_wait(broker, &sub->reading, sequence);
        sub->reading.barred = true;
        return RT_LOOK_LATER;
    }
    enum rt_look look = rt_look_kept(broker, &sub->reading, sequence, ret);
    if (look == RT_LOOK_EVENT && broker->purges &&
        rt_purged(broker, sequence, ret->subject, UINT64_MAX))
        return RT_LOOK_OTHER;
    return look;
}

/* The next member that may be given the event; its turn is over with that. */
static struct rt_member *member_next(struct rt_sub *sub, struct rt_str subject)
{
    struct rt_member *member;
    DL_FOREACH(sub->members, member)
    {
        if (member->inflight >= member->window || member->inflight_bytes >= member->window_bytes ||
            member->conn->out.len >= RT_OUT_HIGH_BYTES ||
            (sub->merged && member->match.count > 0 && !rt_match_any(&member->match, subject)))
            continue;
        if (member->next) {
            DL_DELETE(sub->members, member);
            DL_APPEND(sub->members, member);
        }
        return member;
    }
    return NULL;
}

static void deliver(struct rt_sub *sub, struct rt_entry *entry, struct rt_member *member,
                    const struct rt_log_event *event)
{
    entry->size = (uint32_t)event->payload.len;
    entry->attempts++;
    entry->holder = member->conn->who;
    rt_entry_inflight(entry, sub, member);
    struct rt_frame_event frame = {
        .subscription = member->local,
        .sequence = entry->sequence,
        .attempt = entry->attempts,
        .time_ms = event->time_ms,
        .subject = event->subject,
        .key = event->key,
        .producer = event->producer,
    };
    rt_frame_put_event(&member->conn->out, &frame, event->payload);
    rt_conn_dirty(member->conn);
    sub->delivered++;
    if (entry->attempts > 1)
        sub->redelivered++;
    if (entry->attempts > 1 && !rt_sub_ephemeral(sub)) {
        /* So that a restart does not start counting again. Nothing waits for it. */
        record_Attempt attempt = {sub->id, entry->sequence, entry->attempts};
        rt_record_append(sub->broker, record_Kind_KIND_ATTEMPT, record_Attempt_fields, &attempt);
    }
}

/* Copies what is doomed to the dead letters, unless it is gone, or an ephemeral subscription's. */
static void bury(struct rt_sub *sub)
{
    while (sub->doomed) {
        struct rt_entry *entry = sub->doomed;
        struct rt_log_event event;
        enum rt_look look = look_for(sub, entry->sequence, &event);
        if (look == RT_LOOK_LATER)
            return;
        if (look == RT_LOOK_EVENT && !rt_sub_ephemeral(sub))
            rt_dead_append(sub, entry, &event);
        else if (entry->confirm)
            rt_pending_push(sub->broker, (struct rt_pending){.record = sub->broker->batch.next - 1,
                                                             .conn = entry->confirm,
                                                             .sequence = entry->sequence,
                                                             .local = entry->confirm_local});
        rt_entry_remove(entry, sub);
    }
}

/* For an event with headers: is it not for this subscription, or not yet? */
static bool held_back(struct rt_sub *sub, const struct rt_log_event *event, int64_t *ret_due_ms)
{
    record_EventExtra extra;
    *ret_due_ms = 0;
    if (event->headers.len == 0 || rt_record_extra(event, &extra) < 0)
        return false;
    if (extra.target.size > 0 && !rt_str_eq(RT_PB_STR(extra.target), sub->name))
        return true;
    struct rt_broker *broker = sub->broker;
    if (extra.deliver_at_ms > broker->wall_ms)
        *ret_due_ms = broker->now_ms + (extra.deliver_at_ms - broker->wall_ms);
    return false;
}

bool rt_sub_wants(struct rt_sub *sub, uint64_t sequence, const struct rt_log_event *event,
                  int64_t *ret_due_ms)
{
    return rt_match_any(&sub->match, event->subject) &&
           !(sub->ahead && rt_ahead_has(sub, sequence)) && event->time_ms >= sub->from_time_ms &&
           !held_back(sub, event, ret_due_ms);
}

/* Looks at the sequence under the cursor and makes an entry of it if it is for this subscription.
 * False: not now. */
static bool advance(struct rt_sub *sub)
{
    struct rt_log_event event;
    enum rt_look look = look_for(sub, sub->cursor, &event);
    if (look == RT_LOOK_LATER)
        return false;
    int64_t due_ms = 0;
    bool wanted = look == RT_LOOK_EVENT && rt_sub_wants(sub, sub->cursor, &event, &due_ms);
    uint64_t sequence = sub->cursor++;
    if ((sub->ahead || sub->attempts) && sub->cursor % RT_AHEAD_SPAN == 0)
        rt_ahead_drop(sub, sub->cursor);
    if (!wanted)
        return true;
    uint64_t key = 0;
    if (event.key.len > 0 && due_ms == 0)
        key = rt_hash(rt_str_bytes(event.key), 0) | 1;
    struct rt_entry *entry = rt_entry_add(sub, sequence, key);
    if (sub->attempts)
        entry->attempts = rt_attempt_take(sub, sequence);
    if (due_ms > 0) {
        rt_entry_delay(entry, sub, due_ms);
        entry->scheduled = true;
    }
    return true;
}

/* Sends the first READY entry. False: not now. */
static bool send_ready(struct rt_sub *sub, struct rt_entry *entry)
{
    struct rt_log_event event;
    int64_t due_ms;
    enum rt_look look = look_for(sub, entry->sequence, &event);
    if (look == RT_LOOK_LATER)
        return false;
    if (look == RT_LOOK_OTHER || !rt_match_any(&sub->match, event.subject)) {
        rt_entry_remove(entry, sub); /* gone, or a filter that is not there any more selected it */
        return true;
    }
    if (entry->attempts >= sub->max_deliver) {
        rt_entry_doom(entry, sub, "delivered too often without an acknowledgement");
        return true;
    }
    held_back(sub, &event, &due_ms);
    if (due_ms > 0) {
        rt_entry_delay(entry, sub, due_ms);
        entry->scheduled = true;
        return true;
    }
    struct rt_member *member = member_next(sub, event.subject);
    if (!member && sub->merged) { /* the members that select it are away, or have no credit */
        rt_entry_delay(entry, sub, sub->broker->now_ms + MERGED_WAIT_MS);
        return true;
    }
    if (!member)
        return false;
    deliver(sub, entry, member, &event);
    return true;
}

static bool has_credit(const struct rt_sub *sub)
{
    const struct rt_member *member;
    DL_FOREACH(sub->members, member)
    {
        if (member->inflight < member->window && member->inflight_bytes < member->window_bytes &&
            member->conn->out.len < RT_OUT_HIGH_BYTES)
            return true;
    }
    return false;
}

/* Whether it may hold one more unsettled event. */
static bool has_room(const struct rt_sub *sub)
{
    const struct rt_broker *broker = sub->broker;
    size_t held = HASH_COUNT(sub->by_sequence);
    if (broker->entries < RT_UNSETTLED_ALL_MAX)
        return held < RT_UNSETTLED_MAX;
    return held < RT_UNSETTLED_ALL_MAX / (HASH_CNT(hh, broker->subs_by_name) + 1);
}

void rt_sub_run(struct rt_sub *sub)
{
    sub->runnable = false;
    for (int looks = 0; has_credit(sub); looks++) {
        if (looks == TURN_LOOKS) {
            sub->runnable = true;
            rt_broker_wake_at(sub->broker, sub->broker->now_ms);
            break;
        }
        struct rt_entry *entry = RB_MIN(rt_entry_ready, &sub->ready);
        if (entry) {
            if (!send_ready(sub, entry))
                break;
            continue;
        }
        if (sub->cursor > sub->broker->durable || !has_room(sub) || !advance(sub))
            break;
    }
    bury(sub);
}

/* --------------------------------------------------------------------- time */

/* No answer within the ack-wait: again, at once or after the backoff for this attempt. */
static void give_up_waiting(struct rt_sub *sub, struct rt_entry *entry)
{
    if (entry->attempts >= sub->max_deliver)
        rt_entry_doom(entry, sub, "not acknowledged in time, too often");
    else if (sub->backoff_count > 0)
        rt_entry_delay(entry, sub, sub->broker->now_ms + rt_sub_backoff(sub, entry));
    else
        rt_entry_ready(entry, sub);
}

int64_t rt_sub_backoff(const struct rt_sub *sub, const struct rt_entry *entry)
{
    size_t at = entry->attempts > 0 ? entry->attempts - 1 : 0;
    if (sub->backoff_count > 0)
        return sub->backoff_ms[at < sub->backoff_count ? at : sub->backoff_count - 1];
    int64_t most_ms = (int64_t)RT_NACK_MS << (at < 30 ? at : 30);
    most_ms = most_ms < RT_DELAY_MAX_MS ? most_ms : RT_DELAY_MAX_MS;
    /* The last quarter at random, so that what failed together does not come again together. */
    uint64_t dice = rt_hash(rt_bytes(&entry->sequence, sizeof entry->sequence), entry->attempts);
    return most_ms - (int64_t)(dice % (uint64_t)(most_ms / 4));
}

int64_t rt_sub_time(struct rt_sub *sub)
{
    int64_t now_ms = sub->broker->now_ms;
    while (sub->inflight && sub->inflight->due_ms <= now_ms)
        give_up_waiting(sub, sub->inflight);
    struct rt_entry *delayed;
    while ((delayed = RB_MIN(rt_entry_delayed, &sub->delayed)) && delayed->due_ms <= now_ms)
        rt_entry_ready(delayed, sub);
    int64_t wake_ms = sub->inflight ? sub->inflight->due_ms : INT64_MAX;
    if (delayed && delayed->due_ms < wake_ms)
        wake_ms = delayed->due_ms;
    return wake_ms;
}
