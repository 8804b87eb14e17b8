/*
 * A ticket follows the orders for it: reserved from OrderCreated to OrderCancelled. The events
 * of all orders for one ticket arrive in the order in which they happened, because they are
 * keyed by the ticket.
 */
#include "gen/tickets/tickets_listeners.h"
#include "gen/tickets/tickets_publish.h"
#include "gen/tickets/tickets_store.h"

static void set_order(struct rt_ctx *ctx, struct tickets_ticket *ticket, const char *order_id)
{
    ticket->order_id = order_id;
    tickets_ticket_update(ctx->txn, ticket);
    tickets_publish_ticket_updated(ctx->txn, ticket);
}

enum rt_listened tickets_reserve(struct rt_ctx *ctx, const struct orders_order_created *event)
{
    struct tickets_ticket *ticket = tickets_ticket_get(ctx->txn, event->ticket->id);
    if (ticket)
        set_order(ctx, ticket, event->id);
    return RT_LISTENED;
}

enum rt_listened tickets_release(struct rt_ctx *ctx, const struct orders_order_cancelled *event)
{
    struct tickets_ticket *ticket = tickets_ticket_get(ctx->txn, event->ticket->id);
    if (ticket && ticket->order_id && strcmp(ticket->order_id, event->id) == 0)
        set_order(ctx, ticket, NULL);
    return RT_LISTENED;
}
