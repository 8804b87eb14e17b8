// Generated from schema ticketing; do not edit.
#ifndef AUTH_SERVICE_H
#define AUTH_SERVICE_H

#include "runtime/app/service.h"

extern const struct rt_service auth_service;

#endif
