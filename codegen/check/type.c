/* Types as written to types with all their constraints. */
#include "codegen/check/impl.h"
#include "runtime/base/pattern.h"

static const enum ts_kind builtin_kinds[TS_KW_COUNT] = {
    [TS_KW_BOOL] = TS_BOOL,       [TS_KW_I32] = TS_I32,           [TS_KW_I64] = TS_I64,
    [TS_KW_U32] = TS_U32,         [TS_KW_U64] = TS_U64,           [TS_KW_F64] = TS_F64,
    [TS_KW_DECIMAL] = TS_DECIMAL, [TS_KW_STRING] = TS_STRING,     [TS_KW_BYTES] = TS_BYTES,
    [TS_KW_ID] = TS_ID,           [TS_KW_REF] = TS_REF,           [TS_KW_TIME] = TS_TIME,
    [TS_KW_DATE] = TS_DATE,       [TS_KW_DURATION] = TS_DURATION, [TS_KW_PASSWORD] = TS_PASSWORD,
    [TS_KW_VERSION] = TS_VERSION,
};

bool ts_kind_is_ordered(enum ts_kind kind)
{
    switch (kind) {
    case TS_I32:
    case TS_I64:
    case TS_U32:
    case TS_U64:
    case TS_F64:
    case TS_DECIMAL:
    case TS_TIME:
    case TS_DATE:
    case TS_DURATION:
        return true;
    default:
        return false;
    }
}

static bool has_length(enum ts_kind kind)
{
    return kind == TS_STRING || kind == TS_BYTES || kind == TS_PASSWORD;
}

static void not_allowed(struct ts_checker *c, struct ts_span span, const char *what,
                        const struct ts_type *type)
{
    ts_report(c->diags, TS_T_CONSTRAINT_MISFIT, span, "%s does not apply to %s", what,
              ts_type_text(c, type));
}

/* A length or a number of items: two whole numbers. False after reporting: what depends on the
 * type is then not looked at. */
static bool check_counts(struct ts_checker *c, const struct ts_ast_range *range, uint32_t *ret_min,
                         uint32_t *ret_max)
{
    uint64_t min = 0;
    uint64_t max = TS_UNBOUNDED;
    const struct ts_ast_value *ends[] = {range->min, range->max};
    uint64_t *values[] = {&min, &max};
    for (int i = 0; i < 2; i++) {
        if (!ends[i])
            continue;
        if (ends[i]->kind == TS_VALUE_NUMBER &&
            ts_parse_u64(ends[i]->span, TS_LIMIT_LENGTH, values[i]))
            continue;
        ts_note(ts_report(c->diags, TS_T_BAD_RANGE, ends[i]->span, "this is no length"),
                "a length is a whole number up to %d", TS_LIMIT_LENGTH);
        return false;
    }
    if (min > max) {
        ts_report(c->diags, TS_T_BAD_RANGE, range->span, "this range is empty");
        return false;
    }
    *ret_min = (uint32_t)min;
    *ret_max = (uint32_t)max;
    return true;
}

static void report_no_scale(struct ts_checker *c, const struct ts_ast_type *ast)
{
    ts_help(ts_report(c->diags, TS_T_NO_SCALE, ast->name.span,
                      "a decimal needs its number of digits after the point"),
            "write `decimal(2)` for two");
}

static void check_scale(struct ts_checker *c, const struct ts_ast_type *ast, struct ts_type *type)
{
    uint64_t scale = 0;
    if (!ts_present(ast->c->size.span)) {
        report_no_scale(c, ast);
        return;
    }
    if (!ast->c->size.min || ast->c->size.min != ast->c->size.max ||
        ast->c->size.min->kind != TS_VALUE_NUMBER ||
        !ts_parse_u64(ast->c->size.min->span, TS_LIMIT_SCALE, &scale))
        ts_note(ts_report(c->diags, TS_T_BAD_RANGE, ast->c->size.span,
                          "this is no number of digits after the point"),
                "it is a whole number up to %d", TS_LIMIT_SCALE);
    type->scale = (uint32_t)scale;
}

static void check_size(struct ts_checker *c, const struct ts_ast_type *ast, struct ts_type *type)
{
    if (ast->builtin == TS_KW_DECIMAL) {
        check_scale(c, ast, type);
        return;
    }
    if (!ts_present(ast->c->size.span))
        return;
    if (!has_length(type->kind) || type->shape != TS_ONE)
        not_allowed(c, ast->c->size.span, "a length", type);
    else if (!check_counts(c, &ast->c->size, &type->min_len, &type->max_len))
        type->kind = TS_POISON;
}

static void check_bound(struct ts_checker *c, const struct ts_ast_type *ast, struct ts_type *type)
{
    const struct ts_ast_range *range = &ast->c->bound;
    if (!ts_present(range->span))
        return;
    if (!ts_kind_is_ordered(type->kind)) {
        struct ts_diag *diag = ts_report(c->diags, TS_T_CONSTRAINT_MISFIT, range->span,
                                         "a range does not apply to %s", ts_type_text(c, type));
        if (has_length(type->kind))
            ts_help(diag, "write the range of lengths as `%s(%s)`", ts_kind_name(type->kind),
                    ts_span_text(c, range->span));
        return;
    }
    if (range->min && ts_convert_value(c, type, range->min, &type->min))
        type->has_min = true;
    if (range->max && ts_convert_value(c, type, range->max, &type->max))
        type->has_max = true;
    if (type->has_min && type->has_max && ts_compare_values(type->kind, type->min, type->max) > 0) {
        ts_report(c->diags, TS_T_BAD_RANGE, range->span, "this range is empty");
        type->has_min = type->has_max = false;
    }
}

/* A pattern takes time for each character, so a string with one has a bound: its own, else a
 * general one. Looked at again where a length is given for a type that has a pattern. */
static void check_pattern(struct ts_checker *c, const struct ts_ast_type *ast, struct ts_type *type)
{
    struct rt_error error;
    bool here = ast->c->pattern_text;
    const char *pattern = here ? ast->c->pattern_text : type->pattern;
    if (!pattern || (!here && !ts_present(ast->c->size.span)))
        return;
    if (type->max_len == TS_UNBOUNDED)
        type->max_len = RT_PATTERN_TEXT_MAX;
    type->pattern = NULL;
    int rc = rt_pattern_check(pattern, type->max_len, &error);
    if (rc == 0) {
        type->pattern = pattern;
        return;
    }
    ts_note(ts_report(c->diags, TS_T_BAD_PATTERN, here ? ast->c->pattern : ast->c->size.span, "%s",
                      rc == RT_ETOOBIG ? "this pattern is too large" : "this is no pattern"),
            "%s", error.message);
}

static void check_text_constraints(struct ts_checker *c, const struct ts_ast_type *ast,
                                   struct ts_type *type)
{
    struct ts_span spans[] = {ast->c->trim, ast->c->lower, ast->c->format, ast->c->pattern};
    for (size_t i = 0; i < sizeof spans / sizeof *spans && type->kind != TS_STRING; i++)
        if (ts_present(spans[i])) {
            not_allowed(c, spans[i], rt_arena_printf(c->arena, "`%s`", ts_span_text(c, spans[i])),
                        type);
            return;
        }
    type->trim |= ts_present(ast->c->trim);
    type->lower |= ts_present(ast->c->lower);
    check_pattern(c, ast, type);
    switch (ast->c->format_word) {
    case TS_KW_EMAIL:
        type->format = TS_FORMAT_EMAIL;
        break;
    case TS_KW_URL:
        type->format = TS_FORMAT_URL;
        break;
    case TS_KW_UUID:
        type->format = TS_FORMAT_UUID;
        break;
    case TS_KW_SLUG:
        type->format = TS_FORMAT_SLUG;
        break;
    default:
        break;
    }
}

/* The type as it is written, but for its `?`. */
static const char *without_optional(struct ts_checker *c, const struct ts_ast_type *ast)
{
    struct rt_str text = rt_str_n(ast->span.source->text + ast->span.offset, ast->span.len);
    size_t at = ast->c->optional.offset - ast->span.offset;
    return rt_arena_printf(c->arena, "%.*s%.*s", (int)at, text.data, (int)(text.len - at - 1),
                           text.data + at + 1);
}

static void check_shape(struct ts_checker *c, const struct ts_ast_type *ast, struct ts_type *type)
{
    if (ast->c->list && type->shape != TS_ONE)
        ts_help(ts_report(c->diags, TS_T_BAD_ELEMENT, ast->c->list_span, "a list of %s",
                          type->shape == TS_LIST ? "lists" : "maps"),
                "put the inner one into a message");
    else if (ast->c->list && type->optional)
        ts_help(ts_report(c->diags, TS_T_BAD_ELEMENT, ast->c->list_span,
                          "the items of a list cannot be optional"),
                "leave out the items that are not there");
    else if (ast->c->list)
        type->shape = TS_LIST;
    if (ts_present(ast->c->items.span) && type->shape == TS_LIST &&
        !check_counts(c, &ast->c->items, &type->min_items, &type->max_items))
        type->kind = TS_POISON;
    if (ts_present(ast->c->distinct)) {
        if (type->shape == TS_LIST)
            type->unique_items = true;
        else
            not_allowed(c, ast->c->distinct, "`distinct`", type);
    }
    if (!ts_present(ast->c->optional))
        return;
    if (type->shape != TS_ONE)
        ts_help(ts_report(c->diags, TS_T_BAD_OPTIONAL, ast->c->optional, "a %s is never absent",
                          type->shape == TS_LIST ? "list" : "map"),
                "write `%s`: an empty one says the same", without_optional(c, ast));
    else if (type->kind == TS_ID || type->kind == TS_VERSION)
        ts_report(c->diags, TS_T_BAD_OPTIONAL, ast->c->optional, "%s is never absent",
                  type->kind == TS_ID ? "an id" : "a version");
    else
        type->optional = true;
}

static void check_map(struct ts_checker *c, const struct ts_service *service,
                      const struct ts_ast_type *ast, struct ts_type *type)
{
    struct ts_type key;
    ts_check_type(c, service, ast->map->key, &key);
    ts_check_type(c, service, ast->map->value, type);
    if (key.kind != TS_POISON && (key.kind != TS_STRING || key.shape != TS_ONE || key.optional))
        ts_report(c->diags, TS_T_BAD_ELEMENT, ast->map->key->span, "the keys of a map are strings");
    if (type->kind != TS_POISON && (type->shape != TS_ONE || type->optional)) {
        ts_help(ts_report(c->diags, TS_T_BAD_ELEMENT, ast->map->value->span,
                          "the values of a map cannot be %s",
                          type->optional ? "optional" : "lists or maps"),
                "put them into a message");
        type->kind = TS_POISON;
    }
    if (key.kind == TS_POISON)
        type->kind = TS_POISON;
    type->optional = false;
    type->shape = TS_MAP;
    type->key_min_len = key.min_len;
    type->key_max_len = key.max_len;
    type->min_items = 0;
    type->max_items = TS_UNBOUNDED;
    if (ast->c && ts_present(ast->c->items.span) &&
        !check_counts(c, &ast->c->items, &type->min_items, &type->max_items))
        type->kind = TS_POISON;
}

static void check_ref(struct ts_checker *c, const struct ts_service *service,
                      const struct ts_ast_type *ast, struct ts_type *type)
{
    struct ts_checked_message *target = ts_resolve_message(c, service, ast->target, "model");
    if (!target) {
        type->kind = TS_POISON;
    } else if (!ts_message_is_stored(&target->message)) {
        ts_label(ts_report(c->diags, TS_T_WRONG_KIND, ast->target->span,
                           "`%s` is a %s: a ref names a model or a replica", target->message.name,
                           ts_message_kind_text(&target->message)),
                 target->message.span, "it is declared here");
        type->kind = TS_POISON;
    } else {
        type->message = &target->message;
    }
}

static void check_alias(struct ts_checker *c, struct ts_checked_alias *alias, unsigned depth);

static bool message_is_visible(struct ts_checker *c, const struct ts_service *service,
                               const struct ts_ast_type *ast, const struct ts_message *message)
{
    if (message->kind == TS_EVENT || (service && message->service != service)) {
        ts_note(
            ts_label(
                ts_report(c->diags, TS_T_WRONG_KIND, ast->name.span, "%s cannot be a type here",
                          message->kind == TS_EVENT ? "an event" : "a message of another service"),
                message->span, "it is declared here"),
            "a field holds messages of its own service only");
        return false;
    }
    return true;
}

static void check_named(struct ts_checker *c, const struct ts_service *service,
                        const struct ts_ast_type *ast, struct ts_type *type, unsigned depth)
{
    struct ts_entry *entry = ts_resolve(c, service, &ast->name, "type");
    type->kind = TS_POISON;
    if (!entry)
        return;
    switch (entry->kind) {
    case TS_DECL_ALIAS: {
        struct ts_checked_alias *alias = entry->decl;
        check_alias(c, alias, depth + 1);
        *type = *alias->alias.type;
        type->alias = &alias->alias;
        return;
    }
    case TS_DECL_ENUM:
        type->kind = TS_ENUM;
        type->enumeration = entry->decl;
        return;
    case TS_DECL_MESSAGE: {
        struct ts_checked_message *message = entry->decl;
        if (!message_is_visible(c, service, ast, &message->message))
            return;
        type->kind = TS_MESSAGE;
        type->message = &message->message;
        return;
    }
    default:
        RT_ASSERT(false);
    }
}

static void check_type_at(struct ts_checker *c, const struct ts_service *service,
                          const struct ts_ast_type *ast, struct ts_type *type, unsigned depth)
{
    *type = (struct ts_type){
        .max_len = TS_UNBOUNDED, .max_items = TS_UNBOUNDED, .key_max_len = TS_UNBOUNDED};
    if (!ast->name.name.symbol)
        return;
    if (ast->builtin == TS_KW_MAP && ast->map) {
        check_map(c, service, ast, type);
        if (ast->c && ts_present(ast->c->optional))
            check_shape(c, ast, type);
        return;
    }
    if (ast->builtin == TS_KW_NONE)
        check_named(c, service, ast, type, depth);
    else
        type->kind = builtin_kinds[ast->builtin];
    if (type->kind == TS_REF && ast->builtin == TS_KW_REF)
        check_ref(c, service, ast, type);
    if (!ast->c && type->kind == TS_DECIMAL && ast->builtin)
        report_no_scale(c, ast);
    if (type->kind == TS_POISON || !ast->c)
        return;
    check_size(c, ast, type);
    if (type->kind == TS_POISON)
        return;
    check_bound(c, ast, type);
    check_text_constraints(c, ast, type);
    check_shape(c, ast, type);
}

static void check_alias(struct ts_checker *c, struct ts_checked_alias *alias, unsigned depth)
{
    if (alias->state == TS_DONE)
        return;
    if (alias->state == TS_ACTIVE || depth > TS_LIMIT_ALIAS_DEPTH) {
        if (alias->state == TS_ACTIVE)
            ts_label(ts_report(c->diags, TS_T_CYCLE, alias->alias.span,
                               "type `%s` is made of itself", alias->alias.name),
                     alias->ast->type.span, "by way of this");
        else
            ts_report(c->diags, TS_T_TOO_DEEP, alias->alias.span,
                      "type `%s` ends a chain of more than %d types", alias->alias.name,
                      TS_LIMIT_ALIAS_DEPTH);
        alias->alias.type->kind = TS_POISON;
        alias->state = TS_DONE;
        return;
    }
    alias->state = TS_ACTIVE;
    struct ts_type type;
    check_type_at(c, alias->service, &alias->ast->type, &type, depth);
    if (alias->state == TS_DONE) /* found to be a cycle meanwhile */
        return;
    *alias->alias.type = type;
    alias->state = TS_DONE;
}

void ts_check_type(struct ts_checker *c, const struct ts_service *service,
                   const struct ts_ast_type *ast, struct ts_type *ret)
{
    check_type_at(c, service, ast, ret, 0);
}

static void check_alias_list(struct ts_checker *c, struct ts_alias **aliases, size_t count)
{
    /* A ts_alias is the first member of its ts_checked_alias. */
    for (size_t i = 0; i < count; i++)
        check_alias(c, (struct ts_checked_alias *)(void *)aliases[i], 0);
}

void ts_check_aliases(struct ts_checker *c)
{
    check_alias_list(c, c->model->aliases, c->model->n_aliases);
    for (size_t i = 0; i < c->model->n_services; i++)
        check_alias_list(c, c->model->services[i]->aliases, c->model->services[i]->n_aliases);
}
