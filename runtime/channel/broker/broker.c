#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

struct rt_broker *rt_broker_new(const struct rt_broker_options *options)
{
    struct rt_broker *broker = rt_zalloc(sizeof *broker);
    broker->options = *options;
    if (broker->options.payload_max == 0)
        broker->options.payload_max = RT_PAYLOAD_MAX;
    if (broker->options.cache_bytes == 0)
        broker->options.cache_bytes = RT_CACHE_BYTES;
    if (broker->options.heartbeat_ms == 0)
        broker->options.heartbeat_ms = RT_HEARTBEAT_MS;
    if (broker->options.max_deliver == 0)
        broker->options.max_deliver = RT_MAX_DELIVER;
    RT_ASSERT(broker->options.payload_max <= RT_PAYLOAD_MAX_MAX);
    rt_event_cache_init(&broker->cache, broker->options.cache_bytes);
    rt_log_batch_init(&broker->batch, 1);
    broker->first = broker->gone = 1;
    broker->next_sub_id = 1;
    broker->wake_ms = INT64_MAX;
    return broker;
}

void rt_broker_free(struct rt_broker *broker)
{
    if (!broker)
        return;
    rt_request_drop(broker, NULL);
    while (broker->conns)
        rt_broker_disconnect(broker, broker->conns);
    while (broker->subs)
        rt_sub_free(broker->subs);
    broker->durable = UINT64_MAX;
    for (; broker->pending_count > 0; broker->pending_count--) {
        rt_conn_release(broker->pending[broker->pending_head].conn);
        broker->pending_head = (broker->pending_head + 1) & (broker->pending_room - 1);
    }
    free(broker->pending);
    struct rt_producer *producer, *next_producer;
    HASH_ITER (hh, broker->producers, producer, next_producer) {
        HASH_DEL(broker->producers, producer);
        free(producer->name);
        free(producer);
    }
    struct rt_message_id *id, *next_id;
    HASH_ITER (hh, broker->message_ids, id, next_id) {
        HASH_DEL(broker->message_ids, id);
        free(id);
    }
    rt_retain_free(broker);
    while (broker->dead)
        rt_dead_drop(broker, broker->dead->sequence);
    rt_event_cache_done(&broker->cache);
    rt_newest_done(&broker->newest);
    rt_log_batch_done(&broker->batch);
    free(broker);
}

void rt_broker_start(struct rt_broker *broker, uint64_t log_id, uint64_t first, uint64_t next)
{
    RT_ASSERT(next >= 1 && rt_log_batch_empty(&broker->batch));
    broker->log_id = log_id;
    rt_log_batch_done(&broker->batch);
    rt_log_batch_init(&broker->batch, next);
    broker->durable = broker->started = next - 1;
    rt_event_cache_start(&broker->cache, next);
    rt_broker_first(broker, first);
    broker->wake_ms = 0; /* the first turn finds out when something is due */
}

/* --------------------------------------------------------------------- time */

int64_t rt_broker_wake(const struct rt_broker *broker)
{
    return broker->wake_ms;
}

/* Ends it from this side: its events go to the others. */
static void conn_end(struct rt_broker_conn *conn, channel_Code code, const char *reason)
{
    rt_conn_fail(conn, code, reason);
    while (conn->members)
        rt_member_leave(conn->members, false);
}

/* Sends PING to connections that got nothing for a heartbeat, and gives up silent ones. */
static void conn_time(struct rt_broker_conn *conn)
{
    struct rt_broker *broker = conn->broker;
    int64_t heartbeat = broker->options.heartbeat_ms;
    int64_t patience = conn->greeted ? heartbeat * RT_HEARTBEATS_MISSED : RT_HELLO_WAIT_MS;
    if (conn->closing)
        return;
    if (broker->now_ms - conn->in_ms >= patience) {
        conn_end(conn, channel_Code_CODE_SILENT, "nothing was heard for too long");
        return;
    }
    if (broker->now_ms - conn->out_ms >= heartbeat && conn->greeted) {
        channel_Ping ping = {.stamp = (uint64_t)broker->now_ms};
        rt_frame_put(&conn->out, channel_FrameType_FRAME_PING, channel_Ping_fields, &ping,
                     (struct rt_bytes){0});
        rt_conn_dirty(conn);
    }
    rt_broker_wake_at(broker, conn->in_ms + patience);
    if (conn->greeted)
        rt_broker_wake_at(broker, conn->out_ms + heartbeat);
}

void rt_broker_deaf(struct rt_broker *broker, int64_t ms)
{
    struct rt_broker_conn *conn;
    DL_FOREACH(broker->conns, conn)
    conn->in_ms += ms;
}

void rt_broker_time(struct rt_broker *broker, int64_t now_ms, int64_t wall_ms)
{
    RT_ASSERT(now_ms >= broker->now_ms);
    rt_clock_set(broker, now_ms, wall_ms);
    if (now_ms < broker->wake_ms)
        return;
    broker->wake_ms = INT64_MAX;
    rt_dead_limit(broker);
    struct rt_sub *sub, *next_sub;
    DL_FOREACH_SAFE(broker->subs, sub, next_sub)
    {
        rt_broker_wake_at(broker, rt_sub_unmerge(sub));
        rt_broker_wake_at(broker, rt_sub_time(sub));
        rt_broker_wake_at(broker, rt_sub_expire(sub));
    }
    struct rt_broker_conn *conn, *next;
    DL_FOREACH_SAFE(broker->conns, conn, next)
    conn_time(conn);
}

/* -------------------------------------------------------------- connections */

struct rt_broker_conn *rt_broker_connect(struct rt_broker *broker, void *shell)
{
    struct rt_broker_conn *conn = rt_zalloc(sizeof *conn);
    conn->broker = broker;
    conn->shell = shell;
    conn->refs = 1; /* of the shell */
    conn->in_ms = conn->out_ms = broker->now_ms;
    rt_broker_wake_at(broker, broker->now_ms + RT_HELLO_WAIT_MS);
    DL_APPEND(broker->conns, conn);
    broker->accepted++;
    if (broker->draining)
        rt_conn_fail(conn, channel_Code_CODE_SHUTDOWN, "the channel is closing");
    return conn;
}

void rt_broker_disconnect(struct rt_broker *broker, struct rt_broker_conn *conn)
{
    while (conn->members)
        rt_member_leave(conn->members, false);
    rt_request_drop(broker, conn);
    rt_producer_leave(conn);
    if (conn->dirty) {
        struct rt_broker_conn **link = &broker->dirty;
        while (*link != conn)
            link = &(*link)->dirty_next;
        *link = conn->dirty_next;
    }
    DL_DELETE(broker->conns, conn);
    conn->gone = true;
    rt_conn_release(conn);
}

/* What the token file allows this client. */
static void conn_permit(struct rt_broker_conn *conn, const struct rt_access_client *client)
{
    conn->client = client;
    if (!client)
        return;
    rt_match_init(&conn->may_publish, client->publish, client->publish_count);
    rt_match_init(&conn->may_subscribe, client->subscribe, client->subscribe_count);
}

/* The process that may settle what was delivered to it, on this connection or a later one. */
static uint64_t who(struct rt_broker_conn *conn, struct rt_str name, uint64_t instance)
{
    uint64_t kind = instance ? 1 : 2, number = instance ? instance : conn->broker->accepted;
    return rt_hash(rt_str_bytes(name), rt_hash(rt_bytes(&number, sizeof number), kind)) | 1;
}

static int hello_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    struct rt_broker *broker = conn->broker;
    channel_Hello hello;
    if (rt_frame_get(frame, channel_Hello_fields, &hello) < 0)
        return RT_EINVAL;
    struct rt_str name = RT_PB_STR(hello.name);
    if (conn->greeted || !rt_name_valid(name))
        return RT_EINVAL;
    if (hello.version != RT_CHANNEL_VERSION) {
        rt_conn_fail(conn, channel_Code_CODE_PROTOCOL, "only version 1 is spoken here");
        return 0;
    }
    if (broker->options.may_be && !broker->options.may_be(conn->shell, name)) {
        rt_conn_fail(conn, channel_Code_CODE_DENIED,
                     "the client's certificate is not for this name");
        return 0;
    }
    const struct rt_access *access = broker->options.access;
    const struct rt_access_client *client = NULL;
    if (access && !(client = rt_access_find(access, name, RT_PB_STR(hello.token)))) {
        rt_conn_fail(conn, channel_Code_CODE_DENIED, "no such client, or another token");
        return 0;
    }
    conn_permit(conn, client);
    memcpy(conn->name, name.data, name.len);
    conn->who = who(conn, name, hello.instance);
    conn->greeted = true;
    conn->in_ms = broker->now_ms;
    conn->expect = hello.first_sequence > 0 ? hello.first_sequence : 1;
    channel_Welcome welcome = {.version = RT_CHANNEL_VERSION,
                               .payload_max = (uint32_t)broker->options.payload_max,
                               .heartbeat_ms = broker->options.heartbeat_ms,
                               .log_id = broker->log_id};
    if (hello.first_sequence > 0) {
        conn->producer = rt_producer_get(broker, name);
        conn->producer->users++;
        conn->producer->conn = conn; /* an older connection of this name publishes no more */
        welcome.published = conn->producer->durable;
        welcome.taken = conn->producer->sequence;
    }
    rt_frame_put(&conn->out, channel_FrameType_FRAME_WELCOME, channel_Welcome_fields, &welcome,
                 (struct rt_bytes){0});
    rt_conn_dirty(conn);
    rt_broker_wake_at(broker, broker->now_ms + broker->options.heartbeat_ms);
    return 0;
}

static int ping_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Ping ping;
    if (rt_frame_get(frame, channel_Ping_fields, &ping) < 0)
        return RT_EINVAL;
    rt_frame_put(&conn->out, channel_FrameType_FRAME_PONG, channel_Ping_fields, &ping,
                 (struct rt_bytes){0});
    rt_conn_dirty(conn);
    return 0;
}

static int frame_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    if (!conn->greeted && frame->type != channel_FrameType_FRAME_HELLO)
        return RT_EINVAL;
    switch (frame->type) {
    case channel_FrameType_FRAME_HELLO:
        return hello_input(conn, frame);
    case channel_FrameType_FRAME_PUBLISH:
        return rt_publish_input(conn, frame);
    case channel_FrameType_FRAME_SUBSCRIBE:
    case channel_FrameType_FRAME_UNSUBSCRIBE:
        return rt_sub_input(conn, frame);
    case channel_FrameType_FRAME_ACK:
    case channel_FrameType_FRAME_NACK:
    case channel_FrameType_FRAME_TERMINATE:
    case channel_FrameType_FRAME_EXTEND:
        return rt_settle_input(conn, frame);
    case channel_FrameType_FRAME_PING:
        return ping_input(conn, frame);
    case channel_FrameType_FRAME_PONG:
        return 0;
    case channel_FrameType_FRAME_GOING_AWAY:
        /* A clean close: its events go to the others at once, and cost no attempt. */
        while (conn->members)
            rt_member_leave(conn->members, true);
        conn->closing = true;
        rt_conn_dirty(conn);
        return 0;
    case channel_FrameType_FRAME_REQUEST:
        return rt_request_input(conn, frame);
    default:
        return RT_EINVAL;
    }
}

/* A TLS record of a handshake; as a frame it would be longer than any HELLO. */
static bool is_tls_hello(struct rt_bytes in)
{
    return in.len >= 2 && in.data[0] == 0x16 && in.data[1] == 0x03;
}

size_t rt_broker_input(struct rt_broker *broker, struct rt_broker_conn *conn, struct rt_bytes in)
{
    size_t taken = 0;
    if (conn->greeted)
        conn->in_ms = broker->now_ms;
    else if (is_tls_hello(in))
        rt_conn_fail(conn, channel_Code_CODE_PROTOCOL, "TLS is not spoken at this port");
    while (!conn->closing) {
        struct rt_frame frame;
        struct rt_bytes rest = rt_bytes(in.data + taken, in.len - taken);
        int64_t len = rt_frame_cut(rest, RT_PAYLOAD_MAX_MAX, &frame);
        if (len == 0)
            return taken;
        if (len > 0)
            taken += (size_t)len;
        if (len < 0)
            rt_conn_fail(conn,
                         len == RT_ETOOBIG ? channel_Code_CODE_TOO_BIG : channel_Code_CODE_PROTOCOL,
                         len == RT_ETOOBIG ? "a frame over the limit" : "not a frame");
        else if (frame_input(conn, &frame) < 0)
            rt_conn_fail(conn, channel_Code_CODE_PROTOCOL, "a frame that breaks the protocol");
    }
    while (conn->members)
        rt_member_leave(conn->members, false);
    return in.len; /* what a closing connection still sends is ignored */
}

void rt_broker_access_changed(struct rt_broker *broker)
{
    struct rt_broker_conn *conn;
    DL_FOREACH(broker->conns, conn)
    {
        const struct rt_access_client *client = NULL;
        if (!conn->greeted || conn->closing || !conn->client)
            continue;
        client = rt_access_find(broker->options.access, rt_str(conn->name), conn->client->token);
        if (!client) {
            conn_end(conn, channel_Code_CODE_DENIED, "the token is not valid any more");
            continue;
        }
        rt_match_done(&conn->may_publish);
        rt_match_done(&conn->may_subscribe);
        conn_permit(conn, client);
    }
}

void rt_broker_drain(struct rt_broker *broker, const char *reason)
{
    broker->draining = true;
    struct rt_broker_conn *conn;
    DL_FOREACH(broker->conns, conn)
    {
        while (conn->members)
            rt_member_leave(conn->members, true);
        rt_conn_fail(conn, channel_Code_CODE_SHUTDOWN, reason);
    }
}

/* ------------------------------------------------------ what became durable */

void rt_broker_durable(struct rt_broker *broker, uint64_t sequence)
{
    RT_ASSERT(sequence < broker->batch.next);
    if (sequence <= broker->durable)
        return;
    broker->durable = sequence;
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    sub->runnable = true;
}

void rt_broker_disk_full(struct rt_broker *broker, bool full)
{
    broker->disk_full = full;
}

/* ------------------------------------------------------------- a turn's end */

void rt_broker_run(struct rt_broker *broker)
{
    rt_pending_drain(broker);
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        if (sub->runnable && !broker->draining)
            rt_sub_run(sub);
    }
    rt_loss_run(broker);
    rt_request_run(broker);
    for (struct rt_broker_conn *conn = broker->dirty; conn; conn = conn->dirty_next)
        rt_pending_tell(conn);
}

struct rt_log_batch *rt_broker_batch(struct rt_broker *broker)
{
    return &broker->batch;
}

struct rt_broker_conn *rt_broker_dirty(struct rt_broker *broker)
{
    struct rt_broker_conn *conn = broker->dirty;
    if (conn) {
        broker->dirty = conn->dirty_next;
        conn->dirty = false;
        conn->out_ms = broker->now_ms;
    }
    return conn;
}

struct rt_buf *rt_broker_conn_out(struct rt_broker_conn *conn)
{
    return &conn->out;
}

bool rt_broker_conn_closing(const struct rt_broker_conn *conn)
{
    return conn->closing;
}

bool rt_broker_conn_stuffed(const struct rt_broker_conn *conn)
{
    /* Events alone do not get here, so a client that takes them slowly is still read. */
    return conn->out.len >= 2 * RT_OUT_HIGH_BYTES + conn->broker->options.payload_max;
}

void *rt_broker_conn_shell(const struct rt_broker_conn *conn)
{
    return conn->shell;
}

void rt_broker_drained(struct rt_broker *broker, struct rt_broker_conn *conn)
{
    (void)broker;
    for (struct rt_member *member = conn->members; member; member = member->conn_next)
        member->sub->runnable = true;
}
