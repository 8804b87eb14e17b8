/* Enums: shared between services, since events carry them. */
#include "codegen/emit/c/c.h"

static const char enum_tables[] = "\n"
                                  "const struct rt_enum ${T}_enum = {\n"
                                  "    .name = \"$name\",\n"
                                  "    .values = ${short}_values,\n"
                                  "    .n_values = $count,\n"
                                  "};";

static void set_names(struct ts_c *c, struct ts_writer *w, const struct ts_enum *e)
{
    const char *type = ts_c_enum(c, e);
    const char *prefix = c->service ? c->service->name : c->model->name;
    ts_set(w, "T", type);
    ts_set(w, "short", type + strlen(prefix) + 1);
    ts_set(w, "name", e->name);
    ts_set_number(w, "count", e->n_values);
}

static void put_declaration(struct ts_c *c, struct ts_writer *w, const struct ts_enum *e)
{
    struct ts_item *members = RT_ARENA_ARRAY(c->arena, e->n_values, struct ts_item);
    for (size_t i = 0; i < e->n_values; i++) {
        const struct ts_enum_value *value = &e->values[i];
        bool same = strcmp(value->name, value->text) == 0;
        const char *json = same ? "" : rt_arena_printf(c->arena, "\"%s\" in JSON", value->text);
        members[i].text = rt_arena_printf(c->arena, "%s = %u,", ts_c_enum_value(c, e, value),
                                          (unsigned)value->number);
        members[i].comment = value->doc ? value->doc : *json ? json : NULL;
    }
    set_names(c, w, e);
    ts_put(w, "");
    ts_comment(w, 0, e->doc ? e->doc : "0 is invalid everywhere.");
    ts_put(w, "enum $T {");
    ts_members(w, members, e->n_values);
    ts_put(w, "};\n"
              "extern const struct rt_enum ${T}_enum;");
}

static void put_definition(struct ts_c *c, struct ts_writer *w, const struct ts_enum *e)
{
    set_names(c, w, e);
    bool remarked = e->n_values <= TS_ROWS_WITHOUT_REMARK;
    ts_put(w, "\nstatic const struct rt_enum_value ${short}_values[] = {");
    for (size_t i = 0; i < e->n_values; i++) {
        ts_set(w, "value", ts_c_enum_value(c, e, &e->values[i]));
        ts_set(w, "name", ts_quoted(c->arena, e->values[i].name));
        ts_set(w, "text", ts_quoted(c->arena, e->values[i].text));
        ts_put(w, "    {$value, $name, $text},");
        remarked = remarked || ts_remark(w, "in schema order");
    }
    ts_put(w, "};");
    ts_set(w, "name", e->name);
    ts_put(w, enum_tables);
}

void ts_emit_enums(struct ts_c *c)
{
    struct ts_enum **enums = c->service ? c->service->enums : c->model->enums;
    size_t count = c->service ? c->service->n_enums : c->model->n_enums;
    struct ts_writer w;
    if (count == 0)
        return;
    ts_c_header_begin(c, &w, "enums", NULL);
    ts_put(&w, "struct rt_enum;");
    ts_c_header_declare(&w);
    for (size_t i = 0; i < count; i++)
        put_declaration(c, &w, enums[i]);
    ts_c_header_end(&w);

    ts_c_source_begin(c, &w, "enums");
    ts_put(&w, "\n#include \"runtime/wire/message.h\"");
    for (size_t i = 0; i < count; i++)
        put_definition(c, &w, enums[i]);
}
