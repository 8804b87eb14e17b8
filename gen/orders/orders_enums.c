// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_enums.h"

#include "runtime/wire/message.h"

static const struct rt_enum_value order_status_values[] = {
    {ORDERS_ORDER_STATUS_CREATED, "created", "created"},
    {ORDERS_ORDER_STATUS_CANCELLED, "cancelled", "cancelled"},
    {ORDERS_ORDER_STATUS_AWAITING_PAYMENT, "awaiting_payment", "awaiting:payment"},
    {ORDERS_ORDER_STATUS_COMPLETE, "complete", "complete"},
};

const struct rt_enum orders_order_status_enum = {
    .name = "OrderStatus",
    .values = order_status_values,
    .n_values = 4,
};
