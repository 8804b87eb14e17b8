#include "runtime/wire/schema.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/schema_numbers.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/schema_impl.h"

enum { SUBJECT_MAX = 255 };

/* ------------------------------------------------------------------ reading */

void rt_schema_fail(struct rt_schema_load *load, const char *format, ...)
{
    char message[RT_ERROR_MESSAGE_MAX];
    va_list args;
    if (load->error.code != 0)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    rt_error_set(&load->error, RT_EINVAL, "not a schema file: %s", message);
}

bool rt_schema_next(struct rt_schema_load *load, struct rt_bytes *in, struct rt_pb_item *ret)
{
    if (rt_schema_failed(load) || in->len == 0)
        return false;
    if (rt_pb_next(in, ret))
        return true;
    rt_schema_fail(load, "malformed bytes");
    return false;
}

uint64_t rt_schema_number(struct rt_schema_load *load, const struct rt_pb_item *item, uint64_t max)
{
    if (item->wire == RT_PB_VARINT && item->value <= max)
        return item->value;
    rt_schema_fail(load, "field %u is no number, or too large a one", (unsigned)item->number);
    return 0;
}

struct rt_bytes rt_schema_bytes(struct rt_schema_load *load, const struct rt_pb_item *item)
{
    if (item->wire == RT_PB_BYTES_WIRE)
        return item->bytes;
    rt_schema_fail(load, "field %u is of another type", (unsigned)item->number);
    return (struct rt_bytes){0};
}

const char *rt_schema_text(struct rt_schema_load *load, const struct rt_pb_item *item)
{
    struct rt_bytes bytes = rt_schema_bytes(load, item);
    struct rt_str text = rt_str_n((const char *)bytes.data, bytes.len);
    if (text.len == 0)
        return "";
    if (text.len <= RT_SCHEMA_TEXT_MAX && rt_utf8_valid(text) && !memchr(text.data, 0, text.len))
        return rt_arena_strndup(&load->schema->arena, text.data, text.len);
    rt_schema_fail(load, "field %u is no text, or too long a one", (unsigned)item->number);
    return "";
}

const char *rt_schema_ident(struct rt_schema_load *load, const struct rt_pb_item *item)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const char *text = rt_schema_text(load, item);
    size_t len = strlen(text);
    if (len == 0 || len > RT_SCHEMA_NAME_MAX || strspn(text, letters) != len)
        rt_schema_fail(load, "'%.100s' is not a name", text);
    return rt_schema_failed(load) ? "" : text;
}

void rt_schema_count(struct rt_schema_load *load)
{
    if (++load->fields > RT_SCHEMA_FIELDS_MAX)
        rt_schema_fail(load, "more than %d fields and values", RT_SCHEMA_FIELDS_MAX);
}

/* ------------------------------------------------------------------ finding */

struct rt_schema_type *rt_schema_type(const struct rt_schema *schema, struct rt_str full_name)
{
    struct rt_schema_type *type;
    HASH_FIND(hh, schema->types, full_name.data, full_name.len, type);
    return type;
}

struct rt_schema_enum *rt_schema_enum(const struct rt_schema *schema, struct rt_str full_name)
{
    struct rt_schema_enum *e;
    HASH_FIND(hh, schema->enums, full_name.data, full_name.len, e);
    return e;
}

const struct rt_message *rt_schema_message(const struct rt_schema *schema, struct rt_str name)
{
    const struct rt_schema_type *type = rt_schema_type(schema, name);
    return type ? &type->message : NULL;
}

const struct rt_schema_event *rt_schema_find(const struct rt_schema *schema, struct rt_str subject)
{
    struct rt_schema_subject *found;
    HASH_FIND(hh, schema->subjects, subject.data, subject.len, found);
    return found ? &found->event : NULL;
}

const struct rt_schema_event *rt_schema_event(const struct rt_schema *schema, size_t index)
{
    return index < schema->n_subjects ? &schema->in_order[index]->event : NULL;
}

const char *rt_schema_name(const struct rt_schema *schema)
{
    return schema->name;
}

struct rt_str rt_schema_key(const struct rt_schema_event *event, const void *message)
{
    for (size_t i = 0; message && i + 1 < event->n_key; i++)
        message = *(void *const *)(const void *)((const char *)message + event->key[i]->offset);
    if (!message || event->n_key == 0)
        return (struct rt_str){"", 0};
    return rt_field_get(event->key[event->n_key - 1], message).s;
}

/* -------------------------------------------------------------------- enums */

static void name_value(struct rt_schema_load *load, struct rt_schema_enum *e, struct rt_bytes in)
{
    struct rt_enum_value said = {0};
    struct rt_pb_item item;
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_SYS_VALUE_NUMBER)
            said.number = (int32_t)rt_schema_number(load, &item, INT32_MAX);
        else if (item.number == RT_SYS_VALUE_NAME)
            said.name = rt_schema_ident(load, &item);
        else if (item.number == RT_SYS_VALUE_JSON)
            said.json = rt_schema_text(load, &item);
    }
    if (!said.name)
        rt_schema_fail(load, "a value of enum %s has no name", e->full_name);
    for (size_t i = 0; i < e->enumeration.n_values; i++)
        if (e->values[i].number == said.number) {
            e->values[i].name = said.name;
            e->values[i].json = said.json ? said.json : said.name;
            return;
        }
    rt_schema_fail(load, "enum %s has no value %d", e->full_name, (int)said.number);
}

/* Values come in the order of the descriptor, so that each is found where the last one was. */
static void name_enum(struct rt_schema_load *load, struct rt_bytes in)
{
    struct rt_bytes rest = in;
    struct rt_pb_item item;
    struct rt_schema_enum *e = NULL;
    while (rt_schema_next(load, &rest, &item))
        if (item.number == RT_SYS_ENUM_NAME)
            e = rt_schema_enum(load->schema, rt_str(rt_schema_text(load, &item)));
    if (!e)
        rt_schema_fail(load, "names of an enum that is not there");
    while (rt_schema_next(load, &in, &item))
        if (item.number == RT_SYS_ENUM_VALUE) {
            rt_schema_count(load);
            name_value(load, e, rt_schema_bytes(load, &item));
        }
}

/* ------------------------------------------------------------------- events */

struct key {
    uint64_t numbers[RT_SCHEMA_KEY_MAX];
    size_t count;
};

static void key_add(struct rt_schema_load *load, struct key *key, uint64_t number)
{
    if (key->count == RT_SCHEMA_KEY_MAX)
        rt_schema_fail(load, "the way to a key is longer than %d fields", RT_SCHEMA_KEY_MAX);
    else
        key->numbers[key->count++] = number;
}

/* A list of numbers is packed or not, as its writer likes. */
static void key_read(struct rt_schema_load *load, const struct rt_pb_item *item, struct key *key)
{
    struct rt_bytes packed = item->bytes;
    uint64_t number;
    if (item->wire != RT_PB_BYTES_WIRE) {
        key_add(load, key, rt_schema_number(load, item, UINT32_MAX));
        return;
    }
    while (packed.len > 0 && !rt_schema_failed(load)) {
        if (rt_pb_varint(&packed, &number))
            key_add(load, key, number);
        else
            rt_schema_fail(load, "malformed bytes");
    }
}

/* Follows the numbers from message to message; the last field is an id or a reference. */
static void key_resolve(struct rt_schema_load *load, const struct key *key,
                        const struct rt_schema_type *type, struct rt_schema_event *event)
{
    for (size_t i = 0; i < key->count && !rt_schema_failed(load); i++) {
        const struct rt_field *field = type ? rt_schema_field(type, key->numbers[i]) : NULL;
        bool last = i + 1 == key->count;
        bool text = field && (field->kind == RT_ID || field->kind == RT_REF);
        if (!field || field->shape != RT_ONE || (last ? !text : field->kind != RT_MESSAGE)) {
            rt_schema_fail(load, "%s: its key is no field of its payload", event->subject);
            return;
        }
        event->key[event->n_key++] = field;
        type = last ? NULL : (const struct rt_schema_type *)field->message;
    }
}

static void add_event(struct rt_schema_load *load, struct rt_bytes in)
{
    struct rt_schema *schema = load->schema;
    struct rt_schema_subject *subject = RT_ARENA_NEW(&schema->arena, struct rt_schema_subject);
    struct rt_schema_event *event = &subject->event;
    const struct rt_schema_type *type = NULL;
    struct rt_pb_item item;
    struct key key = {.count = 0};
    event->subject = "";
    while (rt_schema_next(load, &in, &item)) {
        if (item.number == RT_SYS_EVENT_SUBJECT)
            event->subject = rt_schema_text(load, &item);
        else if (item.number == RT_SYS_EVENT_MESSAGE)
            type = rt_schema_type(schema, rt_str(rt_schema_text(load, &item)));
        else if (item.number == RT_SYS_EVENT_KEY)
            key_read(load, &item, &key);
        else if (item.number == RT_SYS_EVENT_SIZE_MAX)
            event->size_max = rt_schema_number(load, &item, UINT64_MAX);
    }
    if (*event->subject == '\0' || strlen(event->subject) > SUBJECT_MAX)
        rt_schema_fail(load, "an event has no subject, or too long a one");
    if (!type || type->map_entry)
        rt_schema_fail(load, "%s: its payload is no message of the file", event->subject);
    if (rt_schema_find(schema, rt_str(event->subject)))
        rt_schema_fail(load, "subject %s is there twice", event->subject);
    if (rt_schema_failed(load))
        return;
    event->message = &type->message;
    key_resolve(load, &key, type, event);
    HASH_ADD_KEYPTR(hh, schema->subjects, event->subject, strlen(event->subject), subject);
    schema->in_order[schema->n_subjects++] = subject;
}

/* ------------------------------------------------------------------ loading */

/* Calls `take` for every item of that number. */
static void each(struct rt_schema_load *load, struct rt_bytes in, uint32_t number,
                 void (*take)(struct rt_schema_load *load, struct rt_bytes in))
{
    struct rt_pb_item item;
    while (rt_schema_next(load, &in, &item))
        if (item.number == number) {
            rt_schema_count(load);
            take(load, rt_schema_bytes(load, &item));
        }
}

static void load_all(struct rt_schema_load *load, struct rt_bytes in)
{
    struct rt_bytes rest = in;
    struct rt_pb_item item;
    size_t events = 0;
    while (rt_schema_next(load, &rest, &item)) {
        events += item.number == RT_SYS_EVENT;
        if (item.number == RT_SYS_NAME)
            load->schema->name = rt_schema_text(load, &item);
    }
    if (!load->schema->name)
        rt_schema_fail(load, "it has no name; `tessera gen` writes schema.binpb");
    each(load, in, RT_SYS_FILE, rt_schema_scan_file);
    if (!rt_schema_failed(load))
        rt_schema_build(load);
    each(load, in, RT_SYS_MESSAGE, rt_schema_limit_message);
    each(load, in, RT_SYS_ENUM, name_enum);
    if (rt_schema_failed(load))
        return;
    load->schema->in_order =
        RT_ARENA_ARRAY(&load->schema->arena, events + 1, struct rt_schema_subject *);
    each(load, in, RT_SYS_EVENT, add_event);
}

int rt_schema_load(struct rt_bytes in, struct rt_schema **ret, struct rt_error *error)
{
    if (in.len > RT_SCHEMA_BYTES_MAX)
        return rt_error_set(error, RT_ETOOBIG, "not a schema file: over %d bytes",
                            RT_SCHEMA_BYTES_MAX);
    struct rt_schema *schema = rt_zalloc(sizeof *schema);
    rt_arena_init(&schema->arena, 1 << 16);
    struct rt_schema_load load = {.schema = schema};
    load_all(&load, in);
    if (rt_schema_failed(&load)) {
        rt_schema_free(schema);
        return rt_error_set(error, load.error.code, "%s", load.error.message);
    }
    *ret = schema;
    return 0;
}

void rt_schema_free(struct rt_schema *schema)
{
    if (!schema)
        return;
    HASH_CLEAR(hh, schema->types);
    HASH_CLEAR(hh, schema->enums);
    HASH_CLEAR(hh, schema->subjects);
    rt_arena_done(&schema->arena);
    free(schema);
}
