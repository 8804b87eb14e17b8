// Generated from schema ticketing; do not edit.
#ifndef AUTH_SERVICE_H
#define AUTH_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_service auth_service;

#ifdef __cplusplus
}
#endif

#endif
