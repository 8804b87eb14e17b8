// Generated from schema ticketing; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef ORDERS_ROUTES_H
#define ORDERS_ROUTES_H

#include "gen/orders/orders_events.h"
#include "gen/orders/orders_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum orders_create_result {
    ORDERS_CREATE_OK,
    ORDERS_CREATE_TICKET_RESERVED,
    ORDERS_CREATE_NOT_FOUND,
};
/* POST /api/orders, ticketing.tess line 128. Emits OrderCreated. */
#line 128 "ticketing.tess"
enum orders_create_result orders_create(struct rt_ctx *ctx, const struct orders_order_input *input,
                                        struct orders_order *order);
#line 26 "gen/orders/orders_routes.h"

enum orders_cancel_result { ORDERS_CANCEL_OK, ORDERS_CANCEL_ORDER_COMPLETE };
/* DELETE /api/orders/:id, ticketing.tess line 129; the order is the signed-in user's (user_id).
 * Emits OrderCancelled. */
#line 129 "ticketing.tess"
enum orders_cancel_result orders_cancel(struct rt_ctx *ctx, struct orders_order *order);
#line 33 "gen/orders/orders_routes.h"

extern const struct rt_route orders_routes[];

#ifdef __cplusplus
}
#endif

#endif
