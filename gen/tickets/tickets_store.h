// Generated from schema ticketing; do not edit.
/* The records of service tickets.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef TICKETS_STORE_H
#define TICKETS_STORE_H

#include "gen/tickets/tickets_events.h"
#include "gen/tickets/tickets_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model tickets_ticket_model;

/* Where each field is in tickets_ticket_fields. */
enum {
    TICKETS_TICKET_FIELD_ID,
    TICKETS_TICKET_FIELD_TITLE,
    TICKETS_TICKET_FIELD_PRICE,
    TICKETS_TICKET_FIELD_USER_ID,
    TICKETS_TICKET_FIELD_ORDER_ID,
    TICKETS_TICKET_FIELD_VERSION,
};

/* Where each index is in tickets_ticket_indexes. */
enum {
    TICKETS_TICKET_BY_SELLER,
};
extern const struct rt_index tickets_ticket_indexes[];

struct tickets_ticket *tickets_ticket_get(struct rt_txn *txn, const char *id);
int tickets_ticket_create(struct rt_txn *txn, struct tickets_ticket *ticket);
int tickets_ticket_update(struct rt_txn *txn, struct tickets_ticket *ticket);
int tickets_ticket_delete(struct rt_txn *txn, const char *id);
int tickets_ticket_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
int tickets_ticket_list_by_seller(struct rt_txn *txn, const char *user_id, struct rt_str after,
                                  size_t limit, struct rt_page *ret);

extern const struct rt_model tickets_revocation_model;

/* Where each field is in tickets_revocation_fields. */
enum {
    TICKETS_REVOCATION_FIELD_ID,
    TICKETS_REVOCATION_FIELD_EXPIRES_AT,
    TICKETS_REVOCATION_FIELD_VERSION,
};

struct tickets_revocation *tickets_revocation_get(struct rt_txn *txn, const char *id);
int tickets_revocation_list(struct rt_txn *txn, struct rt_str after, size_t limit,
                            struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
