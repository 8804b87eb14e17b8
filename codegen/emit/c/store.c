/* <svc>_store: how records are stored, and typed access to them within a transaction. */
#include "codegen/emit/c/c.h"
#include "codegen/model/emitted.h"
#include "codegen/model/names.h"

/* ------------------------------------------------------------------ indexes */

/* How many fields of an index select records: a unique one takes all of them; another keeps the
 * last of several as the order of its records. */
static size_t selecting_fields(const struct ts_index *index)
{
    return index->unique || index->n_fields == 1 ? index->n_fields : index->n_fields - 1;
}

enum { FIXED_NAMES = 6 };

/* What the selecting fields of an index are called as parameters: an embedded record is given by
 * its id, "ticket_id". */
static const char *const *parameter_names(struct ts_c *c, const struct ts_index *index)
{
    static const char *const fixed[FIXED_NAMES] = {"txn", "after",  "limit",
                                                   "ret", "values", "scan"};
    size_t count = selecting_fields(index);
    const char **names = RT_ARENA_ARRAY(c->arena, FIXED_NAMES + count, const char *);
    memcpy(names, fixed, sizeof fixed);
    for (size_t i = 0; i < count; i++) {
        const struct ts_field *field = index->fields[i];
        const char *name =
            field->embed ? rt_arena_join(c->arena, field->name, "_id", NULL) : field->name;
        names[FIXED_NAMES + i] = ts_c_parameter(c, name, names, FIXED_NAMES + i);
    }
    return names + FIXED_NAMES;
}

static const char *parameters(struct ts_c *c, const struct ts_index *index)
{
    const char *const *names = parameter_names(c, index);
    const char *text = "";
    for (size_t i = 0; i < selecting_fields(index); i++) {
        const struct ts_field *field = index->fields[i];
        const char *type = field->embed ? "const char *" : ts_c_value_type(c, field);
        text = rt_arena_join(c->arena, text, ", ", type, names[i], NULL);
    }
    return text;
}

static const char *value_of(struct ts_c *c, const struct ts_field *field, const char *name)
{
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
    const char *const *names = parameter_names(c, index);
    size_t width = strlen(head) + strlen("};");
    for (size_t i = 0; i < count; i++)
        width += strlen(value_of(c, index->fields[i], names[i])) + (i > 0 ? strlen(", ") : 0);
    const char *separator = width <= TS_WRITER_COLUMNS
                                ? ", "
                                : rt_arena_printf(c->arena, ",\n%*s", (int)strlen(head), "");
    rt_buf_puts(w->out, head);
    for (size_t i = 0; i < count; i++) {
        rt_buf_puts(w->out, i > 0 ? separator : "");
        rt_buf_puts(w->out, value_of(c, index->fields[i], names[i]));
    }
    rt_buf_puts(w->out, "};\n");
}

/* Of an index or a timer. */
static const char *fields_name(struct ts_c *c, const struct ts_message *model, const void *owner,
                               const char *name)
{
    return ts_c_local(c, owner, rt_arena_join(c->arena, model->c_name, "_", name, "_fields", NULL));
}

static void put_fields_of_index(struct ts_c *c, struct ts_writer *w, const struct ts_message *model,
                                const struct ts_index *index)
{
    struct ts_item *items = RT_ARENA_ARRAY(c->arena, index->n_fields, struct ts_item);
    for (size_t i = 0; i < index->n_fields; i++)
        items[i] = (struct ts_item){ts_c_position(c, index->fields[i]), index->fields[i]->name};
    ts_set(w, "fields", fields_name(c, model, index, index->name));
    ts_list(w, "static const uint16_t $fields[]", items, index->n_fields);
}

/* A row of the table of indexes, of an index or a timer. */
struct row {
    const void *owner;
    const char *name;
    bool unique;
    size_t n_fields;
    const struct ts_expr *condition;
};

static const char *where_name(struct ts_c *c, const struct ts_message *model, const struct row *row)
{
    return ts_c_local(c, row->owner,
                      rt_arena_join(c->arena, model->c_name, "_", row->name, "_where", NULL));
}

static void put_index_row(struct ts_c *c, struct ts_writer *w, const struct ts_message *model,
                          const struct row *row)
{
    ts_set(w, "index", row->name);
    ts_set(w, "fields", fields_name(c, model, row->owner, row->name));
    ts_set_number(w, "count", row->n_fields);
    ts_put(w, "    {\n"
              "        .name = \"$index\",");
    if (row->unique)
        ts_put(w, "        .unique = true,");
    ts_put(w, "        .fields = $fields,\n"
              "        .n_fields = $count,");
    if (row->condition) {
        ts_set(w, "where", where_name(c, model, row));
        ts_put(w, "        .where = RT_EXPR($where),");
    }
    ts_put(w, "    },");
}

/* Secondary and unique indexes, then one per timer. */
static void put_indexes(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    size_t count = model->n_indexes + model->n_timers;
    if (count == 0)
        return;
    struct row *rows = RT_ARENA_ARRAY(c->arena, count, struct row);
    ts_put(w, "");
    for (size_t i = 0; i < count; i++) {
        struct row *row = &rows[i];
        if (i < model->n_indexes) {
            const struct ts_index *index = &model->indexes[i];
            *row =
                (struct row){index, index->name, index->unique, index->n_fields, index->condition};
            put_fields_of_index(c, w, model, index);
        } else {
            const struct ts_timer *timer = model->timers[i - model->n_indexes];
            *row = (struct row){timer, timer->name, false, 1, timer->condition};
            ts_set(w, "fields", fields_name(c, model, timer, timer->name));
            ts_set(w, "position", ts_c_position(c, timer->field));
            ts_put(w, "static const uint16_t $fields[] = {$position};");
        }
        if (row->condition)
            ts_put_expr(c, w, where_name(c, model, row), row->condition);
    }
    ts_put(w, "\nconst struct rt_index ${T}_indexes[] = {");
    for (size_t i = 0; i < count; i++)
        put_index_row(c, w, model, &rows[i]);
    ts_put(w, "};");
}

/* -------------------------------------------------------------------- model */

static const char *embeds_name(struct ts_c *c, const struct ts_message *model)
{
    return ts_c_local(c, model->id, rt_arena_join(c->arena, model->c_name, "_embeds", NULL));
}

static const char *followed_name(struct ts_c *c, const struct ts_message *model)
{
    return ts_c_local(c, model, rt_arena_join(c->arena, model->c_name, "_followed", NULL));
}

static size_t put_embeds(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->n_fields; i++)
        count += model->fields[i].embed;
    if (count == 0)
        return 0;
    ts_set(w, "embeds", embeds_name(c, model));
    ts_put(w, "\nstatic const struct rt_embed $embeds[] = {");
    for (size_t i = 0; i < model->n_fields; i++) {
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
    for (size_t s = 0; s < model->n_services; s++)
        for (size_t m = 0; m < model->services[s]->n_messages; m++) {
            const struct ts_message *replica = model->services[s]->messages[m];
            if (replica->kind != TS_REPLICA || replica->origin != origin)
                continue;
            for (size_t i = 0; i < replica->n_sources; i++)
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
    ts_set(w, "followed", followed_name(c, model));
    ts_put(w, "\nstatic const char *const $followed[] = {");
    for (size_t i = 0; i < model->service->n_events; i++) {
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
    size_t given = ts_put_given(c, w, model);
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
        ts_put(w, "    .followed = $followed,");
    if (model->n_indexes + model->n_timers > 0) {
        ts_set_number(w, "count", model->n_indexes + model->n_timers);
        ts_put(w, "    .indexes = ${T}_indexes,\n"
                  "    .n_indexes = $count,");
    }
    if (embeds > 0) {
        ts_set_number(w, "count", embeds);
        ts_put(w, "    .embeds = $embeds,\n"
                  "    .n_embeds = $count,");
    }
    if (given > 0) {
        ts_set_number(w, "count", given);
        ts_put(w, "    .given = $given,\n"
                  "    .n_given = $count,");
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
    for (size_t i = 0; i < model->n_indexes; i++) {
        const struct ts_index *index = &model->indexes[i];
        ts_set(w, "accessor", ts_accessor_name(c->arena, index));
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
    for (size_t i = 0; i < model->n_indexes; i++)
        if (model->indexes[i].unique)
            return true;
    return false;
}

static void put_positions(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    ts_put(w, "\n"
              "/* Where each field is in ${T}_fields. */\n"
              "enum {");
    for (size_t i = 0; i < model->n_fields; i++) {
        ts_set(w, "position", ts_c_position(c, &model->fields[i]));
        ts_put(w, "    $position,");
    }
    ts_put(w, "};");
    if (model->n_indexes + model->n_timers == 0)
        return;
    ts_put(w, "\n"
              "/* Where each index is in ${T}_indexes. */\n"
              "enum {");
    for (size_t i = 0; i < model->n_indexes + model->n_timers; i++) {
        const char *name = i < model->n_indexes ? model->indexes[i].name
                                                : model->timers[i - model->n_indexes]->name;
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
    for (size_t i = 0; i < model->n_indexes; i++) {
        const struct ts_index *index = &model->indexes[i];
        ts_set(w, "accessor", ts_accessor_name(c->arena, index));
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
    ts_set(w, "noun", TS_C_NOUN(c, model, "txn"));
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
    ts_include(c, &includes, "runtime/store/txn.h");
    ts_includes_put(&w, &includes);
    ts_c_header_declare(&w);
    for (size_t i = 0; i < c->service->n_messages; i++) {
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
    for (size_t i = 0; i < c->service->n_messages; i++) {
        const struct ts_message *message = c->service->messages[i];
        if (!ts_message_is_stored(message))
            continue;
        set_model(c, &w, message);
        put_model(c, &w, message);
        put_functions(c, &w, message);
    }
}
