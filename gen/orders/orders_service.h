// Generated from schema ticketing; do not edit.
#ifndef ORDERS_SERVICE_H
#define ORDERS_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Filled before anything runs, and constant then. */
struct orders_settings {
    int64_t order_window_ms; /* 15min unless set, 10s..1d */
};
extern struct orders_settings orders_settings;

extern const struct rt_service orders_service;

#ifdef __cplusplus
}
#endif

#endif
