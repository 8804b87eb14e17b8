/* Scans: order, pages, cursors, forged cursors, the overlay below a scan, due records. */
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

TestSuite(scan, .init = setup, .fini = teardown);

static const struct rt_index *index_at(int at)
{
    return &test_loan_model.indexes[at];
}

static struct rt_value text(const char *s)
{
    return (struct rt_value){.present = true, .s = rt_str(s)};
}

static int scan(const struct rt_scan *scan, struct rt_page *page)
{
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    int code = rt_txn_scan(&txn, &test_loan_model, scan, page);
    rt_store_read_end(&txn);
    return code;
}

/* The ids of all pages, one after the other, with a space behind each. */
static const char *walk(struct rt_scan what)
{
    struct rt_buf out = {0};
    struct rt_page page;
    do {
        cr_assert_eq(scan(&what, &page), 0);
        cr_assert(page.n_records <= what.limit);
        for (size_t i = 0; i < page.n_records; i++)
            rt_buf_printf(&out, "%s ", ((struct test_loan *)page.records[i])->id);
        what.after = page.next;
    } while (page.next.len > 0);
    const char *ids = rt_arena_strdup(&f.arena, rt_buf_cstr(&out));
    rt_buf_done(&out);
    return ids;
}

/* l0..l6: ann has the even ones, bob the odd ones; due falls as the id rises. */
static void fill(void)
{
    for (int i = 0; i < 7; i++) {
        const char *id = rt_arena_printf(&f.arena, "l%d", i);
        const char *book = rt_arena_printf(&f.arena, "b%d", i);
        cr_assert_eq(loan_create(&f, loan_new(&f.arena, id, i % 2 ? "bob" : "ann", book, TEST_OPEN,
                                              100 - i)),
                     0);
    }
}

Test(scan, all_records_by_id_in_pages)
{
    fill();
    for (size_t limit = 1; limit <= 8; limit++) {
        cr_expect_str_eq(walk((struct rt_scan){.limit = limit}), "l0 l1 l2 l3 l4 l5 l6 ");
        cr_expect_str_eq(walk((struct rt_scan){.limit = limit, .descending = true}),
                         "l6 l5 l4 l3 l2 l1 l0 ");
    }
}

Test(scan, equal_prefix_then_order_of_the_rest)
{
    fill();
    struct rt_value ann = text("ann"), an = text("an");
    struct rt_scan by_due = {
        .index = index_at(LOAN_BY_MEMBER_DUE), .values = &ann, .n_values = 1, .limit = 2};
    cr_expect_str_eq(walk(by_due), "l6 l4 l2 l0 ");
    by_due.descending = true;
    cr_expect_str_eq(walk(by_due), "l0 l2 l4 l6 ");
    by_due.values = &an;
    cr_expect_str_eq(walk(by_due), "", "a prefix of the text is another text");
    struct rt_scan whole = {.index = index_at(LOAN_BY_MEMBER_DUE), .limit = 3};
    cr_expect_str_eq(walk(whole), "l6 l4 l2 l0 l5 l3 l1 ");
    struct rt_scan unique = {.index = index_at(LOAN_UNIQUE_BOOK), .limit = 3};
    cr_expect_str_eq(walk(unique), "l0 l1 l2 l3 l4 l5 l6 ");
}

Test(scan, no_cursor_after_an_exact_page)
{
    fill();
    struct rt_page page;
    cr_assert_eq(scan(&(struct rt_scan){.limit = 7}, &page), 0);
    cr_expect_eq(page.n_records, 7);
    cr_expect_eq(page.next.len, 0);
}

Test(scan, cursor_goes_on_where_it_was_after_changes)
{
    fill();
    struct rt_page page;
    cr_assert_eq(scan(&(struct rt_scan){.limit = 3}, &page), 0);
    cr_assert_eq(loan_delete(&f, "l2"), 0);
    cr_assert_eq(loan_delete(&f, "l3"), 0);
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1b", "ann", "bx", TEST_OPEN, 1)), 0);
    cr_expect_str_eq(walk((struct rt_scan){.limit = 3, .after = page.next}), "l4 l5 l6 ");
}

Test(scan, foreign_and_forged_cursors_are_refused)
{
    fill();
    struct rt_value ann = text("ann"), bob = text("bob");
    struct rt_scan of_ann = {
        .index = index_at(LOAN_BY_MEMBER), .values = &ann, .n_values = 1, .limit = 1};
    struct rt_page page;
    cr_assert_eq(scan(&of_ann, &page), 0);
    for (size_t i = 0; i < page.next.len; i++)
        cr_expect(strchr("+/=%&?# ", page.next.data[i]) == NULL, "needs no escaping");

    struct rt_page untouched = {.n_records = 99};
    struct rt_scan other = of_ann;
    other.after = page.next;
    other.values = &bob;
    cr_expect_eq(scan(&other, &untouched), RT_EINVAL, "another value");
    other = of_ann;
    other.after = page.next;
    other.index = index_at(LOAN_BY_MEMBER_DUE);
    cr_expect_eq(scan(&other, &untouched), RT_EINVAL, "another index");
    other.index = NULL;
    other.n_values = 0;
    cr_expect_eq(scan(&other, &untouched), RT_EINVAL, "the records");
    other = of_ann;
    other.after = page.next;
    other.descending = true;
    cr_expect_eq(scan(&other, &untouched), RT_EINVAL, "the other way");

    static const char *const bad[] = {"A", "!!!!", "AAAA", "AAAAAAAAAAAA", "=", "////////"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        other = of_ann;
        other.after = rt_str(bad[i]);
        cr_expect_eq(scan(&other, &untouched), RT_EINVAL, "%s", bad[i]);
    }
    cr_expect_eq(untouched.n_records, 99);

    /* With a right check and a wild position it stays within ann's records. */
    uint8_t raw[256];
    size_t len;
    cr_assert(rt_base64_decode(page.next, raw, &len));
    memset(raw + 4, 0xFF, 8);
    char forged[64];
    size_t forged_len = rt_base64_encode(rt_bytes(raw, 12), true, forged);
    other = of_ann;
    other.after = rt_str_n(forged, forged_len);
    cr_assert_eq(scan(&other, &page), 0);
    cr_expect_eq(page.n_records, 0);
}

/* Changes of its own, and what the scan of the same transaction then sees. */
static int run_scan_overlay(struct rt_txn *txn, void *arg)
{
    rt_txn_delete(txn, &test_loan_model, "l2");
    rt_txn_create(txn, &test_loan_model, loan_new(txn->arena, "l1b", "ann", "bx", TEST_OPEN, 98));
    struct test_loan *moved = rt_txn_get(txn, &test_loan_model, "l0");
    moved->member = "bob";
    rt_txn_update(txn, &test_loan_model, moved);
    struct rt_buf *out = arg;
    for (int descending = 0; descending < 2; descending++) {
        struct rt_value ann = text("ann");
        struct rt_page page;
        int code = rt_txn_scan(txn, &test_loan_model,
                               &(struct rt_scan){.index = index_at(LOAN_BY_MEMBER_DUE),
                                                 .values = &ann,
                                                 .n_values = 1,
                                                 .limit = 10,
                                                 .descending = descending != 0},
                               &page);
        if (code != 0)
            return code;
        for (size_t i = 0; i < page.n_records; i++)
            rt_buf_printf(out, "%s ", ((struct test_loan *)page.records[i])->id);
        rt_buf_puts(out, "| ");
    }
    return RT_EDENIED; /* and all of it is taken back */
}

Test(scan, a_write_transaction_scans_its_own_changes)
{
    fill();
    struct rt_buf seen = {0};
    cr_assert_eq(fixture_write(&f, run_scan_overlay, &seen), RT_EDENIED);
    cr_expect_str_eq(rt_buf_cstr(&seen), "l6 l4 l1b | l1b l4 l6 | ");
    rt_buf_done(&seen);
    cr_expect_str_eq(walk((struct rt_scan){.limit = 10}), "l0 l1 l2 l3 l4 l5 l6 ");
}

Test(scan, first_due_of_a_timer)
{
    struct rt_txn txn;
    int64_t next;
    rt_store_read_begin(f.store, &f.arena, &txn);
    cr_expect_null(rt_txn_first_due(&txn, &test_loan_model, index_at(LOAN_TIMER), 1000, &next));
    cr_expect_eq(next, INT64_MAX);
    rt_store_read_end(&txn);

    fill();
    struct test_loan *never = loan_new(&f.arena, "never", "ann", "bn", TEST_OPEN, -1);
    cr_assert_eq(loan_create(&f, never), 0);
    struct test_loan *back = loan_new(&f.arena, "back", "ann", "bb", TEST_RETURNED, 1);
    cr_assert_eq(loan_create(&f, back), 0);
    rt_store_read_begin(f.store, &f.arena, &txn);
    cr_expect_null(rt_txn_first_due(&txn, &test_loan_model, index_at(LOAN_TIMER), 93, &next));
    cr_expect_eq(next, 94);
    struct test_loan *due =
        rt_txn_first_due(&txn, &test_loan_model, index_at(LOAN_TIMER), 94, &next);
    cr_assert_not_null(due);
    cr_expect_str_eq(due->id, "l6");
    rt_store_read_end(&txn);
}

static int run_pass(struct rt_txn *txn, void *arg)
{
    return rt_txn_create(txn, &test_pass_model, arg);
}

static int run_expire(struct rt_txn *txn, void *arg)
{
    int64_t next;
    size_t *n = arg;
    for (struct test_pass *pass; (pass = rt_txn_first_due(txn, &test_pass_model, NULL, 30, &next));
         ++*n)
        rt_txn_delete(txn, &test_pass_model, pass->id);
    cr_expect_eq(next, 40);
    return 0;
}

Test(scan, expiry_is_an_index_of_its_own)
{
    for (int64_t t = 50; t >= 10; t -= 10) {
        struct test_pass *pass = rt_message_new(&test_pass_message, &f.arena);
        pass->expires_at = t;
        cr_assert_eq(fixture_write(&f, run_pass, pass), 0);
    }
    size_t n = 0;
    cr_assert_eq(fixture_write(&f, run_expire, &n), 0);
    cr_expect_eq(n, 3);
}
