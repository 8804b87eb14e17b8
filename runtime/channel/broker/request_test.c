/* What the embedded client does not use: start positions, message ids, schedules, requests. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/channel/protocol/frame.h"
#include "tests/support/sim.h"

static struct sim sim;
static struct sim_client *raw; /* a connection without a client core: frames by hand */

/* The broker sees a connection; what it says stays in raw->down. */
static void raw_connect(void)
{
    raw = sim_client(&sim, "raw", 0, 0, NULL);
    rt_client_core_free(raw->core);
    raw->core = NULL;
    raw->conn = rt_broker_connect(sim.broker, raw);
    channel_Hello hello = {.version = RT_CHANNEL_VERSION};
    RT_PB_SET(&hello.name, RT_STR("raw"));
    rt_frame_put(&raw->up, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
}

static void setup(void)
{
    sim_init(&sim, 1);
    raw_connect();
}

static void teardown(void)
{
    sim_done(&sim);
}

TestSuite(request, .init = setup, .fini = teardown, .timeout = 20);

static void publish(uint64_t sequence, const char *subject, const char *id, int64_t at_ms,
                    const char *payload)
{
    struct rt_frame_publish publish = {.sequence = sequence,
                                       .subject = rt_str(subject),
                                       .time_ms = sim.wall_ms,
                                       .message_id = rt_str(id),
                                       .deliver_at_ms = at_ms};
    rt_frame_put_publish(&raw->up, &publish, rt_str_bytes(rt_str(payload)));
    sim_settle(&sim);
}

static bool ephemeral; /* the next subscriptions */

static void subscribe(uint32_t local, const char *name, channel_Start start, uint64_t value)
{
    channel_Subscribe message = {.subscription = local,
                                 .start = start,
                                 .start_value = value,
                                 .filters_count = 1,
                                 .ephemeral = ephemeral};
    RT_PB_SET(&message.name, rt_str(name));
    RT_PB_SET(&message.filters[0], RT_STR("a:*"));
    rt_frame_put(&raw->up, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields, &message,
                 (struct rt_bytes){0});
    sim_settle(&sim);
}

/* The payloads of the EVENT frames of one subscription so far, separated by spaces. */
static const char *events(uint32_t local)
{
    static char text[512];
    struct rt_bytes rest = rt_buf_bytes(&raw->down);
    struct rt_frame frame;
    text[0] = '\0';
    for (int64_t len; (len = rt_frame_cut(rest, RT_PAYLOAD_MAX, &frame)) > 0;) {
        struct rt_frame_event event;
        if (frame.type == channel_FrameType_FRAME_EVENT &&
            rt_frame_get_event(&frame, &event) == 0 && event.subscription == local) {
            size_t at = strlen(text);
            snprintf(text + at, sizeof text - at, "%s%.*s", at ? " " : "", (int)frame.payload.len,
                     (const char *)frame.payload.data);
        }
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    return text;
}

/* Of the next request. */
static const char *purge_filter = "";
static bool purge_force;

/* Asks and returns the answer's payload, or the reason why not. */
static const char *ask(const char *verb, const char *name, uint64_t sequence)
{
    static char text[16384];
    channel_Request request = {.id = 7, .sequence = sequence, .force = purge_force};
    RT_PB_SET(&request.filter, rt_str(purge_filter));
    RT_PB_SET(&request.verb, rt_str(verb));
    RT_PB_SET(&request.name, rt_str(name));
    rt_buf_clear(&raw->down);
    rt_frame_put(&raw->up, channel_FrameType_FRAME_REQUEST, channel_Request_fields, &request,
                 (struct rt_bytes){0});
    sim_settle(&sim);
    struct rt_bytes rest = rt_buf_bytes(&raw->down);
    struct rt_frame frame;
    for (int64_t len; (len = rt_frame_cut(rest, RT_PAYLOAD_MAX, &frame)) > 0;) {
        channel_Reply reply;
        if (frame.type == channel_FrameType_FRAME_REPLY &&
            rt_frame_get(&frame, channel_Reply_fields, &reply) == 0) {
            cr_assert_eq(reply.id, 7);
            struct rt_str reason = RT_PB_STR(reply.reason);
            struct rt_str answer =
                reason.len ? reason : rt_str_n((const char *)frame.payload.data, frame.payload.len);
            snprintf(text, sizeof text, "%.*s", (int)answer.len, answer.data);
            return text;
        }
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    return "no answer";
}

static void terminate(uint32_t local, uint64_t sequence, const char *reason)
{
    channel_Terminate message = {.subscription = local, .sequence = sequence};
    RT_PB_SET(&message.reason, rt_str(reason));
    rt_frame_put(&raw->up, channel_FrameType_FRAME_TERMINATE, channel_Terminate_fields, &message,
                 (struct rt_bytes){0});
    sim_settle(&sim);
}

Test(request, a_new_subscription_starts_where_it_asks)
{
    publish(1, "a:x", "", 0, "one");
    publish(2, "b:x", "", 0, "other");
    sim_sleep(&sim, 1000);
    publish(3, "a:x", "", 0, "two");
    publish(4, "b:x", "", 0, "other");
    subscribe(1, "all", channel_Start_START_ALL, 0);
    subscribe(2, "new", channel_Start_START_NEW, 0);
    subscribe(3, "last", channel_Start_START_LAST, 0);
    subscribe(4, "sequence", channel_Start_START_SEQUENCE, 2);
    subscribe(5, "time", channel_Start_START_TIME, (uint64_t)sim.wall_ms);
    publish(5, "a:x", "", 0, "three");
    cr_assert_str_eq(events(1), "one two three");
    cr_assert_str_eq(events(2), "three");
    cr_assert_str_eq(events(3), "two three");
    cr_assert_str_eq(events(4), "two three");
    cr_assert_str_eq(events(5), "two three");
}

Test(request, last_is_found_though_it_is_in_memory_no_more)
{
    publish(1, "a:x", "", 0, "older");
    publish(2, "a:y", "", 0, "one");
    publish(3, "b:x", "", 0, "other");
    sim_take_checkpoint(&sim); /* what comes before is not read again */
    sim_crash(&sim);
    raw_connect();
    publish(1, "b:x", "", 0, "other");
    subscribe(1, "last", channel_Start_START_LAST, 0);
    publish(2, "a:x", "", 0, "two");
    cr_assert_str_eq(events(1), "one two");
    subscribe(2, "later", channel_Start_START_LAST, 0);
    cr_assert_str_eq(events(2), "two");
}

Test(request, last_of_what_was_purged_is_what_comes_next)
{
    publish(1, "a:x", "", 0, "one");
    publish(2, "b:x", "", 0, "other");
    purge_filter = "a:*";
    cr_assert_str_eq(ask("purge", "", 2), "{\"upTo\":2}");
    purge_filter = "";
    subscribe(1, "last", channel_Start_START_LAST, 0);
    publish(3, "a:x", "", 0, "two");
    cr_assert_str_eq(events(1), "two");
}

Test(request, message_ids_drop_repetitions_across_a_crash)
{
    publish(1, "a:x", "id-1", 0, "one");
    publish(2, "a:x", "id-1", 0, "again");
    sim_crash(&sim);
    raw_connect();
    publish(1, "a:x", "id-1", 0, "and again");
    publish(2, "a:x", "id-2", 0, "two");
    subscribe(1, "s", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "one two");
}

Test(request, scheduled_event_waits_for_its_time_and_holds_up_nobody)
{
    subscribe(1, "s", channel_Start_START_ALL, 0);
    publish(1, "a:x", "", sim.wall_ms + 3000, "later");
    publish(2, "a:x", "", 0, "now");
    cr_assert_str_eq(events(1), "now");
    sim_crash(&sim);
    raw_connect();
    subscribe(1, "s", channel_Start_START_ALL, 0);
    sim_sleep(&sim, 1000);
    cr_assert_str_eq(events(1), "now");
    sim_sleep(&sim, 2500);
    cr_assert_str_eq(events(1), "now later");
}

Test(request, dead_letters_are_listed_replayed_and_dropped)
{
    subscribe(1, "s", channel_Start_START_ALL, 0);
    subscribe(2, "other", channel_Start_START_ALL, 0);
    publish(1, "a:x", "", 0, "one"); /* record 3, behind the two subscriptions */
    terminate(1, 3, "\"bad\"");
    const char *list = ask("dead ls", "", 0);
    cr_assert_neq(strstr(list, "\"subscription\":\"s\",\"sequence\":3,\"subject\":\"a:x\""), NULL,
                  "%s", list);
    cr_assert_neq(strstr(list, "\"reason\":\"\\\"bad\\\"\""), NULL, "%s", list);
    unsigned long long id;
    cr_assert_eq(sscanf(list, "[{\"id\":%llu", &id), 1);
    cr_assert_str_eq(ask("dead ls", "other", 0), "[]");
    cr_assert_neq(strstr(ask("dead show", "", id), "\"payload\":\"b25l\""), NULL);
    cr_assert_str_eq(ask("dead replay", "", id), "{\"count\":1}");
    cr_assert_str_eq(events(1), "one", "again for the one that gave it up");
    cr_assert_str_eq(events(2), "", "and for nobody else");
    cr_assert_str_eq(ask("dead ls", "", 0), "[]");
    cr_assert_str_eq(ask("dead drop", "", id), "no such dead letter");
}

Test(request, replay_brings_back_what_was_settled)
{
    subscribe(1, "s", channel_Start_START_ALL, 0);
    publish(1, "a:x", "", 0, "one");
    publish(2, "a:x", "", 0, "two");
    const uint64_t sequences[] = {2, 3};
    rt_frame_put_acks(&raw->up, channel_FrameType_FRAME_ACK, 1, sequences, 2);
    sim_settle(&sim);
    ask("replay", "s", 3);
    cr_assert_str_eq(events(1), "two");
    sim_crash(&sim);
    raw_connect();
    subscribe(1, "s", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "two", "a restart does not forget it");
    cr_assert_str_eq(ask("replay", "nobody", 1), "no such subscription");
}

Test(request, subscriptions_are_listed_and_forgotten)
{
    subscribe(1, "s", channel_Start_START_ALL, 0);
    publish(1, "a:x", "", 0, "one");
    cr_assert_neq(strstr(ask("ls", "", 0), "\"name\":\"s\",\"filters\":[\"a:*\"]"), NULL);
    cr_assert_str_eq(ask("lag", "", 0), "{\"s\":1}");
    cr_assert_neq(strstr(ask("metrics", "", 0), "channel_subscription_lag{subscription=\"s\"} 1\n"),
                  NULL);
    cr_assert_neq(strstr(ask("info", "", 0), "\"subscriptions\":1,"), NULL);
    cr_assert_str_eq(ask("forget", "s", 0), "the subscription is in use");
    channel_Unsubscribe unsubscribe = {.subscription = 1};
    rt_frame_put(&raw->up, channel_FrameType_FRAME_UNSUBSCRIBE, channel_Unsubscribe_fields,
                 &unsubscribe, (struct rt_bytes){0});
    cr_assert_str_eq(ask("forget", "s", 0), "");
    cr_assert_str_eq(ask("ls", "", 0), "[]");
    sim_crash(&sim);
    raw_connect();
    cr_assert_str_eq(ask("ls", "", 0), "[]");
    cr_assert_str_eq(ask("nonsense", "", 0), "no such verb");
}

static const char *purge(const char *filter, bool force, uint64_t sequence)
{
    purge_filter = filter;
    purge_force = force;
    return ask(*filter ? "purge" : "truncate", "", sequence);
}

Test(request, purged_events_are_gone_for_good)
{
    publish(1, "a:x", "", 0, "one");
    publish(2, "a:y", "", 0, "two");
    publish(3, "a:x", "", 0, "three");
    cr_assert_str_eq(purge("a:x", false, 2), "{\"upTo\":2}");
    subscribe(1, "s1", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "two three");
    sim_crash(&sim);
    raw_connect();
    subscribe(1, "s2", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "two three", "after replay");
    sim_take_checkpoint(&sim);
    sim_crash(&sim);
    raw_connect();
    subscribe(1, "s3", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "two three", "after a checkpoint");
}

Test(request, purge_of_what_is_needed_needs_force)
{
    subscribe(1, "s", channel_Start_START_ALL, 0);
    publish(1, "a:x", "", 0, "one");
    publish(2, "b:x", "", 0, "two");
    publish(3, "a:y", "", 0, "three");
    cr_assert_neq(strstr(purge("a:*", false, 0), "has not settled"), NULL);
    cr_assert_neq(strstr(purge("", false, 3), "has not settled"), NULL);
    cr_assert_neq(strstr(purge("b:*", false, 0), "upTo"), NULL, "nobody needs it");
    cr_assert_neq(strstr(purge("$dead:>", true, 0), "not a filter"), NULL);
    sim_cut(raw); /* what was in flight is ready again */
    raw_connect();
    cr_assert_neq(strstr(purge("a:x", true, 0), "upTo"), NULL);
    cr_assert_neq(strstr(ask("ls", "s", 0), "\"unsettled\":1,"), NULL);
    cr_assert_neq(strstr(ask("ls", "s", 0), "\"lost\":1,"), NULL);
    subscribe(1, "s", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "three");
}

Test(request, truncated_events_are_gone_and_counted)
{
    subscribe(1, "s", channel_Start_START_NEW, 0);
    sim_cut(raw);
    raw_connect();
    uint64_t before = sim.durable;
    publish(1, "a:x", "", 0, "one");
    publish(2, "b:x", "", 0, "two");
    publish(3, "a:y", "", 0, "three");
    publish(4, "a:y", "", 0, "four");
    cr_assert_neq(strstr(purge("", true, before + 3), "upTo"), NULL);
    cr_assert_neq(strstr(ask("ls", "s", 0), "\"lost\":2,"), NULL, "%s", ask("ls", "s", 0));
    cr_assert_eq(rt_broker_first_kept(sim.broker), before + 4);
    sim_crash(&sim);
    raw_connect();
    cr_assert_eq(rt_broker_first_kept(sim.broker), before + 4);
    subscribe(1, "s", channel_Start_START_ALL, 0);
    subscribe(2, "t", channel_Start_START_SEQUENCE, 1);
    cr_assert_str_eq(events(1), "four");
    cr_assert_str_eq(events(2), "four");
}

Test(request, what_the_limits_force_out_is_counted)
{
    subscribe(1, "s", channel_Start_START_ALL, 0);
    publish(1, "a:x", "", 0, "one");
    publish(2, "a:x", "", 0, "two");
    sim_cut(raw);
    uint64_t next = sim.durable + 1;
    cr_assert_lt(rt_broker_needed(sim.broker), next);
    rt_broker_lose(sim.broker, next);
    sim_settle(&sim);
    cr_assert_geq(rt_broker_needed(sim.broker), next);
    rt_broker_retain(sim.broker, next);
    raw_connect();
    cr_assert_neq(strstr(ask("ls", "s", 0), "\"lost\":2,"), NULL, "%s", ask("ls", "s", 0));
}

Test(request, dead_letters_do_not_hold_subscriptions_back_and_have_limits)
{
    sim.options.dead_max = 2;
    sim.options.dead_age_ms = 60000;
    sim_take_checkpoint(&sim);
    sim_crash(&sim);
    raw_connect();
    subscribe(1, "s", channel_Start_START_ALL, 0);
    for (uint64_t i = 1; i <= 3; i++) {
        uint64_t at = sim.durable + 1;
        publish(i, "a:x", "", 0, "bad");
        terminate(1, at, "cannot be read");
    }
    cr_assert_geq(rt_broker_needed(sim.broker), sim.durable, "a dead letter is not needed");
    cr_assert_neq(strstr(ask("info", "", 0), "\"deadLetters\":2,"), NULL, "the oldest went");
    rt_broker_retain(sim.broker, sim.durable + 1);
    cr_assert_neq(strstr(ask("dead show", "s", 0), "\"payload\":\"YmFk\""), NULL,
                  "readable though what is around it is gone");
    sim_take_checkpoint(&sim);
    sim_crash(&sim);
    raw_connect();
    cr_assert_neq(strstr(ask("info", "", 0), "\"deadLetters\":2,"), NULL);
    sim_cut(raw);
    sim_sleep(&sim, 61000);
    raw_connect();
    cr_assert_neq(strstr(ask("info", "", 0), "\"deadLetters\":0,"), NULL);
}

/* -------------------------------------------------- ephemeral subscriptions */

static void look_on(uint32_t local, const char *name)
{
    ephemeral = true;
    subscribe(local, name, channel_Start_START_ALL, 0);
    ephemeral = false;
}

static bool answers(const char *verb, const char *name, const char *part)
{
    return strstr(ask(verb, name, 0), part) != NULL;
}

Test(request, an_ephemeral_subscription_goes_with_its_connection_and_leaves_no_record)
{
    publish(1, "a:x", "", 0, "one");
    size_t records = sim.record_count;
    look_on(1, "tail");
    cr_assert_str_eq(events(1), "one");
    const uint64_t first = 1;
    rt_frame_put_acks(&raw->up, channel_FrameType_FRAME_ACK, 1, &first, 1);
    cr_assert(answers("ls", "tail", "\"ephemeral\":true,"));
    cr_assert(answers("ls", "tail", "\"settled\":1,"));
    cr_assert(answers("metrics", "", "\nchannel_ephemeral_subscriptions 1\n"));
    cr_assert(!answers("metrics", "", "=\"tail\""));
    sim_take_checkpoint(&sim);
    sim_cut(raw);
    raw_connect();
    cr_assert_str_eq(ask("ls", "", 0), "[]");
    cr_assert_eq(sim.record_count, records, "nothing was written down");
    look_on(1, "tail");
    sim_crash(&sim);
    raw_connect();
    cr_assert_str_eq(ask("ls", "", 0), "[]");
    subscribe(1, "tail", channel_Start_START_ALL, 0);
    cr_assert_str_eq(events(1), "one", "the name is free for a durable one");
}

Test(request, an_ephemeral_subscription_holds_nothing_back)
{
    look_on(1, "tail");
    publish(1, "a:x", "", 0, "one");
    publish(2, "a:x", "", 0, "two");
    cr_assert_eq(rt_broker_needed(sim.broker), sim.durable + 1);
    cr_assert_str_eq(ask("truncate", "", 1), "{\"upTo\":1}", "no force is needed");
    cr_assert(answers("ls", "tail", "\"inFlight\":1,"));
    cr_assert(answers("ls", "tail", "\"lost\":0,"));
    rt_broker_retain(sim.broker, 3);
    cr_assert(answers("ls", "tail", "\"inFlight\":0,"));
    const uint64_t late[] = {1, 2};
    rt_frame_put_acks(&raw->up, channel_FrameType_FRAME_ACK, 1, late, 2);
    rt_buf_clear(&raw->down);
    publish(3, "a:x", "", 0, "three");
    cr_assert_str_eq(events(1), "three", "and it goes on");
}

Test(request, what_an_ephemeral_subscription_gives_up_is_no_dead_letter)
{
    look_on(1, "tail");
    publish(1, "a:x", "", 0, "one");
    rt_buf_clear(&raw->down);
    terminate(1, 1, "cannot be read");
    struct rt_frame frame;
    cr_assert_gt(rt_frame_cut(rt_buf_bytes(&raw->down), RT_PAYLOAD_MAX, &frame), 0);
    cr_assert_eq(frame.type, channel_FrameType_FRAME_ACKED, "it is confirmed all the same");
    cr_assert_str_eq(ask("dead ls", "", 0), "[]");
    cr_assert(answers("ls", "tail", "\"unsettled\":0,"));
}

Test(request, a_name_is_durable_or_ephemeral)
{
    subscribe(1, "durable", channel_Start_START_ALL, 0);
    look_on(2, "durable");
    cr_assert_null(raw->conn, "it got the reason, and was closed");
    raw_connect();
    look_on(1, "tail");
    look_on(2, "tail");
    cr_assert(answers("ls", "tail", "\"members\":2,"), "it can be shared");
    cr_assert_str_eq(ask("replay", "tail", 1), "");
    subscribe(3, "tail", channel_Start_START_ALL, 0);
    cr_assert_null(raw->conn);
    raw_connect();
    cr_assert(answers("ls", "", "\"name\":\"durable\""));
    cr_assert(!answers("ls", "", "\"name\":\"tail\""));
}

/* ------------------------------------------------------------------- schema */

#define FILE_BYTES ((size_t)600 << 10)

static struct rt_bytes big_file(void *arg)
{
    static const uint8_t bytes[FILE_BYTES];
    (void)arg;
    return rt_bytes(bytes, sizeof bytes);
}

static void schema_restart(void)
{
    sim.options.check.file = big_file;
    sim_crash(&sim);
    raw_connect();
}

Test(request, schema_is_what_the_broker_goes_by)
{
    cr_assert_str_eq(ask("schema", "", 0), "the broker has no schema");
    schema_restart();
    sim_settle(&sim);
    ask("schema", "", 0);
    struct rt_frame frame;
    cr_assert_gt(rt_frame_cut(rt_buf_bytes(&raw->down), RT_PAYLOAD_MAX_MAX, &frame), 0);
    cr_assert_eq(frame.payload.len, FILE_BYTES);
}

Test(request, answers_that_pile_up_are_bounded)
{
    schema_restart();
    channel_Request request = {.id = 7};
    RT_PB_SET(&request.verb, RT_STR("schema"));
    for (int i = 0; i < 200; i++)
        rt_frame_put(&raw->up, channel_FrameType_FRAME_REQUEST, channel_Request_fields, &request,
                     (struct rt_bytes){0});
    sim_settle(&sim);
    cr_assert_lt(raw->down.len, RT_OUT_HIGH_BYTES + 2 * FILE_BYTES);
    cr_assert_neq(memmem(raw->down.data, raw->down.len, "not read yet", 12), NULL);
    rt_buf_clear(&raw->down);
    ask("schema", "", 0);
    cr_assert_gt(raw->down.len, FILE_BYTES, "a client that reads may ask again");
}
