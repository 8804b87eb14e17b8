// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_types.h"

static const ProtobufCFieldDescriptor ticket_pb[] = {
    RT_PB_STRING(tickets_ticket, id, 1), /* in order of number */
    RT_PB_STRING(tickets_ticket, title, 2),
    RT_PB_NUMBER(tickets_ticket, price, 3, INT64),
    RT_PB_STRING(tickets_ticket, user_id, 4),
    RT_PB_OPTIONAL_STRING(tickets_ticket, order_id, 5),
    RT_PB_NUMBER(tickets_ticket, version, 6, INT64),
};
static const ProtobufCIntRange ticket_ranges[] = {{1, 0}, {0, 6}};
static const struct rt_limits ticket_title_limits = {.min = 1, .max = 200};
static const struct rt_limits price_limits = {.min = 1, .max = 10000000};
const struct rt_field tickets_ticket_fields[] = {
    RT_FIELD(tickets_ticket, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(tickets_ticket, title, 2, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &ticket_title_limits),
    RT_FIELD(tickets_ticket, price, 3, "price", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE, .limits = &price_limits),
    RT_FIELD(tickets_ticket, user_id, 4, "userId", .kind = RT_REF),
    RT_FIELD(tickets_ticket, order_id, 5, "orderId", .shape = RT_OPTIONAL, .kind = RT_REF),
    RT_FIELD(tickets_ticket, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message tickets_ticket_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.tickets.Ticket", tickets_ticket, ticket_pb, 6, ticket_ranges,
                           1),
    .name = "Ticket",
    .fields = tickets_ticket_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor ticket_input_pb[] = {
    RT_PB_STRING(tickets_ticket_input, title, 2),
    RT_PB_NUMBER(tickets_ticket_input, price, 3, INT64),
};
static const ProtobufCIntRange ticket_input_ranges[] = {{2, 0}, {0, 2}};
const struct rt_field tickets_ticket_input_fields[] = {
    RT_FIELD(tickets_ticket_input, title, 2, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &ticket_title_limits),
    RT_FIELD(tickets_ticket_input, price, 3, "price", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE, .limits = &price_limits),
};
const struct rt_message tickets_ticket_input_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.tickets.TicketInput", tickets_ticket_input, ticket_input_pb,
                           2, ticket_input_ranges, 1),
    .name = "TicketInput",
    .fields = tickets_ticket_input_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor revocation_pb[] = {
    RT_PB_STRING(tickets_revocation, id, 1),
    RT_PB_NUMBER(tickets_revocation, expires_at, 2, INT64),
    RT_PB_NUMBER(tickets_revocation, version, 3, INT64),
};
static const ProtobufCIntRange revocation_ranges[] = {{1, 0}, {0, 3}};
const struct rt_field tickets_revocation_fields[] = {
    RT_FIELD(tickets_revocation, id, 1, "id", .kind = RT_ID),
    RT_FIELD(tickets_revocation, expires_at, 2, "expiresAt", .kind = RT_TIME),
    RT_FIELD(tickets_revocation, version, 3, "version", .kind = RT_VERSION),
};
const struct rt_message tickets_revocation_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.tickets.Revocation", tickets_revocation, revocation_pb, 3,
                           revocation_ranges, 1),
    .name = "Revocation",
    .fields = tickets_revocation_fields,
    .n_fields = 3,
};

static const ProtobufCFieldDescriptor list_query_pb[] = {
    RT_PB_OPTIONAL_STRING(tickets_list_query, seller, 1),
};
static const ProtobufCIntRange list_query_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field tickets_list_query_fields[] = {
    RT_FIELD(tickets_list_query, seller, 1, "seller", .shape = RT_OPTIONAL, .kind = RT_REF),
};
const struct rt_message tickets_list_query_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.tickets.ListQuery", tickets_list_query, list_query_pb, 1,
                           list_query_ranges, 1),
    .name = "ListQuery",
    .fields = tickets_list_query_fields,
    .n_fields = 1,
};
