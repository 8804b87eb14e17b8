// Generated from schema library; do not edit.
#include "gen/lending/lending_routes.h"

#include "gen/lending/lending_publish.h"
#include "gen/lending/lending_store.h"

static const struct rt_problem problem_too_many_loans = {
    .name = "too_many_loans",
    .status = 409,
    .message = "Three books at a time are enough",
};

static const struct rt_problem problem_book_lent = {
    .name = "book_lent",
    .status = 409,
    .message = "The book is lent",
};

static const struct rt_problem problem_not_found = {
    .name = "not_found",
    .status = 404,
    .message = "Not found",
};

static int handle_lend(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)lending_lend(ctx, request->body, request->reply);
}

static int handle_at_home(struct rt_ctx *ctx, const struct rt_request *request)
{
    return (int)lending_at_home(ctx, request->query, request->paging, request->reply);
}

static const struct rt_index *const list_sorts[] = {
    &lending_member_indexes[LENDING_MEMBER_BY_NAME],
    NULL,
};

static const struct rt_query_param loans_query[] = {
    {"member", &lending_loans_query_fields[0], &lending_loan_indexes[LENDING_LOAN_BY_MEMBER]},
};

static const struct rt_problem *const lend_errors[] = {
    &problem_too_many_loans,
    &problem_book_lent,
    &problem_not_found,
};
static const struct rt_event_type *const lend_emits[] = {&lending_loan_made_event};

static const struct rt_event_type *const give_back_emits[] = {&lending_loan_changed_event};

static const struct rt_index *const at_home_sorts[] = {
    &lending_loan_indexes[LENDING_LOAN_OPEN_BY_DUE],
    NULL,
};
static const struct rt_query_param at_home_query[] = {
    {"member", &lending_at_home_query_fields[0], NULL},
};

const struct rt_route lending_routes[] = {
    {
        .name = "list",
        .method = RT_GET,
        .path = "/members",
        .line = 115,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &lending_member_message,
        .subject = &lending_member_model,
        .id_param = -1,
        .sorts = list_sorts,
    },
    {
        .name = "show",
        .method = RT_GET,
        .path = "/members/:id",
        .line = 116,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &lending_member_message,
        .subject = &lending_member_model,
        .id_param = 0,
    },
    {
        .name = "join",
        .method = RT_POST,
        .path = "/members",
        .line = 117,
        .status = 201,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_CREATE,
        .body = &lending_member_input_message,
        .reply = &lending_member_message,
        .subject = &lending_member_model,
        .id_param = -1,
    },
    {
        .name = "change",
        .method = RT_PUT,
        .path = "/members/:id",
        .line = 118,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_UPDATE,
        .body = &lending_member_input_message,
        .reply = &lending_member_message,
        .subject = &lending_member_model,
        .id_param = 0,
    },
    {
        .name = "leave",
        .method = RT_DELETE,
        .path = "/members/:id",
        .line = 119,
        .status = 204,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_DELETE,
        .subject = &lending_member_model,
        .id_param = 0,
    },
    {
        .name = "loans",
        .method = RT_GET,
        .path = "/loans",
        .line = 123,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &lending_loan_message,
        .query = &lending_loans_query_message,
        .query_params = loans_query,
        .n_query_params = 1,
        .subject = &lending_loan_model,
        .id_param = -1,
    },
    {
        .name = "loan",
        .method = RT_GET,
        .path = "/loans/:id",
        .line = 124,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &lending_loan_message,
        .subject = &lending_loan_model,
        .id_param = 0,
    },
    {
        .name = "lend",
        .method = RT_POST,
        .path = "/loans",
        .line = 126,
        .status = 201,
        .access = RT_ACCESS_PUBLIC,
        .body = &lending_loan_input_message,
        .reply = &lending_loan_message,
        .subject = &lending_loan_model,
        .id_param = -1,
        .errors = lend_errors,
        .n_errors = 3,
        .emits = lend_emits,
        .n_emits = 1,
        .handle = handle_lend,
    },
    {
        .name = "give_back",
        .method = RT_PUT,
        .path = "/loans/:id/return",
        .line = 127,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_UPDATE,
        .body = &lending_return_input_message,
        .reply = &lending_loan_message,
        .subject = &lending_loan_model,
        .id_param = 0,
        .emits = give_back_emits,
        .n_emits = 1,
    },
    {
        .name = "at_home",
        .method = RT_GET,
        .path = "/at-home",
        .line = 132,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .read = true,
        .page = true,
        .reply = &lending_loan_message,
        .query = &lending_at_home_query_message,
        .query_params = at_home_query,
        .n_query_params = 1,
        .subject = &lending_loan_model,
        .id_param = -1,
        .sorts = at_home_sorts,
        .handle = handle_at_home,
    },
};
