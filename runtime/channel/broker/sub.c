/* Subscriptions, and who belongs to them. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

struct rt_sub *rt_sub_find(struct rt_broker *broker, struct rt_str name)
{
    struct rt_sub *sub;
    HASH_FIND(hh, broker->subs_by_name, name.data, name.len, sub);
    return sub;
}

struct rt_sub *rt_sub_by_id(struct rt_broker *broker, uint32_t id)
{
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    if (sub->id == id)
        return sub;
    return NULL;
}

static struct rt_sub *sub_new(struct rt_broker *broker, const record_Subscription *record)
{
    struct rt_sub *sub = rt_zalloc(sizeof *sub);
    sub->broker = broker;
    sub->id = record->id;
    if (record->id >= broker->next_sub_id)
        broker->next_sub_id = record->id + 1;
    char *name = rt_zalloc(record->name.size + 1u);
    memcpy(name, record->name.bytes, record->name.size);
    sub->name = rt_str_n(name, record->name.size);
    sub->from = sub->cursor = record->from;
    sub->from_time_ms = record->from_time_ms;
    sub->reading.runnable = &sub->runnable;
    RB_INIT(&sub->ready);
    RB_INIT(&sub->delayed);
    DL_APPEND(broker->subs, sub);
    HASH_ADD_KEYPTR(hh, broker->subs_by_name, sub->name.data, sub->name.len, sub);
    return sub;
}

/* Where the filter is among them; their count when it is not. */
static size_t filter_at(const struct rt_match *match, struct rt_str filter)
{
    size_t i = 0;
    while (i < match->count && !rt_str_eq(match->filters[i], filter))
        i++;
    return i;
}

struct rt_sub *rt_sub_set(struct rt_broker *broker, const record_Subscription *record)
{
    struct rt_sub *sub = rt_sub_find(broker, RT_PB_STR(record->name));
    if (!sub)
        sub = sub_new(broker, record);
    struct rt_str filters[RT_FILTERS_MAX];
    for (size_t i = 0; i < record->filters_count; i++)
        filters[i] = RT_PB_STR(record->filters[i]);
    struct rt_match before = sub->match;
    int64_t wanted_ms[RT_FILTERS_MAX];
    memcpy(wanted_ms, sub->wanted_ms, sizeof wanted_ms);
    rt_match_init(&sub->match, filters, record->filters_count);
    for (size_t i = 0; i < sub->match.count; i++) {
        size_t was = filter_at(&before, filters[i]);
        sub->wanted_ms[i] = was < before.count ? wanted_ms[was] : broker->now_ms;
    }
    rt_match_done(&before);
    sub->compacted = rt_compact_overlaps(&broker->options.compact, &sub->match);
    sub->ack_wait_ms = record->ack_wait_ms;
    sub->max_deliver = record->max_deliver;
    sub->expire_ms = record->expire_ms;
    sub->backoff_count = record->backoff_ms_count;
    memcpy(sub->backoff_ms, record->backoff_ms, sub->backoff_count * sizeof *sub->backoff_ms);
    sub->runnable = true;
    return sub;
}

static void member_leave(struct rt_member *member, bool clean);

void rt_sub_free(struct rt_sub *sub)
{
    struct rt_broker *broker = sub->broker;
    while (sub->members)
        member_leave(sub->members, true);
    rt_entry_free_all(sub);
    rt_reading_stop(broker, &sub->reading);
    DL_DELETE(broker->subs, sub);
    HASH_DEL(broker->subs_by_name, sub);
    rt_match_done(&sub->match);
    free((void *)(uintptr_t)sub->name.data);
    free(sub);
}

uint64_t rt_sub_forget(struct rt_sub *sub)
{
    record_Settled forgotten = {.subscription = sub->id};
    uint64_t record = rt_record_append(sub->broker, record_Kind_KIND_FORGOTTEN,
                                       record_Settled_fields, &forgotten);
    rt_sub_free(sub);
    return record;
}

uint64_t rt_sub_floor(const struct rt_sub *sub)
{
    return (sub->entries ? sub->entries->sequence : sub->cursor) - 1;
}

void rt_sub_rewind(struct rt_sub *sub, uint64_t from)
{
    struct rt_entry *entry, *next;
    DL_FOREACH_SAFE(sub->entries, entry, next)
    {
        if (entry->sequence >= from)
            rt_entry_remove(entry, sub);
    }
    rt_ahead_forget(sub, from);
    if (sub->cursor > from)
        sub->cursor = from;
    if (sub->from > from)
        sub->from = from;
    sub->runnable = true;
}

/* Whether some member has this filter; it is wanted now then. */
static bool is_wanted(struct rt_sub *sub, size_t at)
{
    const struct rt_member *member;
    DL_FOREACH(sub->members, member)
    {
        if (member->match.count == 0 ||
            filter_at(&member->match, sub->match.filters[at]) < member->match.count)
            return true;
    }
    return false;
}

void rt_members_changed(struct rt_sub *sub)
{
    const struct rt_member *member;
    sub->merged = false;
    DL_FOREACH(sub->members, member)
    {
        for (size_t i = 0; member->match.count > 0 && i < sub->match.count; i++)
            sub->merged = sub->merged ||
                          filter_at(&member->match, sub->match.filters[i]) == member->match.count;
    }
    for (size_t i = 0; i < sub->match.count; i++)
        if (is_wanted(sub, i))
            sub->wanted_ms[i] = sub->broker->now_ms;
    sub->runnable = true;
}

int64_t rt_sub_unmerge(struct rt_sub *sub)
{
    struct rt_broker *broker = sub->broker;
    if (!sub->merged || rt_sub_ephemeral(sub))
        return INT64_MAX;
    record_Subscription rules;
    rt_record_subscription_fill(sub, &rules);
    rules.filters_count = 0;
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < sub->match.count; i++) {
        if (sub->wanted_ms[i] == 0) /* of before the start */
            sub->wanted_ms[i] = broker->now_ms;
        int64_t due_ms = sub->wanted_ms[i] + RT_FORMER_MS;
        bool wanted = is_wanted(sub, i);
        if (!wanted && due_ms <= broker->now_ms)
            continue;
        next_ms = !wanted && due_ms < next_ms ? due_ms : next_ms;
        RT_PB_SET(&rules.filters[rules.filters_count], sub->match.filters[i]);
        rules.filters_count++;
    }
    if (rules.filters_count == sub->match.count || rules.filters_count == 0)
        return next_ms;
    rt_sub_set(broker, &rules);
    rt_record_subscription(broker, sub);
    rt_members_changed(sub);
    return next_ms;
}

void rt_member_join(struct rt_member *member)
{
    struct rt_sub *sub = member->sub;
    DL_APPEND(sub->members, member);
    DL_APPEND2(member->conn->members, member, conn_prev, conn_next);
    member->conn->member_count++;
    rt_members_changed(sub);
    if (sub->merged)
        rt_broker_wake_at(sub->broker, sub->broker->now_ms);
}

static void member_leave(struct rt_member *member, bool clean)
{
    struct rt_sub *sub = member->sub;
    struct rt_entry *entry, *next;
    DL_FOREACH_SAFE2(sub->inflight, entry, next, timed_next)
    {
        if (entry->member != member)
            continue;
        rt_entry_ready(entry, sub);
        if (clean)
            entry->attempts--;
    }
    RT_ASSERT(member->inflight == 0 && member->inflight_bytes == 0);
    rt_members_changed(sub); /* its filters are wanted until now */
    DL_DELETE(sub->members, member);
    DL_DELETE2(member->conn->members, member, conn_prev, conn_next);
    member->conn->member_count--;
    sub->idle_ms = sub->broker->now_ms;
    if (sub->expire_ms > 0)
        rt_broker_wake_at(sub->broker, sub->broker->now_ms);
    rt_match_done(&member->match);
    free(member);
    rt_members_changed(sub);
    if (sub->merged)
        rt_broker_wake_at(sub->broker, sub->broker->now_ms);
}

void rt_member_leave(struct rt_member *member, bool clean)
{
    struct rt_sub *sub = member->sub;
    member_leave(member, clean);
    if (rt_sub_ephemeral(sub) && !sub->members)
        rt_sub_free(sub);
}

struct rt_member *rt_member_find(struct rt_broker_conn *conn, uint32_t local)
{
    for (struct rt_member *member = conn->members; member; member = member->conn_next)
        if (member->local == local)
            return member;
    return NULL;
}
