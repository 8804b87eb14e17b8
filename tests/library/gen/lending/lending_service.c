// Generated from schema library; do not edit.
#include "gen/lending/lending_service.h"

#include "gen/lending/lending_listeners.h"
#include "gen/lending/lending_routes.h"
#include "gen/lending/lending_store.h"

struct lending_settings lending_settings;
static const struct rt_limits loan_period_limits = {.min = 1000, .max = INT64_C(7776000000)};
static const struct rt_limits loans_max_limits = {.min = 1, .max = 100};
static const struct rt_setting settings[] = {
    RT_SETTING(lending_settings, loan_period_ms, "loan_period", "21d", .kind = RT_DURATION,
               .flags = RT_FIELD_RANGE, .limits = &loan_period_limits),
    RT_SETTING(lending_settings, loans_max, "loans_max", "3", .kind = RT_U32,
               .flags = RT_FIELD_RANGE, .limits = &loans_max_limits),
};

static const struct rt_model *const models[] = {
    &lending_book_model,
    &lending_member_model,
    &lending_loan_model,
};

static const char *const cors_origins[] = {
    "https://reading-room.example",
    "http://localhost:5173",
};
static const struct rt_cors cors = {
    .origins = cors_origins,
    .n_origins = 2,
};

const struct rt_service lending_service = {
    .schema = "library",
    .name = "lending",
    .models = models,
    .n_models = 3,
    .routes = lending_routes,
    .n_routes = 10,
    .replicas = lending_replicas,
    .n_replicas = 1,
    .timers = lending_timers,
    .n_timers = 1,
    .settings = settings,
    .n_settings = 2,
    .settings_values = &lending_settings,
    .cors = &cors,
};
