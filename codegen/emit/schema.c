/*
 * schema.binpb and subjects.txt: the system as data, for tools that have no generated C, such as
 * the channel. The file is described in runtime/wire/schema.proto.
 */
#include <inttypes.h>

#include "codegen/emit/descriptor.h"
#include "codegen/emit/emitters.h"
#include "codegen/emit/proto.h"
#include "codegen/model/encoded.h"
#include "codegen/write/pb_write.h"
#include "codegen/write/writer.h"
#include "runtime/base/schema_numbers.h"

struct schema {
    const struct ts_model *model;
    struct rt_buf *out;
    struct rt_arena *arena;
};

static const char *full_name(const struct schema *s, const struct ts_service *service,
                             const char *name)
{
    return rt_arena_printf(s->arena, "%s.%s", ts_proto_package(s->arena, s->model, service), name);
}

/* ------------------------------------------------------------------- events */

/* The field of a record that names it. */
static const struct ts_field *id_of(const struct ts_message *record)
{
    size_t i = 0;
    while (i + 1 < record->n_fields && record->fields[i].type.kind != TS_ID)
        i++;
    return &record->fields[i];
}

static void put_event(const struct schema *s, const struct ts_event *event)
{
    const struct ts_field *key = event->key;
    uint64_t size = ts_encoded_max(event->message);
    size_t at = ts_pb_begin(s->out, RT_SYS_EVENT);
    ts_pb_text(s->out, RT_SYS_EVENT_SUBJECT, event->subject);
    ts_pb_text(s->out, RT_SYS_EVENT_MESSAGE, full_name(s, event->service, event->message->name));
    ts_pb_number(s->out, RT_SYS_EVENT_KEY, key->number);
    if (key->type.kind == TS_MESSAGE)
        ts_pb_number(s->out, RT_SYS_EVENT_KEY, id_of(key->type.message)->number);
    if (size != TS_ENCODED_UNBOUNDED)
        ts_pb_number(s->out, RT_SYS_EVENT_SIZE_MAX, size);
    ts_pb_end(s->out, at);
}

/* ------------------------------------------------------------------- fields */

static bool has_lengths(const struct ts_type *type)
{
    return type->kind == TS_STRING || type->kind == TS_PASSWORD || type->kind == TS_BYTES;
}

static uint32_t kind_of(const struct ts_type *type)
{
    static const uint8_t kinds[] = {
        [TS_DECIMAL] = RT_SYS_KIND_DECIMAL,   [TS_ID] = RT_SYS_KIND_ID,
        [TS_REF] = RT_SYS_KIND_REF,           [TS_TIME] = RT_SYS_KIND_TIME,
        [TS_DATE] = RT_SYS_KIND_DATE,         [TS_DURATION] = RT_SYS_KIND_DURATION,
        [TS_PASSWORD] = RT_SYS_KIND_PASSWORD, [TS_VERSION] = RT_SYS_KIND_VERSION,
    };
    return kinds[type->kind];
}

static void put_bound(const struct schema *s, const struct ts_type *type, uint32_t field,
                      uint32_t field_f64, const union ts_value *value)
{
    if (type->kind == TS_F64)
        ts_pb_double(s->out, field_f64, value->real);
    else if (type->kind == TS_U32 || type->kind == TS_U64)
        ts_pb_number(s->out, field, value->natural > INT64_MAX ? INT64_MAX : value->natural);
    else
        ts_pb_int(s->out, field, value->integer);
}

static void put_bounds(const struct schema *s, const struct ts_type *type)
{
    if (has_lengths(type)) {
        if (type->min_len > 0)
            ts_pb_number(s->out, RT_SYS_FIELD_MIN, type->min_len);
        if (type->max_len != TS_UNBOUNDED)
            ts_pb_number(s->out, RT_SYS_FIELD_MAX, type->max_len);
        return;
    }
    if (type->has_min)
        put_bound(s, type, RT_SYS_FIELD_MIN, RT_SYS_FIELD_MIN_F64, &type->min);
    if (type->has_max)
        put_bound(s, type, RT_SYS_FIELD_MAX, RT_SYS_FIELD_MAX_F64, &type->max);
}

/* What is said of a value, wherever it is. */
static void put_value(const struct schema *s, const struct ts_type *type, bool secret)
{
    if (kind_of(type) > 0)
        ts_pb_number(s->out, RT_SYS_FIELD_KIND, kind_of(type));
    if (type->kind == TS_DECIMAL && type->scale > 0)
        ts_pb_number(s->out, RT_SYS_FIELD_SCALE, type->scale);
    if (type->trim)
        ts_pb_number(s->out, RT_SYS_FIELD_TRIM, true);
    if (type->lower)
        ts_pb_number(s->out, RT_SYS_FIELD_LOWER, true);
    if (secret || type->kind == TS_PASSWORD)
        ts_pb_number(s->out, RT_SYS_FIELD_SECRET, true);
    put_bounds(s, type);
    if (type->format != TS_FORMAT_NONE)
        ts_pb_number(s->out, RT_SYS_FIELD_FORMAT, (uint64_t)type->format);
    if (type->pattern)
        ts_pb_text(s->out, RT_SYS_FIELD_PATTERN, type->pattern);
}

static void put_items(const struct schema *s, const struct ts_type *type)
{
    if (type->shape == TS_ONE)
        return;
    if (type->min_items > 0)
        ts_pb_number(s->out, RT_SYS_FIELD_ITEMS_MIN, type->min_items);
    if (type->max_items != TS_UNBOUNDED)
        ts_pb_number(s->out, RT_SYS_FIELD_ITEMS_MAX, type->max_items);
}

/* Drops the field again when nothing was said but its number. */
static size_t begin_field(const struct schema *s, uint32_t number, size_t *ret_empty)
{
    size_t at = ts_pb_begin(s->out, RT_SYS_MESSAGE_FIELD);
    ts_pb_number(s->out, RT_SYS_FIELD_NUMBER, number);
    *ret_empty = s->out->len;
    return at;
}

static void end_field(const struct schema *s, size_t before, size_t at, size_t empty)
{
    if (s->out->len == empty)
        s->out->len = before;
    else
        ts_pb_end(s->out, at);
}

static void put_field(const struct schema *s, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    size_t before = s->out->len;
    size_t empty;
    size_t at = begin_field(s, field->number, &empty);
    if (type->shape != TS_MAP)
        put_value(s, type, field->secret);
    if (type->unique_items)
        ts_pb_number(s->out, RT_SYS_FIELD_UNIQUE_ITEMS, true);
    if (field->embed)
        ts_pb_number(s->out, RT_SYS_FIELD_EMBED, true);
    put_items(s, type);
    end_field(s, before, at, empty);
}

/* ----------------------------------------------------------------- messages */

static void put_message(const struct schema *s, const struct ts_message *message)
{
    size_t before = s->out->len;
    size_t at = ts_pb_begin(s->out, RT_SYS_MESSAGE);
    ts_pb_text(s->out, RT_SYS_MESSAGE_NAME, full_name(s, message->service, message->name));
    size_t empty = s->out->len;
    for (size_t i = 0; i < message->n_fields; i++)
        put_field(s, &message->fields[i]);
    end_field(s, before, at, empty);
}

/* The entry of a map as a message of its own, with fields key = 1 and value = 2. */
static void put_entry(const struct schema *s, const struct ts_field *map)
{
    const struct ts_type key = {
        .kind = TS_STRING, .min_len = map->type.key_min_len, .max_len = map->type.key_max_len};
    const char *name =
        rt_arena_printf(s->arena, "%s.%s", map->message->name, ts_proto_entry(s->arena, map));
    size_t before = s->out->len;
    size_t at = ts_pb_begin(s->out, RT_SYS_MESSAGE);
    ts_pb_text(s->out, RT_SYS_MESSAGE_NAME, full_name(s, map->message->service, name));
    size_t empty = s->out->len;
    for (uint32_t number = 1; number <= 2; number++) {
        size_t before_field = s->out->len;
        size_t empty_field;
        size_t at_field = begin_field(s, number, &empty_field);
        put_value(s, number == 1 ? &key : &map->type, number == 2 && map->secret);
        end_field(s, before_field, at_field, empty_field);
    }
    end_field(s, before, at, empty);
}

static void put_enum(const struct schema *s, const struct ts_enum *e)
{
    size_t at = ts_pb_begin(s->out, RT_SYS_ENUM);
    ts_pb_text(s->out, RT_SYS_ENUM_NAME, full_name(s, e->service, e->name));
    for (size_t i = 0; i < e->n_values; i++) {
        const struct ts_enum_value *value = &e->values[i];
        size_t value_at = ts_pb_begin(s->out, RT_SYS_ENUM_VALUE);
        ts_pb_number(s->out, RT_SYS_VALUE_NUMBER, value->number);
        ts_pb_text(s->out, RT_SYS_VALUE_NAME, value->name);
        if (strcmp(value->name, value->text) != 0)
            ts_pb_text(s->out, RT_SYS_VALUE_JSON, value->text);
        ts_pb_end(s->out, value_at);
    }
    ts_pb_end(s->out, at);
}

/* Calls `put` for the messages, and `put_entry` for the maps in them. */
static void put_messages(const struct schema *s, const struct ts_service *service)
{
    for (size_t i = 0; i < service->n_messages; i++) {
        const struct ts_message *message = service->messages[i];
        put_message(s, message);
        for (size_t k = 0; k < message->n_fields; k++)
            if (message->fields[k].type.shape == TS_MAP)
                put_entry(s, &message->fields[k]);
    }
}

static void put_schema(const struct schema *s)
{
    const struct ts_model *model = s->model;
    ts_put_descriptors(model, s->out, s->arena);
    for (size_t i = 0; i < model->n_services; i++)
        for (size_t k = 0; k < model->services[i]->n_events; k++)
            put_event(s, model->services[i]->events[k]);
    for (size_t i = 0; i < model->n_services; i++)
        put_messages(s, model->services[i]);
    for (size_t i = 0; i < model->n_enums; i++)
        put_enum(s, model->enums[i]);
    for (size_t i = 0; i < model->n_services; i++)
        for (size_t k = 0; k < model->services[i]->n_enums; k++)
            put_enum(s, model->services[i]->enums[k]);
    ts_pb_text(s->out, RT_SYS_NAME, model->name);
}

/* ------------------------------------------------------------- subjects.txt */

static void put_subject(const struct schema *s, struct ts_writer *w, const struct ts_event *event)
{
    uint64_t size = ts_encoded_max(event->message);
    ts_set(w, "subject", event->subject);
    ts_set(w, "message", full_name(s, event->service, event->message->name));
    ts_set(w, "key", event->key->name);
    ts_set(w, "id", "");
    ts_set(w, "size", "any");
    if (event->key->type.kind == TS_MESSAGE)
        ts_setf(w, "id", ".%s", id_of(event->key->type.message)->name);
    if (size != TS_ENCODED_UNBOUNDED)
        ts_setf(w, "size", "%" PRIu64, size);
    ts_put(w, "$subject $message $key$id $size");
}

static void put_subjects(const struct schema *s, struct ts_writer *w)
{
    ts_set(w, "schema", s->model->name);
    ts_put(w,
           "# Generated from schema $schema; do not edit.\n"
           "# SUBJECT MESSAGE KEY BYTES, a line for each event: its payload, where the key is in\n"
           "# it, and how long it can get (any: the schema sets no bound). As in schema.binpb.");
    for (size_t i = 0; i < s->model->n_services; i++)
        for (size_t k = 0; k < s->model->services[i]->n_events; k++)
            put_subject(s, w, s->model->services[i]->events[k]);
}

void ts_emit_schema(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer w;
    rt_arena_init(&arena, 1 << 16);
    struct schema s = {model, ts_output_file(output, "schema.binpb"), &arena};
    put_schema(&s);
    ts_writer_init(&w, ts_output_file(output, "subjects.txt"), &arena);
    put_subjects(&s, &w);
    rt_arena_done(&arena);
}
