/* What only stored messages have: identity, indexes, conditions; and rules, which all have. */
#include "codegen/check/impl.h"

/* ---------------------------------------------------------------- conditions */

static bool check_term(struct ts_checker *c, const struct ts_message *message,
                       const struct ts_ast_term *ast, struct ts_term *term)
{
    static const enum ts_term_op ops[] = {
        [TS_AST_IN] = TS_TERM_IN,   [TS_AST_EQ] = TS_TERM_IN,     [TS_AST_NE] = TS_TERM_NOT,
        [TS_AST_SET] = TS_TERM_SET, [TS_AST_NULL] = TS_TERM_NULL,
    };
    term->op = ops[ast->op];
    term->field = ts_find_field(c, message, ast->field);
    if (term->field == NULL || term->field->type.kind == TS_POISON)
        return false;
    const struct ts_type *type = &term->field->type;
    if (term->op == TS_TERM_SET || term->op == TS_TERM_NULL) {
        if (type->optional)
            return true;
        ts_label(ts_report(c->diags, TS_T_BAD_CONDITION, ast->field.span,
                           "`%s` is not optional, so it is always set", term->field->name),
                 term->field->span, "it is declared here");
        return false;
    }
    if (type->shape != TS_ONE || type->kind == TS_MESSAGE || type->kind == TS_BYTES ||
        type->kind == TS_F64 || term->field->secret) {
        struct ts_diag *diag = ts_report(
            c->diags, TS_T_BAD_CONDITION, ast->field.span, "a condition cannot compare a %s",
            term->field->secret
                ? "secret"
                : rt_arena_printf(c->arena, "field of type %s", ts_type_text(c, type)));
        ts_label(diag, term->field->span, "it is declared here");
        if (type->kind == TS_F64)
            ts_note(diag, "floating point numbers are hardly ever exactly equal; use a decimal");
        return false;
    }
    size_t count = 0;
    for (const struct ts_ast_value *value = ast->values; value; value = value->next)
        if (!ts_check_count(c, count++, TS_LIMIT_ITEMS, value->span, "values in a condition"))
            return false;
    term->values = RT_ARENA_ARRAY(c->arena, count ? count : 1, union ts_value);
    for (const struct ts_ast_value *value = ast->values; value; value = value->next)
        if (ts_check_value(c, type, value, &term->values[term->value_count]))
            term->value_count++;
    return term->value_count == count;
}

const struct ts_condition *ts_check_condition(struct ts_checker *c,
                                              const struct ts_message *message,
                                              const struct ts_ast_term *ast, struct ts_span span)
{
    if (ast == NULL)
        return NULL;
    struct ts_condition *condition = RT_ARENA_NEW(c->arena, struct ts_condition);
    condition->span = span;
    for (; ast; ast = ast->next) {
        struct ts_term term = {0};
        if (check_term(c, message, ast, &term))
            TS_PUSH(c->arena, condition->terms, condition->term_count, term);
    }
    return condition->term_count > 0 ? condition : NULL;
}

/* ------------------------------------------------------------------- indexes */

static bool check_index_field(struct ts_checker *c, const struct ts_field *field,
                              struct ts_span span)
{
    const struct ts_type *type = &field->type;
    if (type->kind == TS_POISON)
        return false;
    bool fits = type->shape == TS_ONE && (type->kind != TS_MESSAGE || field->embed) &&
                type->kind != TS_BYTES && type->kind != TS_F64 && !field->secret;
    if (!fits)
        ts_label(ts_report(c->diags, TS_T_BAD_INDEX, span, "a %s cannot be in an index",
                           field->secret ? "secret"
                                         : rt_arena_printf(c->arena, "field of type %s",
                                                           ts_type_text(c, type))),
                 field->span, "it is declared here");
    return fits;
}

static void add_index(struct ts_checker *c, struct ts_message *model, struct ts_index *index)
{
    for (size_t i = 0; i < model->index_count; i++) {
        if (model->indexes[i].name != index->name)
            continue;
        ts_label(ts_report(c->diags, TS_T_DUPLICATE, index->span, "a second index named `%s`",
                           index->name),
                 model->indexes[i].span, "the first one is here");
        return;
    }
    if (ts_check_count(c, model->index_count, TS_LIMIT_ITEMS, index->span, "indexes in a model"))
        TS_PUSH(c->arena, model->indexes, model->index_count, *index);
}

static void check_indexes(struct ts_checker *c, struct ts_message *model,
                          const struct ts_ast_index *list)
{
    for (size_t i = 0; i < model->field_count; i++) {
        const struct ts_field *field = &model->fields[i];
        struct ts_index index = {.name = field->name,
                                 .span = field->span,
                                 .model = model,
                                 .field_count = 1,
                                 .unique = true};
        if (!field->unique || !check_index_field(c, field, field->span))
            continue;
        index.fields = RT_ARENA_ARRAY(c->arena, 1, const struct ts_field *);
        index.fields[0] = field;
        add_index(c, model, &index);
    }
    for (const struct ts_ast_index *ast = list; ast; ast = ast->next) {
        struct ts_index index = {.name = ast->name.symbol->text,
                                 .doc = ts_doc(c, ast->name.span, ast->doc),
                                 .span = ast->name.span,
                                 .model = model,
                                 .unique = ast->unique};
        ts_check_case(c, ast->name, TS_SNAKE, "an index");
        for (const struct ts_ast_name *name = ast->fields; name; name = name->next) {
            const struct ts_field *field = ts_find_field(c, model, name->name.name);
            if (field != NULL && check_index_field(c, field, name->name.span) &&
                ts_check_count(c, index.field_count, TS_LIMIT_ITEMS, name->name.span,
                               "fields in an index"))
                TS_PUSH(c->arena, index.fields, index.field_count, field);
        }
        index.condition = ts_check_condition(c, model, ast->condition, ast->condition_span);
        add_index(c, model, &index);
    }
}

const struct ts_index *ts_find_index(struct ts_checker *c, const struct ts_message *model,
                                     struct ts_ident name)
{
    struct rt_suggest suggest = rt_suggest_init(name.symbol->text);
    for (size_t i = 0; i < model->index_count; i++) {
        if (model->indexes[i].name == name.symbol->text)
            return &model->indexes[i];
        rt_suggest_try(&suggest, model->indexes[i].name);
    }
    if (ts_checked(model)->incomplete)
        return NULL;
    struct ts_diag *diag =
        ts_report(c->diags, TS_T_UNKNOWN_INDEX, name.span, "%s `%s` has no index `%s`",
                  ts_message_kind_text(model), model->name, name.symbol->text);
    ts_label(diag, model->span, "it is declared here");
    ts_suggest_help(&suggest, diag);
    return NULL;
}

/* ------------------------------------------------------------------ identity */

/* At most one field of a kind; NULL when there is none. */
static const struct ts_field *only_field(struct ts_checker *c, const struct ts_message *model,
                                         enum ts_kind kind)
{
    const struct ts_field *found = NULL;
    for (size_t i = 0; i < model->field_count; i++) {
        const struct ts_field *field = &model->fields[i];
        if (field->type.kind != kind || field->type.shape != TS_ONE)
            continue;
        if (found != NULL)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, field->span, "a second %s in `%s`",
                               ts_kind_name(kind), model->name),
                     found->span, "the first one is here");
        else
            found = field;
    }
    return found;
}

static void check_expires(struct ts_checker *c, struct ts_message *model, struct ts_ident name)
{
    if (name.symbol == NULL)
        return;
    const struct ts_field *field = ts_find_field(c, model, name);
    if (field == NULL || field->type.kind == TS_POISON)
        return;
    if (field->type.kind == TS_TIME && !field->type.optional && field->type.shape == TS_ONE)
        model->expires = field;
    else
        ts_label(ts_report(c->diags, TS_T_BAD_TIME, name.span,
                           "a model expires at a time that is always set, not at %s",
                           ts_type_text(c, &field->type)),
                 field->span, "it is declared here");
}

/* Records cannot have two owners: the name that they were stored under is nobody's now. */
static void check_renamed(struct ts_checker *c, struct ts_message *model, struct ts_ident name)
{
    if (name.symbol == NULL)
        return;
    ts_check_case(c, name, TS_PASCAL, "a model");
    const struct ts_entry *there = ts_lookup(c, TS_SPACE_TYPE, model->service, name.symbol);
    if (there)
        ts_label(ts_report(c->diags, TS_T_DUPLICATE, name.span,
                           "`%s` was renamed from `%s`, which is still there", model->name,
                           name.symbol->text),
                 there->span, "it is declared here");
    else if (ts_declare(c, TS_SPACE_RENAMED, model->service, name, TS_DECL_OTHER, model,
                        "model that was"))
        model->renamed_from = name.symbol->text;
}

void ts_check_model(struct ts_checker *c, struct ts_checked_message *checked)
{
    struct ts_message *model = &checked->message;
    const char *kind = ts_message_kind_text(model);
    model->id = only_field(c, model, TS_ID);
    model->version = only_field(c, model, TS_VERSION);
    if (model->id == NULL && !checked->incomplete && model->field_count > 0)
        ts_help(ts_report(c->diags, TS_T_MODEL_WITHOUT_ID, model->span, "%s `%s` has no id", kind,
                          model->name),
                model->kind == TS_MODEL ? "add a field such as `id  id  @1`"
                                        : "pick the `id` of the original too");
    if (model->kind == TS_REPLICA && model->origin && !model->version && !checked->incomplete &&
        model->field_count > 0) {
        struct ts_diag *diag = ts_report(c->diags, TS_T_REPLICA_WITHOUT_VERSION, model->span,
                                         "replica `%s` has no version", model->name);
        ts_note(diag, "a replica applies events in the order of the record's versions");
        ts_help(diag, "pick the `version` of `%s`, adding it there if need be",
                model->origin->name);
        const struct ts_field *version = model->origin->version;
        ts_label(diag, version ? version->span : model->origin->span,
                 version ? "it is declared here" : "`%s` is declared here, without a version",
                 model->origin->name);
    }
    check_indexes(c, model, checked->ast->indexes);
    check_renamed(c, model, checked->ast->renamed);
    check_expires(c, model, checked->ast->expires);
    if (model->kind != TS_REPLICA || model->origin == NULL)
        return;
    model->origin->replicated = true;
    if (model->origin->expires != NULL)
        model->expires = ts_message_field(model, model->origin->expires->name);
}

/* --------------------------------------------------------------------- rules */

static enum ts_rule_op rule_op(enum ts_token_kind kind)
{
    switch (kind) {
    case TS_TOK_LT:
        return TS_LT;
    case TS_TOK_LE:
        return TS_LE;
    case TS_TOK_EQ:
        return TS_EQ;
    case TS_TOK_NE:
        return TS_NE;
    case TS_TOK_GE:
        return TS_GE;
    default:
        return TS_GT;
    }
}

static bool check_rule(struct ts_checker *c, const struct ts_message *message,
                       const struct ts_ast_rule *ast, struct ts_rule *rule)
{
    rule->left = ts_find_field(c, message, ast->left);
    if (rule->left == NULL || rule->left->type.kind == TS_POISON)
        return false;
    const struct ts_type *type = &rule->left->type;
    bool by_order = rule->op != TS_EQ && rule->op != TS_NE;
    if (type->shape != TS_ONE || type->kind == TS_MESSAGE || type->kind == TS_BYTES ||
        (by_order && !ts_kind_is_ordered(type->kind))) {
        ts_report(c->diags, TS_T_BAD_RULE, ast->left.span, "a rule cannot compare %s by `%s`",
                  ts_type_text(c, type), ts_span_text(c, ast->op_span));
        return false;
    }
    struct ts_ident right = {ast->right->symbol, ast->right->span};
    bool is_constant =
        ast->right->kind != TS_VALUE_NAME || ((type->kind == TS_BOOL || type->kind == TS_ENUM) &&
                                              !ts_message_field(message, right.symbol->text));
    if (is_constant)
        return ts_convert_value(c, type, ast->right, &rule->value);
    rule->right = ts_find_field(c, message, right);
    if (rule->right == NULL || rule->right->type.kind == TS_POISON)
        return false;
    const struct ts_type *other = &rule->right->type;
    if (other->kind == type->kind && other->shape == TS_ONE && other->scale == type->scale &&
        other->enumeration == type->enumeration)
        return true;
    ts_report(c->diags, TS_T_BAD_RULE, right.span, "a rule cannot compare %s with %s",
              ts_type_text(c, type), ts_type_text(c, other));
    return false;
}

static bool holds(enum ts_rule_op op, int order)
{
    switch (op) {
    case TS_LT:
        return order < 0;
    case TS_LE:
        return order <= 0;
    case TS_EQ:
        return order == 0;
    case TS_NE:
        return order != 0;
    case TS_GE:
        return order >= 0;
    case TS_GT:
        return order > 0;
    }
    return true;
}

/* How two constants of a kind compare; those without an order are equal or not. */
static int compare_constants(enum ts_kind kind, union ts_value a, union ts_value b)
{
    if (kind == TS_STRING || kind == TS_ID || kind == TS_REF)
        return strcmp(a.text, b.text);
    if (kind == TS_ENUM)
        return a.enum_value != b.enum_value;
    if (kind == TS_BOOL)
        return a.boolean - b.boolean;
    return ts_compare_values(kind, a, b);
}

/* A field's own default and example meet a rule that compares it with a constant, and those of
 * two fields meet the rule between them. */
static void check_rule_constants(struct ts_checker *c, const struct ts_rule *rule)
{
    const struct ts_field *left = rule->left, *right = rule->right;
    const struct {
        const char *noun;
        bool known;
        union ts_value left, right;
    } pairs[] = {
        {"default", left->has_default && (right == NULL || right->has_default), left->default_value,
         right ? right->default_value : rule->value},
        {"example", left->has_example && (right == NULL || right->has_example), left->example,
         right ? right->example : rule->value},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!pairs[i].known ||
            holds(rule->op, compare_constants(left->type.kind, pairs[i].left, pairs[i].right)))
            continue;
        struct ts_diag *diag = ts_report(c->diags, TS_T_VALUE_OUT_OF_RANGE, rule->span,
                                         right ? "the %ss of `%s` and `%s` break this rule"
                                               : "the %s of `%s` breaks this rule",
                                         pairs[i].noun, left->name, right ? right->name : "");
        ts_label(diag, left->span, "the field is declared here");
        ts_note(diag, "the rule compares %s with %s",
                ts_value_text(c->arena, &left->type, &pairs[i].left),
                ts_value_text(c->arena, &left->type, &pairs[i].right));
    }
}

/* A message made of another's fields keeps the rules it has the fields for. */
static void inherit_rules(struct ts_checker *c, struct ts_message *message)
{
    for (size_t i = 0; i < message->origin->rule_count; i++) {
        struct ts_rule rule = message->origin->rules[i];
        rule.left = ts_message_field(message, rule.left->name);
        bool has_right = rule.right == NULL;
        if (rule.right != NULL)
            has_right = (rule.right = ts_message_field(message, rule.right->name)) != NULL;
        if (rule.left != NULL && has_right)
            TS_PUSH(c->arena, message->rules, message->rule_count, rule);
    }
}

void ts_check_rules(struct ts_checker *c, struct ts_checked_message *checked)
{
    struct ts_message *message = &checked->message;
    if (message->kind == TS_DERIVED && message->origin != NULL)
        inherit_rules(c, message);
    for (const struct ts_ast_rule *ast = checked->ast->rules; ast; ast = ast->next) {
        struct ts_rule rule = {.name = ast->name.symbol->text,
                               .text = ast->text->text,
                               .span = ast->name.span,
                               .op = rule_op(ast->op)};
        ts_check_case(c, ast->name, TS_SNAKE, "a rule");
        for (size_t i = 0; i < message->rule_count; i++)
            if (message->rules[i].name == rule.name)
                ts_label(ts_report(c->diags, TS_T_DUPLICATE, rule.span, "a second rule named `%s`",
                                   rule.name),
                         message->rules[i].span, "the first one is here");
        if (!ts_check_count(c, message->rule_count, TS_LIMIT_ITEMS, rule.span,
                            "rules in a message"))
            break;
        if (!check_rule(c, message, ast, &rule))
            continue;
        TS_PUSH(c->arena, message->rules, message->rule_count, rule);
        check_rule_constants(c, &rule);
    }
}
