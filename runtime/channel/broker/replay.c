/* The state out of records and checkpoints, and into checkpoints. */
#include <pb_decode.h>
#include <pb_encode.h>
#include <utlist.h>

#include "runtime/channel/broker/state.h"
#include "runtime/channel/log/format.h"

/* ------------------------------------------------------------------- replay */

static int decode(struct rt_bytes body, const pb_msgdesc_t *fields, void *ret)
{
    pb_istream_t in = pb_istream_from_buffer(body.data, body.len);
    return pb_decode(&in, fields, ret) ? 0 : RT_ECORRUPT;
}

static void settle(struct rt_sub *sub, uint64_t sequence)
{
    struct rt_entry *entry = rt_entry_find(sub, sequence);
    if (entry)
        rt_entry_remove(entry, sub);
    else if (sequence >= sub->cursor)
        rt_ahead_add(sub, sequence);
}

static int replay_event(struct rt_broker *broker, uint64_t sequence, struct rt_bytes body)
{
    struct rt_log_event event;
    int r = rt_log_event_decode(body, &event);
    if (r < 0)
        return r;
    rt_event_cache_append(&broker->cache, sequence, body);
    rt_newest_note(&broker->newest, event.subject, sequence);
    if (event.producer_sequence > 0) {
        struct rt_producer *producer = rt_producer_get(broker, event.producer);
        producer->sequence = event.producer_sequence;
        producer->durable = event.producer_sequence;
        producer->record = sequence;
    }
    if (event.headers.len == 0)
        return 0;
    record_EventExtra extra;
    r = rt_record_extra(&event, &extra);
    if (r < 0)
        return r;
    if (extra.message_id.size > 0)
        rt_message_id_note(broker, event.producer, RT_PB_STR(extra.message_id), sequence);
    if (extra.dead_sequence > 0) {
        struct rt_sub *sub = rt_sub_find(broker, RT_PB_STR(extra.dead_subscription));
        if (sub)
            settle(sub, extra.dead_sequence);
        rt_dead_note(broker, sequence, extra.dead_time_ms);
    }
    return 0;
}

static int replay_settled(struct rt_broker *broker, uint8_t kind, struct rt_bytes body)
{
    record_Settled settled;
    int r = decode(body, record_Settled_fields, &settled);
    if (r < 0)
        return r;
    if (kind == record_Kind_KIND_DEAD_DROP) {
        for (size_t i = 0; i < settled.sequences_count; i++)
            rt_dead_drop(broker, settled.sequences[i]);
        return 0;
    }
    struct rt_sub *sub = rt_sub_by_id(broker, settled.subscription);
    if (!sub)
        return 0; /* forgotten since */
    if (kind == record_Kind_KIND_FORGOTTEN)
        rt_sub_free(sub);
    else if (kind == record_Kind_KIND_REWOUND)
        rt_sub_rewind(sub, settled.sequences_count > 0 ? settled.sequences[0] : UINT64_MAX);
    else
        for (size_t i = 0; i < settled.sequences_count; i++)
            settle(sub, settled.sequences[i]);
    return 0;
}

static int replay_attempt(struct rt_broker *broker, struct rt_bytes body)
{
    record_Attempt attempt;
    int r = decode(body, record_Attempt_fields, &attempt);
    struct rt_sub *sub = r == 0 ? rt_sub_by_id(broker, attempt.subscription) : NULL;
    if (!sub)
        return r;
    struct rt_entry *entry = rt_entry_find(sub, attempt.sequence);
    if (entry)
        entry->attempts = attempt.attempt;
    else if (attempt.sequence >= sub->cursor)
        rt_attempt_note(sub, attempt.sequence, attempt.attempt);
    return 0;
}

static int apply(struct rt_broker *broker, const struct rt_log_record *record)
{
    record_Subscription subscription;
    record_Purged purged;
    int r = 0;
    switch (record->kind) {
    case record_Kind_KIND_EVENT:
        return replay_event(broker, record->sequence, record->body);
    case record_Kind_KIND_SUBSCRIPTION:
        r = decode(record->body, record_Subscription_fields, &subscription);
        if (r == 0)
            rt_sub_set(broker, &subscription);
        return r;
    case record_Kind_KIND_SETTLED:
    case record_Kind_KIND_FORGOTTEN:
    case record_Kind_KIND_REWOUND:
    case record_Kind_KIND_DEAD_DROP:
        return replay_settled(broker, record->kind, record->body);
    case record_Kind_KIND_ATTEMPT:
        return replay_attempt(broker, record->body);
    case record_Kind_KIND_PURGED:
        r = decode(record->body, record_Purged_fields, &purged);
        if (r == 0)
            rt_purge_apply(broker, RT_PB_STR(purged.filter), purged.up_to);
        return r;
    case record_Kind_KIND_MARK:
        return 0;
    default:
        return RT_EUNSUPPORTED;
    }
}

int rt_broker_replay(struct rt_broker *broker, const struct rt_log_record *record,
                     struct rt_error *error)
{
    int r = apply(broker, record);
    if (r == RT_EUNSUPPORTED)
        return rt_error_set(error, r, "record %llu is of kind %u, which this version does not know",
                            (unsigned long long)record->sequence, record->kind);
    if (r < 0)
        return rt_error_set(error, r, "record %llu does not decode",
                            (unsigned long long)record->sequence);
    return 0;
}

/* ----------------------- checkpoints: a list of (kind u8, length u32, body) */

enum { CHECKPOINT_PREFIX = 5 };

static void part_put(struct rt_buf *out, record_Kind kind, const pb_msgdesc_t *fields,
                     const void *message)
{
    size_t size = 0;
    bool ok = pb_get_encoded_size(&size, fields, message);
    RT_ASSERT(ok);
    uint8_t *at = rt_buf_extend(out, CHECKPOINT_PREFIX + size);
    at[0] = (uint8_t)kind;
    for (unsigned i = 0; i < 4; i++)
        at[1 + i] = (uint8_t)(size >> (8 * i));
    pb_ostream_t stream = pb_ostream_from_buffer(at + CHECKPOINT_PREFIX, size);
    ok = pb_encode(&stream, fields, message);
    RT_ASSERT(ok);
}

static void cursor_flush(struct rt_buf *out, record_Cursor *cursor)
{
    part_put(out, record_Kind_KIND_CURSOR, record_Cursor_fields, cursor);
    cursor->sequences_count = cursor->attempts_count = cursor->keys_count = 0;
    cursor->ahead_count = 0;
}

static void checkpoint_sub(const struct rt_sub *sub, struct rt_buf *out)
{
    record_Subscription subscription;
    rt_record_subscription_fill(sub, &subscription);
    part_put(out, record_Kind_KIND_SUBSCRIPTION, record_Subscription_fields, &subscription);

    record_Cursor cursor = {.subscription = sub->id, .next = sub->cursor};
    const struct rt_entry *entry;
    DL_FOREACH(sub->entries, entry)
    {
        if (cursor.sequences_count == 256)
            cursor_flush(out, &cursor);
        cursor.sequences[cursor.sequences_count++] = entry->sequence;
        cursor.attempts[cursor.attempts_count++] = entry->attempts;
        cursor.keys[cursor.keys_count++] = entry->key;
    }
    for (const struct rt_ahead *ahead = sub->ahead; ahead; ahead = ahead->hh.next) {
        for (uint64_t i = 0; i < RT_AHEAD_SPAN; i++) {
            if (!(ahead->bits[i / 64] >> (i % 64) & 1))
                continue;
            if (cursor.ahead_count == 256)
                cursor_flush(out, &cursor);
            cursor.ahead[cursor.ahead_count++] = ahead->block * RT_AHEAD_SPAN + i;
        }
    }
    cursor_flush(out, &cursor);
}

static void checkpoint_purges(const struct rt_broker *broker, struct rt_buf *out)
{
    record_Purged purged = {.up_to = broker->first - 1};
    if (purged.up_to > 0)
        part_put(out, record_Kind_KIND_PURGED, record_Purged_fields, &purged);
    const struct rt_purge *purge;
    DL_FOREACH(broker->purges, purge)
    {
        purged.up_to = purge->up_to;
        RT_PB_SET(&purged.filter, purge->match.filters[0]);
        part_put(out, record_Kind_KIND_PURGED, record_Purged_fields, &purged);
    }
}

static void checkpoint_newest(const struct rt_broker *broker, struct rt_buf *out)
{
    const struct rt_newest_subject *subject;
    DL_FOREACH(broker->newest.oldest, subject)
    {
        record_Newest newest = {.sequence = subject->sequence};
        RT_PB_SET(&newest.subject, rt_str_n(subject->subject, subject->len));
        part_put(out, record_Kind_KIND_NEWEST, record_Newest_fields, &newest);
    }
}

void rt_broker_checkpoint(const struct rt_broker *broker, struct rt_buf *out)
{
    checkpoint_purges(broker, out);
    checkpoint_newest(broker, out);
    for (const struct rt_producer *p = broker->producers; p; p = p->hh.next) {
        record_Producer producer = {.sequence = p->sequence};
        RT_PB_SET(&producer.name, rt_str(p->name));
        part_put(out, record_Kind_KIND_PRODUCER, record_Producer_fields, &producer);
    }
    const struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        if (!rt_sub_ephemeral(sub))
            checkpoint_sub(sub, out);
    }
    record_Dead dead = {0};
    for (const struct rt_dead *d = broker->dead; d; d = d->hh.next) {
        dead.sequences[dead.sequences_count++] = d->sequence;
        dead.times_ms[dead.times_ms_count++] = d->died_ms;
        if (dead.sequences_count == 256 || !d->hh.next) {
            part_put(out, record_Kind_KIND_DEAD, record_Dead_fields, &dead);
            dead.sequences_count = dead.times_ms_count = 0;
        }
    }
    const struct rt_message_id *id;
    DL_FOREACH(broker->message_ids_oldest, id)
    {
        record_Message message = {.hash = id->hash, .sequence = id->sequence};
        part_put(out, record_Kind_KIND_MESSAGE, record_Message_fields, &message);
    }
}

static int restore_cursor(struct rt_broker *broker, struct rt_bytes body)
{
    record_Cursor cursor;
    int r = decode(body, record_Cursor_fields, &cursor);
    struct rt_sub *sub = r == 0 ? rt_sub_by_id(broker, cursor.subscription) : NULL;
    if (!sub || cursor.attempts_count != cursor.sequences_count ||
        cursor.keys_count != cursor.sequences_count)
        return RT_ECORRUPT;
    sub->cursor = cursor.next;
    for (size_t i = 0; i < cursor.sequences_count; i++) {
        struct rt_entry *entry = rt_entry_add(sub, cursor.sequences[i], cursor.keys[i]);
        entry->attempts = cursor.attempts[i];
    }
    for (size_t i = 0; i < cursor.ahead_count; i++)
        rt_ahead_add(sub, cursor.ahead[i]);
    return 0;
}

static int restore_part(struct rt_broker *broker, uint64_t sequence, uint8_t kind,
                        struct rt_bytes body)
{
    union {
        record_Producer producer;
        record_Dead dead;
        record_Message message;
        record_Newest newest;
    } part;
    int r;
    switch (kind) {
    case record_Kind_KIND_PRODUCER:
        r = decode(body, record_Producer_fields, &part.producer);
        if (r == 0) {
            struct rt_producer *producer = rt_producer_get(broker, RT_PB_STR(part.producer.name));
            producer->sequence = producer->durable = part.producer.sequence;
        }
        return r;
    case record_Kind_KIND_CURSOR:
        return restore_cursor(broker, body);
    case record_Kind_KIND_DEAD:
        r = decode(body, record_Dead_fields, &part.dead);
        for (size_t i = 0; r == 0 && i < part.dead.sequences_count; i++)
            rt_dead_note(broker, part.dead.sequences[i],
                         i < part.dead.times_ms_count ? part.dead.times_ms[i] : 0);
        return r;
    case record_Kind_KIND_MESSAGE:
        r = decode(body, record_Message_fields, &part.message);
        if (r == 0)
            rt_message_hash_note(broker, part.message.hash, part.message.sequence);
        return r;
    case record_Kind_KIND_NEWEST:
        r = decode(body, record_Newest_fields, &part.newest);
        if (r == 0)
            rt_newest_note(&broker->newest, RT_PB_STR(part.newest.subject), part.newest.sequence);
        return r;
    default:
        return apply(broker, &(struct rt_log_record){sequence, kind, body});
    }
}

int rt_broker_restore(struct rt_broker *broker, uint64_t sequence, struct rt_bytes state,
                      struct rt_error *error)
{
    while (state.len > 0) {
        size_t len = SIZE_MAX;
        if (state.len >= CHECKPOINT_PREFIX)
            len = (size_t)state.data[1] | (size_t)state.data[2] << 8 | (size_t)state.data[3] << 16 |
                  (size_t)state.data[4] << 24;
        if (len > state.len - CHECKPOINT_PREFIX)
            return rt_error_set(error, RT_ECORRUPT, "the checkpoint at %llu is cut short",
                                (unsigned long long)sequence);
        struct rt_bytes body = rt_bytes(state.data + CHECKPOINT_PREFIX, len);
        int r = restore_part(broker, sequence, state.data[0], body);
        if (r < 0)
            return rt_error_set(error, r, "the checkpoint at %llu does not decode (kind %u)",
                                (unsigned long long)sequence, state.data[0]);
        state = rt_bytes(body.data + len, state.len - CHECKPOINT_PREFIX - len);
    }
    return 0;
}
