#include "tests/support/http_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime/base/error.h"

void peer_open(struct peer *peer, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval timeout = {.tv_sec = PEER_TIMEOUT_S};
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *peer = (struct peer){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(peer->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(peer->fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(peer->fd, (struct sockaddr *)&address, sizeof address) != 0)
        rt_panic("connect to port %d: %s", port, strerror(errno));
}

void peer_close(struct peer *peer)
{
    close(peer->fd);
    rt_buf_done(&peer->in);
}

void peer_reset(struct peer *peer)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    peer_close(peer);
}

bool peer_send(struct peer *peer, const void *bytes, size_t len)
{
    const char *p = bytes;
    while (len > 0) {
        ssize_t sent = send(peer->fd, p, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        p += sent;
        len -= (size_t)sent;
    }
    return true;
}

bool peer_puts(struct peer *peer, const char *text)
{
    return peer_send(peer, text, strlen(text));
}

bool peer_readable(struct peer *peer)
{
    struct pollfd poll_fd = {.fd = peer->fd, .events = POLLIN};
    return peer->in.len > 0 || poll(&poll_fd, 1, 0) > 0;
}

static bool receive(struct peer *peer)
{
    for (;;) {
        rt_buf_reserve(&peer->in, 65536);
        ssize_t got = recv(peer->fd, peer->in.data + peer->in.len, 65536, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        peer->in.len += (size_t)got;
        return true;
    }
}

static bool take(struct peer *peer, size_t len, void *out)
{
    while (peer->in.len < len)
        if (!receive(peer))
            return false;
    if (len > 0)
        memcpy(out, peer->in.data, len);
    rt_buf_consume(&peer->in, len);
    return true;
}

bool peer_reply(struct peer *peer, bool head_only, struct peer_reply *reply)
{
    const char *end;
    while (!(end = strstr(rt_buf_cstr(&peer->in), "\r\n\r\n")))
        if (!receive(peer))
            return false;
    size_t head_len = (size_t)(end + 4 - (const char *)peer->in.data);
    if (head_len >= sizeof reply->head || !take(peer, head_len, reply->head))
        return false;
    reply->head[head_len] = '\0';
    if (sscanf(reply->head, "HTTP/1.1 %3d ", &reply->status) != 1)
        return false;
    const char *length = peer_reply_header(reply, "Content-Length");
    size_t body_len = length && !head_only ? strtoul(length, NULL, 10) : 0;
    rt_buf_clear(&reply->body);
    rt_buf_reserve(&reply->body, body_len + 1);
    if (!take(peer, body_len, reply->body.data))
        return false;
    reply->body.len = body_len;
    rt_buf_cstr(&reply->body);
    return true;
}

void peer_reply_done(struct peer_reply *reply)
{
    rt_buf_done(&reply->body);
}

const char *peer_reply_header(const struct peer_reply *reply, const char *name)
{
    static char value[1024];
    size_t len = strlen(name);
    for (const char *line = reply->head; line; line = strstr(line, "\r\n")) {
        line += line == reply->head ? 0 : 2;
        if (strncasecmp(line, name, len) != 0 || line[len] != ':')
            continue;
        line += len + 1 + strspn(line + len + 1, " ");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(line, "\r"), line);
        return value;
    }
    return NULL;
}

bool peer_at_end(struct peer *peer)
{
    char byte;
    ssize_t got;
    if (peer->in.len > 0)
        return false;
    do
        got = recv(peer->fd, &byte, 1, 0);
    while (got < 0 && errno == EINTR);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}
