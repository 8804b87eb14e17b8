// Generated from schema everything; do not edit.
/* The records of service people.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef PEOPLE_STORE_H
#define PEOPLE_STORE_H

#include "gen/people/people_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model people_person_model;

/* Where each field is in people_person_fields. */
enum {
    PEOPLE_PERSON_FIELD_ID,
    PEOPLE_PERSON_FIELD_LOGIN,
    PEOPLE_PERSON_FIELD_PASSWORD,
    PEOPLE_PERSON_FIELD_AGE,
    PEOPLE_PERSON_FIELD_VERSION,
    PEOPLE_PERSON_FIELD_ADDRESS,
    PEOPLE_PERSON_FIELD_JOINED,
    PEOPLE_PERSON_FIELD_LEAVES,
    PEOPLE_PERSON_FIELD_INVITER,
    PEOPLE_PERSON_FIELD_SEEN,
};

/* Where each index is in people_person_indexes. */
enum {
    PEOPLE_PERSON_LOGIN,
    PEOPLE_PERSON_ADDRESS,
};
extern const struct rt_index people_person_indexes[];

struct people_person *people_person_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int people_person_create(struct rt_txn *txn, struct people_person *person);
RT_MUST_USE int people_person_update(struct rt_txn *txn, struct people_person *person);
int people_person_delete(struct rt_txn *txn, const char *id);
int people_person_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
struct people_person *people_person_by_login(struct rt_txn *txn, const char *login);
struct people_person *people_person_by_address(struct rt_txn *txn, const char *address);

#ifdef __cplusplus
}
#endif

#endif
