#include "tests/support/store_fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>

/* ------------------------------------------------------------------- tables */

#define FIELD(T, member_, number_, kind_, shape_)                                                  \
    .name = #member_, .json = #member_, .number = (number_), .kind = (kind_), .shape = (shape_),   \
    .offset = offsetof(struct T, member_)

static const ProtobufCFieldDescriptor book_pb[] = {
    RT_PB_STRING(test_book, id, 1),
    RT_PB_STRING(test_book, title, 2),
    RT_PB_NUMBER(test_book, version, 3, INT64),
};
static const ProtobufCIntRange book_ranges[] = {{1, 0}, {0, 3}};
static const struct rt_field book_fields[] = {
    {FIELD(test_book, id, 1, RT_ID, RT_ONE)},
    {FIELD(test_book, title, 2, RT_STRING, RT_ONE)},
    {FIELD(test_book, version, 3, RT_VERSION, RT_ONE)},
};
const struct rt_message test_book_message = {
    .pb = RT_PB_DESCRIPTOR("test.Book", test_book, book_pb, 3, book_ranges, 1),
    .name = "Book",
    .fields = book_fields,
    .n_fields = 3,
};

static const struct rt_enum_value state_values[] = {{TEST_OPEN, "open", "open"},
                                                    {TEST_LATE, "late", "late"},
                                                    {TEST_RETURNED, "returned", "returned"}};
static const struct rt_enum state_enum = {"State", state_values, 3};

static const ProtobufCFieldDescriptor loan_pb[] = {
    RT_PB_STRING(test_loan, id, 1),
    RT_PB_STRING(test_loan, member, 2),
    RT_PB_ENUM(test_loan, state, 3),
    RT_PB_OPTIONAL_NUMBER(test_loan, due, 4, INT64),
    RT_PB_MESSAGE(test_loan, book, 5, &test_book_message),
    RT_PB_NUMBER(test_loan, version, 6, INT64),
};
static const ProtobufCIntRange loan_ranges[] = {{1, 0}, {0, 6}};
static const struct rt_field loan_fields[] = {
    {FIELD(test_loan, id, 1, RT_ID, RT_ONE)},
    {FIELD(test_loan, member, 2, RT_STRING, RT_ONE)},
    {FIELD(test_loan, state, 3, RT_ENUM, RT_ONE), .enumeration = &state_enum},
    {FIELD(test_loan, due, 4, RT_TIME, RT_OPTIONAL),
     .quantifier = offsetof(struct test_loan, has_due)},
    {FIELD(test_loan, book, 5, RT_MESSAGE, RT_ONE), .flags = RT_FIELD_EMBED,
     .message = &test_book_message},
    {FIELD(test_loan, version, 6, RT_VERSION, RT_ONE)},
};
const struct rt_message test_loan_message = {
    .pb = RT_PB_DESCRIPTOR("test.Loan", test_loan, loan_pb, 6, loan_ranges, 1),
    .name = "Loan",
    .fields = loan_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor loan_next_pb[] = {
    RT_PB_STRING(test_loan_next, id, 1),
    RT_PB_STRING(test_loan_next, remark, 9),
};
static const ProtobufCIntRange loan_next_ranges[] = {{1, 0}, {9, 1}, {0, 2}};
static const struct rt_field loan_next_fields[] = {
    {FIELD(test_loan_next, id, 1, RT_ID, RT_ONE)},
    {FIELD(test_loan_next, remark, 9, RT_STRING, RT_ONE)},
};
const struct rt_message test_loan_next_message = {
    .pb = RT_PB_DESCRIPTOR("test.LoanNext", test_loan_next, loan_next_pb, 2, loan_next_ranges, 2),
    .name = "LoanNext",
    .fields = loan_next_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor pass_pb[] = {
    RT_PB_STRING(test_pass, id, 1),
    RT_PB_NUMBER(test_pass, expires_at, 2, INT64),
};
static const ProtobufCIntRange pass_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_field pass_fields[] = {
    {FIELD(test_pass, id, 1, RT_ID, RT_ONE)},
    {FIELD(test_pass, expires_at, 2, RT_TIME, RT_ONE)},
};
const struct rt_message test_pass_message = {
    .pb = RT_PB_DESCRIPTOR("test.Pass", test_pass, pass_pb, 2, pass_ranges, 1),
    .name = "Pass",
    .fields = pass_fields,
    .n_fields = 2,
};

static const uint16_t book_title[] = {1};
static const struct rt_index book_indexes[] = {
    {.name = "title", .unique = true, .fields = book_title, .n_fields = 1},
};
const struct rt_model test_book_model = {
    .name = "Book",
    .message = &test_book_message,
    .id_field = 0,
    .version_field = 2,
    .expires_field = -1,
    .indexes = book_indexes,
    .n_indexes = 1,
};

static const uint16_t loan_member[] = {1}, loan_member_due[] = {1, 3}, loan_book[] = {4},
                      loan_due[] = {3}, loan_member_state[] = {1, 2};
static const struct rt_step while_out[] = {{RT_STEP_FIELD, .field = &loan_fields[2]},
                                           {RT_STEP_INT, .integer = TEST_OPEN},
                                           {RT_STEP_INT, .integer = TEST_LATE},
                                           {RT_STEP_IN, .n = 2}};
static const struct rt_step while_open[] = {{RT_STEP_FIELD, .field = &loan_fields[2]},
                                            {RT_STEP_INT, .integer = TEST_OPEN},
                                            {.op = RT_STEP_EQ}};
#define UNIQUE_BOOK                                                                                \
    {                                                                                              \
        .name = "out_by_book", .unique = true, .fields = loan_book, .n_fields = 1,                 \
        .where = RT_EXPR(while_out)                                                                \
    }
#define TIMER                                                                                      \
    {                                                                                              \
        .name = "overdue", .fields = loan_due, .n_fields = 1, .where = RT_EXPR(while_open)         \
    }
static const struct rt_index loan_indexes[] = {
    {.name = "by_member", .fields = loan_member, .n_fields = 1},
    {.name = "by_member_due", .fields = loan_member_due, .n_fields = 2},
    UNIQUE_BOOK,
    TIMER,
};
static const struct rt_index loan_indexes_before[] = {
    {.name = "by_member", .fields = loan_member, .n_fields = 1},
    UNIQUE_BOOK,
    TIMER,
};
static const struct rt_index loan_indexes_changed[] = {
    {.name = "by_member", .fields = loan_member_state, .n_fields = 2},
    {.name = "by_member_due", .fields = loan_member_due, .n_fields = 2},
};
static const char *const loan_followed[] = {"loan:made", "loan:changed", NULL};
static const struct rt_embed loan_embeds[] = {{.field = 4, .target = &test_book_model}};
#define LOAN_MODEL(indexes_, n_)                                                                   \
    {                                                                                              \
        .name = "Loan", .message = &test_loan_message, .id_field = 0, .version_field = 5,          \
        .expires_field = -1, .followed = loan_followed, .indexes = (indexes_), .n_indexes = (n_),  \
        .embeds = loan_embeds, .n_embeds = 1                                                       \
    }
const struct rt_model test_loan_model = LOAN_MODEL(loan_indexes, 4);
const struct rt_model test_loan_model_before = LOAN_MODEL(loan_indexes_before, 3);
const struct rt_model test_loan_model_changed = LOAN_MODEL(loan_indexes_changed, 2);

/* Field 4, a time, as a text. */
static const struct rt_field loan_fields_broken[] = {
    {FIELD(test_loan, id, 1, RT_ID, RT_ONE)},
    {FIELD(test_loan, member, 4, RT_STRING, RT_ONE)},
};
static const struct rt_message loan_message_broken = {
    .pb = RT_PB_DESCRIPTOR("test.Loan", test_loan, loan_pb, 6, loan_ranges, 1),
    .name = "Loan",
    .fields = loan_fields_broken,
    .n_fields = 2,
};
const struct rt_model test_loan_model_broken = {
    .name = "Loan", .message = &loan_message_broken, .version_field = -1, .expires_field = -1};

const struct rt_model test_pass_model = {
    .name = "Pass",
    .message = &test_pass_message,
    .id_field = 0,
    .version_field = -1,
    .expires_field = 1,
};

/* ---------------------------------------------------------------- lifecycle */

void fixture_init(struct fixture *f)
{
    *f = (struct fixture){0};
    rt_arena_init(&f->arena, 0);
    strcpy(f->dir, "/tmp/rt-store-XXXXXX");
    cr_assert_not_null(mkdtemp(f->dir));
    cr_assert_eq(uv_loop_init(&f->loop), 0);
    struct rt_error error = {0};
    cr_assert_eq(fixture_open(f, &error), 0, "%s", error.message);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void fixture_done(struct fixture *f)
{
    fixture_close(f);
    uv_loop_close(&f->loop);
    rt_arena_done(&f->arena);
    nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void fixture_clear(struct fixture *f)
{
    fixture_close(f);
    nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int fixture_open_models(struct fixture *f, const struct rt_model *const *models, size_t n_models,
                        struct rt_error *error)
{
    struct rt_store_options options = {
        .path = f->dir, .models = models, .n_models = n_models, .service = "library"};
    return rt_store_open(&f->loop, &options, &f->store, error);
}

int fixture_open_with(struct fixture *f, const struct rt_model *loan, struct rt_error *error)
{
    const struct rt_model *const models[] = {&test_book_model, loan, &test_pass_model};
    return fixture_open_models(f, models, 3, error);
}

int fixture_open(struct fixture *f, struct rt_error *error)
{
    return fixture_open_with(f, &test_loan_model, error);
}

void fixture_close(struct fixture *f)
{
    if (!f->store)
        return;
    rt_store_close(f->store, NULL, NULL);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    f->store = NULL;
}

/* ------------------------------------------------------------------- writes */

struct waiting {
    struct rt_write write;
    struct rt_arena arena;
    int (*run)(struct rt_txn *txn, void *arg);
    void *arg;
    int status;
    size_t *left;
};

static int waiting_run(struct rt_txn *txn, void *arg)
{
    struct waiting *w = arg;
    return w->run(txn, w->arg);
}

static void waiting_done(void *arg, int status)
{
    struct waiting *w = arg;
    w->status = status;
    --*w->left;
}

void fixture_write_many(struct fixture *f, int (*run)(struct rt_txn *txn, void *arg),
                        void *const *args, size_t n, int *ret_status)
{
    struct waiting *all = calloc(n, sizeof *all);
    size_t left = n;
    for (size_t i = 0; i < n; i++) {
        all[i] = (struct waiting){.run = run, .arg = args[i], .left = &left};
        rt_arena_init(&all[i].arena, 0);
        all[i].write = (struct rt_write){
            .run = waiting_run, .done = waiting_done, .arg = &all[i], .arena = &all[i].arena};
        int code = rt_store_write(f->store, &all[i].write);
        if (code != 0)
            waiting_done(&all[i], code);
    }
    while (left > 0)
        uv_run(&f->loop, UV_RUN_ONCE);
    for (size_t i = 0; i < n; i++) {
        ret_status[i] = all[i].status;
        rt_arena_done(&all[i].arena);
    }
    free(all);
}

int fixture_write(struct fixture *f, int (*run)(struct rt_txn *txn, void *arg), void *arg)
{
    int status;
    fixture_write_many(f, run, &arg, 1, &status);
    return status;
}

/* ------------------------------------------------------------------ records */

struct test_book *book_new(struct rt_arena *arena, const char *id, const char *title)
{
    struct test_book *book = rt_message_new(&test_book_message, arena);
    book->id = id;
    book->title = title;
    return book;
}

struct test_loan *loan_new(struct rt_arena *arena, const char *id, const char *member,
                           const char *book, int state, int64_t due)
{
    struct test_loan *loan = rt_message_new(&test_loan_message, arena);
    loan->id = id;
    loan->member = member;
    loan->book = book_new(arena, book, "a title that is not stored here");
    loan->state = state;
    loan->has_due = due >= 0;
    loan->due = due >= 0 ? due : 0;
    return loan;
}

static int run_book_create(struct rt_txn *txn, void *arg)
{
    return rt_txn_create(txn, &test_book_model, arg);
}

static int run_create(struct rt_txn *txn, void *arg)
{
    return rt_txn_create(txn, &test_loan_model, arg);
}

static int run_update(struct rt_txn *txn, void *arg)
{
    return rt_txn_update(txn, &test_loan_model, arg);
}

static int run_delete(struct rt_txn *txn, void *arg)
{
    return rt_txn_delete(txn, &test_loan_model, arg);
}

int book_create(struct fixture *f, struct test_book *book)
{
    return fixture_write(f, run_book_create, book);
}

int loan_create(struct fixture *f, struct test_loan *loan)
{
    return fixture_write(f, run_create, loan);
}

int loan_update(struct fixture *f, struct test_loan *loan)
{
    return fixture_write(f, run_update, loan);
}

int loan_delete(struct fixture *f, const char *id)
{
    return fixture_write(f, run_delete, rt_arena_strdup(&f->arena, id));
}

struct test_loan *loan_get(struct fixture *f, const char *id)
{
    struct rt_txn txn;
    rt_store_read_begin(f->store, &f->arena, &txn);
    struct test_loan *loan = rt_txn_get(&txn, &test_loan_model, id);
    cr_assert_eq(txn.failed, 0);
    rt_store_read_end(&txn);
    return loan;
}

void check_store(struct fixture *f)
{
    struct rt_error error = {0};
    cr_expect_eq(rt_store_check(f->store, &error), 0, "%s", error.message);
}
