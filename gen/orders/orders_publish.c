// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_publish.h"

void orders_publish_order_created(struct rt_txn *txn, const struct orders_order *order)
{
    struct orders_order_created event = ORDERS_ORDER_CREATED_INIT;
    struct orders_order whole = *order;
    rt_txn_hydrate(txn, &orders_order_model, &whole);
    rt_message_pick(&whole, &event, txn->arena);
    rt_txn_publish(txn, &orders_order_model, &whole, RT_STR(ORDERS_ORDER_CREATED_SUBJECT),
                   rt_str(event.ticket ? event.ticket->id : NULL), &event);
}

static void publish_order_created(struct rt_txn *txn, const void *record)
{
    orders_publish_order_created(txn, record);
}

const struct rt_event_type orders_order_created_event = {
    .name = "OrderCreated",
    .subject = ORDERS_ORDER_CREATED_SUBJECT,
    .message = &orders_order_created_message,
    .model = &orders_order_model,
    .publish = publish_order_created,
};

void orders_publish_order_cancelled(struct rt_txn *txn, const struct orders_order *order)
{
    struct orders_order_cancelled event = ORDERS_ORDER_CANCELLED_INIT;
    rt_message_pick(order, &event, txn->arena);
    rt_txn_publish(txn, &orders_order_model, order, RT_STR(ORDERS_ORDER_CANCELLED_SUBJECT),
                   rt_str(event.ticket ? event.ticket->id : NULL), &event);
}

static void publish_order_cancelled(struct rt_txn *txn, const void *record)
{
    orders_publish_order_cancelled(txn, record);
}

const struct rt_event_type orders_order_cancelled_event = {
    .name = "OrderCancelled",
    .subject = ORDERS_ORDER_CANCELLED_SUBJECT,
    .message = &orders_order_cancelled_message,
    .model = &orders_order_model,
    .publish = publish_order_cancelled,
};
