// Generated from schema ticketing; do not edit.
/* Publishing: the event is written into the outbox of the transaction that changes the record,
 * so that both happen or neither does. */
#ifndef TICKETS_PUBLISH_H
#define TICKETS_PUBLISH_H

#include "gen/tickets/tickets_store.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

void tickets_publish_ticket_created(struct rt_txn *txn, const struct tickets_ticket *ticket);
extern const struct rt_event_type tickets_ticket_created_event;

void tickets_publish_ticket_updated(struct rt_txn *txn, const struct tickets_ticket *ticket);
extern const struct rt_event_type tickets_ticket_updated_event;

#ifdef __cplusplus
}
#endif

#endif
