/*
 * Which files a service has, for the emitters that write them and for the build file that lists
 * them. Threads: no shared state.
 */
#ifndef TS_EMIT_PARTS_H
#define TS_EMIT_PARTS_H

#include "codegen/model/model.h"

bool ts_has_events(const struct ts_service *service); /* <svc>_events is there */
bool ts_has_types(const struct ts_service *service);
bool ts_has_devices(const struct ts_service *service); /* it has bounded messages */
bool ts_has_stores(const struct ts_service *service);
bool ts_has_routes(const struct ts_service *service);
bool ts_has_listeners(const struct ts_service *service); /* or timers, or replicas */
/* Nothing is written by hand: it has <svc>_main.c. */
bool ts_is_automatic(const struct ts_service *service);

size_t ts_replica_count(const struct ts_service *service);

#endif
