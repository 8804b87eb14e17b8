// Generated from schema community; do not edit.
#ifndef FORUM_SERVICE_H
#define FORUM_SERVICE_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_service forum_service;

#ifdef __cplusplus
}
#endif

#endif
