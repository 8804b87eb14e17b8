// Generated from schema everything; do not edit.
#include "gen/things/things_service.h"

#include "gen/things/things_listeners.h"
#include "gen/things/things_routes.h"
#include "gen/things/things_store.h"

struct things_settings things_settings;
static const struct rt_limits lifetime_limits = {.min = 60000, .max = INT64_C(2592000000)};
static const struct rt_setting settings[] = {
    RT_SETTING(things_settings, lifetime_ms, "lifetime", "90min", .kind = RT_DURATION,
               .flags = RT_FIELD_RANGE, .limits = &lifetime_limits),
    RT_SETTING(things_settings, share, "share", "0.25", .kind = RT_DECIMAL, .scale = 2),
    RT_SETTING(things_settings, greeting, "greeting", "hello", .kind = RT_STRING),
};

static const struct rt_model *const models[] = {&things_thing_model};

const struct rt_service things_service = {
    .schema = "everything",
    .name = "things",
    .models = models,
    .n_models = 1,
    .routes = things_routes,
    .n_routes = 7,
    .listeners = things_listeners,
    .n_listeners = 1,
    .timers = things_timers,
    .n_timers = 1,
    .settings = settings,
    .n_settings = 3,
    .settings_values = &things_settings,
    .session_lifetime_ms = INT64_C(43200000),
    .session_issuer = "people",
};
