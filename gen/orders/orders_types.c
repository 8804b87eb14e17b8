// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_types.h"

static const ProtobufCFieldDescriptor ticket_pb[] = {
    RT_PB_STRING(orders_ticket, id, 1), /* in order of number */
    RT_PB_STRING(orders_ticket, title, 2),
    RT_PB_NUMBER(orders_ticket, price, 3, INT64),
    RT_PB_OPTIONAL_STRING(orders_ticket, order_id, 5),
    RT_PB_NUMBER(orders_ticket, version, 6, INT64),
};
static const ProtobufCIntRange ticket_ranges[] = {{1, 0}, {5, 3}, {0, 5}};
static const struct rt_limits ticket_title_limits = {.min = 1, .max = 200};
static const struct rt_limits price_limits = {.min = 1, .max = 10000000};
const struct rt_field orders_ticket_fields[] = {
    RT_FIELD(orders_ticket, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(orders_ticket, title, 2, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &ticket_title_limits),
    RT_FIELD(orders_ticket, price, 3, "price", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE, .limits = &price_limits),
    RT_FIELD(orders_ticket, order_id, 5, "orderId", .shape = RT_OPTIONAL, .kind = RT_REF),
    RT_FIELD(orders_ticket, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message orders_ticket_message = {
    .pb =
        RT_PB_DESCRIPTOR("ticketing.orders.Ticket", orders_ticket, ticket_pb, 5, ticket_ranges, 2),
    .name = "Ticket",
    .fields = orders_ticket_fields,
    .n_fields = 5,
};

static const ProtobufCFieldDescriptor order_pb[] = {
    RT_PB_STRING(orders_order, id, 1), /* in order of number */
    RT_PB_STRING(orders_order, user_id, 2),
    RT_PB_ENUM(orders_order, status, 3),
    RT_PB_NUMBER(orders_order, expires_at, 4, INT64),
    RT_PB_MESSAGE(orders_order, ticket, 5, &orders_ticket_message),
    RT_PB_NUMBER(orders_order, version, 6, INT64),
};
static const ProtobufCIntRange order_ranges[] = {{1, 0}, {0, 6}};
const struct rt_field orders_order_fields[] = {
    RT_FIELD(orders_order, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(orders_order, user_id, 2, "userId", .kind = RT_REF),
    RT_FIELD(orders_order, status, 3, "status", .kind = RT_ENUM,
             .enumeration = &orders_order_status_enum),
    RT_FIELD(orders_order, expires_at, 4, "expiresAt", .kind = RT_TIME),
    RT_FIELD(orders_order, ticket, 5, "ticket", .kind = RT_MESSAGE,
             .message = &orders_ticket_message, .flags = RT_FIELD_EMBED),
    RT_FIELD(orders_order, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message orders_order_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.Order", orders_order, order_pb, 6, order_ranges, 1),
    .name = "Order",
    .fields = orders_order_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor order_input_pb[] = {
    RT_PB_STRING(orders_order_input, ticket_id, 1),
};
static const ProtobufCIntRange order_input_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field orders_order_input_fields[] = {
    RT_FIELD(orders_order_input, ticket_id, 1, "ticketId", .kind = RT_REF),
};
const struct rt_message orders_order_input_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.OrderInput", orders_order_input, order_input_pb, 1,
                           order_input_ranges, 1),
    .name = "OrderInput",
    .fields = orders_order_input_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor revocation_pb[] = {
    RT_PB_STRING(orders_revocation, id, 1),
    RT_PB_NUMBER(orders_revocation, expires_at, 2, INT64),
    RT_PB_NUMBER(orders_revocation, version, 3, INT64),
};
static const ProtobufCIntRange revocation_ranges[] = {{1, 0}, {0, 3}};
const struct rt_field orders_revocation_fields[] = {
    RT_FIELD(orders_revocation, id, 1, "id", .kind = RT_ID),
    RT_FIELD(orders_revocation, expires_at, 2, "expiresAt", .kind = RT_TIME),
    RT_FIELD(orders_revocation, version, 3, "version", .kind = RT_VERSION),
};
const struct rt_message orders_revocation_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.orders.Revocation", orders_revocation, revocation_pb, 3,
                           revocation_ranges, 1),
    .name = "Revocation",
    .fields = orders_revocation_fields,
    .n_fields = 3,
};
