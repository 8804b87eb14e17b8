/*
 * The broker in numbers: one table for `info` and `metrics`, one for what each subscription has.
 * A new number is a row in one of them and a line in docs/channel/OPERATIONS.md, which a test
 * compares.
 */
#include "runtime/base/metrics.h"

#include <inttypes.h>

#include <utlist.h>

#include "runtime/channel/broker/state.h"

enum { LISTED_MAX = 4096 }; /* subscriptions with metrics of their own, the oldest ones */

/* ------------------------------------------------------------ subscriptions */

uint64_t rt_sub_members(const struct rt_sub *sub)
{
    uint64_t count = 0;
    const struct rt_member *member;
    DL_FOREACH(sub->members, member)
    count++;
    return count;
}

uint64_t rt_sub_inflight(const struct rt_sub *sub)
{
    uint64_t count = 0;
    const struct rt_member *member;
    DL_FOREACH(sub->members, member)
    count += member->inflight;
    return count;
}

uint64_t rt_sub_pending(const struct rt_sub *sub)
{
    return HASH_COUNT(sub->by_sequence);
}

uint64_t rt_sub_lag(const struct rt_sub *sub)
{
    uint64_t behind = sub->broker->durable + 1;
    return (behind > sub->cursor ? behind - sub->cursor : 0) + rt_sub_pending(sub);
}

#define SUB_COUNTER(name, member)                                                                  \
    static uint64_t name(const struct rt_sub *sub)                                                 \
    {                                                                                              \
        return sub->member;                                                                        \
    }
SUB_COUNTER(sub_delivered, delivered)
SUB_COUNTER(sub_redelivered, redelivered)
SUB_COUNTER(sub_settled, settled)
SUB_COUNTER(sub_nacked, nacked)
SUB_COUNTER(sub_dead, dead)
SUB_COUNTER(sub_lost, lost)

static const struct sub_number {
    const char *name;
    enum rt_metric_type type;
    const char *help;
    uint64_t (*value)(const struct rt_sub *sub);
} sub_numbers[] = {
    {"channel_subscription_lag", RT_METRIC_GAUGE,
     "Records between its cursor and the newest durable one, and its pending events", rt_sub_lag},
    {"channel_subscription_pending", RT_METRIC_GAUGE, "Events looked at and not settled",
     rt_sub_pending},
    {"channel_subscription_in_flight", RT_METRIC_GAUGE, "Events delivered and not settled",
     rt_sub_inflight},
    {"channel_subscription_members", RT_METRIC_GAUGE, "Connections that share it", rt_sub_members},
    {"channel_subscription_deliveries_total", RT_METRIC_COUNTER,
     "Events delivered, again and again counted", sub_delivered},
    {"channel_subscription_redeliveries_total", RT_METRIC_COUNTER,
     "Those of them that were not the first of their event", sub_redelivered},
    {"channel_subscription_acks_total", RT_METRIC_COUNTER, "Events acknowledged", sub_settled},
    {"channel_subscription_nacks_total", RT_METRIC_COUNTER, "Events given back", sub_nacked},
    {"channel_subscription_dead_letters_total", RT_METRIC_COUNTER,
     "Events copied to the dead letters", sub_dead},
    {"channel_subscription_events_lost_total", RT_METRIC_COUNTER,
     "Events lost by forced retention or purges", sub_lost},
};

/* --------------------------------------------------------------- the broker */

/* Numbers that `info` has as well: their JSON names come first. */
struct number {
    const char *json;
    const char *name;
    enum rt_metric_type type;
    const char *help;
    uint64_t value;
};

enum { NUMBERS_MAX = 24 };

static size_t numbers_of(const struct rt_broker *broker, struct number out[NUMBERS_MAX])
{
    uint64_t conns = 0, subs = 0, ephemeral = 0, purges = 0;
    const struct rt_broker_conn *conn;
    const struct rt_sub *sub;
    const struct rt_purge *purge;
    DL_COUNT(broker->conns, conn, conns);
    DL_COUNT(broker->subs, sub, subs);
    DL_FOREACH(broker->subs, sub)
    ephemeral += rt_sub_ephemeral(sub);
    DL_COUNT(broker->purges, purge, purges);
    const enum rt_metric_type gauge = RT_METRIC_GAUGE, counter = RT_METRIC_COUNTER;
    const struct number numbers[] = {
        {"durable", "channel_durable_sequence", gauge, "Newest durable record", broker->durable},
        {"first", "channel_first_sequence", gauge, "Oldest record kept", broker->first},
        {"needed", "channel_needed_sequence", gauge, "Oldest record still needed",
         rt_broker_needed(broker)},
        {"connections", "channel_connections", gauge, "Open connections", conns},
        {"accepted", "channel_connections_total", counter, "Connections accepted",
         broker->accepted},
        {"subscriptions", "channel_subscriptions", gauge, "Durable subscriptions",
         subs - ephemeral},
        {"unlisted", "channel_unlisted_subscriptions", gauge,
         "Durable subscriptions without families of their own, for there are too many",
         subs - ephemeral > LISTED_MAX ? subs - ephemeral - LISTED_MAX : 0},
        {"expired", "channel_subscriptions_expired_total", counter,
         "Durable subscriptions dropped because nobody used them", broker->expired},
        {"ephemeral", "channel_ephemeral_subscriptions", gauge,
         "Subscriptions that end with their connection", ephemeral},
        {"producers", "channel_producers", gauge, "Producers known", HASH_COUNT(broker->producers)},
        {"deadLetters", "channel_dead_letters", gauge, "Dead letters kept",
         HASH_COUNT(broker->dead)},
        {"deadExpired", "channel_dead_letters_expired_total", counter,
         "Dead letters dropped by their limits", broker->dead_expired},
        {"lost", "channel_events_lost_total", counter,
         "Events that subscriptions lost by forced retention or purges", broker->lost},
        {"retained", "channel_records_retired_total", counter,
         "Records let go by the limits of retention", broker->retired},
        {"compacted", "channel_events_compacted_total", counter,
         "Superseded events that compaction took out of the log", broker->compacted},
        {"compactedBytes", "channel_compacted_bytes_total", counter, "Bytes of their records",
         broker->compacted_bytes},
        {"purged", "channel_purges_total", counter, "Purges and truncations", broker->purged},
        {"purges", "channel_purges", gauge, "Purges whose segments are still there", purges},
        {"cacheBytes", "channel_cache_bytes", gauge, "Bytes of events in memory",
         broker->cache.bytes},
    };
    const size_t count = sizeof numbers / sizeof *numbers;
    _Static_assert(sizeof numbers / sizeof *numbers <= NUMBERS_MAX, "raise NUMBERS_MAX");
    memcpy(out, numbers, sizeof numbers);
    return count;
}

void rt_broker_info(const struct rt_broker *broker, struct rt_buf *out)
{
    struct number numbers[NUMBERS_MAX];
    size_t count = numbers_of(broker, numbers);
    rt_buf_byte(out, '{');
    for (size_t i = 0; i < count; i++)
        rt_buf_printf(out, "\"%s\":%" PRIu64 ",", numbers[i].json, numbers[i].value);
    rt_buf_printf(out, "\"stored\":%" PRIu64 ",\"duplicates\":%" PRIu64 ",\"refused\":%" PRIu64,
                  broker->events, broker->duplicates, broker->refused);
    rt_buf_printf(out, ",\"diskFull\":%s}", broker->disk_full ? "true" : "false");
}

/* A family with a counter for each of the codes that can be the reason. */
static void by_reason(struct rt_buf *out, const char *name, const char *help,
                      const uint64_t counts[_channel_Code_ARRAYSIZE], bool connections)
{
    static const struct {
        channel_Code code;
        const char *reason;
        bool of_publishes, of_connections;
    } reasons[] = {
        {channel_Code_CODE_DENIED, "denied", true, true},
        {channel_Code_CODE_DISK_FULL, "disk_full", true, false},
        {channel_Code_CODE_INVALID, "invalid", true, true},
        {channel_Code_CODE_PROTOCOL, "protocol", false, true},
        {channel_Code_CODE_SILENT, "silent", false, true},
        {channel_Code_CODE_SUPERSEDED, "superseded", false, true},
        {channel_Code_CODE_TOO_BIG, "too_big", true, true},
    };
    rt_metrics_family(out, name, RT_METRIC_COUNTER, help);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (connections ? reasons[i].of_connections : reasons[i].of_publishes)
            rt_metrics_labelled(out, name, "reason", rt_str(reasons[i].reason),
                                counts[reasons[i].code]);
    }
}

/* By what became of them: their sum is what was asked for. */
static void publishes(const struct rt_broker *broker, struct rt_buf *out)
{
    const char *name = "channel_publishes_total";
    rt_metrics_family(out, name, RT_METRIC_COUNTER, "Publishes by what became of them");
    rt_metrics_labelled(out, name, "result", RT_STR("stored"), broker->events);
    rt_metrics_labelled(out, name, "result", RT_STR("duplicate"), broker->duplicates);
    rt_metrics_labelled(out, name, "result", RT_STR("refused"), broker->refused);
}

void rt_broker_metrics(const struct rt_broker *broker, struct rt_buf *out)
{
    struct number numbers[NUMBERS_MAX];
    size_t count = numbers_of(broker, numbers);
    for (size_t i = 0; i < count; i++)
        rt_metrics_number(out, numbers[i].name, numbers[i].type, numbers[i].help, numbers[i].value);
    rt_metrics_number(out, "channel_disk_full", RT_METRIC_GAUGE,
                      "1 while publishes are refused for lack of disk space", broker->disk_full);
    publishes(broker, out);
    by_reason(out, "channel_publishes_refused_total", "Refused publishes, by why",
              broker->refused_by, false);
    by_reason(out, "channel_connections_ended_total", "Connections that the broker ended, by why",
              broker->ended, true);
    for (size_t i = 0; i < sizeof sub_numbers / sizeof *sub_numbers; i++) {
        const struct sub_number *number = &sub_numbers[i];
        rt_metrics_family(out, number->name, number->type, number->help);
        const struct rt_sub *sub;
        size_t listed = 0;
        DL_FOREACH(broker->subs, sub)
        {
            if (rt_sub_ephemeral(sub)) /* their names would be without end */
                continue;
            if (listed++ < LISTED_MAX)
                rt_metrics_labelled(out, number->name, "subscription", sub->name,
                                    number->value(sub));
        }
    }
    if (broker->options.metrics)
        broker->options.metrics(broker->options.metrics_arg, out);
}
