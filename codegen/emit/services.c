/* services.txt: names of services and settings, for what starts a system. */
#include "codegen/emit/emitters.h"
#include "codegen/write/writer.h"

void ts_emit_services(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer w;
    rt_arena_init(&arena, 0);
    ts_writer_init(&w, ts_output_file(output, "services.txt"), &arena);
    ts_set(&w, "schema", model->name);
    ts_put(&w, "# Generated from schema $schema; do not edit.\n"
               "# service NAME OFFSET-OF-ITS-PORT, setting SERVICE NAME, a line each.");
    for (size_t i = 0; i < model->n_services; i++) {
        const struct ts_service *service = model->services[i];
        ts_set(&w, "svc", service->name);
        ts_setf(&w, "offset", "%zu", i + 1);
        ts_put(&w, "service $svc $offset");
        for (size_t k = 0; k < service->n_settings; k++) {
            ts_set(&w, "setting", service->settings[k]->name);
            ts_put(&w, "setting $svc $setting");
        }
    }
    rt_arena_done(&arena);
}
