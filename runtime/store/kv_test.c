/* Outbox, inbox and the application's own keys. */
#include <criterion/criterion.h>

#include "tests/support/store_fixture.h"

static struct fixture f;

static void setup(void)
{
    fixture_init(&f);
}

static void teardown(void)
{
    check_store(&f);
    fixture_done(&f);
}

TestSuite(kv, .init = setup, .fini = teardown);

static int run_events(struct rt_txn *txn, void *arg)
{
    for (const char *c = arg; *c != '\0'; c++)
        rt_txn_outbox(txn, RT_STR("book:added"), rt_str_n(c, 1), rt_bytes(c, 1));
    return 0;
}

static size_t read_outbox(uint64_t from, struct rt_outbox_entry entries[16])
{
    size_t n;
    cr_assert_eq(rt_store_outbox_read(f.store, from, 16, &f.arena, entries, &n), 0);
    return n;
}

static void count(void *arg)
{
    ++*(int *)arg;
}

static void reopen(void)
{
    fixture_close(&f);
    struct rt_error error = {0};
    cr_assert_eq(fixture_open(&f, &error), 0, "%s", error.message);
}

Test(kv, outbox_keeps_order_and_tells)
{
    struct rt_outbox_entry entries[16];
    int told = 0;
    rt_store_on_outbox(f.store, count, &told);
    cr_expect_eq(rt_store_outbox_first(f.store), 1, "what the first entry will get");
    cr_expect_eq(read_outbox(1, entries), 0);
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b1", "Emma")), 0);
    cr_expect_eq(told, 0);
    cr_assert_eq(fixture_write(&f, run_events, (void *)(uintptr_t) "abc"), 0);
    cr_expect_eq(told, 1);
    cr_assert_eq(fixture_write(&f, run_events, (void *)(uintptr_t) "de"), 0);
    cr_expect_eq(read_outbox(1, entries), 5);
    for (size_t i = 0; i < 5; i++) {
        cr_expect_eq(entries[i].sequence, i + 1);
        cr_expect(rt_str_eq(entries[i].subject, RT_STR("book:added")));
        cr_expect_eq(entries[i].key.data[0], "abcde"[i]);
        cr_expect_eq(entries[i].payload.data[0], "abcde"[i]);
        cr_expect(entries[i].time_ms > 0);
    }
    cr_expect_eq(read_outbox(4, entries), 2);
    cr_expect_eq(entries[0].sequence, 4);
    size_t n;
    cr_expect_eq(rt_store_outbox_read(f.store, 1, 2, &f.arena, entries, &n), 0);
    cr_expect_eq(n, 2);
}

static void add_events(const char *keys)
{
    cr_assert_eq(fixture_write(&f, run_events, (void *)(uintptr_t)keys), 0);
}

struct agreement {
    uint64_t taken;
    uint64_t moved;
    bool changed;
};

static int run_agree(struct rt_txn *txn, void *arg)
{
    struct agreement *agreement = arg;
    agreement->changed = rt_txn_outbox_agree(txn, agreement->taken, &agreement->moved);
    return 0;
}

/* How many entries got another number. */
static uint64_t agree(uint64_t taken)
{
    struct agreement agreement = {.taken = taken};
    cr_expect_eq(fixture_write(&f, run_agree, &agreement), 0);
    return agreement.moved;
}

Test(kv, outbox_numbers_that_the_channel_has_seen_are_not_given_again)
{
    struct rt_outbox_entry entries[16];
    add_events("abcde");
    cr_expect_eq(agree(3), 5, "overlapping, and never published");
    cr_expect_eq(rt_store_outbox_first(f.store), 4);
    cr_assert_eq(read_outbox(1, entries), 5);
    cr_expect_eq(entries[0].sequence, 4);
    cr_expect(rt_str_eq(entries[0].key, RT_STR("a")));
    cr_expect(rt_str_eq(entries[4].key, RT_STR("e")));
    cr_expect_eq(agree(99), 0, "once agreed upon, numbers stay");
    cr_expect_eq(rt_store_outbox_first(f.store), 4);

    /* After a restart those may be published already; only what comes now may move. */
    reopen();
    add_events("fg");
    cr_expect_eq(agree(8), 0, "the channel has what was published, and no more");
    cr_expect_eq(read_outbox(1, entries), 7);
    reopen();
    add_events("hi");
    reopen();
    add_events("j");
    cr_expect_eq(agree(100), 3, "never agreed upon before the restart either");
    cr_expect_eq(rt_store_outbox_first(f.store), 101, "the channel has the others");
    cr_assert_eq(read_outbox(1, entries), 3);
    cr_expect(rt_str_eq(entries[0].key, RT_STR("h")));
    check_store(&f);
    reopen();
    cr_expect_eq(rt_store_outbox_first(f.store), 101);
    cr_expect_eq(read_outbox(1, entries), 3);
}

Test(kv, outbox_trim_comes_with_a_later_commit_and_stays)
{
    struct rt_outbox_entry entries[16];
    cr_assert_eq(fixture_write(&f, run_events, (void *)(uintptr_t) "abcde"), 0);
    rt_store_outbox_trim(f.store, 3);
    cr_expect_eq(rt_store_outbox_first(f.store), 1, "no commit yet");
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b1", "Emma")), 0);
    cr_expect_eq(rt_store_outbox_first(f.store), 4);
    cr_expect_eq(read_outbox(1, entries), 2);
    cr_expect_eq(entries[0].sequence, 4);
    rt_store_outbox_trim(f.store, 99);
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b2", "Persuasion")), 0);
    cr_expect_eq(rt_store_outbox_first(f.store), 6);
    reopen();
    cr_expect_eq(rt_store_outbox_first(f.store), 6, "numbers are never given twice");
    cr_assert_eq(fixture_write(&f, run_events, (void *)(uintptr_t) "f"), 0);
    cr_expect_eq(read_outbox(1, entries), 1);
    cr_expect_eq(entries[0].sequence, 6);
    reopen();
    cr_expect_eq(read_outbox(1, entries), 1);
}

static int run_inbox(struct rt_txn *txn, void *arg)
{
    (void)arg;
    cr_expect_not(rt_txn_inbox_has(txn, 7, 70));
    rt_txn_inbox_add(txn, 7, 70);
    rt_txn_inbox_add(txn, 8, 80);
    cr_expect(rt_txn_inbox_has(txn, 7, 70));
    rt_txn_inbox_remove(txn, 8);
    return 0;
}

Test(kv, the_inbox_knows_an_event_by_its_sequence_and_print)
{
    cr_assert_eq(fixture_write(&f, run_inbox, NULL), 0);
    reopen();
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    cr_expect(rt_txn_inbox_has(&txn, 7, 70));
    cr_expect_not(rt_txn_inbox_has(&txn, 7, 71), "another event under the same sequence");
    cr_expect_not(rt_txn_inbox_has(&txn, 8, 80));
    cr_expect_not(rt_txn_inbox_has(&txn, 0, 0));
    rt_store_read_end(&txn);
}

static struct rt_bytes bytes(const char *text)
{
    return rt_str_bytes(rt_str(text));
}

static int run_kv(struct rt_txn *txn, void *arg)
{
    (void)arg;
    rt_txn_kv_put(txn, 'p', bytes("k/2"), bytes("two"));
    rt_txn_kv_put(txn, 'p', bytes("k/1"), bytes("one"));
    rt_txn_kv_put(txn, 'p', bytes("k/3"), bytes(""));
    rt_txn_kv_put(txn, 'p', bytes("l"), bytes("outside"));
    rt_txn_kv_put(txn, 'q', bytes("k/1"), bytes("another space"));
    return 0;
}

static bool collect(void *arg, struct rt_bytes key, struct rt_bytes value)
{
    rt_buf_printf(arg, "%.*s=%.*s ", (int)key.len, (const char *)key.data, (int)value.len,
                  (const char *)value.data);
    return ((struct rt_buf *)arg)->len < 30;
}

static int run_kv_again(struct rt_txn *txn, void *arg)
{
    rt_txn_kv_delete(txn, 'p', bytes("k/1"));
    rt_txn_kv_put(txn, 'p', bytes("k/0"), bytes("zero"));
    rt_txn_kv_scan(txn, 'p', bytes("k/"), collect, arg);
    return 0;
}

Test(kv, keys_are_put_read_deleted_and_scanned_in_order)
{
    cr_assert_eq(fixture_write(&f, run_kv, NULL), 0);
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    struct rt_bytes empty = rt_txn_kv_get(&txn, 'p', bytes("k/3"));
    cr_expect(empty.data != NULL && empty.len == 0, "empty is not absent");
    cr_expect_null(rt_txn_kv_get(&txn, 'p', bytes("k/4")).data);
    struct rt_buf seen = {0};
    rt_txn_kv_scan(&txn, 'p', bytes("k/"), collect, &seen);
    cr_expect_str_eq(rt_buf_cstr(&seen), "k/1=one k/2=two k/3= ");
    rt_store_read_end(&txn);
    rt_buf_clear(&seen);
    cr_assert_eq(fixture_write(&f, run_kv_again, &seen), 0);
    cr_expect_str_eq(rt_buf_cstr(&seen), "k/0=zero k/2=two k/3= ");
    rt_buf_done(&seen);
}

/* --------------------------------------------------------------------- held */

static int run_hold(struct rt_txn *txn, void *arg)
{
    const uint64_t *numbers = arg; /* refused, next */
    struct rt_refusal refusal = {.sequence = numbers[0], .why = "no"};
    rt_txn_outbox_hold(txn, &refusal, 1, numbers[1]);
    return 0;
}

static void hold(uint64_t sequence, uint64_t next)
{
    uint64_t numbers[2] = {sequence, next};
    cr_assert_eq(fixture_write(&f, run_hold, numbers), 0);
}

static int run_retry(struct rt_txn *txn, void *arg)
{
    *(size_t *)arg = rt_txn_outbox_retry(txn, 100);
    return 0;
}

static void retry(size_t expected)
{
    size_t n = 0;
    cr_assert_eq(fixture_write(&f, run_retry, &n), 0);
    cr_expect_eq(n, expected);
}

static int run_drop(struct rt_txn *txn, void *key)
{
    cr_expect_gt(rt_txn_held_drop(txn, rt_str(key)), 0);
    return 0;
}

static bool write_down(void *arg, const struct rt_held *held)
{
    rt_buf_printf(arg, "%c%d%s ", held->entry.key.data[0], held->entry.payload.data[0],
                  held->why.len > 0 ? "!" : "");
    return true;
}

/* The held events as "a1! a2 ", the outbox as "b1 c1 ". */
static const char *held(void)
{
    struct rt_buf text = {0};
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    rt_txn_held(&txn, write_down, &text);
    cr_expect_eq(txn.failed, 0);
    rt_store_read_end(&txn);
    const char *copy = rt_arena_strdup(&f.arena, rt_buf_cstr(&text));
    rt_buf_done(&text);
    return copy;
}

static const char *outbox(void)
{
    struct rt_outbox_entry entries[16];
    struct rt_buf text = {0};
    size_t n = read_outbox(1, entries);
    for (size_t i = 0; i < n; i++)
        rt_buf_printf(&text, "%c%d ", entries[i].key.data[0], entries[i].payload.data[0]);
    const char *copy = rt_arena_strdup(&f.arena, rt_buf_cstr(&text));
    rt_buf_done(&text);
    return copy;
}

static int run_numbered(struct rt_txn *txn, void *arg)
{
    for (const char *at = arg; *at; at += 2) {
        uint8_t payload = (uint8_t)(at[1] - '0');
        rt_txn_outbox(txn, RT_STR("book:added"), rt_str_n(at, 1), rt_bytes(&payload, 1));
    }
    return 0;
}

static void events(const char *keys)
{
    cr_assert_eq(fixture_write(&f, run_numbered, (void *)(uintptr_t)keys), 0);
}

Test(kv, a_refused_event_is_held_with_what_comes_after_it)
{
    events("a1b1a2c1a3");
    hold(1, 3); /* the first two were sent */
    cr_expect_str_eq(held(), "a1! a2 a3 ");
    cr_expect_str_eq(outbox(), "a1 b1 c1 ", "dense; what was sent stays");
    events("a4b2");
    cr_expect_str_eq(held(), "a1! a2 a3 a4 ");
    cr_expect_str_eq(outbox(), "a1 b1 c1 b2 ");
    check_store(&f);

    retry(1);
    cr_expect_str_eq(held(), "a2 a3 a4 ");
    cr_expect_str_eq(outbox(), "a1 b1 c1 b2 a1 ");
    hold(5, 6);
    cr_expect_str_eq(held(), "a1! a2 a3 a4 ", "refused again, it is the first");

    fixture_close(&f);
    struct rt_error error;
    cr_assert_eq(fixture_open(&f, &error), 0);
    events("a5d1");
    cr_expect_str_eq(held(), "a1! a2 a3 a4 a5 ", "it is known after a start");
    for (int i = 0; i < 5; i++)
        retry(1);
    retry(0);
    cr_expect_str_eq(outbox(), "a1 b1 c1 b2 a1 d1 a1 a2 a3 a4 a5 ");
    events("a6");
    cr_expect_str_eq(held(), "");
    check_store(&f);
}

Test(kv, an_event_that_was_never_sent_can_be_held)
{
    events("a1b1a2b2");
    hold(1, 1);
    cr_expect_str_eq(held(), "a1! a2 ");
    cr_expect_str_eq(outbox(), "b1 b2 ");
    char key[] = "a";
    cr_assert_eq(fixture_write(&f, run_drop, key), 0);
    cr_expect_str_eq(held(), "");
    events("a3");
    cr_expect_str_eq(outbox(), "b1 b2 a3 ");
    check_store(&f);
}
