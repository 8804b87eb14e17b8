#include "codegen/model/emitted.h"

#include "codegen/model/names.h"

static const char *join(struct rt_arena *arena, const char *prefix, const char *name)
{
    size_t prefix_len = strlen(prefix);
    size_t name_len = strlen(name);
    char *out = rt_arena_alloc(arena, prefix_len + name_len + 2);
    memcpy(out, prefix, prefix_len);
    out[prefix_len] = '_';
    memcpy(out + prefix_len + 1, name, name_len + 1);
    return out;
}

const char *ts_accessor_name(struct rt_arena *arena, const struct ts_index *index)
{
    bool says_by = strncmp(index->name, "by_", 3) == 0 || strstr(index->name, "_by_") != NULL;
    return says_by ? index->name : rt_arena_join(arena, "by_", index->name, NULL);
}

const char *ts_setting_member(struct rt_arena *arena, const struct ts_setting *setting)
{
    return setting->type.kind == TS_DURATION ? join(arena, setting->name, "ms") : setting->name;
}

/* ------------------------------------------------------------------- owners */

struct owners {
    struct rt_arena *arena;
    ts_owner_fn *fn;
    void *context;
    const struct ts_service *service;
};

static void tell(struct owners *o, enum ts_owner_kind kind, const char *c_name, const char *name,
                 struct ts_span span, const void *thing)
{
    const char *prefix = o->service ? o->service->name : NULL;
    struct ts_owner owner = {
        .kind = kind,
        .base = prefix && c_name ? join(o->arena, prefix, c_name)
                : prefix         ? prefix
                                 : c_name,
        .name = name,
        .span = span,
        .service = o->service,
        .thing = thing,
    };
    o->fn(o->context, &owner);
}

static void tell_message(struct owners *o, enum ts_owner_kind kind,
                         const struct ts_message *message, const char *name)
{
    tell(o, kind, message->c_name, name, message->span, message);
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        if (field->type.shape == TS_MAP)
            tell(o, TS_OWNER_ENTRY,
                 rt_arena_join(o->arena, message->c_name, "_", field->name, "_entry", NULL),
                 field->name, field->span, field);
    }
}

static void tell_service(struct owners *o, const struct ts_service *service)
{
    o->service = service;
    tell(o, TS_OWNER_SERVICE, NULL, service->name, service->span, service);
    for (size_t i = 0; i < service->n_enums; i++)
        tell(o, TS_OWNER_ENUM, service->enums[i]->c_name, service->enums[i]->name,
             service->enums[i]->span, service->enums[i]);
    for (size_t i = 0; i < service->n_messages; i++)
        tell_message(o, TS_OWNER_MESSAGE, service->messages[i], service->messages[i]->name);
    for (size_t i = 0; i < service->n_events; i++)
        tell(o, TS_OWNER_PUBLISH, join(o->arena, "publish", service->events[i]->message->c_name),
             service->events[i]->name, service->events[i]->span, service->events[i]);
    for (size_t i = 0; i < service->n_routes; i++) {
        const struct ts_route *route = service->routes[i];
        tell(o, TS_OWNER_ROUTE, route->name, route->name, route->span, route);
        if (route->query != NULL)
            tell_message(o, TS_OWNER_QUERY, route->query, route->name);
    }
    for (size_t i = 0; i < service->n_listeners; i++)
        tell(o, TS_OWNER_LISTENER, service->listeners[i]->name, service->listeners[i]->name,
             service->listeners[i]->span, NULL);
    for (size_t i = 0; i < service->n_timers; i++)
        tell(o, TS_OWNER_TIMER, service->timers[i]->name, service->timers[i]->name,
             service->timers[i]->span, NULL);
}

void ts_each_owner(const struct ts_model *model, struct rt_arena *arena, ts_owner_fn *fn,
                   void *context)
{
    struct owners o = {arena, fn, context, NULL};
    tell(&o, TS_OWNER_SCHEMA, model->name, model->name, model->span, model);
    for (size_t i = 0; i < model->n_enums; i++)
        tell(&o, TS_OWNER_ENUM, join(arena, model->name, model->enums[i]->c_name),
             model->enums[i]->name, model->enums[i]->span, model->enums[i]);
    for (size_t i = 0; i < model->n_services; i++)
        tell_service(&o, model->services[i]);
}

/* -------------------------------------------------------------------- names */

struct names {
    struct rt_arena *arena;
    ts_emitted_fn *fn;
    void *context;
    const struct ts_owner *owner;
};

static void say(struct names *n, enum ts_name_space space, const char *name, struct ts_span span,
                const char *of)
{
    struct ts_emitted emitted = {space, name, n->owner, span, of};
    n->fn(n->context, &emitted);
}

/* The base, with one of these behind it; "" is the base itself. */
struct suffix {
    enum ts_name_space space;
    const char *text;
};

static void say_all(struct names *n, const char *base, const struct suffix *suffixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(n, suffixes[i].space, *suffixes[i].text ? join(n->arena, base, suffixes[i].text) : base,
            n->owner->span, NULL);
}

#define SAY_ALL(n, base, suffixes)                                                                 \
    say_all((n), (base), (suffixes), sizeof(suffixes) / sizeof *(suffixes))

static const char *upper(struct names *n, const char *base, const char *name)
{
    return ts_name_upper(n->arena, join(n->arena, base, name));
}

static void say_part(struct names *n, enum ts_name_space space, const char *name,
                     struct ts_span span, const char *what, const char *part)
{
    say(n, space, name, span, rt_arena_join(n->arena, what, " `", part, "`", NULL));
}

static void say_stored(struct names *n, const struct ts_message *model)
{
    static const struct suffix both[] = {
        {TS_NAME_ORDINARY, "model"},
        {TS_NAME_ORDINARY, "get"},
        {TS_NAME_ORDINARY, "list"},
        {TS_NAME_ORDINARY, "indexes"},
    };
    static const struct suffix owned[] = {
        {TS_NAME_ORDINARY, "create"},
        {TS_NAME_ORDINARY, "update"},
        {TS_NAME_ORDINARY, "delete"},
    };
    const char *base = n->owner->base;
    SAY_ALL(n, base, both);
    if (model->kind == TS_MODEL)
        SAY_ALL(n, base, owned);
    for (size_t i = 0; i < model->n_fields; i++)
        say_part(n, TS_NAME_ORDINARY,
                 upper(n, join(n->arena, base, "field"), model->fields[i].name),
                 model->fields[i].span, "field", model->fields[i].name);
    for (size_t i = 0; i < model->n_indexes; i++) {
        const struct ts_index *index = &model->indexes[i];
        const char *accessor = ts_accessor_name(n->arena, index);
        say_part(n, TS_NAME_ORDINARY, upper(n, base, index->name), index->span, "index",
                 index->name);
        say_part(n, TS_NAME_ORDINARY,
                 join(n->arena, index->unique ? base : join(n->arena, base, "list"), accessor),
                 index->span, "index", index->name);
    }
    for (size_t i = 0; i < model->n_timers; i++)
        say_part(n, TS_NAME_ORDINARY, upper(n, base, model->timers[i]->name),
                 model->timers[i]->span, "timer", model->timers[i]->name);
}

static void say_device(struct names *n, const struct ts_message *message)
{
    static const struct suffix device[] = {{TS_NAME_TAG, "device"},
                                           {TS_NAME_ORDINARY, "device_msg"}};
    static const struct suffix entry[] = {{TS_NAME_TAG, ""}, {TS_NAME_ORDINARY, "msg"}};
    const char *base = n->owner->base;
    SAY_ALL(n, base, device);
    say(n, TS_NAME_ORDINARY, upper(n, base, "device_bytes_max"), n->owner->span, NULL);
    for (size_t i = 0; i < message->n_fields; i++)
        if (message->fields[i].type.shape == TS_MAP)
            SAY_ALL(
                n,
                rt_arena_join(n->arena, base, "_device_", message->fields[i].name, "_entry", NULL),
                entry);
}

static void say_message(struct names *n, const struct ts_message *message)
{
    static const struct suffix all[] = {
        {TS_NAME_TAG, ""}, {TS_NAME_ORDINARY, "message"}, {TS_NAME_ORDINARY, "fields"}};
    const char *base = n->owner->base;
    SAY_ALL(n, base, all);
    say(n, TS_NAME_ORDINARY, upper(n, base, "init"), n->owner->span, NULL);
    if (message->kind == TS_EVENT) {
        say(n, TS_NAME_ORDINARY, upper(n, base, "subject"), n->owner->span, NULL);
        say(n, TS_NAME_ORDINARY, join(n->arena, base, "event"), n->owner->span, NULL);
    }
    if (ts_message_is_stored(message))
        say_stored(n, message);
    if (message->bounded)
        say_device(n, message);
}

static void say_enum(struct names *n, const struct ts_enum *e)
{
    static const struct suffix all[] = {{TS_NAME_TAG, ""}, {TS_NAME_ORDINARY, "enum"}};
    SAY_ALL(n, n->owner->base, all);
    /* What protobuf calls the number 0. */
    say(n, TS_NAME_ORDINARY, upper(n, n->owner->base, "unspecified"), n->owner->span,
        "the number 0 in .proto");
    for (size_t i = 0; i < e->n_values; i++)
        say_part(n, TS_NAME_ORDINARY, upper(n, n->owner->base, e->values[i].name),
                 e->values[i].span, "value", e->values[i].name);
}

static void say_route(struct names *n, const struct ts_route *route)
{
    static const struct suffix all[] = {{TS_NAME_ORDINARY, ""}, {TS_NAME_TAG, "result"}};
    static const struct suffix work[] = {{TS_NAME_TAG, "work"}, {TS_NAME_ORDINARY, "work"}};
    const char *base = n->owner->base;
    if (route->automatic != TS_AUTO_NONE)
        return;
    SAY_ALL(n, base, all);
    if (route->work)
        SAY_ALL(n, base, work);
    say(n, TS_NAME_ORDINARY, upper(n, base, "ok"), n->owner->span, "the result OK");
    for (size_t i = 0; i < route->n_errors; i++)
        say_part(n, TS_NAME_ORDINARY, upper(n, base, route->errors[i]->name), n->owner->span,
                 "error", route->errors[i]->name);
}

static void say_service(struct names *n)
{
    static const struct suffix all[] = {
        {TS_NAME_ORDINARY, "service"},  {TS_NAME_ORDINARY, "routes"},
        {TS_NAME_ORDINARY, "settings"}, {TS_NAME_ORDINARY, "listeners"},
        {TS_NAME_ORDINARY, "replicas"}, {TS_NAME_ORDINARY, "timers"},
        {TS_NAME_TAG, "settings"},
    };
    static const char *const files[] = {"enums",   "events", "types",     "device", "store",
                                        "publish", "routes", "listeners", "service"};
    const char *base = n->owner->base;
    SAY_ALL(n, base, all);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        say(n, TS_NAME_ORDINARY, upper(n, join(n->arena, base, files[i]), "h"), n->owner->span,
            rt_arena_join(n->arena, "the file ", base, "_", files[i], ".h", NULL));
    static const struct suffix build[] = {
        {TS_NAME_BUILD, ""}, {TS_NAME_BUILD, "lib"}, {TS_NAME_BUILD, "main"}};
    SAY_ALL(n, join(n->arena, n->owner->service->model->name, base), build);
}

static void say_schema(struct names *n)
{
    static const struct suffix all[] = {
        {TS_NAME_BUILD, "inc"},    {TS_NAME_BUILD, "events"},     {TS_NAME_BUILD, "events_lib"},
        {TS_NAME_BUILD, "device"}, {TS_NAME_BUILD, "device_lib"},
    };
    SAY_ALL(n, n->owner->base, all);
    say(n, TS_NAME_ORDINARY, upper(n, n->owner->base, "common_enums_h"), n->owner->span,
        "the file of shared enums");
}

void ts_each_name(const struct ts_owner *owner, struct rt_arena *arena, ts_emitted_fn *fn,
                  void *context)
{
    static const struct suffix entry[] = {
        {TS_NAME_TAG, ""}, {TS_NAME_ORDINARY, "message"}, {TS_NAME_ORDINARY, "fields"}};
    struct names n = {arena, fn, context, owner};
    switch (owner->kind) {
    case TS_OWNER_SCHEMA:
        say_schema(&n);
        break;
    case TS_OWNER_SERVICE:
        say_service(&n);
        break;
    case TS_OWNER_MESSAGE:
    case TS_OWNER_QUERY:
        say_message(&n, owner->thing);
        break;
    case TS_OWNER_ENTRY:
        SAY_ALL(&n, owner->base, entry);
        break;
    case TS_OWNER_ENUM:
        say_enum(&n, owner->thing);
        break;
    case TS_OWNER_ROUTE:
        say_route(&n, owner->thing);
        break;
    case TS_OWNER_PUBLISH:
    case TS_OWNER_LISTENER:
    case TS_OWNER_TIMER:
        say(&n, TS_NAME_ORDINARY, owner->base, owner->span, NULL);
        break;
    }
}
