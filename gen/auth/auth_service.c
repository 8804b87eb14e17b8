// Generated from schema ticketing; do not edit.
#include "gen/auth/auth_service.h"

#include "gen/auth/auth_routes.h"
#include "gen/auth/auth_store.h"

static const struct rt_model *const models[] = {&auth_user_model, &auth_revocation_model};

const struct rt_service auth_service = {
    .schema = "ticketing",
    .name = "auth",
    .models = models,
    .n_models = 2,
    .routes = auth_routes,
    .n_routes = 4,
    .revocations = &auth_revocation_model,
    .session_lifetime_ms = INT64_C(604800000),
    .session_issuer = "auth",
};
