/* What a connection gets once a record is durable: confirmed publishes and settlements. */
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

void rt_pending_push(struct rt_broker *broker, struct rt_pending pending)
{
    if (broker->pending_count == broker->pending_room) {
        size_t room = broker->pending_room ? broker->pending_room * 2 : 64;
        struct rt_pending *ring = rt_zalloc(room * sizeof *ring);
        for (size_t i = 0; i < broker->pending_count; i++)
            ring[i] = broker->pending[(broker->pending_head + i) & (broker->pending_room - 1)];
        free(broker->pending);
        broker->pending = ring;
        broker->pending_head = 0;
        broker->pending_room = room;
    }
    size_t mask = broker->pending_room - 1;
    if (broker->pending_count > 0 && pending.publish) {
        /* One run of publishes that become durable together is one entry. */
        struct rt_pending *last =
            &broker->pending[(broker->pending_head + broker->pending_count - 1) & mask];
        if (last->publish && last->conn == pending.conn && last->record >= broker->batch.first &&
            pending.record >= last->record) {
            last->record = pending.record;
            last->sequence = pending.sequence;
            return;
        }
    }
    pending.conn->refs++;
    broker->pending[(broker->pending_head + broker->pending_count++) & mask] = pending;
}

static void acked_add(struct rt_broker_conn *conn, uint32_t local, uint64_t sequence)
{
    if (conn->acked_count == conn->acked_room) {
        conn->acked_room = conn->acked_room ? conn->acked_room * 2 : 16;
        conn->acked = rt_resize(conn->acked, conn->acked_room, sizeof *conn->acked);
    }
    conn->acked[conn->acked_count++] = (struct rt_acked){local, sequence};
}

void rt_pending_drain(struct rt_broker *broker)
{
    while (broker->pending_count > 0) {
        struct rt_pending *pending = &broker->pending[broker->pending_head];
        if (pending->record > broker->durable)
            return;
        struct rt_broker_conn *conn = pending->conn;
        if (pending->publish) {
            conn->published = pending->sequence;
            if (conn->producer && conn->producer->durable < pending->sequence &&
                pending->sequence <= conn->producer->sequence)
                conn->producer->durable = pending->sequence;
        } else if (!conn->gone) {
            acked_add(conn, pending->local, pending->sequence);
        }
        rt_conn_dirty(conn);
        rt_conn_release(conn);
        broker->pending_head = (broker->pending_head + 1) & (broker->pending_room - 1);
        broker->pending_count--;
    }
}

void rt_pending_tell(struct rt_broker_conn *conn)
{
    if (conn->closing)
        return;
    if (conn->published > conn->told) {
        channel_Published published = {.up_to = conn->published};
        rt_frame_put(&conn->out, channel_FrameType_FRAME_PUBLISHED, channel_Published_fields,
                     &published, (struct rt_bytes){0});
        conn->told = conn->published;
    }
    uint64_t sequences[RT_ACKS_MAX];
    for (size_t i = 0; i < conn->acked_count;) {
        uint32_t local = conn->acked[i].local;
        size_t count = 0;
        for (; i < conn->acked_count && conn->acked[i].local == local && count < RT_ACKS_MAX; i++)
            sequences[count++] = conn->acked[i].sequence;
        rt_frame_put_acks(&conn->out, channel_FrameType_FRAME_ACKED, local, sequences, count);
    }
    conn->acked_count = 0;
}
