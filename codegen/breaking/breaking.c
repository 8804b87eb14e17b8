#include "codegen/breaking/compare.h"

/* One line a surface, in the order of their codes. */
static void (*const surfaces[])(struct ts_comparison *c) = {
    ts_break_stored, ts_break_messages, ts_break_enums,
    ts_break_http,   ts_break_events,   ts_break_source,
};

struct ts_deploy_order ts_breaking(struct ts_diags *diags, const struct ts_model *old,
                                   const struct ts_model *now)
{
    struct ts_comparison c = {.diags = diags, .arena = diags->arena, .old = old, .now = now};
    ts_uses_find(&c);
    for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++)
        surfaces[i](&c);
    ts_order_finish(&c);
    return c.order;
}
