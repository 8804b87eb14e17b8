/* Connections: their output, and how long they live. The files that use them are above this one. */
#include <stdlib.h>

#include "runtime/channel/broker/state.h"

void rt_broker_wake_at(struct rt_broker *broker, int64_t due_ms)
{
    if (due_ms < broker->wake_ms)
        broker->wake_ms = due_ms;
}

void rt_conn_dirty(struct rt_broker_conn *conn)
{
    if (conn->dirty || conn->gone)
        return;
    conn->dirty = true;
    conn->dirty_next = conn->broker->dirty;
    conn->broker->dirty = conn;
}

void rt_conn_fail(struct rt_broker_conn *conn, channel_Code code, const char *reason)
{
    if (conn->closing)
        return;
    rt_frame_put_going_away(&conn->out, code, reason);
    conn->closing = true;
    conn->broker->ended[code]++;
    rt_conn_dirty(conn);
}

void rt_conn_release(struct rt_broker_conn *conn)
{
    conn->refs--;
    if (!conn->gone || conn->refs > 0)
        return;
    rt_buf_done(&conn->out);
    rt_match_done(&conn->may_publish);
    rt_match_done(&conn->may_subscribe);
    free(conn->acked);
    free(conn);
}
