// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_service.h"

#include "gen/catalogue/catalogue_listeners.h"
#include "gen/catalogue/catalogue_routes.h"
#include "gen/catalogue/catalogue_store.h"

static const struct rt_model *const models[] = {&catalogue_book_model, &catalogue_loan_model};

static const char *const cors_origins[] = {
    "https://reading-room.example",
    "http://localhost:5173",
};
static const struct rt_cors cors = {
    .origins = cors_origins,
    .n_origins = 2,
};

const struct rt_service catalogue_service = {
    .schema = "library",
    .name = "catalogue",
    .models = models,
    .n_models = 2,
    .routes = catalogue_routes,
    .n_routes = 10,
    .replicas = catalogue_replicas,
    .n_replicas = 1,
    .cors = &cors,
};
