/*
 * Replicas: copies of another service's records, kept from its events. Whatever order events
 * arrive in, a record goes through its versions one by one: the next version is applied, an early
 * one is parked in the same store until its turn, a late one is dropped.
 *
 * Threads: a transaction's. Everything happens in the caller's transaction or not at all.
 */
#ifndef RT_APP_EVENTS_REPLICA_H
#define RT_APP_EVENTS_REPLICA_H

#include "runtime/app/service.h"

enum rt_replica_verdict { RT_REPLICA_APPLY, RT_REPLICA_PARK, RT_REPLICA_DROP };

/* The rule by itself: `stored` is the version that is there, 0 when there is none. */
enum rt_replica_verdict rt_replica_rule(int64_t stored, int64_t incoming);

/* Applies, parks or drops an event of one of the replica's types, then applies what was parked
 * and has become next. Fields are matched by name. RT_EINVAL: the event has no id or no version. */
int rt_replica_take(const struct rt_replica *replica, struct rt_txn *txn, const void *event);

#endif
