/*
 * The outbox relay: committed events go from the store's outbox to the channel, in order, and are
 * forgotten once the channel has them for good.
 *
 * An entry's sequence in the outbox is its sequence as a publish. After a restart the relay begins
 * with the first entry that is still there, under the same sequence; the channel drops what it
 * already has. So an event is neither lost nor doubled, whenever the process dies.
 *
 * Threads: the loop's. Ownership: store and transport are borrowed and outlive the relay.
 */
#ifndef RT_APP_EVENTS_RELAY_H
#define RT_APP_EVENTS_RELAY_H

#include "runtime/channel/transport.h"
#include "runtime/store/store.h"

enum { RT_RELAY_BATCH = 256 }; /* outbox entries read at a time */

struct rt_relay {
    struct rt_store *store;
    struct rt_transport *transport;
    uint64_t next;      /* the first sequence not yet handed to the transport */
    uint64_t published; /* everything up to here is durable at the channel */
};

/* Begins at the first entry in the outbox. */
void rt_relay_init(struct rt_relay *relay, struct rt_store *store, struct rt_transport *transport);
/* Hands over what is new, as far as the transport takes it. To be called whenever a commit added
 * to the outbox. */
void rt_relay_pump(struct rt_relay *relay);
/* The transport's `published`. */
void rt_relay_published(struct rt_relay *relay, uint64_t up_to);

#endif
