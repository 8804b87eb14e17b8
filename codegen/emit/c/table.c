/* The tables of a message: protobuf descriptor, fields, limits, defaults, rules. */

#include <stdlib.h>

#include "codegen/emit/c/c.h"
#include "codegen/model/names.h"

/* ------------------------------------------------------------------- limits */

static bool has_lengths(const struct ts_type *type)
{
    return type->kind == TS_STRING || type->kind == TS_PASSWORD || type->kind == TS_BYTES;
}

/* Of a map, its values have limits of their own. */
static bool has_low(const struct ts_type *type)
{
    if (type->shape == TS_MAP)
        return false;
    return has_lengths(type) ? type->min_len > 0 : type->has_min;
}

static bool has_high(const struct ts_type *type)
{
    if (type->shape == TS_MAP)
        return false;
    return has_lengths(type) ? type->max_len != TS_UNBOUNDED : type->has_max;
}

static bool has_limits(const struct ts_type *type)
{
    return has_low(type) || has_high(type) ||
           (type->shape != TS_MAP && (type->format != TS_FORMAT_NONE || type->pattern)) ||
           (type->shape != TS_ONE && (type->min_items > 0 || type->max_items != TS_UNBOUNDED));
}

static bool same_limits(const struct ts_type *a, const struct ts_type *b)
{
    return a->kind == b->kind && a->shape == b->shape && a->has_min == b->has_min &&
           a->has_max == b->has_max && (!a->has_min || a->min.integer == b->min.integer) &&
           (!a->has_max || a->max.integer == b->max.integer) && a->min_len == b->min_len &&
           a->max_len == b->max_len && a->format == b->format && a->pattern == b->pattern &&
           a->min_items == b->min_items && a->max_items == b->max_items;
}

/* Fields that share their limits share the table, named after the alias or the first of them. True
 * when this source does not have it yet. */
static bool limits_are_new(struct ts_c *c, const struct ts_field *field, const char **ret_name)
{
    const struct ts_type *type = &field->type;
    const struct ts_alias *alias = type->alias;
    if (alias && same_limits(type, alias->type))
        return ts_c_local_is_new(
            c, alias,
            rt_arena_join(c->arena, ts_name_snake(c->arena, alias->name), "_limits", NULL),
            ret_name);
    while (field->origin && field->origin->message->service == field->message->service)
        field = field->origin;
    return ts_c_local_is_new(
        c, field,
        rt_arena_join(c->arena, field->message->c_name, "_", field->name, "_limits", NULL),
        ret_name);
}

static const char *limits_name(struct ts_c *c, const struct ts_field *field)
{
    const char *name;
    limits_are_new(c, field, &name);
    return name;
}

static const char *bound(struct ts_c *c, const struct ts_type *type, const char *name,
                         const union ts_value *value, uint32_t len)
{
    if (has_lengths(type))
        return rt_arena_printf(c->arena, ".%s = %u, ", name, (unsigned)len);
    if (type->kind == TS_U64 && value->natural > INT64_MAX)
        return rt_arena_printf(c->arena, ".%s = INT64_MAX, ", name);
    const char *suffix = type->kind == TS_F64 ? "_f64" : "";
    return rt_arena_join(c->arena, ".", name, suffix, " = ", ts_c_value(c, type, value), ", ",
                         NULL);
}

static const char *limits_of(struct ts_c *c, const struct ts_type *type)
{
    static const char *const formats[] = {"NONE", "EMAIL", "URL", "UUID", "SLUG"};
    const char *text = "";
    if (has_low(type))
        text = bound(c, type, "min", &type->min, type->min_len);
    if (has_high(type))
        text =
            rt_arena_join(c->arena, text, bound(c, type, "max", &type->max, type->max_len), NULL);
    if (type->shape != TS_ONE && type->min_items > 0)
        text = rt_arena_printf(c->arena, "%s.items_min = %u, ", text, (unsigned)type->min_items);
    if (type->shape != TS_ONE && type->max_items != TS_UNBOUNDED)
        text = rt_arena_printf(c->arena, "%s.items_max = %u, ", text, (unsigned)type->max_items);
    bool values = type->shape != TS_MAP;
    if (values && type->format != TS_FORMAT_NONE)
        text = rt_arena_printf(c->arena, "%s.format = RT_FORMAT_%s, ", text, formats[type->format]);
    if (values && type->pattern)
        text = rt_arena_printf(c->arena, "%s.pattern = %s, ", text,
                               ts_quoted(c->arena, type->pattern));
    return rt_arena_strndup(c->arena, text, strlen(text) - 2);
}

/* Emits the limits of the field unless this file has them. */
static void put_limits(struct ts_c *c, struct ts_writer *w, const struct ts_field *field)
{
    const char *name;
    if (!has_limits(&field->type) || !limits_are_new(c, field, &name))
        return;
    struct ts_item item = {limits_of(c, &field->type), NULL};
    const char *head = rt_arena_join(c->arena, "static const struct rt_limits ", name, NULL);
    if (strlen(head) + strlen(item.text) + strlen(" = {};") <= TS_WRITER_COLUMNS) {
        ts_list(w, head, &item, 1);
        return;
    }
    ts_set(w, "head", head);
    ts_put(w, "$head = {");
    char *rest = rt_arena_strdup(c->arena, item.text);
    for (char *part = rest, *next; part; part = next) {
        next = strstr(part, ", .");
        if (next) {
            *next = '\0';
            next += 2;
        }
        ts_set(w, "part", part);
        ts_put(w, "    $part,");
    }
    ts_put(w, "};");
}

/* ----------------------------------------------------------------- protobuf */

const char *ts_c_pb_type(const struct ts_type *type)
{
    switch (type->kind) {
    case TS_BOOL:
        return "BOOL";
    case TS_I32:
    case TS_DATE:
        return "INT32";
    case TS_U32:
        return "UINT32";
    case TS_U64:
        return "UINT64";
    case TS_F64:
        return "DOUBLE";
    case TS_BYTES:
        return "BYTES";
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
        return "STRING";
    case TS_ENUM:
        return "ENUM";
    case TS_MESSAGE:
        return "MESSAGE";
    default:
        return "INT64";
    }
}

static void put_pb_row(struct ts_c *c, struct ts_writer *w, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    const char *pb = ts_c_pb_type(type);
    ts_set(w, "field", field->name);
    ts_set_number(w, "number", field->number);
    ts_set(w, "TYPE", pb);
    ts_set(w, "other", "NULL");
    if (type->shape == TS_MAP)
        ts_setf(w, "other", "%s_message", ts_c_entry(c, field));
    else if (type->kind == TS_MESSAGE)
        ts_setf(w, "other", "%s_message", ts_c_type(c, type->message));
    bool named = strcmp(pb, "STRING") == 0 || strcmp(pb, "ENUM") == 0;
    if (type->shape == TS_MAP || (type->shape == TS_LIST && type->kind == TS_MESSAGE))
        ts_put(w, "    RT_PB_LIST($T, $field, $number, MESSAGE, &$other.pb),");
    else if (type->shape == TS_LIST)
        ts_put(w, type->kind == TS_ENUM
                      ? "    RT_PB_LIST($T, $field, $number, ENUM, &rt_pb_any_enum),"
                      : "    RT_PB_LIST($T, $field, $number, $TYPE, NULL),");
    else if (type->kind == TS_MESSAGE)
        ts_put(w, "    RT_PB_MESSAGE($T, $field, $number, &$other),");
    else if (type->optional)
        ts_put(w, named ? "    RT_PB_OPTIONAL_$TYPE($T, $field, $number),"
                        : "    RT_PB_OPTIONAL_NUMBER($T, $field, $number, $TYPE),");
    else
        ts_put(w, named || type->kind == TS_BYTES
                      ? "    RT_PB_$TYPE($T, $field, $number),"
                      : "    RT_PB_NUMBER($T, $field, $number, $TYPE),");
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = (*(const struct ts_field *const *)a)->number;
    uint32_t right = (*(const struct ts_field *const *)b)->number;
    return left < right ? -1 : left > right;
}

const struct ts_field **ts_c_by_number(struct ts_c *c, const struct ts_message *message)
{
    const struct ts_field **sorted =
        RT_ARENA_ARRAY(c->arena, message->n_fields, const struct ts_field *);
    for (size_t i = 0; i < message->n_fields; i++)
        sorted[i] = &message->fields[i];
    qsort(sorted, message->n_fields, sizeof *sorted, by_number);
    return sorted;
}

/* Returns the number of ranges. Each is a run of consecutive numbers: its first number, and the
 * place of that field in the table. */
static size_t put_ranges(struct ts_c *c, struct ts_writer *w, const struct ts_field **sorted,
                         size_t count)
{
    struct ts_item *ranges = RT_ARENA_ARRAY(c->arena, count + 1, struct ts_item);
    size_t n_ranges = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sorted[i]->number == sorted[i - 1]->number + 1)
            continue;
        ranges[n_ranges].text =
            rt_arena_printf(c->arena, "{%u, %zu}", (unsigned)sorted[i]->number, i);
        ranges[n_ranges++].comment = sorted[i]->name;
    }
    ranges[n_ranges] = (struct ts_item){rt_arena_printf(c->arena, "{0, %zu}", count), "end"};
    ts_list(w, "static const ProtobufCIntRange ${short}_ranges[]", ranges, n_ranges + 1);
    return n_ranges;
}

static size_t put_pb(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    const struct ts_field **sorted = ts_c_by_number(c, message);
    ts_put(w, "\nstatic const ProtobufCFieldDescriptor ${short}_pb[] = {");
    bool remarked = message->n_fields <= TS_ROWS_WITHOUT_REMARK;
    for (size_t i = 0; i < message->n_fields; i++) {
        put_pb_row(c, w, sorted[i]);
        remarked = remarked || ts_remark(w, "in order of number");
    }
    ts_put(w, "};");
    return put_ranges(c, w, sorted, message->n_fields);
}

/* ------------------------------------------------------------------- fields */

static const char *flags_of(struct ts_c *c, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    const struct {
        bool on;
        const char *name;
    } flags[] = {
        {type->trim, "TRIM"},
        {type->lower, "LOWER"},
        {field->secret || type->kind == TS_PASSWORD, "SECRET"},
        {type->unique_items, "UNIQUE_ITEMS"},
        {field->embed, "EMBED"},
        {has_low(type) && has_high(type), "RANGE"},
        {has_low(type) && !has_high(type), "HAS_MIN"},
        {!has_low(type) && has_high(type), "HAS_MAX"},
        {ts_c_has_default(field), "DEFAULT"},
    };
    const char *text = "";
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (flags[i].on)
            text =
                rt_arena_join(c->arena, text, *text ? " | " : "", "RT_FIELD_", flags[i].name, NULL);
    return text;
}

static const char *default_name(struct ts_c *c, const struct ts_field *field)
{
    return ts_c_local(
        c, &field->default_value,
        rt_arena_join(c->arena, field->message->c_name, "_", field->name, "_default", NULL));
}

/* What makes a value of the type: kind, scale, flags, limits, and what it refers to. */
static const char *details(struct ts_c *c, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    const char *kind = ts_name_upper(c->arena, ts_kind_name(type->kind));
    const char *text = rt_arena_join(c->arena, ".kind = RT_", kind, NULL);
    if (type->kind == TS_DECIMAL)
        text = rt_arena_printf(c->arena, "%s, .scale = %u", text, (unsigned)type->scale);
    if (type->kind == TS_ENUM)
        text = rt_arena_join(c->arena, text, ", .enumeration = &", ts_c_enum(c, type->enumeration),
                             "_enum", NULL);
    if (type->kind == TS_MESSAGE)
        text = rt_arena_join(c->arena, text, ", .message = &", ts_c_type(c, type->message),
                             "_message", NULL);
    const char *flags = flags_of(c, field);
    if (*flags)
        text = rt_arena_join(c->arena, text, ", .flags = ", flags, NULL);
    if (has_limits(type))
        text = rt_arena_join(c->arena, text, ", .limits = &", limits_name(c, field), NULL);
    if (ts_c_has_default(field) && strcmp(ts_c_value_type(c, field), "const char *") == 0)
        text = rt_arena_printf(c->arena, "%s, .fallback = %s", text,
                               ts_c_value(c, type, &field->default_value));
    else if (ts_c_has_default(field))
        text = rt_arena_join(c->arena, text, ", .fallback = &", default_name(c, field), NULL);
    return text;
}

/* The default of a number has an address of its own. */
static void put_default(struct ts_c *c, struct ts_writer *w, const struct ts_field *field)
{
    const char *type = ts_c_value_type(c, field);
    if (!ts_c_has_default(field) || strcmp(type, "const char *") == 0)
        return;
    ts_set(w, "type", type);
    ts_set(w, "fallback", default_name(c, field));
    ts_set(w, "value", ts_c_value(c, &field->type, &field->default_value));
    ts_put(w, "static const $type$fallback = $value;");
}

static void put_field_row(struct ts_c *c, struct ts_writer *w, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    ts_set(w, "field", field->name);
    ts_set(w, "json", field->json_name);
    ts_set_number(w, "number", field->number);
    if (type->shape == TS_MAP) {
        ts_set(w, "entry", ts_c_entry(c, field));
        ts_set(w, "limits",
               has_limits(type)
                   ? rt_arena_printf(c->arena, ", .limits = &%s", limits_name(c, field))
                   : "");
        ts_put(w, "    RT_FIELD_MANY($T, $field, $number, \"$json\", .shape = RT_MAP, "
                  ".kind = RT_MESSAGE, .message = &${entry}_message$limits),");
        return;
    }
    ts_set(w, "details", details(c, field));
    if (type->shape == TS_LIST)
        ts_put(w, "    RT_FIELD_MANY($T, $field, $number, \"$json\", .shape = RT_LIST, $details),");
    else if (ts_c_has_flag(type))
        ts_put(w, "    RT_FIELD_HAS($T, $field, $number, \"$json\", $details),");
    else
        ts_put(w,
               type->optional
                   ? "    RT_FIELD($T, $field, $number, \"$json\", .shape = RT_OPTIONAL, $details),"
                   : "    RT_FIELD($T, $field, $number, \"$json\", $details),");
}

static void put_fields(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++) {
        put_limits(c, w, &message->fields[i]);
        put_default(c, w, &message->fields[i]);
    }
    ts_put(w, "const struct rt_field ${T}_fields[] = {");
    bool remarked = message->n_fields <= TS_ROWS_WITHOUT_REMARK;
    for (size_t i = 0; i < message->n_fields; i++) {
        put_field_row(c, w, &message->fields[i]);
        remarked = remarked || ts_remark(w, "in schema order");
    }
    ts_put(w, "};");
}

/* --------------------------------------------------------------------- maps */

struct ts_message *ts_c_entry_message(struct ts_c *c, const struct ts_field *map)
{
    struct ts_message *entry = RT_ARENA_NEW(c->arena, struct ts_message);
    entry->kind = TS_PLAIN;
    entry->service = map->message->service;
    entry->name = rt_arena_printf(c->arena, "%s%sEntry", map->message->name,
                                  ts_name_pascal(c->arena, map->name));
    entry->c_name = rt_arena_printf(c->arena, "%s_%s_entry", map->message->c_name, map->name);
    entry->fields = RT_ARENA_ARRAY(c->arena, 2, struct ts_field);
    entry->n_fields = 2;
    struct ts_field *key = &entry->fields[0];
    struct ts_field *value = &entry->fields[1];
    *key = (struct ts_field){.name = "key", .json_name = "key", .number = 1, .message = entry};
    key->type = (struct ts_type){
        .kind = TS_STRING, .min_len = map->type.key_min_len, .max_len = map->type.key_max_len};
    *value = (struct ts_field){
        .name = "value", .json_name = "value", .number = 2, .message = entry, .type = map->type};
    value->type.shape = TS_ONE;
    value->type.alias = NULL;
    value->type.min_items = 0;
    value->type.max_items = TS_UNBOUNDED;
    value->secret = map->secret;
    return entry;
}

/* ------------------------------------------------------------------ message */

static void put_message(struct ts_c *c, struct ts_writer *w, const struct ts_message *message,
                        const char *storage)
{
    const char *package = message->service->package;
    ts_set(w, "T", ts_c_type(c, message));
    ts_set(w, "short", message->c_name);
    ts_set(w, "name", message->name);
    ts_set(w, "storage", storage);
    ts_setf(w, "full", "%s.%s", package, message->name);
    size_t ranges = put_pb(c, w, message);
    put_fields(c, w, message);
    if (message->n_rules > 0)
        ts_put_rules(c, w, message);
    ts_set_number(w, "fields", message->n_fields);
    ts_set_number(w, "ranges", ranges);
    ts_set_number(w, "rules", message->n_rules);
    ts_put(w, "${storage}const struct rt_message ${T}_message = {");
    ts_assign(w, "    .pb",
              "RT_PB_DESCRIPTOR(\"$full\", $T, ${short}_pb, $fields, ${short}_ranges, $ranges)",
              ",");
    ts_put(w, "    .name = \"$name\",\n"
              "    .fields = ${T}_fields,\n"
              "    .n_fields = $fields,");
    if (message->n_rules > 0)
        ts_put(w, "    .rules = ${short}_rules,\n"
                  "    .n_rules = $rules,");
    ts_put(w, "};");
}

void ts_emit_tables(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++)
        if (message->fields[i].type.shape == TS_MAP)
            put_message(c, w, ts_c_entry_message(c, &message->fields[i]), "static ");
    put_message(c, w, message, "");
}
