/* The C that is written by hand against the output, and how a service is started. */
#include "codegen/breaking/compare.h"

static const struct ts_route *route_named(const struct ts_service *service, const char *name)
{
    for (size_t i = 0; i < service->n_routes; i++)
        if (strcmp(service->routes[i]->name, name) == 0)
            return service->routes[i];
    return NULL;
}

static bool by_hand(const struct ts_route *route)
{
    return route && route->automatic == TS_AUTO_NONE;
}

/* What a prototype consists of, besides the types, which are the messages'. */
static bool same_signature(const struct ts_route *a, const struct ts_route *b)
{
    return a->work == b->work && !a->body == !b->body && !a->reply == !b->reply &&
           a->page == b->page && a->n_params == b->n_params && a->n_queries == b->n_queries;
}

static void compare_routes(struct ts_comparison *c, const struct ts_service *old,
                           const struct ts_service *now)
{
    for (size_t i = 0; i < old->n_routes; i++) {
        const struct ts_route *was = old->routes[i], *is = route_named(now, was->name);
        if (by_hand(was) && !by_hand(is))
            ts_report(c->diags, TS_T_HANDLER_GONE, was->span,
                      "the handler %s_%s is called by nothing any more", old->name, was->name);
        else if (by_hand(was) && !same_signature(was, is))
            ts_label(ts_report(c->diags, TS_T_HANDLER_SIGNATURE, is->span,
                               "the handler %s_%s has other arguments", old->name, is->name),
                     was->span, "it was this");
    }
    for (size_t i = 0; i < now->n_routes; i++)
        if (by_hand(now->routes[i]) && !by_hand(route_named(old, now->routes[i]->name)))
            ts_report(c->diags, TS_T_HANDLER_NEW, now->routes[i]->span,
                      "a handler %s_%s has to be written", now->name, now->routes[i]->name);
}

static void compare_indexes(struct ts_comparison *c, const struct ts_service *old)
{
    for (size_t i = 0; i < old->n_messages; i++) {
        const struct ts_message *was = old->messages[i], *is = ts_same_message(c->now, was);
        for (size_t k = 0; is && k < was->n_indexes; k++) {
            bool there = false;
            for (size_t m = 0; m < is->n_indexes && !there; m++)
                there = strcmp(is->indexes[m].name, was->indexes[k].name) == 0;
            if (!there)
                ts_report(c->diags, TS_T_INDEX_GONE, was->indexes[k].span,
                          "the functions of the index `%s` of %s are gone", was->indexes[k].name,
                          ts_message_words(c->arena, was));
        }
    }
}

static void compare_settings(struct ts_comparison *c, const struct ts_service *old,
                             const struct ts_service *now)
{
    for (size_t i = 0; i < old->n_settings; i++) {
        const struct ts_setting *was = old->settings[i], *is = NULL;
        for (size_t k = 0; k < now->n_settings && !is; k++)
            if (strcmp(now->settings[k]->name, was->name) == 0)
                is = now->settings[k];
        if (!is) {
            ts_report(c->diags, TS_T_SETTING_GONE, was->span,
                      "%s does not start with --set %s=... any more", old->name, was->name);
            continue;
        }
        const char *tighter = ts_type_tighter(c->arena, &was->type, &is->type);
        if (ts_type_compare(&was->type, &is->type) != TS_TYPE_SAME || tighter)
            ts_label(ts_report(c->diags, TS_T_SETTING_TIGHTER, is->span,
                               "%s may not start with the `%s` it has been given%s%s", now->name,
                               is->name, tighter ? ": " : "", tighter ? tighter : ""),
                     was->span, "it was this");
        else if (strcmp(ts_value_text(c->arena, &was->type, &was->default_value),
                        ts_value_text(c->arena, &is->type, &is->default_value)) != 0)
            ts_label(ts_report(c->diags, TS_T_SETTING_DEFAULT, is->span,
                               "`%s` is something else where it is not given", is->name),
                     was->span, "it was this");
    }
}

void ts_break_source(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *old = c->old->services[i];
        const struct ts_service *now = ts_same_service(c->now, old->name);
        if (!now)
            continue;
        compare_routes(c, old, now);
        compare_indexes(c, old);
        compare_settings(c, old, now);
    }
}
