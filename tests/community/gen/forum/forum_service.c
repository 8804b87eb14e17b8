// Generated from schema community; do not edit.
#include "gen/forum/forum_service.h"

#include "gen/forum/forum_routes.h"
#include "gen/forum/forum_store.h"

static const struct rt_model *const models[] = {
    &forum_person_model,    /* Person */
    &forum_follow_model,    /* Follow */
    &forum_article_model,   /* Article */
    &forum_favourite_model, /* Favourite */
    &forum_comment_model,   /* Comment */
};

const struct rt_service forum_service = {
    .schema = "community",
    .name = "forum",
    .models = models,
    .n_models = 5,
    .routes = forum_routes,
    .n_routes = 17,
    .session_lifetime_ms = INT64_C(2592000000),
    .session_issuer = "forum",
};
