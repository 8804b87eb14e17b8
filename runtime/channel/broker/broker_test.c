/* Delivery, on the broker and client cores under a simulated clock. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "tests/support/sim.h"

static struct sim sim;

static void setup(void)
{
    sim_init(&sim, 1);
}

static void teardown(void)
{
    sim_done(&sim);
}

TestSuite(broker, .init = setup, .fini = teardown);

static const char *const everything[] = {">", NULL};

static void ack_at_once(struct sim_client *client, const struct sim_seen *seen)
{
    rt_client_core_ack(client->core, seen->sequence);
}

static void publish_n(struct sim_client *client, uint64_t first, uint64_t count, const char *key)
{
    for (uint64_t i = first; i < first + count; i++) {
        char payload[32];
        snprintf(payload, sizeof payload, "%llu", (unsigned long long)i);
        cr_assert_eq(sim_publish(client, i, "a:b", key, payload), 0);
    }
    sim_settle(&sim);
}

static const char *last_payload(const struct sim_client *client)
{
    return client->seen_count ? client->seen[client->seen_count - 1].payload : "";
}

Test(broker, an_acknowledgement_that_came_too_late_is_confirmed_when_another_member_settled)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *slow = sim_client(&sim, "c", 0, 1, everything);
    publish_n(producer, 1, 1, "k");
    struct sim_client *other = sim_client(&sim, "c", 0, 1, everything);
    sim_settle(&sim);
    sim_cut(slow);
    sim_sleep(&sim, 100);
    cr_assert(slow->conn && slow->seen_count == 1 && other->seen_count == 1);
    uint64_t sequence = slow->seen[0].sequence;
    rt_client_core_ack(slow->core, sequence);
    sim_sleep(&sim, 100);
    cr_assert_eq(slow->acked_count, 0, "somebody else has it by now");
    rt_client_core_ack(other->core, sequence);
    sim_sleep(&sim, 2 * RT_ACKS_AGAIN_MS);
    cr_assert_eq(slow->acked_count, 1);
    cr_assert_eq(other->acked_count, 1);
}

Test(broker, an_event_whose_time_is_extended_goes_to_nobody_else)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *slow = sim_client(&sim, "c", 0, 1, everything);
    publish_n(producer, 1, 1, "k");
    uint64_t sequence = slow->seen[0].sequence;
    for (int i = 0; i < 5; i++) {
        sim_sleep(&sim, RT_ACK_WAIT_MS - 5000);
        cr_assert_eq(rt_client_core_extend(slow->core, sequence), 0);
        sim_settle(&sim);
    }
    cr_assert_eq(slow->seen_count, 1);
    cr_assert_eq(rt_client_core_extend(slow->core, sequence + 1), RT_ENOTFOUND);
    sim_sleep(&sim, RT_ACK_WAIT_MS + 100);
    cr_assert_eq(slow->seen_count, 2, "without an answer it comes again");
    rt_client_core_ack(slow->core, sequence);
    sim_sleep(&sim, 100);
    cr_assert_eq(rt_client_core_extend(slow->core, sequence), RT_ENOTFOUND);
}

Test(broker, publish_is_confirmed_when_durable_and_not_before)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    sim.hold_sync = true;
    publish_n(producer, 1, 3, "k");
    cr_assert_eq(producer->published, 0);
    sim.hold_sync = false;
    sim_settle(&sim);
    cr_assert_eq(producer->published, 3);
}

Test(broker, event_is_delivered_when_durable_and_not_before)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    sim_settle(&sim);
    sim.hold_sync = true;
    publish_n(producer, 1, 1, "k");
    cr_assert_eq(consumer->seen_count, 0);
    sim.hold_sync = false;
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 1);
    cr_assert_str_eq(consumer->seen[0].subject, "a:b");
    cr_assert_str_eq(consumer->seen[0].key, "k");
    cr_assert_str_eq(consumer->seen[0].payload, "1");
    cr_assert_eq(consumer->seen[0].attempt, 1);
}

Test(broker, repeated_publish_is_confirmed_but_stored_once)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    publish_n(producer, 1, 5, "k");
    sim_kill(producer);
    sim_crash(&sim);
    /* The outbox did not hear of the confirmation and starts again at 3. */
    struct sim_client *again = sim_client(&sim, "p", 3, 0, NULL);
    publish_n(again, 3, 4, "k");
    cr_assert_eq(again->published, 6);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    consumer->on_event = ack_at_once;
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 6);
    cr_assert_str_eq(last_payload(consumer), "6");
}

Test(broker, a_producer_may_begin_behind_what_it_announced_and_then_go_on_by_one)
{
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    consumer->on_event = ack_at_once;
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    sim_settle(&sim);
    cr_assert_eq(sim_publish(producer, 41, "a:b", "k", "41"), 0);
    cr_assert_eq(sim_publish(producer, 43, "a:b", "k", "43"), RT_EINVAL);
    publish_n(producer, 42, 2, "k");
    cr_assert_eq(producer->published, 43);
    cr_assert_eq(consumer->seen_count, 3);
    /* Made anew, it learns what is taken before it publishes. */
    sim_kill(producer);
    struct sim_client *anew = sim_client(&sim, "p", 1, 0, NULL);
    sim_settle(&sim);
    cr_assert_eq(anew->taken, 43);
}

Test(broker, publishes_cut_off_by_a_crash_are_sent_again_in_order)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    publish_n(producer, 1, 2, "k");
    sim.hold_sync = true;
    publish_n(producer, 3, 3, "k");
    sim.hold_sync = false;
    sim_crash(&sim);
    sim_sleep(&sim, 100);
    cr_assert_eq(producer->published, 5);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    consumer->on_event = ack_at_once;
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 5);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(consumer->seen[i].payload[0], '1' + (char)i);
}

Test(broker, event_over_the_limit_is_refused_for_good)
{
    sim_done(&sim);
    memset(&sim.options, 0, sizeof sim.options);
    struct rt_broker_options options = {.payload_max = 4};
    sim_init(&sim, 1);
    rt_broker_free(sim.broker);
    sim.options = options;
    sim.broker = rt_broker_new(&options);
    rt_broker_start(sim.broker, 1, 1, 1);
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    /* Not connected yet, so the client does not know the broker's limit. */
    cr_assert_eq(sim_publish(producer, 1, "a", "", "12345"), 0);
    cr_assert_eq(sim_publish(producer, 2, "a", "", "1234"), 0);
    sim_settle(&sim);
    cr_assert_eq(producer->refused, 1);
    cr_assert_eq(producer->published, 2);
    cr_assert_eq(sim_publish(producer, 3, "a", "", "12345"), RT_ETOOBIG);
}

Test(broker, filters_select_subjects)
{
    static const char *const filters[] = {"ticket:*", "order.>", NULL};
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, filters);
    const char *subjects[] = {"ticket:made", "ticket:made:x", "order:a:b", "order", "x"};
    for (uint64_t i = 0; i < 5; i++)
        sim_publish(producer, i + 1, subjects[i], "", "");
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 2);
    cr_assert_str_eq(consumer->seen[0].subject, "ticket:made");
    cr_assert_str_eq(consumer->seen[1].subject, "order:a:b");
}

Test(broker, members_of_a_group_share_its_events)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *one = sim_client(&sim, "c", 0, 0, everything);
    struct sim_client *two = sim_client(&sim, "c", 0, 0, everything);
    one->on_event = two->on_event = ack_at_once;
    publish_n(producer, 1, 20, "");
    cr_assert_eq(one->seen_count, 10);
    cr_assert_eq(two->seen_count, 10);
}

Test(broker, key_order_holds_across_the_group)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *one = sim_client(&sim, "c", 0, 0, everything);
    struct sim_client *two = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 3, "k");
    cr_assert_eq(one->seen_count + two->seen_count, 1);
    struct sim_client *holder = one->seen_count ? one : two;
    rt_client_core_ack(holder->core, holder->seen[0].sequence);
    sim_settle(&sim);
    cr_assert_eq(one->seen_count + two->seen_count, 2);
}

Test(broker, window_bounds_what_is_in_flight)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 7, everything);
    publish_n(producer, 1, 50, "");
    cr_assert_eq(consumer->seen_count, 7);
    rt_client_core_ack(consumer->core, consumer->seen[3].sequence);
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 8);
}

Test(broker, unanswered_event_comes_again_after_ack_wait)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 1, "k");
    sim_sleep(&sim, RT_ACK_WAIT_MS - 1000);
    cr_assert_eq(consumer->seen_count, 1);
    sim_sleep(&sim, 2000);
    cr_assert_eq(consumer->seen_count, 2);
    cr_assert_eq(consumer->seen[1].attempt, 2);
    cr_assert_eq(consumer->seen[1].sequence, consumer->seen[0].sequence);
}

/* Regressions that users of other brokers reported. */

Test(broker, a_window_of_one_does_not_stall_after_a_lost_connection)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 1, everything);
    publish_n(producer, 1, 3, "");
    cr_assert_eq(consumer->seen_count, 1);
    sim_cut(consumer); /* with its one event in flight */
    sim_sleep(&sim, 1000);
    cr_assert_eq(consumer->seen_count, 2);
    cr_assert_str_eq(last_payload(consumer), "1");
    consumer->on_event = ack_at_once;
    rt_client_core_ack(consumer->core, consumer->seen[1].sequence);
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 4);
    cr_assert_eq(consumer->acked_count, 3);
}

Test(broker, redelivery_waits_for_ack_wait_though_the_client_is_gone)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *one = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 3, "");
    cr_assert_eq(one->seen_count, 3);
    struct sim_client *two = sim_client(&sim, "c", 0, 0, everything);
    sim_settle(&sim);
    cr_assert_eq(two->seen_count, 0);
    sim_kill(one);
    sim_settle(&sim); /* no time passes */
    cr_assert_eq(two->seen_count, 3);
    cr_assert_eq(two->seen[0].attempt, 2);
}

Test(broker, silent_client_is_given_up_in_seconds)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *one = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 3, "");
    struct sim_client *two = sim_client(&sim, "c", 0, 0, everything);
    one->frozen = true;
    sim_sleep(&sim, (int64_t)RT_HEARTBEAT_MS * (RT_HEARTBEATS_MISSED + 1));
    cr_assert_eq(two->seen_count, 3);
}

Test(broker, events_of_a_member_that_leaves_go_to_the_others)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *one = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 5, "");
    struct sim_client *two = sim_client(&sim, "c", 0, 0, everything);
    two->on_event = ack_at_once;
    sim_settle(&sim);
    rt_client_core_close(one->core);
    sim_settle(&sim);
    cr_assert_eq(two->seen_count, 5);
    cr_assert_eq(two->seen[0].attempt, 1, "a clean hand-over is no failed attempt");
    sim_sleep(&sim, INT64_C(3) * RT_ACK_WAIT_MS);
    cr_assert_eq(two->seen_count, 5);
}

Test(broker, acknowledgements_with_gaps_hold_across_power_losses)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 6, "");
    for (size_t i = 0; i < 6; i += 2) /* 1, 3, 5: with gaps */
        rt_client_core_ack(consumer->core, consumer->seen[i].sequence);
    sim_settle(&sim);
    cr_assert_eq(consumer->acked_count, 3);
    for (int crash = 0; crash < 3; crash++) {
        size_t before = consumer->seen_count;
        sim_crash(&sim);
        sim_sleep(&sim, 3000);
        cr_assert_eq(consumer->seen_count, before + 3);
        for (size_t i = before; i < before + 3; i++)
            cr_assert_eq((consumer->seen[i].payload[0] - '0') % 2, 0);
        if (crash == 1)
            sim_take_checkpoint(&sim);
    }
}

Test(broker, acks_under_way_at_a_crash_hold_after_it)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 4, "k");
    sim.hold_sync = true;
    rt_client_core_ack(consumer->core, consumer->seen[0].sequence);
    sim_settle(&sim);
    cr_assert_eq(consumer->acked_count, 0, "not durable, not confirmed");
    sim.hold_sync = false;
    sim_crash(&sim);
    sim_sleep(&sim, 3000);
    cr_assert_eq(consumer->acked_count, 1);
    cr_assert_str_eq(last_payload(consumer), "2");
}

Test(broker, redelivery_gives_each_event_to_one_member_only)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *one = sim_client(&sim, "c", 0, 0, everything);
    struct sim_client *two = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 8, "");
    cr_assert_eq(one->seen_count + two->seen_count, 8);
    sim_cut(one);
    sim_cut(two);
    one->on_event = two->on_event = ack_at_once;
    sim_sleep(&sim, 100);
    cr_assert_eq(one->seen_count + two->seen_count, 16, "each came once more, and only once");
    sim_sleep(&sim, INT64_C(2) * RT_ACK_WAIT_MS);
    cr_assert_eq(one->seen_count + two->seen_count, 16);
}

Test(broker, a_nack_holds_up_its_own_key_only)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    sim_publish(producer, 1, "s", "a", "a1");
    sim_publish(producer, 2, "s", "a", "a2");
    sim_publish(producer, 3, "s", "b", "b1");
    sim_publish(producer, 4, "s", "b", "b2");
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 2);
    cr_assert_str_eq(consumer->seen[0].payload, "a1");
    cr_assert_str_eq(consumer->seen[1].payload, "b1");
    rt_client_core_nack(consumer->core, consumer->seen[0].sequence, 5000);
    rt_client_core_ack(consumer->core, consumer->seen[1].sequence);
    sim_sleep(&sim, 4000);
    cr_assert_eq(consumer->seen_count, 3);
    cr_assert_str_eq(last_payload(consumer), "b2");
    sim_sleep(&sim, 1500);
    cr_assert_eq(consumer->seen_count, 4);
    cr_assert_str_eq(last_payload(consumer), "a1");
    cr_assert_eq(consumer->seen[3].attempt, 2);
    rt_client_core_ack(consumer->core, consumer->seen[3].sequence);
    sim_settle(&sim);
    cr_assert_str_eq(last_payload(consumer), "a2");
}

Test(broker, terminated_event_goes_to_the_dead_letters)
{
    static const char *const dead[] = {"$dead:>", NULL};
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    struct sim_client *undertaker = sim_client(&sim, "u", 0, 0, dead);
    publish_n(producer, 1, 2, "k");
    rt_client_core_terminate(consumer->core, consumer->seen[0].sequence, RT_STR("cannot be read"));
    sim_settle(&sim);
    cr_assert_eq(consumer->acked_count, 1);
    cr_assert_str_eq(last_payload(consumer), "2");
    cr_assert_eq(undertaker->seen_count, 1);
    cr_assert_str_eq(undertaker->seen[0].subject, "$dead:c:a:b");
    cr_assert_str_eq(undertaker->seen[0].payload, "1");
    sim_crash(&sim);
    sim_sleep(&sim, 3000);
    cr_assert_str_eq(last_payload(consumer), "2", "it stays dead");
}

Test(broker, too_many_deliveries_are_a_dead_letter)
{
    static const char *const dead[] = {"$dead:>", NULL};
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    struct sim_client *undertaker = sim_client(&sim, "u", 0, 0, dead);
    publish_n(producer, 1, 1, "k");
    for (int i = 0; i < RT_MAX_DELIVER; i++) {
        rt_client_core_nack(consumer->core, consumer->seen[0].sequence, 10);
        sim_sleep(&sim, 20);
        if (i == 5)
            sim_crash(&sim); /* the count goes on */
        sim_sleep(&sim, 3000);
    }
    cr_assert_eq(undertaker->seen_count, 1);
    cr_assert_leq(consumer->seen_count, RT_MAX_DELIVER + 1);
}

Test(broker, backlog_beyond_memory_is_read_from_the_log)
{
    rt_broker_free(sim.broker);
    sim.options.cache_bytes = (size_t)300 * 1024;
    sim.broker = rt_broker_new(&sim.options);
    rt_broker_start(sim.broker, 1, 1, 1);
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    for (uint64_t i = 1; i <= 20000; i += 2000)
        publish_n(producer, i, 2000, "");
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    consumer->on_event = ack_at_once;
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 20000);
    cr_assert_eq(consumer->acked_count, 20000);
    cr_assert_gt(sim.reads, 0);
}

/* Another broker, which compacts what publish_n publishes. */
static void compact_by_key(void)
{
    static struct rt_str filter;
    filter = RT_STR("a:*");
    sim_done(&sim);
    sim.options = (struct rt_broker_options){.compact = {.by_key = &filter, .by_key_count = 1}};
    sim_init(&sim, 1);
}

/* Asked often enough for what is durable to be noticed. */
static uint64_t compactable(void)
{
    rt_broker_compactable(sim.broker);
    rt_broker_compactable(sim.broker);
    return rt_broker_compactable(sim.broker);
}

Test(broker, compaction_waits_for_durable_acknowledgements)
{
    compact_by_key();
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    static const char *const others[] = {"b:>", NULL};
    sim_client(&sim, "elsewhere", 0, 0, others); /* never settles anything, and is not asked */
    sim_settle(&sim);
    publish_n(producer, 1, 2, "k");
    uint64_t first = consumer->seen[0].sequence;
    cr_assert_eq(compactable(), first - 1);

    sim.hold_sync = true;
    ack_at_once(consumer, &consumer->seen[0]);
    sim_settle(&sim);
    cr_assert_eq(compactable(), first - 1, "an acknowledgement that may be lost counts");
    sim.hold_sync = false;
    sim_settle(&sim);
    cr_assert_eq(compactable(), first);

    /* A new subscription that starts before it needs everything again. */
    sim_client(&sim, "new", 0, 0, everything);
    sim_settle(&sim);
    cr_assert_eq(rt_broker_compactable(sim.broker), first - 1);
}

Test(broker, nobody_is_given_what_compaction_is_about_to_take)
{
    compact_by_key();
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    publish_n(producer, 1, 3, "k");
    rt_broker_bar(sim.broker, 2, 4);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    consumer->on_event = ack_at_once;
    sim_settle(&sim);
    cr_assert_eq(consumer->seen_count, 1);
    const uint8_t only_the_second = 1;
    struct rt_broker_compacted what = {.base = 2, .next = 4, .bits = &only_the_second, .events = 1};
    rt_broker_compacted(sim.broker, &what);
    rt_broker_bar(sim.broker, 0, 0);
    publish_n(producer, 4, 1, "k");
    cr_assert_eq(consumer->seen_count, 3);
    cr_assert_str_eq(consumer->seen[1].payload, "2");
    cr_assert_str_eq(consumer->seen[2].payload, "4");
}

Test(broker, checkpoint_stands_for_what_came_before_it)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    publish_n(producer, 1, 4, "k");
    publish_n(producer, 5, 2, "other");
    rt_client_core_ack(consumer->core, consumer->seen[1].sequence); /* 5, of "other" */
    sim_settle(&sim);
    sim_take_checkpoint(&sim);
    sim_crash(&sim);
    size_t before = consumer->seen_count;
    sim_sleep(&sim, 3000);
    cr_assert_eq(consumer->seen_count, before + 2, "one of each key");
    cr_assert_str_eq(consumer->seen[before].payload, "1");
    cr_assert_str_eq(consumer->seen[before + 1].payload, "6");
    publish_n(producer, 7, 1, "");
    cr_assert_eq(producer->published, 7);
}

Test(broker, garbage_closes_only_its_own_connection)
{
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    publish_n(producer, 1, 1, "");
    static const uint8_t garbage[] = {4, 0, 0, 0, 250, 0, 0, 0};
    struct rt_broker_conn *conn = rt_broker_connect(sim.broker, NULL);
    rt_broker_input(sim.broker, conn, rt_bytes(garbage, sizeof garbage));
    cr_assert(rt_broker_conn_closing(conn));
    rt_broker_disconnect(sim.broker, conn);
    publish_n(producer, 2, 1, "");
    cr_assert_eq(producer->published, 2);
}

/* Puts an event under the sequence that the first log's only event had. */
static void begin_another_log(struct sim_client *producer)
{
    sim_swap_log(&sim);
    struct sim_client *namesake = sim_client(&sim, "c", 0, 0, everything);
    sim_settle(&sim);
    sim_kill(namesake);
    publish_n(producer, 2, 1, "other");
}

Test(broker, an_acknowledgement_of_an_earlier_log_settles_nothing)
{
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    sim_settle(&sim);
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    publish_n(producer, 1, 1, "k");
    cr_assert_eq(consumer->seen_count, 1);
    sim_cut(consumer);
    consumer->unreachable = true;
    rt_client_core_ack(consumer->core, consumer->seen[0].sequence);
    begin_another_log(producer);
    consumer->unreachable = false;
    sim_sleep(&sim, 3000);
    cr_assert_eq(consumer->seen_count, 2);
    cr_assert_eq(consumer->seen[1].sequence, consumer->seen[0].sequence);
    cr_assert_str_eq(last_payload(consumer), "2");
    cr_assert_eq(consumer->acked_count, 0);
}

Test(broker, a_late_answer_to_an_event_of_an_earlier_log_settles_nothing)
{
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    sim_settle(&sim);
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    publish_n(producer, 1, 1, "k");
    sim_cut(consumer);
    consumer->unreachable = true;
    begin_another_log(producer);
    consumer->unreachable = false;
    sim_sleep(&sim, 3000);
    cr_assert_eq(consumer->seen_count, 1, "not before the application has answered");
    rt_client_core_ack(consumer->core, consumer->seen[0].sequence);
    sim_sleep(&sim, 1000);
    cr_assert_eq(consumer->seen_count, 2);
    cr_assert_eq(consumer->seen[1].sequence, consumer->seen[0].sequence);
    cr_assert_eq(consumer->acked_count, 0);
    rt_client_core_ack(consumer->core, consumer->seen[1].sequence);
    sim_settle(&sim);
    cr_assert_eq(consumer->acked_count, 1);
}
