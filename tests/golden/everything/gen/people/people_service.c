// Generated from schema everything; do not edit.
#include "gen/people/people_service.h"

#include "gen/people/people_routes.h"
#include "gen/people/people_store.h"

static const struct rt_model *const models[] = {&people_person_model};

const struct rt_service people_service = {
    .schema = "everything",
    .name = "people",
    .models = models,
    .n_models = 1,
    .routes = people_routes,
    .n_routes = 6,
    .session_lifetime_ms = INT64_C(43200000),
    .session_issuer = "people",
};
