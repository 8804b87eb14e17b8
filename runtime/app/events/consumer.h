/*
 * The inbox: each event of the channel becomes one write transaction, in which replicas take it,
 * then listeners, and in which its sequence is noted. It is acknowledged after the commit. An
 * event that comes again finds its sequence and has no second effect; the note goes once the
 * channel has confirmed that the acknowledgement is durable.
 *
 * What cannot be decoded goes to the dead letters at once. What a listener asks to retry, and what
 * fails, is undone and delivered again after a delay that grows with each attempt.
 *
 * Threads: the loop's; transactions run on the store's writer thread.
 * Ownership: service, store and transport are borrowed and outlive the consumer.
 */
#ifndef RT_APP_EVENTS_CONSUMER_H
#define RT_APP_EVENTS_CONSUMER_H

#include "runtime/app/service.h"
#include "runtime/channel/transport.h"

struct rt_consumer;

struct rt_consumer *rt_consumer_new(const struct rt_service *service, struct rt_store *store);
/* Only when nothing is under way: after the store has closed. */
void rt_consumer_free(struct rt_consumer *consumer);

/* The subjects that the service listens to, NULL-terminated, each once; owned by the consumer. */
const char *const *rt_consumer_subjects(const struct rt_consumer *consumer);

/* NULL once the transport is closing: what is under way then ends without being settled. */
void rt_consumer_attach(struct rt_consumer *consumer, struct rt_transport *transport);
/* Called after each commit that had an effect (timers may have changed). May be NULL. */
void rt_consumer_on_effect(struct rt_consumer *consumer, void (*effect)(void *arg), void *arg);

/* The transport's `event` and `acked`. */
void rt_consumer_event(struct rt_consumer *consumer, const struct rt_event *event);
void rt_consumer_acked(struct rt_consumer *consumer, uint64_t sequence);

#endif
