// Generated from schema library; do not edit.
/* The records of service lending.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef LENDING_STORE_H
#define LENDING_STORE_H

#include "gen/lending/lending_events.h"
#include "gen/lending/lending_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model lending_book_model;

/* Where each field is in lending_book_fields. */
enum {
    LENDING_BOOK_FIELD_ID,
    LENDING_BOOK_FIELD_TITLE,
    LENDING_BOOK_FIELD_SHELF,
    LENDING_BOOK_FIELD_VERSION,
};

struct lending_book *lending_book_get(struct rt_txn *txn, const char *id);
int lending_book_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);

extern const struct rt_model lending_member_model;

/* Where each field is in lending_member_fields. */
enum {
    LENDING_MEMBER_FIELD_ID,
    LENDING_MEMBER_FIELD_NAME,
    LENDING_MEMBER_FIELD_EMAIL,
    LENDING_MEMBER_FIELD_JOINED,
    LENDING_MEMBER_FIELD_FEE,
    LENDING_MEMBER_FIELD_VERSION,
};

/* Where each index is in lending_member_indexes. */
enum {
    LENDING_MEMBER_EMAIL,
    LENDING_MEMBER_BY_NAME,
};
extern const struct rt_index lending_member_indexes[];

struct lending_member *lending_member_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int lending_member_create(struct rt_txn *txn, struct lending_member *member);
RT_MUST_USE int lending_member_update(struct rt_txn *txn, struct lending_member *member);
int lending_member_delete(struct rt_txn *txn, const char *id);
int lending_member_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
struct lending_member *lending_member_by_email(struct rt_txn *txn, const char *email);
int lending_member_list_by_name(struct rt_txn *txn, const char *name, struct rt_str after,
                                size_t limit, struct rt_page *ret);

extern const struct rt_model lending_loan_model;

/* Where each field is in lending_loan_fields. */
enum {
    LENDING_LOAN_FIELD_ID,
    LENDING_LOAN_FIELD_MEMBER,
    LENDING_LOAN_FIELD_BOOK,
    LENDING_LOAN_FIELD_LENT_AT,
    LENDING_LOAN_FIELD_DUE_AT,
    LENDING_LOAN_FIELD_RETURNED_AT,
    LENDING_LOAN_FIELD_OVERDUE,
    LENDING_LOAN_FIELD_VERSION,
};

/* Where each index is in lending_loan_indexes. */
enum {
    LENDING_LOAN_BY_MEMBER,
    LENDING_LOAN_OPEN_BY_BOOK,
    LENDING_LOAN_OPEN_BY_MEMBER,
    LENDING_LOAN_OPEN_BY_DUE,
    LENDING_LOAN_OVERDUE,
};
extern const struct rt_index lending_loan_indexes[];

struct lending_loan *lending_loan_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int lending_loan_create(struct rt_txn *txn, struct lending_loan *loan);
RT_MUST_USE int lending_loan_update(struct rt_txn *txn, struct lending_loan *loan);
int lending_loan_delete(struct rt_txn *txn, const char *id);
int lending_loan_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
int lending_loan_list_by_member(struct rt_txn *txn, const char *member, struct rt_str after,
                                size_t limit, struct rt_page *ret);
struct lending_loan *lending_loan_open_by_book(struct rt_txn *txn, const char *book_id);
int lending_loan_list_open_by_member(struct rt_txn *txn, const char *member, struct rt_str after,
                                     size_t limit, struct rt_page *ret);
int lending_loan_list_open_by_due(struct rt_txn *txn, int64_t due_at, struct rt_str after,
                                  size_t limit, struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
