/* <svc>_routes: prototypes of handlers, thin adapters around them, and the table of routes. */
#include <inttypes.h>

#include "codegen/emit/c/c.h"
#include "codegen/model/names.h"

/* --------------------------------------------------------------- signatures */

/* The place of the path parameter that names the subject, or -1. */
static int subject_param(const struct ts_route *route)
{
    return route->subject_param ? (int)(route->subject_param - route->params) : -1;
}

enum { PARAMETERS_MAX = 32 /* pieces of a path, and what else there is */ };

/* Parameters of a handler, and what the adapter passes for each. */
struct signature {
    struct rt_arena *arena;
    const char *parameters;
    const char *arguments;
    const char *taken[PARAMETERS_MAX]; /* names */
    size_t n_taken;
};

static void take(struct signature *s, const char *name)
{
    RT_ASSERT(s->n_taken < PARAMETERS_MAX);
    s->taken[s->n_taken++] = name;
}

static void add_plain(struct signature *s, const char *type, const char *name, const char *argument)
{
    s->parameters = rt_arena_printf(s->arena, "%s, %s%s", s->parameters, type, name);
    s->arguments = rt_arena_printf(s->arena, "%s, %s", s->arguments, argument);
}

static bool is_taken(const struct signature *s, const char *name)
{
    bool taken = false;
    for (size_t i = 0; i < s->n_taken; i++)
        taken = taken || strcmp(s->taken[i], name) == 0;
    return taken;
}

/* A message is called by the last word of its type unless that is taken. */
static void add_message(struct ts_c *c, struct signature *s, const char *qualifier,
                        const struct ts_message *message, const char *argument)
{
    const char *last = strrchr(message->c_name, '_');
    const char *name = last ? last + 1 : message->c_name;
    if (is_taken(s, name))
        name = message->c_name;
    if (is_taken(s, name))
        name = rt_arena_printf(c->arena, "%s_reply", name);
    name = ts_c_parameter(c, name, s->taken, s->n_taken);
    take(s, name);
    add_plain(s, rt_arena_printf(c->arena, "%sstruct %s *", qualifier, ts_c_type(c, message)), name,
              argument);
}

/* The names that do not depend on the schema: they are there first. */
static struct signature new_signature(struct ts_c *c, const struct ts_route *route)
{
    struct signature s = {.arena = c->arena, .parameters = "", .arguments = ""};
    take(&s, "ctx");
    if (route->query)
        take(&s, "query");
    if (route->work)
        take(&s, "work");
    if (route->page) {
        take(&s, "paging");
        take(&s, "page");
    }
    return s;
}

/* What comes with the request: to the handler and to the work before it alike. */
static struct signature request_signature(struct ts_c *c, const struct ts_route *route)
{
    struct signature s = new_signature(c, route);
    int subject = subject_param(route);
    for (size_t i = 0; i < route->n_params; i++) {
        if ((int)i == subject)
            continue;
        const char *name = ts_c_parameter(c, route->params[i].name, s.taken, s.n_taken);
        take(&s, name);
        add_plain(&s, "const char *", name, rt_arena_printf(c->arena, "request->params[%zu]", i));
    }
    if (route->query)
        add_plain(&s, rt_arena_printf(c->arena, "const struct %s *", ts_c_type(c, route->query)),
                  "query", "request->query");
    if (route->body)
        add_message(c, &s, "const ", route->body, "request->body");
    return s;
}

static struct signature handler_signature(struct ts_c *c, const struct ts_route *route)
{
    struct signature s = request_signature(c, route);
    bool loaded = subject_param(route) >= 0;
    if (route->work)
        add_plain(
            &s,
            rt_arena_printf(c->arena, "const struct %s_%s_work *", c->service->name, route->name),
            "work", "request->work");
    if (loaded)
        add_message(c, &s, "", route->subject, "request->subject");
    if (route->page) {
        add_plain(&s, "const struct rt_paging *", "paging", "request->paging");
        add_plain(&s, "struct rt_page *", "page", "request->reply");
    } else if (route->reply && !(loaded && route->reply == route->subject))
        add_message(c, &s, "", route->reply, "request->reply");
    return s;
}

static const char *local(struct ts_c *c, const void *owner, const char *first, const char *second)
{
    return ts_c_local(c, owner, rt_arena_join(c->arena, first, second, NULL));
}

static void set_route(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    struct signature work = request_signature(c, route);
    struct signature handler = handler_signature(c, route);
    ts_set(w, "route", route->name);
    ts_set(w, "ROUTE", ts_upper(c, route->name));
    ts_set(w, "work_parameters", work.parameters);
    ts_set(w, "work_arguments", work.arguments);
    ts_set(w, "parameters", handler.parameters);
    ts_set(w, "arguments", handler.arguments);
}

/* ------------------------------------------------------------------- header */

static const char *access_note(struct ts_c *c, const struct ts_route *route)
{
    switch (route->access) {
    case TS_ACCESS_PUBLIC:
        return "; public";
    case TS_ACCESS_OWNER:
        return rt_arena_printf(c->arena, "; the %s is the signed-in user's (%s)",
                               ts_c_noun(c, route->subject, NULL, 0), route->owner->name);
    case TS_ACCESS_MINE:
        return "; of the signed-in user";
    default:
        return "";
    }
}

static void put_result(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    const char *line = ts_fill(w, "enum ${svc}_${route}_result { ${SVC}_${ROUTE}_OK");
    for (size_t i = 0; i < route->n_errors; i++)
        line = rt_arena_printf(c->arena, "%s, %s", line,
                               ts_upper(c, rt_arena_printf(c->arena, "%s_%s_%s", c->service->name,
                                                           route->name, route->errors[i]->name)));
    ts_set(w, "line", line);
    if (strlen(line) + strlen(" };") <= TS_WRITER_COLUMNS) {
        ts_put(w, "$line };");
        return;
    }
    ts_put(w, "enum ${svc}_${route}_result {\n"
              "    ${SVC}_${ROUTE}_OK,");
    for (size_t i = 0; i < route->n_errors; i++) {
        ts_set(w, "ERROR", ts_upper(c, route->errors[i]->name));
        ts_put(w, "    ${SVC}_${ROUTE}_$ERROR,");
    }
    ts_put(w, "};");
}

static void put_prototype(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    set_route(c, w, route);
    ts_put(w, "");
    put_result(c, w, route);
    if (route->work) {
        ts_put(w, "struct ${svc}_${route}_work; /* the handler's own */");
        ts_comment(w, 0,
                   "Runs on the worker pool before the handler, with a snapshot to read from; what "
                   "it returns is the handler's `work`.");
        ts_c_prototype(c, w, route->span,
                       "struct ${svc}_${route}_work *${svc}_${route}_work(struct rt_ctx *ctx"
                       "$work_parameters);");
    }
    const char *text =
        rt_arena_printf(c->arena, "%s %s, %s%s%s.", ts_method_name(route->method), route->path,
                        ts_c_place(c, route->span), access_note(c, route),
                        ts_c_emits(c, route->emits, route->n_emits));
    ts_comment(w, 0, ts_c_doc(c, route->doc, text));
    ts_c_prototype(c, w, route->span,
                   "enum ${svc}_${route}_result ${svc}_$route(struct rt_ctx *ctx$parameters);");
}

/* ------------------------------------------------------------------- tables */

static void put_adapters(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    set_route(c, w, route);
    ts_set(w, "work", local(c, route, "work_", route->name));
    ts_set(w, "handle", local(c, route, "handle_", route->name));
    if (route->work) {
        if (*request_signature(c, route).arguments == '\0')
            ts_put(w, "\nstatic void *$work(struct rt_ctx *ctx, "
                      "const struct rt_request *request)\n{\n    (void)request;");
        else
            ts_put(w, "\nstatic void *$work(struct rt_ctx *ctx, "
                      "const struct rt_request *request)\n{");
        ts_put(w, "    return ${svc}_${route}_work(ctx$work_arguments);\n}");
    }
    ts_put(w, "\nstatic int $handle(struct rt_ctx *ctx, const struct rt_request *request)\n{");
    if (*handler_signature(c, route).arguments == '\0')
        ts_put(w, "    (void)request;");
    ts_put(w, "    return (int)${svc}_$route(ctx$arguments);\n}");
}

/* The errors of all routes, each once, in order of first use. */
static void put_problems(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    size_t count = 0;
    for (size_t r = 0; r < service->n_routes; r++)
        count += service->routes[r]->n_errors;
    const struct ts_problem **seen = RT_ARENA_ARRAY(c->arena, count, const struct ts_problem *);
    size_t n_seen = 0;
    for (size_t r = 0; r < service->n_routes; r++)
        for (size_t i = 0; i < service->routes[r]->n_errors; i++) {
            const struct ts_problem *problem = service->routes[r]->errors[i];
            size_t k = 0;
            while (k < n_seen && seen[k] != problem)
                k++;
            if (k < n_seen)
                continue;
            seen[n_seen++] = problem;
            ts_set(w, "name", problem->name);
            ts_set(w, "problem", local(c, problem, "problem_", problem->name));
            ts_set_number(w, "status", problem->status);
            ts_set(w, "text", ts_quoted(c->arena, problem->text));
            ts_put(w, "\n"
                      "static const struct rt_problem $problem = {\n"
                      "    .name = \"$name\",\n"
                      "    .status = $status,\n"
                      "    .message = $text,\n"
                      "};");
        }
}

/* What the static parts of a route's row are called. */
static void set_locals(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    ts_set(w, "errors", local(c, route, route->name, "_errors"));
    ts_set(w, "emits", local(c, route, route->name, "_emits"));
    ts_set(w, "sorts", local(c, route, route->name, "_sorts"));
    ts_set(w, "limit_keys", local(c, route, route->name, "_limit_keys"));
    ts_set(w, "allow", local(c, route, route->name, "_allow"));
    ts_set(w, "query", local(c, route, route->name, "_query"));
    ts_set(w, "work", local(c, route, "work_", route->name));
    ts_set(w, "handle", local(c, route, "handle_", route->name));
}

static void put_lists(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    struct ts_item *items = RT_ARENA_ARRAY(
        c->arena, route->n_errors + route->n_emits + route->n_sorts + 1, struct ts_item);
    for (size_t i = 0; i < route->n_errors; i++)
        items[i] = (struct ts_item){
            rt_arena_printf(c->arena, "&%s",
                            local(c, route->errors[i], "problem_", route->errors[i]->name)),
            rt_arena_printf(c->arena, "%u", (unsigned)route->errors[i]->status)};
    if (route->n_errors > 0)
        ts_list(w, "static const struct rt_problem *const $errors[]", items, route->n_errors);
    for (size_t i = 0; i < route->n_emits; i++)
        items[i] =
            (struct ts_item){rt_arena_printf(c->arena, "&%s_event", ts_c_event(c, route->emits[i])),
                             ts_quoted(c->arena, route->emits[i]->subject)};
    if (route->n_emits > 0)
        ts_list(w, "static const struct rt_event_type *const $emits[]", items, route->n_emits);
    for (size_t i = 0; i < route->n_sorts; i++)
        items[i] = (struct ts_item){
            rt_arena_printf(c->arena, "&%s",
                            ts_c_index(c, route->sorts[i]->model, route->sorts[i]->name)),
            route->sorts[i]->name};
    items[route->n_sorts] = (struct ts_item){"NULL", "end"};
    if (route->n_sorts > 0)
        ts_list(w, "static const struct rt_index *const $sorts[]", items, route->n_sorts + 1);
}

static void put_limit_keys(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    if (route->limit.count == 0)
        return;
    ts_put(w, "static const struct rt_limit_key $limit_keys[] = {");
    for (size_t i = 0; i < route->limit.n_keys; i++) {
        const struct ts_limit_key *key = &route->limit.keys[i];
        if (key->kind == TS_LIMIT_FIELD) {
            ts_set(w, "T", ts_c_type(c, key->field->message));
            ts_set_number(w, "position", key->field->position);
            ts_put(w, "    {RT_LIMIT_FIELD, &${T}_fields[$position]},");
        } else {
            ts_put(w, key->kind == TS_LIMIT_USER ? "    {RT_LIMIT_USER, NULL},"
                                                 : "    {RT_LIMIT_ADDRESS, NULL},");
        }
    }
    ts_put(w, "};");
}

static void put_query(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    if (!route->query)
        return;
    ts_set(w, "T", ts_c_type(c, route->query));
    bool remarked = route->n_queries <= TS_ROWS_WITHOUT_REMARK;
    ts_put(w, "static const struct rt_query_param $query[] = {");
    for (size_t i = 0; i < route->n_queries; i++) {
        const struct ts_param *param = &route->queries[i];
        ts_set(w, "json", param->json_name);
        ts_set_number(w, "position", i);
        ts_set(w, "index", "NULL");
        if (param->index)
            ts_setf(w, "index", "&%s", ts_c_index(c, param->index->model, param->index->name));
        ts_put(w, "    {\"$json\", &${T}_fields[$position], $index},");
        remarked = remarked || ts_remark(w, "in schema order");
    }
    ts_put(w, "};");
}

static void put_access(struct ts_writer *w, const struct ts_route *route)
{
    static const char *const names[] = {"USER", "PUBLIC", "OWNER", "MINE"};
    static const char *const autos[] = {"NONE", "CREATE", "SHOW", "LIST", "UPDATE", "DELETE"};
    ts_set(w, "access", names[route->access]);
    ts_set(w, "automatic", autos[route->automatic]);
    ts_put(w, "        .access = RT_ACCESS_$access,");
    if (route->automatic != TS_AUTO_NONE)
        ts_put(w, "        .automatic = RT_AUTO_$automatic,");
    if (route->read)
        ts_put(w, "        .read = true,");
    if (route->idempotent)
        ts_put(w, "        .idempotent = true,");
    if (route->page)
        ts_put(w, "        .page = true,");
}

static void put_messages(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    const struct {
        const char *name;
        const struct ts_message *message;
    } messages[] = {{"body", route->body}, {"reply", route->reply}, {"query", route->query}};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (!messages[i].message)
            continue;
        ts_set(w, "member", messages[i].name);
        ts_set(w, "T", ts_c_type(c, messages[i].message));
        ts_put(w, "        .$member = &${T}_message,");
    }
    if (route->query) {
        ts_set_number(w, "count", route->n_queries);
        ts_put(w, "        .query_params = $query,\n"
                  "        .n_query_params = $count,");
    }
    if (route->subject) {
        ts_set(w, "T", ts_c_type(c, route->subject));
        ts_put(w, "        .subject = &${T}_model,");
    }
    if (route->allow)
        ts_put(w, "        .allow = RT_EXPR($allow),");
    ts_setf(w, "param", "%d", subject_param(route));
    ts_put(w, "        .id_param = $param,");
    if (route->subject_key) {
        ts_set(w, "index", ts_c_index(c, route->subject_key->model, route->subject_key->name));
        ts_put(w, "        .key = &$index,");
    }
    if (route->owner) {
        ts_set(w, "position", ts_c_position(c, route->owner));
        ts_put(w, "        .owner = &${T}_fields[$position],");
    }
    if (route->mine) {
        ts_set(w, "index", ts_c_index(c, route->mine->model, route->mine->name));
        ts_put(w, "        .mine = &$index,");
    }
}

static void put_rest(struct ts_writer *w, const struct ts_route *route)
{
    if (route->n_sorts > 0)
        ts_put(w, "        .sorts = $sorts,");
    if (route->limit.count > 0) {
        ts_set_number(w, "count", route->limit.count);
        ts_set_number(w, "keys", route->limit.n_keys);
        ts_setf(w, "period", "%" PRId64, route->limit.period_ms);
        ts_put(w, "        .limit = {$count, $period, $limit_keys, $keys},");
    }
    if (route->n_errors > 0) {
        ts_set_number(w, "count", route->n_errors);
        ts_put(w, "        .errors = $errors,\n"
                  "        .n_errors = $count,");
    }
    if (route->n_emits > 0) {
        ts_set_number(w, "count", route->n_emits);
        ts_put(w, "        .emits = $emits,\n"
                  "        .n_emits = $count,");
    }
    if (route->work && route->automatic == TS_AUTO_NONE)
        ts_put(w, "        .work = $work,");
    if (route->automatic == TS_AUTO_NONE)
        ts_put(w, "        .handle = $handle,");
}

static void put_row(struct ts_c *c, struct ts_writer *w, const struct ts_route *route)
{
    set_locals(c, w, route);
    ts_set(w, "route", route->name);
    ts_set(w, "method", ts_method_name(route->method));
    ts_set(w, "path", route->path);
    ts_set_number(w, "line", ts_span_line(route->span));
    ts_set_number(w, "status", route->status);
    ts_put(w, "    {\n"
              "        .name = \"$route\",\n"
              "        .method = RT_$method,\n"
              "        .path = \"$path\",\n"
              "        .line = $line,\n"
              "        .status = $status,");
    put_access(w, route);
    put_messages(c, w, route);
    put_rest(w, route);
    ts_put(w, "    },");
}

/* -------------------------------------------------------------------- files */

static void put_header(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    struct ts_writer w;
    struct ts_includes includes = {0};
    ts_c_header_begin(c, &w, "routes",
                      "The routes that are written by hand. A handler fills its reply and returns "
                      "OK, or returns one of the errors that the schema allows; then everything it "
                      "wrote is undone. A record that the path names is loaded (and its owner "
                      "checked) before the call.");
    if (ts_has_events(service))
        ts_include_of(c, &includes, service, "events");
    if (ts_has_types(c->service))
        ts_include_of(c, &includes, service, "types");
    ts_include(c, &includes, "runtime/app/service.h");
    ts_includes_put(&w, &includes);
    ts_c_header_declare(&w);
    for (size_t i = 0; i < service->n_routes; i++)
        if (service->routes[i]->automatic == TS_AUTO_NONE)
            put_prototype(c, &w, service->routes[i]);
    ts_put(&w, "\nextern const struct rt_route ${svc}_routes[];");
    ts_c_header_end(&w);
}

static bool has_lists(const struct ts_route *route)
{
    return route->n_errors + route->n_emits + route->n_sorts + route->limit.count > 0 ||
           route->query != NULL || route->allow != NULL;
}

void ts_emit_routes(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    struct ts_writer w;
    struct ts_includes includes = {0};
    if (!ts_has_routes(service))
        return;
    put_header(c);
    ts_c_source_begin(c, &w, "routes");
    if (service->n_events > 0)
        ts_include_of(c, &includes, service, "publish");
    if (ts_has_stores(service))
        ts_include_of(c, &includes, service, "store");
    ts_put(&w, "");
    ts_includes_put(&w, &includes);
    put_problems(c, &w);
    for (size_t i = 0; i < service->n_routes; i++)
        if (service->routes[i]->automatic == TS_AUTO_NONE)
            put_adapters(c, &w, service->routes[i]);
    for (size_t i = 0; i < service->n_routes; i++) {
        const struct ts_route *route = service->routes[i];
        if (!has_lists(route))
            continue;
        set_locals(c, &w, route);
        ts_put(&w, "");
        put_lists(c, &w, route);
        put_limit_keys(c, &w, route);
        if (route->allow)
            ts_put_expr(c, &w, ts_fill(&w, "$allow"), route->allow);
        put_query(c, &w, route);
    }
    ts_put(&w, "\nconst struct rt_route ${svc}_routes[] = {");
    for (size_t i = 0; i < service->n_routes; i++)
        put_row(c, &w, service->routes[i]);
    ts_put(&w, "};");
}
