// Generated from schema everything; do not edit.
#ifndef PEOPLE_SERVICE_H
#define PEOPLE_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_service people_service;

#ifdef __cplusplus
}
#endif

#endif
