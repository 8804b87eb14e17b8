/*
 * Replicas: records of another service, kept from its events. Each event carries every field that
 * the replica has, and the version of the record it tells of. So a gap need not block: whatever
 * order events arrive in, and whichever are missing, an event with a newer version than ours is
 * applied, any other is ignored. What is last of a record leaves a tombstone with its version, so
 * that a late event brings nothing back to life; it is kept for RT_TOMBSTONE_MS, which is longer
 * than an event may be under way.
 *
 * The rule is pure; rt_replica_apply runs it in a write transaction. Tombstones lie in key-value
 * spaces of the store (numbers are big-endian):
 *
 *   'T'  model NUL id NUL                 version i64, until ms i64
 *   'U'  until ms i64, model NUL id NUL   empty: those whose time is over are found first
 */
#ifndef RT_APP_REPLICA_H
#define RT_APP_REPLICA_H

#include "runtime/app/service.h"

enum {
    RT_TOMBSTONE_SPACE = 'T',
    RT_TOMBSTONE_TIME_SPACE = 'U',
    RT_PARKED_SPACE = 'P', /* what an earlier format parked: see rt_replica_unpark */
    RT_TOMBSTONE_SWEEP = 4 /* tombstones that are over and go, with each new one */
};
#define RT_TOMBSTONE_MS INT64_C(1209600000) /* 14 days */

/* `known` is the version of our record or of its tombstone, 0 when there is neither. */
static inline bool rt_replica_is_news(int64_t known, int64_t version)
{
    return version > known;
}

/* One decoded event for one replica. `ret_version` is its version, also when it is ignored. Errors
 * mark the transaction as failed; RT_EINVAL: the event lacks id or version. */
int rt_replica_apply(struct rt_txn *txn, const struct rt_replica *replica,
                     const struct rt_event_type *type, const void *event, int64_t *ret_version);

/* Earlier versions of this program kept events that came before their time (model NUL id NUL
 * version -> event's name NUL payload). Takes up to `max` of them through the rule and out of
 * there; those that are no event any more just go. Returns how many it took. */
size_t rt_replica_unpark(struct rt_txn *txn, const struct rt_service *service, size_t max);

#endif
