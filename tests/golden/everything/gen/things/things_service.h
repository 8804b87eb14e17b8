// Generated from schema everything; do not edit.
#ifndef THINGS_SERVICE_H
#define THINGS_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Filled before anything runs, and constant then. */
struct things_settings {
    /* How long a thing lasts.
     * 90min unless set, 1min..30d */
    int64_t lifetime_ms;
    int64_t share;        /* 0.25 unless set */
    const char *greeting; /* hello unless set */
};
extern struct things_settings things_settings;

extern const struct rt_service things_service;

#ifdef __cplusplus
}
#endif

#endif
