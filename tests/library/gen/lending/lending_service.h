// Generated from schema library; do not edit.
#ifndef LENDING_SERVICE_H
#define LENDING_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Filled before anything runs, and constant then. */
struct lending_settings {
    int64_t loan_period_ms; /* 21d unless set, 1s..90d */
    uint32_t loans_max;     /* 3 unless set, 1..100 */
};
extern struct lending_settings lending_settings;

extern const struct rt_service lending_service;

#ifdef __cplusplus
}
#endif

#endif
