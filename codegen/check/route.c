/* Errors and routes. */
#include "codegen/check/impl.h"

static struct ts_problem builtin_problems[] = {
    {.name = "bad_request", .text = "Bad request", .status = 400, .builtin = true},
    {.name = "unauthorized", .text = "Not signed in", .status = 401, .builtin = true},
    {.name = "forbidden", .text = "Not allowed", .status = 403, .builtin = true},
    {.name = "not_found", .text = "Not found", .status = 404, .builtin = true},
    {.name = "conflict", .text = "Conflict", .status = 409, .builtin = true},
    {.name = "gone", .text = "Gone", .status = 410, .builtin = true},
    {.name = "precondition_failed", .text = "Version differs", .status = 412, .builtin = true},
    {.name = "unprocessable", .text = "Cannot be processed", .status = 422, .builtin = true},
    {.name = "too_many_requests", .text = "Too many requests", .status = 429, .builtin = true},
    {.name = "unavailable", .text = "Try again later", .status = 503, .builtin = true},
};

enum { BUILTIN_COUNT = sizeof builtin_problems / sizeof *builtin_problems };

static const struct ts_problem *builtin_problem(const char *name)
{
    for (size_t i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtin_problems[i].name, name) == 0)
            return &builtin_problems[i];
    return NULL;
}

void ts_check_problems(struct ts_checker *c)
{
    for (const struct ts_ast_file *file = c->files; file; file = file->next) {
        for (const struct ts_ast_error *ast = file->errors; ast; ast = ast->next) {
            if (!ast->name.symbol)
                continue;
            struct ts_problem *problem = RT_ARENA_NEW(c->arena, struct ts_problem);
            uint64_t status = 500;
            problem->name = ast->name.symbol->text;
            problem->doc = ts_doc(c, ast->name.span, ast->doc);
            problem->text = ast->text ? ast->text->text : "";
            problem->span = ast->name.span;
            ts_check_case(c, ast->name, TS_SNAKE, "an error");
            ts_declare(c, TS_SPACE_ERROR, c->model, ast->name, TS_DECL_OTHER, problem, "error");
            if (builtin_problem(problem->name) != NULL)
                ts_help(ts_report(c->diags, TS_T_DUPLICATE, problem->span,
                                  "`%s` is a built-in error", problem->name),
                        "use it without declaring it, or choose another name");
            if (ts_present(ast->status) &&
                (!ts_parse_u64(ast->status, 599, &status) || status < 400))
                ts_note(ts_report(c->diags, TS_T_BAD_STATUS, ast->status,
                                  "this is no status of an error"),
                        "a status of an error is 400 to 599");
            problem->status = (uint32_t)status;
            TS_PUSH(c->arena, c->model->problems, c->model->n_problems, problem);
        }
    }
}

bool ts_is_user_field(const struct ts_checker *c, const struct ts_field *field)
{
    const struct ts_message *user = c->model->session ? c->model->session->user : NULL;
    if (!user || field->type.shape != TS_ONE)
        return false;
    if (field->type.kind == TS_REF || field->embed)
        return field->type.message == user || field->type.message->origin == user;
    return field->type.kind == TS_ID && field->message == user;
}

/* ----------------------------------------------------------- body and reply */

static const struct ts_message *check_payload(struct ts_checker *c, const struct ts_route *route,
                                              const struct ts_qname *name, const char *what)
{
    struct ts_checked_message *message = ts_resolve_message(c, route->service, name, "message");
    if (!message)
        return NULL;
    if (message->service == route->service && message->message.kind != TS_EVENT)
        return &message->message;
    ts_label(
        ts_report(c->diags, TS_T_WRONG_KIND, name->span, "%s cannot be %s",
                  message->message.kind == TS_EVENT ? "an event" : "a message of another service",
                  what),
        message->message.span, "it is declared here");
    return NULL;
}

static void check_reply(struct ts_checker *c, struct ts_route *route,
                        const struct ts_ast_route *ast)
{
    uint64_t status = 200;
    route->page = ast->page;
    bool is_status =
        !ts_present(ast->status) || (ts_parse_u64(ast->status, 299, &status) && status >= 200);
    if (!is_status)
        ts_note(ts_help(ts_report(c->diags, TS_T_BAD_STATUS, ast->status,
                                  "this is no status of success"),
                        "errors are named behind `!`"),
                "a status of success is 200 to 299");
    route->status = (uint32_t)status;
    bool has_reply = ast->reply.name.symbol;
    if (has_reply)
        route->reply = check_payload(c, route, &ast->reply, "a reply");
    if (has_reply && status == 204)
        ts_report(c->diags, TS_T_BAD_STATUS, ast->reply.span, "a reply with 204 has no content");
    else if (!has_reply && is_status && status != 204)
        ts_help(ts_report(c->diags, TS_T_BAD_STATUS, ast->status, "a reply with %u needs a type",
                          (unsigned)status),
                "name it behind the status, or answer 204");
    if (ast->page && ast->method != TS_KW_GET)
        ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->page_span, "only a GET replies with a page");
}

static void check_body(struct ts_checker *c, struct ts_route *route, const struct ts_ast_route *ast)
{
    route->work = ts_present(ast->work);
    if (!ast->body.name.symbol)
        return;
    if (route->method == TS_GET || route->method == TS_DELETE)
        ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->body.span, "a %s has no body",
                  ts_method_name(route->method));
    route->body = check_payload(c, route, &ast->body, "a body");
    route->work |= route->body && ts_find_password(c, route->body) != NULL;
}

struct ts_message *ts_stored_behind(const struct ts_message *message)
{
    for (int i = 0; message && i < TS_LIMIT_ALIAS_DEPTH; i++) {
        if (ts_message_is_stored(message))
            return (struct ts_message *)(uintptr_t)message;
        message = message->origin;
    }
    return NULL;
}

static void find_subject(struct ts_checker *c, struct ts_route *route,
                         const struct ts_ast_route *ast)
{
    if (ast->of.name.symbol) {
        struct ts_checked_message *model = ts_resolve_message(c, route->service, &ast->of, "model");
        if (!model)
            return;
        if (ts_message_is_stored(&model->message) && model->service == route->service)
            route->subject = &model->message;
        else
            ts_report(c->diags, TS_T_WRONG_KIND, ast->of.span,
                      "`%s` is no model or replica of this service", model->message.name);
        return;
    }
    route->subject = ts_stored_behind(route->reply);
    if (!route->subject)
        route->subject = ts_stored_behind(route->body);
    for (size_t i = 0; !route->subject && i < route->n_emits; i++)
        route->subject = route->emits[i]->model;
}

/* --------------------------------------------------------------- parameters */

/* A parameter named after a secret of the route's model would carry it. */
static void check_secret_param(struct ts_checker *c, const struct ts_route *route,
                               const struct ts_param *param)
{
    const struct ts_field *field =
        route->subject ? ts_message_field(route->subject, param->name) : NULL;
    if (field && field->secret)
        ts_note(ts_label(ts_report(c->diags, TS_T_SECRET, param->span,
                                   "`%s` is secret: it cannot be part of a URL", param->name),
                         field->span, "it is declared here"),
                "URLs end up in logs and histories");
}

static void check_params(struct ts_checker *c, struct ts_route *route)
{
    for (size_t i = 0; i < route->n_params; i++) {
        struct ts_param *param = &route->params[i];
        param->type = (struct ts_type){.kind = TS_STRING,
                                       .min_len = 1,
                                       .max_len = 255,
                                       .max_items = TS_UNBOUNDED,
                                       .key_max_len = TS_UNBOUNDED};
        const struct ts_field *field =
            route->subject ? ts_message_field(route->subject, param->name) : NULL;
        check_secret_param(c, route, param);
        if (!field || field->secret || field->type.shape != TS_ONE ||
            field->type.kind == TS_MESSAGE)
            continue;
        param->field = field;
        param->type = field->type;
        param->type.optional = false;
    }
}

/* The parameter that names the record: its id or, when the path has none, a field that does. */
static void find_subject_param(struct ts_route *route)
{
    for (size_t i = 0; i < route->n_params && route->subject; i++) {
        const struct ts_param *param = &route->params[i];
        const struct ts_index *key =
            param->field ? ts_index_of_field(route->subject, param->field) : NULL;
        bool is_id = param->field && param->field == route->subject->id;
        if (!is_id && (!key || route->subject_param))
            continue;
        route->subject_param = param;
        route->subject_key = is_id ? NULL : key;
        if (is_id)
            return;
    }
}

static void check_query(struct ts_checker *c, struct ts_route *route,
                        const struct ts_ast_query *ast)
{
    struct ts_param param = {.name = ast->name.symbol->text,
                             .json_name = ts_name_camel(c->arena, ast->name.symbol->text),
                             .doc = ts_doc(c, ast->name.span, ast->doc),
                             .span = ast->name.span};
    ts_check_case(c, ast->name, TS_SNAKE, "a parameter");
    ts_check_word(c, ast->name, "a parameter of a query");
    if (!ts_check_count(c, route->n_queries, TS_LIMIT_ITEMS, param.span, "parameters of a route"))
        return;
    ts_check_type(c, route->service, &ast->type, &param.type);
    for (size_t i = 0; i < route->n_queries; i++)
        if (route->queries[i].name == param.name)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, param.span,
                               "a second parameter named `%s`", param.name),
                     route->queries[i].span, "the first one is here");
    if (param.type.kind == TS_PASSWORD)
        ts_note(
            ts_report(c->diags, TS_T_SECRET, ast->type.span, "a secret cannot be part of a URL"),
            "URLs end up in logs and histories");
    else if (param.type.kind != TS_POISON &&
             (param.type.shape != TS_ONE || param.type.kind == TS_MESSAGE ||
              param.type.kind == TS_BYTES))
        ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->type.span,
                  "a query parameter cannot be of type %s", ts_type_text(c, &param.type));
    else
        check_secret_param(c, route, &param);
    if (ast->index.symbol && route->subject) {
        param.index = ts_find_index(c, route->subject, ast->index);
        param.field = param.index && param.index->n_fields ? param.index->fields[0] : NULL;
        if (param.field && param.type.kind != TS_POISON && !param.field->embed &&
            (param.field->type.kind != param.type.kind ||
             param.field->type.enumeration != param.type.enumeration))
            ts_label(ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->type.span,
                               "index `%s` starts with %s, not %s", param.index->name,
                               ts_type_text(c, &param.field->type), ts_type_text(c, &param.type)),
                     param.index->span, "it is declared here");
    }
    TS_PUSH(c->arena, route->queries, route->n_queries, param);
}

/* The query parameters as the message ROUTEQuery. */
static struct ts_message *query_message(struct ts_checker *c, const struct ts_route *route)
{
    if (route->n_queries == 0)
        return NULL;
    struct ts_message *query = RT_ARENA_NEW(c->arena, struct ts_message);
    query->kind = TS_PLAIN;
    query->name = rt_arena_printf(c->arena, "%sQuery", ts_name_pascal(c->arena, route->name));
    query->c_name = rt_arena_printf(c->arena, "%s_query", route->name);
    query->doc = rt_arena_printf(c->arena, "The query of %s %s.", ts_method_name(route->method),
                                 route->path);
    query->span = route->span;
    query->service = route->service;
    query->fields = RT_ARENA_ARRAY(c->arena, route->n_queries, struct ts_field);
    query->n_fields = route->n_queries;
    for (size_t i = 0; i < route->n_queries; i++) {
        const struct ts_param *param = &route->queries[i];
        struct ts_field *field = &query->fields[i];
        *field = (struct ts_field){
            .name = param->name,
            .json_name = param->json_name,
            .doc = param->doc,
            .span = param->span,
            .number = (uint32_t)i + 1,
            .position = (uint32_t)i,
            .type = param->type,
            .message = query,
        };
        field->type.optional = field->type.shape == TS_ONE;
    }
    return query;
}

/* --------------------------------------------------------------- attributes */

bool ts_need_subject(struct ts_checker *c, const struct ts_route *route, struct ts_span span,
                     const char *what)
{
    if (route->subject)
        return true;
    if (c->route_is_sound)
        ts_help(ts_report(c->diags, TS_T_NO_SUBJECT, span,
                          "`%s` needs to know which model the route is about", what),
                "add `of MODEL`");
    return false;
}

static void check_access(struct ts_checker *c, struct ts_route *route,
                         const struct ts_ast_route *ast)
{
    struct ts_span spans[] = {ast->is_public, ast->owner_span, ast->mine_span};
    enum ts_access kinds[] = {TS_ACCESS_PUBLIC, TS_ACCESS_OWNER, TS_ACCESS_MINE};
    struct ts_span first = {0};
    for (size_t i = 0; i < 3; i++) {
        if (!ts_present(spans[i]))
            continue;
        if (ts_present(first))
            ts_label(ts_report(c->diags, TS_T_BAD_ATTRIBUTE, spans[i],
                               "only one of `public`, `owner` and `mine` can apply"),
                     first, "the other one is here");
        else
            route->access = kinds[i];
        first = spans[i];
    }
    bool checks_user = route->access != TS_ACCESS_PUBLIC;
    route->service->has_private_routes |= checks_user;
    if (checks_user && !c->model->session && !ts_is_lost(c, c->symbols->keywords[TS_KW_SESSION]))
        ts_help(ts_report(c->diags, TS_T_NO_SESSION, route->span,
                          "route `%s` asks who is signed in, but there is no session", route->name),
                "declare `session of SERVICE.MODEL lasts 7d`, or mark the route `public`");
}

static void check_owner(struct ts_checker *c, struct ts_route *route,
                        const struct ts_ast_route *ast)
{
    if (!ast->owner.symbol || !ts_need_subject(c, route, ast->owner_span, "owner"))
        return;
    route->owner = ts_find_field(c, route->subject, ast->owner);
    if (!route->owner || route->owner->type.kind == TS_POISON)
        return;
    if (c->model->session && c->model->session->user && !ts_is_user_field(c, route->owner))
        ts_label(ts_report(c->diags, TS_T_NOT_USER, ast->owner.span,
                           "`%s` does not refer to the user", route->owner->name),
                 route->owner->span, "it is declared here");
    if (!route->subject_param && c->route_is_sound &&
        !(route->method == TS_POST && ts_present(ast->automatic)))
        ts_help(ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->owner_span,
                          "`owner` needs the id of a `%s` in the path", route->subject->name),
                "put `:%s` into the path, or a field that is `unique`",
                route->subject->id ? route->subject->id->name : "id");
}

/* `allow`: of the record that the path names, of each record of a list, or of the user alone. */
static void check_allow(struct ts_checker *c, struct ts_route *route,
                        const struct ts_ast_route *ast)
{
    if (!ast->allow || !c->route_is_sound)
        return;
    bool has_record = route->subject_param || (route->page && route->subject);
    route->allow =
        ts_check_allow(c, route->service, has_record ? route->subject : NULL, ast->allow);
    if (route->page && !route->subject_param && !ts_present(ast->automatic))
        ts_help(ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->allow_span,
                          "a handler in C decides itself which records its page shows"),
                "let the route be `auto`, or leave the others out in C");
}

static void check_mine(struct ts_checker *c, struct ts_route *route, const struct ts_ast_route *ast)
{
    if (!ast->mine.symbol || !ts_need_subject(c, route, ast->mine_span, "mine"))
        return;
    if (!route->page)
        ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->mine_span,
                  "`mine` belongs to a route that replies with a page");
    route->mine = ts_find_index(c, route->subject, ast->mine);
    if (route->mine && route->mine->n_fields > 0 && c->model->session && c->model->session->user &&
        !ts_is_user_field(c, route->mine->fields[0]))
        ts_label(ts_report(c->diags, TS_T_NOT_USER, ast->mine.span,
                           "index `%s` does not start with the user", route->mine->name),
                 route->mine->span, "it is declared here");
}

/* What requests are counted by is kept, and may be logged, in clear text. */
static void check_limit_field(struct ts_checker *c, const struct ts_field *field,
                              struct ts_span span)
{
    const struct ts_type *type = &field->type;
    if (field->secret)
        ts_label(ts_report(c->diags, TS_T_SECRET, span,
                           "`%s` is secret: requests cannot be counted by it", field->name),
                 field->span, "it is declared here");
    else if (type->kind != TS_POISON && (type->shape != TS_ONE || type->kind == TS_MESSAGE))
        ts_label(ts_report(c->diags, TS_T_BAD_LIMIT, span, "requests cannot be counted by %s",
                           ts_type_text(c, type)),
                 field->span, "it is declared here");
}

static void check_limit(struct ts_checker *c, struct ts_route *route,
                        const struct ts_ast_limit *ast, bool has_body)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
    struct ts_limit *limit = &route->limit;
    uint64_t count = 0;
    if (!ts_present(ast->span))
        return;
    limit->span = ast->span;
    if (!ts_parse_u64(ast->count, 1000000, &count) || count == 0)
        ts_report(c->diags, TS_T_BAD_LIMIT, ast->count, "a limit is 1 to 1000000 requests");
    limit->count = (uint32_t)count;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, ast->unit.symbol->text) == 0)
            limit->period_ms = units[i].ms;
    if (limit->period_ms == 0)
        ts_help(ts_report(c->diags, TS_T_BAD_LIMIT, ast->unit.span, "`%s` is no unit of time here",
                          ast->unit.symbol->text),
                "write s, min, h or d");
    for (const struct ts_ast_name *name = ast->keys; name; name = name->next) {
        struct ts_limit_key key = {.kind = TS_LIMIT_FIELD};
        struct ts_ident ident = name->name.name;
        if (strcmp(ident.symbol->text, "address") == 0)
            key.kind = TS_LIMIT_ADDRESS;
        else if (strcmp(ident.symbol->text, "user") == 0)
            key.kind = TS_LIMIT_USER;
        else if (route->body)
            key.field = ts_find_field(c, route->body, ident);
        else if (!has_body)
            ts_help(ts_report(c->diags, TS_T_BAD_LIMIT, ident.span,
                              "the route has no body that `%s` could be a field of",
                              ident.symbol->text),
                    "count per `address` or per `user`");
        if (key.kind == TS_LIMIT_USER && route->access == TS_ACCESS_PUBLIC)
            ts_report(c->diags, TS_T_BAD_LIMIT, ident.span, "a public route cannot count per user");
        if (key.field)
            check_limit_field(c, key.field, ident.span);
        TS_PUSH(c->arena, limit->keys, limit->n_keys, key);
    }
}

static void check_errors(struct ts_checker *c, struct ts_route *route,
                         const struct ts_ast_name *names)
{
    for (const struct ts_ast_name *name = names; name; name = name->next) {
        struct ts_ident ident = name->name.name;
        struct ts_entry *entry = ts_lookup(c, TS_SPACE_ERROR, c->model, ident.symbol);
        const struct ts_problem *problem =
            entry ? entry->decl : builtin_problem(ident.symbol->text);
        if (!problem && !ts_is_lost(c, ident.symbol)) {
            struct ts_diag *diag = ts_report(c->diags, TS_T_UNKNOWN_NAME, ident.span,
                                             "no error named `%s`", ident.symbol->text);
            struct rt_suggest suggest = rt_suggest_init(ident.symbol->text);
            for (size_t i = 0; i < c->model->n_problems && (i > 0 || ts_may_suggest(c)); i++)
                rt_suggest_try(&suggest, c->model->problems[i]->name);
            for (size_t i = 0; i < BUILTIN_COUNT; i++)
                rt_suggest_try(&suggest, builtin_problems[i].name);
            ts_suggest_help(&suggest, diag);
        }
        if (!problem)
            continue;
        if (route->read && (problem->status == 409 || problem->status == 412)) {
            struct ts_diag *diag =
                ts_report(c->diags, TS_T_STATUS_CONTRADICTS, ident.span,
                          "a GET changes nothing, so it cannot fail with %u", problem->status);
            if (!problem->builtin)
                ts_label(diag, problem->span, "the error is declared here");
        }
        if (!ts_check_count(c, route->n_errors, TS_LIMIT_ITEMS, ident.span, "errors of a route"))
            break;
        const struct ts_ast_name *first = names;
        while (first->name.name.symbol != ident.symbol)
            first = first->next;
        if (first != name)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, ident.span, "`%s` is named twice",
                               problem->name),
                     first->name.span, "first here");
        TS_PUSH(c->arena, route->errors, route->n_errors, problem);
    }
}

/* -------------------------------------------------------------------- route */

static enum ts_method method_of(enum ts_keyword word)
{
    switch (word) {
    case TS_KW_GET:
        return TS_GET;
    case TS_KW_POST:
        return TS_POST;
    case TS_KW_PUT:
        return TS_PUT;
    case TS_KW_PATCH:
        return TS_PATCH;
    default:
        return TS_DELETE;
    }
}

/* A field whose absence keeps a record out of the index, or NULL: absent values are not unique. */
static const struct ts_field *leaves_out(const struct ts_index *index)
{
    for (size_t i = 0; i < index->n_fields && index->unique; i++)
        if (index->fields[i]->type.optional)
            return index->fields[i];
    return NULL;
}

static void check_sorts(struct ts_checker *c, struct ts_route *route,
                        const struct ts_ast_name *names)
{
    for (const struct ts_ast_name *name = names; name && route->subject; name = name->next) {
        const struct ts_index *index = ts_find_index(c, route->subject, name->name.name);
        if (!index)
            continue;
        const struct ts_field *absent = leaves_out(index);
        if (absent)
            ts_help(ts_label(ts_report(c->diags, TS_T_BAD_ATTRIBUTE, name->name.span,
                                       "`%s` leaves out records without `%s`", index->name,
                                       absent->name),
                             absent->span, "it is optional, and the index is unique"),
                    "sort by an index that is not unique, such as `index by_%s (%s)`", absent->name,
                    absent->name);
        else
            TS_PUSH(c->arena, route->sorts, route->n_sorts, index);
    }
    if (names && !route->page)
        ts_report(c->diags, TS_T_BAD_ATTRIBUTE, names->name.span,
                  "`sort` belongs to a route that replies with a page");
}

static bool is_incomplete(const struct ts_message *message)
{
    return message && ts_checked(message)->incomplete;
}

/* False when some field of a model, or what an index is made of, is not known. */
static bool keys_are_known(const struct ts_message *model)
{
    for (size_t i = 0; model && i < model->n_fields; i++)
        if (model->fields[i].type.kind == TS_POISON)
            return false;
    for (size_t i = 0; model && i < model->n_indexes; i++)
        if (model->indexes[i].n_fields == 0)
            return false;
    return true;
}

static void check_route(struct ts_checker *c, struct ts_service *service, struct ts_ident prefix,
                        const struct ts_ast_route *ast)
{
    struct ts_route *route = RT_ARENA_NEW(c->arena, struct ts_route);
    route->name = ast->name.symbol->text;
    route->doc = ts_doc(c, ast->name.span, ast->doc);
    route->span = ast->name.span;
    route->service = service;
    route->method = method_of(ast->method);
    route->read = route->method == TS_GET;
    route->idempotent = ts_present(ast->idempotent);
    ts_check_case(c, ast->name, TS_SNAKE, "a route");
    ts_declare(c, TS_SPACE_HANDLER, service, ast->name, TS_DECL_OTHER, route, "handler");
    size_t before = c->diags->n_errors;
    bool path_ok = ts_check_path(c, route, prefix, ast->path);
    check_body(c, route, ast);
    check_reply(c, route, ast);
    ts_check_emits(c, service, ast->emits, &route->emits, &route->n_emits);
    find_subject(c, route, ast);
    /* What follows from the path and the types is not said of a route that lacks one of them. */
    c->route_is_sound = c->diags->n_errors == before && !is_incomplete(route->subject) &&
                        !is_incomplete(route->body) && !is_incomplete(route->reply) &&
                        keys_are_known(route->subject);
    for (size_t i = 0; i < route->n_emits; i++)
        c->route_is_sound = c->route_is_sound && !is_incomplete(route->emits[i]->message);
    check_params(c, route);
    find_subject_param(route);
    before = c->diags->n_errors;
    for (const struct ts_ast_query *query = ast->queries; query; query = query->next)
        check_query(c, route, query);
    c->queries_are_sound = c->diags->n_errors == before;
    route->query = query_message(c, route);
    check_access(c, route, ast);
    check_owner(c, route, ast);
    check_allow(c, route, ast);
    check_mine(c, route, ast);
    check_sorts(c, route, ast->sorts);
    check_limit(c, route, &ast->limit, ast->body.name.symbol);
    check_errors(c, route, ast->errors);
    ts_check_auto(c, route, ast);
    if (route->read && ast->emits)
        ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->emits->name.span,
                  "a GET changes nothing, so it publishes no events");
    if (route->idempotent && route->method != TS_POST)
        ts_note(ts_report(c->diags, TS_T_BAD_ATTRIBUTE, ast->idempotent,
                          "`idempotent` belongs to a POST"),
                "the other methods are idempotent by themselves");
    if (path_ok)
        TS_PUSH(c->arena, service->routes, service->n_routes, route);
}

void ts_check_routes(struct ts_checker *c, struct ts_service *service,
                     const struct ts_ast_service *ast)
{
    for (const struct ts_ast_routes *group = ast->routes; group; group = group->next)
        for (const struct ts_ast_route *route = group->routes; route; route = route->next)
            check_route(c, service, group->prefix, route);
}
