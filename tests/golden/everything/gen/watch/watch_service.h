// Generated from schema everything; do not edit.
#ifndef WATCH_SERVICE_H
#define WATCH_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_service watch_service;

#ifdef __cplusplus
}
#endif

#endif
