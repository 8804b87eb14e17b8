/*
 * What a service needs of an event channel: publish, subscribe, settle. The embedded channel
 * (client.h) is one implementation; another engine is another set of these few functions.
 *
 * Threads: everything happens on the thread of the loop that the transport was opened on.
 * Promises an implementation must keep:
 *  1. `published` names a sequence only when every publish up to it is durable at the broker, or
 *     was refused for good and passed to `refused`.
 *  2. Publishes may be repeated after a reconnect or restart; the broker drops those whose
 *     (producer, sequence) it already has. Sequences rise by one; the first one may be later than
 *     `next_sequence` announced.
 *  3. While an event of a key is unsettled, no later event of that key is delivered.
 *  4. `acked` is called only when the acknowledgement itself is durable: that event never
 *     comes again.
 *  5. An event that was delivered and not acked comes again, after a reconnect at once.
 */
#ifndef RT_CHANNEL_TRANSPORT_H
#define RT_CHANNEL_TRANSPORT_H

#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct rt_publish {
    uint64_t sequence;       /* of this producer, rising by one */
    struct rt_str subject;   /* "ticket:created": tokens separated by '.' or ':' */
    struct rt_str key;       /* the record's id; events of one key keep their order */
    int64_t time_ms;         /* when it happened */
    struct rt_bytes payload; /* protobuf */
};

struct rt_event {
    uint64_t sequence; /* in the channel; unique and rising, also across subjects */
    uint32_t attempt;  /* 1 at first */
    int64_t time_ms;
    struct rt_str subject;
    struct rt_str key;
    struct rt_bytes payload;
};

/* Everything passed in is borrowed until the call returns. */
struct rt_transport_events {
    /* Connected. The channel has of this producer, durably, all up to `published`, and has seen
     * sequences up to `taken`. May be NULL. */
    void (*welcome)(void *arg, uint64_t published, uint64_t taken);
    void (*published)(void *arg, uint64_t up_to_sequence);
    void (*event)(void *arg, const struct rt_event *event);
    void (*acked)(void *arg, uint64_t sequence);
    /* The channel will never take this publish (permission, size, malformed); it counts as
     * published from then on. `why` is a sentence. May be NULL. */
    void (*refused)(void *arg, uint64_t sequence, const char *why);
    /* Connected or not, for readiness and logs; `why` is "" or a sentence. */
    void (*state)(void *arg, bool connected, const char *why);
};

struct rt_transport {
    const struct rt_transport_ops *ops;
};

struct rt_transport_ops {
    /* Queues a copy. RT_EAGAIN: the window is full, go on after the next `published`.
     * Works before the connection is up, too. */
    int (*publish)(struct rt_transport *transport, const struct rt_publish *publish);
    /* Settles one delivered event. A nack delays its key by `delay_ms`. */
    int (*ack)(struct rt_transport *transport, uint64_t sequence);
    int (*nack)(struct rt_transport *transport, uint64_t sequence, int64_t delay_ms);
    /* Gives up an event for good: it goes to the dead-letter subject with `reason`. */
    int (*terminate)(struct rt_transport *transport, uint64_t sequence, struct rt_str reason);
    /* The event is still being worked on: the time until it comes again begins anew. RT_ENOTFOUND:
     * it was not delivered on this connection, or is settled. */
    int (*extend)(struct rt_transport *transport, uint64_t sequence);
    /* Stops deliveries, flushes what is queued, then calls `closed` and frees the transport. */
    void (*close)(struct rt_transport *transport, void (*closed)(void *arg), void *arg);
};

/* How a service asks for its transport. Strings are copied, files are read at once. */
struct rt_transport_options {
    const char *host; /* "127.0.0.1" */
    int port;
    const char *name;            /* the producer, and the durable subscription */
    const char *token_file;      /* or NULL */
    const char *tls_ca;          /* PEM, whose certificates to trust; NULL: no TLS */
    const char *tls_cert;        /* PEM, to show to a channel that demands one; or NULL */
    const char *tls_key;         /* of tls_cert; readable by its owner only */
    const char *const *subjects; /* filters of the subscription, NULL-terminated; empty: none */
    uint64_t next_sequence;      /* the first sequence that this producer will publish */
    uint32_t window;             /* events in flight to this client; 0 for the default */
};

#endif
