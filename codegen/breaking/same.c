/* Counterparts in the other system, and how things are called in messages. */
#include "codegen/breaking/compare.h"

const struct ts_service *ts_same_service(const struct ts_model *model, const char *name)
{
    for (size_t i = 0; i < model->n_services; i++)
        if (strcmp(model->services[i]->name, name) == 0)
            return model->services[i];
    return NULL;
}

const struct ts_message *ts_same_message(const struct ts_model *model,
                                         const struct ts_message *message)
{
    const struct ts_service *service = ts_same_service(model, message->service->name);
    for (size_t i = 0; service && i < service->n_messages; i++)
        if (strcmp(service->messages[i]->name, message->name) == 0)
            return service->messages[i];
    return NULL;
}

const struct ts_message *ts_same_model(const struct ts_model *model,
                                       const struct ts_message *message)
{
    const struct ts_service *service = ts_same_service(model, message->service->name);
    for (size_t i = 0; service && i < service->n_messages; i++) {
        const char *before = service->messages[i]->renamed_from;
        if (before && strcmp(before, message->name) == 0)
            return service->messages[i];
    }
    return ts_same_message(model, message);
}

const struct ts_enum *ts_same_enum(const struct ts_model *model, const struct ts_enum *e)
{
    struct ts_enum **list = model->enums;
    size_t count = model->n_enums;
    if (e->service) {
        const struct ts_service *service = ts_same_service(model, e->service->name);
        list = service ? service->enums : NULL;
        count = service ? service->n_enums : 0;
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i]->name, e->name) == 0)
            return list[i];
    return NULL;
}

const struct ts_event *ts_same_event(const struct ts_model *model, const struct ts_event *event)
{
    const struct ts_service *service = ts_same_service(model, event->service->name);
    for (size_t i = 0; service && i < service->n_events; i++)
        if (strcmp(service->events[i]->name, event->name) == 0)
            return service->events[i];
    return NULL;
}

/* Parameters match whatever they are called. */
static bool same_path(const struct ts_route *a, const struct ts_route *b)
{
    if (a->method != b->method || a->n_segments != b->n_segments)
        return false;
    for (size_t i = 0; i < a->n_segments; i++) {
        const struct ts_segment *x = &a->segments[i], *y = &b->segments[i];
        if (!x->param != !y->param || (!x->param && strcmp(x->text, y->text) != 0))
            return false;
    }
    return true;
}

const struct ts_route *ts_same_route(const struct ts_model *model, const struct ts_route *route)
{
    for (size_t i = 0; i < model->n_services; i++)
        for (size_t k = 0; k < model->services[i]->n_routes; k++)
            if (same_path(model->services[i]->routes[k], route))
                return model->services[i]->routes[k];
    return NULL;
}

const struct ts_field *ts_field_numbered(const struct ts_message *message, uint32_t number)
{
    for (size_t i = 0; i < message->n_fields; i++)
        if (message->fields[i].number == number)
            return &message->fields[i];
    return NULL;
}

bool ts_number_is_reserved(const struct ts_message *message, uint32_t number)
{
    for (size_t i = 0; i < message->n_reserved; i++)
        if (message->reserved[i] == number)
            return true;
    return false;
}

const char *ts_message_words(struct rt_arena *arena, const struct ts_message *message)
{
    return rt_arena_printf(arena, "%s.%s", message->service->name, message->name);
}

const char *ts_route_words(struct rt_arena *arena, const struct ts_route *route)
{
    return rt_arena_printf(arena, "%s %s", ts_method_name(route->method), route->path);
}
