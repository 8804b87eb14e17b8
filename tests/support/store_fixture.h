/*
 * What the store's tests share: hand-written tables of a little lending library, and a store in a
 * directory of its own that is driven as if writing were synchronous.
 */
#ifndef RT_STORE_FIXTURE_H
#define RT_STORE_FIXTURE_H

#include "runtime/store/store.h"

struct test_book {
    ProtobufCMessage base;
    const char *id;
    const char *title;
    int64_t version;
};

enum test_state { TEST_OPEN = 1, TEST_LATE = 2, TEST_RETURNED = 3 };

struct test_loan {
    ProtobufCMessage base;
    const char *id;
    const char *member;
    int state;
    protobuf_c_boolean has_due;
    int64_t due;
    struct test_book *book;
    int64_t version;
};

struct test_pass {
    ProtobufCMessage base;
    const char *id;
    int64_t expires_at;
};

/* A loan as a later version of the program knows it. */
struct test_loan_next {
    ProtobufCMessage base;
    const char *id;
    const char *remark;
};

extern const struct rt_message test_book_message, test_loan_message, test_pass_message,
    test_loan_next_message;
/* Unique: title. */
extern const struct rt_model test_book_model;
/* By member; by member and due; unique: book while not returned; timer: due while open. */
extern const struct rt_model test_loan_model;
/* The same model before by_member_due was thought of, and with another definition of by_member. */
extern const struct rt_model test_loan_model_before, test_loan_model_changed;
/* What no program may do to stored loans. */
extern const struct rt_model test_loan_model_broken;
extern const struct rt_model test_pass_model;
enum { LOAN_BY_MEMBER, LOAN_BY_MEMBER_DUE, LOAN_UNIQUE_BOOK, LOAN_TIMER };

struct fixture {
    uv_loop_t loop;
    struct rt_store *store;
    struct rt_arena arena; /* of the test: reads, and records that are compared */
    char dir[64];
};

/* Makes a directory and opens a store in it. */
void fixture_init(struct fixture *f);
/* Closes what is open and removes the directory. */
void fixture_done(struct fixture *f);

int fixture_open(struct fixture *f, struct rt_error *error);
int fixture_open_with(struct fixture *f, const struct rt_model *loan, struct rt_error *error);
/* With other models than the library's. */
int fixture_open_models(struct fixture *f, const struct rt_model *const *models, size_t n_models,
                        struct rt_error *error);
void fixture_close(struct fixture *f);
/* Closes and removes the directory, so that the next open makes another database. */
void fixture_clear(struct fixture *f);

/* One write transaction, waited for. */
int fixture_write(struct fixture *f, int (*run)(struct rt_txn *txn, void *arg), void *arg);
/* All of them submitted before the writer can begin with the second: `n` results. */
void fixture_write_many(struct fixture *f, int (*run)(struct rt_txn *txn, void *arg),
                        void *const *args, size_t n, int *ret_status);

/* Records on the arena. */
struct test_book *book_new(struct rt_arena *arena, const char *id, const char *title);
struct test_loan *loan_new(struct rt_arena *arena, const char *id, const char *member,
                           const char *book, int state, int64_t due);

/* One create, update or delete of its own. */
int book_create(struct fixture *f, struct test_book *book);
int loan_create(struct fixture *f, struct test_loan *loan);
int loan_update(struct fixture *f, struct test_loan *loan);
int loan_delete(struct fixture *f, const char *id);
/* Read in a transaction of its own, into the fixture's arena. */
struct test_loan *loan_get(struct fixture *f, const char *id);
void check_store(struct fixture *f);

#endif
