/*
 * The pipeline of a request, the same for every route, in this order:
 *
 *   route (404, 405) -> origin (403) -> session (401) -> rate limit (429) -> content type (415) ->
 * path, query and body (400) -> limits by body -> work on the pool (503) -> transaction: session
 * again, earlier answer, subject (404), owner (404), If-Match (412), handler or automatic, events
 * published, embedded records -> commit (503) -> reply
 *
 * Somebody else's record answers like one that is not there, everywhere, so that ids cannot be
 * probed. Reads run on the loop against a snapshot; writes answer only once they are durable.
 *
 * Threads: the loop's. What runs elsewhere (transactions on the store's writer thread, work on
 * libuv's pool) sees only the constant parts: service, options, routes.
 */
#ifndef RT_APP_REQUEST_DISPATCH_H
#define RT_APP_REQUEST_DISPATCH_H

#include "runtime/app/options.h"
#include "runtime/app/owner.h"
#include "runtime/app/request/jobs.h"
#include "runtime/app/request/rate.h"
#include "runtime/app/request/session_cache.h"
#include "runtime/base/buf.h"
#include "runtime/base/uuid.h"
#include "runtime/http/router.h"
#include "runtime/http/server.h"
#include "runtime/identity/key.h"

/* What is known about a route once the whole service is. */
struct rt_route_info {
    const struct rt_model *model;   /* whose records the reply shows; or NULL */
    const struct rt_field *version; /* of that model's message: the ETag; or NULL */
    const struct rt_route *show;    /* where such a record is shown, for Location; or NULL */
    size_t body_max;                /* bytes of a request's body */
    bool direct; /* the reply is the stored record as it is: bytes go straight to JSON */
};

struct rt_dispatcher {
    struct rt_owner *owner;
    const struct rt_options *options;
    struct rt_keys keys; /* sign and verify tokens; in the owner's arena */
    struct rt_router *router;
    struct rt_route_info *routes; /* one per route of the service */
    struct rt_session_cache sessions;
    struct rt_rate rate;
    uint64_t rate_seed;
    struct rt_uuid_gen uuids;
    struct rt_buf body;  /* of the reply that is being sent */
    struct rt_jobs jobs; /* on the worker pool or waiting for it */
};

/* Reads the secret of options->secret_file; the store need not be open yet. On failure there is
 * still rt_dispatcher_done to call. */
int rt_dispatcher_init(struct rt_dispatcher *dispatcher, struct rt_owner *owner,
                       const struct rt_options *options, struct rt_error *error);
/* The owner is stopping: work that has not begun is answered 503 at once, and none begins. */
void rt_dispatcher_stop(struct rt_dispatcher *dispatcher);
/* Reads the keys of tokens anew. On failure those that there are stay. */
int rt_dispatcher_reload(struct rt_dispatcher *dispatcher, struct rt_error *error);
void rt_dispatcher_done(struct rt_dispatcher *dispatcher);

/* The most bytes that the body of such a request may have. */
size_t rt_dispatch_body_max(const struct rt_dispatcher *dispatcher, enum rt_method method,
                            struct rt_str path, struct rt_arena *arena);
/* One request; its reply is sent sooner or later. */
void rt_dispatch(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange);

#endif
