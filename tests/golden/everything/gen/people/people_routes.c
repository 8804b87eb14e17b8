// Generated from schema everything; do not edit.
#include "gen/people/people_routes.h"

#include "gen/people/people_store.h"

static const struct rt_problem problem_not_found = {
    .name = "not_found",
    .status = 404,
    .message = "Not found",
};

static void *work_enter(struct rt_ctx *ctx, const struct rt_request *request)
{
    return people_enter_work(ctx, request->body);
}

static int handle_enter(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)people_enter(ctx, request->body, request->work, request->reply);
}

static int handle_me(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)people_me(ctx, request->reply);
}

static int handle_greet(struct rt_ctx *ctx, const struct rt_request *request)
{
    (void)request;
    return (int)people_greet(ctx);
}

static const struct rt_problem *const enter_errors[] = {&problem_not_found};
static const struct rt_limit_key enter_limit_keys[] = {
    {RT_LIMIT_FIELD, &people_login_fields[0]},
    {RT_LIMIT_ADDRESS, NULL},
};

static const struct rt_step grown_allow[] = {
    {RT_STEP_FIELD, .field = &people_person_fields[0]},  /* id */
    {.op = RT_STEP_USER},                                /* user */
    {.op = RT_STEP_EQ, .of = RT_CLASS_TEXT},             /* == */
    {.op = RT_STEP_USER},                                /* user */
    {RT_STEP_LOAD, .model = &people_person_model},       /* Person */
    {RT_STEP_WITHIN, .field = &people_person_fields[3]}, /* age */
    {RT_STEP_INT, .integer = 18},                        /* 18 */
    {.op = RT_STEP_GE},                                  /* >= */
    {RT_STEP_FIELD, .field = &people_person_fields[8]},  /* inviter */
    {RT_STEP_LOAD, .model = &people_person_model},       /* Person */
    {RT_STEP_WITHIN, .field = &people_person_fields[1]}, /* login */
    {RT_STEP_TEXT, .text = "none"},                      /* a constant */
    {.op = RT_STEP_NE, .of = RT_CLASS_TEXT},             /* != */
    {.op = RT_STEP_AND},                                 /* and */
    {.op = RT_STEP_OR},                                  /* or */
};

static const struct rt_step greet_allow[] = {
    {.op = RT_STEP_USER},                                /* user */
    {RT_STEP_LOAD, .model = &people_person_model},       /* Person */
    {RT_STEP_WITHIN, .field = &people_person_fields[6]}, /* joined */
    {RT_STEP_INT, .integer = 86400000},                  /* 1d */
    {.op = RT_STEP_ADD},                                 /* + */
    {.op = RT_STEP_NOW},                                 /* now */
    {.op = RT_STEP_LT},                                  /* < */
};

const struct rt_route people_routes[] = {
    {
        .name = "enter",
        .method = RT_POST,
        .path = "/people/enter",
        .line = 36,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .body = &people_login_message,
        .reply = &people_face_message,
        .subject = &people_person_model,
        .id_param = -1,
        .limit = {5, 60000, enter_limit_keys, 2},
        .errors = enter_errors,
        .n_errors = 1,
        .work = work_enter,
        .handle = handle_enter,
    },
    {
        .name = "me",
        .method = RT_GET,
        .path = "/people/me",
        .line = 37,
        .status = 200,
        .access = RT_ACCESS_USER,
        .read = true,
        .reply = &people_face_message,
        .subject = &people_person_model,
        .id_param = -1,
        .handle = handle_me,
    },
    {
        .name = "person",
        .method = RT_GET,
        .path = "/people/by-id/:id",
        .line = 38,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &people_face_message,
        .subject = &people_person_model,
        .id_param = 0,
        .owner = &people_person_fields[PEOPLE_PERSON_FIELD_ID],
    },
    {
        .name = "known",
        .method = RT_GET,
        .path = "/people/at/:address",
        .line = 39,
        .status = 200,
        .access = RT_ACCESS_USER,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &people_face_message,
        .subject = &people_person_model,
        .id_param = 0,
        .key = &people_person_indexes[PEOPLE_PERSON_ADDRESS],
    },
    {
        .name = "grown",
        .method = RT_GET,
        .path = "/people/grown/:id",
        .line = 40,
        .status = 200,
        .access = RT_ACCESS_USER,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &people_face_message,
        .subject = &people_person_model,
        .allow = RT_EXPR(grown_allow),
        .id_param = 0,
    },
    {
        .name = "greet",
        .method = RT_POST,
        .path = "/people/greetings",
        .line = 41,
        .status = 204,
        .access = RT_ACCESS_USER,
        .allow = RT_EXPR(greet_allow),
        .id_param = -1,
        .handle = handle_greet,
    },
};
