/*
 * Descriptors to tables. The numbers are those of google/protobuf/descriptor.proto; of what it
 * knows, only what the compiler emits is taken: proto3, no groups, no oneofs but those of optional
 * fields, no nested types but the entries of maps.
 */
#include <stdlib.h>

#include "runtime/base/schema_numbers.h"
#include "runtime/wire/check.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/schema_impl.h"

/* --------------------------------------------------------------------- scan */

static const char *joined(struct rt_schema_load *load, const char *scope, const char *name)
{
    return rt_arena_printf(&load->schema->arena, "%s.%s", scope, name);
}

static const char *name_of(struct rt_schema_load *load, struct rt_bytes in)
{
    struct rt_pb_item item;
    const char *name = NULL;
    while (rt_schema_next(load, &in, &item))
        if (item.number == RT_DESC_MESSAGE_NAME) /* as RT_DESC_ENUM_NAME */
            name = rt_schema_ident(load, &item);
    if (!name)
        rt_schema_fail(load, "a message or enum has no name");
    return name;
}

static bool is_map_entry(struct rt_schema_load *load, struct rt_bytes options)
{
    struct rt_pb_item item;
    bool entry = false;
    while (rt_schema_next(load, &options, &item))
        if (item.number == RT_DESC_OPTION_MAP_ENTRY)
            entry = rt_schema_number(load, &item, 1) == 1;
    return entry;
}

static void scan_message(struct rt_schema_load *load, const char *scope, struct rt_bytes in,
                         bool nested)
{
    struct rt_schema *schema = load->schema;
    const char *name = name_of(load, in);
    if (rt_schema_failed(load))
        return;
    struct rt_schema_type *type = RT_ARENA_NEW(&schema->arena, struct rt_schema_type);
    rt_schema_count(load);
    type->full_name = joined(load, scope, name);
    type->message.name = name;
    type->package = scope;
    type->descriptor = in;
    if (rt_schema_type(schema, rt_str(type->full_name)))
        rt_schema_fail(load, "message %s is there twice", type->full_name);
    else
        HASH_ADD_KEYPTR(hh, schema->types, type->full_name, strlen(type->full_name), type);
    struct rt_pb_item item;
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_DESC_MESSAGE_NESTED && nested)
            rt_schema_fail(load, "message %s is nested too deep", type->full_name);
        else if (item.number == RT_DESC_MESSAGE_NESTED)
            scan_message(load, type->full_name, rt_schema_bytes(load, &item), true);
        else if (item.number == RT_DESC_MESSAGE_OPTIONS)
            type->map_entry = is_map_entry(load, rt_schema_bytes(load, &item));
    }
    if (nested && !type->map_entry)
        rt_schema_fail(load, "message %s is nested, and no entry of a map", type->full_name);
}

/* 0, which is "unspecified" on the wire, is not kept. */
static void scan_value(struct rt_schema_load *load, struct rt_schema_enum *e, struct rt_bytes in)
{
    struct rt_enum_value value = {0};
    struct rt_pb_item item;
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_DESC_VALUE_NAME)
            value.name = value.json = rt_schema_ident(load, &item);
        else if (item.number == RT_DESC_VALUE_NUMBER)
            value.number = (int32_t)rt_schema_number(load, &item, INT32_MAX);
    }
    if (!value.name)
        rt_schema_fail(load, "a value of enum %s has no name", e->full_name);
    if (value.number != 0)
        e->values[e->enumeration.n_values++] = value;
}

static void scan_enum(struct rt_schema_load *load, const char *scope, struct rt_bytes in)
{
    struct rt_schema *schema = load->schema;
    const char *name = name_of(load, in);
    if (rt_schema_failed(load))
        return;
    struct rt_schema_enum *e = RT_ARENA_NEW(&schema->arena, struct rt_schema_enum);
    struct rt_bytes rest = in;
    struct rt_pb_item item;
    size_t count = 0;
    for (; rt_schema_next(load, &rest, &item); rt_schema_count(load))
        count += item.number == RT_DESC_ENUM_VALUE;
    if (count > RT_SCHEMA_MESSAGE_FIELDS_MAX)
        rt_schema_fail(load, "enum %s has more than %d values", name, RT_SCHEMA_MESSAGE_FIELDS_MAX);
    e->full_name = joined(load, scope, name);
    e->values = RT_ARENA_ARRAY(&schema->arena, count + 1, struct rt_enum_value);
    e->enumeration.name = name;
    e->enumeration.values = e->values;
    while (rt_schema_next(load, &in, &item))
        if (item.number == RT_DESC_ENUM_VALUE)
            scan_value(load, e, rt_schema_bytes(load, &item));
    if (rt_schema_enum(schema, rt_str(e->full_name)))
        rt_schema_fail(load, "enum %s is there twice", e->full_name);
    else
        HASH_ADD_KEYPTR(hh, schema->enums, e->full_name, strlen(e->full_name), e);
}

void rt_schema_scan_file(struct rt_schema_load *load, struct rt_bytes file)
{
    struct rt_bytes in = file;
    struct rt_pb_item item;
    const char *package = "";
    const char *syntax = "proto2";
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_DESC_FILE_PACKAGE)
            package = rt_schema_text(load, &item);
        else if (item.number == RT_DESC_FILE_SYNTAX)
            syntax = rt_schema_text(load, &item);
    }
    if (strlen(package) > RT_SCHEMA_NAME_MAX)
        rt_schema_fail(load, "the name of a package is too long");
    if (strcmp(syntax, "proto3") != 0)
        rt_schema_fail(load, "a file of package %s is %s, not proto3", package, syntax);
    in = file;
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_DESC_FILE_MESSAGE)
            scan_message(load, package, rt_schema_bytes(load, &item), false);
        else if (item.number == RT_DESC_FILE_ENUM)
            scan_enum(load, package, rt_schema_bytes(load, &item));
    }
}

/* ------------------------------------------------------------------- fields */

/* A FieldDescriptorProto as it is in the file. */
struct raw {
    const char *name;
    const char *json;
    const char *type_name; /* without its dot */
    uint32_t number;
    uint32_t label;
    uint32_t type;
    bool optional;
    bool oneof;
};

static struct raw read_field(struct rt_schema_load *load, struct rt_bytes in)
{
    struct raw raw = {.type_name = ""};
    struct rt_pb_item item;
    while (rt_schema_next(load, &in, &item)) {
        switch (item.number) {
        case RT_DESC_FIELD_NAME:
            raw.name = rt_schema_ident(load, &item);
            break;
        case RT_DESC_FIELD_NUMBER:
            raw.number = (uint32_t)rt_schema_number(load, &item, (1 << 29) - 1);
            break;
        case RT_DESC_FIELD_LABEL:
            raw.label = (uint32_t)rt_schema_number(load, &item, RT_DESC_LABEL_REPEATED);
            break;
        case RT_DESC_FIELD_TYPE:
            raw.type = (uint32_t)rt_schema_number(load, &item, UINT8_MAX);
            break;
        case RT_DESC_FIELD_TYPE_NAME:
            raw.type_name = rt_schema_text(load, &item);
            raw.type_name += raw.type_name[0] == '.';
            break;
        case RT_DESC_FIELD_ONEOF:
            raw.oneof = true;
            break;
        case RT_DESC_FIELD_JSON:
            raw.json = rt_schema_ident(load, &item);
            break;
        case RT_DESC_FIELD_OPTIONAL:
            raw.optional = rt_schema_number(load, &item, 1) == 1;
            break;
        default:
            break;
        }
    }
    return raw;
}

/* The kinds of protobuf's types, and how libprotobuf-c calls those; schema_limits.c refines. */
static const struct kind {
    uint8_t kind;
    bool known;
    ProtobufCType pb;
} kinds[] = {
    [1] = {RT_F64, true, PROTOBUF_C_TYPE_DOUBLE},
    [3] = {RT_I64, true, PROTOBUF_C_TYPE_INT64},
    [4] = {RT_U64, true, PROTOBUF_C_TYPE_UINT64},
    [5] = {RT_I32, true, PROTOBUF_C_TYPE_INT32},
    [8] = {RT_BOOL, true, PROTOBUF_C_TYPE_BOOL},
    [9] = {RT_STRING, true, PROTOBUF_C_TYPE_STRING},
    [11] = {RT_MESSAGE, true, PROTOBUF_C_TYPE_MESSAGE},
    [12] = {RT_BYTES, true, PROTOBUF_C_TYPE_BYTES},
    [13] = {RT_U32, true, PROTOBUF_C_TYPE_UINT32},
    [14] = {RT_ENUM, true, PROTOBUF_C_TYPE_ENUM},
};

/* What a field refers to, and with it its shape. */
static void resolve(struct rt_schema_load *load, const struct rt_schema_type *type,
                    const struct raw *raw, struct rt_field *field)
{
    field->shape = raw->label == RT_DESC_LABEL_REPEATED ? RT_LIST
                   : raw->optional                      ? RT_OPTIONAL
                                                        : RT_ONE;
    if (field->kind == RT_MESSAGE) {
        const struct rt_schema_type *to = rt_schema_type(load->schema, rt_str(raw->type_name));
        if (!to || (to->map_entry && field->shape != RT_LIST)) {
            rt_schema_fail(load, "%s.%s: there is no message %s", type->full_name, raw->name,
                           raw->type_name);
            return;
        }
        if (to->map_entry)
            field->shape = RT_MAP;
        field->message = &to->message;
    } else if (field->kind == RT_ENUM) {
        const struct rt_schema_enum *to = rt_schema_enum(load->schema, rt_str(raw->type_name));
        if (!to)
            rt_schema_fail(load, "%s.%s: there is no enum %s", type->full_name, raw->name,
                           raw->type_name);
        else
            field->enumeration = &to->enumeration;
    }
}

static void build_field(struct rt_schema_load *load, const struct rt_schema_type *type,
                        struct rt_bytes in, struct rt_field *field)
{
    struct raw raw = read_field(load, in);
    if (rt_schema_failed(load))
        return;
    if (!raw.name || raw.number == 0 || raw.label == 0)
        rt_schema_fail(load, "%s: a field has no name, number or label", type->full_name);
    else if (raw.type >= sizeof kinds / sizeof *kinds || !kinds[raw.type].known)
        rt_schema_fail(load, "%s.%s is of type %u, which no schema has", type->full_name, raw.name,
                       (unsigned)raw.type);
    else if (raw.label == 2 || (raw.oneof && !raw.optional))
        rt_schema_fail(load, "%s.%s is required or in a oneof", type->full_name, raw.name);
    if (rt_schema_failed(load))
        return;
    field->name = raw.name;
    field->json = raw.json ? raw.json : raw.name;
    field->number = raw.number;
    field->kind = kinds[raw.type].kind;
    resolve(load, type, &raw, field);
}

struct rt_field *rt_schema_field(const struct rt_schema_type *type, uint64_t number)
{
    for (size_t i = 0; i < type->message.n_fields; i++)
        if (type->fields[i].number == number)
            return &type->fields[i];
    return NULL;
}

/* ------------------------------------------------------------------- layout */

static uint32_t place(size_t *size, size_t len)
{
    size_t align = len < sizeof(void *) ? len : sizeof(void *);
    size_t at = (*size + align - 1) / align * align;
    *size = at + len;
    return (uint32_t)at;
}

/* As a C compiler would lay the struct out: see the table in message.h. */
static size_t lay_out(struct rt_schema_type *type)
{
    size_t size = sizeof(ProtobufCMessage);
    for (size_t i = 0; i < type->message.n_fields; i++) {
        struct rt_field *field = &type->fields[i];
        bool pointer = rt_kind_is_string(field->kind) || field->kind == RT_MESSAGE;
        bool many = field->shape == RT_LIST || field->shape == RT_MAP;
        if (many)
            field->quantifier = place(&size, sizeof(size_t));
        else if (field->shape == RT_OPTIONAL && !pointer)
            field->quantifier = place(&size, sizeof(protobuf_c_boolean));
        field->offset = place(&size, many ? sizeof(void *) : rt_kind_size(field->kind));
    }
    return (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

/* ----------------------------------------------------------------- protobuf */

static ProtobufCType pb_type(uint8_t kind)
{
    size_t i = 0;
    while (!kinds[i].known || kinds[i].kind != kind)
        i++;
    return kinds[i].pb;
}

/* The same rows as the RT_PB_ macros make. */
static ProtobufCFieldDescriptor pb_row(const struct rt_field *field)
{
    bool many = field->shape == RT_LIST || field->shape == RT_MAP;
    ProtobufCFieldDescriptor row = {
        .name = field->name,
        .id = field->number,
        .label = PROTOBUF_C_LABEL_NONE,
        .type = pb_type(field->kind),
        .quantifier_offset = field->quantifier,
        .offset = field->offset,
    };
    if (field->kind == RT_MESSAGE)
        row.descriptor = &field->message->pb;
    else if (field->kind == RT_ENUM)
        row.descriptor = &rt_pb_any_enum;
    bool packed =
        !rt_kind_is_string(field->kind) && field->kind != RT_BYTES && field->kind != RT_MESSAGE;
    if (many) {
        row.label = PROTOBUF_C_LABEL_REPEATED;
        row.flags = packed ? PROTOBUF_C_FIELD_FLAG_PACKED : 0;
    } else if (field->shape == RT_OPTIONAL || field->kind == RT_MESSAGE) {
        row.label = PROTOBUF_C_LABEL_OPTIONAL;
    } else if (field->kind == RT_STRING) {
        row.default_value = &protobuf_c_empty_string;
    }
    return row;
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = ((const ProtobufCFieldDescriptor *)a)->id;
    uint32_t right = ((const ProtobufCFieldDescriptor *)b)->id;
    return left < right ? -1 : left > right;
}

/* Runs of consecutive numbers, each with the place of its first field. */
static void build_ranges(struct rt_arena *arena, ProtobufCMessageDescriptor *pb)
{
    ProtobufCIntRange *ranges = RT_ARENA_ARRAY(arena, pb->n_fields + 1, ProtobufCIntRange);
    for (unsigned i = 0; i < pb->n_fields; i++)
        if (i == 0 || pb->fields[i].id != pb->fields[i - 1].id + 1)
            ranges[pb->n_field_ranges++] = (ProtobufCIntRange){(int)pb->fields[i].id, i};
    ranges[pb->n_field_ranges].orig_index = pb->n_fields;
    pb->field_ranges = ranges;
}

static void build_pb(struct rt_schema_load *load, struct rt_schema_type *type)
{
    struct rt_arena *arena = &load->schema->arena;
    size_t n = type->message.n_fields;
    ProtobufCFieldDescriptor *rows = RT_ARENA_ARRAY(arena, n + 1, ProtobufCFieldDescriptor);
    size_t size = lay_out(type);
    for (size_t i = 0; i < n; i++)
        rows[i] = pb_row(&type->fields[i]);
    qsort(rows, n, sizeof *rows, by_number);
    for (size_t i = 1; i < n; i++)
        if (rows[i].id == rows[i - 1].id)
            rt_schema_fail(load, "%s: two fields have the number %u", type->full_name, rows[i].id);
    type->message.pb = (ProtobufCMessageDescriptor){
        .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
        .name = type->full_name,
        .short_name = type->message.name,
        .c_name = type->message.name,
        .package_name = type->package,
        .sizeof_message = size,
        .n_fields = (unsigned)n,
        .fields = rows,
    };
    build_ranges(arena, &type->message.pb);
}

/* The validators look at a map's entries by place. */
static void check_entry(struct rt_schema_load *load, const struct rt_schema_type *type)
{
    const struct rt_field *fields = type->fields;
    if (type->message.n_fields != 2 || fields[0].number != 1 || fields[0].kind != RT_STRING ||
        fields[0].shape != RT_ONE || fields[1].number != 2 || fields[1].shape != RT_ONE)
        rt_schema_fail(load, "%s is not an entry with a text as its key", type->full_name);
}

static void build_type(struct rt_schema_load *load, struct rt_schema_type *type)
{
    struct rt_bytes in = type->descriptor;
    struct rt_pb_item item;
    size_t count = 0;
    for (; rt_schema_next(load, &in, &item); count += item.number == RT_DESC_MESSAGE_FIELD)
        if (item.number == RT_DESC_MESSAGE_FIELD)
            rt_schema_count(load);
    type->fields = RT_ARENA_ARRAY(&load->schema->arena, count + 1, struct rt_field);
    type->message.fields = type->fields;
    in = type->descriptor;
    while (rt_schema_next(load, &in, &item))
        if (item.number == RT_DESC_MESSAGE_FIELD)
            build_field(load, type, rt_schema_bytes(load, &item),
                        &type->fields[type->message.n_fields++]);
    if (type->message.n_fields > RT_SCHEMA_MESSAGE_FIELDS_MAX)
        rt_schema_fail(load, "%s has more than %d fields", type->full_name,
                       RT_SCHEMA_MESSAGE_FIELDS_MAX);
    if (rt_schema_failed(load))
        return;
    if (type->map_entry)
        check_entry(load, type);
    build_pb(load, type);
}

void rt_schema_build(struct rt_schema_load *load)
{
    for (struct rt_schema_type *type = load->schema->types; type && !rt_schema_failed(load);
         type = type->hh.next)
        build_type(load, type);
}
