// Generated from schema ticketing; do not edit.
/* What runs without a request, each call in a transaction of its own. The functions are written
 * by hand; an event's effect and the note that it was taken are stored together. */
#ifndef ORDERS_LISTENERS_H
#define ORDERS_LISTENERS_H

#include "gen/orders/orders_events.h"
#include "gen/orders/orders_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An order not paid in time is cancelled, once, even across restarts.
 * Once the time in Order.expires_at has come, ticketing.tess line 133. Emits OrderCancelled. */
#line 133 "ticketing.tess"
void orders_expire(struct rt_ctx *ctx, struct orders_order *order);
#line 20 "gen/orders/orders_listeners.h"

extern const struct rt_replica orders_replicas[];
extern const struct rt_timer orders_timers[];

#ifdef __cplusplus
}
#endif

#endif
