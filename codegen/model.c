#include "codegen/model.h"

const char *ts_kind_name(enum ts_kind kind)
{
    static const char *const names[] = {
        [TS_POISON] = "unknown",  [TS_BOOL] = "bool",       [TS_I32] = "i32",
        [TS_I64] = "i64",         [TS_U32] = "u32",         [TS_U64] = "u64",
        [TS_F64] = "f64",         [TS_DECIMAL] = "decimal", [TS_STRING] = "string",
        [TS_BYTES] = "bytes",     [TS_ID] = "id",           [TS_REF] = "ref",
        [TS_TIME] = "time",       [TS_DATE] = "date",       [TS_DURATION] = "duration",
        [TS_ENUM] = "enum",       [TS_MESSAGE] = "message", [TS_PASSWORD] = "password",
        [TS_VERSION] = "version",
    };
    return names[kind];
}

const char *ts_method_name(enum ts_method method)
{
    static const char *const names[] = {
        [TS_GET] = "GET",     [TS_POST] = "POST",     [TS_PUT] = "PUT",
        [TS_PATCH] = "PATCH", [TS_DELETE] = "DELETE",
    };
    return names[method];
}

uint64_t ts_type_bytes_max(const struct ts_type *type)
{
    enum { ID_BYTES = 64, CODE_POINT_BYTES = 4 }; /* as the runtime checks */
    if (type->kind == TS_ID || type->kind == TS_REF)
        return ID_BYTES;
    return type->kind == TS_STRING ? (uint64_t)CODE_POINT_BYTES * type->max_len : type->max_len;
}

const struct ts_field *ts_message_field(const struct ts_message *message, const char *name)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (strcmp(message->fields[i].name, name) == 0)
            return &message->fields[i];
    return NULL;
}

bool ts_message_is_stored(const struct ts_message *message)
{
    return message->kind == TS_MODEL || message->kind == TS_REPLICA;
}
