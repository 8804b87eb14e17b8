/*
 * proto/SCHEMA/SERVICE/: the contract with other languages, proto3. Enums have a file of their
 * own, since messages of several services may use them and imports must not form a circle.
 */
#include "codegen/emit/proto.h"

#include "codegen/emit/emitters.h"
#include "codegen/model/names.h"
#include "codegen/write/writer.h"

struct proto {
    const struct ts_model *model;
    const struct ts_service *service; /* NULL: the top level */
    struct ts_output *output;
    struct rt_arena *arena;
};

const char *ts_proto_package(struct rt_arena *arena, const struct ts_model *model,
                             const struct ts_service *service)
{
    return service ? service->package : rt_arena_printf(arena, "%s.common", model->name);
}

const char *ts_proto_path(struct rt_arena *arena, const struct ts_model *model,
                          const struct ts_service *service, const char *suffix)
{
    const char *name = service ? service->name : "common";
    return rt_arena_printf(arena, "%s/%s/%s%s.proto", model->name, name, name, suffix);
}

const char *ts_proto_entry(struct rt_arena *arena, const struct ts_field *map)
{
    return rt_arena_join(arena, ts_name_pascal(arena, map->name), "Entry", NULL);
}

static const char *package_of(const struct proto *p, const struct ts_service *service)
{
    return ts_proto_package(p->arena, p->model, service);
}

static const char *path_of(const struct proto *p, const struct ts_service *service,
                           const char *suffix)
{
    return ts_proto_path(p->arena, p->model, service, suffix);
}

/* Comments are lines with // here. */
static void put_doc(struct ts_writer *w, const char *indent, const char *doc)
{
    if (doc)
        doc = ts_comment_safe(w->arena, doc);
    while (doc && *doc != '\0') {
        size_t len = strcspn(doc, "\n");
        rt_buf_puts(w->out, indent);
        rt_buf_puts(w->out, len > 0 ? "// " : "//");
        rt_buf_append(w->out, doc, len);
        rt_buf_byte(w->out, '\n');
        doc += len + (doc[len] == '\n');
    }
}

static void begin(struct proto *p, struct ts_writer *w, const char *suffix)
{
    const char *path = rt_arena_printf(p->arena, "proto/%s", path_of(p, p->service, suffix));
    ts_writer_init(w, ts_output_file(p->output, path), p->arena);
    ts_set(w, "schema", p->model->name);
    ts_set(w, "package", package_of(p, p->service));
    ts_put(w, "// Generated from schema $schema; do not edit.\n"
              "syntax = \"proto3\";\n"
              "\n"
              "package $package;");
}

/* -------------------------------------------------------------------- enums */

static void put_enum(struct proto *p, struct ts_writer *w, const struct ts_enum *e)
{
    ts_set(w, "name", e->name);
    ts_set(w, "NAME", ts_name_upper(p->arena, e->name));
    ts_put(w, "");
    put_doc(w, "", e->doc);
    ts_put(w, "enum $name {\n"
              "  ${NAME}_UNSPECIFIED = 0;");
    for (size_t i = 0; i < e->n_values; i++) {
        ts_set(w, "VALUE", ts_name_upper(p->arena, e->values[i].name));
        ts_set_number(w, "number", e->values[i].number);
        put_doc(w, "  ", e->values[i].doc);
        ts_put(w, "  ${NAME}_$VALUE = $number;");
    }
    ts_put(w, "}");
}

static void put_enums(struct proto *p, struct ts_enum *const *enums, size_t count)
{
    struct ts_writer w;
    if (count == 0)
        return;
    begin(p, &w, "_enums");
    for (size_t i = 0; i < count; i++)
        put_enum(p, &w, enums[i]);
}

/* ----------------------------------------------------------------- messages */

/* Whether a map of the message has an entry of that name, which protoc would find first. */
static bool is_entry(const struct proto *p, const struct ts_message *message, const char *name)
{
    for (size_t i = 0; i < message->n_fields; i++)
        if (message->fields[i].type.shape == TS_MAP &&
            strcmp(ts_proto_entry(p->arena, &message->fields[i]), name) == 0)
            return true;
    return false;
}

/* A type of the same package by its name alone, any other from the root on: names are looked up
 * from the inside out, and a service may be called like the schema. */
static const char *qualified(const struct proto *p, const struct ts_field *field,
                             const struct ts_service *service, const char *name)
{
    if (service == p->service && !is_entry(p, field->message, name))
        return name;
    return rt_arena_printf(p->arena, ".%s.%s", package_of(p, service), name);
}

static const char *type_name(const struct proto *p, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    switch (type->kind) {
    case TS_BOOL:
        return "bool";
    case TS_I32:
    case TS_DATE:
        return "int32";
    case TS_U32:
        return "uint32";
    case TS_U64:
        return "uint64";
    case TS_F64:
        return "double";
    case TS_BYTES:
        return "bytes";
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
        return "string";
    case TS_ENUM:
        return qualified(p, field, type->enumeration->service, type->enumeration->name);
    case TS_MESSAGE:
        return qualified(p, field, type->message->service, type->message->name);
    default:
        return "int64";
    }
}

/* What the number of a field counts, where its type does not say it. */
static const char *unit_of(const struct proto *p, const struct ts_type *type)
{
    switch (type->kind) {
    case TS_DECIMAL:
        return rt_arena_printf(p->arena, " // times 10^%u", (unsigned)type->scale);
    case TS_TIME:
        return " // milliseconds since 1970, UTC";
    case TS_DATE:
        return " // days since 1970-01-01";
    case TS_DURATION:
        return " // milliseconds";
    default:
        return "";
    }
}

static void put_field(const struct proto *p, struct ts_writer *w, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    ts_set(w, "type", type_name(p, field));
    ts_set(w, "field", field->name);
    ts_set_number(w, "number", field->number);
    ts_set(w, "unit", unit_of(p, type));
    put_doc(w, "  ", field->doc);
    if (field->has_example)
        put_doc(w, "  ",
                rt_arena_printf(p->arena, "Example: %s",
                                ts_value_text(p->arena, type, &field->example)));
    if (type->shape == TS_MAP)
        ts_put(w, "  map<string, $type> $field = $number;$unit");
    else if (type->shape == TS_LIST)
        ts_put(w, "  repeated $type $field = $number;$unit");
    else if (type->optional)
        ts_put(w, "  optional $type $field = $number;$unit");
    else
        ts_put(w, "  $type $field = $number;$unit");
}

static void put_message(const struct proto *p, struct ts_writer *w,
                        const struct ts_message *message)
{
    ts_set(w, "name", message->name);
    ts_put(w, "");
    put_doc(w, "", message->doc);
    if (message->kind == TS_EVENT) {
        put_doc(
            w, "",
            rt_arena_printf(p->arena, "The payload of events \"%s\".", message->event->subject));
    }
    ts_put(w, "message $name {");
    for (size_t i = 0; i < message->n_reserved; i++) {
        ts_set_number(w, "number", message->reserved[i]);
        ts_put(w, "  reserved $number;");
    }
    for (size_t i = 0; i < message->n_fields; i++)
        put_field(p, w, &message->fields[i]);
    ts_put(w, "}");
}

void ts_proto_imports(struct rt_arena *arena, const struct ts_service *service,
                      void (*import)(void *arg, const struct ts_service *owner), void *arg)
{
    const struct ts_service **seen = NULL;
    size_t n_seen = 0;
    size_t cap = 0;
    for (size_t i = 0; i < service->n_messages; i++)
        for (size_t k = 0; k < service->messages[i]->n_fields; k++) {
            const struct ts_type *type = &service->messages[i]->fields[k].type;
            if (type->kind != TS_ENUM)
                continue;
            const struct ts_service *owner = type->enumeration->service;
            size_t at = 0;
            while (at < n_seen && seen[at] != owner)
                at++;
            if (at < n_seen)
                continue;
            if (n_seen == cap) {
                cap = cap ? 2 * cap : 16;
                const struct ts_service **more =
                    RT_ARENA_ARRAY(arena, cap, const struct ts_service *);
                if (n_seen > 0)
                    memcpy(more, seen, n_seen * sizeof *more);
                seen = more;
            }
            seen[n_seen++] = owner;
            import(arg, owner);
        }
}

struct imports {
    const struct proto *p;
    struct ts_writer *w;
    bool any;
};

/* One line for each file whose enums the messages use. */
static void put_import(void *arg, const struct ts_service *owner)
{
    struct imports *imports = arg;
    if (!imports->any)
        ts_put(imports->w, "");
    imports->any = true;
    ts_set(imports->w, "path", path_of(imports->p, owner, "_enums"));
    ts_put(imports->w, "import \"$path\";");
}

void ts_emit_proto(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 1 << 16);
    struct proto p = {.model = model, .output = output, .arena = &arena};
    put_enums(&p, model->enums, model->n_enums);
    for (size_t i = 0; i < model->n_services; i++) {
        struct ts_writer w;
        rt_arena_reset(&arena);
        p.service = model->services[i];
        put_enums(&p, p.service->enums, p.service->n_enums);
        if (p.service->n_messages == 0)
            continue;
        begin(&p, &w, "");
        ts_proto_imports(&arena, p.service, put_import, &(struct imports){&p, &w, false});
        for (size_t k = 0; k < p.service->n_messages; k++)
            put_message(&p, &w, p.service->messages[k]);
    }
    rt_arena_done(&arena);
}
