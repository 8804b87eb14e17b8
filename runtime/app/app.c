#include "runtime/app/app.h"

#include <stdlib.h>

#include "runtime/app/report.h"
#include "runtime/app/request/problem.h"
#include "runtime/base/alloc.h"
#include "runtime/channel/client/client.h"

enum { STOP_GRACE_MS = 5000 };

/* --------------------------------------------------------------------- HTTP */

static void on_request(void *arg, struct rt_exchange *exchange)
{
    struct rt_app *app = arg;
    rt_dispatch(&app->dispatcher, exchange);
}

static void on_problem(void *arg, int status, const char *message, const char **ret_content_type,
                       struct rt_buf *body)
{
    (void)arg;
    *ret_content_type = RT_PROBLEM_TYPE;
    rt_problem_write_status(status, message, body);
}

static size_t body_max(void *arg, enum rt_method method, struct rt_str path, struct rt_arena *arena)
{
    const struct rt_app *app = arg;
    return rt_dispatch_body_max(&app->dispatcher, method, path, arena);
}

static const struct rt_http_callbacks http_callbacks = {
    .request = on_request, .problem = on_problem, .body_max = body_max};

/* ------------------------------------------------------------------ channel */

static void on_welcome(void *arg, uint64_t published, uint64_t taken)
{
    struct rt_app *app = arg;
    rt_relay_welcome(&app->relay, published, taken);
}

static void on_published(void *arg, uint64_t up_to)
{
    struct rt_app *app = arg;
    rt_relay_published(&app->relay, up_to);
}

static void on_event(void *arg, const struct rt_event *event)
{
    struct rt_app *app = arg;
    rt_consumer_event(&app->consumer, event);
}

static void on_acked(void *arg, uint64_t sequence)
{
    struct rt_app *app = arg;
    rt_consumer_acked(&app->consumer, sequence);
}

static void on_refused(void *arg, uint64_t sequence, const char *why)
{
    struct rt_app *app = arg;
    rt_relay_refused(&app->relay, sequence, why);
}

static void on_state(void *arg, bool connected, const char *why)
{
    struct rt_app *app = arg;
    if (connected)
        app->channel_seen = true;
    if (!connected || !app->channel_up)
        rt_report(connected ? RT_REPORT_INFO : RT_REPORT_WARN, app->owner.service->name,
                  connected ? "channel_up" : "channel_down", "%s", why ? why : "");
    app->channel_up = connected;
    if (connected)
        rt_stale_up(&app->stale);
    else
        rt_stale_down(&app->stale);
}

static const struct rt_transport_events transport_events = {
    .welcome = on_welcome,
    .published = on_published,
    .event = on_event,
    .acked = on_acked,
    .refused = on_refused,
    .state = on_state,
};

static void on_outbox(void *arg)
{
    struct rt_app *app = arg;
    rt_relay_pump(&app->relay);
}

static int transport_open(struct rt_app *app, const struct rt_transport_opener *opener,
                          struct rt_error *error)
{
    static const struct rt_transport_opener embedded = {rt_channel_open};
    if (!app->options.channel_host && !opener)
        return 0;
    const struct rt_transport_options options = {
        .host = app->options.channel_host,
        .port = app->options.channel_port,
        .name = app->owner.service->name,
        .token_file = app->options.channel_token_file,
        .tls_ca = app->options.channel_tls_ca,
        .tls_cert = app->options.channel_tls_cert,
        .tls_key = app->options.channel_tls_key,
        .subjects = app->consumer.subjects,
        .next_sequence = app->relay.core.next,
    };
    struct rt_transport *transport;
    int err = (opener ? opener : &embedded)
                  ->open(app->owner.loop, &options, &transport_events, app, &transport, error);
    if (err)
        return err;
    app->transport = app->relay.transport = app->consumer.transport = transport;
    rt_stale_down(&app->stale); /* until it is connected */
    rt_relay_pump(&app->relay);
    return 0;
}

/* --------------------------------------------------------------------- open */

static int store_open(struct rt_app *app, struct rt_error *error)
{
    const struct rt_store_options options = {
        .path = app->options.data,
        .models = app->owner.service->models,
        .n_models = app->owner.service->n_models,
        .service = app->owner.service->name,
    };
    return rt_store_open(app->owner.loop, &options, &app->owner.store, error);
}

/* JSON is never a page: it runs nothing, is in no frame, and no browser guesses another type. */
#define REPLY_HEADERS                                                                              \
    "X-Content-Type-Options: nosniff\r\n"                                                          \
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"

static int http_open(struct rt_app *app, struct rt_error *error)
{
    const struct rt_http_options options = {
        .host = app->options.host,
        .port = app->options.port,
        .headers = app->options.plain_http ? REPLY_HEADERS
                                           : REPLY_HEADERS
                       "Strict-Transport-Security: max-age=31536000\r\n",
    };
    return rt_http_server_new(app->owner.loop, &options, &http_callbacks, app, &app->http, error);
}

static void app_free(struct rt_app *app)
{
    rt_dispatcher_done(&app->dispatcher);
    rt_arena_done(&app->arena);
    free(app);
}

/* What the parts report. */
static void on_failed(void *arg)
{
    struct rt_app *app = arg;
    if (app->on_failed)
        app->on_failed(app->on_failed_arg);
}

static void on_committed(void *arg)
{
    struct rt_app *app = arg;
    rt_timers_wake(&app->timers);
}

static bool is_ready(void *arg, struct rt_buf *details)
{
    const struct rt_app *app = arg;
    if (app->transport && !app->channel_up)
        rt_buf_puts(details, ",\"channel\":\"down\"");
    rt_stale_detail(&app->stale, details);
    if (app->relay.n_held > 0)
        rt_buf_printf(details, ",\"heldEvents\":%zu", app->relay.n_held);
    if (app->relay.unreadable)
        rt_buf_puts(details, ",\"outbox\":\"unreadable\"");
    rt_consumer_describe(&app->consumer, details);
    return !app->owner.stopping && !app->owner.failed && (app->channel_seen || !app->transport);
}

static void no_news(void *arg)
{
    (void)arg;
}

int rt_app_open(uv_loop_t *loop, const struct rt_service *service, const struct rt_options *options,
                const struct rt_transport_opener *opener, struct rt_app **ret,
                struct rt_error *error)
{
    struct rt_app *app = rt_zalloc(sizeof(*app));
    app->options = *options;
    rt_arena_init(&app->arena, 0);
    app->owner = (struct rt_owner){
        .loop = loop,
        .service = service,
        .arena = &app->arena,
        .on_failed = on_failed,
        .on_committed = on_committed,
        .is_ready = is_ready,
        .arg = app,
    };
    int err = rt_dispatcher_init(&app->dispatcher, &app->owner, &app->options, error);
    if (err == 0)
        err = store_open(app, error);
    if (err) {
        app_free(app);
        return err;
    }
    rt_relay_init(&app->relay, &app->owner);
    rt_store_on_outbox(app->owner.store, on_outbox, app);
    rt_consumer_init(&app->consumer, &app->owner);
    rt_timers_init(&app->timers, &app->owner);
    rt_stale_init(&app->stale, &app->owner, RT_STALE_MS);
    err = transport_open(app, opener, error);
    if (err == 0)
        err = http_open(app, error);
    if (err) {
        rt_app_close(app, no_news, NULL);
        return err;
    }
    *ret = app;
    return 0;
}

int rt_app_port(const struct rt_app *app)
{
    return rt_http_server_port(app->http);
}

/* -------------------------------------------------------------------- close */

/* HTTP first, so that what was accepted is answered; then the transport, so that nothing new
 * comes in; then the store, which ends the transactions that are under way. */
static void on_last_closed(uv_handle_t *last)
{
    struct rt_app *app = last->data;
    void (*closed)(void *) = app->closed;
    void *closed_arg = app->closed_arg;
    rt_relay_done(&app->relay);
    rt_consumer_done(&app->consumer);
    rt_timers_done(&app->timers);
    app_free(app);
    closed(closed_arg);
}

/* The store may report in the very turn of the loop in which handles within the app are still
 * being closed. A handle that is closed only now comes after all of them. */
static void on_store_closed(void *arg)
{
    struct rt_app *app = arg;
    uv_idle_init(app->owner.loop, &app->last);
    app->last.data = app;
    uv_close((uv_handle_t *)&app->last, on_last_closed);
}

static void on_transport_closed(void *arg)
{
    struct rt_app *app = arg;
    rt_relay_stop(&app->relay);
    rt_consumer_stop(&app->consumer);
    rt_timers_stop(&app->timers);
    rt_stale_stop(&app->stale);
    rt_store_close(app->owner.store, on_store_closed, app);
}

static void on_http_closed(void *arg)
{
    struct rt_app *app = arg;
    struct rt_transport *transport = app->transport;
    app->transport = app->relay.transport = app->consumer.transport = NULL;
    if (transport)
        transport->ops->close(transport, on_transport_closed, app);
    else
        on_transport_closed(app);
}

void rt_app_close(struct rt_app *app, void (*closed)(void *arg), void *arg)
{
    if (app->owner.stopping)
        return;
    app->owner.stopping = true;
    app->closed = closed;
    app->closed_arg = arg;
    rt_dispatcher_stop(&app->dispatcher);
    if (app->http)
        rt_http_server_close(app->http, STOP_GRACE_MS, on_http_closed, app);
    else
        on_http_closed(app);
}
