/* meson.build: a library for each service. */
#include <string.h>

#include "codegen/emit/c/parts.h"
#include "codegen/emit/emitters.h"
#include "codegen/write/writer.h"

static void put_file(struct ts_writer *w, const char *service, const char *suffix)
{
    ts_set(w, "svc", service);
    ts_set(w, "suffix", suffix);
    ts_put(w, "    '$svc/${svc}_$suffix.c',");
}

static void put_common(struct ts_writer *w, const struct ts_model *model)
{
    ts_put(w, "# What services may see of each other: the enums and the events.\n"
              "${schema}_events_lib = static_library('${schema}_events',\n"
              "  files(");
    if (model->n_enums > 0)
        ts_put(w, "    'common/${schema}_enums.c',");
    for (size_t i = 0; i < model->n_services; i++) {
        const struct ts_service *service = model->services[i];
        if (service->n_enums > 0)
            put_file(w, service->name, "enums");
        if (ts_has_events(service))
            put_file(w, service->name, "events");
    }
    ts_put(w, "  ), include_directories: ${schema}_inc, dependencies: [wire])\n"
              "${schema}_events = declare_dependency(link_with: ${schema}_events_lib,\n"
              "  include_directories: ${schema}_inc, dependencies: [wire])");
}

/* Apart from the services: nothing on a device knows of libprotobuf-c. */
static void put_devices(struct ts_writer *w, const struct ts_model *model)
{
    bool any = false;
    for (size_t i = 0; i < model->n_services; i++)
        any = any || ts_has_devices(model->services[i]);
    if (!any)
        return;
    ts_put(w, "\n# The bounded messages, for devices.\n"
              "${schema}_device_lib = static_library('${schema}_device',\n"
              "  files(");
    for (size_t i = 0; i < model->n_services; i++)
        if (ts_has_devices(model->services[i]))
            put_file(w, model->services[i]->name, "device");
    ts_put(w, "  ), include_directories: ${schema}_inc, dependencies: [device])\n"
              "${schema}_device = declare_dependency(link_with: ${schema}_device_lib,\n"
              "  include_directories: ${schema}_inc, dependencies: [device])");
}

static void put_service(struct ts_writer *w, const struct ts_service *service)
{
    ts_set(w, "svc", service->name);
    ts_put(w, "\n"
              "${schema}_${svc}_lib = static_library('${schema}_$svc',\n"
              "  files(");
    const struct {
        bool there;
        const char *suffix;
    } files[] = {
        {ts_has_listeners(service), "listeners"}, {service->n_events > 0, "publish"},
        {ts_has_routes(service), "routes"},       {true, "service"},
        {ts_has_stores(service), "store"},        {ts_has_types(service), "types"},
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

/* The way from the output up to where includes start, such as "../.." for the prefix "a/gen". */
static const char *top_of(const char *prefix, struct rt_arena *arena)
{
    if (*prefix == '\0')
        return ".";
    const char *top = "..";
    for (const char *at = prefix; (at = strchr(at, '/')) != NULL; at++)
        top = rt_arena_printf(arena, "%s/..", top);
    return top;
}

void ts_emit_meson(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer w;
    rt_arena_init(&arena, 0);
    ts_writer_init(&w, ts_output_file(output, "meson.build"), &arena);
    ts_set(&w, "schema", model->name);
    ts_set(&w, "top", top_of(ts_output_prefix(output), &arena));
    ts_put(
        &w,
        "# Generated from schema $schema; do not edit.\n"
        "# A library for each service. The build file above says what wire, store and device are.\n"
        "${schema}_inc = include_directories('$top')\n");
    put_common(&w, model);
    put_devices(&w, model);
    for (size_t i = 0; i < model->n_services; i++)
        put_service(&w, model->services[i]);
    rt_arena_done(&arena);
}
