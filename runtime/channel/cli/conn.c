#include "runtime/channel/cli/conn.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime/base/secret.h"

enum { READ_BYTES = 64 * 1024, OPEN_SECONDS = 5 };

/* "host:port" or "[host]:port", in two; `host` has 256 bytes. */
static const char *address_cut(const char *server, char *host)
{
    const char *colon = strrchr(server, ':');
    if (!colon || colon == server || colon - server >= 256)
        return NULL;
    bool brackets = server[0] == '[' && colon[-1] == ']';
    snprintf(host, 256, "%.*s", (int)(colon - server) - 2 * brackets, server + brackets);
    return colon + 1;
}

/* How long the connection may keep a call waiting; 0: for ever. */
static void patience(int fd, int seconds)
{
    struct timeval wait = {.tv_sec = seconds};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

static int server_connect(const char *server, const char *host, const char *port,
                          struct rt_error *error)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int r = getaddrinfo(host, port, &hints, &found);
    if (r != 0)
        return rt_error_set(error, RT_ENOTFOUND, "%s: %s", server, gai_strerror(r));
    int fd = -1, why = 0;
    for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        patience(fd, OPEN_SECONDS);
        if (connect(fd, at->ai_addr, at->ai_addrlen) < 0) {
            why = errno == EINPROGRESS ? ETIMEDOUT : errno;
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0)
        return rt_error_set(error, RT_EIO, "cannot connect to %s: %s", server, strerror(why));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* -------------------------------------------------------------------- bytes */

static int send_all(struct cli_conn *conn, struct rt_buf *bytes, struct rt_error *error)
{
    for (size_t at = 0; at < bytes->len;) {
        ssize_t sent = send(conn->fd, bytes->data + at, bytes->len - at, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return rt_error_set(error, RT_EIO, "cannot send: %s", strerror(errno));
        at += sent > 0 ? (size_t)sent : 0;
    }
    rt_buf_clear(bytes);
    return 0;
}

int cli_conn_flush(struct cli_conn *conn, struct rt_error *error)
{
    if (!conn->session)
        return send_all(conn, &conn->out, error);
    int r = rt_tls_output(conn->session, rt_buf_bytes(&conn->out), &conn->sealed);
    rt_buf_clear(&conn->out);
    if (r < 0)
        return rt_error_set(error, r, "cannot send: TLS failed");
    return send_all(conn, &conn->sealed, error);
}

static int fill(struct cli_conn *conn, struct rt_error *error)
{
    struct rt_buf *to = conn->session ? &conn->wire : &conn->in;
    rt_buf_reserve(to, READ_BYTES);
    ssize_t got =
        recv(conn->fd, to->data + to->len, READ_BYTES, conn->dont_wait ? MSG_DONTWAIT : 0);
    if (got < 0 && errno == EINTR)
        return rt_error_set(error, RT_EAGAIN, "interrupted");
    if (got < 0 && errno == EAGAIN && conn->dont_wait)
        return rt_error_set(error, RT_EAGAIN, "nothing yet");
    if (got < 0 && errno == EAGAIN)
        return rt_error_set(error, RT_ETIMEOUT, "no answer within %d seconds", OPEN_SECONDS);
    if (got <= 0)
        return rt_error_set(error, RT_ECLOSED, "the connection was lost");
    to->len += (size_t)got;
    if (!conn->session)
        return 0;
    int r = rt_tls_input(conn->session, rt_buf_bytes(&conn->wire), &conn->in, &conn->sealed, error);
    rt_buf_clear(&conn->wire);
    int sent = send_all(conn, &conn->sealed, r < 0 ? NULL : error);
    return r < 0 ? r : sent;
}

/* ------------------------------------------------------ opening and closing */

static int handshake(struct cli_conn *conn, const struct cli_conn_options *options,
                     const char *host, struct rt_error *error)
{
    if (!options->tls.ca && !options->tls.cert && !options->tls.key)
        return 0;
    int r = rt_tls_new(RT_TLS_CLIENT, &options->tls, &conn->tls, error);
    if (r < 0)
        return r;
    conn->session = rt_tls_session_new(conn->tls, host);
    r = rt_tls_input(conn->session, (struct rt_bytes){0}, &conn->in, &conn->sealed, error);
    if (r == 0)
        r = send_all(conn, &conn->sealed, error);
    while (r == 0 && !rt_tls_ready(conn->session))
        r = fill(conn, error);
    return r;
}

static int greet(struct cli_conn *conn, const struct cli_conn_options *options,
                 struct rt_error *error)
{
    channel_Hello hello = {.version = RT_CHANNEL_VERSION};
    struct rt_buf token = {0};
    int r = options->token_file
                ? rt_secret_read(options->token_file, RT_SECRET_FILE_MAX, &token, error)
                : 0;
    if (r < 0)
        return r;
    struct rt_str secret = rt_str_trim(rt_str_n((const char *)token.data, token.len));
    if (strlen(options->name) > RT_NAME_MAX)
        r = rt_error_set(error, RT_ETOOBIG, "'%s' is too long for a name", options->name);
    else if (secret.len > RT_TOKEN_MAX)
        r = rt_error_set(error, RT_ETOOBIG, "%s: too long for a token", options->token_file);
    RT_PB_SET(&hello.name, rt_str(options->name));
    RT_PB_SET(&hello.token, secret);
    rt_secret_done(&token);
    if (r < 0)
        return r;
    rt_frame_put(&conn->out, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
    cli_conn_flush(conn, NULL); /* if it fails, what came in says why */
    struct rt_frame frame;
    r = cli_conn_next(conn, &frame, error);
    if (r == 0 && frame.type != channel_FrameType_FRAME_WELCOME)
        r = rt_error_set(error, RT_EINVAL, "the server does not speak the channel's protocol");
    return r;
}

int cli_conn_open(struct cli_conn *conn, const struct cli_conn_options *options,
                  struct rt_error *error)
{
    char host[256];
    *conn = (struct cli_conn){.fd = -1};
    const char *port = address_cut(options->server, host);
    if (!port)
        return rt_error_set(error, RT_EINVAL, "'%s' is not ADDRESS:PORT", options->server);
    conn->fd = server_connect(options->server, host, port, error);
    if (conn->fd < 0)
        return conn->fd;
    struct rt_error why;
    int r = handshake(conn, options, host, &why);
    if (r == 0)
        r = greet(conn, options, &why);
    if (r < 0) {
        cli_conn_done(conn);
        return rt_error_set(error, r, "%s: %s", options->server, why.message);
    }
    patience(conn->fd, 0);
    return 0;
}

void cli_conn_done(struct cli_conn *conn)
{
    if (conn->fd >= 0)
        close(conn->fd);
    conn->fd = -1;
    rt_tls_session_free(conn->session);
    rt_tls_free(conn->tls);
    conn->session = NULL;
    conn->tls = NULL;
    rt_buf_done(&conn->in);
    rt_buf_done(&conn->out);
    rt_buf_done(&conn->wire);
    rt_buf_done(&conn->sealed);
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
        int64_t len = rt_frame_cut(rt_buf_bytes(&conn->in), RT_ANSWER_MAX, ret);
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
