// Generated from schema library; do not edit.
/* Publishing: the event is written into the outbox of the transaction that changes the record,
 * so that both happen or neither does. */
#ifndef CATALOGUE_PUBLISH_H
#define CATALOGUE_PUBLISH_H

#include "gen/catalogue/catalogue_store.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

void catalogue_publish_book_added(struct rt_txn *txn, const struct catalogue_book *book);
extern const struct rt_event_type catalogue_book_added_event;

void catalogue_publish_book_changed(struct rt_txn *txn, const struct catalogue_book *book);
extern const struct rt_event_type catalogue_book_changed_event;

void catalogue_publish_book_removed(struct rt_txn *txn, const struct catalogue_book *book);
extern const struct rt_event_type catalogue_book_removed_event;

#ifdef __cplusplus
}
#endif

#endif
