/* Records: create, get, update, delete, put; versions, unique indexes, embeds, unknown fields. */
#include <criterion/criterion.h>

#include "runtime/base/uuid.h"
#include "runtime/store/limits.h"
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

TestSuite(record, .init = setup, .fini = teardown);

static int run_create_without_id(struct rt_txn *txn, void *arg)
{
    struct test_loan *loan = loan_new(txn->arena, arg, "ann", "b1", TEST_OPEN, 10);
    int code = rt_txn_create(txn, &test_loan_model, loan);
    cr_expect_eq(loan->version, 1);
    cr_expect_eq(strlen(loan->id), RT_UUID_LEN);
    cr_expect_not_null(rt_txn_get(txn, &test_loan_model, loan->id));
    rt_txn_delete(txn, &test_loan_model, loan->id);
    return code;
}

Test(record, create_assigns_id_and_version)
{
    cr_assert_eq(fixture_write(&f, run_create_without_id, NULL), 0);
    cr_assert_eq(fixture_write(&f, run_create_without_id, (char[]){""}), 0);
}

Test(record, get_gives_what_was_created)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10)), 0);
    struct test_loan *loan = loan_get(&f, "l1");
    cr_assert_str_eq(loan->member, "ann");
    cr_assert_eq(loan->version, 1);
    cr_assert(loan->has_due);
    cr_assert_eq(loan->due, 10);
    cr_assert_null(loan_get(&f, "l2"));
    cr_assert_null(loan_get(&f, ""));
}

Test(record, create_twice_is_refused)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10)), 0);
    struct test_loan *again = loan_new(&f.arena, "l1", "bob", "b2", TEST_OPEN, 10);
    cr_assert_eq(loan_create(&f, again), RT_EEXIST);
    cr_assert_eq(again->version, 0, "nothing changed in the caller's record");
    cr_assert_str_eq(loan_get(&f, "l1")->member, "ann");
}

Test(record, update_raises_the_version_and_needs_the_current_one)
{
    struct test_loan *loan = loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10);
    cr_assert_eq(loan_create(&f, loan), 0);
    loan->due = 20;
    cr_assert_eq(loan_update(&f, loan), 0);
    cr_assert_eq(loan->version, 2);
    cr_assert_eq(loan_get(&f, "l1")->due, 20);

    struct test_loan *stale = loan_new(&f.arena, "l1", "bob", "b1", TEST_OPEN, 30);
    stale->version = 1;
    cr_assert_eq(loan_update(&f, stale), RT_ECONFLICT);
    cr_assert_eq(stale->version, 1);
    cr_assert_str_eq(loan_get(&f, "l1")->member, "ann");
    cr_assert_eq(loan_update(&f, loan_new(&f.arena, "l9", "bob", "b1", TEST_OPEN, 1)),
                 RT_ENOTFOUND);
}

Test(record, delete_forgets_record_and_indexes)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10)), 0);
    cr_assert_eq(loan_delete(&f, "l1"), 0);
    cr_assert_null(loan_get(&f, "l1"));
    cr_assert_eq(loan_delete(&f, "l1"), RT_ENOTFOUND);
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l2", "ann", "b1", TEST_OPEN, 10)), 0,
                 "the book is free again");
}

Test(record, unique_index_holds_and_finds)
{
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b1", "Emma")), 0);
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b2", "Emma")), RT_EEXIST);
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b2", "Emm")), 0);

    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    struct rt_value title = {.present = true, .s = RT_STR("Emma")};
    struct test_book *book =
        rt_txn_find(&txn, &test_book_model, &test_book_model.indexes[0], &title);
    cr_assert_str_eq(book->id, "b1");
    title.s = RT_STR("Em");
    cr_assert_null(rt_txn_find(&txn, &test_book_model, &test_book_model.indexes[0], &title));
    rt_store_read_end(&txn);
}

Test(record, partial_unique_index_counts_only_while)
{
    struct test_loan *first = loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10);
    struct test_loan *second = loan_new(&f.arena, "l2", "bob", "b1", TEST_LATE, 10);
    cr_assert_eq(loan_create(&f, first), 0);
    cr_assert_eq(loan_create(&f, second), RT_EEXIST);
    first->state = TEST_LATE;
    cr_assert_eq(loan_update(&f, first), 0, "it may stay in the index");
    first->state = TEST_RETURNED;
    cr_assert_eq(loan_update(&f, first), 0);
    cr_assert_eq(loan_create(&f, second), 0);
    first->state = TEST_OPEN;
    cr_assert_eq(loan_update(&f, first), RT_EEXIST, "it cannot come back");
    cr_assert_eq(loan_get(&f, "l1")->state, TEST_RETURNED);
}

Test(record, embeds_are_stored_as_their_id_and_hydrated)
{
    cr_assert_eq(book_create(&f, book_new(&f.arena, "b1", "Emma")), 0);
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10)), 0);
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l2", "ann", "b2", TEST_OPEN, 10)), 0);
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    struct test_loan *loan = rt_txn_get(&txn, &test_loan_model, "l1");
    cr_assert_str_eq(loan->book->id, "b1");
    cr_assert(loan->book->title == NULL || loan->book->title[0] == '\0');
    rt_txn_hydrate(&txn, &test_loan_model, loan);
    cr_assert_str_eq(loan->book->title, "Emma");
    struct test_loan *orphan = rt_txn_get(&txn, &test_loan_model, "l2");
    rt_txn_hydrate(&txn, &test_loan_model, orphan);
    cr_assert_str_eq(orphan->book->id, "b2", "a missing one stays its id");
    rt_store_read_end(&txn);
}

static int run_put(struct rt_txn *txn, void *arg)
{
    rt_txn_put(txn, &test_loan_model, arg);
    return 0;
}

Test(record, put_takes_the_record_as_it_is)
{
    struct test_loan *loan = loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 10);
    loan->version = 7;
    cr_assert_eq(fixture_write(&f, run_put, loan), 0);
    cr_assert_eq(loan_get(&f, "l1")->version, 7);
    loan->version = 3;
    loan->member = "bob";
    cr_assert_eq(fixture_write(&f, run_put, loan), 0);
    cr_assert_eq(loan_get(&f, "l1")->version, 3);
    struct test_loan *rival = loan_new(&f.arena, "l2", "ann", "b1", TEST_OPEN, 10);
    cr_assert_eq(fixture_write(&f, run_put, rival), RT_EEXIST);
}

static int run_put_bytes(struct rt_txn *txn, void *arg)
{
    /* What a later program stored: field 9 is unknown to this one. */
    struct test_loan_next next = {0};
    rt_message_init(&test_loan_next_message, &next);
    next.id = "l1";
    next.remark = "kept";
    struct rt_buf bytes = {0};
    rt_pb_encode(&next, &bytes);
    void *loan = NULL;
    int code = rt_pb_decode(&test_loan_message, rt_buf_bytes(&bytes), txn->arena, &loan, NULL);
    if (code == 0)
        rt_txn_put(txn, &test_loan_model, loan);
    rt_buf_done(&bytes);
    (void)arg;
    return code;
}

static int run_update_unknown(struct rt_txn *txn, void *arg)
{
    (void)arg;
    struct test_loan *loan = rt_txn_get(txn, &test_loan_model, "l1");
    loan->member = "ann";
    return rt_txn_update(txn, &test_loan_model, loan);
}

Test(record, unknown_fields_survive_an_update)
{
    cr_assert_eq(fixture_write(&f, run_put_bytes, NULL), 0);
    cr_assert_eq(fixture_write(&f, run_update_unknown, NULL), 0);
    cr_assert_str_eq(loan_get(&f, "l1")->member, "ann");
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    struct rt_bytes bytes = rt_txn_get_bytes(&txn, &test_loan_model, "l1");
    void *next = NULL;
    cr_assert_eq(rt_pb_decode(&test_loan_next_message, bytes, &f.arena, &next, NULL), 0);
    cr_assert_str_eq(((struct test_loan_next *)next)->remark, "kept");
    rt_store_read_end(&txn);
}

static void publish(struct rt_txn *txn, const struct test_loan *loan, const char *subject)
{
    struct test_loan event = *loan;
    rt_txn_publish(txn, &test_loan_model, loan, rt_str(subject), rt_str(loan->id), &event);
}

static bool is_unpublished(const struct rt_txn *txn)
{
    const char *model = "";
    bool unpublished = rt_txn_unpublished(txn, &model);
    cr_expect(!unpublished || strcmp(model, "Loan") == 0);
    return unpublished;
}

static int run_publish(struct rt_txn *txn, void *arg)
{
    (void)arg;
    struct test_loan *loan = loan_new(txn->arena, "l1", "a", "b", TEST_OPEN, 1);
    struct test_loan *other = loan_new(txn->arena, "l2", "a", "c", TEST_OPEN, 1);
    cr_expect_not(is_unpublished(txn));
    cr_expect_eq(rt_txn_create(txn, &test_loan_model, loan), 0);
    cr_expect(is_unpublished(txn));
    rt_txn_outbox(txn, RT_STR("loan:made"), RT_STR("l1"), rt_bytes("x", 1));
    cr_expect(is_unpublished(txn), "bytes say nothing");
    publish(txn, loan, "loan:seen");
    cr_expect(is_unpublished(txn), "nobody follows it by that event");
    publish(txn, loan, "loan:made");
    cr_expect_not(is_unpublished(txn));
    cr_expect_eq(rt_txn_create(txn, &test_loan_model, other), 0);
    cr_expect(is_unpublished(txn), "that was another one's event");
    publish(txn, other, "loan:made");
    cr_expect_not(is_unpublished(txn));

    cr_expect_eq(rt_txn_update(txn, &test_loan_model, loan), 0);
    publish(txn, loan, "loan:changed");
    cr_expect_eq(rt_txn_update(txn, &test_loan_model, loan), 0);
    cr_expect(is_unpublished(txn), "two changes, and an event of the first");
    loan->member = "somebody else";
    publish(txn, loan, "loan:changed");
    cr_expect(is_unpublished(txn), "it carries what was not stored");
    loan->member = "a";
    publish(txn, loan, "loan:changed");
    cr_expect_not(is_unpublished(txn));

    cr_expect_eq(rt_txn_delete(txn, &test_loan_model, "l2"), 0);
    publish(txn, other, "loan:changed");
    cr_expect(is_unpublished(txn), "the end is a version of its own");
    other->version++;
    publish(txn, other, "loan:changed");
    cr_expect_not(is_unpublished(txn));
    return txn->failed;
}

Test(record, unpublished_changes_are_noticed)
{
    cr_assert_eq(fixture_write(&f, run_publish, NULL), 0);
}

static int run_publish_bad(struct rt_txn *txn, void *arg)
{
    struct test_loan *loan = loan_new(txn->arena, "l1", "a", "b", TEST_OPEN, 1);
    cr_expect_eq(rt_txn_create(txn, &test_loan_model, loan), 0);
    struct test_loan event = *loan;
    if (strcmp(arg, "id") == 0)
        event.id = NULL;
    char *large = rt_arena_alloc(txn->arena, RT_EVENT_BYTES_MAX + 1);
    memset(large, 'x', RT_EVENT_BYTES_MAX);
    large[RT_EVENT_BYTES_MAX] = '\0';
    if (strcmp(arg, "large") == 0)
        event.member = large;
    rt_txn_publish(txn, &test_loan_model, loan, RT_STR("loan:made"), RT_STR("l1"), &event);
    cr_expect_not_null(txn->why);
    return 0;
}

Test(record, what_cannot_be_published_is_not_written)
{
    char id[] = "id", large[] = "large";
    cr_expect_eq(fixture_write(&f, run_publish_bad, id), RT_EINVAL);
    cr_expect_null(loan_get(&f, "l1"));
    cr_expect_eq(fixture_write(&f, run_publish_bad, large), RT_ETOOBIG);
    cr_expect_null(loan_get(&f, "l1"));
}

static int run_show(struct rt_txn *txn, void *arg)
{
    (void)arg;
    struct test_loan *loan = rt_txn_get(txn, &test_loan_model, "l1");
    rt_txn_hydrate(txn, &test_loan_model, loan);
    cr_expect_str_eq(loan->book->id, "b", "handlers see its id");
    cr_expect_str_eq(loan->book->title, "");
    rt_txn_show(txn, &test_loan_model, loan);
    cr_expect_null(loan->book);
    cr_expect_eq(rt_txn_create(txn, &test_book_model, book_new(txn->arena, "b", "Emma")), 0);
    loan = rt_txn_get(txn, &test_loan_model, "l1");
    rt_txn_hydrate(txn, &test_loan_model, loan);
    rt_txn_show(txn, &test_loan_model, loan);
    cr_assert_not_null(loan->book);
    cr_expect_str_eq(loan->book->title, "Emma");
    return txn->failed;
}

Test(record, an_embedded_record_that_is_missing_is_shown_as_none)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "a", "b", TEST_OPEN, 1)), 0);
    cr_assert_eq(fixture_write(&f, run_show, NULL), 0);
}
