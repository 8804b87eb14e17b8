// Generated from schema library; do not edit.
/* What runs without a request, each call in a transaction of its own. The functions are written
 * by hand; an event's effect and the note that it was taken are stored together. */
#ifndef CATALOGUE_LISTENERS_H
#define CATALOGUE_LISTENERS_H

#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_replica catalogue_replicas[];

#ifdef __cplusplus
}
#endif

#endif
