/*
 * One service on one loop: its store, its HTTP server, its transport, and what moves between
 * them. rt_service_main (service.h) adds a command line and signals.
 *
 * Threads: the loop's. What runs elsewhere (transactions on the store's writer thread, work on
 * libuv's pool) sees only the constant parts of the app: service, options, routes.
 */
#ifndef RT_APP_APP_H
#define RT_APP_APP_H

#include "runtime/app/events/consumer.h"
#include "runtime/app/events/relay.h"
#include "runtime/app/options.h"
#include "runtime/app/owner.h"
#include "runtime/app/request/dispatch.h"
#include "runtime/app/stale.h"
#include "runtime/app/timers.h"

/* rt_channel_open, or its replacement in tests. */
struct rt_transport_opener {
    int (*open)(uv_loop_t *loop, const struct rt_transport_options *options,
                const struct rt_transport_events *events, void *arg, struct rt_transport **ret,
                struct rt_error *error);
};

struct rt_app {
    struct rt_owner owner; /* what the parts see of the app */
    struct rt_options options;
    struct rt_arena arena; /* for the app's life */

    struct rt_http_server *http;
    struct rt_dispatcher dispatcher;

    struct rt_transport *transport; /* NULL: none, or closing */
    bool channel_seen;              /* connected at least once */
    bool channel_up;
    struct rt_relay relay;
    struct rt_consumer consumer;
    struct rt_timers timers;
    struct rt_stale stale;

    uv_idle_t last; /* the handle that is closed after all others, see app.c */
    void (*on_failed)(void *arg);
    void *on_failed_arg;
    void (*closed)(void *arg);
    void *closed_arg;
};

/* Opens the store, listens, connects in the background. `opener` NULL: the embedded channel.
 * Blocks while the store recovers. On failure nothing is left behind, except that the loop must
 * run once more for handles to close. */
int rt_app_open(uv_loop_t *loop, const struct rt_service *service, const struct rt_options *options,
                const struct rt_transport_opener *opener, struct rt_app **ret,
                struct rt_error *error);
int rt_app_port(const struct rt_app *app);
/* Stops accepting, ends what runs (5 s of grace), flushes, closes; then calls `closed`, after
 * which the app is gone. */
void rt_app_close(struct rt_app *app, void (*closed)(void *arg), void *arg);

#endif
