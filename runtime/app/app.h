/*
 * One service on one loop: its store, its HTTP server, its transport, and what moves between them.
 * rt_service_main (service.h) is this with a command line and signals around it.
 *
 * Threads: the loop's. What runs elsewhere (transactions on the store's writer thread, work on
 * libuv's pool) gets at nothing of the app but its constant parts: service, options, routes.
 */
#ifndef RT_APP_APP_H
#define RT_APP_APP_H

#include "runtime/app/events/consumer.h"
#include "runtime/app/events/relay.h"
#include "runtime/app/options.h"
#include "runtime/app/request/rate.h"
#include "runtime/app/request/session_cache.h"
#include "runtime/app/timers.h"
#include "runtime/base/uuid.h"
#include "runtime/http/router.h"

/* What is known about a route once the whole service is. */
struct rt_route_info {
    const struct rt_model *model;   /* whose records the reply shows; or NULL */
    const struct rt_field *version; /* of that model's message: the ETag; or NULL */
    const struct rt_route *show;    /* where such a record is shown, for Location; or NULL */
    bool direct; /* the reply is the stored record as it is: bytes go straight to JSON */
};

/* rt_channel_open, or what stands in for it in tests. */
struct rt_transport_opener {
    int (*open)(uv_loop_t *loop, const struct rt_transport_options *options,
                const struct rt_transport_events *events, void *arg, struct rt_transport **ret,
                struct rt_error *error);
};

struct rt_app {
    uv_loop_t *loop;
    const struct rt_service *service;
    struct rt_options options;
    struct rt_arena arena; /* for the app's life */
    struct rt_bytes secret;

    struct rt_store *store;
    struct rt_http_server *http;
    struct rt_router *router;
    struct rt_route_info *routes; /* one per route of the service */
    struct rt_session_cache sessions;
    struct rt_rate rate;
    uint64_t rate_seed;
    struct rt_uuid_gen uuids;
    struct rt_buf body; /* of the reply that is being sent */
    size_t jobs;        /* on the worker pool or waiting for it */

    struct rt_transport *transport; /* NULL: none, or closing */
    bool channel_seen;              /* connected at least once */
    bool channel_up;
    struct rt_relay relay;
    struct rt_consumer consumer;
    struct rt_timers timers;

    uv_idle_t last; /* the handle that is closed after all others, see app.c */
    bool stopping;
    bool failed; /* for good; the exit status says so */
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

/* ------------------------------------------------ for the parts of the app */

/* Something is broken for good, such as the disk under the store: reports it once and tells the
 * owner, who closes. */
void rt_app_fail(struct rt_app *app, const char *what, int code);
/* A write transaction of any kind was committed. */
void rt_app_committed(struct rt_app *app);
/* dispatch.h: one request. */
void rt_dispatch(struct rt_app *app, struct rt_exchange *exchange);

#endif
