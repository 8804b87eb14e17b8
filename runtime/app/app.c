#include "runtime/app/app.h"

#include <errno.h>
#include <stdlib.h>

#include "runtime/app/report.h"
#include "runtime/app/request/problem.h"
#include "runtime/channel/client/client.h"
#include "runtime/identity/secret.h"

enum { STOP_GRACE_MS = 5000 };

/* --------------------------------------------------------------------- routes */

/* The model whose records a message is, by its descriptor: that of the record itself. */
static const struct rt_model *model_of(const struct rt_service *service,
                                       const struct rt_message *message)
{
    for (size_t i = 0; i < service->n_models && message; i++) {
        if (service->models[i]->message == message)
            return service->models[i];
    }
    return NULL;
}

static bool shows(const struct rt_route *route, const struct rt_model *model)
{
    const char *colon = strchr(route->path, ':');
    return route->method == RT_GET && route->subject == model && route->id_param == 0 &&
           !route->page && colon && !strchr(colon, '/');
}

static void routes_init(struct rt_app *app)
{
    const struct rt_service *service = app->service;
    app->routes = RT_ARENA_ARRAY(&app->arena, service->n_routes + 1, struct rt_route_info);
    for (size_t i = 0; i < service->n_routes; i++) {
        const struct rt_route *route = &service->routes[i];
        struct rt_route_info *info = &app->routes[i];
        info->model = model_of(service, route->reply);
        if (!info->model)
            continue;
        if (info->model->version_field >= 0)
            info->version = &info->model->message->fields[info->model->version_field];
        for (size_t j = 0; j < service->n_routes && !info->show; j++) {
            if (shows(&service->routes[j], info->model))
                info->show = &service->routes[j];
        }
        info->direct = route->automatic == RT_AUTO_SHOW && route->access == RT_ACCESS_PUBLIC &&
                       route->read && route->subject == info->model && route->id_param == 0 &&
                       info->model->n_embeds == 0 && route->limit.count == 0 && !route->work;
    }
}

static int router_init(struct rt_app *app, struct rt_error *error)
{
    const struct rt_service *service = app->service;
    struct rt_route_pattern *patterns =
        RT_ARENA_ARRAY(&app->arena, service->n_routes + 1, struct rt_route_pattern);
    for (size_t i = 0; i < service->n_routes; i++)
        patterns[i] = (struct rt_route_pattern){service->routes[i].method, service->routes[i].path};
    return rt_router_new(patterns, service->n_routes, &app->router, error);
}

/* ----------------------------------------------------------------------- HTTP */

static void on_request(void *arg, struct rt_exchange *exchange)
{
    rt_dispatch(arg, exchange);
}

static void on_problem(void *arg, int status, const char *message, const char **ret_content_type,
                       struct rt_buf *body)
{
    (void)arg;
    *ret_content_type = RT_PROBLEM_TYPE;
    rt_problem_write_status(status, message, body);
}

static const struct rt_http_callbacks http_callbacks = {.request = on_request,
                                                        .problem = on_problem};

/* -------------------------------------------------------------------- channel */

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
        rt_report(connected ? RT_REPORT_INFO : RT_REPORT_WARN, app->service->name,
                  connected ? "channel_up" : "channel_down", "%s", why ? why : "");
    app->channel_up = connected;
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
        .name = app->service->name,
        .token_file = app->options.channel_token_file,
        .tls_ca = app->options.channel_tls_ca,
        .tls_cert = app->options.channel_tls_cert,
        .tls_key = app->options.channel_tls_key,
        .subjects = app->consumer.subjects,
        .next_sequence = app->relay.core.next,
    };
    struct rt_transport *transport;
    int err = (opener ? opener : &embedded)
                  ->open(app->loop, &options, &transport_events, app, &transport, error);
    if (err)
        return err;
    app->transport = app->relay.transport = transport;
    rt_relay_pump(&app->relay);
    return 0;
}

/* ----------------------------------------------------------------------- open */

static int store_open(struct rt_app *app, struct rt_error *error)
{
    const struct rt_store_options options = {
        .path = app->options.data,
        .models = app->service->models,
        .n_models = app->service->n_models,
        .service = app->service->name,
    };
    return rt_store_open(app->loop, &options, &app->store, error);
}

static int http_open(struct rt_app *app, struct rt_error *error)
{
    const struct rt_http_options options = {.host = app->options.host, .port = app->options.port};
    return rt_http_server_new(app->loop, &options, &http_callbacks, app, &app->http, error);
}

static void app_free(struct rt_app *app)
{
    rt_router_free(app->router);
    rt_rate_done(&app->rate);
    rt_session_cache_done(&app->sessions);
    rt_buf_done(&app->body);
    rt_arena_done(&app->arena);
    free(app);
}

static void no_news(void *arg)
{
    (void)arg;
}

int rt_app_open(uv_loop_t *loop, const struct rt_service *service, const struct rt_options *options,
                const struct rt_transport_opener *opener, struct rt_app **ret,
                struct rt_error *error)
{
    struct rt_app *app = calloc(1, sizeof(*app));
    if (!app)
        rt_panic("out of memory");
    app->loop = loop;
    app->service = service;
    app->options = *options;
    rt_arena_init(&app->arena, 0);
    rt_rate_init(&app->rate);
    rt_session_cache_init(&app->sessions);
    rt_random(&app->rate_seed, sizeof(app->rate_seed));
    routes_init(app);
    int err = router_init(app, error);
    if (err == 0 && options->secret_file)
        err = rt_secret_load(options->secret_file, &app->arena, &app->secret, error);
    if (err == 0)
        err = store_open(app, error);
    if (err) {
        app_free(app);
        return err;
    }
    rt_relay_init(&app->relay, app->store, service->name);
    rt_store_on_outbox(app->store, on_outbox, app);
    rt_consumer_init(&app->consumer, app);
    rt_timers_init(&app->timers, app);
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

void rt_app_fail(struct rt_app *app, const char *what, int code)
{
    if (app->failed)
        return;
    app->failed = true;
    rt_report(RT_REPORT_ERROR, app->service->name, "failed", "%s: %s; stopping", what,
              rt_err_name(code));
    if (app->on_failed)
        app->on_failed(app->on_failed_arg);
}

void rt_app_committed(struct rt_app *app)
{
    rt_timers_wake(&app->timers);
}

/* ---------------------------------------------------------------------- close */

/* HTTP first, so that what was accepted is answered; then the transport, so that nothing new comes
 * in; then the store, which ends the transactions that are on their way. */
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
    uv_idle_init(app->loop, &app->last);
    app->last.data = app;
    uv_close((uv_handle_t *)&app->last, on_last_closed);
}

static void on_transport_closed(void *arg)
{
    struct rt_app *app = arg;
    rt_consumer_stop(&app->consumer);
    rt_timers_stop(&app->timers);
    rt_store_close(app->store, on_store_closed, app);
}

static void on_http_closed(void *arg)
{
    struct rt_app *app = arg;
    struct rt_transport *transport = app->transport;
    app->transport = app->relay.transport = NULL;
    if (transport)
        transport->ops->close(transport, on_transport_closed, app);
    else
        on_transport_closed(app);
}

void rt_app_close(struct rt_app *app, void (*closed)(void *arg), void *arg)
{
    if (app->stopping)
        return;
    app->stopping = true;
    app->closed = closed;
    app->closed_arg = arg;
    if (app->http)
        rt_http_server_close(app->http, STOP_GRACE_MS, on_http_closed, app);
    else
        on_http_closed(app);
}
