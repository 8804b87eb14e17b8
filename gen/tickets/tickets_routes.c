// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_routes.h"

#include "gen/tickets/tickets_publish.h"
#include "gen/tickets/tickets_store.h"

static const struct rt_problem problem_ticket_reserved = {
    .name = "ticket_reserved",
    .status = 409,
    .message = "Ticket is reserved",
};

static int handle_create(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)tickets_create(ctx, request->body, request->reply);
}

static int handle_update(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)tickets_update(ctx, request->body, request->subject);
}

static const struct rt_query_param list_query[] = {
    {"seller", &tickets_list_query_fields[0], &tickets_ticket_indexes[TICKETS_TICKET_BY_SELLER]},
};

static const struct rt_event_type *const create_emits[] = {&tickets_ticket_created_event};

static const struct rt_problem *const update_errors[] = {&problem_ticket_reserved};
static const struct rt_event_type *const update_emits[] = {&tickets_ticket_updated_event};

const struct rt_route tickets_routes[] = {
    {
        .name = "list",
        .method = RT_GET,
        .path = "/api/tickets",
        .line = 82,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &tickets_ticket_message,
        .query = &tickets_list_query_message,
        .query_params = list_query,
        .n_query_params = 1,
        .subject = &tickets_ticket_model,
        .id_param = -1,
    },
    {
        .name = "show",
        .method = RT_GET,
        .path = "/api/tickets/:id",
        .line = 83,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &tickets_ticket_message,
        .subject = &tickets_ticket_model,
        .id_param = 0,
    },
    {
        .name = "create",
        .method = RT_POST,
        .path = "/api/tickets",
        .line = 84,
        .status = 201,
        .access = RT_ACCESS_USER,
        .body = &tickets_ticket_input_message,
        .reply = &tickets_ticket_message,
        .subject = &tickets_ticket_model,
        .id_param = -1,
        .emits = create_emits,
        .n_emits = 1,
        .handle = handle_create,
    },
    {
        .name = "update",
        .method = RT_PUT,
        .path = "/api/tickets/:id",
        .line = 85,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .body = &tickets_ticket_input_message,
        .reply = &tickets_ticket_message,
        .subject = &tickets_ticket_model,
        .id_param = 0,
        .owner = &tickets_ticket_fields[TICKETS_TICKET_FIELD_USER_ID],
        .errors = update_errors,
        .n_errors = 1,
        .emits = update_emits,
        .n_emits = 1,
        .handle = handle_update,
    },
};
