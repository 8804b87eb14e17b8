#include "gen/tickets/tickets_publish.h"
#include "gen/tickets/tickets_routes.h"
#include "gen/tickets/tickets_store.h"

enum tickets_create_result tickets_create(struct rt_ctx *ctx,
                                          const struct tickets_ticket_input *input,
                                          struct tickets_ticket *reply)
{
    reply->title = input->title;
    reply->price = input->price;
    reply->user_id = ctx->session->user_id;
    tickets_ticket_create(ctx->txn, reply);
    tickets_publish_ticket_created(ctx->txn, reply);
    return TICKETS_CREATE_OK;
}

enum tickets_update_result tickets_update(struct rt_ctx *ctx,
                                          const struct tickets_ticket_input *input,
                                          struct tickets_ticket *ticket)
{
    if (ticket->order_id)
        return TICKETS_UPDATE_TICKET_RESERVED;
    ticket->title = input->title;
    ticket->price = input->price;
    tickets_ticket_update(ctx->txn, ticket);
    tickets_publish_ticket_updated(ctx->txn, ticket);
    return TICKETS_UPDATE_OK;
}
