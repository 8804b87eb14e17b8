// Generated from schema ticketing; do not edit.
#ifndef ORDERS_ENUMS_H
#define ORDERS_ENUMS_H

struct rt_enum;

#ifdef __cplusplus
extern "C" {
#endif

/* 0 is invalid everywhere. */
enum orders_order_status {
    ORDERS_ORDER_STATUS_CREATED = 1,
    ORDERS_ORDER_STATUS_CANCELLED = 2,
    ORDERS_ORDER_STATUS_AWAITING_PAYMENT = 3, /* "awaiting:payment" in JSON */
    ORDERS_ORDER_STATUS_COMPLETE = 4,
};
extern const struct rt_enum orders_order_status_enum;

#ifdef __cplusplus
}
#endif

#endif
