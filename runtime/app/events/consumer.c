#include "runtime/app/events/consumer.h"

#include <inttypes.h>
#include <stdlib.h>

#include "runtime/app/events/replica.h"
#include "runtime/app/log.h"

enum {
    RETRY_FIRST_MS = 100,
    RETRY_MAX_MS = 30000,
    FORGET_BATCH = 256 /* confirmed sequences that are forgotten in a commit of their own */
};

enum outcome { OUTCOME_ACK, OUTCOME_RETRY, OUTCOME_TERMINATE };

struct rt_consumer {
    const struct rt_service *service;
    struct rt_store *store;
    struct rt_transport *transport;
    const char **subjects;
    void (*effect)(void *arg);
    void *effect_arg;
    uint64_t *confirmed; /* acknowledged for good, their inbox notes may go */
    size_t n_confirmed;
    size_t cap_confirmed;
};

/* One event on its way through the store; freed when it is settled. */
struct delivery {
    struct rt_write write;
    struct rt_arena arena;
    struct rt_consumer *consumer;
    struct rt_event event; /* a copy in the arena; sequence 0: only forgets */
    uint64_t *forget;      /* inbox notes that go in the same commit */
    size_t n_forget;
    enum outcome outcome;
    const char *why; /* of a retry or a dead letter, for the log */
};

/* --------------------------------------------------------------- subjects */

static void add_subject(struct rt_consumer *consumer, const struct rt_event_type *type)
{
    size_t count = 0;
    for (; consumer->subjects[count]; count++)
        if (strcmp(consumer->subjects[count], type->subject) == 0)
            return;
    consumer->subjects[count] = type->subject;
}

static void collect_subjects(struct rt_consumer *consumer)
{
    const struct rt_service *service = consumer->service;
    size_t most = service->n_listeners + 1;
    for (size_t i = 0; i < service->n_replicas; i++)
        most += service->replicas[i].n_events;
    consumer->subjects = calloc(most, sizeof *consumer->subjects);
    if (!consumer->subjects)
        rt_panic("out of memory");
    for (size_t i = 0; i < service->n_replicas; i++)
        for (size_t j = 0; j < service->replicas[i].n_events; j++)
            add_subject(consumer, service->replicas[i].events[j]);
    for (size_t i = 0; i < service->n_listeners; i++)
        add_subject(consumer, service->listeners[i].event);
}

static bool is_of(const struct rt_event *event, const struct rt_event_type *type)
{
    return rt_str_eq(event->subject, rt_str(type->subject));
}

/* ---------------------------------------------- in the writer's transaction */

static int refuse(struct delivery *delivery, const char *why)
{
    delivery->outcome = OUTCOME_TERMINATE;
    delivery->why = why;
    return RT_EINVAL;
}

static int retry(struct delivery *delivery, const char *why)
{
    delivery->outcome = OUTCOME_RETRY;
    delivery->why = why;
    return RT_EAGAIN;
}

/* Decodes the payload at first need; every consumer of a subject expects the same message. */
static int decode(struct delivery *delivery, const struct rt_event_type *type, void **message)
{
    if (*message)
        return 0;
    int status =
        rt_pb_decode(type->message, delivery->event.payload, &delivery->arena, message, NULL);
    return status == 0 ? 0 : refuse(delivery, "its payload does not decode");
}

static int feed_replicas(struct delivery *delivery, struct rt_txn *txn, void **message)
{
    const struct rt_service *service = delivery->consumer->service;
    for (size_t i = 0; i < service->n_replicas; i++) {
        const struct rt_replica *replica = &service->replicas[i];
        for (size_t j = 0; j < replica->n_events; j++) {
            if (!is_of(&delivery->event, replica->events[j]))
                continue;
            int status = decode(delivery, replica->events[j], message);
            if (status == 0 && rt_replica_take(replica, txn, *message) != 0)
                status = refuse(delivery, "it carries no id or version");
            if (status != 0)
                return status;
        }
    }
    return 0;
}

static int call_listeners(struct delivery *delivery, struct rt_txn *txn, void **message)
{
    const struct rt_service *service = delivery->consumer->service;
    struct rt_ctx ctx = {.txn = txn, .arena = txn->arena, .now_ms = txn->now_ms};
    for (size_t i = 0; i < service->n_listeners; i++) {
        const struct rt_listener *listener = &service->listeners[i];
        if (!is_of(&delivery->event, listener->event))
            continue;
        int status = decode(delivery, listener->event, message);
        if (status != 0)
            return status;
        if (listener->handle(&ctx, *message) == RT_RETRY)
            return retry(delivery, "its listener asked for it");
    }
    return 0;
}

static int run(struct rt_txn *txn, void *arg)
{
    struct delivery *delivery = arg;
    void *message = NULL;
    const char *model = NULL;
    for (size_t i = 0; i < delivery->n_forget; i++)
        rt_txn_inbox_remove(txn, delivery->forget[i]);
    if (delivery->event.sequence == 0 || rt_txn_inbox_has(txn, delivery->event.sequence))
        return 0;
    int status = feed_replicas(delivery, txn, &message);
    if (status == 0)
        status = call_listeners(delivery, txn, &message);
    if (status != 0)
        return status;
    if (rt_txn_unpublished(txn, &model))
        return retry(delivery, "its listener changed a replicated record without an event");
    rt_txn_inbox_add(txn, delivery->event.sequence);
    return 0;
}

/* ---------------------------------------------------------------- settling */

static void remember_confirmed(struct rt_consumer *consumer, const uint64_t *sequences,
                               size_t count)
{
    if (consumer->n_confirmed + count > consumer->cap_confirmed) {
        size_t cap = (consumer->n_confirmed + count) * 2;
        uint64_t *grown = realloc(consumer->confirmed, cap * sizeof *grown);
        if (!grown)
            rt_panic("out of memory");
        consumer->confirmed = grown;
        consumer->cap_confirmed = cap;
    }
    if (count > 0)
        memcpy(consumer->confirmed + consumer->n_confirmed, sequences, count * sizeof *sequences);
    consumer->n_confirmed += count;
}

static int64_t retry_delay_ms(uint32_t attempt)
{
    uint32_t doublings = attempt > 1 ? attempt - 1 : 0;
    int64_t delay = doublings > 10 ? RETRY_MAX_MS : (int64_t)RETRY_FIRST_MS << doublings;
    return delay < RETRY_MAX_MS ? delay : RETRY_MAX_MS;
}

static void settle(struct delivery *delivery, int status)
{
    struct rt_transport *transport = delivery->consumer->transport;
    const struct rt_event *event = &delivery->event;
    if (!transport || event->sequence == 0)
        return;
    if (status == 0) {
        transport->ops->ack(transport, event->sequence);
        return;
    }
    const char *why = delivery->why ? delivery->why : rt_err_name(status);
    bool dead = delivery->outcome == OUTCOME_TERMINATE;
    rt_log(dead ? RT_LOG_ERROR : RT_LOG_WARN, "event",
           "event %" PRIu64 " (%.*s, attempt %u) %s: %s", event->sequence, (int)event->subject.len,
           event->subject.data, event->attempt,
           dead ? "goes to the dead letters" : "is undone and retried", why);
    if (dead)
        transport->ops->terminate(transport, event->sequence, rt_str(why));
    else
        transport->ops->nack(transport, event->sequence, retry_delay_ms(event->attempt));
}

static void done(void *arg, int status)
{
    struct delivery *delivery = arg;
    struct rt_consumer *consumer = delivery->consumer;
    settle(delivery, status);
    if (status != 0)
        remember_confirmed(consumer, delivery->forget, delivery->n_forget);
    else if (consumer->effect && delivery->event.sequence != 0)
        consumer->effect(consumer->effect_arg);
    rt_arena_done(&delivery->arena);
    free(delivery);
}

/* ------------------------------------------------------------- from outside */

static void submit(struct rt_consumer *consumer, const struct rt_event *event)
{
    struct delivery *delivery = calloc(1, sizeof *delivery);
    if (!delivery)
        rt_panic("out of memory");
    rt_arena_init(&delivery->arena, 0);
    struct rt_arena *arena = &delivery->arena;
    delivery->consumer = consumer;
    if (event) {
        delivery->event = *event;
        delivery->event.subject.data =
            rt_arena_strndup(arena, event->subject.data, event->subject.len);
        delivery->event.key.data = rt_arena_strndup(arena, event->key.data, event->key.len);
        delivery->event.payload.data =
            rt_arena_copy(arena, event->payload.data, event->payload.len);
    }
    delivery->n_forget = consumer->n_confirmed;
    delivery->forget = rt_arena_copy(arena, consumer->confirmed,
                                     consumer->n_confirmed * sizeof *consumer->confirmed);
    consumer->n_confirmed = 0;
    delivery->write = (struct rt_write){.run = run, .done = done, .arg = delivery, .arena = arena};
    int status = rt_store_write(consumer->store, &delivery->write);
    if (status != 0)
        done(delivery, status);
}

struct rt_consumer *rt_consumer_new(const struct rt_service *service, struct rt_store *store)
{
    struct rt_consumer *consumer = calloc(1, sizeof *consumer);
    if (!consumer)
        rt_panic("out of memory");
    consumer->service = service;
    consumer->store = store;
    collect_subjects(consumer);
    return consumer;
}

void rt_consumer_free(struct rt_consumer *consumer)
{
    if (!consumer)
        return;
    free(consumer->subjects);
    free(consumer->confirmed);
    free(consumer);
}

const char *const *rt_consumer_subjects(const struct rt_consumer *consumer)
{
    return consumer->subjects;
}

void rt_consumer_attach(struct rt_consumer *consumer, struct rt_transport *transport)
{
    consumer->transport = transport;
}

void rt_consumer_on_effect(struct rt_consumer *consumer, void (*effect)(void *arg), void *arg)
{
    consumer->effect = effect;
    consumer->effect_arg = arg;
}

void rt_consumer_event(struct rt_consumer *consumer, const struct rt_event *event)
{
    submit(consumer, event);
}

void rt_consumer_acked(struct rt_consumer *consumer, uint64_t sequence)
{
    remember_confirmed(consumer, &sequence, 1);
    if (consumer->n_confirmed >= FORGET_BATCH)
        submit(consumer, NULL);
}
