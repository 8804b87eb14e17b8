#include "codegen/emit/c/emit_c.h"

#include "codegen/model/names.h"
#include "runtime/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* -------------------------------------------------------------------- names */

static const char *prefix_of(struct ts_c *c, const struct ts_service *service)
{
    return service ? service->name : ts_name_snake(c->arena, c->model->name);
}

const char *ts_upper(struct ts_c *c, const char *name)
{
    return ts_name_upper(c->arena, name);
}

const char *ts_c_short(struct ts_c *c, const struct ts_message *message)
{
    return ts_name_snake(c->arena, message->name);
}

static const char *joined(struct ts_c *c, const char *prefix, const char *name)
{
    size_t prefix_len = strlen(prefix);
    size_t name_len = strlen(name);
    char *out = rt_arena_alloc(c->arena, prefix_len + name_len + 2);
    memcpy(out, prefix, prefix_len);
    out[prefix_len] = '_';
    memcpy(out + prefix_len + 1, name, name_len + 1);
    return out;
}

const char *ts_c_type(struct ts_c *c, const struct ts_message *message)
{
    return joined(c, prefix_of(c, message->service), ts_c_short(c, message));
}

const char *ts_c_enum(struct ts_c *c, const struct ts_enum *enumeration)
{
    return joined(c, prefix_of(c, enumeration->service),
                  ts_name_snake(c->arena, enumeration->name));
}

const char *ts_c_enum_value(struct ts_c *c, const struct ts_enum *enumeration,
                            const struct ts_enum_value *value)
{
    return ts_upper(c, joined(c, ts_c_enum(c, enumeration), value->name));
}

const char *ts_c_event(struct ts_c *c, const struct ts_event *event)
{
    return ts_c_type(c, event->message);
}

const char *ts_c_entry(struct ts_c *c, const struct ts_field *map)
{
    return rt_arena_printf(c->arena, "%s_%s_entry", ts_c_type(c, map->message), map->name);
}

const char *ts_c_position(struct ts_c *c, const struct ts_field *field)
{
    const char *name = joined(c, "field", field->name);
    return ts_upper(c, joined(c, ts_c_type(c, field->message), name));
}

const char *ts_c_index(struct ts_c *c, const struct ts_message *model, const char *name)
{
    const char *type = ts_c_type(c, model);
    return rt_arena_printf(c->arena, "%s_indexes[%s]", type, ts_upper(c, joined(c, type, name)));
}

const char *ts_c_noun(struct ts_c *c, const struct ts_message *message)
{
    const char *name = ts_c_short(c, message);
    const char *last = strrchr(name, '_');
    return last ? last + 1 : name;
}

/* ------------------------------------------------------------------- values */

const char *ts_c_value_type(struct ts_c *c, const struct ts_field *field)
{
    switch (field->type.kind) {
    case TS_BOOL:
        return "protobuf_c_boolean ";
    case TS_I32:
    case TS_DATE:
        return "int32_t ";
    case TS_U32:
        return "uint32_t ";
    case TS_U64:
        return "uint64_t ";
    case TS_F64:
        return "double ";
    case TS_BYTES:
        return "ProtobufCBinaryData ";
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
        return "const char *";
    case TS_ENUM:
        return rt_arena_printf(c->arena, "enum %s ", ts_c_enum(c, field->type.enumeration));
    case TS_MESSAGE:
        return rt_arena_printf(c->arena, "struct %s *", ts_c_type(c, field->type.message));
    default:
        return "int64_t ";
    }
}

bool ts_c_has_flag(const struct ts_type *type)
{
    switch (type->kind) {
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
    case TS_MESSAGE:
        return false;
    default:
        return type->optional;
    }
}

bool ts_c_has_default(const struct ts_field *field)
{
    enum ts_message_kind kind = field->message->kind;
    return field->has_default && (kind == TS_PLAIN || kind == TS_DERIVED || kind == TS_MODEL);
}

static const char *integer_constant(struct ts_c *c, int64_t value)
{
    if (value == INT64_MIN)
        return "INT64_MIN";
    bool narrow = value >= INT32_MIN && value <= INT32_MAX;
    return rt_arena_printf(c->arena, narrow ? "%" PRId64 : "INT64_C(%" PRId64 ")", value);
}

const char *ts_c_value(struct ts_c *c, const struct ts_type *type, const union ts_value *value)
{
    switch (type->kind) {
    case TS_BOOL:
        return value->boolean ? "1" : "0";
    case TS_U32:
    case TS_U64:
        return rt_arena_printf(c->arena,
                               value->natural > UINT32_MAX ? "UINT64_C(%" PRIu64 ")" : "%" PRIu64,
                               value->natural);
    case TS_F64:
        return rt_arena_printf(c->arena, "%.17g", value->real);
    case TS_ENUM:
        return ts_c_enum_value(c, type->enumeration, value->enum_value);
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_BYTES:
    case TS_PASSWORD:
        return ts_quoted(c->arena, value->text);
    default:
        return integer_constant(c, value->integer);
    }
}

/* ----------------------------------------------------------------- comments */

static const char *file_name(struct ts_span span)
{
    const char *slash = strrchr(span.source->path, '/');
    return slash ? slash + 1 : span.source->path;
}

const char *ts_c_place(struct ts_c *c, struct ts_span span)
{
    return rt_arena_printf(c->arena, "%s line %u", file_name(span), (unsigned)ts_span_line(span));
}

void ts_c_prototype(struct ts_c *c, struct ts_writer *w, struct ts_span span, const char *prototype)
{
    ts_set(w, "file", ts_quoted(c->arena, file_name(span)));
    ts_set_number(w, "line", ts_span_line(span));
    ts_put(w, "#line $line $file");
    ts_put(w, prototype);
    ts_set_number(w, "line", ts_writer_line(w) + 1);
    ts_put(w, "#line $line \"${own}_$suffix.h\"");
}

const char *ts_c_emits(struct ts_c *c, struct ts_event **emits, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = rt_arena_printf(c->arena, "%s%s %s", text, i > 0 ? "," : ". Emits", emits[i]->name);
    return text;
}

const char *ts_c_doc(struct ts_c *c, const char *doc, const char *text)
{
    return doc ? rt_arena_printf(c->arena, "%s\n%s", doc, text) : text;
}

/* -------------------------------------------------------------------- files */

void ts_c_begin(struct ts_c *c, struct ts_writer *w, const char *suffix, const char *extension)
{
    const char *prefix = prefix_of(c, c->service);
    const char *folder = c->service ? prefix : "common";
    const char *path = rt_arena_printf(c->arena, "%s/%s_%s.%s", folder, prefix, suffix, extension);
    ts_writer_init(w, ts_output_file(c->output, path), c->arena);
    ts_set(w, "schema", c->model->name);
    ts_set(w, "svc", prefix);
    ts_set(w, "SVC", ts_upper(c, prefix));
    ts_setf(w, "own", "gen/%s/%s", folder, prefix);
    ts_set(w, "suffix", suffix);
    ts_set(w, "SUFFIX", ts_upper(c, suffix));
    ts_put(w, "// Generated from schema $schema; do not edit.");
}

void ts_c_header_begin(struct ts_c *c, struct ts_writer *w, const char *suffix, const char *about)
{
    ts_c_begin(c, w, suffix, "h");
    ts_comment(w, 0, about);
    ts_put(w, "#ifndef ${SVC}_${SUFFIX}_H\n"
              "#define ${SVC}_${SUFFIX}_H\n\n");
}

void ts_c_header_end(struct ts_writer *w)
{
    ts_put(w, "\n#endif");
}

void ts_c_source_begin(struct ts_c *c, struct ts_writer *w, const char *suffix)
{
    ts_c_begin(c, w, suffix, "c");
    ts_put(w, "#include \"${own}_$suffix.h\"");
}

void ts_include(struct ts_includes *includes, const char *path)
{
    size_t at = 0;
    int order = 1;
    while (at < includes->count && (order = strcmp(path, includes->paths[at])) > 0)
        at++;
    if (at < includes->count && order == 0)
        return;
    RT_ASSERT(includes->count < sizeof includes->paths / sizeof *includes->paths);
    memmove(includes->paths + at + 1, includes->paths + at,
            (includes->count - at) * sizeof *includes->paths);
    includes->paths[at] = path;
    includes->count++;
}

void ts_include_of(struct ts_c *c, struct ts_includes *includes, const struct ts_service *service,
                   const char *suffix)
{
    const char *prefix = prefix_of(c, service);
    const char *folder = service ? prefix : "common";
    ts_include(includes, rt_arena_printf(c->arena, "gen/%s/%s_%s.h", folder, prefix, suffix));
}

void ts_includes_put(struct ts_writer *w, const struct ts_includes *includes)
{
    for (size_t i = 0; i < includes->count; i++) {
        ts_set(w, "path", includes->paths[i]);
        ts_put(w, "#include \"$path\"");
    }
}

/* ------------------------------------------------------------ what there is */

bool ts_has_events(const struct ts_service *service)
{
    bool any = service->event_count > 0;
    for (size_t i = 0; i < service->message_count; i++)
        any = any || service->messages[i]->shared;
    return any;
}

bool ts_has_types(const struct ts_c *c)
{
    for (size_t i = 0; i < c->service->message_count; i++)
        if (!c->service->messages[i]->shared)
            return true;
    for (size_t i = 0; i < c->service->route_count; i++)
        if (c->queries[i] != NULL)
            return true;
    return false;
}

bool ts_has_stores(const struct ts_service *service)
{
    for (size_t i = 0; i < service->message_count; i++)
        if (ts_message_is_stored(service->messages[i]))
            return true;
    return false;
}

bool ts_has_routes(const struct ts_service *service)
{
    return service->route_count > 0;
}

bool ts_has_listeners(const struct ts_service *service)
{
    return service->listener_count + service->timer_count + service->consume_count > 0;
}

bool ts_is_automatic(const struct ts_service *service)
{
    for (size_t i = 0; i < service->route_count; i++)
        if (service->routes[i]->automatic == TS_AUTO_NONE)
            return false;
    return service->listener_count + service->timer_count == 0;
}

size_t ts_replica_count(const struct ts_service *service)
{
    size_t count = 0;
    for (size_t i = 0; i < service->message_count; i++)
        count += service->messages[i]->kind == TS_REPLICA;
    return count;
}
