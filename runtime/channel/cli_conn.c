#include "runtime/channel/cli_conn.h"

#include "runtime/channel/secret.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024 };

/* The addresses of "host:port". */
static int server_connect(const char *server, struct rt_error *error)
{
    char host[256];
    const char *colon = strrchr(server, ':');
    if (!colon || colon == server || (size_t)(colon - server) >= sizeof host)
        return rt_error_set(error, RT_EINVAL, "'%s' is not ADDRESS:PORT", server);
    snprintf(host, sizeof host, "%.*s", (int)(colon - server), server);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int r = getaddrinfo(host, colon + 1, &hints, &found);
    if (r != 0)
        return rt_error_set(error, RT_ENOTFOUND, "%s: %s", server, gai_strerror(r));
    int fd = -1;
    for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) < 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0)
        return rt_error_set(error, RT_EIO, "cannot connect to %s: %s", server, strerror(errno));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static int greet(struct cli_conn *conn, const char *name, const char *token_file,
                 struct rt_error *error)
{
    channel_Hello hello = {.version = RT_CHANNEL_VERSION};
    struct rt_buf token = {0};
    int r = token_file ? rt_secret_read(token_file, &token, error) : 0;
    if (r < 0)
        return r;
    RT_PB_SET(&hello.name, rt_str(name));
    RT_PB_SET(&hello.token, rt_str_trim(rt_str_n((const char *)token.data, token.len)));
    rt_buf_done(&token);
    rt_frame_put(&conn->out, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
    r = cli_conn_flush(conn, error);
    struct rt_frame frame;
    if (r == 0)
        r = cli_conn_next(conn, &frame, error);
    if (r == 0 && frame.type != channel_FrameType_FRAME_WELCOME)
        r = rt_error_set(error, RT_EINVAL, "the server does not speak the channel's protocol");
    return r;
}

int cli_conn_open(struct cli_conn *conn, const char *server, const char *name,
                  const char *token_file, struct rt_error *error)
{
    *conn = (struct cli_conn){.fd = server_connect(server, error)};
    if (conn->fd < 0)
        return conn->fd;
    int r = greet(conn, name, token_file, error);
    if (r < 0)
        cli_conn_done(conn);
    return r;
}

void cli_conn_done(struct cli_conn *conn)
{
    if (conn->fd >= 0)
        close(conn->fd);
    conn->fd = -1;
    rt_buf_done(&conn->in);
    rt_buf_done(&conn->out);
}

int cli_conn_flush(struct cli_conn *conn, struct rt_error *error)
{
    for (size_t at = 0; at < conn->out.len;) {
        ssize_t sent = send(conn->fd, conn->out.data + at, conn->out.len - at, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return rt_error_set(error, RT_EIO, "cannot send: %s", strerror(errno));
        at += sent > 0 ? (size_t)sent : 0;
    }
    rt_buf_clear(&conn->out);
    return 0;
}

static int fill(struct cli_conn *conn, struct rt_error *error)
{
    rt_buf_reserve(&conn->in, READ_BYTES);
    ssize_t got = recv(conn->fd, conn->in.data + conn->in.len, READ_BYTES, 0);
    if (got < 0 && errno == EINTR)
        return rt_error_set(error, RT_EAGAIN, "interrupted");
    if (got <= 0)
        return rt_error_set(error, RT_ECLOSED, "the connection was lost");
    conn->in.len += (size_t)got;
    return 0;
}

static int going_away(const struct rt_frame *frame, struct rt_error *error)
{
    channel_GoingAway away;
    if (rt_frame_get(frame, channel_GoingAway_fields, &away) < 0)
        return rt_error_set(error, RT_EINVAL, "the server sent a broken frame");
    return rt_error_set(error, RT_ECLOSED, "%.*s", (int)away.reason.size, away.reason.bytes);
}

int cli_conn_next(struct cli_conn *conn, struct rt_frame *ret, struct rt_error *error)
{
    for (;;) {
        rt_buf_consume(&conn->in, conn->taken);
        conn->taken = 0;
        int64_t len = rt_frame_cut(rt_buf_bytes(&conn->in), RT_PAYLOAD_MAX_MAX, ret);
        if (len < 0)
            return rt_error_set(error, (int)len, "the server sent a broken frame");
        int r = 0;
        if (len == 0) {
            r = fill(conn, error);
        } else {
            conn->taken = (size_t)len;
            if (ret->type == channel_FrameType_FRAME_GOING_AWAY)
                return going_away(ret, error);
            if (ret->type != channel_FrameType_FRAME_PING)
                return 0;
            channel_Ping ping;
            if (rt_frame_get(ret, channel_Ping_fields, &ping) == 0)
                rt_frame_put(&conn->out, channel_FrameType_FRAME_PONG, channel_Ping_fields, &ping,
                             (struct rt_bytes){0});
            r = cli_conn_flush(conn, error);
        }
        if (r < 0)
            return r;
    }
}

void cli_conn_leave(struct cli_conn *conn)
{
    rt_frame_put_going_away(&conn->out, channel_Code_CODE_SHUTDOWN, "done");
    cli_conn_flush(conn, NULL);
}
