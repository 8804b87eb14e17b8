// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_listeners.h"

#include "gen/auth/auth_events.h"
#include "gen/orders/orders_events.h"
#include "gen/tickets/tickets_store.h"

static const struct rt_event_type orders_order_created = {
    .name = "OrderCreated",
    .subject = ORDERS_ORDER_CREATED_SUBJECT,
    .message = &orders_order_created_message,
};

static const struct rt_event_type orders_order_cancelled = {
    .name = "OrderCancelled",
    .subject = ORDERS_ORDER_CANCELLED_SUBJECT,
    .message = &orders_order_cancelled_message,
};

static const struct rt_event_type auth_session_revoked = {
    .name = "SessionRevoked",
    .subject = AUTH_SESSION_REVOKED_SUBJECT,
    .message = &auth_session_revoked_message,
};

static enum rt_listened on_reserve(struct rt_ctx *ctx, const void *event)
{
    return tickets_reserve(ctx, event);
}

static enum rt_listened on_release(struct rt_ctx *ctx, const void *event)
{
    return tickets_release(ctx, event);
}

const struct rt_listener tickets_listeners[] = {
    {.name = "reserve", .event = &orders_order_created, .handle = on_reserve},
    {.name = "release", .event = &orders_order_cancelled, .handle = on_release},
};

static const struct rt_event_type *const revocation_sources[] = {&auth_session_revoked};

const struct rt_replica tickets_replicas[] = {
    {.model = &tickets_revocation_model, .events = revocation_sources, .n_events = 1},
};
