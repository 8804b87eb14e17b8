// Generated from schema ticketing; do not edit.
/* What the events of service tickets carry. */
#ifndef TICKETS_EVENTS_H
#define TICKETS_EVENTS_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Event "ticket:created" of a Ticket. */
struct tickets_ticket_created {
    ProtobufCMessage base;
    const char *id;
    const char *title;    /* 1..200 characters, trimmed */
    int64_t price;        /* times 10^2, 0.01..100000.00 */
    const char *user_id;  /* id of auth.User; the seller */
    const char *order_id; /* id of orders.Order, or NULL; set while it is reserved */
    int64_t version;
};
#define TICKETS_TICKET_CREATED_SUBJECT "ticket:created"
extern const struct rt_message tickets_ticket_created_message;
extern const struct rt_field tickets_ticket_created_fields[];
#define TICKETS_TICKET_CREATED_INIT RT_MESSAGE_INIT(tickets_ticket_created)

/* Event "ticket:updated" of a Ticket. */
struct tickets_ticket_updated {
    ProtobufCMessage base;
    const char *id;
    const char *title;    /* 1..200 characters, trimmed */
    int64_t price;        /* times 10^2, 0.01..100000.00 */
    const char *user_id;  /* id of auth.User; the seller */
    const char *order_id; /* id of orders.Order, or NULL; set while it is reserved */
    int64_t version;
};
#define TICKETS_TICKET_UPDATED_SUBJECT "ticket:updated"
extern const struct rt_message tickets_ticket_updated_message;
extern const struct rt_field tickets_ticket_updated_fields[];
#define TICKETS_TICKET_UPDATED_INIT RT_MESSAGE_INIT(tickets_ticket_updated)

#ifdef __cplusplus
}
#endif

#endif
