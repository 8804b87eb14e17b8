/* How what a schema names is spelled in C: types, constants, comments. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "codegen/emit/c/c.h"
#include "codegen/model/names.h"
#include "runtime/base/clock.h"

/* -------------------------------------------------------------------- names */

const char *ts_c_prefix(struct ts_c *c, const struct ts_service *service)
{
    return service ? service->name : ts_name_snake(c->arena, c->model->name);
}

const char *ts_upper(struct ts_c *c, const char *name)
{
    return ts_name_upper(c->arena, name);
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
    return joined(c, ts_c_prefix(c, message->service), message->c_name);
}

const char *ts_c_enum(struct ts_c *c, const struct ts_enum *enumeration)
{
    return joined(c, ts_c_prefix(c, enumeration->service), enumeration->c_name);
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
