// Generated from schema ticketing; do not edit.
/* Messages of service tickets that no event carries. */
#ifndef TICKETS_TYPES_H
#define TICKETS_TYPES_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A seat offered for sale. */
struct tickets_ticket {
    ProtobufCMessage base;
    const char *id;
    const char *title;    /* 1..200 characters, trimmed */
    int64_t price;        /* times 10^2, 0.01..100000.00 */
    const char *user_id;  /* id of auth.User; the seller */
    const char *order_id; /* id of orders.Order, or NULL; set while it is reserved */
    int64_t version;      /* 1 on create, +1 per update */
};
extern const struct rt_message tickets_ticket_message;
extern const struct rt_field tickets_ticket_fields[];
#define TICKETS_TICKET_INIT RT_MESSAGE_INIT(tickets_ticket)

/* Fields of a Ticket. */
struct tickets_ticket_input {
    ProtobufCMessage base;
    const char *title; /* 1..200 characters, trimmed */
    int64_t price;     /* times 10^2, 0.01..100000.00 */
};
extern const struct rt_message tickets_ticket_input_message;
extern const struct rt_field tickets_ticket_input_fields[];
#define TICKETS_TICKET_INPUT_INIT RT_MESSAGE_INIT(tickets_ticket_input)

/* A signed-out session, kept until its token would have expired anyway. Every service keeps a
 * replica of it, because the session declaration above names its event. */
struct tickets_revocation {
    ProtobufCMessage base;
    const char *id;     /* the token's jti */
    int64_t expires_at; /* ms since 1970 */
    int64_t version;
};
extern const struct rt_message tickets_revocation_message;
extern const struct rt_field tickets_revocation_fields[];
#define TICKETS_REVOCATION_INIT RT_MESSAGE_INIT(tickets_revocation)

/* The query of GET /api/tickets. */
struct tickets_list_query {
    ProtobufCMessage base;
    const char *seller; /* id of auth.User, or NULL */
};
extern const struct rt_message tickets_list_query_message;
extern const struct rt_field tickets_list_query_fields[];
#define TICKETS_LIST_QUERY_INIT RT_MESSAGE_INIT(tickets_list_query)

#ifdef __cplusplus
}
#endif

#endif
