/* Subscriptions: who belongs to them, and what members say about what they were given. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

struct rt_sub *rt_sub_find(struct rt_broker *broker, struct rt_str name)
{
    struct rt_sub *sub;
    HASH_FIND(hh, broker->subs_by_name, name.data, name.len, sub);
    return sub;
}

struct rt_sub *rt_sub_by_id(struct rt_broker *broker, uint32_t id)
{
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    if (sub->id == id)
        return sub;
    return NULL;
}

static struct rt_sub *sub_new(struct rt_broker *broker, const record_Subscription *record)
{
    struct rt_sub *sub = rt_zalloc(sizeof *sub);
    sub->broker = broker;
    sub->id = record->id;
    if (record->id >= broker->next_sub_id)
        broker->next_sub_id = record->id + 1;
    char *name = rt_zalloc(record->name.size + 1u);
    memcpy(name, record->name.bytes, record->name.size);
    sub->name = rt_str_n(name, record->name.size);
    sub->from = sub->cursor = record->from;
    sub->from_time_ms = record->from_time_ms;
    sub->reading.runnable = &sub->runnable;
    RB_INIT(&sub->ready);
    RB_INIT(&sub->delayed);
    DL_APPEND(broker->subs, sub);
    HASH_ADD_KEYPTR(hh, broker->subs_by_name, sub->name.data, sub->name.len, sub);
    return sub;
}

struct rt_sub *rt_sub_set(struct rt_broker *broker, const record_Subscription *record)
{
    struct rt_sub *sub = rt_sub_find(broker, RT_PB_STR(record->name));
    if (!sub)
        sub = sub_new(broker, record);
    struct rt_str filters[RT_FILTERS_MAX];
    for (size_t i = 0; i < record->filters_count; i++)
        filters[i] = RT_PB_STR(record->filters[i]);
    rt_match_done(&sub->match);
    rt_match_init(&sub->match, filters, record->filters_count);
    sub->compacted = rt_compact_overlaps(&broker->options.compact, &sub->match);
    sub->ack_wait_ms = record->ack_wait_ms;
    sub->max_deliver = record->max_deliver;
    sub->backoff_count = record->backoff_ms_count;
    memcpy(sub->backoff_ms, record->backoff_ms, sub->backoff_count * sizeof *sub->backoff_ms);
    sub->runnable = true;
    return sub;
}

static void member_leave(struct rt_member *member, bool clean);

void rt_sub_free(struct rt_sub *sub)
{
    struct rt_broker *broker = sub->broker;
    while (sub->members)
        member_leave(sub->members, true);
    rt_entry_free_all(sub);
    rt_reading_stop(broker, &sub->reading);
    DL_DELETE(broker->subs, sub);
    HASH_DEL(broker->subs_by_name, sub);
    rt_match_done(&sub->match);
    free((void *)(uintptr_t)sub->name.data);
    free(sub);
}

uint64_t rt_sub_floor(const struct rt_sub *sub)
{
    return (sub->entries ? sub->entries->sequence : sub->cursor) - 1;
}

void rt_sub_rewind(struct rt_sub *sub, uint64_t from)
{
    struct rt_entry *entry, *next;
    DL_FOREACH_SAFE(sub->entries, entry, next)
    {
        if (entry->sequence >= from)
            rt_entry_remove(entry, sub);
    }
    rt_ahead_forget(sub, from);
    if (sub->cursor > from)
        sub->cursor = from;
    if (sub->from > from)
        sub->from = from;
    sub->runnable = true;
}

static void member_leave(struct rt_member *member, bool clean)
{
    struct rt_sub *sub = member->sub;
    struct rt_entry *entry, *next;
    DL_FOREACH_SAFE2(sub->inflight, entry, next, timed_next)
    {
        if (entry->member != member)
            continue;
        rt_entry_ready(entry, sub);
        if (clean)
            entry->attempts--;
    }
    RT_ASSERT(member->inflight == 0 && member->inflight_bytes == 0);
    DL_DELETE(sub->members, member);
    DL_DELETE2(member->conn->members, member, conn_prev, conn_next);
    member->conn->member_count--;
    free(member);
}

void rt_member_leave(struct rt_member *member, bool clean)
{
    struct rt_sub *sub = member->sub;
    member_leave(member, clean);
    if (rt_sub_ephemeral(sub) && !sub->members)
        rt_sub_free(sub);
}

static struct rt_member *member_find(struct rt_broker_conn *conn, uint32_t local)
{
    for (struct rt_member *member = conn->members; member; member = member->conn_next)
        if (member->local == local)
            return member;
    return NULL;
}

/* ---- SUBSCRIBE, UNSUBSCRIBE ---- */

/* What is wrong with the request, or NULL. */
static const char *subscribe_fault(const struct rt_broker_conn *conn,
                                   const channel_Subscribe *subscribe, channel_Code *code)
{
    *code = channel_Code_CODE_INVALID;
    if (!rt_name_valid(RT_PB_STR(subscribe->name)))
        return "not a name for a subscription";
    if (subscribe->filters_count == 0)
        return "a subscription needs a filter";
    if (subscribe->start > channel_Start_START_LAST)
        return "not a start position";
    const struct rt_sub *sub = rt_sub_find(conn->broker, RT_PB_STR(subscribe->name));
    if (sub && rt_sub_ephemeral(sub) != subscribe->ephemeral)
        return subscribe->ephemeral ? "there is a durable subscription of this name"
                                    : "there is an ephemeral subscription of this name";
    for (size_t i = 0; i < subscribe->filters_count; i++) {
        struct rt_str filter = RT_PB_STR(subscribe->filters[i]);
        *code = channel_Code_CODE_INVALID;
        if (!rt_filter_valid(filter))
            return "not a filter";
        bool allowed = !conn->client || !conn->client->subscribe;
        for (size_t k = 0; !allowed && k < conn->may_subscribe.count; k++)
            allowed = rt_filter_covers(conn->may_subscribe.filters[k], filter);
        *code = channel_Code_CODE_DENIED;
        if (!allowed)
            return "this client may not subscribe to that filter";
    }
    return NULL;
}

static int time_ms_clamp(uint32_t ms)
{
    return ms > RT_DELAY_MAX_MS ? RT_DELAY_MAX_MS : (int)ms;
}

/* The newest event that one of the filters selects, or what comes next. */
static uint64_t last_match(const struct rt_broker *broker, const channel_Subscribe *subscribe)
{
    struct rt_str filters[RT_FILTERS_MAX];
    for (size_t i = 0; i < subscribe->filters_count; i++)
        filters[i] = RT_PB_STR(subscribe->filters[i]);
    uint64_t sequence = rt_newest_find(&broker->newest, filters, subscribe->filters_count);
    return sequence >= broker->first && sequence > 0 ? sequence : broker->batch.next;
}

static uint64_t start_at(struct rt_broker *broker, const channel_Subscribe *subscribe)
{
    switch (subscribe->start) {
    case channel_Start_START_NEW:
        return broker->batch.next;
    case channel_Start_START_LAST:
        return last_match(broker, subscribe);
    case channel_Start_START_SEQUENCE:
        if (subscribe->start_value > broker->batch.next)
            return broker->batch.next;
        return subscribe->start_value > broker->first ? subscribe->start_value : broker->first;
    default:
        return broker->first;
    }
}

/* Creates the subscription or changes its rules, in the log too when something is new. */
static struct rt_sub *sub_open(struct rt_broker *broker, const channel_Subscribe *subscribe,
                               bool *ret_created)
{
    struct rt_str name = RT_PB_STR(subscribe->name);
    struct rt_sub *sub = rt_sub_find(broker, name);
    *ret_created = !sub;
    record_Subscription record = {
        .id = sub                    ? sub->id
              : subscribe->ephemeral ? 0
                                     : broker->next_sub_id,
        .from = sub ? sub->from : start_at(broker, subscribe),
        .from_time_ms = sub ? sub->from_time_ms : 0,
        .ack_wait_ms = subscribe->ack_wait_ms ? (uint32_t)time_ms_clamp(subscribe->ack_wait_ms)
                                              : RT_ACK_WAIT_MS,
        .max_deliver =
            subscribe->max_deliver ? subscribe->max_deliver : broker->options.max_deliver,
        .filters_count = subscribe->filters_count,
        .backoff_ms_count = subscribe->backoff_ms_count,
    };
    if (!sub && subscribe->start == channel_Start_START_TIME)
        record.from_time_ms = (int64_t)subscribe->start_value;
    RT_PB_SET(&record.name, name);
    bool same = sub && sub->match.count == record.filters_count &&
                sub->ack_wait_ms == record.ack_wait_ms && sub->max_deliver == record.max_deliver &&
                sub->backoff_count == record.backoff_ms_count;
    for (size_t i = 0; i < record.filters_count; i++) {
        RT_PB_SET(&record.filters[i], RT_PB_STR(subscribe->filters[i]));
        same = same && rt_str_eq(sub->match.filters[i], RT_PB_STR(subscribe->filters[i]));
    }
    for (size_t i = 0; i < record.backoff_ms_count; i++) {
        record.backoff_ms[i] = (uint32_t)time_ms_clamp(subscribe->backoff_ms[i]);
        same = same && sub->backoff_ms[i] == record.backoff_ms[i];
    }
    if (same)
        return sub;
    sub = rt_sub_set(broker, &record);
    if (!rt_sub_ephemeral(sub))
        rt_record_subscription(broker, sub);
    return sub;
}

static int subscribe_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Subscribe subscribe;
    if (rt_frame_get(frame, channel_Subscribe_fields, &subscribe) < 0)
        return RT_EINVAL;
    if (member_find(conn, subscribe.subscription) ||
        conn->member_count == RT_SUBSCRIPTIONS_PER_CONN_MAX)
        return RT_EINVAL;
    channel_Code code;
    const char *why = subscribe_fault(conn, &subscribe, &code);
    if (why) {
        rt_conn_fail(conn, code, why);
        return 0;
    }
    channel_Subscribed subscribed = {.subscription = subscribe.subscription};
    struct rt_sub *sub = sub_open(conn->broker, &subscribe, &subscribed.created);
    struct rt_member *member = rt_zalloc(sizeof *member);
    uint32_t window = subscribe.window_messages ? subscribe.window_messages : RT_WINDOW_MESSAGES;
    member->conn = conn;
    member->sub = sub;
    member->local = subscribe.subscription;
    member->window = window < RT_WINDOW_MESSAGES_MAX ? window : RT_WINDOW_MESSAGES_MAX;
    member->window_bytes = subscribe.window_bytes ? subscribe.window_bytes : RT_WINDOW_BYTES;
    DL_APPEND(sub->members, member);
    DL_APPEND2(conn->members, member, conn_prev, conn_next);
    conn->member_count++;
    sub->runnable = true;
    subscribed.floor = rt_sub_floor(sub);
    rt_frame_put(&conn->out, channel_FrameType_FRAME_SUBSCRIBED, channel_Subscribed_fields,
                 &subscribed, (struct rt_bytes){0});
    rt_conn_dirty(conn);
    return 0;
}

static int unsubscribe_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Unsubscribe unsubscribe;
    if (rt_frame_get(frame, channel_Unsubscribe_fields, &unsubscribe) < 0)
        return RT_EINVAL;
    struct rt_member *member = member_find(conn, unsubscribe.subscription);
    if (!member)
        return 0;
    struct rt_sub *sub = member->sub;
    bool ephemeral = rt_sub_ephemeral(sub);
    rt_member_leave(member, true);
    if (!ephemeral && unsubscribe.forget && !sub->members) {
        record_Settled forgotten = {.subscription = sub->id};
        rt_record_append(conn->broker, record_Kind_KIND_FORGOTTEN, record_Settled_fields,
                         &forgotten);
        rt_sub_free(sub);
    }
    return 0;
}

/* ---- settling ---- */

/* True when the acknowledgement is a new fact, to be written down. An event may be acknowledged
 * late (somebody else has it by now) or from before a restart (the cursor is behind it). */
static bool settle(struct rt_sub *sub, uint64_t sequence)
{
    struct rt_entry *entry = rt_entry_find(sub, sequence);
    if (entry) {
        rt_entry_remove(entry, sub);
        return true;
    }
    if (sequence < sub->cursor || rt_ahead_has(sub, sequence))
        return false;
    rt_ahead_add(sub, sequence);
    return true;
}

static int ack_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Ack ack;
    if (rt_frame_get(frame, channel_Ack_fields, &ack) < 0)
        return RT_EINVAL;
    struct rt_member *member = member_find(conn, ack.subscription);
    if (!member)
        return 0;
    struct rt_sub *sub = member->sub;
    record_Settled settled = {.subscription = sub->id};
    size_t known = 0;
    for (size_t i = 0; i < ack.sequences_count; i++) {
        uint64_t sequence = ack.sequences[i];
        if (sequence > conn->broker->durable || sequence >= sub->cursor + RT_AHEAD_MAX)
            continue; /* cannot have been delivered */
        ack.sequences[known++] = sequence;
        if (settle(sub, sequence))
            settled.sequences[settled.sequences_count++] = sequence;
    }
    sub->settled += settled.sequences_count;
    if (settled.sequences_count > 0 && !rt_sub_ephemeral(sub))
        rt_record_append(conn->broker, record_Kind_KIND_SETTLED, record_Settled_fields, &settled);
    /* A repeated acknowledgement is confirmed when the first one is durable, which is at the latest
     * when everything up to here is. */
    for (size_t i = 0; i < known; i++)
        rt_pending_push(conn->broker, (struct rt_pending){.record = conn->broker->batch.next - 1,
                                                          .conn = conn,
                                                          .sequence = ack.sequences[i],
                                                          .local = ack.subscription});
    return 0;
}

static int extend_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Ack extend;
    if (rt_frame_get(frame, channel_Ack_fields, &extend) < 0)
        return RT_EINVAL;
    struct rt_member *member = member_find(conn, extend.subscription);
    for (size_t i = 0; member && i < extend.sequences_count; i++) {
        struct rt_entry *entry = rt_entry_find(member->sub, extend.sequences[i]);
        if (entry && entry->member == member)
            rt_entry_extend(entry, member->sub);
    }
    return 0;
}

static int nack_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Nack nack;
    if (rt_frame_get(frame, channel_Nack_fields, &nack) < 0)
        return RT_EINVAL;
    struct rt_member *member = member_find(conn, nack.subscription);
    struct rt_entry *entry = member ? rt_entry_find(member->sub, nack.sequence) : NULL;
    if (!entry || entry->member != member)
        return 0; /* late: it is somebody else's by now */
    struct rt_sub *sub = member->sub;
    sub->nacked++;
    int64_t delay_ms = nack.delay_ms ? time_ms_clamp(nack.delay_ms) : rt_sub_backoff(sub, entry);
    if (entry->attempts >= sub->max_deliver)
        rt_entry_doom(entry, sub, "refused by its consumer too often");
    else if (delay_ms > 0)
        rt_entry_delay(entry, sub, conn->broker->now_ms + delay_ms);
    else
        rt_entry_ready(entry, sub);
    return 0;
}

static int terminate_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Terminate terminate;
    if (rt_frame_get(frame, channel_Terminate_fields, &terminate) < 0)
        return RT_EINVAL;
    struct rt_member *member = member_find(conn, terminate.subscription);
    if (!member || terminate.sequence > conn->broker->durable)
        return 0;
    struct rt_sub *sub = member->sub;
    struct rt_entry *entry = rt_entry_find(sub, terminate.sequence);
    if (!entry) {
        if (terminate.sequence < sub->cursor)
            rt_pending_push(conn->broker,
                            (struct rt_pending){.record = conn->broker->batch.next - 1,
                                                .conn = conn,
                                                .sequence = terminate.sequence,
                                                .local = terminate.subscription});
        return 0;
    }
    char reason[RT_REASON_MAX + 1] = {0};
    memcpy(reason, terminate.reason.bytes, terminate.reason.size);
    rt_entry_doom(entry, sub, reason);
    entry->confirm = conn;
    entry->confirm_local = terminate.subscription;
    conn->refs++;
    return 0;
}

int rt_sub_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    switch (frame->type) {
    case channel_FrameType_FRAME_SUBSCRIBE:
        return subscribe_input(conn, frame);
    case channel_FrameType_FRAME_UNSUBSCRIBE:
        return unsubscribe_input(conn, frame);
    case channel_FrameType_FRAME_ACK:
        return ack_input(conn, frame);
    case channel_FrameType_FRAME_EXTEND:
        return extend_input(conn, frame);
    case channel_FrameType_FRAME_NACK:
        return nack_input(conn, frame);
    default:
        return terminate_input(conn, frame);
    }
}
