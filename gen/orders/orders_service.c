// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_service.h"

#include "gen/orders/orders_listeners.h"
#include "gen/orders/orders_routes.h"
#include "gen/orders/orders_store.h"

struct orders_settings orders_settings;
static const struct rt_limits order_window_limits = {.min = 10000, .max = 86400000};
static const struct rt_setting settings[] = {
    RT_SETTING(orders_settings, order_window_ms, "order_window", "15min", .kind = RT_DURATION,
               .flags = RT_FIELD_RANGE, .limits = &order_window_limits),
};

static const struct rt_model *const models[] = {
    &orders_ticket_model,
    &orders_order_model,
    &orders_revocation_model,
};

const struct rt_service orders_service = {
    .schema = "ticketing",
    .name = "orders",
    .models = models,
    .n_models = 3,
    .routes = orders_routes,
    .n_routes = 4,
    .replicas = orders_replicas,
    .n_replicas = 2,
    .timers = orders_timers,
    .n_timers = 1,
    .settings = settings,
    .n_settings = 1,
    .settings_values = &orders_settings,
    .revocations = &orders_revocation_model,
    .session_lifetime_ms = INT64_C(604800000),
    .session_issuer = "auth",
};
