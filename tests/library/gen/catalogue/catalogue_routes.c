// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_routes.h"

#include "gen/catalogue/catalogue_publish.h"
#include "gen/catalogue/catalogue_store.h"

static const struct rt_query_param list_query[] = {
    {"shelf", &catalogue_list_query_fields[0], &catalogue_book_indexes[CATALOGUE_BOOK_BY_SHELF]},
};

static const struct rt_index *const shelved_sorts[] = {
    &catalogue_book_indexes[CATALOGUE_BOOK_BY_SHELF],
    NULL,
};

static const struct rt_event_type *const correct_emits[] = {&catalogue_book_changed_event};

static const struct rt_event_type *const add_emits[] = {&catalogue_book_added_event};

static const struct rt_event_type *const change_emits[] = {&catalogue_book_changed_event};

static const struct rt_event_type *const amend_emits[] = {&catalogue_book_changed_event};

static const struct rt_event_type *const remove_emits[] = {&catalogue_book_removed_event};

const struct rt_route catalogue_routes[] = {
    {
        .name = "list",
        .method = RT_GET,
        .path = "/books",
        .line = 54,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &catalogue_book_message,
        .query = &catalogue_list_query_message,
        .query_params = list_query,
        .n_query_params = 1,
        .subject = &catalogue_book_model,
        .id_param = -1,
    },
    {
        .name = "show",
        .method = RT_GET,
        .path = "/books/:id",
        .line = 55,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = 0,
    },
    {
        .name = "shelved",
        .method = RT_GET,
        .path = "/books/shelved",
        .line = 56,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = -1,
        .sorts = shelved_sorts,
    },
    {
        .name = "lookup",
        .method = RT_GET,
        .path = "/books/isbn/:isbn",
        .line = 57,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_SHOW,
        .read = true,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = 0,
        .key = &catalogue_book_indexes[CATALOGUE_BOOK_BY_ISBN],
    },
    {
        .name = "correct",
        .method = RT_PUT,
        .path = "/books/isbn/:isbn",
        .line = 58,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_UPDATE,
        .body = &catalogue_book_input_message,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = 0,
        .key = &catalogue_book_indexes[CATALOGUE_BOOK_BY_ISBN],
        .emits = correct_emits,
        .n_emits = 1,
    },
    {
        .name = "add",
        .method = RT_POST,
        .path = "/books",
        .line = 59,
        .status = 201,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_CREATE,
        .body = &catalogue_book_input_message,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = -1,
        .emits = add_emits,
        .n_emits = 1,
    },
    {
        .name = "change",
        .method = RT_PUT,
        .path = "/books/:id",
        .line = 60,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_UPDATE,
        .body = &catalogue_book_input_message,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = 0,
        .emits = change_emits,
        .n_emits = 1,
    },
    {
        .name = "amend",
        .method = RT_PATCH,
        .path = "/books/:id",
        .line = 61,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_UPDATE,
        .body = &catalogue_book_input_message,
        .reply = &catalogue_book_message,
        .subject = &catalogue_book_model,
        .id_param = 0,
        .emits = amend_emits,
        .n_emits = 1,
    },
    {
        .name = "remove",
        .method = RT_DELETE,
        .path = "/books/:id",
        .line = 62,
        .status = 204,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_DELETE,
        .subject = &catalogue_book_model,
        .id_param = 0,
        .emits = remove_emits,
        .n_emits = 1,
    },
    {
        .name = "lent",
        .method = RT_GET,
        .path = "/lent",
        .line = 66,
        .status = 200,
        .access = RT_ACCESS_PUBLIC,
        .automatic = RT_AUTO_LIST,
        .read = true,
        .page = true,
        .reply = &catalogue_loan_message,
        .subject = &catalogue_loan_model,
        .id_param = -1,
    },
};
