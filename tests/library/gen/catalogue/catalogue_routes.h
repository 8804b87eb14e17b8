// Generated from schema library; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef CATALOGUE_ROUTES_H
#define CATALOGUE_ROUTES_H

#include "gen/catalogue/catalogue_events.h"
#include "gen/catalogue/catalogue_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_route catalogue_routes[];

#ifdef __cplusplus
}
#endif

#endif
