#include "gen/orders/orders_listeners.h"
#include "gen/orders/orders_publish.h"
#include "gen/orders/orders_routes.h"
#include "gen/orders/orders_service.h"
#include "gen/orders/orders_store.h"

enum orders_create_result orders_create(struct rt_ctx *ctx, const struct orders_order_input *input,
                                        struct orders_order *reply)
{
    struct orders_ticket *ticket = orders_ticket_get(ctx->txn, input->ticket_id);
    if (!ticket)
        return ORDERS_CREATE_NOT_FOUND;
    reply->user_id = ctx->session->user_id;
    reply->status = ORDERS_ORDER_STATUS_CREATED;
    reply->expires_at = ctx->now_ms + orders_settings.order_window_ms;
    reply->ticket = ticket;
    /* One open order per ticket: the unique index refuses a second one. */
    if (orders_order_create(ctx->txn, reply) == RT_EEXIST)
        return ORDERS_CREATE_TICKET_RESERVED;
    orders_publish_order_created(ctx->txn, reply);
    return ORDERS_CREATE_OK;
}

static int close_order(struct rt_ctx *ctx, struct orders_order *order)
{
    order->status = ORDERS_ORDER_STATUS_CANCELLED;
    int status = orders_order_update(ctx->txn, order);
    if (status == 0)
        orders_publish_order_cancelled(ctx->txn, order);
    return status;
}

enum orders_cancel_result orders_cancel(struct rt_ctx *ctx, struct orders_order *order)
{
    if (order->status == ORDERS_ORDER_STATUS_COMPLETE)
        return ORDERS_CANCEL_ORDER_COMPLETE;
    /* Cancelling twice is no error, and no second event. */
    if (order->status != ORDERS_ORDER_STATUS_CANCELLED)
        (void)!close_order(ctx, order);
    return ORDERS_CANCEL_OK;
}

void orders_expire(struct rt_ctx *ctx, struct orders_order *order)
{
    (void)!close_order(ctx, order);
}
