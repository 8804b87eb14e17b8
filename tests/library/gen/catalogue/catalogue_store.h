// Generated from schema library; do not edit.
/* The records of service catalogue.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef CATALOGUE_STORE_H
#define CATALOGUE_STORE_H

#include "gen/catalogue/catalogue_events.h"
#include "gen/catalogue/catalogue_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model catalogue_book_model;

/* Where each field is in catalogue_book_fields. */
enum {
    CATALOGUE_BOOK_FIELD_ID,
    CATALOGUE_BOOK_FIELD_ISBN,
    CATALOGUE_BOOK_FIELD_TITLE,
    CATALOGUE_BOOK_FIELD_AUTHORS,
    CATALOGUE_BOOK_FIELD_SHELF,
    CATALOGUE_BOOK_FIELD_PUBLISHED,
    CATALOGUE_BOOK_FIELD_PAGES,
    CATALOGUE_BOOK_FIELD_NOTES,
    CATALOGUE_BOOK_FIELD_VERSION,
};

/* Where each index is in catalogue_book_indexes. */
enum {
    CATALOGUE_BOOK_BY_SHELF,
    CATALOGUE_BOOK_BY_ISBN,
};
extern const struct rt_index catalogue_book_indexes[];

struct catalogue_book *catalogue_book_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int catalogue_book_create(struct rt_txn *txn, struct catalogue_book *book);
RT_MUST_USE int catalogue_book_update(struct rt_txn *txn, struct catalogue_book *book);
int catalogue_book_delete(struct rt_txn *txn, const char *id);
int catalogue_book_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
int catalogue_book_list_by_shelf(struct rt_txn *txn, enum catalogue_shelf shelf,
                                 struct rt_str after, size_t limit, struct rt_page *ret);
struct catalogue_book *catalogue_book_by_isbn(struct rt_txn *txn, const char *isbn);

extern const struct rt_model catalogue_loan_model;

/* Where each field is in catalogue_loan_fields. */
enum {
    CATALOGUE_LOAN_FIELD_ID,
    CATALOGUE_LOAN_FIELD_BOOK,
    CATALOGUE_LOAN_FIELD_DUE_AT,
    CATALOGUE_LOAN_FIELD_RETURNED_AT,
    CATALOGUE_LOAN_FIELD_VERSION,
};

struct catalogue_loan *catalogue_loan_get(struct rt_txn *txn, const char *id);
int catalogue_loan_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
