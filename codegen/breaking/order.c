/* The order of deployment: no service ever gets what it does not know yet. */
#include "codegen/breaking/compare.h"

void ts_order_add(struct ts_comparison *c, const char *first, const char *then, enum ts_code code)
{
    struct ts_deploy_order *order = &c->order;
    if (strcmp(first, then) == 0)
        return;
    for (size_t i = 0; i < order->n_steps; i++)
        if (strcmp(order->steps[i].first, first) == 0 && strcmp(order->steps[i].then, then) == 0)
            return;
    if (order->n_steps == c->steps_cap) {
        size_t cap = c->steps_cap ? 2 * c->steps_cap : 8;
        struct ts_deploy_step *steps = RT_ARENA_ARRAY(c->arena, cap, struct ts_deploy_step);
        if (order->n_steps > 0)
            memcpy(steps, order->steps, order->n_steps * sizeof *steps);
        order->steps = steps;
        c->steps_cap = cap;
    }
    order->steps[order->n_steps++] = (struct ts_deploy_step){first, then, code};
}

void ts_order_consumers(struct ts_comparison *c, const struct ts_event *event, bool first,
                        enum ts_code code)
{
    const char *owner = event->service->name;
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_consumes; k++)
            if (service->consumes[k] == event)
                ts_order_add(c, first ? service->name : owner, first ? owner : service->name, code);
    }
}

/* Steps are taken away as long as nothing has to go before them; what is left is a circle. */
void ts_order_finish(struct ts_comparison *c)
{
    const struct ts_deploy_order *order = &c->order;
    bool *taken = RT_ARENA_ARRAY(c->arena, order->n_steps + 1, bool);
    size_t left = order->n_steps;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < order->n_steps; i++) {
            bool waits = taken[i];
            for (size_t k = 0; k < order->n_steps && !waits; k++)
                waits = !taken[k] && strcmp(order->steps[k].then, order->steps[i].first) == 0;
            if (waits)
                continue;
            taken[i] = moved = true;
            left--;
        }
    }
    c->order.circular = left > 0;
}
