/*
 * Names in the emitted .proto, for emitters that write them in another form.
 * Ownership: text is in the arena.
 */
#ifndef TS_EMIT_PROTO_H
#define TS_EMIT_PROTO_H

#include "codegen/model/model.h"
#include "runtime/base/arena.h"

/* "ticketing.orders"; with `service` NULL that of the top level. */
const char *ts_proto_package(struct rt_arena *arena, const struct ts_model *model,
                             const struct ts_service *service);
/* "ticketing/orders/orders_enums.proto" for the suffix "_enums". */
const char *ts_proto_path(struct rt_arena *arena, const struct ts_model *model,
                          const struct ts_service *service, const char *suffix);
/* The name of the message that an entry of a map is: "ByNameEntry". */
const char *ts_proto_entry(struct rt_arena *arena, const struct ts_field *map);
/* Calls `import` with the owner of each file of enums that the service's messages use, once, in
 * the order of first use. */
void ts_proto_imports(struct rt_arena *arena, const struct ts_service *service,
                      void (*import)(void *arg, const struct ts_service *owner), void *arg);

#endif
