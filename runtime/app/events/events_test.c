#include <criterion/criterion.h>

#include "runtime/app/events/consumer.h"
#include "runtime/app/events/replica.h"
#include "tests/support/failing_db.h"
#include "tests/support/shop.h"

/* ---------------------------------------------------------------- the rules */

/* Streams of several records of which events are lost, late and repeated: what is left is the
 * newest that arrived, and what is gone stays gone. */
Test(rules, replicas_end_at_the_newest_version_that_arrived)
{
    enum { SEEDS = 200, EVENTS = 60, VERSIONS = 20 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        uint64_t random = seed * 0x9E3779B97F4A7C15u;
        int64_t known = 0, newest = 0, last = VERSIONS - (int64_t)(seed % 3);
        bool gone = false;
        for (int i = 0; i < EVENTS; i++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            int64_t version = 1 + (int64_t)(random % (uint64_t)last);
            newest = version > newest ? version : newest;
            if (!rt_replica_is_news(known, version))
                continue;
            cr_assert_not(gone, "seed %llu: it came back", (unsigned long long)seed);
            known = version;
            gone = version == last; /* the last one is its end */
        }
        cr_assert_eq(known, newest, "seed %llu", (unsigned long long)seed);
        cr_assert_eq(gone, newest == last, "seed %llu", (unsigned long long)seed);
    }
}

Test(rules, the_relay_keeps_order_and_window)
{
    struct rt_relay_core core;
    rt_relay_core_init(&core, 5, 3);
    cr_assert_eq(rt_relay_core_room(&core), 3);
    for (uint64_t sequence = 5; sequence < 8; sequence++)
        rt_relay_core_sent(&core, sequence);
    cr_assert_eq(rt_relay_core_room(&core), 0);
    cr_assert_not(rt_relay_core_published(&core, 4), "that was before");
    cr_assert(rt_relay_core_published(&core, 6));
    cr_assert_eq(core.published, 6);
    cr_assert_eq(rt_relay_core_room(&core), 2);
    cr_assert_not(rt_relay_core_published(&core, 5), "it never goes back");
    cr_assert(rt_relay_core_published(&core, 99), "what was not sent is not believed");
    cr_assert_eq(core.published, 7);
    cr_assert_eq(core.next, 8);
    cr_assert_eq(rt_relay_core_room(&core), 3);
}

Test(rules, retries_wait_longer_each_time_up_to_a_bound)
{
    cr_assert_eq(rt_consumer_backoff_ms(1), 200);
    cr_assert_eq(rt_consumer_backoff_ms(2), 400);
    cr_assert_eq(rt_consumer_backoff_ms(4), 1600);
    cr_assert_eq(rt_consumer_backoff_ms(9), 30000);
    cr_assert_eq(rt_consumer_backoff_ms(UINT32_MAX), 30000);
}

/* ---------------------------------------------------------------- the shell */

static struct shop shop;

static void setup(void)
{
    shop_init(&shop);
}

static void teardown(void)
{
    shop_done(&shop);
}

TestSuite(events, .init = setup, .fini = teardown, .timeout = 30);

static void create(const char *title)
{
    const char *body = rt_arena_printf(&shop.arena, "{\"title\":\"%s\",\"price\":1}", title);
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", "", body), 201);
}

static bool has_published(struct shop *s, void *n)
{
    return s->channel.n_published == *(size_t *)n;
}

static void wait_published(size_t n)
{
    shop_wait(&shop, has_published, &n, "publishes");
    for (size_t i = 1; i < n; i++)
        cr_assert_eq(shop.channel.published[i], shop.channel.published[i - 1] + 1);
}

static void confirm(struct shop *s, void *up_to)
{
    s->channel.confirmed = *(uint64_t *)up_to;
    s->channel.events->published(s->channel.arg, *(uint64_t *)up_to);
}

static void set_window(struct shop *s, void *window)
{
    s->channel.window = *(size_t *)window;
}

Test(events, committed_events_reach_the_channel_in_order_within_its_window)
{
    size_t window = 2;
    shop_on_loop(&shop, set_window, &window);
    for (int i = 0; i < 5; i++)
        create(rt_arena_printf(&shop.arena, "t%d", i));
    wait_published(2);
    cr_assert_eq(shop.channel.published[0], 1);
    uint64_t up_to = 2;
    shop_on_loop(&shop, confirm, &up_to);
    wait_published(4);
    up_to = 4;
    shop_on_loop(&shop, confirm, &up_to);
    wait_published(5);
}

Test(events, a_restart_publishes_what_was_not_confirmed_under_the_same_sequences)
{
    for (int i = 0; i < 3; i++)
        create(rt_arena_printf(&shop.arena, "t%d", i));
    wait_published(3);
    shop_stop(&shop);
    shop_start(&shop);
    cr_assert_eq(shop.channel.next_sequence, 1);
    wait_published(3);
    cr_assert_eq(shop.channel.published[0], 1);
    uint64_t up_to = 3;
    shop_on_loop(&shop, confirm, &up_to);
    create("t4"); /* its commit carries the trim */
    wait_published(4);
    shop_stop(&shop);
    shop_start(&shop);
    cr_assert_eq(shop.channel.next_sequence, 4);
    wait_published(1);
    cr_assert_eq(shop.channel.published[0], 4);
}

Test(events, what_is_not_confirmed_is_never_forgotten)
{
    for (int i = 0; i < 3; i++)
        create(rt_arena_printf(&shop.arena, "t%d", i));
    wait_published(3);
    uint64_t up_to = 2;
    shop_on_loop(&shop, confirm, &up_to);
    create("t4"); /* its commit carries the trim */
    wait_published(4);
    shop_stop(&shop);
    shop_start(&shop);
    cr_assert_eq(shop.channel.next_sequence, 3);
    wait_published(2);
    cr_assert_eq(shop.channel.published[0], 3);
}

Test(events, a_store_made_anew_does_not_reuse_the_numbers_of_the_old_one)
{
    create("of the old one");
    wait_published(1);
    shop_stop(&shop);
    shop.taken = 40; /* there were more before */
    shop.options.data = rt_arena_printf(&shop.arena, "%s/anew", shop.dir);
    shop_start(&shop);
    create("of the new one");
    wait_published(1);
    cr_assert_eq(shop.channel.published[0], 41);
    shop_stop(&shop);
    shop_start(&shop);
    wait_published(1);
    cr_assert_eq(shop.channel.published[0], 41, "agreed upon, it stays");
}

Test(events, a_rejected_request_publishes_nothing)
{
    create("same");
    cr_assert_eq(
        shop_request(&shop, "POST", "/api/items", "ann", "", "{\"title\":\"same\",\"price\":1}"),
        409);
    create("other");
    wait_published(2);
    cr_assert_eq(shop.channel.published[1], 2);
}

static bool is_unreadable(struct shop *s, void *unreadable)
{
    return s->app->relay.unreadable == *(bool *)unreadable;
}

Test(events, an_outbox_that_cannot_be_read_is_reported_and_tried_again)
{
    bool yes = true, no = false;
    failing_db_walks(true);
    create("a");
    shop_wait(&shop, is_unreadable, &yes, "the report");
    cr_assert_eq(shop.channel.n_published, 0);
    failing_db_walks(false);
    create("b");
    wait_published(2);
    shop_wait(&shop, is_unreadable, &no, "the end of it");
}

static void refuse(struct shop *s, void *sequence)
{
    s->channel.events->refused(s->channel.arg, *(uint64_t *)sequence, "item:changed: no");
}

static void welcome(struct shop *s, void *arg)
{
    (void)arg;
    s->channel.events->welcome(s->channel.arg, s->channel.confirmed, s->channel.confirmed);
}

static bool has_held(struct shop *s, void *n)
{
    struct rt_txn txn;
    rt_store_read_begin(s->app->owner.store, &s->arena, &txn);
    size_t held = rt_txn_held(&txn, NULL, NULL);
    rt_store_read_end(&txn);
    return held == *(size_t *)n && !s->app->relay.busy;
}

static void wait_held(size_t n)
{
    shop_wait(&shop, has_held, &n, "held events");
}

static const char *create_item(const char *title)
{
    create(title);
    return shop_member(&shop, "id");
}

static void change(const char *id)
{
    const char *path = rt_arena_printf(&shop.arena, "/api/items/%s", id);
    static int n; /* titles are unique */
    const char *body = rt_arena_printf(&shop.arena, "{\"title\":\"change %d\",\"price\":2}", ++n);
    cr_assert_eq(shop_request(&shop, "PUT", path, "ann", "", body), 200);
}

static void refuse_and_confirm(uint64_t sequence, uint64_t up_to)
{
    shop_on_loop(&shop, refuse, &sequence);
    shop_on_loop(&shop, confirm, &up_to);
}

Test(events, what_the_channel_refuses_is_held_and_others_go_on)
{
    size_t window = 2;
    shop_on_loop(&shop, set_window, &window);
    const char *a = create_item("a"), *b = create_item("b");
    wait_published(2);
    change(a); /* does not fit into the window any more */
    const char *c = create_item("c");
    refuse_and_confirm(1, 2);
    wait_published(3);
    wait_held(2);
    cr_expect_str_eq(shop.channel.keys[1], b);
    cr_expect_str_eq(shop.channel.keys[2], c, "it moved up");
    uint64_t up_to = 3;
    shop_on_loop(&shop, confirm, &up_to);
    change(a);
    change(b);
    wait_published(4);
    wait_held(3);
    cr_expect_str_eq(shop.channel.keys[3], b);
    shop_stop(&shop);
    shop_start(&shop);
    cr_assert_eq(shop.app->relay.refused, 0);
    wait_published(2); /* b, which was not confirmed, and a, tried again */
    cr_expect_eq(shop.channel.published[0], 4);
    cr_expect_str_eq(shop.channel.keys[0], b);
    cr_expect_str_eq(shop.channel.keys[1], a);
}

Test(events, held_events_are_tried_again_one_after_the_other)
{
    const char *a = create_item("a");
    wait_published(1);
    refuse_and_confirm(1, 1);
    wait_held(1);
    change(a);
    wait_held(2);
    shop_request(&shop, "GET", "/readyz", NULL, "", NULL);
    cr_expect_not_null(strstr(shop_body(&shop), "\"heldEvents\":"), "%s", shop_body(&shop));
    shop_on_loop(&shop, welcome, NULL);
    wait_published(2);
    wait_held(1);
    refuse_and_confirm(2, 2);
    wait_held(2);
    change(a);
    wait_held(3);
    for (uint64_t sequence = 3; sequence <= 5; sequence++) {
        if (sequence == 3)
            shop_on_loop(&shop, welcome, NULL);
        wait_published(sequence);
        cr_expect_str_eq(shop.channel.keys[sequence - 1], a);
        shop_on_loop(&shop, confirm, &sequence);
    }
    wait_held(0);
    change(a);
    wait_published(6);
    cr_expect_eq(shop.app->relay.refused, 2);
}

/* --------------------------------------------------------------- deliveries */

struct arrival {
    uint64_t sequence;
    const char *id;
    int64_t version;
    bool broken;
    const char *name; /* NULL: one made of the version */
    bool last;        /* by the event that ends a record */
    uint32_t attempt; /* 0: the first */
};

static void deliver_now(struct shop *s, void *arg)
{
    const struct arrival *arrival = arg;
    struct shop_supplier supplier;
    rt_message_init(&shop_supplier_message, &supplier);
    supplier.id = arrival->id;
    supplier.name = arrival->name ? arrival->name
                                  : rt_arena_printf(&s->arena, "name %d", (int)arrival->version);
    supplier.version = arrival->version;
    struct rt_buf payload = {0};
    rt_pb_encode(&supplier, &payload);
    const struct rt_event event = {
        .sequence = arrival->sequence,
        .attempt = arrival->attempt ? arrival->attempt : 1,
        .subject = arrival->last ? RT_STR("supplier:gone") : RT_STR("supplier:changed"),
        .key = rt_str(arrival->id),
        .payload = arrival->broken ? rt_bytes("\xFF\xFF", 2) : rt_buf_bytes(&payload),
    };
    s->channel.events->event(s->channel.arg, &event);
    rt_buf_done(&payload);
}

static bool has_settled(struct shop *s, void *n)
{
    return s->channel.n_acked + s->channel.n_nacked + s->channel.n_dead == *(size_t *)n;
}

static void deliver_one(struct arrival arrival)
{
    size_t n = shop.channel.n_acked + shop.channel.n_nacked + shop.channel.n_dead + 1;
    shop_on_loop(&shop, deliver_now, &arrival);
    shop_wait(&shop, has_settled, &n, "a delivery");
}

static void deliver(uint64_t sequence, const char *id, int64_t version, bool broken)
{
    deliver_one((struct arrival){sequence, id, version, broken, NULL, false, 0});
}

static int64_t version_of(const char *id)
{
    struct shop_supplier *supplier = shop_get(&shop, &shop_supplier_model, id);
    return supplier ? supplier->version : 0;
}

Test(events, replicas_follow_whatever_the_order_and_whatever_is_missing)
{
    cr_assert_eq(shop.channel.subjects, 2, "a replica and a listener share one");
    deliver(1, "a", 3, false);
    cr_assert_eq(version_of("a"), 3, "a gap does not block");
    deliver(2, "a", 2, false);
    cr_assert_eq(version_of("a"), 3, "late");
    deliver(3, "b", 1, false);
    cr_assert_eq(version_of("b"), 1, "records are apart");
    deliver(4, "a", 3, false);
    deliver(5, "a", 5, false);
    shop_stop(&shop);
    shop_start(&shop);
    deliver(6, "a", 4, false);
    struct shop_supplier *supplier = shop_get(&shop, &shop_supplier_model, "a");
    cr_assert_eq(supplier->version, 5);
    cr_assert_str_eq(supplier->name, "name 5");
}

Test(events, what_is_gone_is_not_brought_back_by_what_comes_late)
{
    deliver(1, "a", 1, false);
    deliver_one((struct arrival){.sequence = 2, .id = "a", .version = 3, .last = true});
    cr_assert_eq(version_of("a"), 0);
    deliver(3, "a", 2, false);
    cr_assert_eq(version_of("a"), 0, "late");
    deliver_one((struct arrival){.sequence = 4, .id = "b", .version = 2, .last = true});
    deliver(5, "b", 1, false);
    cr_assert_eq(version_of("b"), 0, "the end came first");
    deliver(6, "a", 4, false);
    cr_assert_eq(version_of("a"), 4, "made anew");
}

struct parked {
    const char *id;
    int64_t version;
};

static int park(struct rt_txn *txn, void *arg)
{
    const struct parked *parked = arg;
    struct shop_supplier supplier;
    rt_message_init(&shop_supplier_message, &supplier);
    supplier.id = parked->id;
    supplier.name = "parked";
    supplier.version = parked->version;
    struct rt_buf key = {0}, value = {0};
    uint8_t version[8] = {0, 0, 0, 0, 0, 0, 0, (uint8_t)parked->version};
    rt_buf_append(&key, "Supplier", 9);
    rt_buf_append(&key, parked->id, strlen(parked->id) + 1);
    rt_buf_append(&key, version, sizeof(version));
    rt_buf_append(&value, "SupplierChanged", 16);
    rt_pb_encode(&supplier, &value);
    rt_txn_kv_put(txn, RT_PARKED_SPACE, rt_buf_bytes(&key), rt_buf_bytes(&value));
    rt_buf_done(&key);
    rt_buf_done(&value);
    return 0;
}

static bool has_version(struct shop *s, void *arg)
{
    const struct parked *wanted = arg;
    struct rt_txn txn;
    rt_store_read_begin(s->app->owner.store, &s->arena, &txn);
    struct shop_supplier *supplier = rt_txn_get(&txn, &shop_supplier_model, wanted->id);
    int64_t version = supplier ? supplier->version : 0;
    rt_store_read_end(&txn);
    return version == wanted->version;
}

Test(events, what_an_earlier_program_parked_is_applied)
{
    struct parked a3 = {"a", 3}, a2 = {"a", 2}, b7 = {"b", 7};
    cr_assert_eq(shop_write(&shop, park, &a3), 0);
    cr_assert_eq(shop_write(&shop, park, &a2), 0);
    cr_assert_eq(shop_write(&shop, park, &b7), 0);
    shop_stop(&shop);
    shop_start(&shop);
    shop_wait(&shop, has_version, &a3, "a");
    shop_wait(&shop, has_version, &b7, "b");
}

Test(events, a_listener_that_fails_does_not_hold_its_replica_back)
{
    shop_listener_answer = RT_RETRY;
    deliver(1, "a", 1, false);
    cr_assert_eq(shop.channel.n_nacked, 1);
    cr_assert_eq(version_of("a"), 1, "the replica followed");
    deliver(2, "a", 2, false);
    cr_assert_eq(version_of("a"), 2);
    shop_listener_answer = RT_LISTENED;
    deliver(1, "a", 1, false);
    cr_assert_eq(shop.channel.n_acked, 1);
    cr_assert_eq(shop_listener_calls, 3, "and the listener had its event");
    cr_assert_eq(version_of("a"), 2);
}

Test(events, an_event_that_comes_twice_has_its_effect_once)
{
    deliver(11, "a", 1, false);
    deliver(11, "a", 1, false);
    cr_assert_eq(shop_listener_calls, 1);
    cr_assert_eq(shop.channel.n_acked, 2, "and is acknowledged again");
    shop_stop(&shop);
    shop_start(&shop);
    deliver(11, "a", 1, false);
    cr_assert_eq(shop_listener_calls, 1, "the inbox survives a restart");
}

Test(events, a_guarded_listener_passes_over_what_it_does_not_want)
{
    deliver(31, "a", 9, false);
    cr_assert_eq(shop_listener_calls, 0);
    cr_assert_eq(shop.channel.n_acked, 1, "it is done with all the same");
    deliver(32, "a", 8, false);
    cr_assert_eq(shop_listener_calls, 1);
}

static void confirm_ack(struct shop *s, void *sequence)
{
    s->channel.events->acked(s->channel.arg, *(uint64_t *)sequence);
}

Test(events, the_inbox_forgets_what_never_comes_again)
{
    uint64_t sequence = 11;
    deliver(sequence, "a", 1, false);
    deliver(sequence, "a", 1, false);
    cr_assert_eq(shop_listener_calls, 1);
    shop_on_loop(&shop, confirm_ack, &sequence);
    for (int tries = 0; shop_listener_calls == 1; tries++) {
        cr_assert_lt(tries, 1000);
        deliver(sequence, "a", 1, false);
    }
}

Test(events, a_channel_that_gives_its_sequences_again_is_listened_to)
{
    deliver(11, "a", 1, false);
    deliver(11, "b", 1, false);
    cr_assert_eq(shop_listener_calls, 2);
    cr_assert_eq(version_of("b"), 1);
}

Test(events, a_listener_may_ask_for_it_again)
{
    shop_listener_answer = RT_RETRY;
    deliver(21, "a", 1, false);
    cr_assert_eq(shop.channel.n_nacked, 1);
    cr_assert_eq(version_of("a"), 1, "the replica followed");
    shop_listener_answer = RT_LISTENED;
    deliver(21, "a", 1, false);
    cr_assert_eq(shop.channel.n_acked, 1);
    cr_assert_eq(version_of("a"), 1);
    cr_assert_eq(shop_listener_calls, 2);
}

Test(events, an_event_that_is_stuck_is_named_until_it_has_its_effect)
{
    shop_listener_answer = RT_RETRY;
    deliver_one((struct arrival){.sequence = 21, .id = "a", .version = 1, .attempt = 4});
    shop_request(&shop, "GET", "/readyz", NULL, "", NULL);
    cr_expect_null(strstr(shop_body(&shop), "stuck"), "%s", shop_body(&shop));
    deliver_one((struct arrival){.sequence = 21, .id = "a", .version = 1, .attempt = 5});
    deliver_one((struct arrival){.sequence = 22, .id = "b", .version = 1, .attempt = 9});
    shop_request(&shop, "GET", "/readyz", NULL, "", NULL);
    const char *stuck =
        "\"stuck\":[{\"sequence\":21,\"attempt\":5,\"why\":\"shop, listener heard, key a, "
        "version 1: not yet\"},{\"sequence\":22,";
    cr_expect_not_null(strstr(shop_body(&shop), stuck), "%s", shop_body(&shop));
    shop_listener_answer = RT_LISTENED;
    deliver_one((struct arrival){.sequence = 21, .id = "a", .version = 1, .attempt = 6});
    deliver_one((struct arrival){.sequence = 22, .id = "b", .version = 1, .attempt = 10});
    shop_request(&shop, "GET", "/readyz", NULL, "", NULL);
    cr_expect_null(strstr(shop_body(&shop), "stuck"), "%s", shop_body(&shop));
    cr_expect_not_null(strstr(shop_body(&shop), "\"lagMs\":"), "%s", shop_body(&shop));
}

Test(events, what_does_not_decode_is_given_up)
{
    deliver(31, "a", 1, true);
    cr_assert_eq(shop.channel.n_dead, 1);
    deliver(32, "a", 0, false);
    cr_assert_eq(shop.channel.n_dead, 2, "no version");
    deliver(33, "", 1, false);
    cr_assert_eq(shop.channel.n_dead, 3, "no id");
    deliver(34, "a", 1, false);
    cr_assert_eq(shop.channel.n_acked, 1, "others go on");
}

Test(events, what_breaks_its_constraints_is_given_up)
{
    const char *name = "a name of more than the forty characters";
    deliver_one((struct arrival){41, "a", 1, false, name, false, 0});
    cr_assert_eq(shop.channel.n_acked, 1, "exactly forty are fine");
    deliver_one(
        (struct arrival){42, "b", 1, false, "a name of more than the forty characters!", false, 0});
    cr_assert_eq(shop.channel.n_dead, 1);
    cr_assert_str_eq(
        shop.channel.dead_why,
        "shop, replica Supplier, key b: /name: Must be at most 40 characters (length)");
    cr_assert_eq(version_of("b"), 0, "no replica followed");
    cr_assert_eq(shop_listener_calls, 1, "and no listener heard of it");
    deliver(43, "b", 1, false);
    cr_assert_eq(shop.channel.n_acked, 2, "others go on");
}
