// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_listeners.h"

#include "gen/auth/auth_events.h"
#include "gen/orders/orders_store.h"
#include "gen/tickets/tickets_events.h"

static const struct rt_event_type tickets_ticket_created = {
    .name = "TicketCreated",
    .subject = TICKETS_TICKET_CREATED_SUBJECT,
    .message = &tickets_ticket_created_message,
};

static const struct rt_event_type tickets_ticket_updated = {
    .name = "TicketUpdated",
    .subject = TICKETS_TICKET_UPDATED_SUBJECT,
    .message = &tickets_ticket_updated_message,
};

static const struct rt_event_type auth_session_revoked = {
    .name = "SessionRevoked",
    .subject = AUTH_SESSION_REVOKED_SUBJECT,
    .message = &auth_session_revoked_message,
};

static const struct rt_event_type *const ticket_sources[] = {
    &tickets_ticket_created,
    &tickets_ticket_updated,
};
static const struct rt_event_type *const revocation_sources[] = {&auth_session_revoked};

const struct rt_replica orders_replicas[] = {
    {.model = &orders_ticket_model, .events = ticket_sources, .n_events = 2},
    {.model = &orders_revocation_model, .events = revocation_sources, .n_events = 1},
};

static void at_expire(struct rt_ctx *ctx, void *record)
{
    orders_expire(ctx, record);
}

const struct rt_timer orders_timers[] = {
    {
        .name = "expire",
        .model = &orders_order_model,
        .index = &orders_order_indexes[ORDERS_ORDER_EXPIRE],
        .handle = at_expire,
    },
};
