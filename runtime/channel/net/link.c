#include "runtime/channel/net/link.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/channel/net/tls.h"

enum { READ_MIN = 64 * 1024, READ_KEEP = 1024 * 1024, FLUSH_MS = 2000 };

struct rt_link {
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    uv_getaddrinfo_t lookup;
    uv_timer_t timer; /* a loss to report, or how long a closing link waits for its last write */
    const char *why;
    struct rt_link_events events;
    void *arg;
    int port;
    struct rt_buf in;
    struct rt_buf out;          /* being written */
    struct rt_tls_session *tls; /* or NULL */
    struct rt_buf wire, sealed; /* encrypted, with TLS: as it was read; to be written */
    struct rt_bytes refusal;
    bool refused;
    bool reading, writing, looking, closing;
    int handles; /* open; the memory goes with the last one */
};

static void link_released(struct rt_link *link)
{
    if (link->handles > 0 || link->looking)
        return;
    rt_tls_session_free(link->tls);
    rt_buf_done(&link->in);
    rt_buf_done(&link->out);
    rt_buf_done(&link->wire);
    rt_buf_done(&link->sealed);
    free(link);
}

static void on_closed(uv_handle_t *handle)
{
    struct rt_link *link = handle->data;
    link->handles--;
    link_released(link);
}

static void handles_close(struct rt_link *link)
{
    if (!uv_is_closing((uv_handle_t *)&link->tcp))
        uv_close((uv_handle_t *)&link->tcp, on_closed);
    if (!uv_is_closing((uv_handle_t *)&link->timer))
        uv_close((uv_handle_t *)&link->timer, on_closed);
}

static void lost(struct rt_link *link, const char *why)
{
    if (!link->closing)
        link->events.lost(link->arg, why);
}

static void on_lost_later(uv_timer_t *timer)
{
    struct rt_link *link = timer->data;
    lost(link, link->why);
}

/* For failures inside a call of the owner, which must not be called back then. */
static void lost_later(struct rt_link *link, int status)
{
    link->why = uv_strerror(status);
    uv_timer_start(&link->timer, on_lost_later, 0, 0);
}

struct rt_link *rt_link_new(uv_loop_t *loop, const struct rt_link_events *events, void *arg)
{
    struct rt_link *link = rt_zalloc(sizeof *link);
    if (uv_tcp_init(loop, &link->tcp) < 0 || uv_timer_init(loop, &link->timer) < 0)
        rt_panic("no handle for a link");
    link->tcp.data = link->timer.data = link;
    link->handles = 2;
    link->events = *events;
    link->arg = arg;
    return link;
}

/* ----------------------------------------------------------------- the wire */

static void on_written(uv_write_t *write, int status);

/* Writes all of `bytes` and leaves it empty. */
static void write_start(struct rt_link *link, struct rt_buf *bytes)
{
    struct rt_buf empty = link->out;
    link->out = *bytes;
    *bytes = empty;
    link->write.data = link;
    uv_buf_t buf = uv_buf_init((char *)link->out.data, (unsigned)link->out.len);
    int r = uv_write(&link->write, (uv_stream_t *)&link->tcp, &buf, 1, on_written);
    link->writing = r == 0;
    if (r < 0) {
        rt_buf_clear(&link->out);
        lost_later(link, r);
    }
}

static void sealed_write(struct rt_link *link)
{
    if (!link->writing && link->sealed.len > 0)
        write_start(link, &link->sealed);
}

/* Decrypts what came over the wire into `in`, and goes on with the handshake. False: the link is
 * lost or its owner closed it. */
static bool decrypt(struct rt_link *link, size_t len)
{
    struct rt_error error;
    bool was_ready = rt_tls_ready(link->tls);
    struct rt_bytes wire = rt_bytes(link->wire.data, len);
    int r = rt_tls_input(link->tls, wire, &link->in, &link->sealed, &error);
    if (r == RT_EUNSUPPORTED)
        rt_buf_append(&link->sealed, link->refusal.data, link->refusal.len);
    sealed_write(link);
    if (r < 0) {
        /* What came before it still counts: a goodbye, say. */
        if (link->in.len > 0)
            rt_buf_consume(&link->in, link->events.input(link->arg, rt_buf_bytes(&link->in)));
        link->refused = !was_ready || r == RT_EDENIED;
        lost(link, error.message);
        return false;
    }
    if (!was_ready && rt_tls_ready(link->tls)) {
        if (link->events.connected)
            link->events.connected(link->arg);
        else if (link->events.written)
            link->events.written(link->arg);
    }
    return !link->closing;
}

void rt_link_tls(struct rt_link *link, struct rt_tls_session *session, struct rt_bytes refusal)
{
    link->tls = session;
    link->refusal = refusal;
}

bool rt_link_refused(const struct rt_link *link)
{
    return link->refused;
}

bool rt_link_peer_is(const struct rt_link *link, struct rt_str name)
{
    return link->tls && rt_tls_peer_is(link->tls, name);
}

/* ------------------------------------------------------------------ reading */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    struct rt_link *link = handle->data;
    struct rt_buf *to = link->tls ? &link->wire : &link->in;
    rt_buf_reserve(to, READ_MIN);
    *buf = uv_buf_init((char *)to->data + to->len, (unsigned)(to->cap - to->len));
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    (void)buf;
    struct rt_link *link = stream->data;
    if (len < 0) {
        uv_read_stop(stream);
        lost(link, len == UV_EOF ? "the other side closed the connection" : uv_strerror((int)len));
        return;
    }
    if (!link->tls)
        link->in.len += (size_t)len;
    else if (!decrypt(link, (size_t)len) || link->in.len == 0)
        return;
    size_t taken = link->events.input(link->arg, rt_buf_bytes(&link->in));
    if (link->closing)
        return;
    rt_buf_consume(&link->in, taken);
    if (link->in.len == 0 && link->in.cap > READ_KEEP)
        rt_buf_done(&link->in);
    else if (link->in.cap - link->in.len < READ_MIN && link->in.cap < READ_KEEP)
        rt_buf_reserve(&link->in, link->in.cap);
}

static void reading_start(struct rt_link *link)
{
    uv_tcp_nodelay(&link->tcp, 1);
    int r = uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_read);
    link->reading = r == 0;
    if (r < 0)
        lost_later(link, r);
}

void rt_link_pause(struct rt_link *link, bool pause)
{
    if (link->closing || pause != link->reading)
        return;
    if (!pause) {
        reading_start(link);
        return;
    }
    uv_read_stop((uv_stream_t *)&link->tcp);
    link->reading = false;
}

int rt_link_accept(struct rt_link *link, uv_stream_t *server)
{
    int r = uv_accept(server, (uv_stream_t *)&link->tcp);
    if (r == 0)
        reading_start(link);
    return r;
}

/* --------------------------------------------------------------- connecting */

static void on_connect(uv_connect_t *connect, int status)
{
    struct rt_link *link = connect->data;
    if (link->closing)
        return;
    if (status < 0) {
        lost(link, uv_strerror(status));
        return;
    }
    reading_start(link);
    if (link->tls)
        decrypt(link, 0); /* says hello */
    else if (link->events.connected)
        link->events.connected(link->arg);
}

static void connect_to(struct rt_link *link, const struct sockaddr *address)
{
    link->connect.data = link;
    int r = uv_tcp_connect(&link->connect, &link->tcp, address, on_connect);
    if (r < 0)
        lost_later(link, r);
}

static void on_lookup(uv_getaddrinfo_t *lookup, int status, struct addrinfo *found)
{
    struct rt_link *link = lookup->data;
    link->looking = false;
    if (link->closing)
        link_released(link);
    else if (status < 0)
        lost(link, uv_strerror(status));
    else
        connect_to(link, found->ai_addr);
    uv_freeaddrinfo(found);
}

void rt_link_connect(struct rt_link *link, const char *host, int port)
{
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    if (uv_ip4_addr(host, port, &in4) == 0) {
        connect_to(link, (const struct sockaddr *)&in4);
    } else if (uv_ip6_addr(host, port, &in6) == 0) {
        connect_to(link, (const struct sockaddr *)&in6);
    } else {
        char service[16];
        snprintf(service, sizeof service, "%d", port);
        struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
        link->lookup.data = link;
        int r = uv_getaddrinfo(link->tcp.loop, &link->lookup, on_lookup, host, service, &hints);
        link->looking = r == 0;
        if (r < 0)
            lost_later(link, r);
    }
}

/* ------------------------------------------------------ writing and closing */

static void on_written(uv_write_t *write, int status)
{
    struct rt_link *link = write->data;
    link->writing = false;
    rt_buf_clear(&link->out);
    if (link->closing)
        handles_close(link);
    else if (status < 0)
        lost(link, uv_strerror(status));
    else if (link->sealed.len > 0)
        sealed_write(link);
    else if (link->events.written)
        link->events.written(link->arg);
}

void rt_link_write(struct rt_link *link, struct rt_buf *out)
{
    if (link->writing || link->closing || out->len == 0)
        return;
    if (!link->tls) {
        write_start(link, out);
    } else if (rt_tls_ready(link->tls)) {
        int r = rt_tls_output(link->tls, rt_buf_bytes(out), &link->sealed);
        rt_buf_clear(out);
        if (r < 0)
            lost_later(link, UV_EPROTO);
        else
            sealed_write(link);
    }
}

static void on_flush_late(uv_timer_t *timer)
{
    handles_close(timer->data);
}

void rt_link_close(struct rt_link *link, bool flush)
{
    if (link->closing)
        return;
    link->closing = true;
    uv_read_stop((uv_stream_t *)&link->tcp);
    if (flush && link->writing)
        uv_timer_start(&link->timer, on_flush_late, FLUSH_MS, 0);
    else
        handles_close(link);
}
