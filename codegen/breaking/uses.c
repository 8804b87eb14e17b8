/* Dependents of a message or an enum of the old system. */
#include <stdlib.h>

#include "codegen/breaking/compare.h"

enum { HITS_SHOWN = 6 };

/* ------------------------------------------------------------------ finding */

static int by_address(const void *a, const void *b)
{
    const char *x = ((const struct ts_used *)a)->what, *y = ((const struct ts_used *)b)->what;
    return (x > y) - (x < y);
}

static struct ts_used *find(const struct ts_comparison *c, const void *what)
{
    struct ts_used key = {.what = what};
    return bsearch(&key, c->used, c->n_used, sizeof key, by_address);
}

/* Appends to one of the lists of a struct ts_used, unless it is there. */
#define ADD(arena, used, list, n, cap, value)                                                      \
    do {                                                                                           \
        if ((used)->n > 0 && (used)->list[(used)->n - 1] == (value))                               \
            break;                                                                                 \
        if ((used)->n == (used)->cap) {                                                            \
            size_t more = (used)->cap ? 2 * (used)->cap : 4;                                       \
            void *bigger = rt_arena_array((arena), more, sizeof *(used)->list);                    \
            if ((used)->n > 0)                                                                     \
                memcpy(bigger, (used)->list, (used)->n * sizeof *(used)->list);                    \
            (used)->list = bigger;                                                                 \
            (used)->cap = more;                                                                    \
        }                                                                                          \
        (used)->list[(used)->n++] = (value);                                                       \
    } while (0)

/* The start of a walk: one of the three. */
struct user {
    enum ts_use use;
    const struct ts_route *route;
    const struct ts_event *event;
    const struct ts_message *model;
};

static bool note_use(struct ts_comparison *c, const void *what, const struct user *user)
{
    struct ts_used *used = find(c, what);
    if (!used)
        return true;
    bool known = (used->uses & user->use) != 0;
    used->uses |= user->use;
    if (user->route) {
        known = known && used->n_routes > 0 && used->routes[used->n_routes - 1] == user->route;
        ADD(c->arena, used, routes, n_routes, routes_cap, user->route);
    } else if (user->event) {
        known = known && used->n_events > 0 && used->events[used->n_events - 1] == user->event;
        ADD(c->arena, used, events, n_events, events_cap, user->event);
    } else {
        known = known && used->n_models > 0 && used->models[used->n_models - 1] == user->model;
        ADD(c->arena, used, models, n_models, models_cap, user->model);
    }
    return known;
}

/* Recursion: a message is made of messages, at most 64 deep. */
static void walk(struct ts_comparison *c, const struct ts_message *message, const struct user *user)
{
    if (!message || note_use(c, message, user))
        return;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        bool stub = user->use == TS_USE_STORED && field->embed; /* stored by its id alone */
        if (field->type.kind == TS_ENUM)
            note_use(c, field->type.enumeration, user);
        else if (field->type.kind == TS_MESSAGE && !stub)
            walk(c, field->type.message, user);
    }
}

static void collect(struct ts_comparison *c)
{
    size_t count = c->old->n_enums;
    for (size_t i = 0; i < c->old->n_services; i++)
        count += c->old->services[i]->n_messages + c->old->services[i]->n_enums;
    c->used = RT_ARENA_ARRAY(c->arena, count + 1, struct ts_used);
    for (size_t i = 0; i < c->old->n_enums; i++)
        c->used[c->n_used++].what = c->old->enums[i];
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_messages; k++)
            c->used[c->n_used++].what = service->messages[k];
        for (size_t k = 0; k < service->n_enums; k++)
            c->used[c->n_used++].what = service->enums[k];
    }
    qsort(c->used, c->n_used, sizeof *c->used, by_address);
}

void ts_uses_find(struct ts_comparison *c)
{
    collect(c);
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_routes; k++) {
            const struct ts_route *route = service->routes[k];
            walk(c, route->body, &(struct user){.use = TS_USE_REQUEST, .route = route});
            walk(c, route->reply, &(struct user){.use = TS_USE_REPLY, .route = route});
        }
        for (size_t k = 0; k < service->n_events; k++)
            walk(c, service->events[k]->message,
                 &(struct user){.use = TS_USE_EVENT, .event = service->events[k]});
        for (size_t k = 0; k < service->n_messages; k++)
            if (ts_message_is_stored(service->messages[k]))
                walk(c, service->messages[k],
                     &(struct user){.use = TS_USE_STORED, .model = service->messages[k]});
    }
}

const struct ts_used *ts_uses_of(const struct ts_comparison *c, const void *what)
{
    static const struct ts_used nobody = {0};
    const struct ts_used *used = find(c, what);
    return used ? used : &nobody;
}

/* ------------------------------------------------------------------- naming */

/* A list in words, cut when it gets long. */
struct list {
    struct rt_arena *arena;
    const char *text;
    size_t count;
};

static void list_add(struct list *list, const char *item)
{
    if (list->count++ < HITS_SHOWN)
        list->text = list->text ? rt_arena_join(list->arena, list->text, ", ", item, NULL) : item;
}

static void list_note(const struct list *list, struct ts_diag *diag, const char *what)
{
    if (list->count > HITS_SHOWN)
        ts_note(diag, "%s: %s and %zu more", what, list->text, list->count - HITS_SHOWN);
    else if (list->count > 0)
        ts_note(diag, "%s: %s", what, list->text);
}

static bool has_event(struct ts_event *const *events, size_t count, const struct ts_event *event)
{
    for (size_t i = 0; i < count; i++)
        if (events[i] == event)
            return true;
    return false;
}

static void list_consumers(struct ts_comparison *c, struct list *list, const struct ts_event *event)
{
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_listeners; k++)
            if (service->listeners[k]->event == event)
                list_add(list, rt_arena_printf(c->arena, "listener %s.%s", service->name,
                                               service->listeners[k]->name));
        for (size_t k = 0; k < service->n_messages; k++)
            if (has_event(service->messages[k]->sources, service->messages[k]->n_sources, event))
                list_add(list, rt_arena_printf(c->arena, "replica %s",
                                               ts_message_words(c->arena, service->messages[k])));
    }
}

struct ts_diag *ts_note_consumers(struct ts_comparison *c, struct ts_diag *diag,
                                  const struct ts_event *event)
{
    struct list list = {.arena = c->arena};
    list_consumers(c, &list, event);
    list_note(&list, diag, "hit");
    return diag;
}

struct ts_diag *ts_note_hits(struct ts_comparison *c, struct ts_diag *diag, const void *what,
                             unsigned mask)
{
    const struct ts_used *used = ts_uses_of(c, what);
    struct list list = {.arena = c->arena};
    if (mask & (TS_USE_REQUEST | TS_USE_REPLY))
        for (size_t i = 0; i < used->n_routes; i++)
            list_add(&list, ts_route_words(c->arena, used->routes[i]));
    for (size_t i = 0; (mask & TS_USE_EVENT) && i < used->n_events; i++) {
        list_add(&list, rt_arena_printf(c->arena, "event \"%s\"", used->events[i]->subject));
        list_consumers(c, &list, used->events[i]);
    }
    for (size_t i = 0; (mask & TS_USE_STORED) && i < used->n_models; i++)
        list_add(&list, rt_arena_printf(c->arena, "records of %s",
                                        ts_message_words(c->arena, used->models[i])));
    list_note(&list, diag, "hit");
    return diag;
}
