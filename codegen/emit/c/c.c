/* All the C of a system: the shared enums, then service by service. */
#include "codegen/emit/c/c.h"

#include "codegen/emit/emitters.h"

static void emit_service(struct ts_c *c)
{
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
    struct rt_arena arena, whole;
    rt_arena_init(&arena, 1 << 16);
    rt_arena_init(&whole, 0);
    struct ts_c c = {.model = model, .output = output, .arena = &arena, .whole = &whole};
    ts_emit_enums(&c);
    for (size_t i = 0; i < model->n_services; i++) {
        struct rt_arena_mark mark = rt_arena_mark(&arena);
        c.service = model->services[i];
        emit_service(&c);
        ts_c_locals_begin(&c);
        rt_arena_rewind(&arena, mark);
    }
    ts_c_locals_done(&c);
    rt_arena_done(&whole);
    rt_arena_done(&arena);
}
