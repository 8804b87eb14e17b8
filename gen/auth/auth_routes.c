// Generated from schema ticketing; do not edit.
#include "gen/auth/auth_routes.h"

#include "gen/auth/auth_publish.h"
#include "gen/auth/auth_store.h"

static const struct rt_problem problem_email_in_use = {
    .name = "email_in_use",
    .status = 409,
    .message = "Email in use",
};

static const struct rt_problem problem_invalid_credentials = {
    .name = "invalid_credentials",
    .status = 401,
    .message = "Invalid credentials",
};

static void *work_signup(struct rt_ctx *ctx, const struct rt_request *request)
{
    return auth_signup_work(ctx, request->body);
}

static int handle_signup(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)auth_signup(ctx, request->body, request->work, request->reply);
}

static void *work_signin(struct rt_ctx *ctx, const struct rt_request *request)
{
    return auth_signin_work(ctx, request->body);
}

static int handle_signin(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)auth_signin(ctx, request->body, request->work, request->reply);
}

static int handle_signout(struct rt_ctx *ctx, const struct rt_request *request)
{
    (void)request;
    return (int)auth_signout(ctx);
}

static int handle_current_user(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)auth_current_user(ctx, request->reply);
}

static const struct rt_problem *const signup_errors[] = {&problem_email_in_use};
static const struct rt_event_type *const signup_emits[] = {&auth_session_revoked_event};
static const struct rt_limit_key signup_limit_keys[] = {
    {RT_LIMIT_ADDRESS, NULL},
};

static const struct rt_problem *const signin_errors[] = {&problem_invalid_credentials};
static const struct rt_event_type *const signin_emits[] = {&auth_session_revoked_event};
static const struct rt_limit_key signin_limit_keys[] = {
    {RT_LIMIT_FIELD, &auth_credentials_fields[0]},
    {RT_LIMIT_ADDRESS, NULL},
};

static const struct rt_event_type *const signout_emits[] = {&auth_session_revoked_event};

const struct rt_route auth_routes[] = {
    {
        .name = "signup",
        .method = RT_POST,
        .path = "/api/users/signup",
        .line = 54,
        .status = 201,
        .access = RT_ACCESS_PUBLIC,
        .body = &auth_credentials_message,
        .reply = &auth_current_user_message,
        .subject = &auth_user_model,
        .id_param = -1,
        .limit = {60, 60000, signup_limit_keys, 1},
        .errors = signup_errors,
        .n_errors = 1,
        .emits = signup_emits,
        .n_emits = 1,
        .work = work_signup,
        .handle = handle_signup,
    },
    {
        .name = "signin",
        .method = RT_POST,
        .path = "/api/users/signin",
        .line = 55,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .body = &auth_credentials_message,
        .reply = &auth_current_user_message,
        .subject = &auth_user_model,
        .id_param = -1,
        .limit = {10, 60000, signin_limit_keys, 2},
        .errors = signin_errors,
        .n_errors = 1,
        .emits = signin_emits,
        .n_emits = 1,
        .work = work_signin,
        .handle = handle_signin,
    },
    {
        .name = "signout",
        .method = RT_POST,
        .path = "/api/users/signout",
        .line = 56,
        .status = 204,
        .access = RT_ACCESS_USER,
        .subject = &auth_revocation_model,
        .id_param = -1,
        .emits = signout_emits,
        .n_emits = 1,
        .handle = handle_signout,
    },
    {
        .name = "current_user",
        .method = RT_GET,
        .path = "/api/users/currentuser",
        .line = 57,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .read = true,
        .reply = &auth_current_user_reply_message,
        .id_param = -1,
        .handle = handle_current_user,
    },
};
