#include "runtime/app/request/dispatch.h"

#include "runtime/app/report.h"
#include "runtime/app/request/call.h"
#include "runtime/app/request/cors.h"
#include "runtime/app/request/etag.h"
#include "runtime/base/clock.h"

enum { RUNNING_MAX = 4, ID_MAX = 64, BUSY_RETRY_MS = 1000, BODY_SPARE = 1024 };

/* ------------------------------------------------------- in the transaction */

static const void *load_record(void *arg, const struct rt_model *model, const char *id)
{
    struct rt_call *call = arg;
    return strlen(id) <= ID_MAX ? rt_txn_get(call->ctx.txn, model, id) : NULL;
}

bool rt_call_allows(struct rt_call *call, const void *record)
{
    if (!call->route->allow.steps)
        return true;
    const struct rt_expr_env env = {.record = record,
                                    .now_ms = call->ctx.now_ms,
                                    .user = call->ctx.session ? call->session.user_id : NULL,
                                    .arena = call->ctx.arena,
                                    .load = load_record,
                                    .arg = call};
    struct rt_value allowed = rt_expr_value(&call->route->allow, &env);
    return allowed.present && allowed.i != 0;
}

/* Somebody else's record is not there, unless the schema says that it is forbidden. */
static const struct rt_problem *not_allowed(const struct rt_route *route)
{
    for (size_t i = 0; i < route->n_errors; i++) {
        if (route->errors[i]->status == rt_problem_forbidden.status)
            return route->errors[i];
    }
    return route->id_param >= 0 ? &rt_problem_not_found : &rt_problem_forbidden;
}

/* By a field that is unique: what could not be its value names nothing. */
static void *find_by_key(struct rt_call *call, const char *text)
{
    const struct rt_route *route = call->route;
    const struct rt_message *type = route->subject->message;
    const struct rt_field *field = &type->fields[route->key->fields[0]];
    void *probe = rt_message_new(type, call->ctx.arena);
    struct rt_violations violations;
    rt_violations_init(&violations, call->ctx.arena);
    if (rt_field_parse(field, rt_str(text), call->ctx.arena, probe, &violations) != 0)
        return NULL;
    struct rt_value value = rt_field_get(field, probe);
    return value.present ? rt_txn_find(call->ctx.txn, route->subject, route->key, &value) : NULL;
}

static void *find_subject(struct rt_call *call)
{
    const struct rt_route *route = call->route;
    const char *text = call->request.params[route->id_param];
    if (route->key)
        return find_by_key(call, text);
    return strlen(text) <= ID_MAX ? rt_txn_get(call->ctx.txn, route->subject, text) : NULL;
}

static const struct rt_problem *load_subject(struct rt_call *call)
{
    const struct rt_route *route = call->route;
    if (!route->subject || route->id_param < 0)
        /* An automatic list asks of each record. */
        return route->automatic == RT_AUTO_LIST || rt_call_allows(call, NULL) ? NULL
                                                                              : not_allowed(route);
    void *record = find_subject(call);
    if (!record)
        return &rt_problem_not_found;
    if (route->access == RT_ACCESS_OWNER) {
        const char *owner = rt_text_member(route->owner, record);
        if (!owner || strcmp(owner, call->session.user_id) != 0)
            return &rt_problem_not_found;
    }
    if (!rt_call_allows(call, record))
        return not_allowed(route);
    if (!route->read && route->subject->version_field >= 0) {
        const struct rt_field *version =
            &route->subject->message->fields[route->subject->version_field];
        if (!rt_call_if_match(call, rt_field_get(version, record).i))
            return &rt_problem_version;
    }
    rt_txn_hydrate(call->ctx.txn, route->subject, record);
    call->request.subject = record;
    return NULL;
}

static void prepare_reply(struct rt_call *call)
{
    const struct rt_route *route = call->route;
    if (route->page) {
        call->request.paging = &call->paging;
        call->request.reply = &call->page;
    }
    if (!route->reply || route->page)
        return;
    bool same = call->request.subject && route->reply == route->subject->message;
    call->request.reply =
        same ? call->request.subject : rt_message_new(route->reply, call->ctx.arena);
}

static const struct rt_problem *handle(struct rt_call *call)
{
    const struct rt_route *route = call->route;
    if (!route->handle)
        return rt_call_auto(call);
    int result = route->handle(&call->ctx, &call->request);
    if (call->violations->count > 0) /* found by rt_patch */
        return &rt_problem_invalid;
    if (result == 0)
        return NULL;
    if (result > 0 && (size_t)result <= route->n_errors)
        return route->errors[result - 1];
    return &rt_problem_internal;
}

/* Records of a reply are shown with what is embedded in them. */
static void hydrate_reply(const struct rt_call *call, struct rt_txn *txn)
{
    const struct rt_model *model = call->info->model;
    if (!model || model->n_embeds == 0)
        return;
    if (call->route->page) {
        for (size_t i = 0; i < call->page.n_records; i++) {
            rt_txn_hydrate(txn, model, call->page.records[i]);
            rt_txn_show(txn, model, call->page.records[i]);
        }
    } else if (call->request.reply) {
        if (call->request.reply != call->request.subject)
            rt_txn_hydrate(txn, model, call->request.reply);
        rt_txn_show(txn, model, call->request.reply);
    }
}

static const struct rt_problem *run_steps(struct rt_call *call, struct rt_txn *txn)
{
    call->ctx.txn = txn;
    call->ctx.now_ms = txn->now_ms;
    const struct rt_problem *problem = NULL;
    bool keep = call->idempotent.key.data != NULL && !call->route->read;
    if (!call->route->read)
        problem = rt_call_session_live(call, txn);
    if (!problem && keep)
        problem = rt_call_idempotent_find(call, txn);
    if (problem || call->idempotent.replayed)
        return problem;
    txn->user = call->ctx.session ? call->session.user_id : NULL;
    problem = load_subject(call);
    if (problem)
        return problem;
    prepare_reply(call);
    problem = handle(call);
    if (call->route->page && txn->bad_cursor)
        problem = rt_call_bad_cursor(call);
    if (problem)
        return problem;
    if (!call->route->read && rt_txn_unpublished(txn, &call->unpublished))
        return &rt_problem_internal;
    hydrate_reply(call, txn);
    if (keep)
        rt_call_idempotent_keep(call, txn);
    return NULL;
}

/* All of a request that needs the transaction. Where a read failed, the steps and the handler
 * took the failure for an absence: whatever they return, the answer is the failure. */
static const struct rt_problem *run(struct rt_call *call, struct rt_txn *txn)
{
    const struct rt_problem *problem = run_steps(call, txn);
    call->failed = txn->failed;
    call->why = txn->why;
    if (!txn->failed)
        return problem;
    call->unpublished = NULL; /* it is not the reason */
    return txn->why ? &rt_problem_event : &rt_problem_internal;
}

/* ------------------------------------------------------------------ answers */

static void report_internal(const struct rt_call *call, int code)
{
    if (call->failed)
        code = call->failed;
    const struct rt_route *route = call->route;
    const char *service = call->dispatcher->owner->service->name;
    const char *reason = call->why ? call->why : code ? rt_err_name(code) : "its handler's result";
    if (call->unpublished)
        rt_report(RT_REPORT_ERROR, service, "unpublished",
                  "route %s (schema line %d) changed %s without an event that tells of it as it is",
                  route->name, route->line, call->unpublished);
    else
        rt_report(RT_REPORT_ERROR, service, "route_failed", "route %s (schema line %d): %s",
                  route->name, route->line, reason);
}

static void answer(struct rt_call *call, const struct rt_problem *problem, int code)
{
    call->problem = problem;
    if (problem == &rt_problem_internal || problem == &rt_problem_event)
        report_internal(call, code);
    if (problem == &rt_problem_overloaded)
        call->retry_after_ms = BUSY_RETRY_MS;
    rt_call_answer(call);
}

/* -------------------------------------------------------------- read, write */

static void read_now(struct rt_call *call)
{
    struct rt_txn txn;
    rt_store_read_begin(call->dispatcher->owner->store, call->ctx.arena, &txn);
    const struct rt_problem *problem = run(call, &txn);
    rt_store_read_end(&txn);
    answer(call, problem, 0);
}

static int write_run(struct rt_txn *txn, void *arg)
{
    struct rt_call *call = arg;
    call->problem = run(call, txn);
    return call->problem ? RT_ECONFLICT : 0;
}

static void write_done(void *arg, int status)
{
    struct rt_call *call = arg;
    struct rt_dispatcher *dispatcher = call->dispatcher;
    const struct rt_problem *problem = call->problem;
    if (status != 0 && !problem)
        problem = &rt_problem_internal;
    if (status == 0)
        rt_owner_committed(dispatcher->owner);
    answer(call, problem, status);
    if (status == RT_EIO)
        rt_owner_fail(dispatcher->owner, "a write", status);
}

static void write_later(struct rt_call *call)
{
    call->write = (struct rt_write){
        .run = write_run, .done = write_done, .arg = call, .arena = call->ctx.arena};
    int err = rt_store_write(call->dispatcher->owner->store, &call->write);
    if (err == RT_EAGAIN || err == RT_ECLOSED)
        answer(call, &rt_problem_overloaded, err);
    else if (err != 0)
        answer(call, &rt_problem_internal, err);
}

static void carry_on(struct rt_call *call)
{
    if (call->route->read)
        read_now(call);
    else
        write_later(call);
}

/* --------------------------------------------------------- work on the pool */

static void job_run(uv_work_t *work)
{
    struct rt_call *call = work->data;
    struct rt_txn txn;
    rt_store_read_begin(call->dispatcher->owner->store, call->ctx.arena, &txn);
    call->ctx.txn = &txn;
    call->request.work = call->route->work(&call->ctx, &call->request);
    call->failed = txn.failed;
    if (txn.failed)
        call->problem = &rt_problem_internal;
    rt_store_read_end(&txn);
    call->ctx.txn = NULL;
}

static void run_jobs(struct rt_dispatcher *dispatcher);

static void job_done(uv_work_t *work, int status)
{
    struct rt_call *call = work->data;
    struct rt_dispatcher *dispatcher = call->dispatcher;
    rt_jobs_done(&dispatcher->jobs);
    if (status != 0 || call->problem)
        answer(call, &rt_problem_internal, status);
    else
        carry_on(call);
    run_jobs(dispatcher);
}

static struct rt_call *call_of(struct rt_job *job)
{
    return (struct rt_call *)((char *)job - offsetof(struct rt_call, job));
}

static void run_jobs(struct rt_dispatcher *dispatcher)
{
    struct rt_job *job;
    while ((job = rt_jobs_next(&dispatcher->jobs)) != NULL) {
        struct rt_call *call = call_of(job);
        call->work.data = call;
        int err = uv_queue_work(dispatcher->owner->loop, &call->work, job_run, job_done);
        RT_ASSERT(err == 0);
    }
}

static void job_start(struct rt_call *call)
{
    struct rt_dispatcher *dispatcher = call->dispatcher;
    struct rt_str client = rt_str(rt_call_client(call)->group);
    struct rt_job *refused = &call->job;
    if (!dispatcher->owner->stopping)
        refused = rt_jobs_add(&dispatcher->jobs, &call->job,
                              (size_t)(call->route - dispatcher->owner->service->routes),
                              rt_hash(rt_str_bytes(client), dispatcher->rate_seed));
    if (refused)
        answer(call_of(refused), &rt_problem_overloaded, 0);
    run_jobs(dispatcher);
}

void rt_dispatcher_stop(struct rt_dispatcher *dispatcher)
{
    struct rt_job *job;
    while ((job = rt_jobs_drop(&dispatcher->jobs)) != NULL)
        answer(call_of(job), &rt_problem_overloaded, 0);
}

/* ------------------------------------------------------------------ routing */

static void reply_body(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange, int status,
                       const char *type, const struct rt_header *header)
{
    const struct rt_reply reply = {
        .status = status,
        .content_type = type,
        .body = rt_buf_bytes(&dispatcher->body),
        .headers = header,
        .n_headers = header ? 1 : 0,
    };
    rt_cors_reply(dispatcher->owner->service->cors, exchange, &reply);
}

static void reply_problem(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange,
                          const struct rt_problem *problem, const struct rt_header *header)
{
    rt_buf_clear(&dispatcher->body);
    rt_problem_write(problem, NULL, &dispatcher->body);
    reply_body(dispatcher, exchange, problem->status, RT_PROBLEM_TYPE, header);
}

/* Liveness and readiness, for the supervisor of the process; not part of the schema. */
static bool health(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange)
{
    bool live = rt_str_eq(exchange->path, RT_STR("/healthz"));
    if ((!live && !rt_str_eq(exchange->path, RT_STR("/readyz"))) ||
        (exchange->method != RT_GET && exchange->method != RT_HEAD))
        return false;
    rt_buf_clear(&dispatcher->body);
    struct rt_buf details = {0};
    bool ready = !live && dispatcher->owner->is_ready(dispatcher->owner->arg, &details);
    rt_buf_printf(&dispatcher->body, "{\"status\":\"%s\"", live || ready ? "ok" : "starting");
    rt_buf_append(&dispatcher->body, details.data, details.len);
    rt_buf_byte(&dispatcher->body, '}');
    rt_buf_done(&details);
    reply_body(dispatcher, exchange, live || ready ? 200 : 503, "application/json", NULL);
    return true;
}

/* A public record that is shown as it is stored: from its bytes to JSON, nothing in between.
 * False when there is none; the ordinary way says so then. */
static bool show_direct(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange,
                        const struct rt_route *route, struct rt_str id)
{
    if (exchange->query.len > 0 || id.len > ID_MAX ||
        rt_exchange_header(exchange, RT_STR("If-None-Match")).data)
        return false;
    struct rt_txn txn;
    rt_store_read_begin(dispatcher->owner->store, exchange->arena, &txn);
    struct rt_bytes record =
        rt_txn_get_bytes(&txn, route->subject, rt_arena_strndup(exchange->arena, id.data, id.len));
    rt_buf_clear(&dispatcher->body);
    bool shown = record.data && rt_json_from_pb(route->reply, record, &dispatcher->body) == 0;
    int64_t version = 0;
    if (shown && route->subject->version_field >= 0)
        shown = rt_record_version(route->subject, record, &version);
    rt_store_read_end(&txn);
    if (!shown)
        return false;
    char tag[RT_ETAG_MAX];
    struct rt_header etag = {RT_STR("ETag"), rt_etag(version, tag)};
    reply_body(dispatcher, exchange, route->status, "application/json", version > 0 ? &etag : NULL);
    return true;
}

static void start(struct rt_call *call)
{
    const struct rt_problem *problem = rt_call_origin(call);
    if (!problem)
        problem = rt_call_session(call);
    if (!problem)
        problem = rt_call_limit(call, false);
    if (!problem)
        problem = rt_call_input(call);
    if (!problem)
        problem = rt_call_limit(call, true);
    if (problem)
        answer(call, problem, 0);
    else if (call->route->work)
        job_start(call);
    else
        carry_on(call);
}

static void begin(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange,
                  const struct rt_route_match *match)
{
    const struct rt_route *route = &dispatcher->owner->service->routes[match->route];
    const struct rt_route_info *info = &dispatcher->routes[match->route];
    if (info->direct && show_direct(dispatcher, exchange, route, match->params[route->id_param]))
        return;
    struct rt_arena *arena = exchange->arena;
    struct rt_call *call = RT_ARENA_NEW(arena, struct rt_call);
    *call = (struct rt_call){
        .dispatcher = dispatcher, .exchange = exchange, .route = route, .info = info};
    call->ctx = (struct rt_ctx){.arena = arena, .now_ms = rt_clock_now_ms(), .call = call};
    const char **params = RT_ARENA_ARRAY(arena, match->n_params + 1, const char *);
    for (size_t i = 0; i < match->n_params; i++)
        params[i] = rt_arena_strndup(arena, match->params[i].data, match->params[i].len);
    call->request.params = params;
    start(call);
}

size_t rt_dispatch_body_max(const struct rt_dispatcher *dispatcher, enum rt_method method,
                            struct rt_str path, struct rt_arena *arena)
{
    struct rt_route_match match;
    if (rt_router_match(dispatcher->router, method, path, arena, &match) != RT_ROUTE_FOUND)
        return BODY_SPARE;
    return dispatcher->routes[match.route].body_max;
}

void rt_dispatch(struct rt_dispatcher *dispatcher, struct rt_exchange *exchange)
{
    if (health(dispatcher, exchange))
        return;
    struct rt_route_match match;
    switch (rt_router_match(dispatcher->router, exchange->method, exchange->path, exchange->arena,
                            &match)) {
    case RT_ROUTE_FOUND:
        begin(dispatcher, exchange, &match);
        return;
    case RT_ROUTE_NOT_METHOD: {
        uint32_t methods = match.allow | 1u << RT_OPTIONS;
        struct rt_header allow = {RT_STR("Allow"), rt_route_allow(methods, exchange->arena)};
        if (exchange->method == RT_OPTIONS) {
            rt_cors_options(dispatcher->owner->service->cors, exchange, allow.value);
            return;
        }
        reply_problem(dispatcher, exchange, &rt_problem_method, &allow);
        return;
    }
    case RT_ROUTE_BAD_PATH:
        reply_problem(dispatcher, exchange, &rt_problem_invalid, NULL);
        return;
    case RT_ROUTE_NOT_FOUND:
        reply_problem(dispatcher, exchange, &rt_problem_no_route, NULL);
        return;
    }
}

/* ---------------------------------------------------------------- lifecycle */

/* The model whose records a message is, by its descriptor: that of the record itself. */
static const struct rt_model *model_of(const struct rt_service *service,
                                       const struct rt_message *message)
{
    for (size_t i = 0; i < service->n_models && message; i++) {
        if (service->models[i]->message == message)
            return service->models[i];
    }
    return NULL;
}

static bool shows(const struct rt_route *route, const struct rt_model *model)
{
    const char *colon = strchr(route->path, ':');
    return route->method == RT_GET && route->subject == model && route->id_param == 0 &&
           !route->page && colon && !strchr(colon, '/');
}

/* What a valid body can take, with some white space in it. A route without one accepts a few
 * bytes that it does not read. */
static size_t body_max_of(const struct rt_route *route)
{
    size_t size = route->body ? rt_json_size_max(route->body) : 0;
    return size > (SIZE_MAX - BODY_SPARE) / 2 ? SIZE_MAX : 2 * size + BODY_SPARE;
}

static void routes_init(struct rt_dispatcher *dispatcher)
{
    const struct rt_service *service = dispatcher->owner->service;
    dispatcher->routes =
        RT_ARENA_ARRAY(dispatcher->owner->arena, service->n_routes + 1, struct rt_route_info);
    for (size_t i = 0; i < service->n_routes; i++) {
        const struct rt_route *route = &service->routes[i];
        struct rt_route_info *info = &dispatcher->routes[i];
        info->body_max = body_max_of(route);
        info->model = model_of(service, route->reply);
        if (!info->model)
            continue;
        if (info->model->version_field >= 0)
            info->version = &info->model->message->fields[info->model->version_field];
        for (size_t j = 0; j < service->n_routes && !info->show; j++) {
            if (shows(&service->routes[j], info->model))
                info->show = &service->routes[j];
        }
        info->direct = route->automatic == RT_AUTO_SHOW && route->access == RT_ACCESS_PUBLIC &&
                       route->read && route->subject == info->model && route->id_param == 0 &&
                       !route->key && !route->allow.steps && info->model->n_embeds == 0 &&
                       route->limit.count == 0 && !route->work;
    }
}

static int router_init(struct rt_dispatcher *dispatcher, struct rt_error *error)
{
    const struct rt_service *service = dispatcher->owner->service;
    struct rt_route_pattern *patterns =
        RT_ARENA_ARRAY(dispatcher->owner->arena, service->n_routes + 1, struct rt_route_pattern);
    for (size_t i = 0; i < service->n_routes; i++)
        patterns[i] = (struct rt_route_pattern){service->routes[i].method, service->routes[i].path};
    return rt_router_new(patterns, service->n_routes, &dispatcher->router, error);
}

/* Hashes are all computation: more of them at once than there are processors, or threads in libuv's
 * pool, would only make each of them slower. */
static size_t running_max(void)
{
    unsigned processors = uv_available_parallelism();
    return processors < RUNNING_MAX ? processors : RUNNING_MAX;
}

int rt_dispatcher_init(struct rt_dispatcher *dispatcher, struct rt_owner *owner,
                       const struct rt_options *options, struct rt_error *error)
{
    *dispatcher = (struct rt_dispatcher){.owner = owner, .options = options};
    rt_rate_init(&dispatcher->rate);
    rt_session_cache_init(&dispatcher->sessions);
    rt_random(&dispatcher->rate_seed, sizeof(dispatcher->rate_seed));
    routes_init(dispatcher);
    rt_jobs_init(&dispatcher->jobs, owner->service->n_routes, running_max(), owner->arena);
    int err = router_init(dispatcher, error);
    if (err == 0 && options->secret_file)
        err = rt_keys_load(options->secret_file, owner->arena, &dispatcher->keys, error);
    return err;
}

int rt_dispatcher_reload(struct rt_dispatcher *dispatcher, struct rt_error *error)
{
    if (!dispatcher->options->secret_file)
        return 0;
    int err = rt_keys_load(dispatcher->options->secret_file, dispatcher->owner->arena,
                           &dispatcher->keys, error);
    /* A token of a key that is gone is to be checked again. */
    if (err == 0)
        rt_session_cache_done(&dispatcher->sessions);
    return err;
}

void rt_dispatcher_done(struct rt_dispatcher *dispatcher)
{
    rt_router_free(dispatcher->router);
    rt_rate_done(&dispatcher->rate);
    rt_session_cache_done(&dispatcher->sessions);
    rt_buf_done(&dispatcher->body);
}
