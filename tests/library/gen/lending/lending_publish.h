// Generated from schema library; do not edit.
/* Publishing: the event is written into the outbox of the transaction that changes the record,
 * so that both happen or neither does. */
#ifndef LENDING_PUBLISH_H
#define LENDING_PUBLISH_H

#include "gen/lending/lending_store.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

void lending_publish_loan_made(struct rt_txn *txn, const struct lending_loan *loan);
extern const struct rt_event_type lending_loan_made_event;

void lending_publish_loan_changed(struct rt_txn *txn, const struct lending_loan *loan);
extern const struct rt_event_type lending_loan_changed_event;

#ifdef __cplusplus
}
#endif

#endif
