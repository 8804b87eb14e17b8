/*
 * What the parts of a service share: its tables, its store, its loop, and two reports to the app
 * that put them together. A part knows its owner and nothing of the other parts.
 *
 * Threads: the loop's; `service` is constant and may be read by any.
 */
#ifndef RT_APP_OWNER_H
#define RT_APP_OWNER_H

#include "runtime/app/service.h"
#include "runtime/base/buf.h"
#include "runtime/store/store.h"

struct rt_owner {
    uv_loop_t *loop;
    const struct rt_service *service;
    struct rt_store *store;
    struct rt_arena *arena; /* lives as long as the owner */
    bool stopping;          /* nothing new begins */
    int64_t forgotten_ms;   /* revocations that expired up to then are gone: sessions that end by
                               then are over, whatever the clock says now */
    bool failed;            /* for good; the exit status says so */
    void (*on_failed)(void *arg);
    void (*on_committed)(void *arg);
    /* Whether requests may come; for /readyz. `details` gets members of its JSON, each after a
     * comma, that say what is wrong or waits. */
    bool (*is_ready)(void *arg, struct rt_buf *details);
    void *arg;
};

/* Something is broken for good, such as the disk under the store: reports it, once, and calls
 * on_failed. */
void rt_owner_fail(struct rt_owner *owner, const char *what, int code);
/* A write transaction of any kind was committed. */
void rt_owner_committed(struct rt_owner *owner);

#endif
