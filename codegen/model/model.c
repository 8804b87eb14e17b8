#include "codegen/model/model.h"

#include <inttypes.h>
#include <stdio.h>

#include "runtime/base/arena.h"
#include "runtime/base/clock.h"

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
    for (size_t i = 0; i < message->n_fields; i++)
        if (strcmp(message->fields[i].name, name) == 0)
            return &message->fields[i];
    return NULL;
}

bool ts_message_is_stored(const struct ts_message *message)
{
    return message->kind == TS_MODEL || message->kind == TS_REPLICA;
}

static const char *decimal_text(struct rt_arena *arena, int64_t value, uint32_t scale)
{
    char digits[32];
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int len = snprintf(digits, sizeof digits, "%0*" PRIu64, (int)scale + 1, magnitude);
    int whole = len - (int)scale;
    return rt_arena_printf(arena, "%s%.*s%s%s", value < 0 ? "-" : "", whole, digits,
                           scale > 0 ? "." : "", digits + whole);
}

static const char *duration_text(struct rt_arena *arena, int64_t ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"d", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ms != 0 && ms % units[i].ms == 0)
            return rt_arena_printf(arena, "%" PRId64 "%s", ms / units[i].ms, units[i].unit);
    return rt_arena_printf(arena, "%" PRId64 "ms", ms);
}

static const char *time_text(struct rt_arena *arena, int64_t ms, size_t len)
{
    char text[RT_TIME_TEXT_LEN + 1];
    rt_time_format(ms, text);
    return rt_arena_strndup(arena, text, len);
}

const char *ts_value_text(struct rt_arena *arena, const struct ts_type *type,
                          const union ts_value *value)
{
    switch (type->kind) {
    case TS_BOOL:
        return value->boolean ? "true" : "false";
    case TS_U32:
    case TS_U64:
        return rt_arena_printf(arena, "%" PRIu64, value->natural);
    case TS_F64:
        return rt_arena_printf(arena, "%.15g", value->real);
    case TS_DECIMAL:
        return decimal_text(arena, value->integer, type->scale);
    case TS_DURATION:
        return duration_text(arena, value->integer);
    case TS_TIME:
        return time_text(arena, value->integer, RT_TIME_TEXT_LEN);
    case TS_DATE:
        return time_text(arena, value->integer * 86400000, strlen("2026-01-31"));
    case TS_ENUM:
        return value->enum_value->text;
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_BYTES:
    case TS_PASSWORD:
        return value->text;
    default:
        return rt_arena_printf(arena, "%" PRId64, value->integer);
    }
}

static bool has_event(struct ts_event *const *events, size_t count, const struct ts_event *event)
{
    for (size_t i = 0; i < count; i++)
        if (events[i] == event)
            return true;
    return false;
}

bool ts_event_is_last(const struct ts_event *event)
{
    const struct ts_service *service = event->service;
    bool deletes = false;
    for (size_t i = 0; i < service->n_routes; i++) {
        const struct ts_route *route = service->routes[i];
        if (!has_event(route->emits, route->n_emits, event))
            continue;
        if (route->automatic != TS_AUTO_DELETE)
            return false;
        deletes = true;
    }
    for (size_t i = 0; i < service->n_listeners; i++)
        if (has_event(service->listeners[i]->emits, service->listeners[i]->n_emits, event))
            return false;
    for (size_t i = 0; i < service->n_timers; i++)
        if (has_event(service->timers[i]->emits, service->timers[i]->n_emits, event))
            return false;
    return deletes;
}

const struct ts_expr *ts_expr_first_path(const struct ts_expr *expr)
{
    if (expr->op == TS_EXPR_PATH)
        return expr;
    for (size_t i = 0; i < expr->n_operands; i++) {
        const struct ts_expr *found = ts_expr_first_path(expr->operands[i]);
        if (found != NULL)
            return found;
    }
    return NULL;
}

bool ts_expr_mentions(const struct ts_expr *expr, enum ts_expr_op op)
{
    bool found = expr->op == op || (expr->within && ts_expr_mentions(expr->within, op));
    for (size_t i = 0; i < expr->n_operands && !found; i++)
        found = ts_expr_mentions(expr->operands[i], op);
    return found;
}

const struct ts_index *ts_index_of_field(const struct ts_message *model,
                                         const struct ts_field *field)
{
    for (size_t i = 0; i < model->n_indexes; i++) {
        const struct ts_index *index = &model->indexes[i];
        if (index->unique && index->n_fields == 1 && index->fields[0] == field && !index->condition)
            return index;
    }
    return NULL;
}
