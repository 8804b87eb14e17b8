/*
 * What a build and a start script read: meson.build with the libraries, services.txt with names.
 */
#include "codegen/emit/c/emit_c.h"
#include "codegen/emit/emit.h"

static void put_file(struct ts_writer *w, const char *service, const char *suffix)
{
    ts_set(w, "svc", service);
    ts_set(w, "suffix", suffix);
    ts_put(w, "    '$svc/${svc}_$suffix.c',");
}

static void put_common(struct ts_c *c, struct ts_writer *w)
{
    ts_put(w, "# What services may see of each other: the enums and the events.\n"
              "${schema}_events_lib = static_library('${schema}_events',\n"
              "  files(");
    if (c->model->enum_count > 0)
        ts_put(w, "    'common/${schema}_enums.c',");
    for (size_t i = 0; i < c->model->service_count; i++) {
        const struct ts_service *service = c->model->services[i];
        if (service->enum_count > 0)
            put_file(w, service->name, "enums");
        if (ts_has_events(service))
            put_file(w, service->name, "events");
    }
    ts_put(w, "  ), include_directories: ${schema}_inc, dependencies: [wire])\n"
              "${schema}_events = declare_dependency(link_with: ${schema}_events_lib,\n"
              "  include_directories: ${schema}_inc, dependencies: [wire])");
}

/* Apart from the services: nothing on a device knows of libprotobuf-c. */
static void put_devices(struct ts_c *c, struct ts_writer *w)
{
    bool any = false;
    for (size_t i = 0; i < c->model->service_count; i++)
        any = any || ts_has_devices(c->model->services[i]);
    if (!any)
        return;
    ts_put(w, "\n# The bounded messages, for devices.\n"
              "${schema}_device_lib = static_library('${schema}_device',\n"
              "  files(");
    for (size_t i = 0; i < c->model->service_count; i++)
        if (ts_has_devices(c->model->services[i]))
            put_file(w, c->model->services[i]->name, "device");
    ts_put(w, "  ), include_directories: ${schema}_inc, dependencies: [device])\n"
              "${schema}_device = declare_dependency(link_with: ${schema}_device_lib,\n"
              "  include_directories: ${schema}_inc, dependencies: [device])");
}

static void put_service(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    ts_set(w, "svc", service->name);
    ts_put(w, "\n"
              "${schema}_${svc}_lib = static_library('${schema}_$svc',\n"
              "  files(");
    const struct {
        bool there;
        const char *suffix;
    } files[] = {
        {ts_has_listeners(service), "listeners"}, {service->event_count > 0, "publish"},
        {ts_has_routes(service), "routes"},       {true, "service"},
        {ts_has_stores(service), "store"},        {ts_has_types(c), "types"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].there)
            put_file(w, service->name, files[i].suffix);
    ts_put(w, "  ), include_directories: ${schema}_inc, dependencies: [${schema}_events, store])\n"
              "${schema}_$svc = declare_dependency(link_with: ${schema}_${svc}_lib,\n"
              "  dependencies: [${schema}_events, store])");
    if (ts_is_automatic(service))
        ts_put(w, "# A whole program with the runtime's app.\n"
                  "${schema}_${svc}_main = files('$svc/${svc}_main.c')");
}

void ts_emit_meson(struct ts_c *c, struct ts_writer *w)
{
    if (c->service != NULL) {
        put_service(c, w);
        return;
    }
    ts_writer_init(w, ts_output_file(c->output, "meson.build"), c->arena);
    ts_set(w, "schema", c->model->name);
    ts_put(
        w,
        "# Generated from schema $schema; do not edit.\n"
        "# A library for each service. The build file above says what wire, store and device are.\n"
        "${schema}_inc = include_directories('..')\n");
    put_common(c, w);
    put_devices(c, w);
}

void ts_emit_services(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer w;
    rt_arena_init(&arena, 0);
    ts_writer_init(&w, ts_output_file(output, "services.txt"), &arena);
    ts_set(&w, "schema", model->name);
    ts_put(&w, "# Generated from schema $schema; do not edit.\n"
               "# service NAME OFFSET-OF-ITS-PORT, setting SERVICE NAME, a line each.");
    for (size_t i = 0; i < model->service_count; i++) {
        const struct ts_service *service = model->services[i];
        ts_set(&w, "svc", service->name);
        ts_setf(&w, "offset", "%zu", i + 1);
        ts_put(&w, "service $svc $offset");
        for (size_t k = 0; k < service->setting_count; k++) {
            ts_set(&w, "setting", service->settings[k]->name);
            ts_put(&w, "setting $svc $setting");
        }
    }
    rt_arena_done(&arena);
}
