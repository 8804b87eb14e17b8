#include "runtime/app/events/relay.h"

#include <stdio.h>

#include "runtime/app/report.h"

/* ---------------------------------------------------------------- lifecycle */

static void on_retry(uv_timer_t *timer);
static void hold_start(struct rt_relay *relay);

static const char *service_of(const struct rt_relay *relay)
{
    return relay->owner->service->name;
}

static bool count_one(void *arg, const struct rt_held *held)
{
    (void)held;
    return ++*(size_t *)arg < RT_RELAY_COUNT_MAX;
}

static void count_held(struct rt_relay *relay)
{
    struct rt_txn txn;
    size_t n = 0;
    rt_arena_reset(&relay->arena);
    rt_store_read_begin(relay->owner->store, &relay->arena, &txn);
    rt_txn_held(&txn, count_one, &n);
    rt_store_read_end(&txn);
    relay->n_held = n;
}

void rt_relay_init(struct rt_relay *relay, struct rt_owner *owner)
{
    *relay = (struct rt_relay){.owner = owner, .retry_ms = RT_RELAY_RETRY_MIN_MS};
    rt_arena_init(&relay->arena, 0);
    rt_arena_init(&relay->agree_arena, 0);
    rt_arena_init(&relay->hold_arena, 0);
    uv_timer_init(owner->loop, &relay->retry);
    relay->retry.data = relay;
    rt_relay_core_init(&relay->core, rt_store_outbox_first(owner->store), RT_RELAY_WINDOW);
    count_held(relay);
}

void rt_relay_stop(struct rt_relay *relay)
{
    uv_close((uv_handle_t *)&relay->retry, NULL);
}

void rt_relay_done(struct rt_relay *relay)
{
    rt_buf_done(&relay->refusals);
    rt_buf_done(&relay->holding);
    rt_arena_done(&relay->arena);
    rt_arena_done(&relay->agree_arena);
    rt_arena_done(&relay->hold_arena);
}

/* ------------------------------------------------------------------ publish */

static void refuse(struct rt_relay *relay, uint64_t sequence, const char *why)
{
    struct rt_refusal refusal = {.sequence = sequence};
    snprintf(refusal.why, sizeof(refusal.why), "%s", why);
    rt_buf_append(&relay->refusals, &refusal, sizeof(refusal));
    relay->refused++;
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
    else if (err == RT_ETOOBIG || err == RT_EINVAL)
        rt_relay_refused(relay, entry->sequence, "this channel takes no such event");
    else if (err != RT_EAGAIN)
        rt_report(RT_REPORT_ERROR, service_of(relay), "publish_failed", "event %llu: %s",
                  (unsigned long long)entry->sequence, rt_err_name(err));
    return err == 0;
}

/* The next entry cannot be read, and nothing may overtake it. */
static void report_unreadable(struct rt_relay *relay, int status, uint64_t sequence)
{
    if (status != 0 && !relay->unreadable)
        rt_report(RT_REPORT_ERROR, service_of(relay), "outbox_unreadable",
                  "event %llu cannot be read, nothing is published: %s",
                  (unsigned long long)sequence, rt_err_name(status));
    relay->unreadable = status != 0;
}

void rt_relay_pump(struct rt_relay *relay)
{
    bool more = relay->transport && relay->stage == RT_RELAY_AGREED && relay->holding.len == 0 &&
                relay->refusals.len == 0;
    while (more) {
        uint64_t room = rt_relay_core_room(&relay->core);
        if (room == 0)
            return;
        size_t max = room < RT_RELAY_BATCH ? (size_t)room : RT_RELAY_BATCH;
        struct rt_outbox_entry entries[RT_RELAY_BATCH];
        rt_arena_reset(&relay->arena);
        size_t n;
        int status = rt_store_outbox_read(relay->owner->store, relay->core.next, max, &relay->arena,
                                          entries, &n);
        report_unreadable(relay, status, relay->core.next + n);
        more = n == max;
        for (size_t i = 0; i < n; i++) {
            if (!publish(relay, &entries[i]))
                return;
        }
    }
}

static uint64_t first_refusal(const struct rt_buf *refusals, uint64_t up_to)
{
    const struct rt_refusal *list = (const struct rt_refusal *)(const void *)refusals->data;
    for (size_t i = 0; i < refusals->len / sizeof(*list); i++)
        up_to = list[i].sequence <= up_to ? list[i].sequence - 1 : up_to;
    return up_to;
}

/* Not an entry that is refused and not held yet: it would be in neither place. */
static void trim(struct rt_relay *relay)
{
    uint64_t up_to = first_refusal(&relay->refusals, relay->core.published);
    up_to = first_refusal(&relay->holding, up_to);
    if (up_to > 0)
        rt_store_outbox_trim(relay->owner->store, up_to);
}

static void retry_in(struct rt_relay *relay, int64_t ms)
{
    if (!relay->owner->stopping && relay->n_held > 0)
        uv_timer_start(&relay->retry, on_retry, (uint64_t)ms, 0);
}

/* What was tried again is settled: more of it at once, or after a while. */
static void retry_settled(struct rt_relay *relay)
{
    relay->retried_to = 0;
    if (relay->retry_failed)
        relay->retry_ms = 2 * relay->retry_ms < RT_RELAY_RETRY_MAX_MS ? 2 * relay->retry_ms
                                                                      : RT_RELAY_RETRY_MAX_MS;
    else
        relay->retry_ms = RT_RELAY_RETRY_MIN_MS;
    retry_in(relay, relay->retry_failed ? relay->retry_ms : 0);
    relay->retry_failed = false;
}

void rt_relay_published(struct rt_relay *relay, uint64_t up_to)
{
    if (rt_relay_core_published(&relay->core, up_to))
        trim(relay);
    if (relay->retried_to > 0 && relay->core.published >= relay->retried_to)
        retry_settled(relay);
    rt_relay_pump(relay);
}

/* The entry is still in the outbox: `published` passes it later. */
void rt_relay_refused(struct rt_relay *relay, uint64_t sequence, const char *why)
{
    struct rt_outbox_entry entry;
    struct rt_arena arena; /* the other one may be the caller's */
    size_t n;
    rt_arena_init(&arena, 0);
    refuse(relay, sequence, why);
    if (rt_store_outbox_read(relay->owner->store, sequence, 1, &arena, &entry, &n) != 0 || n == 0 ||
        entry.sequence != sequence)
        entry = (struct rt_outbox_entry){.subject = RT_STR("an event")};
    relay->retry_failed = relay->retry_failed || entry.again;
    rt_report(RT_REPORT_ERROR, service_of(relay), "publish_refused",
              "%.*s %llu, key %.*s, is refused and held: %s (%llu since the start)",
              (int)entry.subject.len, entry.subject.data, (unsigned long long)sequence,
              (int)entry.key.len, entry.key.data ? entry.key.data : "", why,
              (unsigned long long)relay->refused);
    rt_arena_done(&arena);
    hold_start(relay);
}

/* -------------------------------------------------------- holding, retrying */

static int hold_run(struct rt_txn *txn, void *arg)
{
    struct rt_relay *relay = arg;
    rt_txn_outbox_hold(txn, (const struct rt_refusal *)(const void *)relay->holding.data,
                       relay->holding.len / sizeof(struct rt_refusal), relay->core.next);
    return 0;
}

static void submit(struct rt_relay *relay, int (*run)(struct rt_txn *txn, void *arg),
                   void (*done)(void *arg, int status))
{
    rt_arena_reset(&relay->hold_arena);
    relay->hold =
        (struct rt_write){.run = run, .done = done, .arg = relay, .arena = &relay->hold_arena};
    relay->busy = rt_store_write(relay->owner->store, &relay->hold) == 0;
}

static void hold_done(void *arg, int status)
{
    struct rt_relay *relay = arg;
    relay->busy = false;
    if (status != 0) { /* they stay where they are, and it is tried again */
        rt_report(RT_REPORT_ERROR, service_of(relay), "hold_failed", "%s", rt_err_name(status));
        rt_buf_append(&relay->refusals, relay->holding.data, relay->holding.len);
        relay->n_held += relay->holding.len / sizeof(struct rt_refusal);
    }
    rt_buf_clear(&relay->holding);
    if (status != 0) {
        retry_in(relay, RT_RELAY_RETRY_MIN_MS);
        return;
    }
    count_held(relay);
    trim(relay);
    hold_start(relay);
    if (relay->retried_to == 0 && !uv_is_active((uv_handle_t *)&relay->retry))
        retry_in(relay, relay->retry_ms);
    rt_relay_pump(relay);
}

static void hold_start(struct rt_relay *relay)
{
    if (relay->busy || relay->refusals.len == 0 || relay->owner->stopping)
        return;
    rt_buf_clear(&relay->holding);
    rt_buf_append(&relay->holding, relay->refusals.data, relay->refusals.len);
    rt_buf_clear(&relay->refusals);
    submit(relay, hold_run, hold_done);
    if (!relay->busy)
        hold_done(relay, RT_EAGAIN);
}

static int retry_run(struct rt_txn *txn, void *arg)
{
    struct rt_relay *relay = arg;
    relay->n_retried = rt_txn_outbox_retry(txn, RT_RELAY_RETRY_KEYS);
    return 0;
}

static void retry_done(void *arg, int status)
{
    struct rt_relay *relay = arg;
    relay->busy = false;
    count_held(relay);
    if (status != 0)
        retry_in(relay, relay->retry_ms);
    else if (relay->n_retried > 0)
        relay->retried_to = rt_store_outbox_next(relay->owner->store) - 1;
    hold_start(relay);
    rt_relay_pump(relay);
}

static void on_retry(uv_timer_t *timer)
{
    struct rt_relay *relay = timer->data;
    hold_start(relay);
    if (relay->busy || relay->retried_to > 0 || relay->stage != RT_RELAY_AGREED) {
        retry_in(relay, RT_RELAY_RETRY_MIN_MS);
        return;
    }
    submit(relay, retry_run, retry_done);
    if (!relay->busy)
        retry_in(relay, relay->retry_ms);
}

/* ------------------------------------------------------ agreeing on numbers */

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
        rt_report(RT_REPORT_WARN, service_of(relay), "store_behind",
                  "the channel has events of this service up to %llu that are not of this "
                  "database; %llu that waited were numbered anew",
                  (unsigned long long)relay->taken, (unsigned long long)relay->moved);
    rt_relay_core_init(&relay->core, rt_store_outbox_first(relay->owner->store), RT_RELAY_WINDOW);
    retry_in(relay, 0);
    rt_relay_pump(relay);
}

void rt_relay_welcome(struct rt_relay *relay, uint64_t published, uint64_t taken)
{
    /* What was confirmed is not in the outbox any more: it cannot be published again. */
    if (published < relay->core.published)
        rt_report(RT_REPORT_ERROR, service_of(relay), "channel_behind",
                  "the channel does not have the events %llu to %llu, which it had taken; if it "
                  "did not refuse them, its data were deleted or are an older copy",
                  (unsigned long long)published + 1, (unsigned long long)relay->core.published);
    if (relay->stage == RT_RELAY_AGREED && relay->retried_to == 0)
        retry_in(relay, 0); /* it may be another one now, or know more */
    if (relay->stage != RT_RELAY_STRANGE)
        return;
    relay->taken = taken;
    relay->agree = (struct rt_write){
        .run = agree_run, .done = agree_done, .arg = relay, .arena = &relay->agree_arena};
    if (rt_store_write(relay->owner->store, &relay->agree) == 0)
        relay->stage = RT_RELAY_AGREEING;
}
