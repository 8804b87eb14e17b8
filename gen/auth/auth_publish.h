// Generated from schema ticketing; do not edit.
/* Publishing: the event is written into the outbox of the transaction that changes the record,
 * so that both happen or neither does. */
#ifndef AUTH_PUBLISH_H
#define AUTH_PUBLISH_H

#include "gen/auth/auth_store.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

void auth_publish_session_revoked(struct rt_txn *txn, const struct auth_revocation *revocation);
extern const struct rt_event_type auth_session_revoked_event;

#ifdef __cplusplus
}
#endif

#endif
