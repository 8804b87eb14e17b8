// Generated from schema ticketing; do not edit.
/* The records of service auth.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef AUTH_STORE_H
#define AUTH_STORE_H

#include "gen/auth/auth_events.h"
#include "gen/auth/auth_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model auth_user_model;

/* Where each field is in auth_user_fields. */
enum {
    AUTH_USER_FIELD_ID,
    AUTH_USER_FIELD_EMAIL,
    AUTH_USER_FIELD_PASSWORD,
    AUTH_USER_FIELD_VERSION,
};

/* Where each index is in auth_user_indexes. */
enum {
    AUTH_USER_EMAIL,
};
extern const struct rt_index auth_user_indexes[];

struct auth_user *auth_user_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int auth_user_create(struct rt_txn *txn, struct auth_user *user);
RT_MUST_USE int auth_user_update(struct rt_txn *txn, struct auth_user *user);
int auth_user_delete(struct rt_txn *txn, const char *id);
int auth_user_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
struct auth_user *auth_user_by_email(struct rt_txn *txn, const char *email);

extern const struct rt_model auth_revocation_model;

/* Where each field is in auth_revocation_fields. */
enum {
    AUTH_REVOCATION_FIELD_ID,
    AUTH_REVOCATION_FIELD_EXPIRES_AT,
    AUTH_REVOCATION_FIELD_VERSION,
};

struct auth_revocation *auth_revocation_get(struct rt_txn *txn, const char *id);
int auth_revocation_create(struct rt_txn *txn, struct auth_revocation *revocation);
int auth_revocation_update(struct rt_txn *txn, struct auth_revocation *revocation);
int auth_revocation_delete(struct rt_txn *txn, const char *id);
int auth_revocation_list(struct rt_txn *txn, struct rt_str after, size_t limit,
                         struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
