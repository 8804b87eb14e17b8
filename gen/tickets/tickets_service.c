// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_service.h"

#include "gen/tickets/tickets_listeners.h"
#include "gen/tickets/tickets_routes.h"
#include "gen/tickets/tickets_store.h"

static const struct rt_model *const models[] = {&tickets_ticket_model, &tickets_revocation_model};

const struct rt_service tickets_service = {
    .schema = "ticketing",
    .name = "tickets",
    .models = models,
    .n_models = 2,
    .routes = tickets_routes,
    .n_routes = 4,
    .listeners = tickets_listeners,
    .n_listeners = 2,
    .replicas = tickets_replicas,
    .n_replicas = 1,
    .revocations = &tickets_revocation_model,
    .session_lifetime_ms = INT64_C(604800000),
    .session_issuer = "auth",
};
