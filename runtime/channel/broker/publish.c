/* Publishing: idempotent by (producer, sequence), acknowledged when durable. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

enum { MESSAGE_IDS_MAX = 100000 };

struct rt_producer *rt_producer_get(struct rt_broker *broker, struct rt_str name)
{
    struct rt_producer *producer;
    HASH_FIND(hh, broker->producers, name.data, name.len, producer);
    if (producer)
        return producer;
    producer = rt_zalloc(sizeof *producer);
    producer->name = rt_zalloc(name.len + 1);
    memcpy(producer->name, name.data, name.len);
    HASH_ADD_KEYPTR(hh, broker->producers, producer->name, name.len, producer);
    return producer;
}

void rt_producer_leave(struct rt_broker_conn *conn)
{
    struct rt_producer *producer = conn->producer;
    if (!producer)
        return;
    if (producer->conn == conn)
        producer->conn = NULL;
    if (--producer->users > 0 || producer->sequence > 0)
        return;
    conn->producer = NULL;
    HASH_DEL(conn->broker->producers, producer);
    free(producer->name);
    free(producer);
}

void rt_message_hash_note(struct rt_broker *broker, uint64_t hash, uint64_t sequence)
{
    struct rt_message_id *id;
    HASH_FIND(hh, broker->message_ids, &hash, sizeof hash, id);
    if (id)
        return;
    id = rt_zalloc(sizeof *id);
    id->hash = hash;
    id->sequence = sequence;
    HASH_ADD(hh, broker->message_ids, hash, sizeof id->hash, id);
    DL_APPEND(broker->message_ids_oldest, id);
    if (++broker->message_id_count <= MESSAGE_IDS_MAX)
        return;
    struct rt_message_id *oldest = broker->message_ids_oldest;
    DL_DELETE(broker->message_ids_oldest, oldest);
    HASH_DEL(broker->message_ids, oldest);
    free(oldest);
    broker->message_id_count--;
}

/* Each producer's ids are its own: no other producer can take one first. */
static uint64_t id_hash(struct rt_str producer, struct rt_str id)
{
    return rt_hash(rt_str_bytes(id), rt_hash(rt_str_bytes(producer), 1));
}

void rt_message_id_note(struct rt_broker *broker, struct rt_str producer, struct rt_str id,
                        uint64_t sequence)
{
    rt_message_hash_note(broker, id_hash(producer, id), sequence);
}

/* The record that already holds this message, 0: none. */
static uint64_t message_id_find(struct rt_broker *broker, struct rt_str producer,
                                struct rt_str text)
{
    uint64_t hash = id_hash(producer, text);
    struct rt_message_id *id;
    HASH_FIND(hh, broker->message_ids, &hash, sizeof hash, id);
    return id ? id->sequence : 0;
}

static void refuse(struct rt_broker_conn *conn, uint64_t sequence, channel_Code code,
                   const char *reason, bool retry)
{
    channel_Refused refused = {.sequence = sequence, .code = code, .retry = retry};
    RT_PB_SET(&refused.reason, rt_str(reason));
    rt_frame_put(&conn->out, channel_FrameType_FRAME_REFUSED, channel_Refused_fields, &refused,
                 (struct rt_bytes){0});
    conn->broker->refused++;
    conn->broker->refused_by[code]++;
    rt_conn_dirty(conn);
}

/* Why this event can never be taken, or NULL; `error` has room for a reason. */
static const char *fault(struct rt_broker_conn *conn, const struct rt_frame_publish *publish,
                         struct rt_bytes payload, channel_Code *code, struct rt_error *error)
{
    const struct rt_event_check *check = &conn->broker->options.check;
    *code = channel_Code_CODE_TOO_BIG;
    if (payload.len > conn->broker->options.payload_max)
        return "the payload is over the channel's limit";
    if (publish->key.len > RT_KEY_MAX)
        return "the key is longer than 255 bytes";
    if (publish->message_id.len > RT_MESSAGE_ID_MAX)
        return "the message id is longer than 128 bytes";
    *code = channel_Code_CODE_INVALID;
    if (!rt_utf8_valid(publish->key) || !rt_utf8_valid(publish->message_id))
        return "key and message id must be UTF-8";
    if (publish->time_ms < 0 || publish->deliver_at_ms < 0)
        return "a time before 1970";
    if (!rt_subject_valid(publish->subject))
        return "not a subject";
    if (publish->subject.data[0] == '$')
        return "subjects that start with $ are the channel's own";
    *code = channel_Code_CODE_DENIED;
    if (conn->client && conn->client->publish &&
        !rt_match_any(&conn->may_publish, publish->subject))
        return "this client may not publish that subject";
    int r = check->check ? check->check(check->arg, publish->subject, payload, error) : 0;
    *code = r == RT_ETOOBIG ? channel_Code_CODE_TOO_BIG : channel_Code_CODE_INVALID;
    return r < 0 ? error->message : NULL;
}

static uint64_t store(struct rt_broker_conn *conn, const struct rt_frame_publish *publish,
                      struct rt_bytes payload)
{
    struct rt_broker *broker = conn->broker;
    struct rt_log_event event = {
        .time_ms = publish->time_ms,
        .producer_sequence = conn->producer ? publish->sequence : 0,
        .subject = publish->subject,
        .key = publish->key,
        .producer = rt_str(conn->name),
        .payload = payload,
    };
    broker->events++;
    if (publish->message_id.len == 0 && publish->deliver_at_ms == 0)
        return rt_record_event(broker, &event, NULL);
    record_EventExtra extra = {.deliver_at_ms = publish->deliver_at_ms};
    RT_PB_SET(&extra.message_id, publish->message_id);
    uint64_t record = rt_record_event(broker, &event, &extra);
    if (publish->message_id.len > 0)
        rt_message_id_note(broker, event.producer, publish->message_id, record);
    return record;
}

int rt_publish_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    struct rt_broker *broker = conn->broker;
    struct rt_producer *producer = conn->producer;
    struct rt_frame_publish publish;
    int r = rt_frame_get_publish(frame, &publish);
    if (r < 0)
        return r;
    if (!conn->begun && producer && publish.sequence > conn->expect)
        conn->expect = publish.sequence;
    conn->begun = true;
    if (conn->refusing && publish.sequence != conn->expect)
        return 0; /* was under way behind one that was refused; it comes again */
    if (publish.sequence != conn->expect)
        return RT_EINVAL;
    if (producer && producer->conn != conn) {
        rt_conn_fail(conn, channel_Code_CODE_SUPERSEDED,
                     "another connection publishes under this name now");
        return 0;
    }
    struct rt_pending pending = {.conn = conn, .sequence = publish.sequence, .publish = true};
    channel_Code code;
    struct rt_error error;
    const char *why;
    if (producer && publish.sequence <= producer->sequence) {
        broker->duplicates++;
        pending.record = publish.sequence <= producer->durable ? 0 : producer->record;
    } else if ((why = fault(conn, &publish, frame->payload, &code, &error))) {
        refuse(conn, publish.sequence, code, why, false);
    } else if (publish.message_id.len > 0 &&
               (pending.record = message_id_find(broker, rt_str(conn->name), publish.message_id)) >
                   0) {
        broker->duplicates++;
    } else if (broker->disk_full) {
        refuse(conn, publish.sequence, channel_Code_CODE_DISK_FULL, "the disk is full", true);
        conn->refusing = true;
        return 0;
    } else {
        pending.record = store(conn, &publish, frame->payload);
        if (producer) {
            producer->sequence = publish.sequence;
            producer->record = pending.record;
        }
    }
    conn->refusing = false;
    conn->expect++;
    rt_pending_push(broker, pending);
    return 0;
}
