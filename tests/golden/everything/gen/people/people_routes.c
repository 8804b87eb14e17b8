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

static const struct rt_problem *const enter_errors[] = {&problem_not_found};
static const struct rt_limit_key enter_limit_keys[] = {
    {RT_LIMIT_FIELD, &people_login_fields[0]},
    {RT_LIMIT_ADDRESS, NULL},
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
};
