/* Enums, and messages whose fields are written out: models and plain messages. */
#include <stdlib.h>

#include "codegen/check/impl.h"

bool ts_check_number(struct ts_checker *c, struct ts_span span, const char *of, uint32_t *ret)
{
    uint64_t number = 0;
    if (!ts_present(span))
        return false;
    bool ok = ts_parse_u64(span, TS_LIMIT_FIELD_NUMBER, &number) && number > 0;
    if (ok && (number < 19000 || number > 19999)) {
        *ret = (uint32_t)number;
        return true;
    }
    ts_note(ts_report(c->diags, TS_T_BAD_FIELD_NUMBER, span, "this is no number of a %s", of),
            "a number is 1 to %d, without 19000 to 19999, which protobuf keeps for itself",
            TS_LIMIT_FIELD_NUMBER);
    return false;
}

/* ----------------------------------------------------------- numbers, names */

struct numbered {
    uint32_t number;
    struct ts_span span;
};

static int compare_numbered(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->span.offset > y->span.offset) - (x->span.offset < y->span.offset);
}

/* Numbers in use once each, and none of the reserved. */
static void check_distinct(struct ts_checker *c, struct numbered *used, size_t count,
                           const struct numbered *reserved, size_t n_reserved)
{
    qsort(used, count, sizeof *used, compare_numbered);
    for (size_t i = 1; i < count; i++)
        if (used[i].number == used[i - 1].number)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE_NUMBER, used[i].span,
                               "the number %u is used twice", used[i].number),
                     used[i - 1].span, "first here");
    for (size_t i = 0, j = 0; i < count && j < n_reserved;) {
        if (used[i].number < reserved[j].number) {
            i++;
        } else if (used[i].number > reserved[j].number) {
            j++;
        } else {
            ts_label(ts_report(c->diags, TS_T_RESERVED_NUMBER, used[i].span,
                               "the number %u is reserved", used[i].number),
                     reserved[j].span, "here");
            i++;
        }
    }
}

static struct numbered *check_reserved(struct ts_checker *c, const struct ts_ast_value *list,
                                       size_t *ret_count)
{
    struct numbered *reserved = NULL;
    size_t count = 0;
    for (const struct ts_ast_value *value = list; value; value = value->next) {
        struct numbered one = {0, value->span};
        if (ts_check_number(c, value->span, "field", &one.number))
            TS_PUSH(c->arena, reserved, count, one);
    }
    if (count > 0)
        qsort(reserved, count, sizeof *reserved, compare_numbered);
    *ret_count = count;
    return reserved;
}

/* -------------------------------------------------------------------- enums */

static void check_enum(struct ts_checker *c, struct ts_enum *enumeration,
                       const struct ts_ast_enum *ast)
{
    struct numbered *used = NULL;
    size_t count = 0;
    for (const struct ts_ast_enum_value *value = ast->values; value; value = value->next) {
        struct ts_enum_value result = {.name = value->name.symbol->text,
                                       .text = value->text.symbol ? value->text.symbol->text
                                                                  : value->name.symbol->text,
                                       .doc = ts_doc(c, value->name.span, value->doc),
                                       .span = value->name.span};
        ts_check_case(c, value->name, TS_SNAKE, "an enum's value");
        if (value->name.symbol->owner == enumeration) {
            const struct ts_ast_enum_value *first = value->name.symbol->value;
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, value->name.span,
                               "a second value named `%s`", result.name),
                     first->name.span, "the first one is here");
            continue;
        }
        value->name.symbol->owner = enumeration;
        value->name.symbol->value = value;
        if (!ts_check_count(c, enumeration->n_values, TS_LIMIT_ENUM_VALUES, value->name.span,
                            "values in an enum"))
            break;
        if (ts_check_number(c, value->number, "value", &result.number)) {
            struct numbered one = {result.number, value->number};
            TS_PUSH(c->arena, used, count, one);
        }
        TS_PUSH(c->arena, enumeration->values, enumeration->n_values, result);
    }
    size_t n_reserved;
    struct numbered *reserved = check_reserved(c, ast->reserved, &n_reserved);
    if (count > 0)
        check_distinct(c, used, count, reserved, n_reserved);
    enumeration->incomplete = ast->broken;
    if (enumeration->n_values == 0 && !ast->broken)
        ts_report(c->diags, TS_T_EMPTY, enumeration->span, "enum `%s` has no values",
                  enumeration->name);
}

static void check_enum_texts(struct ts_checker *c, const struct ts_enum *enumeration)
{
    for (size_t i = 0; i < enumeration->n_values; i++) {
        const struct ts_enum_value *value = &enumeration->values[i];
        struct ts_symbol *text = ts_symbol_of(value->text);
        if (text->owner == &enumeration->values) {
            const struct ts_enum_value *first = text->value;
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, value->span,
                               "a second value written as \"%s\" in JSON", value->text),
                     first->span, "the first one is here");
        }
        text->owner = &enumeration->values;
        text->value = value;
    }
}

static void check_enum_list(struct ts_checker *c, struct ts_enum **enums, size_t *at,
                            const struct ts_ast_enum *list)
{
    for (const struct ts_ast_enum *ast = list; ast; ast = ast->next, ++*at) {
        check_enum(c, enums[*at], ast);
        check_enum_texts(c, enums[*at]);
    }
}

void ts_check_enums(struct ts_checker *c)
{
    size_t at_top = 0;
    size_t service = 0;
    for (const struct ts_ast_file *file = c->files; file; file = file->next) {
        check_enum_list(c, c->model->enums, &at_top, file->enums);
        for (const struct ts_ast_service *ast = file->services; ast; ast = ast->next) {
            size_t at = 0;
            check_enum_list(c, c->model->services[service++]->enums, &at, ast->enums);
        }
    }
}

/* ------------------------------------------------------------------- fields */

/* `ref M embed`: the field becomes a message of M, of this service. */
static void check_embed(struct ts_checker *c, struct ts_field *field,
                        const struct ts_ast_field *ast)
{
    struct ts_type *type = &field->type;
    if (!ts_present(ast->embed) || type->kind == TS_POISON)
        return;
    const struct ts_message *message = field->message;
    if (type->kind != TS_REF || type->shape != TS_ONE) {
        ts_report(c->diags, TS_T_BAD_EMBED, ast->embed, "`embed` needs a single ref, not %s",
                  ts_type_text(c, type));
    } else if (type->message->service != message->service) {
        ts_label(
            ts_help(ts_report(c->diags, TS_T_BAD_EMBED, ast->embed,
                              "`%s` belongs to service `%s`, so its records are not at hand here",
                              type->message->name, type->message->service->name),
                    "declare a `replica` of it in service `%s` and refer to that",
                    message->service->name),
            type->message->span, "it is declared here");
    } else if (message->kind != TS_MODEL) {
        ts_report(c->diags, TS_T_BAD_EMBED, ast->embed, "only a model's field can be embedded");
    } else {
        type->kind = TS_MESSAGE;
        field->embed = true;
    }
}

bool ts_is_given(const struct ts_ast_field *ast, const struct ts_type *type)
{
    bool may_be_constant = ast->default_value && (type->kind == TS_ENUM || type->kind == TS_BOOL);
    return ast->given && !may_be_constant;
}

/* Whether the value is computed; what it is is checked later, when all fields are known. */
static bool check_given_place(struct ts_checker *c, const struct ts_field *field,
                              const struct ts_ast_field *ast)
{
    bool given = ts_is_given(ast, &field->type);
    if (given && field->message->kind != TS_MODEL)
        ts_report(c->diags, TS_T_NOT_IN_MODEL, ast->given->span,
                  "only a model's field is given a value that is computed");
    else if (!given && ts_present(ast->on_update))
        ts_report(c->diags, TS_T_BAD_DEFAULT, ast->on_update,
                  "a constant does not change on update");
    return given;
}

static void check_default(struct ts_checker *c, struct ts_field *field,
                          const struct ts_ast_field *ast)
{
    const struct ts_type *type = &field->type;
    if (type->kind == TS_POISON || check_given_place(c, field, ast) || !ast->default_value)
        return;
    bool fits = type->shape == TS_ONE && type->kind != TS_MESSAGE && type->kind != TS_PASSWORD &&
                type->kind != TS_ID && type->kind != TS_VERSION && type->kind != TS_BYTES;
    if (!fits || type->optional) {
        ts_report(c->diags, TS_T_BAD_DEFAULT, ast->default_value->span,
                  "%s cannot have a default%s", ts_type_text(c, type),
                  fits ? ": when absent, it is null" : "");
        return;
    }
    field->has_default = ts_check_value(c, type, ast->default_value, &field->default_value);
}

static void check_example(struct ts_checker *c, struct ts_field *field,
                          const struct ts_ast_field *ast)
{
    const struct ts_type *type = &field->type;
    if (!ast->example || type->kind == TS_POISON)
        return;
    if (type->kind == TS_MESSAGE || type->kind == TS_BYTES || field->secret)
        ts_report(c->diags, TS_T_BAD_DEFAULT, ast->example->span, "%s cannot have an example",
                  field->secret ? "a secret" : ts_type_text(c, type));
    else
        field->has_example = ts_check_value(c, type, ast->example, &field->example);
}

static void check_fields(struct ts_checker *c, struct ts_message *message,
                         const struct ts_ast_message *ast)
{
    size_t count = 0;
    for (const struct ts_ast_field *field = ast->fields; field; field = field->next)
        count++;
    if (count > TS_LIMIT_FIELDS) {
        ts_note(ts_report(c->diags, TS_T_TOO_MANY, message->span, "`%s` has %zu fields",
                          message->name, count),
                "a message has at most %d", TS_LIMIT_FIELDS);
        ts_checked(message)->incomplete = true;
        return;
    }
    message->fields = RT_ARENA_ARRAY(c->arena, count ? count : 1, struct ts_field);
    struct numbered *used = RT_ARENA_ARRAY(c->arena, count ? count : 1, struct numbered);
    size_t n_used = 0;
    for (const struct ts_ast_field *from = ast->fields; from; from = from->next) {
        struct ts_field *field = &message->fields[message->n_fields];
        if (from->name.symbol->owner == message) {
            const struct ts_field *first = from->name.symbol->value;
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, from->name.span,
                               "a second field named `%s`", from->name.symbol->text),
                     first->span, "the first one is here");
            continue;
        }
        from->name.symbol->owner = message;
        from->name.symbol->value = field;
        ts_check_case(c, from->name, TS_SNAKE, "a field");
        ts_check_word(c, from->name, "a field");
        field->name = from->name.symbol->text;
        field->json_name = ts_name_camel(c->arena, field->name);
        field->doc = ts_doc(c, from->name.span, from->doc);
        field->span = from->name.span;
        field->position = (uint32_t)message->n_fields++;
        field->message = message;
        field->unique = ts_present(from->unique);
        c->field_name = from->name.symbol;
        if (!from->broken)
            ts_check_type(c, message->service, &from->type, &field->type);
        c->field_name = NULL;
        field->secret = ts_present(from->secret) || field->type.kind == TS_PASSWORD;
        if (ts_check_number(c, from->number, "field", &field->number))
            used[n_used++] = (struct numbered){field->number, from->number};
        check_embed(c, field, from);
        check_default(c, field, from);
        check_example(c, field, from);
        if (field->unique && message->kind != TS_MODEL)
            ts_report(c->diags, TS_T_NOT_IN_MODEL, from->unique,
                      "`unique` belongs to a model: a message is not stored");
    }
    c->stamped = message;
    size_t n_reserved;
    struct numbered *reserved = check_reserved(c, ast->reserved, &n_reserved);
    check_distinct(c, used, n_used, reserved, n_reserved);
    message->reserved = RT_ARENA_ARRAY(c->arena, n_reserved ? n_reserved : 1, uint32_t);
    for (size_t i = 0; i < n_reserved; i++)
        message->reserved[message->n_reserved++] = reserved[i].number;
}

void ts_check_message(struct ts_checker *c, struct ts_checked_message *checked, unsigned depth)
{
    struct ts_message *message = &checked->message;
    if (checked->state == TS_DONE)
        return;
    if (checked->state == TS_ACTIVE) {
        ts_label(ts_report(c->diags, TS_T_CYCLE, message->span,
                           "the fields of `%s` come from itself", message->name),
                 checked->ast->origin.span, "by way of this");
        checked->incomplete = true;
        checked->state = TS_DONE;
        return;
    }
    checked->state = TS_ACTIVE;
    if (message->kind == TS_MODEL || message->kind == TS_PLAIN)
        check_fields(c, message, checked->ast);
    else
        ts_check_picks(c, checked, depth);
    if (message->n_fields == 0 && !checked->incomplete)
        ts_report(c->diags, TS_T_EMPTY, message->span, "%s `%s` has no fields",
                  ts_message_kind_text(message), message->name);
    checked->state = TS_DONE;
    if (ts_message_is_stored(message))
        ts_check_model(c, checked);
    ts_check_rules(c, checked);
}

void ts_check_messages(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++) {
        struct ts_service *service = c->model->services[i];
        /* Nested messages join the array while it is walked, and are done already. */
        for (size_t j = 0; j < service->n_messages; j++)
            ts_check_message(c, ts_checked(service->messages[j]), 0);
    }
}
