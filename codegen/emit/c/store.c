/* <svc>_store: how records are stored, and typed access to them within a transaction. */
#include "codegen/emit/c/c.h"
#include "codegen/model/names.h"

/* ------------------------------------------------------------------ indexes */

/* "ticket_id": what a field is called as a parameter; an embedded record is given by its id. */
static const char *parameter_name(struct ts_c *c, const struct ts_field *field)
{
    return field->embed ? rt_arena_printf(c->arena, "%s_id", field->name) : field->name;
}

static const char *parameter(struct ts_c *c, const struct ts_field *field)
{
    const char *type = field->embed ? "const char *" : ts_c_value_type(c, field);
    return rt_arena_printf(c->arena, "%s%s", type, parameter_name(c, field));
}

/* How many fields of an index select records: a unique one takes all of them; another keeps the
 * last of several as the order of its records. */
static size_t selecting_fields(const struct ts_index *index)
{
    return index->unique || index->field_count == 1 ? index->field_count : index->field_count - 1;
}

static const char *parameters(struct ts_c *c, const struct ts_index *index)
{
    const char *text = "";
    for (size_t i = 0; i < selecting_fields(index); i++)
        text = rt_arena_printf(c->arena, "%s, %s", text, parameter(c, index->fields[i]));
    return text;
}

/* "by_email", "open_by_ticket": an index whose name says so already keeps it. */
static const char *accessor_name(struct ts_c *c, const struct ts_index *index)
{
    bool says_by = strncmp(index->name, "by_", 3) == 0 || strstr(index->name, "_by_") != NULL;
    return says_by ? index->name : rt_arena_printf(c->arena, "by_%s", index->name);
}

static const char *value_of(struct ts_c *c, const struct ts_field *field)
{
    const char *name = parameter_name(c, field);
    switch (field->type.kind) {
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
    case TS_MESSAGE:
        return rt_arena_printf(c->arena, "{.present = true, .s = rt_str(%s)}", name);
    case TS_BYTES:
        return rt_arena_printf(c->arena,
                               "{.present = true, .s = rt_str_n((const char *)%s.data, %s.len)}",
                               name, name);
    case TS_U64:
        return rt_arena_printf(c->arena, "{.present = true, .u = %s}", name);
    case TS_F64:
        return rt_arena_printf(c->arena, "{.present = true, .f = %s}", name);
    default:
        return rt_arena_printf(c->arena, "{.present = true, .i = %s}", name);
    }
}

static void put_values(struct ts_c *c, struct ts_writer *w, const struct ts_index *index)
{
    static const char head[] = "    const struct rt_value values[] = {";
    size_t count = selecting_fields(index);
    size_t width = strlen(head) + strlen("};");
    for (size_t i = 0; i < count; i++)
        width += strlen(value_of(c, index->fields[i])) + (i > 0 ? strlen(", ") : 0);
    const char *separator = width <= TS_WRITER_COLUMNS
                                ? ", "
                                : rt_arena_printf(c->arena, ",\n%*s", (int)strlen(head), "");
    rt_buf_puts(w->out, head);
    for (size_t i = 0; i < count; i++) {
        rt_buf_puts(w->out, i > 0 ? separator : "");
        rt_buf_puts(w->out, value_of(c, index->fields[i]));
    }
    rt_buf_puts(w->out, "};\n");
}

static void put_fields_of_index(struct ts_c *c, struct ts_writer *w, const struct ts_index *index)
{
    struct ts_item *items = RT_ARENA_ARRAY(c->arena, index->field_count, struct ts_item);
    for (size_t i = 0; i < index->field_count; i++)
        items[i] = (struct ts_item){ts_c_position(c, index->fields[i]), index->fields[i]->name};
    ts_list(w, "static const uint16_t ${short}_${index}_fields[]", items, index->field_count);
}

static void put_condition(struct ts_c *c, struct ts_writer *w, const struct ts_expr *condition)
{
    if (condition)
        ts_put_expr(c, w, ts_fill(w, "${short}_${index}_where"), condition);
}

static void put_index_row(struct ts_writer *w, const char *name, bool unique, size_t field_count,
                          const struct ts_expr *condition)
{
    ts_set(w, "index", name);
    ts_set_number(w, "count", field_count);
    ts_put(w, "    {\n"
              "        .name = \"$index\",");
    if (unique)
        ts_put(w, "        .unique = true,");
    ts_put(w, "        .fields = ${short}_${index}_fields,\n"
              "        .n_fields = $count,");
    if (condition)
        ts_put(w, "        .where = RT_EXPR(${short}_${index}_where),");
    ts_put(w, "    },");
}

/* Secondary and unique indexes, then one per timer. */
static void put_indexes(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    if (model->index_count + model->timer_count == 0)
        return;
    ts_put(w, "");
    for (size_t i = 0; i < model->index_count; i++) {
        ts_set(w, "index", model->indexes[i].name);
        put_fields_of_index(c, w, &model->indexes[i]);
        put_condition(c, w, model->indexes[i].condition);
    }
    for (size_t i = 0; i < model->timer_count; i++) {
        ts_set(w, "index", model->timers[i]->name);
        ts_set(w, "position", ts_c_position(c, model->timers[i]->field));
        ts_put(w, "static const uint16_t ${short}_${index}_fields[] = {$position};");
        put_condition(c, w, model->timers[i]->condition);
    }
    ts_put(w, "\nconst struct rt_index ${T}_indexes[] = {");
    for (size_t i = 0; i < model->index_count; i++)
        put_index_row(w, model->indexes[i].name, model->indexes[i].unique,
                      model->indexes[i].field_count, model->indexes[i].condition);
    for (size_t i = 0; i < model->timer_count; i++)
        put_index_row(w, model->timers[i]->name, false, 1, model->timers[i]->condition);
    ts_put(w, "};");
}

/* -------------------------------------------------------------------- model */

static size_t put_embeds(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->field_count; i++)
        count += model->fields[i].embed;
    if (count == 0)
        return 0;
    ts_put(w, "\nstatic const struct rt_embed ${short}_embeds[] = {");
    for (size_t i = 0; i < model->field_count; i++) {
        if (!model->fields[i].embed)
            continue;
        ts_set(w, "position", ts_c_position(c, &model->fields[i]));
        ts_set(w, "other", ts_c_type(c, model->fields[i].type.message));
        ts_put(w, "    {$position, &${other}_model},");
    }
    ts_put(w, "};");
    return count;
}

static bool follows_by(const struct ts_model *model, const struct ts_message *origin,
                       const struct ts_event *event)
{
    for (size_t s = 0; s < model->service_count; s++)
        for (size_t m = 0; m < model->services[s]->message_count; m++) {
            const struct ts_message *replica = model->services[s]->messages[m];
            if (replica->kind != TS_REPLICA || replica->origin != origin)
                continue;
            for (size_t i = 0; i < replica->source_count; i++)
                if (replica->sources[i] == event)
                    return true;
        }
    return false;
}

/* The subjects by which replicas in other services follow the model. */
static void put_followed(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    if (!model->replicated)
        return;
    ts_put(w, "\nstatic const char *const ${short}_followed[] = {");
    for (size_t i = 0; i < model->service->event_count; i++) {
        const struct ts_event *event = model->service->events[i];
        if (!follows_by(c->model, model, event))
            continue;
        ts_set(w, "EVENT", ts_upper(c, ts_c_event(c, event)));
        ts_put(w, "    ${EVENT}_SUBJECT,");
    }
    ts_put(w, "    NULL,\n};");
}

static void put_model(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    put_indexes(c, w, model);
    put_followed(c, w, model);
    size_t embeds = put_embeds(c, w, model);
    ts_set(w, "name", model->name);
    ts_set(w, "id", ts_c_position(c, model->id));
    ts_set(w, "version", model->version ? ts_c_position(c, model->version) : "-1");
    ts_set(w, "expires", model->expires ? ts_c_position(c, model->expires) : "-1");
    ts_put(w, "\n"
              "const struct rt_model ${T}_model = {\n"
              "    .name = \"$name\",\n"
              "    .message = &${T}_message,\n"
              "    .id_field = $id,\n"
              "    .version_field = $version,\n"
              "    .expires_field = $expires,");
    if (model->renamed_from) {
        ts_set(w, "before", model->renamed_from);
        ts_put(w, "    .renamed_from = \"$before\",");
    }
    if (model->kind == TS_REPLICA)
        ts_put(w, "    .replica = true,");
    if (model->replicated)
        ts_put(w, "    .followed = ${short}_followed,");
    if (model->index_count + model->timer_count > 0) {
        ts_set_number(w, "count", model->index_count + model->timer_count);
        ts_put(w, "    .indexes = ${T}_indexes,\n"
                  "    .n_indexes = $count,");
    }
    if (embeds > 0) {
        ts_set_number(w, "count", embeds);
        ts_put(w, "    .embeds = ${short}_embeds,\n"
                  "    .n_embeds = $count,");
    }
    ts_put(w, "};");
}

/* ---------------------------------------------------------------- functions */

static void put_functions(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    ts_put(w, "\n"
              "struct $T *${T}_get(struct rt_txn *txn, const char *id)\n"
              "{\n"
              "    return rt_txn_get(txn, &${T}_model, id);\n"
              "}");
    if (model->kind == TS_MODEL)
        ts_put(w, "\n"
                  "int ${T}_create(struct rt_txn *txn, struct $T *$noun)\n"
                  "{\n"
                  "    return rt_txn_create(txn, &${T}_model, $noun);\n"
                  "}\n"
                  "\n"
                  "int ${T}_update(struct rt_txn *txn, struct $T *$noun)\n"
                  "{\n"
                  "    return rt_txn_update(txn, &${T}_model, $noun);\n"
                  "}\n"
                  "\n"
                  "int ${T}_delete(struct rt_txn *txn, const char *id)\n"
                  "{\n"
                  "    return rt_txn_delete(txn, &${T}_model, id);\n"
                  "}");
    ts_put(w, "\n"
              "int ${T}_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page "
              "*ret)\n"
              "{\n"
              "    const struct rt_scan scan = {.after = after, .limit = limit};\n"
              "    return rt_txn_scan(txn, &${T}_model, &scan, ret);\n"
              "}");
    for (size_t i = 0; i < model->index_count; i++) {
        const struct ts_index *index = &model->indexes[i];
        ts_set(w, "accessor", accessor_name(c, index));
        ts_set(w, "parameters", parameters(c, index));
        ts_set(w, "index", ts_c_index(c, model, index->name));
        ts_set_number(w, "count", selecting_fields(index));
        ts_put(w, index->unique ? "\nstruct $T *${T}_$accessor(struct rt_txn *txn$parameters)\n{"
                                : "\nint ${T}_list_$accessor(struct rt_txn *txn$parameters, "
                                  "struct rt_str after, size_t limit, struct rt_page *ret)\n{");
        put_values(c, w, index);
        if (index->unique)
            ts_put(w, "    return rt_txn_find(txn, &${T}_model, &$index, values);\n}");
        else
            ts_put(w, "    const struct rt_scan scan = {\n"
                      "        .index = &$index,\n"
                      "        .values = values,\n"
                      "        .n_values = $count,\n"
                      "        .after = after,\n"
                      "        .limit = limit,\n"
                      "    };\n"
                      "    return rt_txn_scan(txn, &${T}_model, &scan, ret);\n"
                      "}");
    }
}

static bool has_unique(const struct ts_message *model)
{
    for (size_t i = 0; i < model->index_count; i++)
        if (model->indexes[i].unique)
            return true;
    return false;
}

static void put_positions(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    ts_put(w, "\n"
              "/* Where each field is in ${T}_fields. */\n"
              "enum {");
    for (size_t i = 0; i < model->field_count; i++) {
        ts_set(w, "position", ts_c_position(c, &model->fields[i]));
        ts_put(w, "    $position,");
    }
    ts_put(w, "};");
    if (model->index_count + model->timer_count == 0)
        return;
    ts_put(w, "\n"
              "/* Where each index is in ${T}_indexes. */\n"
              "enum {");
    for (size_t i = 0; i < model->index_count + model->timer_count; i++) {
        const char *name = i < model->index_count ? model->indexes[i].name
                                                  : model->timers[i - model->index_count]->name;
        ts_setf(w, "position", "%s",
                ts_upper(c, rt_arena_printf(c->arena, "%s_%s", ts_c_type(c, model), name)));
        ts_put(w, "    $position,");
    }
    ts_put(w, "};\n"
              "extern const struct rt_index ${T}_indexes[];");
}

static void put_prototypes(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    ts_set(w, "must", has_unique(model) ? "RT_MUST_USE " : "");
    ts_put(w, "\n"
              "struct $T *${T}_get(struct rt_txn *txn, const char *id);");
    if (model->kind == TS_MODEL)
        ts_put(w, "${must}int ${T}_create(struct rt_txn *txn, struct $T *$noun);\n"
                  "${must}int ${T}_update(struct rt_txn *txn, struct $T *$noun);\n"
                  "int ${T}_delete(struct rt_txn *txn, const char *id);");
    ts_put(w, "int ${T}_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page "
              "*ret);");
    for (size_t i = 0; i < model->index_count; i++) {
        const struct ts_index *index = &model->indexes[i];
        ts_set(w, "accessor", accessor_name(c, index));
        ts_set(w, "parameters", parameters(c, index));
        ts_put(w, index->unique ? "struct $T *${T}_$accessor(struct rt_txn *txn$parameters);"
                                : "int ${T}_list_$accessor(struct rt_txn *txn$parameters, "
                                  "struct rt_str after, size_t limit, struct rt_page *ret);");
    }
}

static void set_model(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    ts_set(w, "T", ts_c_type(c, model));
    ts_set(w, "short", model->c_name);
    ts_set(w, "noun", ts_c_noun(model));
}

static const char about[] =
    "\nA record that is returned lives until the transaction ends; NULL says that there is none.\n"
    "create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the\n"
    "record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: "
    "RT_EINVAL\n"
    "when `after` is no cursor of the same list.";

void ts_emit_stores(struct ts_c *c)
{
    struct ts_writer w;
    struct ts_includes includes = {0};
    if (!ts_has_stores(c->service))
        return;
    ts_c_header_begin(
        c, &w, "store",
        rt_arena_printf(c->arena, "The records of service %s.%s", c->service->name, about));
    if (ts_has_events(c->service))
        ts_include_of(c, &includes, c->service, "events");
    if (ts_has_types(c->service))
        ts_include_of(c, &includes, c->service, "types");
    ts_include(&includes, "runtime/store/txn.h");
    ts_includes_put(&w, &includes);
    ts_c_header_declare(&w);
    for (size_t i = 0; i < c->service->message_count; i++) {
        const struct ts_message *message = c->service->messages[i];
        if (!ts_message_is_stored(message))
            continue;
        set_model(c, &w, message);
        ts_put(&w, "\nextern const struct rt_model ${T}_model;");
        put_positions(c, &w, message);
        put_prototypes(c, &w, message);
    }
    ts_c_header_end(&w);

    ts_c_source_begin(c, &w, "store");
    for (size_t i = 0; i < c->service->message_count; i++) {
        const struct ts_message *message = c->service->messages[i];
        if (!ts_message_is_stored(message))
            continue;
        set_model(c, &w, message);
        put_model(c, &w, message);
        put_functions(c, &w, message);
    }
}
