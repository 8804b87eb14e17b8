/* SUBSCRIBE and UNSUBSCRIBE: joining a subscription, and its rules. Rules change only by
 * a request of their own (rules.c), apart from filters that a manager merges. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

/* What a SUBSCRIBE asks for, as it will be of the subscription. */
struct ask {
    const channel_Subscribe *message;
    struct rt_sub *sub;                /* NULL: it is new */
    struct rt_str own[RT_FILTERS_MAX]; /* filters that it names, or those of the subscription */
    size_t own_count;
    record_Subscription rules;
};

static bool has_filter(const struct rt_str *filters, size_t count, struct rt_str filter)
{
    for (size_t i = 0; i < count; i++)
        if (rt_str_eq(filters[i], filter))
            return true;
    return false;
}

static bool same_filters(const struct rt_str *a, size_t a_count, const struct rt_str *b,
                         size_t b_count)
{
    bool same = true;
    for (size_t i = 0; i < a_count; i++)
        same = same && has_filter(b, b_count, a[i]);
    for (size_t i = 0; i < b_count; i++)
        same = same && has_filter(a, a_count, b[i]);
    return same;
}

/* Whether what was asked for besides filters differs from what the subscription has. */
static bool same_rules(const struct rt_sub *sub, const channel_Subscribe *message)
{
    bool same =
        (message->ack_wait_ms == 0 || rt_delay_clamp(message->ack_wait_ms) == sub->ack_wait_ms) &&
        (message->max_deliver == 0 || message->max_deliver == sub->max_deliver) &&
        (message->backoff_ms_count == 0 || message->backoff_ms_count == sub->backoff_count);
    for (size_t i = 0; same && i < message->backoff_ms_count; i++)
        same = rt_delay_clamp(message->backoff_ms[i]) == sub->backoff_ms[i];
    return same;
}

/* ---------------------------------------------------------- what is refused */

static const char *rules_fault(const struct rt_broker_conn *conn, const struct ask *ask,
                               channel_Code *code)
{
    *code = channel_Code_CODE_INVALID;
    if (!rt_name_valid(RT_PB_STR(ask->message->name)))
        return "not a name for a subscription";
    if (ask->own_count == 0)
        return "a subscription needs a filter";
    if (ask->message->start > channel_Start_START_LAST)
        return "not a start position";
    if (!ask->sub && HASH_CNT(hh, conn->broker->subs_by_name) >= RT_SUBSCRIPTIONS_MAX)
        return "the broker has as many subscriptions as it may";
    return NULL;
}

static const char *name_fault(const struct rt_broker_conn *conn, const struct ask *ask,
                              channel_Code *code)
{
    const channel_Subscribe *message = ask->message;
    struct rt_str name = RT_PB_STR(message->name);
    const struct rt_sub *sub = ask->sub;
    const char *why = rules_fault(conn, ask, code);
    if (why)
        return why;
    if (sub && rt_sub_ephemeral(sub) != message->ephemeral)
        return message->ephemeral ? "there is a durable subscription of this name"
                                  : "there is an ephemeral subscription of this name";
    *code = channel_Code_CODE_DENIED;
    if (!message->ephemeral && !rt_access_consumes(conn->client, name))
        return "this client may not consume that subscription";
    if (message->ephemeral && sub && sub->members &&
        strcmp(sub->members->conn->name, conn->name) != 0)
        return "the ephemeral subscription of this name is another client's";
    return NULL;
}

static const char *filter_fault(const struct rt_broker_conn *conn, const struct ask *ask,
                                channel_Code *code)
{
    for (size_t i = 0; i < ask->own_count; i++) {
        *code = channel_Code_CODE_INVALID;
        if (!rt_filter_valid(ask->own[i]))
            return "not a filter";
        bool allowed = !conn->client || !conn->client->subscribe;
        for (size_t k = 0; !allowed && k < conn->may_subscribe.count; k++)
            allowed = rt_filter_covers(conn->may_subscribe.filters[k], ask->own[i]);
        *code = channel_Code_CODE_DENIED;
        if (!allowed)
            return "this client may not subscribe to that filter";
    }
    return NULL;
}

static size_t filters_print(char *out, size_t room, const struct rt_str *filters, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count && len < room; i++)
        len +=
            (size_t)snprintf(out + len, room - len, " %.*s", (int)filters[i].len, filters[i].data);
    return len < room ? len : room - 1;
}

/* Both sets of rules, as far as they fit. */
static void difference_print(const struct ask *ask, char out[RT_REASON_MAX + 1])
{
    const struct rt_sub *sub = ask->sub;
    const channel_Subscribe *message = ask->message;
    size_t room = RT_REASON_MAX + 1, half = RT_REASON_MAX / 2;
    size_t len = (size_t)snprintf(out, room,
                                  "the subscription has other rules: ack-wait %" PRIu32
                                  " ms, %" PRIu32 " deliveries,",
                                  sub->ack_wait_ms, sub->max_deliver);
    len += filters_print(out + len, half + 40 - len, sub->match.filters, sub->match.count);
    len += (size_t)snprintf(out + len, room - len, "; asked for:");
    if (message->ack_wait_ms > 0)
        len += (size_t)snprintf(out + len, room - len, " ack-wait %" PRIu32 " ms,",
                                message->ack_wait_ms);
    if (message->max_deliver > 0)
        len += (size_t)snprintf(out + len, room - len, " %" PRIu32 " deliveries,",
                                message->max_deliver);
    filters_print(out + len, room - len, ask->own, ask->own_count);
}

const char *rt_sub_fault(const struct rt_broker_conn *conn, const channel_Subscribe *message,
                         channel_Code *ret_code)
{
    struct ask ask = {.message = message, .own_count = message->filters_count};
    for (size_t i = 0; i < ask.own_count; i++)
        ask.own[i] = RT_PB_STR(message->filters[i]);
    const char *why = rules_fault(conn, &ask, ret_code);
    return why ? why : filter_fault(conn, &ask, ret_code);
}

/* ------------------------------------------------------------------ joining */

/* The newest event that one of the filters selects, or what comes next. */
static uint64_t last_match(const struct rt_broker *broker, const struct ask *ask)
{
    uint64_t sequence = rt_newest_find(&broker->newest, ask->own, ask->own_count);
    return sequence >= broker->first && sequence > 0 ? sequence : broker->batch.next;
}

static uint64_t start_at(struct rt_broker *broker, const struct ask *ask)
{
    const channel_Subscribe *message = ask->message;
    switch (message->start) {
    case channel_Start_START_NEW:
        return broker->batch.next;
    case channel_Start_START_LAST:
        return last_match(broker, ask);
    case channel_Start_START_SEQUENCE:
        if (message->start_value > broker->batch.next)
            return broker->batch.next;
        return message->start_value > broker->first ? message->start_value : broker->first;
    default:
        return broker->first;
    }
}

struct rt_sub *rt_sub_create(struct rt_broker *broker, const channel_Subscribe *message)
{
    struct ask ask = {.message = message, .own_count = message->filters_count};
    for (size_t i = 0; i < ask.own_count; i++)
        ask.own[i] = RT_PB_STR(message->filters[i]);
    record_Subscription *rules = &ask.rules;
    *rules = (record_Subscription){
        .id = message->ephemeral ? 0 : broker->next_sub_id,
        .from = start_at(broker, &ask),
        .ack_wait_ms = message->ack_wait_ms ? rt_delay_clamp(message->ack_wait_ms) : RT_ACK_WAIT_MS,
        .max_deliver = message->max_deliver ? message->max_deliver : broker->options.max_deliver,
        .filters_count = message->filters_count,
        .backoff_ms_count = message->backoff_ms_count,
        .expire_ms = message->expire_ms == UINT64_MAX ? 0 : message->expire_ms,
    };
    if (message->start == channel_Start_START_TIME)
        rules->from_time_ms = (int64_t)message->start_value;
    RT_PB_SET(&rules->name, RT_PB_STR(message->name));
    for (size_t i = 0; i < ask.own_count; i++)
        RT_PB_SET(&rules->filters[i], ask.own[i]);
    for (size_t i = 0; i < message->backoff_ms_count; i++)
        rules->backoff_ms[i] = rt_delay_clamp(message->backoff_ms[i]);
    struct rt_sub *sub = rt_sub_set(broker, rules);
    if (!rt_sub_ephemeral(sub))
        rt_record_subscription(broker, sub);
    return sub;
}

/* Adds the filters that the subscription does not have. False: there are too many then. */
static bool merge(struct rt_sub *sub, const struct ask *ask)
{
    record_Subscription rules;
    rt_record_subscription_fill(sub, &rules);
    for (size_t i = 0; i < ask->own_count; i++) {
        if (has_filter(sub->match.filters, sub->match.count, ask->own[i]))
            continue;
        if (rules.filters_count == RT_FILTERS_MAX)
            return false;
        RT_PB_SET(&rules.filters[rules.filters_count], ask->own[i]);
        rules.filters_count++;
    }
    if (rules.filters_count == sub->match.count)
        return true; /* it asks for fewer */
    rt_sub_set(sub->broker, &rules);
    if (!rt_sub_ephemeral(sub))
        rt_record_subscription(sub->broker, sub);
    return true;
}

/* Why it cannot join those that are there, or NULL; `text` has room for a reason. */
static const char *join_fault(const struct rt_broker_conn *conn, const struct ask *ask,
                              channel_Code *code, char text[RT_REASON_MAX + 1])
{
    struct rt_sub *sub = ask->sub;
    *code = channel_Code_CODE_INVALID;
    if (!sub)
        return NULL;
    bool same = same_filters(ask->own, ask->own_count, sub->match.filters, sub->match.count);
    bool merges = ask->message->merge && rt_access_manages(conn->client, sub->name);
    if (!same_rules(sub, ask->message) || (!same && !merges)) {
        difference_print(ask, text);
        return text;
    }
    return same || merge(sub, ask) ? NULL : "too many filters for one subscription";
}

static void member_add(struct rt_broker_conn *conn, const struct ask *ask)
{
    const channel_Subscribe *message = ask->message;
    struct rt_member *member = rt_zalloc(sizeof *member);
    uint32_t window = message->window_messages ? message->window_messages : RT_WINDOW_MESSAGES;
    member->conn = conn;
    member->sub = ask->sub;
    member->local = message->subscription;
    member->window = window < RT_WINDOW_MESSAGES_MAX ? window : RT_WINDOW_MESSAGES_MAX;
    member->window_bytes = message->window_bytes ? message->window_bytes : RT_WINDOW_BYTES;
    if (message->merge)
        rt_match_init(&member->match, ask->own, ask->own_count);
    rt_member_join(member);
}

static int subscribe_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Subscribe message;
    if (rt_frame_get(frame, channel_Subscribe_fields, &message) < 0)
        return RT_EINVAL;
    if (rt_member_find(conn, message.subscription) ||
        conn->member_count == RT_SUBSCRIPTIONS_PER_CONN_MAX)
        return RT_EINVAL;
    struct ask ask = {.message = &message,
                      .sub = rt_sub_find(conn->broker, RT_PB_STR(message.name)),
                      .own_count = message.filters_count};
    for (size_t i = 0; i < ask.own_count; i++)
        ask.own[i] = RT_PB_STR(message.filters[i]);
    for (size_t i = 0; ask.own_count == 0 && ask.sub && i < ask.sub->match.count; i++)
        ask.own[i] = ask.sub->match.filters[i];
    if (ask.own_count == 0 && ask.sub)
        ask.own_count = ask.sub->match.count;

    channel_Code code;
    char text[RT_REASON_MAX + 1];
    const char *why = name_fault(conn, &ask, &code);
    if (!why)
        why = filter_fault(conn, &ask, &code);
    if (!why)
        why = join_fault(conn, &ask, &code, text);
    if (why) {
        rt_conn_fail(conn, code, why);
        return 0;
    }
    channel_Subscribed subscribed = {.subscription = message.subscription, .created = !ask.sub};
    if (!ask.sub)
        ask.sub = rt_sub_create(conn->broker, &message);
    member_add(conn, &ask);
    subscribed.floor = rt_sub_floor(ask.sub);
    rt_frame_put(&conn->out, channel_FrameType_FRAME_SUBSCRIBED, channel_Subscribed_fields,
                 &subscribed, (struct rt_bytes){0});
    rt_conn_dirty(conn);
    return 0;
}

static int unsubscribe_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Unsubscribe message;
    if (rt_frame_get(frame, channel_Unsubscribe_fields, &message) < 0)
        return RT_EINVAL;
    struct rt_member *member = rt_member_find(conn, message.subscription);
    if (!member)
        return 0;
    struct rt_sub *sub = member->sub;
    bool ephemeral = rt_sub_ephemeral(sub);
    if (message.forget && !ephemeral && !rt_access_manages(conn->client, sub->name)) {
        rt_conn_fail(conn, channel_Code_CODE_DENIED, "this client may not drop that subscription");
        return 0;
    }
    rt_member_leave(member, true);
    if (!ephemeral && message.forget && !sub->members)
        rt_sub_forget(sub);
    return 0;
}

int rt_sub_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    return frame->type == channel_FrameType_FRAME_SUBSCRIBE ? subscribe_input(conn, frame)
                                                            : unsubscribe_input(conn, frame);
}
