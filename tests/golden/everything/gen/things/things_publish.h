// Generated from schema everything; do not edit.
/* Publishing: the event is written into the outbox of the transaction that changes the record,
 * so that both happen or neither does. */
#ifndef THINGS_PUBLISH_H
#define THINGS_PUBLISH_H

#include "gen/things/things_store.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

void things_publish_thing_made(struct rt_txn *txn, const struct things_thing *thing);
extern const struct rt_event_type things_thing_made_event;

void things_publish_thing_ended(struct rt_txn *txn, const struct things_thing *thing);
extern const struct rt_event_type things_thing_ended_event;

void things_publish_thing_moved(struct rt_txn *txn, const struct things_thing *thing);
extern const struct rt_event_type things_thing_moved_event;

void things_publish_thing_told(struct rt_txn *txn, const struct things_thing *thing);
extern const struct rt_event_type things_thing_told_event;

#ifdef __cplusplus
}
#endif

#endif
