// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_routes.h"

#include "gen/orders/orders_publish.h"
#include "gen/orders/orders_store.h"

static const struct rt_problem problem_ticket_reserved = {
    .name = "ticket_reserved",
    .status = 409,
    .message = "Ticket is reserved",
};

static const struct rt_problem problem_not_found = {
    .name = "not_found",
    .status = 404,
    .message = "Not found",
};

static const struct rt_problem problem_order_complete = {
    .name = "order_complete",
    .status = 409,
    .message = "Order is already complete",
};

static int handle_create(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)orders_create(ctx, request->body, request->reply);
}

static int handle_cancel(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)orders_cancel(ctx, request->subject);
}

static const struct rt_problem *const create_errors[] = {
    &problem_ticket_reserved,
    &problem_not_found,
};
static const struct rt_event_type *const create_emits[] = {&orders_order_created_event};

static const struct rt_problem *const cancel_errors[] = {&problem_order_complete};
static const struct rt_event_type *const cancel_emits[] = {&orders_order_cancelled_event};

const struct rt_route orders_routes[] = {
    {
        .name = "list",
        .method = RT_GET,
        .path = "/api/orders",
        .line = 126,
        .status = 200,
        .access = RT_ACCESS_MINE,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &orders_order_message,
        .subject = &orders_order_model,
        .id_param = -1,
        .mine = &orders_order_indexes[ORDERS_ORDER_BY_USER],
    },
    {
        .name = "show",
        .method = RT_GET,
        .path = "/api/orders/:id",
        .line = 127,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &orders_order_message,
        .subject = &orders_order_model,
        .id_param = 0,
        .owner = &orders_order_fields[ORDERS_ORDER_FIELD_USER_ID],
    },
    {
        .name = "create",
        .method = RT_POST,
        .path = "/api/orders",
        .line = 128,
        .status = 201,
        .access = RT_ACCESS_USER,
        .idempotent = true,
        .body = &orders_order_input_message,
        .reply = &orders_order_message,
        .subject = &orders_order_model,
        .id_param = -1,
        .errors = create_errors,
        .n_errors = 2,
        .emits = create_emits,
        .n_emits = 1,
        .handle = handle_create,
    },
    {
        .name = "cancel",
        .method = RT_DELETE,
        .path = "/api/orders/:id",
        .line = 129,
        .status = 200,
        .access = RT_ACCESS_OWNER,
        .reply = &orders_order_message,
        .subject = &orders_order_model,
        .id_param = 0,
        .owner = &orders_order_fields[ORDERS_ORDER_FIELD_USER_ID],
        .errors = cancel_errors,
        .n_errors = 1,
        .emits = cancel_emits,
        .n_emits = 1,
        .handle = handle_cancel,
    },
};
