/* What only stored messages have: identity, indexes, conditions; and rules, which all have. */
#include "codegen/check/impl.h"

/* ------------------------------------------------------------------ indexes */

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
    for (size_t i = 0; i < model->n_indexes; i++) {
        if (model->indexes[i].name != index->name)
            continue;
        ts_label(ts_report(c->diags, TS_T_DUPLICATE, index->span, "a second index named `%s`",
                           index->name),
                 model->indexes[i].span, "the first one is here");
        return;
    }
    if (ts_check_count(c, model->n_indexes, TS_LIMIT_ITEMS, index->span, "indexes in a model"))
        TS_PUSH(c->arena, model->indexes, model->n_indexes, *index);
}

static void check_indexes(struct ts_checker *c, struct ts_message *model,
                          const struct ts_ast_index *list)
{
    for (size_t i = 0; i < model->n_fields; i++) {
        const struct ts_field *field = &model->fields[i];
        struct ts_index index = {.name = field->name,
                                 .span = field->span,
                                 .model = model,
                                 .n_fields = 1,
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
        bool whole = true;
        for (const struct ts_ast_name *name = ast->fields; name; name = name->next) {
            const struct ts_field *field = ts_find_field(c, model, name->name.name);
            if (field && check_index_field(c, field, name->name.span) &&
                ts_check_count(c, index.n_fields, TS_LIMIT_ITEMS, name->name.span,
                               "fields in an index"))
                TS_PUSH(c->arena, index.fields, index.n_fields, field);
            else
                whole = false;
        }
        if (!whole) /* what it starts with is not known */
            index.n_fields = 0;
        index.condition = ts_check_condition(c, model, ast->condition);
        add_index(c, model, &index);
    }
}

const struct ts_index *ts_find_index(struct ts_checker *c, const struct ts_message *model,
                                     struct ts_ident name)
{
    struct rt_suggest suggest = rt_suggest_init(name.symbol->text);
    for (size_t i = 0; i < model->n_indexes; i++) {
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

/* ----------------------------------------------------------------- identity */

/* At most one field of a kind; NULL when there is none. */
static const struct ts_field *only_field(struct ts_checker *c, const struct ts_message *model,
                                         enum ts_kind kind)
{
    const struct ts_field *found = NULL;
    for (size_t i = 0; i < model->n_fields; i++) {
        const struct ts_field *field = &model->fields[i];
        if (field->type.kind != kind || field->type.shape != TS_ONE)
            continue;
        if (found)
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
    if (!name.symbol)
        return;
    const struct ts_field *field = ts_find_field(c, model, name);
    if (!field || field->type.kind == TS_POISON)
        return;
    if (field->type.kind == TS_TIME && !field->type.optional && field->type.shape == TS_ONE)
        model->expires = field;
    else
        ts_label(ts_report(c->diags, TS_T_BAD_TIME, name.span,
                           "a model expires at a time that is always set, not at %s",
                           ts_type_text(c, &field->type)),
                 field->span, "it is declared here");
}

/* Records cannot have two owners: no model may have the name that they were stored under. */
static void check_renamed(struct ts_checker *c, struct ts_message *model, struct ts_ident name)
{
    if (!name.symbol)
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
    if (!model->id && !checked->incomplete && model->n_fields > 0)
        ts_help(ts_report(c->diags, TS_T_MODEL_WITHOUT_ID, model->span, "%s `%s` has no id", kind,
                          model->name),
                model->kind == TS_MODEL ? "add a field such as `id  id  @1`"
                                        : "pick the `id` of the original too");
    if (model->kind == TS_REPLICA && model->origin && !model->version && !checked->incomplete &&
        model->n_fields > 0) {
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
    if (model->kind != TS_REPLICA || !model->origin)
        return;
    model->origin->replicated = true;
    if (model->origin->expires)
        model->expires = ts_message_field(model, model->origin->expires->name);
}

/* -------------------------------------------------------------------- rules */

static bool holds(enum ts_expr_op op, int order)
{
    switch (op) {
    case TS_EXPR_LT:
        return order < 0;
    case TS_EXPR_LE:
        return order <= 0;
    case TS_EXPR_EQ:
        return order == 0;
    case TS_EXPR_NE:
        return order != 0;
    case TS_EXPR_GE:
        return order >= 0;
    case TS_EXPR_GT:
        return order > 0;
    default:
        return true;
    }
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

/* A field of the message itself, or NULL. */
static const struct ts_field *own_field(const struct ts_expr *expr)
{
    return expr->op == TS_EXPR_PATH && !expr->within ? expr->field : NULL;
}

/* A field's own default and example meet a rule that compares it with a constant, and those of
 * two fields meet the rule between them. */
static void check_rule_constants(struct ts_checker *c, const struct ts_rule *rule)
{
    const struct ts_expr *condition = rule->condition;
    if (condition->op < TS_EXPR_EQ || condition->op > TS_EXPR_GE)
        return;
    const struct ts_field *left = own_field(condition->operands[0]);
    const struct ts_field *right = own_field(condition->operands[1]);
    bool is_constant = condition->operands[1]->op == TS_EXPR_VALUE;
    if (!left || (!right && !is_constant) || (right && right->type.kind != left->type.kind))
        return;
    union ts_value value = condition->operands[1]->value;
    const struct {
        const char *noun;
        bool known;
        union ts_value left, right;
    } pairs[] = {
        {"default", left->has_default && (!right || right->has_default), left->default_value,
         right ? right->default_value : value},
        {"example", left->has_example && (!right || right->has_example), left->example,
         right ? right->example : value},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!pairs[i].known ||
            holds(condition->op, compare_constants(left->type.kind, pairs[i].left, pairs[i].right)))
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
    for (size_t i = 0; i < message->origin->n_rules; i++) {
        struct ts_rule rule = message->origin->rules[i];
        rule.condition = ts_expr_in(c, rule.condition, message);
        if (rule.condition)
            TS_PUSH(c->arena, message->rules, message->n_rules, rule);
    }
}

void ts_check_rules(struct ts_checker *c, struct ts_checked_message *checked)
{
    struct ts_message *message = &checked->message;
    if (message->kind == TS_DERIVED && message->origin)
        inherit_rules(c, message);
    for (const struct ts_ast_rule *ast = checked->ast->rules; ast; ast = ast->next) {
        struct ts_rule rule = {
            .name = ast->name.symbol->text, .text = ast->text->text, .span = ast->name.span};
        ts_check_case(c, ast->name, TS_SNAKE, "a rule");
        for (size_t i = 0; i < message->n_rules; i++)
            if (message->rules[i].name == rule.name)
                ts_label(ts_report(c->diags, TS_T_DUPLICATE, rule.span, "a second rule named `%s`",
                                   rule.name),
                         message->rules[i].span, "the first one is here");
        if (!ts_check_count(c, message->n_rules, TS_LIMIT_ITEMS, rule.span, "rules in a message"))
            break;
        rule.condition = ts_check_rule(c, message, ast->condition);
        if (!rule.condition)
            continue;
        TS_PUSH(c->arena, message->rules, message->n_rules, rule);
        check_rule_constants(c, &rule);
    }
}
