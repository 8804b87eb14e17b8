/* The members' answers to the events that they got. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/channel/broker/state.h"

/* Whether this member's answer to the event counts: the event went to it last, or to an earlier
 * connection of the same process. After a restart of the broker, which forgot that, the answer is
 * believed. */
static bool is_holder(const struct rt_member *member, const struct rt_entry *entry)
{
    return entry->holder == member->conn->who ||
           (entry->holder == 0 && entry->sequence <= member->sub->broker->started);
}

/* The same for a sequence, which may be settled already, or not looked at since the start. */
static bool may_settle(const struct rt_member *member, uint64_t sequence)
{
    struct rt_sub *sub = member->sub;
    const struct rt_entry *entry = rt_entry_find(sub, sequence);
    if (entry)
        return is_holder(member, entry);
    return sequence < sub->cursor ||
           (sequence <= sub->broker->started && sequence < sub->cursor + RT_AHEAD_MAX);
}

/* True when the acknowledgement is a new fact, to be written down. An event may be acknowledged
 * late (another member has it by now) or from before a restart (the cursor is behind it). */
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
    struct rt_member *member = rt_member_find(conn, ack.subscription);
    if (!member)
        return 0;
    struct rt_sub *sub = member->sub;
    record_Settled settled = {.subscription = sub->id};
    size_t known = 0;
    for (size_t i = 0; i < ack.sequences_count; i++) {
        uint64_t sequence = ack.sequences[i];
        if (!may_settle(member, sequence))
            continue;
        ack.sequences[known++] = sequence;
        if (settle(sub, sequence))
            settled.sequences[settled.sequences_count++] = sequence;
    }
    sub->settled += settled.sequences_count;
    if (settled.sequences_count > 0 && !rt_sub_ephemeral(sub))
        rt_record_append(conn->broker, record_Kind_KIND_SETTLED, record_Settled_fields, &settled);
    /* A repeated acknowledgement is confirmed when the first one is durable, at the latest when
     * everything up to here is. */
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
    struct rt_member *member = rt_member_find(conn, extend.subscription);
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
    struct rt_member *member = rt_member_find(conn, nack.subscription);
    struct rt_entry *entry = member ? rt_entry_find(member->sub, nack.sequence) : NULL;
    if (!entry || entry->member != member)
        return 0; /* late: another member has it by now */
    struct rt_sub *sub = member->sub;
    sub->nacked++;
    int64_t delay_ms =
        nack.delay_ms ? (int64_t)rt_delay_clamp(nack.delay_ms) : rt_sub_backoff(sub, entry);
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
    struct rt_member *member = rt_member_find(conn, terminate.subscription);
    if (!member)
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
    if (!is_holder(member, entry))
        return 0;
    char reason[RT_REASON_MAX + 1] = {0};
    struct rt_str text = RT_PB_STR(terminate.reason);
    if (!rt_utf8_valid(text) || memchr(text.data, 0, text.len))
        text = RT_STR("the reason was not UTF-8");
    memcpy(reason, text.data, text.len);
    rt_entry_doom(entry, sub, reason);
    entry->confirm = conn;
    entry->confirm_local = terminate.subscription;
    conn->refs++;
    return 0;
}

int rt_settle_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    switch (frame->type) {
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
