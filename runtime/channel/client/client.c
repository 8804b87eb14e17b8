#include "runtime/channel/client/client.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/secret.h"
#include "runtime/base/uuid.h"
#include "runtime/channel/client/core.h"
#include "runtime/channel/net/link.h"
#include "runtime/channel/net/tls.h"
#include "runtime/channel/protocol/limits.h"

struct client {
    struct rt_transport transport; /* first: what callers hold */
    struct rt_client_core *core;
    uv_loop_t *loop;
    uv_prepare_t prepare; /* once per turn of the loop, before it waits */
    uv_timer_t timer;
    struct rt_link *link; /* NULL: not connected nor connecting */
    char *host;
    int port;
    struct rt_tls *tls; /* or NULL */
    int handles;
    void (*closed)(void *arg);
    void *closed_arg;
};

/* ----------------------------------------------------------- the connection */

static void link_lost(void *arg, const char *why)
{
    struct client *client = arg;
    rt_link_close(client->link, false);
    client->link = NULL;
    rt_client_core_lost(client->core, why);
}

static void link_connected(void *arg)
{
    struct client *client = arg;
    rt_client_core_connected(client->core);
}

static size_t link_input(void *arg, struct rt_bytes in)
{
    struct client *client = arg;
    rt_client_core_time(client->core, (int64_t)uv_now(client->loop));
    return rt_client_core_input(client->core, in);
}

static void client_connect(struct client *client)
{
    static const struct rt_link_events events = {
        .connected = link_connected, .input = link_input, .lost = link_lost};
    client->link = rt_link_new(client->loop, &events, client);
    if (client->tls)
        rt_link_tls(client->link, rt_tls_session_new(client->tls, client->host),
                    (struct rt_bytes){0});
    rt_link_connect(client->link, client->host, client->port);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;
    if (--client->handles > 0)
        return;
    void (*closed)(void *arg) = client->closed;
    void *arg = client->closed_arg;
    rt_client_core_free(client->core);
    rt_tls_free(client->tls);
    free(client->host);
    free(client);
    if (closed)
        closed(arg);
}

static void client_end(struct client *client)
{
    if (client->link)
        rt_link_close(client->link, true);
    client->link = NULL;
    uv_close((uv_handle_t *)&client->prepare, on_handle_closed);
    uv_close((uv_handle_t *)&client->timer, on_handle_closed);
}

static void on_timer(uv_timer_t *timer)
{
    (void)timer; /* waking the loop is enough: the turn does the rest */
}

/* What a turn of the loop ends with: settle what to do about the connection, write, sleep. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct client *client = prepare->data;
    struct rt_client_core *core = client->core;
    rt_client_core_time(core, (int64_t)uv_now(client->loop));
    struct rt_buf *out = rt_client_core_out(core);
    enum rt_client_want want = rt_client_core_want(core);
    if (client->link)
        rt_link_write(client->link, out);
    switch (want) {
    case RT_CLIENT_CONNECT:
        client_connect(client);
        break;
    case RT_CLIENT_DROP:
        if (client->link)
            rt_link_close(client->link, true);
        client->link = NULL;
        rt_client_core_lost(core, "");
        break;
    case RT_CLIENT_CLOSED:
        client_end(client);
        return;
    case RT_CLIENT_WAIT:
    case RT_CLIENT_KEEP:
        break;
    }
    int64_t now_ms = (int64_t)uv_now(client->loop);
    int64_t wake_ms = rt_client_core_wake(core);
    if (wake_ms == INT64_MAX)
        uv_timer_stop(&client->timer);
    else
        uv_timer_start(&client->timer, on_timer,
                       wake_ms > now_ms ? (uint64_t)(wake_ms - now_ms) : 0, 0);
}

/* -------------------------------------------- the operations of transport.h */

static struct client *client_of(struct rt_transport *transport)
{
    return (struct client *)(void *)transport;
}

static int client_publish(struct rt_transport *transport, const struct rt_publish *publish)
{
    return rt_client_core_publish(client_of(transport)->core, publish);
}

static int client_ack(struct rt_transport *transport, uint64_t sequence)
{
    return rt_client_core_ack(client_of(transport)->core, sequence);
}

static int client_nack(struct rt_transport *transport, uint64_t sequence, int64_t delay_ms)
{
    return rt_client_core_nack(client_of(transport)->core, sequence, delay_ms);
}

static int client_terminate(struct rt_transport *transport, uint64_t sequence, struct rt_str reason)
{
    return rt_client_core_terminate(client_of(transport)->core, sequence, reason);
}

static int client_extend(struct rt_transport *transport, uint64_t sequence)
{
    return rt_client_core_extend(client_of(transport)->core, sequence);
}

static void client_close(struct rt_transport *transport, void (*closed)(void *arg), void *arg)
{
    struct client *client = client_of(transport);
    client->closed = closed;
    client->closed_arg = arg;
    rt_client_core_close(client->core);
}

static int tls_open(const struct rt_transport_options *options, struct rt_tls **ret,
                    struct rt_error *error)
{
    struct rt_tls_options files = {options->tls_cert, options->tls_key, options->tls_ca};
    if (!files.ca && !files.cert && !files.key)
        return 0;
    return rt_tls_new(RT_TLS_CLIENT, &files, ret, error);
}

int rt_channel_open(uv_loop_t *loop, const struct rt_transport_options *options,
                    const struct rt_transport_events *events, void *arg, struct rt_transport **ret,
                    struct rt_error *error)
{
    static const struct rt_transport_ops ops = {
        .publish = client_publish,
        .ack = client_ack,
        .nack = client_nack,
        .terminate = client_terminate,
        .extend = client_extend,
        .close = client_close,
    };
    if (!options->host || options->port <= 0 || options->port > 65535)
        return rt_error_set(error, RT_EINVAL, "the channel's address needs a host and a port");
    struct rt_buf token = {0};
    struct rt_tls *tls = NULL;
    int r = tls_open(options, &tls, error);
    if (r == 0 && options->token_file)
        r = rt_secret_read(options->token_file, RT_SECRET_FILE_MAX, &token, error);
    uint64_t seed;
    rt_random(&seed, sizeof seed);
    struct rt_str text = rt_str_trim(rt_str_n((const char *)token.data, token.len));
    struct rt_client_core *core;
    if (r == 0)
        r = rt_client_core_new(options, text, events, arg, seed, &core, error);
    rt_secret_done(&token);
    if (r < 0) {
        rt_tls_free(tls);
        return r;
    }

    struct client *client = rt_zalloc(sizeof *client);
    client->transport.ops = &ops;
    client->core = core;
    client->loop = loop;
    client->host = rt_strdup(options->host);
    client->port = options->port;
    client->tls = tls;
    client->handles = 2;
    uv_prepare_init(loop, &client->prepare);
    uv_timer_init(loop, &client->timer);
    client->prepare.data = client->timer.data = client;
    uv_prepare_start(&client->prepare, on_prepare);
    rt_client_core_time(core, (int64_t)uv_now(loop));
    *ret = &client->transport;
    return 0;
}
