// Generated from schema ticketing; do not edit.
#ifndef TICKETS_SERVICE_H
#define TICKETS_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_service tickets_service;

#ifdef __cplusplus
}
#endif

#endif
