/* Random operations against the store and against a naive model of it, compared throughout. */
#include <stdlib.h>

#include <criterion/criterion.h>

#include "tests/support/store_fixture.h"

enum { LOANS = 40, MEMBERS = 4, BOOKS = 12, DUES = 60, OPS_MAX = 6, ROUNDS = 150, BATCH = 8 };

/* A loan as the naive model has it. */
struct plain {
    bool there;
    int member;
    int book;
    int state;
    int due; /* -1: none */
    int64_t version;
};

enum op_kind { OP_CREATE, OP_UPDATE, OP_DELETE, OP_PUT, OP_KINDS };

struct op {
    enum op_kind kind;
    int loan;
    struct plain with;
};

/* One transaction: its operations, and whether it is taken back at the end. */
struct script {
    struct op ops[OPS_MAX];
    int n;
    bool back;
};

static struct fixture f;
static struct plain model[LOANS];

static const char *name(struct rt_arena *arena, char what, int number)
{
    return rt_arena_printf(arena, "%c%02d", what, number);
}

static struct test_loan *loan_of(struct rt_arena *arena, int loan, const struct plain *plain)
{
    struct test_loan *record =
        loan_new(arena, name(arena, 'l', loan), name(arena, 'm', plain->member),
                 name(arena, 'b', plain->book), plain->state, plain->due);
    record->version = plain->version;
    return record;
}

/* ----------------------------------------------------------- what should be */

static bool out(const struct plain *plain)
{
    return plain->there && plain->state != TEST_RETURNED;
}

static bool book_taken(const struct plain *loans, int loan, const struct plain *with)
{
    for (int i = 0; with->state != TEST_RETURNED && i < LOANS; i++)
        if (i != loan && out(&loans[i]) && loans[i].book == with->book)
            return true;
    return false;
}

static int model_apply(struct plain *loans, const struct op *op)
{
    struct plain *loan = &loans[op->loan];
    if (op->kind == OP_CREATE && loan->there)
        return RT_EEXIST;
    if ((op->kind == OP_UPDATE || op->kind == OP_DELETE) && !loan->there)
        return RT_ENOTFOUND;
    if (op->kind == OP_DELETE) {
        loan->there = false;
        return 0;
    }
    if (op->kind == OP_UPDATE && op->with.version != loan->version)
        return RT_ECONFLICT;
    if (book_taken(loans, op->loan, &op->with))
        return RT_EEXIST;
    int64_t version = op->kind == OP_CREATE   ? 1
                      : op->kind == OP_UPDATE ? loan->version + 1
                                              : op->with.version;
    *loan = op->with;
    loan->there = true;
    loan->version = version;
    return 0;
}

/* ------------------------------------------------------------------ what is */

static int store_apply(struct rt_txn *txn, const struct op *op)
{
    struct test_loan *record = loan_of(txn->arena, op->loan, &op->with);
    switch (op->kind) {
    case OP_CREATE:
        return rt_txn_create(txn, &test_loan_model, record);
    case OP_UPDATE:
        return rt_txn_update(txn, &test_loan_model, record);
    case OP_DELETE:
        return rt_txn_delete(txn, &test_loan_model, record->id);
    default:
        rt_txn_put(txn, &test_loan_model, record);
        return txn->failed;
    }
}

static int compare(const void *a, const void *b)
{
    const struct plain *x = &model[*(const int *)a], *y = &model[*(const int *)b];
    int by_due = (x->due > y->due) - (x->due < y->due);
    return x->member != y->member ? x->member - y->member
           : by_due != 0          ? by_due
                                  : *(const int *)a - *(const int *)b;
}

/* The whole of by_member_due, in pages, against the sorted model. */
static void expect_same(struct rt_txn *txn, bool descending, size_t limit)
{
    int sorted[LOANS];
    size_t n = 0;
    for (int i = 0; i < LOANS; i++)
        if (model[i].there)
            sorted[n++] = i;
    qsort(sorted, n, sizeof sorted[0], compare);
    struct rt_scan scan = {.index = &test_loan_model.indexes[LOAN_BY_MEMBER_DUE],
                           .limit = limit,
                           .descending = descending};
    size_t at = 0;
    struct rt_page page;
    do {
        cr_assert_eq(rt_txn_scan(txn, &test_loan_model, &scan, &page), 0);
        for (size_t i = 0; i < page.n_records; i++, at++) {
            cr_assert_lt(at, n);
            const struct test_loan *loan = page.records[i];
            int expected = sorted[descending ? n - 1 - at : at];
            cr_assert_str_eq(loan->id, name(txn->arena, 'l', expected));
            cr_assert_eq(loan->version, model[expected].version);
            cr_assert_eq(loan->state, model[expected].state);
        }
        scan.after = page.next;
    } while (page.next.len > 0);
    cr_assert_eq(at, n);
}

/* What is due first among the open ones. */
static void expect_same_due(struct rt_txn *txn)
{
    int64_t first = INT64_MAX, next;
    for (int i = 0; i < LOANS; i++)
        if (model[i].there && model[i].state == TEST_OPEN && model[i].due >= 0 &&
            model[i].due < first)
            first = model[i].due;
    const struct rt_index *timer = &test_loan_model.indexes[LOAN_TIMER];
    const struct test_loan *loan = rt_txn_first_due(txn, &test_loan_model, timer, DUES / 2, &next);
    cr_assert_eq(next, first);
    cr_assert_eq(loan != NULL, first <= DUES / 2);
    cr_assert(loan == NULL || loan->due == first);
}

static int run_script(struct rt_txn *txn, void *arg)
{
    const struct script *script = arg;
    struct plain before[LOANS];
    memcpy(before, model, sizeof model);
    for (int i = 0; i < script->n; i++) {
        int expected = model_apply(model, &script->ops[i]);
        int code = store_apply(txn, &script->ops[i]);
        cr_assert_eq(code, expected, "%d instead of %d", code, expected);
        if (txn->failed != 0)
            break; /* a put that collides fails its transaction */
    }
    if (txn->failed == 0)
        expect_same(txn, script->n % 2 == 0, (size_t)script->n);
    if (txn->failed == 0 && script->n > 2)
        expect_same_due(txn);
    if (txn->failed != 0 || script->back)
        memcpy(model, before, sizeof model);
    return script->back ? RT_EDENIED : 0;
}

static int pick(unsigned *seed, int n)
{
    return rand_r(seed) % n;
}

static void script_make(struct script *script, unsigned *seed)
{
    script->n = 1 + pick(seed, OPS_MAX);
    script->back = pick(seed, 4) == 0;
    for (int i = 0; i < script->n; i++) {
        struct op *op = &script->ops[i];
        op->kind = (enum op_kind)pick(seed, OP_KINDS);
        op->loan = pick(seed, LOANS);
        op->with = (struct plain){
            .member = pick(seed, MEMBERS),
            .book = pick(seed, BOOKS),
            .state = TEST_OPEN + pick(seed, 3),
            .due = pick(seed, DUES) - 1,
            /* Often the right one, for an update to go through. */
            .version = pick(seed, 4) ? model[op->loan].version : pick(seed, 4),
        };
    }
}

Test(model, random_operations_agree_with_a_naive_model)
{
    fixture_init(&f);
    unsigned seed = 20260131;
    for (int round = 0; round < ROUNDS; round++) {
        struct script scripts[BATCH];
        void *args[BATCH];
        int status[BATCH];
        for (int i = 0; i < BATCH; i++) {
            script_make(&scripts[i], &seed);
            args[i] = &scripts[i];
        }
        fixture_write_many(&f, run_script, args, BATCH, status);
        struct rt_txn txn;
        struct rt_arena arena;
        rt_arena_init(&arena, 0);
        rt_store_read_begin(f.store, &arena, &txn);
        expect_same(&txn, round % 2 == 0, 1 + (size_t)pick(&seed, LOANS));
        expect_same_due(&txn);
        rt_store_read_end(&txn);
        rt_arena_done(&arena);
        if (round % 50 == 49) {
            check_store(&f);
            fixture_close(&f);
            cr_assert_eq(fixture_open(&f, NULL), 0);
        }
    }
    fixture_done(&f);
}
