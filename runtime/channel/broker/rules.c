/* Making a durable subscription and changing its rules, apart from joining it. */
#include <inttypes.h>
#include <stdio.h>

#include <utlist.h>

#include "runtime/channel/broker/state.h"

const char *rt_rules_create(struct rt_broker_conn *conn, const channel_Subscribe *wish,
                            channel_Code *ret_code, uint64_t *ret_record)
{
    struct rt_str name = RT_PB_STR(wish->name);
    *ret_code = channel_Code_CODE_INVALID;
    if (wish->ephemeral || rt_sub_find(conn->broker, name))
        return "there is a subscription of this name";
    const char *why = rt_sub_fault(conn, wish, ret_code);
    if (why)
        return why;
    rt_sub_create(conn->broker, wish);
    rt_broker_wake_at(conn->broker, conn->broker->now_ms); /* it may expire */
    *ret_record = conn->broker->batch.next - 1;
    return NULL;
}

static bool has(const channel_Subscribe *wish, struct rt_str filter)
{
    for (size_t i = 0; i < wish->filters_count; i++)
        if (rt_str_eq(RT_PB_STR(wish->filters[i]), filter))
            return true;
    return false;
}

/* The first filter that would go, or an empty one. */
static struct rt_str first_gone(const struct rt_sub *sub, const channel_Subscribe *wish)
{
    for (size_t i = 0; wish->filters_count > 0 && i < sub->match.count; i++)
        if (!has(wish, sub->match.filters[i]))
            return sub->match.filters[i];
    return (struct rt_str){0};
}

const char *rt_rules_edit(struct rt_broker_conn *conn, const channel_Subscribe *wish, bool force,
                          channel_Code *ret_code, char text[RT_REASON_MAX + 1],
                          uint64_t *ret_record)
{
    struct rt_sub *sub = rt_sub_find(conn->broker, RT_PB_STR(wish->name));
    *ret_code = channel_Code_CODE_UNKNOWN;
    if (!sub || rt_sub_ephemeral(sub))
        return "no such durable subscription";
    const char *why = wish->filters_count > 0 ? rt_sub_fault(conn, wish, ret_code) : NULL;
    if (why)
        return why;
    struct rt_str gone = first_gone(sub, wish);
    uint64_t waiting = rt_sub_floor(sub) < conn->broker->durable ? rt_sub_lag(sub) : 0;
    if (gone.len > 0 && waiting > 0 && !force) {
        *ret_code = channel_Code_CODE_INVALID;
        snprintf(text, RT_REASON_MAX + 1,
                 "of at most %" PRIu64 " events that are not settled yet, those that only %.*s "
                 "selects would be skipped; use force",
                 waiting, (int)(gone.len < 100 ? gone.len : 100), gone.data);
        return text;
    }
    record_Subscription rules;
    rt_record_subscription_fill(sub, &rules);
    if (wish->filters_count > 0)
        rules.filters_count = wish->filters_count;
    for (size_t i = 0; i < wish->filters_count; i++)
        RT_PB_SET(&rules.filters[i], RT_PB_STR(wish->filters[i]));
    if (wish->ack_wait_ms > 0)
        rules.ack_wait_ms = rt_delay_clamp(wish->ack_wait_ms);
    if (wish->max_deliver > 0)
        rules.max_deliver = wish->max_deliver;
    if (wish->backoff_ms_count > 0)
        rules.backoff_ms_count = wish->backoff_ms_count;
    for (size_t i = 0; i < wish->backoff_ms_count; i++)
        rules.backoff_ms[i] = rt_delay_clamp(wish->backoff_ms[i]);
    if (wish->expire_ms > 0)
        rules.expire_ms = wish->expire_ms == UINT64_MAX ? 0 : wish->expire_ms;
    rt_sub_set(conn->broker, &rules);
    rt_members_changed(sub);
    rt_broker_wake_at(conn->broker, conn->broker->now_ms);
    *ret_record = rt_record_subscription(conn->broker, sub);
    return NULL;
}

int64_t rt_sub_expire(struct rt_sub *sub)
{
    struct rt_broker *broker = sub->broker;
    if (sub->expire_ms == 0 || rt_sub_ephemeral(sub))
        return INT64_MAX;
    if (sub->members || sub->idle_ms == 0)
        sub->idle_ms = broker->now_ms;
    uint64_t idle = (uint64_t)(broker->now_ms - sub->idle_ms);
    if (idle < sub->expire_ms)
        return sub->members || sub->expire_ms > INT64_MAX / 2
                   ? INT64_MAX
                   : sub->idle_ms + (int64_t)sub->expire_ms;
    broker->expired++;
    if (broker->options.expired)
        broker->options.expired(broker->options.lost_arg, sub->name);
    rt_sub_forget(sub);
    return INT64_MAX;
}
