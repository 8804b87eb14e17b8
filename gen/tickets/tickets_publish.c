// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_publish.h"

void tickets_publish_ticket_created(struct rt_txn *txn, const struct tickets_ticket *ticket)
{
    struct tickets_ticket_created event = TICKETS_TICKET_CREATED_INIT;
    rt_message_pick(ticket, &event, txn->arena);
    rt_txn_publish(txn, &tickets_ticket_model, ticket, RT_STR(TICKETS_TICKET_CREATED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_ticket_created(struct rt_txn *txn, const void *record)
{
    tickets_publish_ticket_created(txn, record);
}

const struct rt_event_type tickets_ticket_created_event = {
    .name = "TicketCreated",
    .subject = TICKETS_TICKET_CREATED_SUBJECT,
    .message = &tickets_ticket_created_message,
    .model = &tickets_ticket_model,
    .publish = publish_ticket_created,
};

void tickets_publish_ticket_updated(struct rt_txn *txn, const struct tickets_ticket *ticket)
{
    struct tickets_ticket_updated event = TICKETS_TICKET_UPDATED_INIT;
    rt_message_pick(ticket, &event, txn->arena);
    rt_txn_publish(txn, &tickets_ticket_model, ticket, RT_STR(TICKETS_TICKET_UPDATED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_ticket_updated(struct rt_txn *txn, const void *record)
{
    tickets_publish_ticket_updated(txn, record);
}

const struct rt_event_type tickets_ticket_updated_event = {
    .name = "TicketUpdated",
    .subject = TICKETS_TICKET_UPDATED_SUBJECT,
    .message = &tickets_ticket_updated_message,
    .model = &tickets_ticket_model,
    .publish = publish_ticket_updated,
};
