// Generated from schema community; do not edit.
#include "gen/forum/forum_routes.h"

#include "gen/forum/forum_store.h"

static const struct rt_problem problem_name_taken = {
    .name = "name_taken",
    .status = 409,
    .message = "Somebody has this name",
};

static const struct rt_problem problem_email_taken = {
    .name = "email_taken",
    .status = 409,
    .message = "Somebody has this address",
};

static const struct rt_problem problem_wrong_password = {
    .name = "wrong_password",
    .status = 401,
    .message = "Wrong address or password",
};

static const struct rt_problem problem_cannot_follow = {
    .name = "cannot_follow",
    .status = 422,
    .message = "Nobody follows themselves",
};

static const struct rt_problem problem_not_found = {
    .name = "not_found",
    .status = 404,
    .message = "Not found",
};

static void *work_sign_up(struct rt_ctx *ctx, const struct rt_request *request)
{
    return forum_sign_up_work(ctx, request->body);
}

static int handle_sign_up(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_sign_up(ctx, request->body, request->work, request->reply);
}

static void *work_sign_in(struct rt_ctx *ctx, const struct rt_request *request)
{
    return forum_sign_in_work(ctx, request->body);
}

static int handle_sign_in(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_sign_in(ctx, request->body, request->work, request->reply);
}

static int handle_follow(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_follow(ctx, request->subject);
}

static int handle_unfollow(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_unfollow(ctx, request->subject);
}

static int handle_retract(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_retract(ctx, request->subject);
}

static int handle_favour(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_favour(ctx, request->subject, request->reply);
}

static int handle_disfavour(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_disfavour(ctx, request->subject, request->reply);
}

static int handle_comment(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_comment(ctx, request->body, request->reply);
}

static int handle_feed(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)forum_feed(ctx, request->paging, request->reply);
}

static const struct rt_problem *const sign_up_errors[] = {
    &problem_name_taken,
    &problem_email_taken,
};
static const struct rt_limit_key sign_up_limit_keys[] = {
    {RT_LIMIT_ADDRESS, NULL},
};

static const struct rt_problem *const sign_in_errors[] = {&problem_wrong_password};
static const struct rt_limit_key sign_in_limit_keys[] = {
    {RT_LIMIT_FIELD, &forum_credentials_fields[0]},
};

static const struct rt_problem *const follow_errors[] = {&problem_cannot_follow};

static const struct rt_index *const newest_sorts[] = {
    &forum_article_indexes[FORUM_ARTICLE_BY_TIME],
    NULL,
};
static const struct rt_step newest_allow[] = {
    {RT_STEP_FIELD, .field = &forum_article_fields[10]}, /* published */
    {RT_STEP_FIELD, .field = &forum_article_fields[5]},  /* author */
    {.op = RT_STEP_USER},                                /* user */
    {.op = RT_STEP_EQ, .of = RT_CLASS_TEXT},             /* == */
    {.op = RT_STEP_OR},                                  /* or */
};
static const struct rt_query_param newest_query[] = {
    {"tags", &forum_newest_query_fields[0], NULL},
    {"author", &forum_newest_query_fields[1], &forum_article_indexes[FORUM_ARTICLE_BY_AUTHOR]},
};

static const struct rt_step read_allow[] = {
    {RT_STEP_FIELD, .field = &forum_article_fields[10]}, /* published */
    {RT_STEP_FIELD, .field = &forum_article_fields[5]},  /* author */
    {.op = RT_STEP_USER},                                /* user */
    {.op = RT_STEP_EQ, .of = RT_CLASS_TEXT},             /* == */
    {.op = RT_STEP_OR},                                  /* or */
};

static const struct rt_step favour_allow[] = {
    {RT_STEP_FIELD, .field = &forum_article_fields[10]}, /* published */
    {RT_STEP_FIELD, .field = &forum_article_fields[5]},  /* author */
    {.op = RT_STEP_USER},                                /* user */
    {.op = RT_STEP_EQ, .of = RT_CLASS_TEXT},             /* == */
    {.op = RT_STEP_OR},                                  /* or */
};

static const struct rt_query_param said_query[] = {
    {"article", &forum_said_query_fields[0], &forum_comment_indexes[FORUM_COMMENT_BY_ARTICLE]},
};

static const struct rt_problem *const comment_errors[] = {&problem_not_found};

static const struct rt_step take_back_allow[] = {
    {RT_STEP_FIELD, .field = &forum_comment_fields[2]},  /* author */
    {.op = RT_STEP_USER},                                /* user */
    {.op = RT_STEP_EQ, .of = RT_CLASS_TEXT},             /* == */
    {RT_STEP_FIELD, .field = &forum_comment_fields[1]},  /* article */
    {RT_STEP_LOAD, .model = &forum_article_model},       /* Article */
    {RT_STEP_WITHIN, .field = &forum_article_fields[5]}, /* author */
    {.op = RT_STEP_USER},                                /* user */
    {.op = RT_STEP_EQ, .of = RT_CLASS_TEXT},             /* == */
    {.op = RT_STEP_OR},                                  /* or */
};

const struct rt_route forum_routes[] = {
    {
        .name = "sign_up",
        .method = RT_POST,
        .path = "/people",
        .line = 91,
        .status = 201,
        .access = RT_ACCESS_PUBLIC,
        .body = &forum_new_person_message,
        .reply = &forum_account_message,
        .subject = &forum_person_model,
        .id_param = -1,
        .limit = {200, 60000, sign_up_limit_keys, 1},
        .errors = sign_up_errors,
        .n_errors = 2,
        .work = work_sign_up,
        .handle = handle_sign_up,
    },
    {
        .name = "sign_in",
        .method = RT_POST,
        .path = "/people/session",
        .line = 92,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .body = &forum_credentials_message,
        .reply = &forum_account_message,
        .subject = &forum_person_model,
        .id_param = -1,
        .limit = {10, 60000, sign_in_limit_keys, 1},
        .errors = sign_in_errors,
        .n_errors = 1,
        .work = work_sign_in,
        .handle = handle_sign_in,
    },
    {
        .name = "profile",
        .method = RT_GET,
        .path = "/people/:name",
        .line = 93,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &forum_profile_message,
        .subject = &forum_person_model,
        .id_param = 0,
        .key = &forum_person_indexes[FORUM_PERSON_NAME],
    },
    {
        .name = "describe",
        .method = RT_PUT,
        .path = "/people/:name",
        .line = 94,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .automatic = RT_AUTO_UPDATE,
        .body = &forum_about_input_message,
        .reply = &forum_account_message,
        .subject = &forum_person_model,
        .id_param = 0,
        .key = &forum_person_indexes[FORUM_PERSON_NAME],
        .owner = &forum_person_fields[FORUM_PERSON_FIELD_ID],
    },
    {
        .name = "follow",
        .method = RT_POST,
        .path = "/people/:name/follow",
        .line = 95,
        .status = 204,
        .access = RT_ACCESS_USER,
        .subject = &forum_person_model,
        .id_param = 0,
        .key = &forum_person_indexes[FORUM_PERSON_NAME],
        .errors = follow_errors,
        .n_errors = 1,
        .handle = handle_follow,
    },
    {
        .name = "unfollow",
        .method = RT_DELETE,
        .path = "/people/:name/follow",
        .line = 96,
        .status = 204,
        .access = RT_ACCESS_USER,
        .subject = &forum_person_model,
        .id_param = 0,
        .key = &forum_person_indexes[FORUM_PERSON_NAME],
        .handle = handle_unfollow,
    },
    {
        .name = "newest",
        .method = RT_GET,
        .path = "/articles",
        .line = 100,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &forum_card_message,
        .query = &forum_newest_query_message,
        .query_params = newest_query,
        .n_query_params = 2,
        .subject = &forum_article_model,
        .allow = RT_EXPR(newest_allow),
        .id_param = -1,
        .sorts = newest_sorts,
    },
    {
        .name = "read",
        .method = RT_GET,
        .path = "/articles/:slug",
        .line = 101,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &forum_written_message,
        .subject = &forum_article_model,
        .allow = RT_EXPR(read_allow),
        .id_param = 0,
        .key = &forum_article_indexes[FORUM_ARTICLE_SLUG],
    },
    {
        .name = "write",
        .method = RT_POST,
        .path = "/articles",
        .line = 102,
        .status = 201,
        .access = RT_ACCESS_USER,
        .automatic = RT_AUTO_CREATE,
        .body = &forum_article_input_message,
        .reply = &forum_written_message,
        .subject = &forum_article_model,
        .id_param = -1,
    },
    {
        .name = "revise",
        .method = RT_PUT,
        .path = "/articles/:slug",
        .line = 103,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .automatic = RT_AUTO_UPDATE,
        .body = &forum_article_input_message,
        .reply = &forum_written_message,
        .subject = &forum_article_model,
        .id_param = 0,
        .key = &forum_article_indexes[FORUM_ARTICLE_SLUG],
        .owner = &forum_article_fields[FORUM_ARTICLE_FIELD_AUTHOR],
    },
    {
        .name = "retract",
        .method = RT_DELETE,
        .path = "/articles/:slug",
        .line = 104,
        .status = 204,
        .access = RT_ACCESS_OWNER,
        .subject = &forum_article_model,
        .id_param = 0,
        .key = &forum_article_indexes[FORUM_ARTICLE_SLUG],
        .owner = &forum_article_fields[FORUM_ARTICLE_FIELD_AUTHOR],
        .handle = handle_retract,
    },
    {
        .name = "favour",
        .method = RT_POST,
        .path = "/articles/:slug/favourite",
        .line = 105,
        .status = 200,
        .access = RT_ACCESS_USER,
        .reply = &forum_written_message,
        .subject = &forum_article_model,
        .allow = RT_EXPR(favour_allow),
        .id_param = 0,
        .key = &forum_article_indexes[FORUM_ARTICLE_SLUG],
        .handle = handle_favour,
    },
    {
        .name = "disfavour",
        .method = RT_DELETE,
        .path = "/articles/:slug/favourite",
        .line = 106,
        .status = 200,
        .access = RT_ACCESS_USER,
        .reply = &forum_written_message,
        .subject = &forum_article_model,
        .id_param = 0,
        .key = &forum_article_indexes[FORUM_ARTICLE_SLUG],
        .handle = handle_disfavour,
    },
    {
        .name = "said",
        .method = RT_GET,
        .path = "/comments",
        .line = 110,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &forum_said_message,
        .query = &forum_said_query_message,
        .query_params = said_query,
        .n_query_params = 1,
        .subject = &forum_comment_model,
        .id_param = -1,
    },
    {
        .name = "comment",
        .method = RT_POST,
        .path = "/comments",
        .line = 111,
        .status = 201,
        .access = RT_ACCESS_USER,
        .body = &forum_comment_input_message,
        .reply = &forum_said_message,
        .subject = &forum_comment_model,
        .id_param = -1,
        .errors = comment_errors,
        .n_errors = 1,
        .handle = handle_comment,
    },
    {
        .name = "take_back",
        .method = RT_DELETE,
        .path = "/comments/:id",
        .line = 112,
        .status = 204,
        .access = RT_ACCESS_USER,
        .automatic = RT_AUTO_DELETE,
        .subject = &forum_comment_model,
        .allow = RT_EXPR(take_back_allow),
        .id_param = 0,
    },
    {
        .name = "feed",
        .method = RT_GET,
        .path = "/feed",
        .line = 116,
        .status = 200,
        .access = RT_ACCESS_USER,
        .read = true,
        .page = true,
        .reply = &forum_card_message,
        .subject = &forum_article_model,
        .id_param = -1,
        .handle = handle_feed,
    },
};
