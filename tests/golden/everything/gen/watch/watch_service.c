// Generated from schema everything; do not edit.
#include "gen/watch/watch_service.h"

#include "gen/watch/watch_listeners.h"
#include "gen/watch/watch_store.h"

static const struct rt_model *const models[] = {&watch_thing_model};

const struct rt_service watch_service = {
    .schema = "everything",
    .name = "watch",
    .models = models,
    .n_models = 1,
    .listeners = watch_listeners,
    .n_listeners = 3,
    .replicas = watch_replicas,
    .n_replicas = 1,
    .session_lifetime_ms = INT64_C(43200000),
    .session_issuer = "people",
};
