/* <svc>_listeners: handlers of events and timers, and the replicas kept from events. */
#include "codegen/emit/c/c.h"

/* --------------------------------------------------------------- prototypes */

static void put_listener_prototype(struct ts_c *c, struct ts_writer *w,
                                   const struct ts_listener *listener)
{
    const struct ts_event *event = listener->event;
    ts_set(w, "name", listener->name);
    ts_set(w, "E", ts_c_event(c, event));
    const char *text = rt_arena_printf(c->arena, "On %s.%s, %s%s.", event->service->name,
                                       event->name, ts_c_place(c, listener->span),
                                       ts_c_emits(c, listener->emits, listener->n_emits));
    ts_put(w, "");
    ts_comment(w, 0, ts_c_doc(c, listener->doc, text));
    ts_c_prototype(c, w, listener->span,
                   "enum rt_listened ${svc}_$name(struct rt_ctx *ctx, const struct $E *event);");
}

static void put_timer_prototype(struct ts_c *c, struct ts_writer *w, const struct ts_timer *timer)
{
    ts_set(w, "name", timer->name);
    ts_set(w, "model", ts_c_type(c, timer->model));
    ts_set(w, "noun", TS_C_NOUN(c, timer->model, "ctx"));
    const char *text = rt_arena_printf(
        c->arena, "Once the time in %s.%s has come, %s%s.", timer->model->name, timer->field->name,
        ts_c_place(c, timer->span), ts_c_emits(c, timer->emits, timer->n_emits));
    ts_put(w, "");
    ts_comment(w, 0, ts_c_doc(c, timer->doc, text));
    ts_c_prototype(c, w, timer->span,
                   "void ${svc}_$name(struct rt_ctx *ctx, struct $model *$noun);");
}

static void put_header(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    struct ts_writer w;
    struct ts_includes includes = {0};
    for (size_t i = 0; i < service->n_listeners; i++)
        ts_include_of(c, &includes, service->listeners[i]->event->service, "events");
    if (service->n_timers > 0 && ts_has_events(service))
        ts_include_of(c, &includes, service, "events");
    if (service->n_timers > 0 && ts_has_types(c->service))
        ts_include_of(c, &includes, service, "types");
    ts_include(c, &includes, "runtime/app/service.h");
    ts_c_header_begin(c, &w, "listeners",
                      "What runs without a request, each call in a transaction of its own. The "
                      "functions are written by hand; an event's effect and the note that it was "
                      "taken are stored together.");
    ts_includes_put(&w, &includes);
    ts_c_header_declare(&w);
    for (size_t i = 0; i < service->n_listeners; i++)
        put_listener_prototype(c, &w, service->listeners[i]);
    for (size_t i = 0; i < service->n_timers; i++)
        put_timer_prototype(c, &w, service->timers[i]);
    ts_put(&w, "");
    if (service->n_listeners > 0)
        ts_put(&w, "extern const struct rt_listener ${svc}_listeners[];");
    if (ts_replica_count(service) > 0)
        ts_put(&w, "extern const struct rt_replica ${svc}_replicas[];");
    if (service->n_timers > 0)
        ts_put(&w, "extern const struct rt_timer ${svc}_timers[];");
    ts_c_header_end(&w);
}

/* ------------------------------------------------------------------- tables */

/* The table of an event, static here: its service has one that publishes. */
static const char *event_name(struct ts_c *c, const struct ts_event *event)
{
    return ts_c_local(c, event, ts_c_event(c, event));
}

static void put_event_types(struct ts_c *c, struct ts_writer *w)
{
    for (size_t i = 0; i < c->service->n_consumes; i++) {
        const struct ts_event *event = c->service->consumes[i];
        const char *type = ts_c_event(c, event);
        ts_set(w, "E", type);
        ts_set(w, "EVENT", ts_upper(c, type));
        ts_set(w, "name", event->name);
        ts_set(w, "event", event_name(c, event));
        ts_put(w, "\n"
                  "static const struct rt_event_type $event = {\n"
                  "    .name = \"$name\",\n"
                  "    .subject = ${EVENT}_SUBJECT,\n"
                  "    .message = &${E}_message,");
        ts_put(w, ts_event_is_last(event) ? "    .last = true,\n};" : "};");
    }
}

static const char *adapter_name(struct ts_c *c, const struct ts_listener *listener)
{
    return ts_c_local(c, listener, rt_arena_join(c->arena, "on_", listener->name, NULL));
}

static const char *guard_name(struct ts_c *c, const struct ts_listener *listener)
{
    return ts_c_local(c, listener,
                      rt_arena_join(c->arena, "guard_", listener->name, "_where", NULL));
}

static void put_listeners(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    for (size_t i = 0; i < service->n_listeners; i++) {
        const struct ts_listener *listener = service->listeners[i];
        ts_set(w, "name", listener->name);
        ts_set(w, "on", adapter_name(c, listener));
        if (listener->condition) {
            ts_put(w, "");
            ts_put_expr(c, w, guard_name(c, listener), listener->condition);
        }
        ts_put(w, "\n"
                  "static enum rt_listened $on(struct rt_ctx *ctx, const void *event)\n"
                  "{\n"
                  "    return ${svc}_$name(ctx, event);\n"
                  "}");
    }
    if (service->n_listeners == 0)
        return;
    bool remarked = service->n_listeners <= TS_ROWS_WITHOUT_REMARK;
    ts_put(w, "\nconst struct rt_listener ${svc}_listeners[] = {");
    for (size_t i = 0; i < service->n_listeners; i++) {
        ts_set(w, "name", service->listeners[i]->name);
        ts_set(w, "on", adapter_name(c, service->listeners[i]));
        ts_set(w, "event", event_name(c, service->listeners[i]->event));
        if (!service->listeners[i]->condition) {
            ts_put(w, "    {.name = \"$name\", .event = &$event, .handle = $on},");
        } else {
            ts_set(w, "where", guard_name(c, service->listeners[i]));
            ts_put(w, "    {\n"
                      "        .name = \"$name\",\n"
                      "        .event = &$event,\n"
                      "        .where = RT_EXPR($where),\n"
                      "        .handle = $on,\n"
                      "    },");
        }
        remarked = remarked || ts_remark(w, "in schema order");
    }
    ts_put(w, "};");
}

static const char *sources_name(struct ts_c *c, const struct ts_message *replica)
{
    return ts_c_local(c, replica, rt_arena_join(c->arena, replica->c_name, "_sources", NULL));
}

static void put_replica_sources(struct ts_c *c, struct ts_writer *w)
{
    ts_put(w, "");
    for (size_t i = 0; i < c->service->n_messages; i++) {
        const struct ts_message *message = c->service->messages[i];
        if (message->kind != TS_REPLICA)
            continue;
        struct ts_item *items = RT_ARENA_ARRAY(c->arena, message->n_sources, struct ts_item);
        for (size_t k = 0; k < message->n_sources; k++)
            items[k] = (struct ts_item){
                rt_arena_printf(c->arena, "&%s", event_name(c, message->sources[k])),
                ts_quoted(c->arena, message->sources[k]->subject)};
        ts_set(w, "sources", sources_name(c, message));
        ts_list(w, "static const struct rt_event_type *const $sources[]", items,
                message->n_sources);
    }
}

static void put_replicas(struct ts_c *c, struct ts_writer *w)
{
    if (ts_replica_count(c->service) == 0)
        return;
    put_replica_sources(c, w);
    bool remarked = ts_replica_count(c->service) <= TS_ROWS_WITHOUT_REMARK;
    ts_put(w, "\nconst struct rt_replica ${svc}_replicas[] = {");
    for (size_t i = 0; i < c->service->n_messages; i++) {
        const struct ts_message *message = c->service->messages[i];
        if (message->kind != TS_REPLICA)
            continue;
        ts_set(w, "T", ts_c_type(c, message));
        ts_set(w, "sources", sources_name(c, message));
        ts_set_number(w, "count", message->n_sources);
        ts_put(w, "    {.model = &${T}_model, .events = $sources, .n_events = $count},");
        remarked = remarked || ts_remark(w, "in schema order");
    }
    ts_put(w, "};");
}

static const char *timer_name(struct ts_c *c, const struct ts_timer *timer)
{
    return ts_c_local(c, timer, rt_arena_join(c->arena, "at_", timer->name, NULL));
}

static void put_timers(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    for (size_t i = 0; i < service->n_timers; i++) {
        ts_set(w, "name", service->timers[i]->name);
        ts_set(w, "at", timer_name(c, service->timers[i]));
        ts_put(w, "\n"
                  "static void $at(struct rt_ctx *ctx, void *record)\n"
                  "{\n"
                  "    ${svc}_$name(ctx, record);\n"
                  "}");
    }
    if (service->n_timers == 0)
        return;
    ts_put(w, "\nconst struct rt_timer ${svc}_timers[] = {");
    for (size_t i = 0; i < service->n_timers; i++) {
        const struct ts_timer *timer = service->timers[i];
        ts_set(w, "name", timer->name);
        ts_set(w, "at", timer_name(c, timer));
        ts_set(w, "T", ts_c_type(c, timer->model));
        ts_set(w, "index", ts_c_index(c, timer->model, timer->name));
        ts_put(w, "    {\n"
                  "        .name = \"$name\",\n"
                  "        .model = &${T}_model,\n"
                  "        .index = &$index,\n"
                  "        .handle = $at,\n"
                  "    },");
    }
    ts_put(w, "};");
}

void ts_emit_listeners(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    struct ts_writer w;
    struct ts_includes includes = {0};
    if (!ts_has_listeners(service))
        return;
    put_header(c);
    ts_c_source_begin(c, &w, "listeners");
    for (size_t i = 0; i < service->n_consumes; i++)
        ts_include_of(c, &includes, service->consumes[i]->service, "events");
    if (ts_has_stores(service))
        ts_include_of(c, &includes, service, "store");
    ts_put(&w, "");
    ts_includes_put(&w, &includes);
    put_event_types(c, &w);
    put_listeners(c, &w);
    put_replicas(c, &w);
    put_timers(c, &w);
}
