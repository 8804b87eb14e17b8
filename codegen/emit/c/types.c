/*
 * The structs and tables of a service's messages, in two pairs of files: <svc>_events has what
 * its events carry, which consumers include; <svc>_types has everything else.
 */
#include "codegen/emit/c/c.h"

/* Enums and events headers that the members of a message need. */
static void include_for(struct ts_c *c, struct ts_includes *includes,
                        const struct ts_message *message, bool shared)
{
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_type *type = &message->fields[i].type;
        if (type->kind == TS_ENUM)
            ts_include_of(c, includes, type->enumeration->service, "enums");
        if (type->kind == TS_MESSAGE && type->message->shared && !shared)
            ts_include_of(c, includes, type->message->service, "events");
    }
}

/* Calls `put` for the messages of one of the two pairs. */
static void each_message(struct ts_c *c, bool shared,
                         void (*put)(struct ts_c *c, const struct ts_message *message, void *arg),
                         void *arg)
{
    for (size_t i = 0; i < c->service->n_messages; i++)
        if (c->service->messages[i]->shared == shared)
            put(c, c->service->messages[i], arg);
    for (size_t i = 0; i < c->service->n_routes && !shared; i++)
        if (c->service->routes[i]->query)
            put(c, c->service->routes[i]->query, arg);
}

struct pair {
    struct ts_writer w;
    struct ts_includes includes;
    bool shared;
    bool rules;
};

static void look_at(struct ts_c *c, const struct ts_message *message, void *arg)
{
    struct pair *pair = arg;
    include_for(c, &pair->includes, message, pair->shared);
    pair->rules = pair->rules || message->n_rules > 0;
}

static void put_struct(struct ts_c *c, const struct ts_message *message, void *arg)
{
    struct pair *pair = arg;
    ts_emit_struct(c, &pair->w, message);
}

static void put_tables(struct ts_c *c, const struct ts_message *message, void *arg)
{
    struct pair *pair = arg;
    ts_emit_tables(c, &pair->w, message);
}

static void put_pair(struct ts_c *c, bool shared)
{
    struct pair pair = {.shared = shared};
    const char *suffix = shared ? "events" : "types";
    each_message(c, shared, look_at, &pair);
    ts_include(c, &pair.includes, "runtime/wire/message.h");
    const char *name = c->service->name;
    ts_c_header_begin(
        c, &pair.w, suffix,
        shared ? rt_arena_printf(c->arena, "What the events of service %s carry.", name)
               : rt_arena_printf(c->arena, "Messages of service %s that no event carries.", name));
    ts_includes_put(&pair.w, &pair.includes);
    ts_c_header_declare(&pair.w);
    each_message(c, shared, put_struct, &pair);
    ts_c_header_end(&pair.w);

    ts_c_source_begin(c, &pair.w, suffix);
    if (pair.rules)
        ts_put(&pair.w, "\n#include \"runtime/wire/expr.h\"");
    each_message(c, shared, put_tables, &pair);
}

void ts_emit_types(struct ts_c *c)
{
    if (ts_has_events(c->service))
        put_pair(c, true);
    if (ts_has_types(c->service))
        put_pair(c, false);
}
