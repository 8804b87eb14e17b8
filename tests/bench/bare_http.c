/*
 * The least that a libuv + llhttp server can do: parse each request and answer a constant. The
 * results of a whole service are ratios to this.
 *
 *   bare_http PORT [BODY_BYTES [DIR VALUE_BYTES...]]
 *
 * With a DIR, each request is first made durable by bare group commit of that many bytes.
 * Prints "ready PORT" when it listens (port 0: any free one). Ends on SIGTERM or SIGINT.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <llhttp.h>
#include <uv.h>

#include "tests/bench/bare_commit.h"

enum { BODY_DEFAULT = 300, BODY_MAX = 1024 * 1024, READ_SIZE = 64 * 1024, BACKLOG = 1024 };

struct peer {
    uv_tcp_t tcp;
    llhttp_t parser;
    bool waiting; /* for a commit; then the peer is not freed yet */
    bool gone;
};

static char *reply;
static size_t reply_len;
static char read_buffer[READ_SIZE];
static llhttp_settings_t settings;
static bool durable;

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void drop(struct peer *peer)
{
    peer->gone = true;
    if (!peer->waiting && !uv_is_closing((uv_handle_t *)&peer->tcp))
        uv_close((uv_handle_t *)&peer->tcp, on_closed);
}

static int send_reply(struct peer *peer)
{
    uv_buf_t buf = uv_buf_init(reply, (unsigned)reply_len);
    /* A client that does not read its small replies has no place in this measurement. */
    return uv_try_write((uv_stream_t *)&peer->tcp, &buf, 1) == (int)reply_len ? 0 : -1;
}

static int on_message_complete(llhttp_t *parser)
{
    if (!durable)
        return send_reply(parser->data);
    struct peer *peer = parser->data;
    peer->waiting = true;
    bare_commit_add(peer);
    return 0;
}

static void on_durable(void *item)
{
    struct peer *peer = item;
    peer->waiting = false;
    if (peer->gone || send_reply(peer) != 0)
        drop(peer);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    (void)handle;
    (void)size;
    *buf = uv_buf_init(read_buffer, READ_SIZE);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct peer *peer = stream->data;
    if (nread == 0)
        return;
    if (nread < 0 || llhttp_execute(&peer->parser, buf->base, (size_t)nread) != HPE_OK)
        drop(peer);
}

static void on_connection(uv_stream_t *listener, int status)
{
    if (status != 0)
        return;
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        abort();
    uv_tcp_init(listener->loop, &peer->tcp);
    peer->tcp.data = peer;
    llhttp_init(&peer->parser, HTTP_REQUEST, &settings);
    peer->parser.data = peer;
    if (uv_accept(listener, (uv_stream_t *)&peer->tcp) != 0) {
        drop(peer);
        return;
    }
    uv_tcp_nodelay(&peer->tcp, 1);
    uv_read_start((uv_stream_t *)&peer->tcp, on_alloc, on_read);
}

static void make_reply(size_t body_len)
{
    char head[256];
    int head_len = snprintf(head, sizeof head,
                            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                            body_len);
    reply_len = (size_t)head_len + body_len;
    reply = malloc(reply_len);
    if (!reply)
        abort();
    memcpy(reply, head, (size_t)head_len);
    memset(reply + head_len, 'x', body_len);
}

static void on_signal(uv_signal_t *handle, int signum)
{
    (void)signum;
    uv_stop(handle->loop);
}

/* DIR VALUE_BYTES... */
static void start_commit(uv_loop_t *loop, int argc, char **argv)
{
    struct bare_commit_options options = {.dir = argv[0], .values = (size_t)(argc - 1)};
    for (size_t i = 0; i < options.values; i++)
        options.value_len[i] = strtoul(argv[i + 1], NULL, 10);
    bare_commit_start(loop, &options, on_durable);
    durable = true;
}

int main(int argc, char **argv)
{
    uv_loop_t *loop = uv_default_loop();
    uv_tcp_t listener;
    uv_signal_t signals[2];
    struct sockaddr_in address;
    int len = sizeof address;
    size_t body_len = argc > 2 ? strtoul(argv[2], NULL, 10) : BODY_DEFAULT;
    if (argc < 2 || argc > 4 + BARE_VALUES_MAX || body_len > BODY_MAX) {
        fprintf(stderr, "usage: bare_http PORT [BODY_BYTES [DIR VALUE_BYTES...]]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    make_reply(body_len);
    llhttp_settings_init(&settings);
    settings.on_message_complete = on_message_complete;
    uv_tcp_init(loop, &listener);
    uv_ip4_addr("127.0.0.1", atoi(argv[1]), &address);
    int rc = uv_tcp_bind(&listener, (struct sockaddr *)&address, 0);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&listener, BACKLOG, on_connection);
    if (rc != 0 || uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &len) != 0) {
        fprintf(stderr, "bare_http: cannot listen on port %s: %s\n", argv[1], uv_strerror(rc));
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        uv_signal_init(loop, &signals[i]);
        uv_signal_start(&signals[i], on_signal, i == 0 ? SIGTERM : SIGINT);
    }
    if (argc > 3)
        start_commit(loop, argc - 3, argv + 3);
    printf("ready %d\n", ntohs(address.sin_port));
    fflush(stdout);
    uv_run(loop, UV_RUN_DEFAULT);
    if (durable)
        bare_commit_stop();
    free(reply);
    return 0;
}
