/* Who may join, settle and change a subscription, by frames of several clients. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/channel/broker/access.h"
#include "runtime/channel/protocol/frame.h"
#include "tests/support/sim.h"

static struct sim sim;
static struct rt_arena arena;
static struct rt_access access;

static const char clients[] = "billing t1 publish p:> subscribe order:>\n"
                              "evil t2 publish evil:> subscribe evil:>\n"
                              "helper t3 subscribe order:> consume billing\n"
                              "* t4 subscribe order:>\n"
                              "ops t5 admin\n";

static void setup(void)
{
    rt_arena_init(&arena, 0);
    cr_assert_eq(rt_access_parse(&arena, rt_str(clients), &access, NULL), 0);
    sim.options = (struct rt_broker_options){.access = &access};
    sim_init(&sim, 1);
}

static void teardown(void)
{
    sim_done(&sim);
    sim.options = (struct rt_broker_options){0};
    rt_arena_done(&arena);
}

TestSuite(owner, .init = setup, .fini = teardown, .timeout = 20);

/* A connection whose frames are made by hand; what the broker says stays in `down`. */
static struct sim_client *connect_as(const char *name, const char *token, uint64_t instance)
{
    struct sim_client *client = sim_client(&sim, name, 0, 0, NULL);
    rt_client_core_free(client->core);
    client->core = NULL;
    client->conn = rt_broker_connect(sim.broker, client);
    channel_Hello hello = {.version = RT_CHANNEL_VERSION, .instance = instance};
    RT_PB_SET(&hello.name, rt_str(name));
    RT_PB_SET(&hello.token, rt_str(token));
    rt_frame_put(&client->up, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
    sim_settle(&sim);
    return client;
}

/* Why the broker said goodbye, or "". */
static const char *away(const struct sim_client *client)
{
    static char text[RT_REASON_MAX + 1];
    struct rt_bytes rest = rt_buf_bytes(&client->farewell);
    struct rt_frame frame;
    text[0] = '\0';
    for (int64_t len; (len = rt_frame_cut(rest, RT_PAYLOAD_MAX, &frame)) > 0;) {
        channel_GoingAway message;
        if (frame.type == channel_FrameType_FRAME_GOING_AWAY &&
            rt_frame_get(&frame, channel_GoingAway_fields, &message) == 0)
            snprintf(text, sizeof text, "%.*s", (int)message.reason.size, message.reason.bytes);
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    return text;
}

/* The sequences of the events it was given so far, separated by spaces. */
static const char *events(const struct sim_client *client)
{
    static char text[512];
    struct rt_bytes rest = rt_buf_bytes(&client->down);
    struct rt_frame frame;
    text[0] = '\0';
    for (int64_t len; (len = rt_frame_cut(rest, RT_PAYLOAD_MAX, &frame)) > 0;) {
        struct rt_frame_event event;
        if (frame.type == channel_FrameType_FRAME_EVENT &&
            rt_frame_get_event(&frame, &event) == 0) {
            size_t at = strlen(text);
            snprintf(text + at, sizeof text - at, "%s%.*s", at ? " " : "", (int)frame.payload.len,
                     (const char *)frame.payload.data);
        }
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    return text;
}

struct wish {
    uint32_t window, ack_wait_ms;
    bool merge, ephemeral;
};

/* Returns the reason of a refusal, or "". */
static const char *join(struct sim_client *client, const char *name, const char *const *filters,
                        struct wish wish)
{
    channel_Subscribe message = {.subscription = 1,
                                 .window_messages = wish.window,
                                 .ack_wait_ms = wish.ack_wait_ms,
                                 .merge = wish.merge,
                                 .ephemeral = wish.ephemeral};
    RT_PB_SET(&message.name, rt_str(name));
    for (; filters && filters[message.filters_count]; message.filters_count++)
        RT_PB_SET(&message.filters[message.filters_count], rt_str(filters[message.filters_count]));
    rt_frame_put(&client->up, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields, &message,
                 (struct rt_bytes){0});
    sim_settle(&sim);
    return away(client);
}

static void publish(struct sim_client *client, uint64_t sequence, const char *subject,
                    const char *id, const char *payload)
{
    struct rt_frame_publish message = {.sequence = sequence,
                                       .subject = rt_str(subject),
                                       .time_ms = sim.wall_ms,
                                       .message_id = rt_str(id)};
    rt_frame_put_publish(&client->up, &message, rt_str_bytes(rt_str(payload)));
    sim_settle(&sim);
}

static void ack(struct sim_client *client, uint64_t sequence)
{
    rt_frame_put_acks(&client->up, channel_FrameType_FRAME_ACK, 1, &sequence, 1);
    sim_settle(&sim);
}

static void terminate(struct sim_client *client, uint64_t sequence)
{
    channel_Terminate message = {.subscription = 1, .sequence = sequence};
    rt_frame_put(&client->up, channel_FrameType_FRAME_TERMINATE, channel_Terminate_fields, &message,
                 (struct rt_bytes){0});
    sim_settle(&sim);
}

static const char *const orders[] = {"order:>", NULL};
static const char *const created[] = {"order:created", NULL};
static const char *const evils[] = {"evil:>", NULL};
static const char *const paid_too[] = {"order:created", "order:paid", NULL};
static const char *const sent_too[] = {"order:created", "order:sent", NULL};

Test(owner, a_subscription_is_joined_only_by_those_who_may_consume_it)
{
    struct sim_client *billing = connect_as("billing", "t1", 1);
    cr_assert_str_eq(join(billing, "billing", orders, (struct wish){0}), "");
    struct sim_client *evil = connect_as("evil", "t2", 1);
    cr_assert_str_eq(join(evil, "billing", evils, (struct wish){.merge = true}),
                     "this client may not consume that subscription");
    cr_assert_str_eq(join(connect_as("evil", "t2", 1), "evil", evils, (struct wish){0}), "");
    cr_assert_str_eq(join(connect_as("helper", "t3", 1), "billing", orders, (struct wish){0}), "");
    /* Whose name is not bound by the token file owns no subscription by it. */
    cr_assert_str_eq(join(connect_as("billing", "t4", 1), "billing", orders, (struct wish){0}),
                     "this client may not consume that subscription");
    cr_assert_str_eq(join(connect_as("ops", "t5", 1), "billing", orders, (struct wish){0}), "");
}

Test(owner, joining_changes_no_rule_and_a_refusal_shows_both)
{
    struct sim_client *billing = connect_as("billing", "t1", 1);
    join(billing, "billing", orders, (struct wish){.ack_wait_ms = 7000});
    const char *why = join(connect_as("helper", "t3", 1), "billing", created, (struct wish){0});
    cr_assert(strstr(why, "order:>") && strstr(why, "order:created"), "%s", why);
    why =
        join(connect_as("helper", "t3", 1), "billing", orders, (struct wish){.ack_wait_ms = 9000});
    cr_assert(strstr(why, "7000") && strstr(why, "9000"), "%s", why);
    /* Who may consume but not manage cannot merge either. */
    cr_assert_str_neq(
        join(connect_as("helper", "t3", 1), "billing", created, (struct wish){.merge = true}), "");
    /* Without wishes one takes what is there. */
    cr_assert_str_eq(join(connect_as("helper", "t3", 1), "billing", NULL, (struct wish){0}), "");
    publish(connect_as("ops", "t5", 1), 1, "order:sent", "", "x");
    cr_assert_str_eq(events(billing), "x");
}

Test(owner, a_durable_subscription_is_dropped_only_by_those_who_may_manage_it)
{
    struct sim_client *helper = connect_as("helper", "t3", 1);
    join(helper, "billing", orders, (struct wish){0});
    channel_Unsubscribe message = {.subscription = 1, .forget = true};
    rt_frame_put(&helper->up, channel_FrameType_FRAME_UNSUBSCRIBE, channel_Unsubscribe_fields,
                 &message, (struct rt_bytes){0});
    sim_settle(&sim);
    cr_assert_str_eq(away(helper), "this client may not drop that subscription");
}

Test(owner, an_ephemeral_subscription_is_shared_with_nobody_else)
{
    join(connect_as("helper", "t3", 1), "look", orders, (struct wish){.ephemeral = true});
    const char *why =
        join(connect_as("billing", "t1", 1), "look", orders, (struct wish){.ephemeral = true});
    cr_assert_str_eq(why, "the ephemeral subscription of this name is another client's");
}

/* Sequence 1 is the subscription itself, so the events are 2 and 3. */
Test(owner, what_was_given_to_one_member_is_not_settled_by_another)
{
    struct sim_client *a = connect_as("billing", "t1", 1), *b = connect_as("billing", "t1", 2);
    join(a, "billing", orders, (struct wish){.window = 1});
    join(b, "billing", orders, (struct wish){.window = 1});
    publish(connect_as("ops", "t5", 1), 1, "order:a", "", "one");
    cr_assert_str_eq(events(a), "one");
    ack(b, 2);
    terminate(b, 2);
    ack(b, 3); /* nor what nobody was given yet */
    publish(connect_as("ops", "t5", 1), 1, "order:b", "", "two");
    cr_assert_str_eq(events(b), "two");
    sim_cut(a);
    ack(b, 3);
    cr_assert_str_eq(events(b), "two one");
}

Test(owner, an_acknowledgement_counts_on_the_next_connection_of_the_same_process_only)
{
    struct sim_client *a = connect_as("billing", "t1", 1);
    join(a, "billing", orders, (struct wish){.window = 1});
    publish(connect_as("ops", "t5", 1), 1, "order:a", "", "one");
    cr_assert_str_eq(events(a), "one");
    sim_cut(a);
    struct sim_client *other = connect_as("billing", "t1", 2), *b = connect_as("billing", "t1", 1);
    /* Window 1 and an event under way: b gets nothing, and acknowledges what it had as a. */
    join(b, "billing", orders, (struct wish){.window = 1});
    ack(b, 2);
    sim_cut(b);
    join(other, "billing", orders, (struct wish){0});
    cr_assert_str_eq(events(other), "");
}

Test(owner, an_acknowledgement_from_before_a_crash_of_the_broker_counts)
{
    struct sim_client *a = connect_as("billing", "t1", 1);
    join(a, "billing", orders, (struct wish){.window = 1});
    publish(connect_as("ops", "t5", 1), 1, "order:a", "", "one");
    sim_crash(&sim);
    struct sim_client *b = connect_as("billing", "t1", 1);
    sim.hold_sync = true;
    join(b, "billing", orders, (struct wish){.window = 1});
    sim.hold_sync = false;
    ack(b, 2);
    sim_cut(b);
    struct sim_client *c = connect_as("billing", "t1", 3);
    join(c, "billing", orders, (struct wish){0});
    cr_assert_str_eq(events(c), "");
}

Test(owner, a_message_id_is_its_producers_own)
{
    struct sim_client *billing = connect_as("billing", "t1", 1);
    join(billing, "billing", orders, (struct wish){0});
    publish(connect_as("ops", "t5", 1), 1, "order:a", "same", "first");
    struct sim_client *other = connect_as("anybody", "t4", 1); /* may publish nothing */
    publish(other, 1, "order:a", "same", "denied");
    sim_done(&sim);
    sim.options = (struct rt_broker_options){0};
    sim_init(&sim, 1);
    billing = connect_as("billing", "", 1);
    join(billing, "billing", orders, (struct wish){0});
    publish(connect_as("p", "", 1), 1, "order:a", "same", "p1");
    publish(connect_as("q", "", 1), 1, "order:a", "same", "q1");
    publish(connect_as("p", "", 1), 1, "order:a", "same", "p2");
    cr_assert_str_eq(events(billing), "p1 q1");
    sim_crash(&sim);
    billing = connect_as("billing", "", 1);
    join(billing, "billing", orders, (struct wish){0});
    publish(connect_as("q", "", 1), 1, "order:a", "same", "q2");
    cr_assert_str_eq(events(billing), "p1 q1");
}

Test(owner, two_versions_of_a_service_each_get_what_they_listen_to)
{
    struct sim_client *ops = connect_as("ops", "t5", 1);
    struct sim_client *old = connect_as("billing", "t1", 1), *new = connect_as("billing", "t1", 2);
    cr_assert_str_eq(join(old, "billing", paid_too, (struct wish){.merge = true}), "");
    cr_assert_str_eq(join(new, "billing", sent_too, (struct wish){.merge = true}), "");
    publish(ops, 1, "order:paid", "", "paid");
    publish(ops, 2, "order:sent", "", "sent");
    cr_assert_str_eq(events(old), "paid");
    cr_assert_str_eq(events(new), "sent");
    /* The old version is away for a moment: its events wait for it, and hold up no others. */
    sim_cut(old);
    publish(ops, 3, "order:paid", "", "paid2");
    publish(ops, 4, "order:sent", "", "sent2");
    cr_assert_str_eq(events(new), "sent sent2");
    old = connect_as("billing", "t1", 3);
    join(old, "billing", paid_too, (struct wish){.merge = true});
    sim_sleep(&sim, 1000);
    cr_assert_str_eq(events(old), "paid paid2");
}

Test(owner, filters_of_before_a_restart_of_the_broker_stay_for_their_while)
{
    struct sim_client *old = connect_as("billing", "t1", 1), *new = connect_as("billing", "t1", 2);
    join(old, "billing", paid_too, (struct wish){.merge = true});
    join(new, "billing", sent_too, (struct wish){.merge = true});
    publish(connect_as("ops", "t5", 1), 1, "order:paid", "", "paid");
    sim_crash(&sim);
    sim_sleep(&sim, 1000);
    join(connect_as("billing", "t1", 2), "billing", sent_too, (struct wish){.merge = true});
    sim_sleep(&sim, 3000);
    old = connect_as("billing", "t1", 1);
    join(old, "billing", paid_too, (struct wish){.merge = true});
    sim_sleep(&sim, 1000);
    cr_assert_str_eq(events(old), "paid");
}

/* -------------------------------------------------------- rules, by request */

/* Returns the reason of a refusal, or the answer. */
static const char *ask(struct sim_client *client, const char *verb, const char *name,
                       const char *const *filters, channel_Subscribe rules, bool force)
{
    static char text[4096];
    channel_Request request = {.id = 1, .has_rules = true, .rules = rules, .force = force};
    RT_PB_SET(&request.verb, rt_str(verb));
    RT_PB_SET(&request.name, rt_str(name));
    RT_PB_SET(&request.rules.name, rt_str(name));
    for (size_t i = 0; filters && filters[i]; i++, request.rules.filters_count++)
        RT_PB_SET(&request.rules.filters[i], rt_str(filters[i]));
    rt_buf_clear(&client->down);
    rt_frame_put(&client->up, channel_FrameType_FRAME_REQUEST, channel_Request_fields, &request,
                 (struct rt_bytes){0});
    sim_settle(&sim);
    struct rt_bytes rest = rt_buf_bytes(&client->down);
    struct rt_frame frame;
    text[0] = '\0';
    for (int64_t len; (len = rt_frame_cut(rest, RT_PAYLOAD_MAX, &frame)) > 0;) {
        channel_Reply reply;
        if (frame.type == channel_FrameType_FRAME_REPLY &&
            rt_frame_get(&frame, channel_Reply_fields, &reply) == 0) {
            struct rt_str said = RT_PB_STR(reply.reason);
            if (said.len == 0)
                said = rt_str_n((const char *)frame.payload.data, frame.payload.len);
            snprintf(text, sizeof text, "%.*s", (int)said.len, said.data);
        }
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    return text;
}

Test(owner, rules_are_made_changed_and_shown_by_who_may)
{
    struct sim_client *billing = connect_as("billing", "t1", 1), *ops = connect_as("ops", "t5", 1);
    channel_Subscribe rules = {.ack_wait_ms = 5000, .max_deliver = 3};
    cr_assert_str_eq(ask(billing, "sub create", "billing", orders, rules, false), "");
    cr_assert_str_eq(ask(billing, "sub create", "billing", orders, rules, false),
                     "there is a subscription of this name");
    cr_assert_str_eq(ask(billing, "sub create", "other", orders, rules, false),
                     "this client may not manage that subscription");
    cr_assert_str_eq(ask(billing, "sub edit", "billing", evils, rules, true),
                     "this client may not subscribe to that filter");
    struct sim_client *helper = connect_as("helper", "t3", 1);
    cr_assert_str_eq(ask(helper, "sub edit", "billing", NULL, rules, false),
                     "this client may not manage that subscription");
    const char *info = ask(helper, "sub info", "billing", NULL, rules, false);
    cr_assert(strstr(info, "\"ackWaitMs\":5000,\"maxDeliver\":3,"), "%s", info);
    cr_assert_str_eq(ask(helper, "ls", "", NULL, rules, false), "this client may not administer");

    rules = (channel_Subscribe){.backoff_ms_count = 2, .backoff_ms = {100, 200}};
    cr_assert_str_eq(ask(ops, "sub edit", "billing", NULL, rules, false), "");
    sim_crash(&sim);
    ops = connect_as("ops", "t5", 1);
    info = ask(ops, "sub info", "billing", NULL, rules, false);
    cr_assert(strstr(info, "\"ackWaitMs\":5000,\"maxDeliver\":3,"), "%s", info);
    cr_assert(strstr(info, "\"backoffMs\":[100,200]"), "%s", info);
    cr_assert_str_eq(ask(ops, "sub rm", "billing", NULL, rules, false), "");
    cr_assert_str_eq(ask(ops, "sub info", "billing", NULL, rules, false), "no such subscription");
}

Test(owner, a_token_file_that_is_read_again_holds_at_once)
{
    struct sim_client *billing = connect_as("billing", "t1", 1),
                      *evil = connect_as("evil", "t2", 1);
    join(billing, "billing", orders, (struct wish){0});
    cr_assert_eq(
        rt_access_parse(&arena, RT_STR("billing t1 publish subscribe order:>\n"), &access, NULL),
        0);
    rt_broker_access_changed(sim.broker);
    sim_settle(&sim);
    cr_assert_str_eq(away(evil), "the token is not valid any more");
    cr_assert_str_eq(away(billing), "");
    publish(billing, 1, "p:x", "", "x");
    struct rt_frame frame;
    struct rt_bytes rest = rt_buf_bytes(&billing->down);
    bool refused = false;
    for (int64_t len; (len = rt_frame_cut(rest, RT_PAYLOAD_MAX, &frame)) > 0;) {
        refused = refused || frame.type == channel_FrameType_FRAME_REFUSED;
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    cr_assert(refused);
}

Test(owner, a_filter_goes_only_when_what_is_skipped_was_said)
{
    struct sim_client *ops = connect_as("ops", "t5", 1);
    channel_Subscribe rules = {0};
    ask(ops, "sub create", "billing", orders, rules, false);
    publish(ops, 1, "order:paid", "", "paid");
    publish(ops, 2, "order:created", "", "made");
    const char *why = ask(ops, "sub edit", "billing", created, rules, false);
    cr_assert(strstr(why, "order:>") && strstr(why, "skipped"), "%s", why);
    cr_assert_str_eq(ask(ops, "sub edit", "billing", created, rules, true), "");
    struct sim_client *billing = connect_as("billing", "t1", 1);
    cr_assert_str_eq(join(billing, "billing", created, (struct wish){0}), "");
    cr_assert_str_eq(events(billing), "made");
}

Test(owner, a_subscription_that_nobody_uses_expires)
{
    struct sim_client *ops = connect_as("ops", "t5", 1), *billing = connect_as("billing", "t1", 1);
    ask(ops, "sub create", "billing", orders, (channel_Subscribe){.expire_ms = 5000}, false);
    ask(ops, "sub create", "stays", orders, (channel_Subscribe){0}, false);
    join(billing, "billing", orders, (struct wish){0});
    sim_sleep(&sim, 3000);
    sim_cut(billing);
    sim_sleep(&sim, 4000);
    sim_crash(&sim); /* which begins anew with waiting */
    sim_sleep(&sim, 3000);
    ops = connect_as("ops", "t5", 1);
    cr_assert(strstr(ask(ops, "sub info", "billing", NULL, (channel_Subscribe){0}, false),
                     "\"expireMs\":5000"));
    sim_sleep(&sim, 5000);
    ops = connect_as("ops", "t5", 2);
    cr_assert_str_eq(ask(ops, "sub info", "billing", NULL, (channel_Subscribe){0}, false),
                     "no such subscription");
    cr_assert(strstr(ask(ops, "sub info", "stays", NULL, (channel_Subscribe){0}, false), "stays"));
}

static void stay(struct sim_client *client, struct sim_client *other, int64_t ms)
{
    for (int64_t at = 0; at < ms; at += 1000) {
        channel_Ping ping = {.stamp = 1};
        rt_frame_put(&client->up, channel_FrameType_FRAME_PING, channel_Ping_fields, &ping,
                     (struct rt_bytes){0});
        rt_frame_put(&other->up, channel_FrameType_FRAME_PING, channel_Ping_fields, &ping,
                     (struct rt_bytes){0});
        sim_sleep(&sim, 1000);
    }
}

Test(owner, the_filters_of_a_version_that_is_gone_go_after_a_while)
{
    struct sim_client *ops = connect_as("ops", "t5", 1);
    struct sim_client *old = connect_as("billing", "t1", 1), *new = connect_as("billing", "t1", 2);
    join(old, "billing", paid_too, (struct wish){.merge = true});
    join(new, "billing", sent_too, (struct wish){.merge = true});
    sim_cut(old);
    publish(ops, 1, "order:paid", "", "paid");
    stay(new, ops, RT_FORMER_MS + 2000);
    /* Now the rules are those of the new version alone, and what waited for the old one is gone. */
    struct sim_client *helper = connect_as("helper", "t3", 1);
    cr_assert_str_eq(join(helper, "billing", sent_too, (struct wish){0}), "");
    cr_assert_str_eq(events(helper), "");
    cr_assert_str_eq(events(new), "");
}
