// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_events.h"

static const ProtobufCFieldDescriptor order_created_ticket_pb[] = {
    RT_PB_STRING(orders_order_created_ticket, id, 1),
    RT_PB_NUMBER(orders_order_created_ticket, price, 3, INT64),
};
static const ProtobufCIntRange order_created_ticket_ranges[] = {{1, 0}, {3, 1}, {0, 2}};
static const struct rt_limits price_limits = {.min = 1, .max = 10000000};
const struct rt_field orders_order_created_ticket_fields[] = {
    RT_FIELD(orders_order_created_ticket, id, 1, "id", .kind = RT_ID),
    RT_FIELD(orders_order_created_ticket, price, 3, "price", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE, .limits = &price_limits),
};
const struct rt_message orders_order_created_ticket_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.OrderCreatedTicket", orders_order_created_ticket,
                           order_created_ticket_pb, 2, order_created_ticket_ranges, 2),
    .name = "OrderCreatedTicket",
    .fields = orders_order_created_ticket_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor order_created_pb[] = {
    RT_PB_STRING(orders_order_created, id, 1), /* in order of number */
    RT_PB_STRING(orders_order_created, user_id, 2),
    RT_PB_ENUM(orders_order_created, status, 3),
    RT_PB_NUMBER(orders_order_created, expires_at, 4, INT64),
    RT_PB_MESSAGE(orders_order_created, ticket, 5, &orders_order_created_ticket_message),
    RT_PB_NUMBER(orders_order_created, version, 6, INT64),
};
static const ProtobufCIntRange order_created_ranges[] = {{1, 0}, {0, 6}};
const struct rt_field orders_order_created_fields[] = {
    RT_FIELD(orders_order_created, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(orders_order_created, user_id, 2, "userId", .kind = RT_REF),
    RT_FIELD(orders_order_created, status, 3, "status", .kind = RT_ENUM,
             .enumeration = &orders_order_status_enum),
    RT_FIELD(orders_order_created, expires_at, 4, "expiresAt", .kind = RT_TIME),
    RT_FIELD(orders_order_created, ticket, 5, "ticket", .kind = RT_MESSAGE,
             .message = &orders_order_created_ticket_message),
    RT_FIELD(orders_order_created, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message orders_order_created_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.OrderCreated", orders_order_created, order_created_pb,
                           6, order_created_ranges, 1),
    .name = "OrderCreated",
    .fields = orders_order_created_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor order_cancelled_ticket_pb[] = {
    RT_PB_STRING(orders_order_cancelled_ticket, id, 1),
};
static const ProtobufCIntRange order_cancelled_ticket_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field orders_order_cancelled_ticket_fields[] = {
    RT_FIELD(orders_order_cancelled_ticket, id, 1, "id", .kind = RT_ID),
};
const struct rt_message orders_order_cancelled_ticket_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.OrderCancelledTicket", orders_order_cancelled_ticket,
                           order_cancelled_ticket_pb, 1, order_cancelled_ticket_ranges, 1),
    .name = "OrderCancelledTicket",
    .fields = orders_order_cancelled_ticket_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor order_cancelled_pb[] = {
    RT_PB_STRING(orders_order_cancelled, id, 1),
    RT_PB_MESSAGE(orders_order_cancelled, ticket, 5, &orders_order_cancelled_ticket_message),
    RT_PB_NUMBER(orders_order_cancelled, version, 6, INT64),
};
static const ProtobufCIntRange order_cancelled_ranges[] = {{1, 0}, {5, 1}, {0, 3}};
const struct rt_field orders_order_cancelled_fields[] = {
    RT_FIELD(orders_order_cancelled, id, 1, "id", .kind = RT_ID),
    RT_FIELD(orders_order_cancelled, ticket, 5, "ticket", .kind = RT_MESSAGE,
             .message = &orders_order_cancelled_ticket_message),
    RT_FIELD(orders_order_cancelled, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message orders_order_cancelled_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.OrderCancelled", orders_order_cancelled,
                           order_cancelled_pb, 3, order_cancelled_ranges, 2),
    .name = "OrderCancelled",
    .fields = orders_order_cancelled_fields,
    .n_fields = 3,
};
