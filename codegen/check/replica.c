/*
 * A replica must get an event when a record is gone. Otherwise it keeps a ghost of it.
 */
#include "codegen/check/impl.h"

static bool emits(const struct ts_route *route, const struct ts_event *event)
{
    for (size_t i = 0; i < route->n_emits; i++)
        if (route->emits[i] == event)
            return true;
    return false;
}

/* The event of the route by which the replica follows, preferably one that is a record's last. */
static const struct ts_event *followed(const struct ts_route *route,
                                       const struct ts_message *replica)
{
    const struct ts_event *found = NULL;
    for (size_t i = 0; i < replica->n_sources; i++) {
        if (!emits(route, replica->sources[i]))
            continue;
        found = replica->sources[i];
        if (ts_event_is_last(found))
            return found;
    }
    return found;
}

static void check_delete(struct ts_checker *c, const struct ts_route *route,
                         const struct ts_message *replica)
{
    const struct ts_event *event = followed(route, replica);
    if (event && ts_event_is_last(event))
        return;
    struct ts_diag *diag =
        event ? ts_report(c->diags, TS_T_GHOST, route->span,
                          "`%s` tells of other changes, too: replica `%s` keeps what `%s` deletes",
                          event->name, replica->name, route->name)
              : ts_report(c->diags, TS_T_GHOST, route->span,
                          "replica `%s` does not hear of what `%s` deletes", replica->name,
                          route->name);
    ts_label(diag, replica->span, "the replica is declared here");
    ts_help(diag, "let `%s` emit an event of its own, and take it in the replica", route->name);
}

static void check_expiry(struct ts_checker *c, const struct ts_message *replica)
{
    const struct ts_message *origin = replica->origin;
    if (!origin->expires || replica->expires)
        return;
    ts_help(ts_label(ts_report(c->diags, TS_T_KEPT_FOR_EVER, replica->span,
                               "replica `%s` keeps records that expire in `%s`", replica->name,
                               origin->service->name),
                     origin->span, "`%s` is declared here", origin->name),
            "pick `%s`", origin->expires->name);
}

static void check_replica(struct ts_checker *c, const struct ts_message *replica)
{
    const struct ts_service *source = replica->origin->service;
    check_expiry(c, replica);
    for (size_t i = 0; i < source->n_routes; i++)
        if (source->routes[i]->automatic == TS_AUTO_DELETE &&
            source->routes[i]->subject == replica->origin)
            check_delete(c, source->routes[i], replica);
}

void ts_check_replica_ends(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t k = 0; k < service->n_messages; k++) {
            const struct ts_message *message = service->messages[k];
            if (message->kind == TS_REPLICA && message->origin && !message->implicit)
                check_replica(c, message);
        }
    }
}
