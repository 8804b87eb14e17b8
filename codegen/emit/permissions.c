/* permissions.txt: what the schema says each service publishes and consumes, as the permissions of
 * the channel's token file. A service that does neither is no client of the channel. */
#include "codegen/emit/emitters.h"
#include "codegen/write/writer.h"

void ts_emit_permissions(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer w;
    rt_arena_init(&arena, 0);
    ts_writer_init(&w, ts_output_file(output, "permissions.txt"), &arena);
    ts_set(&w, "schema", model->name);
    ts_put(&w,
           "# Generated from schema $schema; do not edit.\n"
           "# SERVICE PERMISSION..., a line for each client of the channel: a line of channeld's "
           "token\n"
           "# file without its token.");
    for (size_t i = 0; i < model->n_services; i++) {
        const struct ts_service *service = model->services[i];
        if (service->n_events == 0 && service->n_consumes == 0)
            continue;
        struct rt_buf line = {0};
        rt_buf_printf(&line, "%s publish", service->name);
        for (size_t k = 0; k < service->n_events; k++)
            rt_buf_printf(&line, " %s", service->events[k]->subject);
        rt_buf_puts(&line, " subscribe");
        for (size_t k = 0; k < service->n_consumes; k++)
            rt_buf_printf(&line, " %s", service->consumes[k]->subject);
        ts_setf(&w, "line", "%.*s", (int)line.len, (const char *)line.data);
        ts_put(&w, "$line");
        rt_buf_done(&line);
    }
    rt_arena_done(&arena);
}
