// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_events.h"

static const ProtobufCFieldDescriptor ticket_created_pb[] = {
    RT_PB_STRING(tickets_ticket_created, id, 1), /* in order of number */
    RT_PB_STRING(tickets_ticket_created, title, 2),
    RT_PB_NUMBER(tickets_ticket_created, price, 3, INT64),
    RT_PB_STRING(tickets_ticket_created, user_id, 4),
    RT_PB_OPTIONAL_STRING(tickets_ticket_created, order_id, 5),
    RT_PB_NUMBER(tickets_ticket_created, version, 6, INT64),
};
static const ProtobufCIntRange ticket_created_ranges[] = {{1, 0}, {0, 6}};
static const struct rt_limits ticket_title_limits = {.min = 1, .max = 200};
static const struct rt_limits price_limits = {.min = 1, .max = 10000000};
const struct rt_field tickets_ticket_created_fields[] = {
    RT_FIELD(tickets_ticket_created, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(tickets_ticket_created, title, 2, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &ticket_title_limits),
    RT_FIELD(tickets_ticket_created, price, 3, "price", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE, .limits = &price_limits),
    RT_FIELD(tickets_ticket_created, user_id, 4, "userId", .kind = RT_REF),
    RT_FIELD(tickets_ticket_created, order_id, 5, "orderId", .shape = RT_OPTIONAL, .kind = RT_REF),
    RT_FIELD(tickets_ticket_created, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message tickets_ticket_created_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.tickets.TicketCreated", tickets_ticket_created,
                           ticket_created_pb, 6, ticket_created_ranges, 1),
    .name = "TicketCreated",
    .fields = tickets_ticket_created_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor ticket_updated_pb[] = {
    RT_PB_STRING(tickets_ticket_updated, id, 1), /* in order of number */
    RT_PB_STRING(tickets_ticket_updated, title, 2),
    RT_PB_NUMBER(tickets_ticket_updated, price, 3, INT64),
    RT_PB_STRING(tickets_ticket_updated, user_id, 4),
    RT_PB_OPTIONAL_STRING(tickets_ticket_updated, order_id, 5),
    RT_PB_NUMBER(tickets_ticket_updated, version, 6, INT64),
};
static const ProtobufCIntRange ticket_updated_ranges[] = {{1, 0}, {0, 6}};
const struct rt_field tickets_ticket_updated_fields[] = {
    RT_FIELD(tickets_ticket_updated, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(tickets_ticket_updated, title, 2, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &ticket_title_limits),
    RT_FIELD(tickets_ticket_updated, price, 3, "price", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE, .limits = &price_limits),
    RT_FIELD(tickets_ticket_updated, user_id, 4, "userId", .kind = RT_REF),
    RT_FIELD(tickets_ticket_updated, order_id, 5, "orderId", .shape = RT_OPTIONAL, .kind = RT_REF),
    RT_FIELD(tickets_ticket_updated, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message tickets_ticket_updated_message = {
    .pb = RT_PB_DESCRIPTOR("ticketing.tickets.TicketUpdated", tickets_ticket_updated,
                           ticket_updated_pb, 6, ticket_updated_ranges, 1),
    .name = "TicketUpdated",
    .fields = tickets_ticket_updated_fields,
    .n_fields = 6,
};
