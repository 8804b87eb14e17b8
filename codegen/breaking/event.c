/* Events: those in the channel were written under the old schema, and for a while producers and
 * consumers of both run. */
#include "codegen/breaking/compare.h"

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

#define REPORT(c, code, event, old, now, ...)                                                      \
    ts_note_consumers((c),                                                                         \
                      ts_label(ts_report((c)->diags, (code), (now)->span, __VA_ARGS__),            \
                               (old)->span, "it was this"),                                        \
                      (event))

static void compare_constraints(struct ts_comparison *c, const struct ts_event *event,
                                const struct ts_field *old, const struct ts_field *now)
{
    const char *tighter = ts_type_tighter(c->arena, &old->type, &now->type);
    const char *looser = ts_type_tighter(c->arena, &now->type, &old->type);
    if (tighter) {
        REPORT(c, TS_T_EVENT_TIGHTER, event, old, now,
               "events on their way may have a `%s` that is refused now: %s", now->name, tighter);
        ts_order_consumers(c, event, false, TS_T_EVENT_TIGHTER);
    }
    if (looser) {
        REPORT(c, TS_T_EVENT_LOOSER, event, old, now,
               "consumers of today refuse a `%s` that is allowed now", now->name);
        ts_order_consumers(c, event, true, TS_T_EVENT_LOOSER);
    }
    if (old->type.optional && !now->type.optional) {
        REPORT(c, TS_T_EVENT_FIELD_REQUIRED, event, old, now,
               "events on their way may lack `%s`, which is required now", now->name);
        ts_order_consumers(c, event, false, TS_T_EVENT_FIELD_REQUIRED);
    }
    if (!old->type.optional && now->type.optional && now->type.shape == TS_ONE) {
        REPORT(c, TS_T_EVENT_NOW_OPTIONAL, event, old, now,
               "consumers of today refuse an event without `%s`", now->name);
        ts_order_consumers(c, event, true, TS_T_EVENT_NOW_OPTIONAL);
    }
}

static void compare_field(struct ts_comparison *c, const struct ts_event *event,
                          const struct ts_field *old, const struct ts_message *payload)
{
    const struct ts_field *now = ts_field_numbered(payload, old->number);
    const struct ts_field *namesake = ts_message_field(payload, old->name);
    if (namesake && namesake->number != old->number) {
        REPORT(c, TS_T_EVENT_FIELD_TYPE, event, old, namesake, "`%s` has another number, %u before",
               old->name, old->number);
    } else if (!now) {
        ts_note_consumers(
            c,
            ts_label(ts_report(c->diags, TS_T_EVENT_FIELD_GONE, old->span,
                               "\"%s\" has no `%s` any more", event->subject, old->name),
                     payload->span, "not in this any more"),
            event);
        ts_order_consumers(c, event, true, TS_T_EVENT_FIELD_GONE);
    } else if (ts_type_compare(&old->type, &now->type) != TS_TYPE_SAME) {
        REPORT(c, TS_T_EVENT_FIELD_TYPE, event, old, now, "`%s` is a %s, a %s before", now->name,
               ts_type_words(c->arena, &now->type), ts_type_words(c->arena, &old->type));
    } else {
        compare_constraints(c, event, old, now);
    }
}

/* Payloads, and what is nested in them. Recursion: as deep as picks are. */
static void compare_payload(struct ts_comparison *c, const struct ts_event *event,
                            const struct ts_message *old, const struct ts_message *now)
{
    for (size_t i = 0; i < old->n_fields; i++)
        compare_field(c, event, &old->fields[i], now);
    for (size_t i = 0; i < now->n_fields; i++) {
        const struct ts_field *field = &now->fields[i];
        const struct ts_field *was = ts_field_numbered(old, field->number);
        if (was && was->type.kind == TS_MESSAGE && field->type.kind == TS_MESSAGE)
            compare_payload(c, event, was->type.message, field->type.message);
        if (was || ts_message_field(old, field->name) || field->type.optional ||
            field->type.shape != TS_ONE)
            continue;
        ts_note_consumers(c,
                          ts_report(c->diags, TS_T_EVENT_FIELD_REQUIRED, field->span,
                                    "events on their way lack the new `%s`, which is required",
                                    field->name),
                          event);
        ts_order_consumers(c, event, false, TS_T_EVENT_FIELD_REQUIRED);
    }
}

static void compare_event(struct ts_comparison *c, const struct ts_event *old)
{
    const struct ts_event *now = ts_same_event(c->now, old);
    if (!now) {
        ts_note_consumers(c,
                          ts_report(c->diags, TS_T_EVENT_GONE, old->span, "the event %s.%s is gone",
                                    old->service->name, old->name),
                          old);
        ts_order_consumers(c, old, true, TS_T_EVENT_GONE);
        return;
    }
    if (!same_text(old->subject, now->subject))
        REPORT(c, TS_T_EVENT_SUBJECT, old, old, now, "the subject is \"%s\", \"%s\" before",
               now->subject, old->subject);
    if (!same_text(old->model->name, now->model->name))
        REPORT(c, TS_T_EVENT_MODEL, old, old, now, "it tells of %s, of %s before", now->model->name,
               old->model->name);
    else if (old->key->number != now->key->number)
        REPORT(c, TS_T_EVENT_KEY, old, old, now, "it is keyed by `%s`, by `%s` before",
               now->key->name, old->key->name);
    compare_payload(c, old, old->message, now->message);
}

/* ---------------------------------------------------------------- consumers */

static void compare_replica(struct ts_comparison *c, const struct ts_message *old)
{
    const struct ts_message *now = ts_same_message(c->now, old);
    for (size_t i = 0; now && now->kind == TS_REPLICA && i < now->n_fields; i++)
        if (!ts_field_numbered(old, now->fields[i].number))
            ts_report(c->diags, TS_T_REPLICA_FIELD_NEW, now->fields[i].span,
                      "copies of today lack `%s` until their record changes", now->fields[i].name);
}

static const struct ts_listener *same_listener(const struct ts_service *service, const char *name)
{
    for (size_t i = 0; service && i < service->n_listeners; i++)
        if (same_text(service->listeners[i]->name, name))
            return service->listeners[i];
    return NULL;
}

static void compare_listeners(struct ts_comparison *c, const struct ts_service *old)
{
    const struct ts_service *service = ts_same_service(c->now, old->name);
    for (size_t i = 0; service && i < old->n_listeners; i++) {
        const struct ts_listener *was = old->listeners[i];
        const struct ts_listener *is = same_listener(service, was->name);
        if (!is)
            ts_report(c->diags, TS_T_LISTENER_GONE, was->span,
                      "%s does not take \"%s\" as `%s` any more: events that wait are passed over",
                      old->name, was->event->subject, was->name);
        else if (!same_text(was->event->name, is->event->name) ||
                 !same_text(was->event->service->name, is->event->service->name))
            ts_label(ts_report(c->diags, TS_T_LISTENER_EVENT, is->span, "`%s` takes another event",
                               is->name),
                     was->span, "it was this");
    }
}

void ts_break_events(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_events; k++)
            if (ts_same_service(c->now, service->name))
                compare_event(c, service->events[k]);
        for (size_t k = 0; k < service->n_messages; k++)
            if (service->messages[k]->kind == TS_REPLICA && !service->messages[k]->implicit)
                compare_replica(c, service->messages[k]);
        compare_listeners(c, service);
    }
    /* The broker checks what is published against its schema. */
    for (size_t i = 0; i < c->now->n_services; i++)
        for (size_t k = 0; k < c->now->services[i]->n_events; k++)
            if (!ts_same_event(c->old, c->now->services[i]->events[k])) {
                ts_report(c->diags, TS_T_EVENT_NEW, c->now->services[i]->events[k]->span,
                          "the channel of today refuses the new event \"%s\"",
                          c->now->services[i]->events[k]->subject);
                ts_order_add(c, "channeld", c->now->services[i]->name, TS_T_EVENT_NEW);
            }
}
