#include "runtime/wire/message.h"

#include "runtime/wire/check.h"
#include "runtime/wire/text.h"

const ProtobufCEnumDescriptor rt_pb_any_enum = {
    .magic = PROTOBUF_C__ENUM_DESCRIPTOR_MAGIC,
    .name = "any",
    .short_name = "any",
    .c_name = "int",
    .package_name = "",
};

/* ------------------------------------------------------------------ members */

size_t rt_kind_size(uint8_t kind)
{
    static const uint8_t sizes[] = {
        [RT_BOOL] = sizeof(protobuf_c_boolean),
        [RT_I32] = sizeof(int32_t),
        [RT_I64] = sizeof(int64_t),
        [RT_U32] = sizeof(uint32_t),
        [RT_U64] = sizeof(uint64_t),
        [RT_F64] = sizeof(double),
        [RT_DECIMAL] = sizeof(int64_t),
        [RT_STRING] = sizeof(char *),
        [RT_BYTES] = sizeof(ProtobufCBinaryData),
        [RT_ID] = sizeof(char *),
        [RT_REF] = sizeof(char *),
        [RT_TIME] = sizeof(int64_t),
        [RT_DATE] = sizeof(int32_t),
        [RT_DURATION] = sizeof(int64_t),
        [RT_ENUM] = sizeof(int),
        [RT_MESSAGE] = sizeof(void *),
        [RT_PASSWORD] = sizeof(char *),
        [RT_VERSION] = sizeof(int64_t),
    };
    return sizes[kind];
}

int64_t rt_slot_int(uint8_t kind, const void *slot)
{
    switch (kind) {
    case RT_BOOL:
        return *(const protobuf_c_boolean *)slot != 0;
    case RT_I32:
    case RT_DATE:
    case RT_ENUM:
        return *(const int32_t *)slot;
    case RT_U32:
        return *(const uint32_t *)slot;
    default:
        return *(const int64_t *)slot;
    }
}

void rt_slot_set_int(uint8_t kind, void *slot, int64_t value)
{
    switch (kind) {
    case RT_BOOL:
        *(protobuf_c_boolean *)slot = value != 0;
        break;
    case RT_I32:
    case RT_DATE:
    case RT_ENUM:
        *(int32_t *)slot = (int32_t)value;
        break;
    case RT_U32:
        *(uint32_t *)slot = (uint32_t)value;
        break;
    default:
        *(int64_t *)slot = value;
        break;
    }
}

static bool is_pointer(const struct rt_field *field)
{
    return rt_kind_is_string(field->kind) || field->kind == RT_MESSAGE;
}

bool rt_member_present(const struct rt_field *field, const void *message)
{
    if (field->shape == RT_OPTIONAL && !is_pointer(field))
        return *(const protobuf_c_boolean *)(const void *)((const char *)message +
                                                           field->quantifier);
    if (field->shape == RT_OPTIONAL || field->kind == RT_MESSAGE)
        return *(const void *const *)rt_member(field, message) != NULL;
    return true;
}

/* A scalar from its slot: a member, or an item of a list. */
static struct rt_value value_in(const struct rt_field *field, const void *slot)
{
    struct rt_value value = {.present = true};
    if (rt_kind_is_string(field->kind)) {
        const char *text = *(const char *const *)slot;
        value.s = rt_str(text ? text : "");
    } else if (field->kind == RT_BYTES) {
        const ProtobufCBinaryData *data = slot;
        value.s = rt_str_n((const char *)data->data, data->len);
    } else if (field->kind == RT_F64) {
        value.f = *(const double *)slot;
    } else if (field->kind == RT_U64) {
        value.u = *(const uint64_t *)slot;
    } else {
        value.i = rt_slot_int(field->kind, slot);
    }
    return value;
}

struct rt_value rt_field_get(const struct rt_field *field, const void *message)
{
    const void *slot = rt_member(field, message);
    if (!rt_member_present(field, message) || field->shape == RT_LIST || field->shape == RT_MAP)
        return (struct rt_value){0};
    if (field->kind == RT_MESSAGE)
        return field->message->n_fields > 0
                   ? rt_field_get(&field->message->fields[0], *(const void *const *)slot)
                   : (struct rt_value){0};
    return value_in(field, slot);
}

size_t rt_field_count(const struct rt_field *field, const void *message)
{
    return rt_member_count(field, message);
}

struct rt_value rt_field_item(const struct rt_field *field, const void *message, size_t i)
{
    const char *items = *(const char *const *)rt_member(field, message);
    return value_in(field, items + i * rt_kind_size(field->kind));
}

void rt_field_set(const struct rt_field *field, void *message, struct rt_value value,
                  struct rt_arena *arena)
{
    void *slot = (char *)message + field->offset;
    if (field->kind == RT_MESSAGE) {
        void *stub = rt_message_new(field->message, arena);
        rt_field_set(&field->message->fields[0], stub, value, arena);
        *(void **)slot = stub;
    } else if (rt_kind_is_string(field->kind)) {
        *(const char **)slot = rt_arena_strndup(arena, value.s.data, value.s.len);
    } else if (field->kind == RT_F64) {
        *(double *)slot = value.f;
    } else if (field->kind == RT_U64) {
        *(uint64_t *)slot = value.u;
    } else {
        rt_slot_set_int(field->kind, slot, value.i);
    }
    rt_member_mark(field, message, true);
}

struct rt_str rt_map_key_text(const struct rt_field *key, const void *entry, char *out)
{
    const void *slot = rt_member(key, entry);
    if (rt_kind_is_string(key->kind)) {
        const char *text = *(const char *const *)slot;
        return rt_str(text ? text : "");
    }
    char *end = key->kind == RT_U64 ? rt_u64_format(*(const uint64_t *)slot, out)
                                    : rt_i64_format(rt_slot_int(key->kind, slot), out);
    return rt_str_n(out, (size_t)(end - out));
}

/* ----------------------------------------------------------------- messages */

void rt_message_init(const struct rt_message *type, void *message)
{
    memset(message, 0, type->pb.sizeof_message);
    ((ProtobufCMessage *)message)->descriptor = &type->pb;
    for (unsigned i = 0; i < type->pb.n_fields; i++) {
        const ProtobufCFieldDescriptor *pb = &type->pb.fields[i];
        if (pb->type == PROTOBUF_C_TYPE_STRING && pb->label == PROTOBUF_C_LABEL_NONE)
            *(const char **)(void *)((char *)message + pb->offset) = pb->default_value;
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        if (field->flags & RT_FIELD_DEFAULT)
            rt_member_set_default(type, field, message);
    }
}

void rt_member_set_default(const struct rt_message *type, const struct rt_field *field,
                           void *message)
{
    const void *value = field->fallback;
    if (!value) {
        const ProtobufCFieldDescriptor *pb =
            protobuf_c_message_descriptor_get_field(&type->pb, field->number);
        value = pb ? pb->default_value : NULL;
    }
    if (!value)
        return;
    void *slot = (char *)message + field->offset;
    if (rt_kind_is_string(field->kind))
        *(const char **)slot = value;
    else
        memcpy(slot, value, rt_kind_size(field->kind));
    rt_member_mark(field, message, true);
}

void rt_member_mark(const struct rt_field *field, void *message, bool present)
{
    if (field->shape == RT_OPTIONAL && !is_pointer(field))
        *(protobuf_c_boolean *)(void *)((char *)message + field->quantifier) = present;
}

void *rt_message_new(const struct rt_message *type, struct rt_arena *arena)
{
    void *message = rt_arena_alloc(arena, type->pb.sizeof_message);
    rt_message_init(type, message);
    return message;
}

const struct rt_field *rt_message_field(const struct rt_message *type, struct rt_str name)
{
    for (size_t i = 0; i < type->n_fields; i++)
        if (rt_str_eq(rt_str(type->fields[i].name), name))
            return &type->fields[i];
    return NULL;
}

/* --------------------------------------------------------------------- pick */

static void *pick_message(const struct rt_field *to, void *from, struct rt_arena *arena)
{
    if (!from || rt_message_of(from) == to->message)
        return from;
    void *copy = rt_message_new(to->message, arena);
    rt_message_pick(from, copy, arena);
    return copy;
}

static void pick_items(const struct rt_field *from_field, const void *from,
                       const struct rt_field *to_field, void *to, struct rt_arena *arena)
{
    size_t n = rt_member_count(from_field, from);
    void *items = *(void *const *)rt_member(from_field, from);
    if (to_field->message != from_field->message) {
        void **copies = RT_ARENA_ARRAY(arena, n, void *);
        for (size_t i = 0; i < n; i++)
            copies[i] = pick_message(to_field, ((void **)items)[i], arena);
        items = (void *)copies;
    }
    *(size_t *)(void *)((char *)to + to_field->quantifier) = n;
    *(void **)(void *)((char *)to + to_field->offset) = items;
}

static bool is_items(const struct rt_field *field)
{
    return field->shape == RT_LIST || field->shape == RT_MAP;
}

void rt_message_pick(const void *from, void *to, struct rt_arena *arena)
{
    const struct rt_message *from_type = rt_message_of(from);
    const struct rt_message *to_type = rt_message_of(to);
    for (size_t i = 0; i < to_type->n_fields; i++) {
        const struct rt_field *t = &to_type->fields[i];
        const struct rt_field *f = rt_message_field(from_type, rt_str(t->name));
        if (!f || f->kind != t->kind || is_items(f) != is_items(t) ||
            (is_items(f) && f->shape != t->shape))
            continue;
        if (is_items(t)) {
            pick_items(f, from, t, to, arena);
            continue;
        }
        void *slot = (char *)to + t->offset;
        bool present = rt_member_present(f, from);
        if (!present && t->shape == RT_ONE && t->kind != RT_MESSAGE)
            continue;
        if (t->kind == RT_MESSAGE)
            *(void **)slot = pick_message(t, *(void *const *)rt_member(f, from), arena);
        else
            memcpy(slot, rt_member(f, from), rt_kind_size(t->kind));
        rt_member_mark(t, to, present);
    }
}
