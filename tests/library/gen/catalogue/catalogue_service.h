// Generated from schema library; do not edit.
#ifndef CATALOGUE_SERVICE_H
#define CATALOGUE_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_service catalogue_service;

#ifdef __cplusplus
}
#endif

#endif
