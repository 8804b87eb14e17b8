/* <svc>_service: settings, and the one table that main hands to the runtime. <svc>_main: that main,
 * when nothing of the service is written by hand. */
#include <inttypes.h>

#include "codegen/emit/c/c.h"
#include "codegen/model/emitted.h"
#include "codegen/model/names.h"

static const char *range_of(struct ts_c *c, const struct ts_type *type)
{
    if (!type->has_min || !type->has_max)
        return "";
    return rt_arena_printf(c->arena, ", %s..%s", ts_value_text(c->arena, type, &type->min),
                           ts_value_text(c->arena, type, &type->max));
}

static void put_struct(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    struct ts_item *members = RT_ARENA_ARRAY(c->arena, service->n_settings, struct ts_item);
    for (size_t i = 0; i < service->n_settings; i++) {
        const struct ts_setting *setting = service->settings[i];
        const struct ts_field field = {.type = setting->type};
        members[i].text = rt_arena_printf(c->arena, "%s%s;", ts_c_value_type(c, &field),
                                          ts_setting_member(c->arena, setting));
        const char *range =
            rt_arena_printf(c->arena, "%s unless set%s",
                            ts_value_text(c->arena, &setting->type, &setting->default_value),
                            range_of(c, &setting->type));
        members[i].comment = ts_c_doc(c, setting->doc, range);
    }
    ts_put(w, "\n/* Filled before anything runs, and constant then. */\n"
              "struct ${svc}_settings {");
    ts_members(w, members, service->n_settings);
    ts_put(w, "};\n"
              "extern struct ${svc}_settings ${svc}_settings;");
}

static const char *bound(struct ts_c *c, const struct ts_type *type, const char *name,
                         const union ts_value *value)
{
    return rt_arena_printf(c->arena, ".%s%s = %s", name, type->kind == TS_F64 ? "_f64" : "",
                           ts_c_value(c, type, value));
}

static const char *flags_of(const struct ts_type *type)
{
    if (type->has_min && type->has_max)
        return ", .flags = RT_FIELD_RANGE";
    return type->has_min   ? ", .flags = RT_FIELD_HAS_MIN"
           : type->has_max ? ", .flags = RT_FIELD_HAS_MAX"
                           : "";
}

static const char *limits_name(struct ts_c *c, const struct ts_setting *setting)
{
    return ts_c_local(c, setting, rt_arena_join(c->arena, setting->name, "_limits", NULL));
}

static void put_settings(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    ts_put(w, "\nstruct ${svc}_settings ${svc}_settings;\n");
    for (size_t i = 0; i < service->n_settings; i++) {
        const struct ts_setting *setting = service->settings[i];
        const struct ts_type *type = &setting->type;
        if (!type->has_min && !type->has_max)
            continue;
        ts_set(w, "name", limits_name(c, setting));
        ts_set(w, "min", type->has_min ? bound(c, type, "min", &type->min) : "");
        ts_set(w, "comma", type->has_min && type->has_max ? ", " : "");
        ts_set(w, "max", type->has_max ? bound(c, type, "max", &type->max) : "");
        ts_put(w, "static const struct rt_limits $name = {$min$comma$max};");
    }
    bool remarked = service->n_settings <= TS_ROWS_WITHOUT_REMARK;
    ts_put(w, "static const struct rt_setting settings[] = {");
    for (size_t i = 0; i < service->n_settings; i++) {
        const struct ts_setting *setting = service->settings[i];
        const struct ts_type *type = &setting->type;
        ts_set(w, "setting", setting->name);
        ts_set(w, "member", ts_setting_member(c->arena, setting));
        ts_set(w, "kind", ts_name_upper(c->arena, ts_kind_name(type->kind)));
        ts_set(w, "fallback",
               ts_quoted(c->arena, ts_value_text(c->arena, type, &setting->default_value)));
        ts_set(w, "scale",
               type->kind == TS_DECIMAL
                   ? rt_arena_printf(c->arena, ", .scale = %u", (unsigned)type->scale)
                   : "");
        ts_set(w, "enumeration",
               type->kind == TS_ENUM ? rt_arena_printf(c->arena, ", .enumeration = &%s_enum",
                                                       ts_c_enum(c, type->enumeration))
                                     : "");
        ts_set(w, "flags", flags_of(type));
        ts_set(w, "limits",
               type->has_min || type->has_max
                   ? rt_arena_printf(c->arena, ", .limits = &%s", limits_name(c, setting))
                   : "");
        ts_put(w, "    RT_SETTING(${svc}_settings, $member, \"$setting\", $fallback, "
                  ".kind = RT_$kind$scale$enumeration$flags$limits),");
        remarked = remarked || ts_remark(w, "in schema order");
    }
    ts_put(w, "};");
}

static const struct ts_message *revocations_of(const struct ts_c *c)
{
    const struct ts_session *session = c->model->session;
    if (!session || !session->revocation)
        return NULL;
    for (size_t i = 0; i < c->service->n_messages; i++) {
        const struct ts_message *message = c->service->messages[i];
        bool replica = message->kind == TS_REPLICA && message->origin == session->revocation;
        if (message == session->revocation || replica)
            return message;
    }
    return NULL;
}

static size_t put_models(struct ts_c *c, struct ts_writer *w)
{
    size_t count = 0;
    struct ts_item *items = RT_ARENA_ARRAY(c->arena, c->service->n_messages, struct ts_item);
    for (size_t i = 0; i < c->service->n_messages; i++)
        if (ts_message_is_stored(c->service->messages[i]))
            items[count++] = (struct ts_item){
                rt_arena_printf(c->arena, "&%s_model", ts_c_type(c, c->service->messages[i])),
                c->service->messages[i]->name};
    if (count > 0) {
        ts_put(w, "");
        ts_list(w, "static const struct rt_model *const models[]", items, count);
    }
    return count;
}

static void put_count(struct ts_writer *w, const char *name, const char *array, size_t count)
{
    if (count == 0)
        return;
    ts_set(w, "member", name);
    ts_set(w, "array", array);
    ts_set_number(w, "count", count);
    ts_put(w, "    .$member = $array$member,\n"
              "    .n_$member = $count,");
}

/* Pages of other sites that may call; the same for every service. */
static void put_cors(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_cors *cors = c->model->cors;
    if (!cors)
        return;
    ts_put(w, "\n"
              "static const char *const cors_origins[] = {");
    for (size_t i = 0; i < cors->n_origins; i++) {
        ts_set(w, "origin", ts_quoted(c->arena, cors->origins[i]));
        ts_put(w, "    $origin,");
    }
    ts_set_number(w, "count", cors->n_origins);
    ts_put(w, "};\n"
              "static const struct rt_cors cors = {\n"
              "    .origins = cors_origins,\n"
              "    .n_origins = $count,");
    if (cors->credentials)
        ts_put(w, "    .credentials = true,");
    ts_put(w, "};");
}

static void put_service(struct ts_c *c, struct ts_writer *w)
{
    const struct ts_service *service = c->service;
    const struct ts_session *session = c->model->session;
    const struct ts_message *revocations = revocations_of(c);
    const char *own = rt_arena_printf(c->arena, "%s_", service->name);
    size_t models = put_models(c, w);
    put_cors(c, w);
    ts_put(w, "\n"
              "const struct rt_service ${svc}_service = {\n"
              "    .schema = \"$schema\",\n"
              "    .name = \"$svc\",");
    put_count(w, "models", "", models);
    put_count(w, "routes", own, service->n_routes);
    put_count(w, "listeners", own, service->n_listeners);
    put_count(w, "replicas", own, ts_replica_count(service));
    put_count(w, "timers", own, service->n_timers);
    put_count(w, "settings", "", service->n_settings);
    if (service->n_settings > 0)
        ts_put(w, "    .settings_values = &${svc}_settings,");
    if (revocations) {
        ts_set(w, "T", ts_c_type(c, revocations));
        ts_put(w, "    .revocations = &${T}_model,");
    }
    if (session) {
        ts_setf(w, "lifetime", "INT64_C(%" PRId64 ")", session->lifetime_ms);
        ts_set(w, "lasts",
               ts_value_text(c->arena, &(struct ts_type){.kind = TS_DURATION},
                             &(union ts_value){.integer = session->lifetime_ms}));
        ts_set(w, "issuer", session->user->service->name);
        ts_put(w, "    .session_lifetime_ms = $lifetime,\n"
                  "    .session_issuer = \"$issuer\",");
    }
    if (c->model->cors)
        ts_put(w, "    .cors = &cors,");
    ts_put(w, "};");
}

static void put_main(struct ts_c *c, struct ts_writer *w)
{
    struct ts_includes includes = {0};
    ts_c_begin(c, w, "main", "c");
    ts_comment(w, 0, "Everything here is automatic: this is the whole service.");
    ts_include_of(c, &includes, c->service, "service");
    ts_includes_put(w, &includes);
    ts_put(w, "\n"
              "int main(int argc, char **argv)\n"
              "{\n"
              "    return rt_service_main(&${svc}_service, argc, argv);\n"
              "}");
}

void ts_emit_service(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    struct ts_writer w;
    struct ts_includes includes = {0};
    ts_c_header_begin(c, &w, "service", service->doc);
    ts_put(&w, "#include \"runtime/app/service.h\"");
    ts_c_header_declare(&w);
    if (service->n_settings > 0)
        put_struct(c, &w);
    ts_put(&w, "\nextern const struct rt_service ${svc}_service;");
    ts_c_header_end(&w);

    ts_c_source_begin(c, &w, "service");
    if (ts_has_listeners(service))
        ts_include_of(c, &includes, service, "listeners");
    if (ts_has_routes(service))
        ts_include_of(c, &includes, service, "routes");
    if (ts_has_stores(service))
        ts_include_of(c, &includes, service, "store");
    if (includes.count > 0)
        ts_put(&w, "");
    ts_includes_put(&w, &includes);
    if (service->n_settings > 0)
        put_settings(c, &w);
    put_service(c, &w);
    if (ts_is_automatic(service))
        put_main(c, &w);
}
