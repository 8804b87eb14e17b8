#include "runtime/app/events/relay.h"

#include "runtime/app/report.h"

void rt_relay_init(struct rt_relay *relay, struct rt_store *store, const char *service)
{
    *relay = (struct rt_relay){.store = store, .service = service};
    rt_arena_init(&relay->arena, 0);
    rt_arena_init(&relay->agree_arena, 0);
    rt_relay_core_init(&relay->core, rt_store_outbox_first(store), RT_RELAY_WINDOW);
}

void rt_relay_done(struct rt_relay *relay)
{
    rt_arena_done(&relay->arena);
    rt_arena_done(&relay->agree_arena);
}

/* True when the transport took it. */
static bool publish(struct rt_relay *relay, const struct rt_outbox_entry *entry)
{
    const struct rt_publish message = {
        .sequence = entry->sequence,
        .subject = entry->subject,
        .key = entry->key,
        .time_ms = entry->time_ms,
        .payload = entry->payload,
    };
    int err = relay->transport->ops->publish(relay->transport, &message);
    if (err == 0)
        rt_relay_core_sent(&relay->core, entry->sequence);
    else if (err != RT_EAGAIN)
        rt_report(RT_REPORT_ERROR, relay->service, "publish_failed", "event %llu: %s",
                  (unsigned long long)entry->sequence, rt_err_name(err));
    return err == 0;
}

/* What comes next cannot be read: nothing overtakes it. */
static void report_unreadable(struct rt_relay *relay, int status, uint64_t sequence)
{
    if (status != 0 && !relay->unreadable)
        rt_report(RT_REPORT_ERROR, relay->service, "outbox_unreadable",
                  "event %llu cannot be read, nothing is published: %s",
                  (unsigned long long)sequence, rt_err_name(status));
    relay->unreadable = status != 0;
}

void rt_relay_pump(struct rt_relay *relay)
{
    bool more = relay->transport != NULL && relay->stage == RT_RELAY_AGREED;
    while (more) {
        uint64_t room = rt_relay_core_room(&relay->core);
        if (room == 0)
            return;
        size_t max = room < RT_RELAY_BATCH ? (size_t)room : RT_RELAY_BATCH;
        struct rt_outbox_entry entries[RT_RELAY_BATCH];
        rt_arena_reset(&relay->arena);
        size_t n;
        int status =
            rt_store_outbox_read(relay->store, relay->core.next, max, &relay->arena, entries, &n);
        report_unreadable(relay, status, relay->core.next + n);
        more = n == max;
        for (size_t i = 0; i < n; i++) {
            if (!publish(relay, &entries[i]))
                return;
        }
    }
}

void rt_relay_published(struct rt_relay *relay, uint64_t up_to)
{
    if (rt_relay_core_published(&relay->core, up_to))
        rt_store_outbox_trim(relay->store, relay->core.published);
    rt_relay_pump(relay);
}

/* The entry is still in the outbox: `published` passes it later. */
void rt_relay_refused(struct rt_relay *relay, uint64_t sequence, const char *why)
{
    struct rt_outbox_entry entry;
    rt_arena_reset(&relay->arena);
    relay->refused++;
    size_t n;
    if (rt_store_outbox_read(relay->store, sequence, 1, &relay->arena, &entry, &n) != 0 || n == 0 ||
        entry.sequence != sequence)
        entry = (struct rt_outbox_entry){.subject = RT_STR("an event")};
    rt_report(RT_REPORT_ERROR, relay->service, "publish_refused",
              "%.*s %llu, key %.*s, refused for good: %s (%llu since the start)",
              (int)entry.subject.len, entry.subject.data, (unsigned long long)sequence,
              (int)entry.key.len, entry.key.data ? entry.key.data : "", why,
              (unsigned long long)relay->refused);
}

/* ----------------------------------------------------------- agreeing on numbers */

static int agree_run(struct rt_txn *txn, void *arg)
{
    struct rt_relay *relay = arg;
    relay->behind = rt_txn_outbox_agree(txn, relay->taken, &relay->moved);
    return 0;
}

static void agree_done(void *arg, int status)
{
    struct rt_relay *relay = arg;
    rt_arena_reset(&relay->agree_arena);
    relay->stage = status == 0 ? RT_RELAY_AGREED : RT_RELAY_STRANGE;
    if (status != 0)
        return;
    if (relay->behind)
        rt_report(RT_REPORT_WARN, relay->service, "store_behind",
                  "the channel has events of this service up to %llu that are not of this "
                  "database; %llu that waited were numbered anew",
                  (unsigned long long)relay->taken, (unsigned long long)relay->moved);
    rt_relay_core_init(&relay->core, rt_store_outbox_first(relay->store), RT_RELAY_WINDOW);
    rt_relay_pump(relay);
}

void rt_relay_welcome(struct rt_relay *relay, uint64_t published, uint64_t taken)
{
    /* What was confirmed is not in the outbox any more: it cannot be published again. */
    if (published < relay->core.published)
        rt_report(RT_REPORT_ERROR, relay->service, "channel_behind",
                  "the channel does not have the events %llu to %llu, which it had taken; if it "
                  "did not refuse them, its data were deleted or are an older copy",
                  (unsigned long long)published + 1, (unsigned long long)relay->core.published);
    if (relay->stage != RT_RELAY_STRANGE)
        return;
    relay->taken = taken;
    relay->agree = (struct rt_write){
        .run = agree_run, .done = agree_done, .arg = relay, .arena = &relay->agree_arena};
    if (rt_store_write(relay->store, &relay->agree) == 0)
        relay->stage = RT_RELAY_AGREEING;
}
