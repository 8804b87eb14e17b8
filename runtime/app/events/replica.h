/*
 * Replicas: records of another service, kept from its events. Whatever order events arrive in,
 * versions are applied one by one: the next one is applied, an early one is parked until those
 * before it are there, a late one (or one that was seen already) is dropped.
 *
 * The rule is pure; rt_replica_apply runs it in a write transaction. Parked events lie in a
 * key-value space of the store: model NUL id NUL version (8 bytes, big-endian) -> event's name NUL
 * payload.
 */
#ifndef RT_APP_REPLICA_H
#define RT_APP_REPLICA_H

#include "runtime/app/service.h"

enum { RT_REPLICA_SPACE = 'P' };

enum rt_replica_action { RT_REPLICA_APPLY, RT_REPLICA_PARK, RT_REPLICA_DROP };

/* `stored` is the version of our record, 0 when there is none. */
static inline enum rt_replica_action rt_replica_decide(int64_t stored, int64_t version)
{
    if (version <= stored)
        return RT_REPLICA_DROP;
    return version == stored + 1 ? RT_REPLICA_APPLY : RT_REPLICA_PARK;
}

/* One event for one replica: `event` is the decoded form of `payload`. Errors mark the
 * transaction as failed; RT_EINVAL: the event lacks id or version, or what was parked does not
 * decode any more. */
int rt_replica_apply(struct rt_txn *txn, const struct rt_replica *replica,
                     const struct rt_event_type *type, const void *event, struct rt_bytes payload);

#endif
