/*
 * The emitted .proto files once more, as the google.protobuf.FileDescriptorSet that protoc makes
 * of them: for tools that read descriptors instead of text.
 */
#include "codegen/emit/descriptor.h"

#include "codegen/emit/proto.h"
#include "codegen/model/names.h"
#include "codegen/write/pb_write.h"
#include "runtime/base/schema_numbers.h"

enum pb_type {
    TYPE_DOUBLE = 1,
    TYPE_INT64 = 3,
    TYPE_UINT64,
    TYPE_INT32,
    TYPE_BOOL = 8,
    TYPE_STRING,
    TYPE_MESSAGE = 11,
    TYPE_BYTES,
    TYPE_UINT32,
    TYPE_ENUM
};

struct set {
    const struct ts_model *model;
    const struct ts_service *service; /* of the file; NULL: the top level */
    struct rt_buf *out;
    struct rt_arena *arena;
};

static size_t begin_file(const struct set *set, const char *suffix)
{
    size_t at = ts_pb_begin(set->out, RT_DESC_SET_FILE);
    ts_pb_text(set->out, RT_DESC_FILE_NAME,
               ts_proto_path(set->arena, set->model, set->service, suffix));
    ts_pb_text(set->out, RT_DESC_FILE_PACKAGE,
               ts_proto_package(set->arena, set->model, set->service));
    return at;
}

static void end_file(const struct set *set, size_t at)
{
    ts_pb_text(set->out, RT_DESC_FILE_SYNTAX, "proto3");
    ts_pb_end(set->out, at);
}

/* -------------------------------------------------------------------- enums */

static void put_enum_value(const struct set *set, const char *prefix, const char *name,
                           uint32_t number)
{
    size_t at = ts_pb_begin(set->out, RT_DESC_ENUM_VALUE);
    ts_pb_text(set->out, RT_DESC_ENUM_NAME, rt_arena_printf(set->arena, "%s_%s", prefix, name));
    ts_pb_number(set->out, RT_DESC_VALUE_NUMBER, number);
    ts_pb_end(set->out, at);
}

static void put_enum(const struct set *set, const struct ts_enum *e)
{
    const char *prefix = ts_name_upper(set->arena, e->name);
    size_t at = ts_pb_begin(set->out, RT_DESC_FILE_ENUM);
    ts_pb_text(set->out, RT_DESC_ENUM_NAME, e->name);
    put_enum_value(set, prefix, "UNSPECIFIED", 0);
    for (size_t i = 0; i < e->n_values; i++)
        put_enum_value(set, prefix, ts_name_upper(set->arena, e->values[i].name),
                       e->values[i].number);
    ts_pb_end(set->out, at);
}

static void put_enum_file(const struct set *set, struct ts_enum *const *enums, size_t count)
{
    if (count == 0)
        return;
    size_t at = begin_file(set, "_enums");
    for (size_t i = 0; i < count; i++)
        put_enum(set, enums[i]);
    end_file(set, at);
}

/* ------------------------------------------------------------------- fields */

static enum pb_type type_of(const struct ts_type *type)
{
    switch (type->kind) {
    case TS_BOOL:
        return TYPE_BOOL;
    case TS_I32:
    case TS_DATE:
        return TYPE_INT32;
    case TS_U32:
        return TYPE_UINT32;
    case TS_U64:
        return TYPE_UINT64;
    case TS_F64:
        return TYPE_DOUBLE;
    case TS_BYTES:
        return TYPE_BYTES;
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
        return TYPE_STRING;
    case TS_ENUM:
        return TYPE_ENUM;
    case TS_MESSAGE:
        return TYPE_MESSAGE;
    default:
        return TYPE_INT64;
    }
}

/* ".ticketing.orders.OrderStatus", or NULL for what has no name. */
static const char *type_name(const struct set *set, const struct ts_type *type)
{
    const struct ts_service *service = NULL;
    const char *name = NULL;
    if (type->kind == TS_ENUM) {
        service = type->enumeration->service;
        name = type->enumeration->name;
    } else if (type->kind == TS_MESSAGE) {
        service = type->message->service;
        name = type->message->name;
    }
    return name ? rt_arena_printf(set->arena, ".%s.%s",
                                  ts_proto_package(set->arena, set->model, service), name)
                : NULL;
}

static void put_plain_field(const struct set *set, uint32_t number_in_parent, const char *name,
                            uint32_t number, const struct ts_type *type)
{
    size_t at = ts_pb_begin(set->out, number_in_parent);
    ts_pb_text(set->out, RT_DESC_FIELD_NAME, name);
    ts_pb_number(set->out, RT_DESC_FIELD_NUMBER, number);
    ts_pb_number(set->out, RT_DESC_FIELD_LABEL, RT_DESC_LABEL_OPTIONAL);
    ts_pb_number(set->out, RT_DESC_FIELD_TYPE, (uint64_t)type_of(type));
    if (type_name(set, type))
        ts_pb_text(set->out, RT_DESC_FIELD_TYPE_NAME, type_name(set, type));
    ts_pb_text(set->out, RT_DESC_FIELD_JSON, name);
    ts_pb_end(set->out, at);
}

/* What protoc makes of map<string, T>: a message with a key and a value. */
static void put_entry(const struct set *set, const struct ts_field *map)
{
    static const struct ts_type key = {.kind = TS_STRING};
    size_t at = ts_pb_begin(set->out, RT_DESC_MESSAGE_NESTED);
    ts_pb_text(set->out, RT_DESC_MESSAGE_NAME, ts_proto_entry(set->arena, map));
    put_plain_field(set, RT_DESC_MESSAGE_FIELD, "key", 1, &key);
    put_plain_field(set, RT_DESC_MESSAGE_FIELD, "value", 2, &map->type);
    size_t options = ts_pb_begin(set->out, RT_DESC_MESSAGE_OPTIONS);
    ts_pb_number(set->out, RT_DESC_OPTION_MAP_ENTRY, 1);
    ts_pb_end(set->out, options);
    ts_pb_end(set->out, at);
}

static bool is_optional(const struct ts_field *field)
{
    return field->type.optional && field->type.shape == TS_ONE;
}

/* An optional field is a oneof of its own; `oneof` counts them. */
static void put_field(const struct set *set, const struct ts_field *field, uint32_t *oneof)
{
    const struct ts_type *type = &field->type;
    const char *name = type_name(set, type);
    if (type->shape == TS_MAP)
        name = rt_arena_printf(set->arena, ".%s.%s.%s",
                               ts_proto_package(set->arena, set->model, set->service),
                               field->message->name, ts_proto_entry(set->arena, field));
    size_t at = ts_pb_begin(set->out, RT_DESC_MESSAGE_FIELD);
    ts_pb_text(set->out, RT_DESC_FIELD_NAME, field->name);
    ts_pb_number(set->out, RT_DESC_FIELD_NUMBER, field->number);
    ts_pb_number(set->out, RT_DESC_FIELD_LABEL,
                 type->shape == TS_ONE ? RT_DESC_LABEL_OPTIONAL : RT_DESC_LABEL_REPEATED);
    ts_pb_number(set->out, RT_DESC_FIELD_TYPE,
                 type->shape == TS_MAP ? TYPE_MESSAGE : (uint64_t)type_of(type));
    if (name)
        ts_pb_text(set->out, RT_DESC_FIELD_TYPE_NAME, name);
    if (is_optional(field))
        ts_pb_number(set->out, RT_DESC_FIELD_ONEOF, (*oneof)++);
    ts_pb_text(set->out, RT_DESC_FIELD_JSON, ts_name_camel(set->arena, field->name));
    if (is_optional(field))
        ts_pb_number(set->out, RT_DESC_FIELD_OPTIONAL, 1);
    ts_pb_end(set->out, at);
}

/* ----------------------------------------------------------------- messages */

static void put_oneofs(const struct set *set, const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++) {
        if (!is_optional(&message->fields[i]))
            continue;
        size_t at = ts_pb_begin(set->out, RT_DESC_MESSAGE_ONEOF);
        ts_pb_text(set->out, RT_DESC_ONEOF_NAME,
                   rt_arena_printf(set->arena, "_%s", message->fields[i].name));
        ts_pb_end(set->out, at);
    }
}

static void put_message(const struct set *set, const struct ts_message *message)
{
    uint32_t oneof = 0;
    size_t at = ts_pb_begin(set->out, RT_DESC_FILE_MESSAGE);
    ts_pb_text(set->out, RT_DESC_MESSAGE_NAME, message->name);
    for (size_t i = 0; i < message->n_fields; i++)
        put_field(set, &message->fields[i], &oneof);
    for (size_t i = 0; i < message->n_fields; i++)
        if (message->fields[i].type.shape == TS_MAP)
            put_entry(set, &message->fields[i]);
    put_oneofs(set, message);
    for (size_t i = 0; i < message->n_reserved; i++) {
        size_t range = ts_pb_begin(set->out, RT_DESC_MESSAGE_RESERVED);
        ts_pb_number(set->out, RT_DESC_RANGE_START, message->reserved[i]);
        ts_pb_number(set->out, RT_DESC_RANGE_END, (uint64_t)message->reserved[i] + 1);
        ts_pb_end(set->out, range);
    }
    ts_pb_end(set->out, at);
}

static void put_import(void *arg, const struct ts_service *owner)
{
    const struct set *set = arg;
    ts_pb_text(set->out, RT_DESC_FILE_DEPENDENCY,
               ts_proto_path(set->arena, set->model, owner, "_enums"));
}

static void put_message_file(struct set *set)
{
    if (set->service->n_messages == 0)
        return;
    size_t at = begin_file(set, "");
    ts_proto_imports(set->arena, set->service, put_import, set);
    for (size_t i = 0; i < set->service->n_messages; i++)
        put_message(set, set->service->messages[i]);
    end_file(set, at);
}

void ts_put_descriptors(const struct ts_model *model, struct rt_buf *out, struct rt_arena *arena)
{
    struct set set = {.model = model, .out = out, .arena = arena};
    put_enum_file(&set, model->enums, model->n_enums);
    for (size_t i = 0; i < model->n_services; i++) {
        set.service = model->services[i];
        put_enum_file(&set, set.service->enums, set.service->n_enums);
    }
    for (size_t i = 0; i < model->n_services; i++) {
        set.service = model->services[i];
        put_message_file(&set);
    }
}
