/* What concerns the system as a whole: secrets, publishers, and the order of types. */
#include "codegen/check_impl.h"

/* -------------------------------------------------------------------- secrets */

/* A secret reached from a message, or NULL. */
static const struct ts_field *find_secret(const struct ts_message *message, unsigned depth)
{
    for (size_t i = 0; i < message->field_count; i++) {
        const struct ts_field *field = &message->fields[i];
        if (field->secret)
            return field;
        if (field->type.kind != TS_MESSAGE || depth == TS_LIMIT_ALIAS_DEPTH)
            continue;
        const struct ts_field *found = find_secret(field->type.message, depth + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

void ts_check_secrets(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->service_count; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t j = 0; j < service->route_count; j++) {
            const struct ts_route *route = service->routes[j];
            const struct ts_field *secret = route->reply ? find_secret(route->reply, 0) : NULL;
            if (secret == NULL)
                continue;
            ts_help(ts_label(ts_report(c->diags, TS_T_SECRET, route->span,
                                       "the reply of `%s` contains `%s`, which is secret",
                                       route->name, secret->name),
                             secret->span, "it is declared here"),
                    "reply with a view that leaves it out");
        }
    }
}

/* ----------------------------------------------------------------- publishers */

static void mark_published(struct ts_event *const *events, size_t count, const void *mark)
{
    for (size_t i = 0; i < count; i++)
        ts_symbol_of(events[i]->name)->owner = mark;
}

static bool is_consumed(const struct ts_model *model, const struct ts_event *event)
{
    for (size_t i = 0; i < model->service_count; i++)
        for (size_t j = 0; j < model->services[i]->consume_count; j++)
            if (model->services[i]->consumes[j] == event)
                return true;
    return model->session != NULL && model->session->revoked_by == event;
}

void ts_check_publishers(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->service_count; i++) {
        struct ts_service *service = c->model->services[i];
        c->stamped = NULL;
        for (size_t j = 0; j < service->route_count; j++)
            mark_published(service->routes[j]->emits, service->routes[j]->emit_count, service);
        for (size_t j = 0; j < service->listener_count; j++)
            mark_published(service->listeners[j]->emits, service->listeners[j]->emit_count,
                           service);
        for (size_t j = 0; j < service->timer_count; j++)
            mark_published(service->timers[j]->emits, service->timers[j]->emit_count, service);
        for (size_t j = 0; j < service->event_count; j++) {
            const struct ts_event *event = service->events[j];
            if (ts_symbol_of(event->name)->owner != service)
                ts_help(ts_report(c->diags, TS_T_NEVER_PUBLISHED, event->span,
                                  "nothing publishes event `%s`", event->name),
                        "add `emits %s` to the route, listener or timer that does", event->name);
            if (!is_consumed(c->model, event))
                ts_report(c->diags, TS_T_NEVER_HANDLED, event->span,
                          "no listener and no replica takes event `%s`", event->name);
        }
    }
}

/* -------------------------------------------------------------- order of types */

struct ordering {
    struct ts_checker *c;
    struct ts_message **messages;
    size_t count;
};

static void visit(struct ordering *ordering, struct ts_message *message, unsigned depth)
{
    struct ts_checked_message *checked = ts_checked(message);
    if (checked->order_state == TS_DONE)
        return;
    if (checked->order_state == TS_ACTIVE || depth > TS_LIMIT_NESTING) {
        if (checked->order_state == TS_ACTIVE)
            ts_note(ts_report(ordering->c->diags, TS_T_CYCLE, message->span, "`%s` contains itself",
                              message->name),
                    "a field of it, or of a message in it, is of this type again");
        else
            ts_report(ordering->c->diags, TS_T_TOO_DEEP, message->span,
                      "messages are nested more than %d deep here", TS_LIMIT_NESTING);
        checked->order_state = TS_DONE;
        return;
    }
    checked->order_state = TS_ACTIVE;
    for (size_t i = 0; i < message->field_count; i++) {
        const struct ts_type *type = &message->fields[i].type;
        if (type->kind == TS_MESSAGE && type->message->service == message->service)
            visit(ordering, type->message, depth + 1);
    }
    checked->order_state = TS_DONE;
    ordering->messages[ordering->count++] = message;
}

void ts_check_order(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->service_count; i++) {
        struct ts_service *service = c->model->services[i];
        struct ordering ordering = {
            c, RT_ARENA_ARRAY(c->arena, service->message_count + 1, struct ts_message *), 0};
        for (size_t j = 0; j < service->message_count; j++)
            visit(&ordering, service->messages[j], 0);
        service->messages = ordering.messages;
        service->message_count = ordering.count;
    }
}

/* --------------------------------------------------------------- shared types */

/* Depth is bounded: ts_check_order has refused what nests deeper. */
static void mark_shared(struct ts_message *message)
{
    if (message->shared)
        return;
    message->shared = true;
    for (size_t i = 0; i < message->field_count; i++) {
        const struct ts_type *type = &message->fields[i].type;
        if (type->kind == TS_MESSAGE)
            mark_shared(type->message);
        else if (type->kind == TS_ENUM)
            ((struct ts_enum *)(uintptr_t)type->enumeration)->shared = true;
    }
}

void ts_mark_shared(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->service_count; i++)
        for (size_t j = 0; j < c->model->services[i]->event_count; j++)
            mark_shared(c->model->services[i]->events[j]->message);
}
