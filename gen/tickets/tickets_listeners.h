// Generated from schema ticketing; do not edit.
/* What runs without a request, each call in a transaction of its own. The functions are written
 * by hand; an event's effect and the note that it was taken are stored together. */
#ifndef TICKETS_LISTENERS_H
#define TICKETS_LISTENERS_H

#include "gen/orders/orders_events.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* On orders.OrderCreated, ticketing.tess line 88. Emits TicketUpdated. */
#line 88 "ticketing.tess"
enum rt_listened tickets_reserve(struct rt_ctx *ctx, const struct orders_order_created *event);
#line 18 "gen/tickets/tickets_listeners.h"

/* On orders.OrderCancelled, ticketing.tess line 89. Emits TicketUpdated. */
#line 89 "ticketing.tess"
enum rt_listened tickets_release(struct rt_ctx *ctx, const struct orders_order_cancelled *event);
#line 23 "gen/tickets/tickets_listeners.h"

extern const struct rt_listener tickets_listeners[];
extern const struct rt_replica tickets_replicas[];

#ifdef __cplusplus
}
#endif

#endif
