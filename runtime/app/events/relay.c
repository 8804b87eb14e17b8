#include "runtime/app/events/relay.h"

void rt_relay_init(struct rt_relay *relay, struct rt_store *store, struct rt_transport *transport)
{
    uint64_t first = rt_store_outbox_first(store);
    *relay = (struct rt_relay){
        .store = store, .transport = transport, .next = first, .published = first - 1};
}

/* False: the transport takes no more for now. */
static bool hand_over(struct rt_relay *relay, const struct rt_outbox_entry *entry)
{
    const struct rt_publish publish = {.sequence = entry->sequence,
                                       .subject = entry->subject,
                                       .key = entry->key,
                                       .time_ms = entry->time_ms,
                                       .payload = entry->payload};
    if (relay->transport->ops->publish(relay->transport, &publish) != 0)
        return false;
    relay->next = entry->sequence + 1;
    return true;
}

void rt_relay_pump(struct rt_relay *relay)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    bool going = true;
    while (going) {
        struct rt_outbox_entry entries[RT_RELAY_BATCH];
        rt_arena_reset(&arena);
        size_t count =
            rt_store_outbox_read(relay->store, relay->next, RT_RELAY_BATCH, &arena, entries);
        for (size_t i = 0; going && i < count; i++)
            going = hand_over(relay, &entries[i]);
        going = going && count == RT_RELAY_BATCH;
    }
    rt_arena_done(&arena);
}

void rt_relay_published(struct rt_relay *relay, uint64_t up_to)
{
    if (up_to <= relay->published)
        return;
    relay->published = up_to;
    rt_store_outbox_trim(relay->store, up_to);
    rt_relay_pump(relay);
}
