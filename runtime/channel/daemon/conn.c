#include <stdio.h>
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/channel/daemon/state.h"
#include "runtime/channel/protocol/frame.h"

enum { BACKLOG = 512, REPORTS_MAX = 10, REPORTS_MS = 10000 };

struct conn {
    struct rt_daemon *daemon;
    struct rt_link *link;
    struct rt_broker_conn *broker;
    struct conn *prev, *next;
};

static void conn_close(struct conn *conn, bool flush)
{
    struct rt_daemon *daemon = conn->daemon;
    rt_broker_disconnect(daemon->broker, conn->broker);
    rt_link_close(conn->link, flush);
    DL_DELETE(daemon->conns, conn);
    free(conn);
}

static size_t conn_input(void *arg, struct rt_bytes in)
{
    struct conn *conn = arg;
    struct rt_daemon *daemon = conn->daemon;
    rt_daemon_time(daemon);
    return rt_broker_input(daemon->broker, conn->broker, in);
}

/* Writes what waits, and reads on unless the other side does not read or the log lags. */
static void conn_write(struct conn *conn)
{
    rt_link_write(conn->link, rt_broker_conn_out(conn->broker));
    rt_link_pause(conn->link, conn->daemon->paused || rt_broker_conn_stuffed(conn->broker));
}

static void conn_written(void *arg)
{
    struct conn *conn = arg;
    rt_broker_drained(conn->daemon->broker, conn->broker);
    conn_write(conn);
}

/* A few in ten seconds, so that a client that knocks again and again does not fill the journal. */
static void report_refused(struct rt_daemon *daemon, const char *why)
{
    int64_t now = rt_daemon_now_ms(daemon);
    if (!daemon->options.report)
        return;
    if (now - daemon->reports_ms >= REPORTS_MS) {
        daemon->reports_ms = now;
        daemon->reports = 0;
    }
    if (++daemon->reports > REPORTS_MAX) {
        daemon->unreported++;
        return;
    }
    char text[RT_ERROR_MESSAGE_MAX + 64];
    size_t len = (size_t)snprintf(text, sizeof text, "a connection was refused: %s", why);
    if (daemon->unreported > 0)
        snprintf(text + len, sizeof text - len, " (and %u more before)", daemon->unreported);
    daemon->unreported = 0;
    daemon->options.report(text);
}

static void conn_lost(void *arg, const char *why)
{
    struct conn *conn = arg;
    if (rt_link_refused(conn->link)) {
        conn->daemon->tls_refused++;
        report_refused(conn->daemon, why);
    }
    conn_close(conn, false);
}

static bool conn_may_be(void *shell, struct rt_str name)
{
    const struct conn *conn = shell;
    return rt_link_peer_is(conn->link, name);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct rt_daemon *daemon = server->data;
    if (status < 0 || daemon->ended)
        return;
    static const struct rt_link_events events = {
        .input = conn_input, .written = conn_written, .lost = conn_lost};
    struct conn *conn = rt_zalloc(sizeof *conn);
    conn->daemon = daemon;
    conn->link = rt_link_new(daemon->loop, &events, conn);
    if (daemon->tls)
        rt_link_tls(conn->link, rt_tls_session_new(daemon->tls, NULL),
                    rt_buf_bytes(&daemon->refusal));
    rt_daemon_time(daemon);
    conn->broker = rt_broker_connect(daemon->broker, conn);
    DL_APPEND(daemon->conns, conn);
    if (rt_link_accept(conn->link, server) < 0)
        conn_close(conn, false);
}

void rt_daemon_pause(struct rt_daemon *daemon)
{
    bool pause = rt_broker_batch(daemon->broker)->bytes.len >= RT_BATCH_HIGH_BYTES;
    int64_t now = rt_daemon_now_ms(daemon);
    if (daemon->paused)
        rt_broker_deaf(daemon->broker, now - daemon->paused_ms);
    daemon->paused_ms = now;
    if (pause == daemon->paused)
        return;
    daemon->paused = pause;
    struct conn *conn;
    DL_FOREACH(daemon->conns, conn)
    rt_link_pause(conn->link, pause || rt_broker_conn_stuffed(conn->broker));
}

void rt_daemon_flush(struct rt_daemon *daemon)
{
    struct rt_broker_conn *broker_conn;
    while ((broker_conn = rt_broker_dirty(daemon->broker))) {
        struct conn *conn = rt_broker_conn_shell(broker_conn);
        conn_write(conn);
        if (rt_broker_conn_closing(broker_conn))
            conn_close(conn, true);
    }
}

void rt_daemon_close_conns(struct rt_daemon *daemon)
{
    while (daemon->conns)
        conn_close(daemon->conns, true);
}

/* ------------------------------------------------------------------ opening */

int rt_daemon_open_tls(struct rt_daemon *daemon, struct rt_error *error)
{
    const struct rt_tls_options *files = &daemon->options.tls;
    if (!files->cert && !files->key && !files->ca)
        return 0;
    if (daemon->options.tls_names)
        daemon->options.broker.may_be = conn_may_be;
    rt_frame_put_going_away(&daemon->refusal, channel_Code_CODE_PROTOCOL,
                            "only TLS is spoken at this port");
    return rt_tls_new(RT_TLS_SERVER, files, &daemon->tls, error);
}

int rt_daemon_listen(struct rt_daemon *daemon, struct rt_error *error)
{
    struct sockaddr_in6 in6;
    struct sockaddr_in in4;
    const char *host = daemon->options.host;
    const struct sockaddr *address = NULL;
    if (uv_ip4_addr(host, daemon->options.port, &in4) == 0)
        address = (const struct sockaddr *)&in4;
    else if (uv_ip6_addr(host, daemon->options.port, &in6) == 0)
        address = (const struct sockaddr *)&in6;
    if (!address)
        return rt_error_set(error, RT_EINVAL, "'%s' is not an IP address", host);
    int r = uv_tcp_bind(&daemon->server, address, 0);
    if (r == 0)
        r = uv_listen((uv_stream_t *)&daemon->server, BACKLOG, on_connection);
    if (r < 0)
        return rt_error_set(error, RT_EIO, "cannot listen on %s:%d: %s", host, daemon->options.port,
                            uv_strerror(r));
    return 0;
}
