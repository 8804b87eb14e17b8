// Generated from schema ticketing; do not edit.
/* What the events of service orders carry. */
#ifndef ORDERS_EVENTS_H
#define ORDERS_EVENTS_H

#include "gen/orders/orders_enums.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What OrderCreated carries of a Ticket. */
struct orders_order_created_ticket {
    ProtobufCMessage base;
    const char *id;
    int64_t price; /* times 10^2, 0.01..100000.00 */
};
extern const struct rt_message orders_order_created_ticket_message;
extern const struct rt_field orders_order_created_ticket_fields[];
#define ORDERS_ORDER_CREATED_TICKET_INIT RT_MESSAGE_INIT(orders_order_created_ticket)

/* Event "order:created" of an Order. */
struct orders_order_created {
    ProtobufCMessage base;
    const char *id;
    const char *user_id; /* id of auth.User */
    enum orders_order_status status;
    int64_t expires_at; /* ms since 1970 */
    struct orders_order_created_ticket *ticket;
    int64_t version;
};
#define ORDERS_ORDER_CREATED_SUBJECT "order:created"
extern const struct rt_message orders_order_created_message;
extern const struct rt_field orders_order_created_fields[];
#define ORDERS_ORDER_CREATED_INIT RT_MESSAGE_INIT(orders_order_created)

/* What OrderCancelled carries of a Ticket. */
struct orders_order_cancelled_ticket {
    ProtobufCMessage base;
    const char *id;
};
extern const struct rt_message orders_order_cancelled_ticket_message;
extern const struct rt_field orders_order_cancelled_ticket_fields[];
#define ORDERS_ORDER_CANCELLED_TICKET_INIT RT_MESSAGE_INIT(orders_order_cancelled_ticket)

/* Event "order:cancelled" of an Order. */
struct orders_order_cancelled {
    ProtobufCMessage base;
    const char *id;
    struct orders_order_cancelled_ticket *ticket;
    int64_t version;
};
#define ORDERS_ORDER_CANCELLED_SUBJECT "order:cancelled"
extern const struct rt_message orders_order_cancelled_message;
extern const struct rt_field orders_order_cancelled_fields[];
#define ORDERS_ORDER_CANCELLED_INIT RT_MESSAGE_INIT(orders_order_cancelled)

#ifdef __cplusplus
}
#endif

#endif
