// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_store.h"

static const uint16_t book_by_shelf_fields[] = {
    CATALOGUE_BOOK_FIELD_SHELF,
    CATALOGUE_BOOK_FIELD_TITLE,
};
static const uint16_t book_by_isbn_fields[] = {CATALOGUE_BOOK_FIELD_ISBN};

const struct rt_index catalogue_book_indexes[] = {
    {
        .name = "by_shelf",
        .fields = book_by_shelf_fields,
        .n_fields = 2,
    },
    {
        .name = "by_isbn",
        .unique = true,
        .fields = book_by_isbn_fields,
        .n_fields = 1,
    },
};

static const char *const book_followed[] = {
    CATALOGUE_BOOK_ADDED_SUBJECT,
    CATALOGUE_BOOK_CHANGED_SUBJECT,
    CATALOGUE_BOOK_REMOVED_SUBJECT,
    NULL,
};

const struct rt_model catalogue_book_model = {
    .name = "Book",
    .message = &catalogue_book_message,
    .id_field = CATALOGUE_BOOK_FIELD_ID,
    .version_field = CATALOGUE_BOOK_FIELD_VERSION,
    .expires_field = -1,
    .followed = book_followed,
    .indexes = catalogue_book_indexes,
    .n_indexes = 2,
};

struct catalogue_book *catalogue_book_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &catalogue_book_model, id);
}

int catalogue_book_create(struct rt_txn *txn, struct catalogue_book *book)
{
    return rt_txn_create(txn, &catalogue_book_model, book);
}

int catalogue_book_update(struct rt_txn *txn, struct catalogue_book *book)
{
    return rt_txn_update(txn, &catalogue_book_model, book);
}

int catalogue_book_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &catalogue_book_model, id);
}

int catalogue_book_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &catalogue_book_model, &scan, ret);
}

int catalogue_book_list_by_shelf(struct rt_txn *txn, enum catalogue_shelf shelf,
                                 struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .i = shelf}};
    const struct rt_scan scan = {
        .index = &catalogue_book_indexes[CATALOGUE_BOOK_BY_SHELF],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &catalogue_book_model, &scan, ret);
}

struct catalogue_book *catalogue_book_by_isbn(struct rt_txn *txn, const char *isbn)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(isbn)}};
    return rt_txn_find(txn, &catalogue_book_model, &catalogue_book_indexes[CATALOGUE_BOOK_BY_ISBN],
                       values);
}

const struct rt_model catalogue_loan_model = {
    .name = "Loan",
    .message = &catalogue_loan_message,
    .id_field = CATALOGUE_LOAN_FIELD_ID,
    .version_field = CATALOGUE_LOAN_FIELD_VERSION,
    .expires_field = -1,
    .replica = true,
};

struct catalogue_loan *catalogue_loan_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &catalogue_loan_model, id);
}

int catalogue_loan_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &catalogue_loan_model, &scan, ret);
}
