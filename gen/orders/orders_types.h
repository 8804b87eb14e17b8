// Generated from schema ticketing; do not edit.
/* Messages of service orders that no event carries. */
#ifndef ORDERS_TYPES_H
#define ORDERS_TYPES_H

#include "gen/orders/orders_enums.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Our copy of a ticket, applied in version order whatever order events arrive in. */
struct orders_ticket {
    ProtobufCMessage base;
    const char *id;
    const char *title;    /* 1..200 characters, trimmed */
    int64_t price;        /* times 10^2, 0.01..100000.00 */
    const char *order_id; /* id of orders.Order, or NULL; set while it is reserved */
    int64_t version;
};
extern const struct rt_message orders_ticket_message;
extern const struct rt_field orders_ticket_fields[];
#define ORDERS_TICKET_INIT RT_MESSAGE_INIT(orders_ticket)

struct orders_order {
    ProtobufCMessage base;
    const char *id;
    const char *user_id; /* id of auth.User */
    enum orders_order_status status;
    int64_t expires_at;           /* ms since 1970 */
    struct orders_ticket *ticket; /* its id alone when stored; replies carry the ticket itself */
    int64_t version;              /* 1 on create, +1 per update */
};
extern const struct rt_message orders_order_message;
extern const struct rt_field orders_order_fields[];
#define ORDERS_ORDER_INIT RT_MESSAGE_INIT(orders_order)

struct orders_order_input {
    ProtobufCMessage base;
    const char *ticket_id; /* id of orders.Ticket */
};
extern const struct rt_message orders_order_input_message;
extern const struct rt_field orders_order_input_fields[];
#define ORDERS_ORDER_INPUT_INIT RT_MESSAGE_INIT(orders_order_input)

/* A signed-out session, kept until its token would have expired anyway. Every service keeps a
 * replica of it, because the session declaration above names its event. */
struct orders_revocation {
    ProtobufCMessage base;
    const char *id;     /* the token's jti */
    int64_t expires_at; /* ms since 1970 */
    int64_t version;
};
extern const struct rt_message orders_revocation_message;
extern const struct rt_field orders_revocation_fields[];
#define ORDERS_REVOCATION_INIT RT_MESSAGE_INIT(orders_revocation)

#ifdef __cplusplus
}
#endif

#endif
