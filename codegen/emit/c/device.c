/*
 * <svc>_device: the bounded messages of a service once more, for devices. The structs have a
 * static size, which the constraints of the schema give, and the tables are those of nanopb.
 */
#include <inttypes.h>

#include "codegen/emit/c/c.h"
#include "codegen/model/names.h"

static const char *device_type(struct ts_c *c, const struct ts_message *message)
{
    return rt_arena_printf(c->arena, "%s_device", ts_c_type(c, message));
}

static const char *entry_type(struct ts_c *c, const struct ts_field *map)
{
    return rt_arena_printf(c->arena, "%s_%s_entry", device_type(c, map->message), map->name);
}

/* The message that holds the entries of a map, or that a value is; NULL of plain values. */
static const char *part_type(struct ts_c *c, const struct ts_field *field)
{
    if (field->type.shape == TS_MAP)
        return entry_type(c, field);
    return field->type.kind == TS_MESSAGE ? device_type(c, field->type.message) : NULL;
}

/* As nanopb calls the type of one value. */
static const char *wire_type(struct ts_c *c, const struct ts_field *field)
{
    if (part_type(c, field))
        return "MESSAGE";
    return field->type.kind == TS_ENUM ? "UENUM" : ts_c_pb_type(&field->type);
}

static bool has_flag(const struct ts_type *type)
{
    return type->shape == TS_ONE && (type->optional || type->kind == TS_MESSAGE);
}

/* ------------------------------------------------------------------ structs */

/* "char title[81]", with [n] for a list. */
static const char *declarator(struct ts_c *c, const struct ts_field *field, const char *name)
{
    const struct ts_type *type = &field->type;
    struct rt_arena *arena = c->arena;
    const char *many =
        type->shape == TS_ONE ? "" : rt_arena_printf(arena, "[%" PRIu32 "]", type->max_items);
    const char *part = part_type(c, field);
    if (part)
        return rt_arena_printf(arena, "struct %s %s%s;", part, name, many);
    switch (type->kind) {
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
        return rt_arena_printf(arena, "char %s%s[%" PRIu64 "];", name, many,
                               ts_type_bytes_max(type) + 1);
    case TS_BYTES:
        return rt_arena_printf(arena, "PB_BYTES_ARRAY_T(%" PRIu32 ") %s%s;", type->max_len, name,
                               many);
    case TS_BOOL:
        return rt_arena_printf(arena, "bool %s%s;", name, many);
    default:
        return rt_arena_printf(arena, "%s%s%s;", ts_c_value_type(c, field), name, many);
    }
}

static size_t add_member(struct ts_c *c, const struct ts_field *field, struct ts_item *items)
{
    size_t count = 0;
    if (has_flag(&field->type))
        items[count++].text = rt_arena_printf(c->arena, "bool has_%s;", field->name);
    else if (field->type.shape != TS_ONE)
        items[count++].text = rt_arena_printf(c->arena, "pb_size_t n_%s;", field->name);
    items[count].text = declarator(c, field, field->name);
    items[count++].comment = ts_c_member_comment(c, field, false);
    return count;
}

static void put_struct(struct ts_c *c, struct ts_writer *w, const struct ts_message *message,
                       const char *type)
{
    struct ts_item *items = RT_ARENA_ARRAY(c->arena, 2 * message->n_fields, struct ts_item);
    size_t count = 0;
    for (size_t i = 0; i < message->n_fields; i++)
        count += add_member(c, &message->fields[i], items + count);
    ts_set(w, "T", type);
    ts_put(w, "struct $T {");
    ts_members(w, items, count);
    ts_put(w, "};\n"
              "extern const pb_msgdesc_t ${T}_msg;");
}

static void put_message(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        if (field->type.shape != TS_MAP)
            continue;
        ts_set(w, "field", field->name);
        ts_put(w, "\n/* One of $field below. */");
        put_struct(c, w, ts_c_entry_message(c, field), entry_type(c, field));
    }
    const char *type = device_type(c, message);
    ts_put(w, "");
    ts_comment(w, 0, message->doc);
    put_struct(c, w, message, type);
    ts_set(w, "TYPE", ts_upper(c, type));
    ts_set_number(w, "bytes", message->bytes_max);
    ts_put(w, "enum { ${TYPE}_BYTES_MAX = $bytes };");
}

/* ------------------------------------------------------------------- tables */

static void put_row(struct ts_c *c, struct ts_writer *w, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    ts_set(w, "field", field->name);
    ts_set_number(w, "number", field->number);
    ts_set(w, "TYPE", wire_type(c, field));
    ts_set(w, "SHAPE", type->shape != TS_ONE ? "LIST" : has_flag(type) ? "OPTIONAL" : "ONE");
    ts_put(w, "    RT_DEVICE_$SHAPE($T, $field, $number, $TYPE),");
}

static void put_table(struct ts_c *c, struct ts_writer *w, const struct ts_message *message,
                      const char *type, const char *name)
{
    const struct ts_field **sorted = ts_c_by_number(c, message);
    struct ts_item *parts = RT_ARENA_ARRAY(c->arena, message->n_fields + 1, struct ts_item);
    size_t n_parts = 0;
    bool remarked = message->n_fields <= TS_ROWS_WITHOUT_REMARK;
    ts_set(w, "T", type);
    ts_set(w, "name", name);
    ts_put(w, "\n"
              "RT_DEVICE_FITS($T);\n"
              "static const uint32_t ${name}_rows[] = {");
    for (size_t i = 0; i < message->n_fields; i++) {
        const char *part = part_type(c, sorted[i]);
        put_row(c, w, sorted[i]);
        remarked = remarked || ts_remark(w, "in order of number");
        if (part)
            parts[n_parts++] =
                (struct ts_item){rt_arena_printf(c->arena, "&%s_msg", part), sorted[i]->name};
    }
    ts_put(w, "    0,\n};");
    parts[n_parts++] = (struct ts_item){"NULL", "end"};
    ts_list(w, "static const pb_msgdesc_t *const ${name}_parts[]", parts, n_parts);
    ts_set_number(w, "count", message->n_fields);
    ts_setf(w, "largest", "%u",
            message->n_fields > 0 ? (unsigned)sorted[message->n_fields - 1]->number : 0);
    ts_put(w, "const pb_msgdesc_t ${T}_msg = {\n"
              "    .field_info = ${name}_rows,\n"
              "    .submsg_info = ${name}_parts,\n"
              "    .field_count = $count,\n"
              "    .largest_tag = $largest,\n"
              "};");
}

static void put_tables(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    const char *name = message->c_name;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        if (field->type.shape == TS_MAP)
            put_table(c, w, ts_c_entry_message(c, field), entry_type(c, field),
                      rt_arena_printf(c->arena, "%s_%s_entry", name, field->name));
    }
    put_table(c, w, message, device_type(c, message), name);
}

/* -------------------------------------------------------------------- files */

void ts_emit_devices(struct ts_c *c)
{
    const struct ts_service *service = c->service;
    struct ts_writer w;
    struct ts_includes includes = {0};
    if (!ts_has_devices(service))
        return;
    for (size_t i = 0; i < service->n_messages; i++)
        for (size_t k = 0; service->messages[i]->bounded && k < service->messages[i]->n_fields; k++)
            if (service->messages[i]->fields[k].type.kind == TS_ENUM)
                ts_include_of(c, &includes,
                              service->messages[i]->fields[k].type.enumeration->service, "enums");
    ts_c_header_begin(
        c, &w, "device",
        rt_arena_printf(
            c->arena,
            "The bounded messages of service %s for devices: pb_encode and pb_decode of "
            "nanopb work on structs of static size and allocate nothing. No message "
            "takes more than its BYTES_MAX; text that is longer than its array is an "
            "error of pb_decode.",
            service->name));
    ts_put(&w, "#include <pb.h>");
    if (includes.count > 0)
        ts_put(&w, "");
    ts_includes_put(&w, &includes);
    ts_c_header_declare(&w);
    for (size_t i = 0; i < service->n_messages; i++)
        if (service->messages[i]->bounded)
            put_message(c, &w, service->messages[i]);
    ts_c_header_end(&w);

    ts_c_source_begin(c, &w, "device");
    ts_put(&w, "\n#include \"runtime/wire/device.h\"");
    for (size_t i = 0; i < service->n_messages; i++)
        if (service->messages[i]->bounded)
            put_tables(c, &w, service->messages[i]);
}
