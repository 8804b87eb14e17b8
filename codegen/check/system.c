/* What concerns the system as a whole: publishers, circles of events, and the order of types. */
#include "codegen/check/impl.h"

/* --------------------------------------------------------------- publishers */

static void mark_consumed(const struct ts_model *model)
{
    for (size_t i = 0; i < model->n_services; i++)
        for (size_t j = 0; j < model->services[i]->n_consumes; j++)
            ts_checked(model->services[i]->consumes[j]->message)->consumed = true;
    if (model->session && model->session->revoked_by)
        ts_checked(model->session->revoked_by->message)->consumed = true;
}

void ts_check_publishers(struct ts_checker *c)
{
    mark_consumed(c->model);
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t j = 0; j < service->n_events; j++) {
            const struct ts_event *event = service->events[j];
            const struct ts_checked_message *message = ts_checked(event->message);
            bool lost = ts_is_lost(c, ts_symbol_of(event->name));
            if (!message->emitted && !lost && !c->lost_emits)
                ts_help(ts_report(c->diags, TS_T_NEVER_PUBLISHED, event->span,
                                  "nothing publishes event `%s`", event->name),
                        "add `emits %s` to the route, listener or timer that does", event->name);
            if (!message->consumed && !lost)
                ts_report(c->diags, TS_T_NEVER_HANDLED, event->span,
                          "no listener and no replica takes event `%s`", event->name);
        }
    }
}

/* -------------------------------------------------------------- event loops */

/*
 * Events and the listeners between them are a graph; events that cause each other are a strongly
 * connected part of it, reported once however many ways lead around (R. Tarjan, Depth-first
 * search and linear graph algorithms, 1972). A listener with a `while` is a guard, so what it
 * publishes does not count. The walk has its own stack, since chains may be long.
 */
struct step {
    struct ts_checked_message *event;
    size_t listener; /* next to look at */
    size_t emit;     /* of that listener */
};

struct walk {
    struct ts_checker *c;
    struct step *steps;
    struct ts_checked_message **open; /* events whose part of the graph is not yet known */
    size_t n_steps;
    size_t open_count;
    uint32_t visited;
};

static bool leads_into(const struct ts_listener *listener, uint32_t part)
{
    for (size_t i = 0; i < listener->n_emits && !listener->condition; i++)
        if (ts_checked(listener->emits[i]->message)->loop_part == part)
            return true;
    return false;
}

/* Reports a part of the graph at its first listener, if any listener leads around in it. */
static void report_loop(struct walk *walk, struct ts_checked_message **events, size_t count)
{
    enum { LABELS_MAX = 8 };
    struct ts_diag *diag = NULL;
    unsigned labels = 0;
    uint32_t part = events[0]->loop_part;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < events[i]->n_listeners; k++) {
            const struct ts_listener *listener = events[i]->listeners[k];
            if (!leads_into(listener, part))
                continue;
            if (!diag)
                diag = ts_label(ts_report(walk->c->diags, TS_T_EVENT_LOOP, listener->span,
                                          "listener `%s` is part of a circle of events",
                                          listener->name),
                                events[i]->message.span, "it takes `%s`", events[i]->message.name);
            else if (labels++ < LABELS_MAX)
                ts_label(diag, listener->span, "so is `%s`, which takes `%s`", listener->name,
                         events[i]->message.name);
        }
    if (diag)
        ts_help(diag,
                "let one of them take only some events: `on EVENT NAME while FIELD == VALUE`");
}

static void enter(struct walk *walk, struct ts_checked_message *event)
{
    event->loop_state = TS_ACTIVE;
    event->loop_order = event->loop_part = ++walk->visited;
    walk->steps[walk->n_steps++] = (struct step){event, 0, 0};
    walk->open[walk->open_count++] = event;
}

/* All that the event leads to has been seen. */
static void leave(struct walk *walk)
{
    struct ts_checked_message *event = walk->steps[--walk->n_steps].event;
    if (walk->n_steps > 0) {
        struct ts_checked_message *before = walk->steps[walk->n_steps - 1].event;
        if (event->loop_part < before->loop_part)
            before->loop_part = event->loop_part;
    }
    if (event->loop_part != event->loop_order)
        return;
    size_t first = walk->open_count;
    do {
        first--;
        walk->open[first]->loop_part = event->loop_order;
        walk->open[first]->loop_state = TS_DONE;
    } while (walk->open[first] != event);
    report_loop(walk, &walk->open[first], walk->open_count - first);
    walk->open_count = first;
}

static void walk_events(struct walk *walk, struct ts_checked_message *start)
{
    enter(walk, start);
    while (walk->n_steps > 0) {
        struct step *top = &walk->steps[walk->n_steps - 1];
        if (top->listener == top->event->n_listeners) {
            leave(walk);
            continue;
        }
        const struct ts_listener *listener = top->event->listeners[top->listener];
        if (top->emit == listener->n_emits || listener->condition) {
            top->listener++;
            top->emit = 0;
            continue;
        }
        struct ts_checked_message *next = ts_checked(listener->emits[top->emit++]->message);
        if (next->loop_state == TS_NEW)
            enter(walk, next);
        else if (next->loop_state == TS_ACTIVE && next->loop_order < top->event->loop_part)
            top->event->loop_part = next->loop_order;
    }
}

void ts_check_event_loops(struct ts_checker *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->model->n_services; i++)
        count += c->model->services[i]->n_events;
    struct walk walk = {.c = c,
                        .steps = RT_ARENA_ARRAY(c->arena, count + 1, struct step),
                        .open = RT_ARENA_ARRAY(c->arena, count + 1, struct ts_checked_message *)};
    for (size_t i = 0; i < c->model->n_services; i++)
        for (size_t j = 0; j < c->model->services[i]->n_events; j++) {
            struct ts_message *message = c->model->services[i]->events[j]->message;
            if (ts_checked(message)->loop_state == TS_NEW)
                walk_events(&walk, ts_checked(message));
        }
}

/* ----------------------------------------------------------- order of types */

struct ordering {
    struct ts_checker *c;
    struct ts_message **messages;
    size_t count;
    bool impossible;
};

/* `via` is the field on the way to the message, NULL at its start. */
static void visit(struct ordering *ordering, struct ts_message *message, const struct ts_field *via,
                  unsigned depth)
{
    struct ts_checked_message *checked = ts_checked(message);
    if (checked->order_state == TS_DONE)
        return;
    if (checked->order_state == TS_ACTIVE || depth > TS_LIMIT_NESTING) {
        struct ts_span way = via ? via->span : message->span;
        if (checked->order_state == TS_ACTIVE)
            ts_label(ts_note(ts_report(ordering->c->diags, TS_T_CYCLE, message->span,
                                       "`%s` contains itself", message->name),
                             "a field of it, or of a message in it, is of this type again"),
                     way, "this one");
        else
            ts_label(ts_report(ordering->c->diags, TS_T_TOO_DEEP, message->span,
                               "messages are nested more than %d deep here", TS_LIMIT_NESTING),
                     way, "by way of this one");
        ordering->impossible = true;
        checked->order_state = TS_DONE;
        return;
    }
    checked->order_state = TS_ACTIVE;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_type *type = &message->fields[i].type;
        if (type->kind == TS_MESSAGE && type->message->service == message->service)
            visit(ordering, type->message, &message->fields[i], depth + 1);
    }
    checked->order_state = TS_DONE;
    ordering->messages[ordering->count++] = message;
}

bool ts_check_order(struct ts_checker *c)
{
    bool possible = true;
    for (size_t i = 0; i < c->model->n_services; i++) {
        struct ts_service *service = c->model->services[i];
        struct ordering ordering = {
            .c = c,
            .messages = RT_ARENA_ARRAY(c->arena, service->n_messages + 1, struct ts_message *)};
        for (size_t j = 0; j < service->n_messages; j++)
            visit(&ordering, service->messages[j], NULL, 0);
        service->messages = ordering.messages;
        service->n_messages = ordering.count;
        possible = possible && !ordering.impossible;
    }
    return possible;
}

/* ------------------------------------------------------------- shared types */

/* Depth is bounded: ts_check_order has refused what nests deeper. */
static void mark_shared(struct ts_message *message)
{
    if (message->shared)
        return;
    message->shared = true;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_type *type = &message->fields[i].type;
        if (type->kind == TS_MESSAGE)
            mark_shared(type->message);
        else if (type->kind == TS_ENUM)
            ((struct ts_enum *)(uintptr_t)type->enumeration)->shared = true;
    }
}

void ts_mark_shared(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++)
        for (size_t j = 0; j < c->model->services[i]->n_events; j++)
            mark_shared(c->model->services[i]->events[j]->message);
}
