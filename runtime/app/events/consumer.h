/*
 * Events in: each delivery of the channel becomes one write transaction, in which the inbox is
 * checked, replicas follow, listeners run, and the sequence goes into the inbox. It is
 * acknowledged after the commit. When a transaction fails, or a listener returns RT_RETRY, no
 * listener has an effect, the replicas follow in a transaction of their own, and the event comes
 * again after a growing delay; bytes that are not such an event, or break its schema, go to the
 * dead letters.
 *
 * So an event has its effect once: a delivery that comes again (the acknowledgement was lost)
 * finds its sequence in the inbox. An inbox entry goes once the channel confirmed the
 * acknowledgement, because the event never comes again then; removals are gathered into one
 * transaction of their own.
 *
 * Threads: the loop's; transactions run on the store's writer.
 */
#ifndef RT_APP_CONSUMER_H
#define RT_APP_CONSUMER_H

#include "runtime/app/owner.h"
#include "runtime/base/buf.h"
#include "runtime/channel/protocol/transport.h"

enum {
    RT_CONSUMER_RETRY_MIN_MS = 200,
    RT_CONSUMER_RETRY_MAX_MS = 30 * 1000,
    RT_CONSUMER_TIDY_MS = 200,
    RT_CONSUMER_STUCK_ATTEMPTS = 5,
    RT_CONSUMER_STUCK_MAX = 8 /* that are named at once */
};

/* An event that came RT_CONSUMER_STUCK_ATTEMPTS times and still has no effect. */
struct rt_stuck {
    uint64_t sequence; /* 0: this place is free */
    uint32_t attempt;
    char why[200]; /* with the listener or replica, the key and the version */
};

struct rt_consumer {
    struct rt_owner *owner;
    size_t n_unsettled;  /* deliveries that are on their way */
    int64_t handled_ms;  /* when the last one was settled with its effect, 0: none was */
    int64_t happened_ms; /* when what it tells of happened: the difference is the lag */
    struct rt_stuck stuck[RT_CONSUMER_STUCK_MAX];
    struct rt_transport *transport; /* NULL until it is open, and when it is closed */
    const char **subjects; /* what the service follows, NULL-terminated; the owner's arena */
    uv_timer_t tidy_timer;
    struct rt_buf acked; /* uint64_t each: sequences to take out of the inbox */
    bool tidying;
};

void rt_consumer_init(struct rt_consumer *consumer, struct rt_owner *owner);
/* Called after the transport is closed; deliveries under way end by themselves. */
void rt_consumer_stop(struct rt_consumer *consumer);
void rt_consumer_done(struct rt_consumer *consumer);

/* The transport's `event` and `acked`. */
void rt_consumer_event(struct rt_consumer *consumer, const struct rt_event *event);
void rt_consumer_acked(struct rt_consumer *consumer, uint64_t sequence);

/* Members for /readyz, each after a comma: "unsettledEvents", "lagMs", and "stuck" with what names
 * each one. */
void rt_consumer_describe(const struct rt_consumer *consumer, struct rt_buf *out);

/* How long to wait before the next attempt, after so many. */
int64_t rt_consumer_backoff_ms(uint32_t attempt);

#endif
