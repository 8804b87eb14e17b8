#include "codegen/emit/emit.h"

#include "codegen/emit/c/emit_c.h"
#include "codegen/model/names.h"

/* A route's query parameters as the message ROUTEQuery, each field of it optional. */
static struct ts_message *query_message(struct rt_arena *arena, const struct ts_route *route)
{
    if (route->query_count == 0)
        return NULL;
    struct ts_message *query = RT_ARENA_NEW(arena, struct ts_message);
    query->kind = TS_PLAIN;
    query->name = rt_arena_printf(arena, "%sQuery", ts_name_pascal(arena, route->name));
    query->doc =
        rt_arena_printf(arena, "The query of %s %s.", ts_method_name(route->method), route->path);
    query->span = route->span;
    query->service = route->service;
    query->fields = RT_ARENA_ARRAY(arena, route->query_count, struct ts_field);
    query->field_count = route->query_count;
    for (size_t i = 0; i < route->query_count; i++) {
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

static void emit_service(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    c->queries = RT_ARENA_ARRAY(c->arena, service->route_count, struct ts_message *);
    for (size_t i = 0; i < service->route_count; i++)
        c->queries[i] = query_message(c->arena, service->routes[i]);
    ts_emit_enums(c);
    ts_emit_types(c);
    ts_emit_devices(c);
    ts_emit_stores(c);
    ts_emit_publish(c);
    ts_emit_routes(c);
    ts_emit_listeners(c);
    ts_emit_service(c);
}

void ts_emit_c(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer meson;
    rt_arena_init(&arena, 1 << 16);
    struct ts_c c = {.model = model, .output = output, .arena = &arena};
    ts_emit_enums(&c);
    ts_emit_meson(&c, &meson);
    for (size_t i = 0; i < model->service_count; i++) {
        struct rt_arena_mark mark = rt_arena_mark(&arena);
        c.service = model->services[i];
        emit_service(&c);
        ts_emit_meson(&c, &meson);
        rt_arena_rewind(&arena, mark);
    }
    rt_arena_done(&arena);
}

void ts_emit_all(const struct ts_model *model, struct ts_output *output)
{
    ts_emit_c(model, output);
    ts_emit_proto(model, output);
    ts_emit_nginx(model, output);
    ts_emit_services(model, output);
    ts_emit_schema(model, output);
}
