#include "runtime/http/connection.h"

#include <limits.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"

struct write_node {
    uv_write_t request;
    struct rt_http_connection *connection;
    char bytes[];
};

static uv_stream_t *stream_of(struct rt_http_connection *connection)
{
    return (uv_stream_t *)&connection->tcp;
}

static uint64_t now_of(const struct rt_http_server *server)
{
    return uv_now(server->tick.loop);
}

/* ------------------------------------------------------------------- ending */

static void free_when_done(struct rt_http_connection *connection)
{
    if (!connection->handle_closed || connection->slot)
        return;
    rt_http_parser_free(connection->parser);
    rt_buf_done(&connection->stash);
    free(connection);
}

static void on_closed(uv_handle_t *handle)
{
    struct rt_http_connection *connection = handle->data;
    struct rt_http_server *server = connection->server;
    connection->handle_closed = true;
    server->n_connections--;
    free_when_done(connection);
    rt_http_server_check_closed(server);
}

static void release_slot(struct rt_http_connection *connection)
{
    connection->server->body_bytes -= connection->body_held;
    connection->body_held = 0;
    if (connection->slot)
        rt_http_slot_put(connection->server, connection->slot);
    connection->slot = NULL;
}

void rt_http_connection_destroy(struct rt_http_connection *connection)
{
    struct rt_http_server *server = connection->server;
    if (connection->phase == RT_HTTP_CLOSED)
        return;
    if (connection->phase != RT_HTTP_HANDLING)
        release_slot(connection); /* otherwise the reply releases it */
    connection->phase = RT_HTTP_CLOSED;
    server->n_open--;
    rt_deadline_disarm(&connection->read_deadline);
    rt_deadline_disarm(&connection->write_deadline);
    TAILQ_REMOVE(&server->connections, connection, link);
    rt_http_server_unschedule(server, connection);
    uv_close((uv_handle_t *)&connection->tcp, on_closed);
}

bool rt_http_connection_idle(const struct rt_http_connection *connection)
{
    return connection->phase == RT_HTTP_IDLE && connection->writes == 0 &&
           connection->stash.len == 0;
}

static void set_phase(struct rt_http_connection *connection, enum rt_http_phase phase)
{
    struct rt_http_server *server = connection->server;
    struct rt_deadlines *list = NULL;
    if (connection->phase == phase && phase != RT_HTTP_IDLE)
        return; /* a deadline is for the whole head or body, however slowly the bytes come */
    connection->phase = phase;
    switch (phase) {
    case RT_HTTP_IDLE:
        /* A client that still reads a reply has the time to do so, and is idle from then on. */
        list = connection->writes == 0 ? &server->idles : NULL;
        break;
    case RT_HTTP_IN_HEAD:
        list = &server->heads;
        break;
    case RT_HTTP_IN_BODY:
        list = &server->bodies;
        break;
    case RT_HTTP_LINGER:
        list = &server->lingers;
        break;
    case RT_HTTP_HANDLING:
    case RT_HTTP_CLOSED:
        break;
    }
    if (list)
        rt_deadline_arm(&connection->read_deadline, list, now_of(server));
    else
        rt_deadline_disarm(&connection->read_deadline);
}

/* ------------------------------------------------------------------ writing */

static void on_written(uv_write_t *request, int status)
{
    struct write_node *node = request->data;
    struct rt_http_connection *connection = node->connection;
    free(node);
    connection->writes--;
    if (connection->phase == RT_HTTP_CLOSED)
        return;
    if (status < 0) {
        rt_http_connection_destroy(connection);
    } else if (connection->writes == 0) {
        rt_deadline_disarm(&connection->write_deadline);
        if (connection->phase == RT_HTTP_IDLE)
            set_phase(connection, RT_HTTP_IDLE);
        rt_http_connection_resume(connection);
    }
}

/* What the socket does not take at once is copied and queued. */
static void send_bytes(struct rt_http_connection *connection, uint8_t *bytes, size_t len)
{
    struct rt_http_server *server = connection->server;
    if (connection->phase == RT_HTTP_CLOSED || len == 0)
        return;
    RT_ASSERT(len <= INT_MAX); /* what one write can take */
    if (connection->writes == 0) {
        uv_buf_t buf = uv_buf_init((char *)bytes, (unsigned)len);
        int written = uv_try_write(stream_of(connection), &buf, 1);
        if (written < 0 && written != UV_EAGAIN) {
            rt_http_connection_destroy(connection);
            return;
        }
        size_t taken = written > 0 ? (size_t)written : 0;
        bytes += taken;
        len -= taken;
        if (len == 0)
            return;
    }
    struct write_node *node = rt_alloc(sizeof *node + len);
    memcpy(node->bytes, bytes, len);
    node->connection = connection;
    node->request.data = node;
    uv_buf_t buf = uv_buf_init(node->bytes, (unsigned)len);
    if (uv_write(&node->request, stream_of(connection), &buf, 1, on_written) != 0) {
        free(node);
        rt_http_connection_destroy(connection);
        return;
    }
    if (connection->writes++ == 0)
        rt_deadline_arm(&connection->write_deadline, &server->writes, now_of(server));
    if (connection->phase == RT_HTTP_IDLE)
        set_phase(connection, RT_HTTP_IDLE);
}

static void flush_cork(struct rt_http_connection *connection)
{
    struct rt_http_server *server = connection->server;
    send_bytes(connection, server->cork.data, server->cork.len);
    rt_buf_clear(&server->cork);
}

static void alloc_read(uv_handle_t *handle, size_t size, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf);

static void start_reading(struct rt_http_connection *connection)
{
    if (connection->reading || connection->eof)
        return;
    connection->reading = true;
    if (uv_read_start(stream_of(connection), alloc_read, on_read) != 0)
        rt_http_connection_destroy(connection);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    struct rt_http_connection *connection = request->data;
    if (status < 0 || connection->eof)
        rt_http_connection_destroy(connection);
}

/* Ends the connection so that the last reply arrives: closing a socket with unread bytes in it
 * would reset it and could destroy the reply on its way (RFC 9112 section 9.6). */
static void finish(struct rt_http_connection *connection)
{
    if (connection->phase == RT_HTTP_CLOSED || connection->phase == RT_HTTP_LINGER)
        return;
    release_slot(connection);
    rt_buf_done(&connection->stash);
    set_phase(connection, RT_HTTP_LINGER);
    connection->shutdown.data = connection;
    if (uv_shutdown(&connection->shutdown, stream_of(connection), on_shutdown) != 0)
        rt_http_connection_destroy(connection);
    else
        start_reading(connection);
}

/* Writes a reply behind those before it. A sentence of our own goes out in place of a reply that
 * breaks the rules. */
static void send_reply(struct rt_http_connection *connection, const struct rt_reply *reply,
                       struct rt_reply_framing framing)
{
    struct rt_http_server *server = connection->server;
    bool corked = server->corked == connection;
    struct rt_buf *out = corked ? &server->cork : &server->scratch;
    framing.date = rt_http_date_at(&server->date, rt_clock_now_ms());
    framing.headers = server->headers;
    connection->last = framing.close;
    if (rt_reply_write(out, reply, &framing) != 0) {
        struct rt_reply problem = {.status = 500};
        rt_buf_clear(&server->problem);
        server->callbacks->problem(server->arg, problem.status, "The reply is not valid",
                                   &problem.content_type, &server->problem);
        problem.body = rt_buf_bytes(&server->problem);
        int rc = rt_reply_write(out, &problem, &framing);
        RT_ASSERT(rc == 0);
    }
    if (!corked) {
        send_bytes(connection, out->data, out->len);
        rt_buf_clear(out);
    } else if (out->len > RT_HTTP_CORK_MAX) {
        flush_cork(connection);
    }
}

/* Answers bytes that are not a request, and ends the connection. */
static void refuse(struct rt_http_connection *connection, struct rt_http_verdict verdict)
{
    struct rt_http_server *server = connection->server;
    struct rt_reply reply = {.status = verdict.status};
    rt_buf_clear(&server->problem);
    server->callbacks->problem(server->arg, verdict.status, verdict.message, &reply.content_type,
                               &server->problem);
    reply.body = rt_buf_bytes(&server->problem);
    bool head_only =
        connection->slot && rt_http_parser_message(connection->parser)->method == RT_HEAD;
    release_slot(connection);
    send_reply(connection, &reply,
               (struct rt_reply_framing){.head_only = head_only, .close = true});
    if (server->corked != connection)
        finish(connection);
}

/* ----------------------------------------------------------------- requests */

void rt_exchange_reply(struct rt_exchange *exchange, const struct rt_reply *reply)
{
    struct rt_http_slot *slot = (struct rt_http_slot *)exchange;
    struct rt_http_connection *connection = slot->connection;
    struct rt_http_server *server = connection->server;
    RT_ASSERT(connection->slot == slot);
    server->n_handling--;
    if (connection->phase == RT_HTTP_CLOSED) {
        release_slot(connection);
        free_when_done(connection);
        rt_http_server_check_closed(server);
        return;
    }
    send_reply(connection, reply,
               (struct rt_reply_framing){.head_only = exchange->method == RT_HEAD,
                                         .close = !slot->keep_alive || server->closing,
                                         .say_keep_alive = slot->say_keep_alive});
    release_slot(connection);
    if (connection->phase == RT_HTTP_CLOSED)
        return; /* the peer was gone; the memory goes when the socket is closed */
    set_phase(connection, RT_HTTP_IDLE);
    if (server->corked == connection)
        return; /* we are within take_messages, which goes on */
    if (connection->last)
        finish(connection);
    else if (connection->stash.len > 0 || connection->eof)
        rt_http_server_schedule(server, connection);
}

static void dispatch(struct rt_http_connection *connection)
{
    struct rt_http_server *server = connection->server;
    struct rt_http_slot *slot = connection->slot;
    const struct rt_http_message *message = rt_http_parser_message(connection->parser);
    slot->keep_alive = message->keep_alive;
    slot->say_keep_alive = message->version_minor == 0;
    slot->exchange = (struct rt_exchange){
        .method = message->method,
        .path = message->path,
        .query = message->query,
        .headers = message->headers,
        .n_headers = message->n_headers,
        .body = message->body,
        .peer = rt_str(connection->peer),
        .arena = &slot->arena,
    };
    set_phase(connection, RT_HTTP_HANDLING);
    server->n_handling++;
    server->callbacks->request(server->arg, &slot->exchange);
}

/* Whether bytes may be taken for messages now. */
static bool may_take(const struct rt_http_connection *connection)
{
    return connection->phase <= RT_HTTP_IN_BODY && connection->writes == 0 && !connection->last;
}

/* What bounds the body of the request whose head is there. */
static size_t body_max(const struct rt_http_connection *connection)
{
    const struct rt_http_server *server = connection->server;
    const struct rt_http_message *message = rt_http_parser_message(connection->parser);
    if (!server->callbacks->body_max)
        return server->options.body_max;
    return server->callbacks->body_max(server->arg, message->method, message->path,
                                       &connection->slot->arena);
}

/* Counts what the body takes. False: all bodies together take too much. */
static bool count_body(struct rt_http_connection *connection)
{
    struct rt_http_server *server = connection->server;
    size_t held = rt_http_parser_held(connection->parser);
    server->body_bytes += held - connection->body_held;
    connection->body_held = held;
    return server->body_bytes <= server->options.bodies_max;
}

static void take_head(struct rt_http_connection *connection, bool all_used)
{
    if (!rt_http_parser_narrow(connection->parser, body_max(connection))) {
        refuse(connection, rt_http_parser_verdict(connection->parser));
        return;
    }
    set_phase(connection, RT_HTTP_IN_BODY);
    if (all_used && rt_http_parser_message(connection->parser)->expects_continue)
        rt_buf_puts(&connection->server->cork, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* Feeds the parser up to its next event; returns the number of bytes used. */
static size_t take_some(struct rt_http_connection *connection, struct rt_bytes bytes)
{
    size_t used = 0;
    if (!connection->slot) {
        connection->slot = rt_http_slot_get(connection->server);
        connection->slot->connection = connection;
        rt_http_parser_begin(connection->parser, &connection->slot->arena);
    }
    enum rt_http_event event = rt_http_parser_feed(connection->parser, bytes, &used);
    if (!count_body(connection) && event != RT_HTTP_REFUSED) {
        refuse(connection, (struct rt_http_verdict){503, "Too many large requests at once"});
        return bytes.len;
    }
    switch (event) {
    case RT_HTTP_MORE:
        if (connection->phase == RT_HTTP_IDLE)
            set_phase(connection, RT_HTTP_IN_HEAD);
        break;
    case RT_HTTP_HEAD:
        take_head(connection, used == bytes.len);
        if (connection->last)
            return bytes.len; /* refused */
        break;
    case RT_HTTP_MESSAGE:
        dispatch(connection);
        break;
    case RT_HTTP_REFUSED:
        refuse(connection, rt_http_parser_verdict(connection->parser));
        return bytes.len;
    }
    return used;
}

/* Takes as many messages as may be; replies that come at once leave in one write. Returns the
 * number of bytes used. */
static size_t take_messages(struct rt_http_connection *connection, struct rt_bytes bytes)
{
    struct rt_http_server *server = connection->server;
    size_t used = 0;
    RT_ASSERT(!server->corked);
    server->corked = connection;
    while (used < bytes.len && may_take(connection))
        used += take_some(connection, rt_bytes(bytes.data + used, bytes.len - used));
    server->corked = NULL;
    flush_cork(connection);
    if (connection->last && connection->phase != RT_HTTP_HANDLING)
        finish(connection);
    return used;
}

void rt_http_connection_resume(struct rt_http_connection *connection)
{
    if (!may_take(connection))
        return;
    if (connection->stash.len > 0) {
        size_t used = take_messages(connection, rt_buf_bytes(&connection->stash));
        if (used == connection->stash.len)
            rt_buf_done(&connection->stash);
        else if (connection->stash.len > 0)
            rt_buf_consume(&connection->stash, used);
    }
    if (connection->phase >= RT_HTTP_LINGER)
        return;
    if (connection->eof && connection->stash.len == 0 && may_take(connection))
        rt_http_connection_destroy(connection);
    else if (connection->stash.len <= RT_HTTP_STASH_MAX)
        start_reading(connection);
}

void rt_http_connection_read_expired(struct rt_http_connection *connection)
{
    bool in_body = connection->phase == RT_HTTP_IN_BODY;
    if (in_body || connection->phase == RT_HTTP_IN_HEAD)
        refuse(connection, (struct rt_http_verdict){408, in_body ? "The body took too long"
                                                                 : "The head took too long"});
    else
        rt_http_connection_destroy(connection);
}

/* ------------------------------------------------------------------ reading */

static void alloc_read(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct rt_http_connection *connection = handle->data;
    (void)size;
    *buf = uv_buf_init(connection->server->read_buffer, RT_HTTP_READ_SIZE);
}

static void on_eof(struct rt_http_connection *connection)
{
    connection->eof = true;
    connection->reading = false;
    /* A peer may close its half and still wait for its reply. */
    bool wait = connection->phase == RT_HTTP_HANDLING || connection->writes > 0 ||
                connection->stash.len > 0;
    if (!wait)
        rt_http_connection_destroy(connection);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct rt_http_connection *connection = stream->data;
    if (nread == 0 || connection->phase == RT_HTTP_CLOSED)
        return;
    if (nread == UV_EOF) {
        on_eof(connection);
        return;
    }
    if (nread < 0) {
        rt_http_connection_destroy(connection);
        return;
    }
    if (connection->phase == RT_HTTP_LINGER)
        return;
    struct rt_bytes bytes = rt_bytes(buf->base, (size_t)nread);
    size_t used = 0;
    if (connection->stash.len == 0 && may_take(connection))
        used = take_messages(connection, bytes);
    if (used == bytes.len || connection->phase >= RT_HTTP_LINGER)
        return;
    rt_buf_append(&connection->stash, bytes.data + used, bytes.len - used);
    if (connection->stash.len > RT_HTTP_STASH_MAX) {
        uv_read_stop(stream);
        connection->reading = false;
    }
}

static void find_peer(struct rt_http_connection *connection)
{
    struct sockaddr_storage address;
    int len = sizeof address;
    if (uv_tcp_getpeername(&connection->tcp, (struct sockaddr *)&address, &len) != 0)
        return;
    if (address.ss_family == AF_INET)
        uv_ip4_name((struct sockaddr_in *)&address, connection->peer, sizeof connection->peer);
    else if (address.ss_family == AF_INET6)
        uv_ip6_name((struct sockaddr_in6 *)&address, connection->peer, sizeof connection->peer);
}

void rt_http_connection_accept(struct rt_http_server *server)
{
    struct rt_http_limits limits = {
        .head_max = server->options.head_max,
        .headers_max = server->options.headers_max,
        .body_max = server->options.body_max,
    };
    struct rt_http_connection *connection = rt_zalloc(sizeof *connection);
    connection->server = server;
    connection->parser = rt_http_parser_new(&limits);
    connection->tcp.data = connection;
    int rc = uv_tcp_init(server->tick.loop, &connection->tcp);
    RT_ASSERT(rc == 0); /* it opens nothing yet */
    TAILQ_INSERT_TAIL(&server->connections, connection, link);
    server->n_open++;
    server->n_connections++;
    if (uv_accept((uv_stream_t *)&server->listener, stream_of(connection)) != 0) {
        rt_http_connection_destroy(connection);
        return;
    }
    uv_tcp_nodelay(&connection->tcp, 1);
    find_peer(connection);
    if (server->n_open > server->options.connections_max && !rt_http_server_make_room(server)) {
        refuse(connection, (struct rt_http_verdict){503, "The server has too many connections"});
        rt_http_connection_destroy(connection);
        return;
    }
    /* The first head is due soon: a client that connects and sends nothing is suspect, not idle. */
    rt_deadline_arm(&connection->read_deadline, &server->heads, now_of(server));
    start_reading(connection);
}
