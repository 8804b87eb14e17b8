#include "runtime/app/events/consumer.h"

#include <criterion/criterion.h>

#include "runtime/app/events/fake_transport.h"
#include "runtime/app/events/replica.h"
#include "runtime/store/fixture.h"

/* The fixture's books are the replica; listeners write into a key-value space. */
static const struct rt_event_type book_changed = {
    .name = "BookChanged", .subject = "book:changed", .message = &test_book_message};
static const struct rt_event_type book_read = {
    .name = "BookRead", .subject = "book:read", .message = &test_book_message};
static const struct rt_event_type *const replica_events[] = {&book_changed};
static const struct rt_replica replica = {
    .model = &test_book_model, .events = replica_events, .n_events = 1};

static int calls_before_success;

static enum rt_listened count_reading(struct rt_ctx *ctx, const void *event)
{
    const struct test_book *book = event;
    struct rt_bytes key = rt_str_bytes(rt_str(book->id));
    struct rt_bytes old = rt_txn_kv_get(ctx->txn, 'x', key);
    uint8_t count = old.data ? (uint8_t)(old.data[0] + 1) : 1;
    rt_txn_kv_put(ctx->txn, 'x', key, rt_bytes(&count, 1));
    return calls_before_success-- > 0 ? RT_RETRY : RT_LISTENED;
}

static const struct rt_listener listener = {
    .name = "count_reading", .event = &book_read, .handle = count_reading};
static const struct rt_service service = {
    .name = "reader",
    .listeners = &listener,
    .n_listeners = 1,
    .replicas = &replica,
    .n_replicas = 1,
};

struct bench {
    struct fixture f;
    struct fake_transport fake;
    struct rt_consumer *consumer;
};

static void bench_init(struct bench *b)
{
    calls_before_success = 0;
    fixture_init(&b->f);
    fake_transport_init(&b->fake, FAKE_MAX);
    b->consumer = rt_consumer_new(&service, b->f.store);
    rt_consumer_attach(b->consumer, &b->fake.base);
}

static void bench_done(struct bench *b)
{
    fixture_done(&b->f);
    rt_consumer_free(b->consumer);
}

static size_t settled(const struct bench *b)
{
    return b->fake.n_acked + b->fake.n_nacked + b->fake.n_dead;
}

static void deliver_bytes(struct bench *b, uint64_t sequence, uint32_t attempt, const char *subject,
                          struct rt_bytes payload)
{
    size_t before = settled(b);
    rt_consumer_event(b->consumer, &(struct rt_event){.sequence = sequence,
                                                      .attempt = attempt,
                                                      .subject = rt_str(subject),
                                                      .key = RT_STR("k"),
                                                      .payload = payload});
    while (settled(b) == before)
        uv_run(&b->f.loop, UV_RUN_ONCE);
}

static void deliver(struct bench *b, uint64_t sequence, const char *subject, const char *title,
                    int64_t version)
{
    struct test_book book;
    struct rt_buf bytes = {0};
    rt_message_init(&test_book_message, &book);
    book.id = "b1";
    book.title = title;
    book.version = version;
    rt_pb_encode(&book, &bytes);
    deliver_bytes(b, sequence, 1, subject, rt_buf_bytes(&bytes));
    rt_buf_done(&bytes);
}

/* The replica as "title/version", or "none". */
static const char *stored(struct bench *b)
{
    struct rt_txn txn;
    rt_store_read_begin(b->f.store, &b->f.arena, &txn);
    const struct test_book *book = rt_txn_get(&txn, &test_book_model, "b1");
    const char *text =
        book ? rt_arena_printf(&b->f.arena, "%s/%d", book->title, (int)book->version) : "none";
    rt_store_read_end(&txn);
    return text;
}

static int readings(struct bench *b)
{
    struct rt_txn txn;
    rt_store_read_begin(b->f.store, &b->f.arena, &txn);
    struct rt_bytes count = rt_txn_kv_get(&txn, 'x', rt_bytes("b1", 2));
    rt_store_read_end(&txn);
    return count.data ? count.data[0] : 0;
}

Test(replica, rule)
{
    cr_assert_eq(rt_replica_rule(0, 1), RT_REPLICA_APPLY);
    cr_assert_eq(rt_replica_rule(0, 2), RT_REPLICA_PARK);
    cr_assert_eq(rt_replica_rule(4, 5), RT_REPLICA_APPLY);
    cr_assert_eq(rt_replica_rule(4, 4), RT_REPLICA_DROP);
    cr_assert_eq(rt_replica_rule(4, 1), RT_REPLICA_DROP);
    cr_assert_eq(rt_replica_rule(4, 6), RT_REPLICA_PARK);
}

Test(replica, goes_through_versions_one_by_one_whatever_order_they_come_in)
{
    struct bench b;
    bench_init(&b);
    deliver(&b, 1, "book:changed", "third", 3);
    deliver(&b, 2, "book:changed", "second", 2);
    cr_assert_str_eq(stored(&b), "none");
    deliver(&b, 3, "book:changed", "first", 1);
    cr_assert_str_eq(stored(&b), "third/3");
    deliver(&b, 4, "book:changed", "second", 2);
    cr_assert_str_eq(stored(&b), "third/3");
    deliver(&b, 5, "book:changed", "fourth", 4);
    cr_assert_str_eq(stored(&b), "fourth/4");
    cr_assert_eq(b.fake.n_acked, 5);
    bench_done(&b);
}

Test(consumer, an_event_that_comes_again_has_no_second_effect)
{
    struct bench b;
    bench_init(&b);
    for (int i = 0; i < 3; i++)
        deliver(&b, 7, "book:read", "x", 1);
    cr_assert_eq(readings(&b), 1);
    cr_assert_eq(b.fake.n_acked, 3);
    deliver(&b, 8, "book:read", "x", 1);
    cr_assert_eq(readings(&b), 2);
    bench_done(&b);
}

static int inbox_is_empty(struct rt_txn *txn, void *arg)
{
    (void)arg;
    return rt_txn_inbox_has(txn, 7) ? RT_EEXIST : 0;
}

Test(consumer, forgets_an_event_once_its_acknowledgement_is_confirmed)
{
    struct bench b;
    bench_init(&b);
    deliver(&b, 7, "book:read", "x", 1);
    cr_assert_eq(fixture_write(&b.f, inbox_is_empty, NULL), RT_EEXIST);
    rt_consumer_acked(b.consumer, 7);
    deliver(&b, 8, "book:read", "x", 1);
    cr_assert_eq(fixture_write(&b.f, inbox_is_empty, NULL), 0);
    bench_done(&b);
}

Test(consumer, a_retry_undoes_what_the_listener_wrote_and_waits_longer_each_time)
{
    struct bench b;
    bench_init(&b);
    calls_before_success = 1;
    deliver(&b, 7, "book:read", "x", 1);
    cr_assert_eq(readings(&b), 0);
    cr_assert_eq(b.fake.nacked[0], 7);
    cr_assert_eq(b.fake.delays[0], 100);
    deliver(&b, 7, "book:read", "x", 1);
    cr_assert_eq(readings(&b), 1);
    cr_assert_eq(b.fake.acked[0], 7);
    bench_done(&b);
}

Test(consumer, what_cannot_be_decoded_is_a_dead_letter)
{
    struct bench b;
    bench_init(&b);
    deliver_bytes(&b, 7, 1, "book:changed", rt_bytes("\xFF\xFF\xFF", 3));
    deliver_bytes(&b, 8, 1, "book:changed", rt_bytes("", 0)); /* no id, no version */
    cr_assert_eq(b.fake.n_dead, 2);
    cr_assert_eq(b.fake.dead[0], 7);
    cr_assert_str_eq(stored(&b), "none");
    bench_done(&b);
}

Test(consumer, listens_to_each_subject_once)
{
    struct bench b;
    bench_init(&b);
    const char *const *subjects = rt_consumer_subjects(b.consumer);
    cr_assert_str_eq(subjects[0], "book:changed");
    cr_assert_str_eq(subjects[1], "book:read");
    cr_assert_null(subjects[2]);
    bench_done(&b);
}
