// Generated from schema ticketing; do not edit.
#ifndef TICKETS_SERVICE_H
#define TICKETS_SERVICE_H

#include "runtime/app/service.h"

extern const struct rt_service tickets_service;

#endif
