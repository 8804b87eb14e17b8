#include "runtime/app/events/consumer.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/app/events/replica.h"
#include "runtime/app/report.h"
#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/wire/receive.h"

/* ----------------------------------------------------------------- delivery */

enum outcome { OUTCOME_DONE, OUTCOME_AGAIN, OUTCOME_DEAD };

struct delivery {
    struct rt_consumer *consumer;
    struct rt_arena arena; /* owns the copy of the event and all that handling it needs */
    struct rt_event event;
    enum outcome outcome;
    const char *why;   /* static, or in the arena; for reports and dead letters */
    const char *where; /* the listener or replica that it is about, in the arena; or NULL */
    int64_t version;   /* of the event's record, 0: none is known */
    bool followed;     /* replicas had applied it before something else failed */
    int failed;        /* what the whole delivery met, when replicas follow alone */
    struct rt_write write;
};

static struct rt_str copy_str(struct rt_arena *arena, struct rt_str s)
{
    return rt_str_n(rt_arena_strndup(arena, s.data, s.len), s.len);
}

static struct delivery *delivery_new(struct rt_consumer *consumer, const struct rt_event *event)
{
    struct delivery *delivery = rt_zalloc(sizeof(*delivery));
    delivery->consumer = consumer;
    rt_arena_init(&delivery->arena, 0);
    delivery->event = *event;
    delivery->event.subject = copy_str(&delivery->arena, event->subject);
    delivery->event.key = copy_str(&delivery->arena, event->key);
    delivery->event.payload =
        rt_bytes(rt_arena_copy(&delivery->arena, event->payload.data, event->payload.len),
                 event->payload.len);
    return delivery;
}

static void delivery_free(struct delivery *delivery)
{
    rt_arena_done(&delivery->arena);
    free(delivery);
}

static int end(struct delivery *delivery, enum outcome outcome, const char *why)
{
    delivery->outcome = outcome;
    delivery->why = why;
    return RT_ECONFLICT;
}

static void about(struct delivery *delivery, const char *kind, const char *name)
{
    delivery->where = rt_arena_printf(&delivery->arena, "%s %s", kind, name);
}

static bool is_of(const struct delivery *delivery, const struct rt_event_type *type)
{
    return rt_str_eq(delivery->event.subject, rt_str(type->subject));
}

/* A decoded event for each type it is asked for: a service's tables name each type once, but two
 * listeners may share one. What breaks its constraints was published by another version of the
 * schema, or by somebody else: no handler is written for it. */
static int decode(struct delivery *delivery, const struct rt_event_type *type, void **ret)
{
    struct rt_error error;
    if (rt_pb_receive(type->message, delivery->event.payload, &delivery->arena, ret, &error) == 0)
        return 0;
    return end(delivery, OUTCOME_DEAD, rt_arena_strdup(&delivery->arena, error.message));
}

static int follow(struct delivery *delivery, struct rt_txn *txn)
{
    const struct rt_service *service = delivery->consumer->owner->service;
    for (size_t i = 0; i < service->n_replicas; i++) {
        const struct rt_replica *replica = &service->replicas[i];
        for (size_t e = 0; e < replica->n_events; e++) {
            const struct rt_event_type *type = replica->events[e];
            if (!is_of(delivery, type))
                continue;
            about(delivery, "replica", replica->model->name);
            delivery->followed = true;
            void *message = NULL;
            int err = decode(delivery, type, &message);
            if (err != 0)
                return err;
            err = rt_replica_apply(txn, replica, type, message, &delivery->version);
            if (err == RT_EINVAL)
                return end(delivery, OUTCOME_DEAD, "no id or version to follow");
            if (err != 0)
                return end(delivery, OUTCOME_AGAIN, "the replica could not follow");
        }
    }
    return 0;
}

static int listen_to(struct delivery *delivery, struct rt_txn *txn)
{
    const struct rt_service *service = delivery->consumer->owner->service;
    struct rt_ctx ctx = {.txn = txn, .arena = txn->arena, .now_ms = txn->now_ms};
    for (size_t i = 0; i < service->n_listeners; i++) {
        const struct rt_listener *listener = &service->listeners[i];
        if (!is_of(delivery, listener->event))
            continue;
        about(delivery, "listener", listener->name);
        void *message = NULL;
        int err = decode(delivery, listener->event, &message);
        if (err != 0)
            return err;
        if (!rt_expr_holds(&listener->where, message))
            continue;
        if (listener->handle(&ctx, message) == RT_RETRY)
            return end(delivery, OUTCOME_AGAIN, "not yet");
        const char *model;
        if (rt_txn_unpublished(txn, &model))
            return end(delivery, OUTCOME_AGAIN,
                       "a listener changed a record without an event that tells of it as it is");
    }
    return 0;
}

/* What distinguishes the event from another one under the same sequence. */
static uint64_t print_of(const struct rt_event *event)
{
    uint64_t print = rt_hash(rt_str_bytes(event->subject), (uint64_t)event->time_ms);
    print = rt_hash(rt_str_bytes(event->key), print);
    return rt_hash(event->payload, print);
}

static int delivery_run(struct rt_txn *txn, void *arg)
{
    struct delivery *delivery = arg;
    delivery->outcome = OUTCOME_DONE;
    delivery->followed = false;
    uint64_t print = print_of(&delivery->event);
    if (rt_txn_inbox_has(txn, delivery->event.sequence, print))
        return 0;
    int err = follow(delivery, txn);
    if (err != 0 || txn->failed)
        delivery->followed = false;
    else
        err = listen_to(delivery, txn);
    if (err == 0)
        rt_txn_inbox_add(txn, delivery->event.sequence, print);
    if (txn->why)
        delivery->why = txn->why;
    return err;
}

/* The replicas' part alone: it may come again, versions see to that. */
static int follow_run(struct rt_txn *txn, void *arg)
{
    struct delivery *delivery = arg;
    enum outcome outcome = delivery->outcome;
    const char *why = delivery->why, *where = delivery->where;
    int err = follow(delivery, txn);
    /* What is reported is why the whole failed. */
    delivery->outcome = outcome;
    delivery->why = why;
    delivery->where = where;
    return err;
}

int64_t rt_consumer_backoff_ms(uint32_t attempt)
{
    int64_t delay = RT_CONSUMER_RETRY_MIN_MS;
    for (uint32_t i = 1; i < attempt && delay < RT_CONSUMER_RETRY_MAX_MS; i++)
        delay *= 2;
    return delay < RT_CONSUMER_RETRY_MAX_MS ? delay : RT_CONSUMER_RETRY_MAX_MS;
}

/* "shop, listener heard, key k1, version 7: not yet" */
static const char *reason(struct delivery *delivery, int status)
{
    const struct rt_event *event = &delivery->event;
    const char *version =
        delivery->version > 0
            ? rt_arena_printf(&delivery->arena, ", version %lld", (long long)delivery->version)
            : "";
    return rt_arena_printf(&delivery->arena, "%s%s%s, key %.*s%s: %s",
                           delivery->consumer->owner->service->name, delivery->where ? ", " : "",
                           delivery->where ? delivery->where : "", (int)event->key.len,
                           event->key.data ? event->key.data : "", version,
                           delivery->why ? delivery->why : rt_err_name(status));
}

static void stuck_note(struct rt_consumer *consumer, const struct rt_event *event, const char *why)
{
    struct rt_stuck *place = NULL;
    for (size_t i = 0; i < RT_CONSUMER_STUCK_MAX; i++) {
        struct rt_stuck *stuck = &consumer->stuck[i];
        if (stuck->sequence == event->sequence || (stuck->sequence == 0 && !place))
            place = stuck;
        if (stuck->sequence == event->sequence)
            break;
    }
    if (!place)
        return;
    place->sequence = event->sequence;
    place->attempt = event->attempt;
    snprintf(place->why, sizeof(place->why), "%s", why);
}

static void stuck_forget(struct rt_consumer *consumer, uint64_t sequence)
{
    for (size_t i = 0; i < RT_CONSUMER_STUCK_MAX; i++)
        if (consumer->stuck[i].sequence == sequence)
            consumer->stuck[i].sequence = 0;
}

void rt_consumer_describe(const struct rt_consumer *consumer, struct rt_buf *out)
{
    if (consumer->n_unsettled > 0)
        rt_buf_printf(out, ",\"unsettledEvents\":%zu", consumer->n_unsettled);
    if (consumer->handled_ms > 0)
        rt_buf_printf(out, ",\"lagMs\":%lld",
                      (long long)(consumer->handled_ms - consumer->happened_ms));
    const char *before = ",\"stuck\":[";
    for (size_t i = 0; i < RT_CONSUMER_STUCK_MAX; i++) {
        const struct rt_stuck *stuck = &consumer->stuck[i];
        if (stuck->sequence == 0)
            continue;
        rt_buf_printf(out, "%s{\"sequence\":%llu,\"attempt\":%u,\"why\":", before,
                      (unsigned long long)stuck->sequence, stuck->attempt);
        rt_json_string(rt_str(stuck->why), out);
        rt_buf_byte(out, '}');
        before = ",";
    }
    if (*before == ',' && before[1] == '\0')
        rt_buf_byte(out, ']');
}

static void settle(struct delivery *delivery, int status)
{
    struct rt_consumer *consumer = delivery->consumer;
    consumer->n_unsettled--;
    if (status == 0 || delivery->outcome == OUTCOME_DEAD)
        stuck_forget(consumer, delivery->event.sequence);
    if (status == 0) {
        consumer->handled_ms = rt_clock_now_ms();
        consumer->happened_ms = delivery->event.time_ms;
    }
    struct rt_transport *transport = consumer->transport;
    const struct rt_event *event = &delivery->event;
    const char *service = consumer->owner->service->name;
    if (!transport) /* closing: what is not acknowledged comes again */
        return;
    if (status == 0) {
        transport->ops->ack(transport, event->sequence);
        return;
    }
    const char *why = reason(delivery, status);
    rt_report(delivery->outcome == OUTCOME_DEAD ? RT_REPORT_ERROR : RT_REPORT_WARN, service,
              delivery->outcome == OUTCOME_DEAD ? "event_dead" : "event_again",
              "%.*s %llu, attempt %u: %s", (int)event->subject.len, event->subject.data,
              (unsigned long long)event->sequence, event->attempt, why);
    if (delivery->outcome != OUTCOME_DEAD && event->attempt >= RT_CONSUMER_STUCK_ATTEMPTS)
        stuck_note(consumer, event, why);
    if (delivery->outcome == OUTCOME_DEAD)
        transport->ops->terminate(transport, event->sequence, rt_str(why));
    else
        transport->ops->nack(transport, event->sequence, rt_consumer_backoff_ms(event->attempt));
}

static void delivery_end(struct delivery *delivery, int status)
{
    struct rt_owner *owner = delivery->consumer->owner;
    settle(delivery, status);
    delivery_free(delivery);
    if (status == RT_EIO)
        rt_owner_fail(owner, "an event", status);
}

static void followed_alone(void *arg, int status)
{
    struct delivery *delivery = arg;
    if (status == 0)
        rt_owner_committed(delivery->consumer->owner);
    delivery_end(delivery, delivery->failed);
}

/* A failed listener does not keep a replica from following: the replica's part of the delivery is
 * done again, alone. */
static bool follow_alone(struct delivery *delivery, int status)
{
    if (!delivery->followed || status == RT_EIO || delivery->consumer->owner->stopping)
        return false;
    delivery->failed = status;
    delivery->followed = false;
    delivery->write = (struct rt_write){
        .run = follow_run, .done = followed_alone, .arg = delivery, .arena = &delivery->arena};
    return rt_store_write(delivery->consumer->owner->store, &delivery->write) == 0;
}

static void delivery_done(void *arg, int status)
{
    struct delivery *delivery = arg;
    if (status != 0 && follow_alone(delivery, status))
        return;
    if (status == 0)
        rt_owner_committed(delivery->consumer->owner);
    delivery_end(delivery, status);
}

void rt_consumer_event(struct rt_consumer *consumer, const struct rt_event *event)
{
    struct delivery *delivery = delivery_new(consumer, event);
    consumer->n_unsettled++;
    delivery->write = (struct rt_write){
        .run = delivery_run, .done = delivery_done, .arg = delivery, .arena = &delivery->arena};
    int err = rt_store_write(consumer->owner->store, &delivery->write);
    if (err != 0) {
        delivery->outcome = OUTCOME_AGAIN;
        delivery->why = "the store takes no more";
        settle(delivery, err);
        delivery_free(delivery);
    }
}

/* -------------------------------------------------------------------- inbox */

struct tidy {
    struct rt_consumer *consumer;
    struct rt_arena arena;
    struct rt_buf sequences;
    struct rt_write write;
};

static int tidy_run(struct rt_txn *txn, void *arg)
{
    struct tidy *tidy = arg;
    for (size_t at = 0; at < tidy->sequences.len; at += sizeof(uint64_t)) {
        uint64_t sequence;
        memcpy(&sequence, tidy->sequences.data + at, sizeof(sequence));
        rt_txn_inbox_remove(txn, sequence);
    }
    return 0;
}

static void tidy_free(struct tidy *tidy)
{
    rt_arena_done(&tidy->arena);
    rt_buf_done(&tidy->sequences);
    free(tidy);
}

static void tidy_start(uv_timer_t *timer);

/* An entry that could not be removed only takes room. */
static void tidy_done(void *arg, int status)
{
    struct tidy *tidy = arg;
    struct rt_consumer *consumer = tidy->consumer;
    (void)status;
    tidy_free(tidy);
    consumer->tidying = false;
    if (consumer->acked.len > 0 && !consumer->owner->stopping)
        uv_timer_start(&consumer->tidy_timer, tidy_start, RT_CONSUMER_TIDY_MS, 0);
}

static void tidy_start(uv_timer_t *timer)
{
    struct rt_consumer *consumer = timer->data;
    struct tidy *tidy = rt_zalloc(sizeof(*tidy));
    tidy->consumer = consumer;
    rt_arena_init(&tidy->arena, 0);
    tidy->sequences = consumer->acked;
    consumer->acked = (struct rt_buf){0};
    tidy->write =
        (struct rt_write){.run = tidy_run, .done = tidy_done, .arg = tidy, .arena = &tidy->arena};
    consumer->tidying = rt_store_write(consumer->owner->store, &tidy->write) == 0;
    if (!consumer->tidying)
        tidy_free(tidy);
}

void rt_consumer_acked(struct rt_consumer *consumer, uint64_t sequence)
{
    rt_buf_append(&consumer->acked, &sequence, sizeof(sequence));
    if (!consumer->tidying && !uv_is_active((uv_handle_t *)&consumer->tidy_timer) &&
        !consumer->owner->stopping)
        uv_timer_start(&consumer->tidy_timer, tidy_start, RT_CONSUMER_TIDY_MS, 0);
}

/* ------------------------------------------------------------------- parked */

enum { UNPARK_BATCH = 256 };

struct unpark {
    struct rt_consumer *consumer;
    struct rt_arena arena;
    struct rt_write write;
    size_t n;
};

static int unpark_run(struct rt_txn *txn, void *arg)
{
    struct unpark *unpark = arg;
    unpark->n = rt_replica_unpark(txn, unpark->consumer->owner->service, UNPARK_BATCH);
    return 0;
}

static void unpark_done(void *arg, int status);

static void unpark_submit(struct unpark *unpark)
{
    rt_arena_reset(&unpark->arena);
    unpark->write = (struct rt_write){
        .run = unpark_run, .done = unpark_done, .arg = unpark, .arena = &unpark->arena};
    if (rt_store_write(unpark->consumer->owner->store, &unpark->write) == 0)
        return;
    rt_arena_done(&unpark->arena);
    free(unpark);
}

static void unpark_done(void *arg, int status)
{
    struct unpark *unpark = arg;
    const char *service = unpark->consumer->owner->service->name;
    bool more = status == 0 && unpark->n == UNPARK_BATCH && !unpark->consumer->owner->stopping;
    if (status != 0)
        rt_report(RT_REPORT_ERROR, service, "unpark_failed", "%s", rt_err_name(status));
    else if (unpark->n > 0)
        rt_report(RT_REPORT_INFO, service, "unparked",
                  "%zu events that an earlier version of this program kept were applied or dropped",
                  unpark->n);
    if (more) {
        unpark_submit(unpark);
        return;
    }
    rt_arena_done(&unpark->arena);
    free(unpark);
}

static void unpark_start(struct rt_consumer *consumer)
{
    struct unpark *unpark = rt_zalloc(sizeof(*unpark));
    unpark->consumer = consumer;
    rt_arena_init(&unpark->arena, 0);
    unpark_submit(unpark);
}

/* ---------------------------------------------------------------- lifecycle */

static void add_subject(const char **subjects, size_t *n, const char *subject)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(subjects[i], subject) == 0)
            return;
    }
    subjects[(*n)++] = subject;
}

void rt_consumer_init(struct rt_consumer *consumer, struct rt_owner *owner)
{
    const struct rt_service *service = owner->service;
    *consumer = (struct rt_consumer){.owner = owner};
    uv_timer_init(owner->loop, &consumer->tidy_timer);
    consumer->tidy_timer.data = consumer;
    size_t max = service->n_listeners, n = 0;
    for (size_t i = 0; i < service->n_replicas; i++)
        max += service->replicas[i].n_events;
    consumer->subjects = RT_ARENA_ARRAY(owner->arena, max + 1, const char *);
    for (size_t i = 0; i < service->n_replicas; i++) {
        for (size_t e = 0; e < service->replicas[i].n_events; e++)
            add_subject(consumer->subjects, &n, service->replicas[i].events[e]->subject);
    }
    for (size_t i = 0; i < service->n_listeners; i++)
        add_subject(consumer->subjects, &n, service->listeners[i].event->subject);
    if (service->n_replicas > 0)
        unpark_start(consumer);
}

void rt_consumer_stop(struct rt_consumer *consumer)
{
    uv_close((uv_handle_t *)&consumer->tidy_timer, NULL);
}

void rt_consumer_done(struct rt_consumer *consumer)
{
    rt_buf_done(&consumer->acked);
}
