// Generated from schema everything; do not edit.
#include "gen/things/things_routes.h"

#include "gen/things/things_publish.h"
#include "gen/things/things_store.h"

static const struct rt_problem problem_too_late = {
    .name = "too_late",
    .status = 409,
    .message = "It is too late, and the text of this error is long enough that its line would be "
               "over a hundred columns",
};

static const struct rt_problem problem_too_early = {
    .name = "too_early",
    .status = 409,
    .message = "It is too early",
};

static int handle_list(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)things_list(ctx, request->query, request->paging, request->reply);
}

static int handle_make(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)things_make(ctx, request->body, request->reply);
}

static int handle_change(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)things_change(ctx, request->body, request->subject, request->reply);
}

static int handle_remove(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)things_remove(ctx, request->subject);
}

static void *work_values(struct rt_ctx *ctx, const struct rt_request *request)
{
    return things_values_work(ctx, request->params[1], request->body);
}

static int handle_values(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)things_values(ctx, request->params[1], request->body, request->work,
                              request->subject, request->reply);
}

static int handle_report(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)things_report(ctx, request->body, request->subject, request->reply);
}

static const struct rt_index *const list_sorts[] = {
    &things_thing_indexes[THINGS_THING_BY_OWNER],
    &things_thing_indexes[THINGS_THING_BY_COLOUR],
    NULL,
};
static const struct rt_query_param list_query[] = {
    {"colour", &things_list_query_fields[0], &things_thing_indexes[THINGS_THING_BY_COLOUR]},
    {"before", &things_list_query_fields[1], NULL},
    {"name", &things_list_query_fields[2], NULL},
};

static const struct rt_problem *const make_errors[] = {&problem_too_late, &problem_too_early};
static const struct rt_event_type *const make_emits[] = {&things_thing_made_event};

static const struct rt_problem *const change_errors[] = {&problem_too_late};
static const struct rt_event_type *const change_emits[] = {
    &things_thing_moved_event,
    &things_thing_told_event,
};

const struct rt_route things_routes[] = {
    {
        .name = "list",
        .method = RT_GET,
        .path = "/things",
        .line = 156,
        .status = 200,
        .access = RT_ACCESS_MINE,
        .read = true,
        .page = true,
        .reply = &things_shown_message,
        .query = &things_list_query_message,
        .query_params = list_query,
        .n_query_params = 3,
        .subject = &things_thing_model,
        .id_param = -1,
        .mine = &things_thing_indexes[THINGS_THING_BY_OWNER],
        .sorts = list_sorts,
        .handle = handle_list,
    },
    {
        .name = "every",
        .method = RT_GET,
        .path = "/things/all/of/them",
        .line = 157,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &things_shown_message,
        .subject = &things_thing_model,
        .id_param = -1,
    },
    {
        .name = "make",
        .method = RT_POST,
        .path = "/things",
        .line = 158,
        .status = 201,
        .access = RT_ACCESS_USER,
        .idempotent = true,
        .body = &things_thing_input_message,
        .reply = &things_shown_message,
        .subject = &things_thing_model,
        .id_param = -1,
        .errors = make_errors,
        .n_errors = 2,
        .emits = make_emits,
        .n_emits = 1,
        .handle = handle_make,
    },
    {
        .name = "change",
        .method = RT_PUT,
        .path = "/things/:id",
        .line = 159,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .body = &things_thing_input_message,
        .reply = &things_shown_message,
        .subject = &things_thing_model,
        .id_param = 0,
        .owner = &things_thing_fields[THINGS_THING_FIELD_OWNER],
        .errors = change_errors,
        .n_errors = 1,
        .emits = change_emits,
        .n_emits = 2,
        .handle = handle_change,
    },
    {
        .name = "remove",
        .method = RT_DELETE,
        .path = "/things/:id",
        .line = 160,
        .status = 204,
        .access = RT_ACCESS_OWNER,
        .subject = &things_thing_model,
        .id_param = 0,
        .owner = &things_thing_fields[THINGS_THING_FIELD_OWNER],
        .handle = handle_remove,
    },
    {
        .name = "values",
        .method = RT_POST,
        .path = "/things/:id/values/:index",
        .line = 161,
        .status = 200,
        .access = RT_ACCESS_USER,
        .body = &things_values_message,
        .reply = &things_values_message,
        .subject = &things_thing_model,
        .id_param = 0,
        .work = work_values,
        .handle = handle_values,
    },
    {
        .name = "report",
        .method = RT_POST,
        .path = "/things/:id/report",
        .line = 162,
        .status = 200,
        .access = RT_ACCESS_USER,
        .body = &things_report_message,
        .reply = &things_report_message,
        .subject = &things_thing_model,
        .id_param = 0,
        .handle = handle_report,
    },
};
