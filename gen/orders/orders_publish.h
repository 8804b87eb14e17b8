// Generated from schema ticketing; do not edit.
/* Publishing: the event is written into the outbox of the transaction that changes the record,
 * so that both happen or neither does. */
#ifndef ORDERS_PUBLISH_H
#define ORDERS_PUBLISH_H

#include "gen/orders/orders_store.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

void orders_publish_order_created(struct rt_txn *txn, const struct orders_order *order);
extern const struct rt_event_type orders_order_created_event;

void orders_publish_order_cancelled(struct rt_txn *txn, const struct orders_order *order);
extern const struct rt_event_type orders_order_cancelled_event;

#ifdef __cplusplus
}
#endif

#endif
