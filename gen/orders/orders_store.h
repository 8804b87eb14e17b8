// Generated from schema ticketing; do not edit.
/* The records of service orders.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef ORDERS_STORE_H
#define ORDERS_STORE_H

#include "gen/orders/orders_events.h"
#include "gen/orders/orders_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model orders_ticket_model;

/* Where each field is in orders_ticket_fields. */
enum {
    ORDERS_TICKET_FIELD_ID,
    ORDERS_TICKET_FIELD_TITLE,
    ORDERS_TICKET_FIELD_PRICE,
    ORDERS_TICKET_FIELD_ORDER_ID,
    ORDERS_TICKET_FIELD_VERSION,
};

struct orders_ticket *orders_ticket_get(struct rt_txn *txn, const char *id);
int orders_ticket_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);

extern const struct rt_model orders_order_model;

/* Where each field is in orders_order_fields. */
enum {
    ORDERS_ORDER_FIELD_ID,
    ORDERS_ORDER_FIELD_USER_ID,
    ORDERS_ORDER_FIELD_STATUS,
    ORDERS_ORDER_FIELD_EXPIRES_AT,
    ORDERS_ORDER_FIELD_TICKET,
    ORDERS_ORDER_FIELD_VERSION,
};

/* Where each index is in orders_order_indexes. */
enum {
    ORDERS_ORDER_BY_USER,
    ORDERS_ORDER_OPEN_BY_TICKET,
    ORDERS_ORDER_EXPIRE,
};
extern const struct rt_index orders_order_indexes[];

struct orders_order *orders_order_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int orders_order_create(struct rt_txn *txn, struct orders_order *order);
RT_MUST_USE int orders_order_update(struct rt_txn *txn, struct orders_order *order);
int orders_order_delete(struct rt_txn *txn, const char *id);
int orders_order_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
int orders_order_list_by_user(struct rt_txn *txn, const char *user_id, struct rt_str after,
                              size_t limit, struct rt_page *ret);
struct orders_order *orders_order_open_by_ticket(struct rt_txn *txn, const char *ticket_id);

extern const struct rt_model orders_revocation_model;

/* Where each field is in orders_revocation_fields. */
enum {
    ORDERS_REVOCATION_FIELD_ID,
    ORDERS_REVOCATION_FIELD_EXPIRES_AT,
    ORDERS_REVOCATION_FIELD_VERSION,
};

struct orders_revocation *orders_revocation_get(struct rt_txn *txn, const char *id);
int orders_revocation_list(struct rt_txn *txn, struct rt_str after, size_t limit,
                           struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
