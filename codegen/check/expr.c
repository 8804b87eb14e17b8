/* Expressions: names to fields, operands to types. The tree is bounded by the parser, and so is
 * every recursion here. */
#include "codegen/check/impl.h"

struct scope {
    struct ts_checker *c;
    const struct ts_message *message; /* whose fields the names are */
    bool about_secrets;
    bool in_request;                /* there is a time, and there may be a user */
    const struct ts_service *loads; /* whose records references lead to; NULL: to none */
};

static const struct ts_type bool_type = {.kind = TS_BOOL};
static const struct ts_type i64_type = {.kind = TS_I64};
static const struct ts_type u64_type = {.kind = TS_U64};
static const struct ts_type f64_type = {.kind = TS_F64};
static const struct ts_type time_type = {.kind = TS_TIME};
static const struct ts_type duration_type = {.kind = TS_DURATION};

static struct ts_expr *check_expr(const struct scope *s, const struct ts_ast_expr *ast,
                                  const struct ts_type *wanted);

static struct ts_expr *new_expr(const struct scope *s, const struct ts_ast_expr *ast,
                                const struct ts_type *type)
{
    struct ts_expr *expr = RT_ARENA_NEW(s->c->arena, struct ts_expr);
    expr->op = ast->op;
    expr->span = ast->span;
    expr->type = type;
    return expr;
}

static void add_operand(const struct scope *s, struct ts_expr *expr, const struct ts_expr *operand)
{
    TS_PUSH(s->c->arena, expr->operands, expr->n_operands, operand);
}

/* -------------------------------------------------------------------- paths */

static void bad_way(const struct scope *s, const struct ts_expr *way, struct ts_span span)
{
    const struct ts_field *field = way->op == TS_EXPR_PATH ? way->field : NULL;
    struct ts_diag *diag =
        ts_report(s->c->diags, TS_T_BAD_EXPRESSION, span, "`%s` has no fields to look into",
                  field ? field->name
                        : ts_span_text(s->c, (struct ts_span){way->span.source, way->span.offset,
                                                              way->op == TS_EXPR_USER ? 4 : 3}));
    if (field)
        ts_label(diag, field->span, "it is declared here");
    if (field && field->embed)
        ts_note(diag, "of an embedded record only the id is stored with this one");
}

/* A name that could only be a field, where there is no record. */
static struct ts_expr *report_no_record(const struct scope *s, const struct ts_ast_expr *ast)
{
    ts_note(ts_report(s->c->diags, TS_T_BAD_EXPRESSION, ast->span,
                      "there is no record that `%s` could be a field of",
                      ast->path->name.name.symbol ? ast->path->name.name.symbol->text : "?"),
            "the path of the route names none");
    return NULL;
}

/* What an embedded record counts as: a reference to it. */
static const struct ts_type *type_of(const struct scope *s, const struct ts_field *field)
{
    if (!field->embed)
        return &field->type;
    struct ts_type *type = rt_arena_copy(s->c->arena, &field->type, sizeof field->type);
    type->kind = TS_REF;
    return type;
}

/* `now` and `user` where they mean something. A field of that name could be meant as well, and a
 * mistake there would let somebody in. */
static bool is_builtin(const struct scope *s, const struct ts_ast_expr *ast,
                       struct ts_expr **ret_expr)
{
    const struct ts_symbol *symbol = ast->path->name.name.symbol;
    bool is_user = symbol && strcmp(symbol->text, "user") == 0;
    if (!s->in_request || !symbol || (!is_user && strcmp(symbol->text, "now") != 0))
        return false;
    const struct ts_field *field = s->message ? ts_message_field(s->message, symbol->text) : NULL;
    *ret_expr = NULL;
    if (field) {
        ts_help(ts_label(ts_report(s->c->diags, TS_T_BAD_EXPRESSION, ast->span,
                                   "`%s` is a field here, and %s", symbol->text,
                                   is_user ? "the signed-in user" : "the time"),
                         field->span, "the field is declared here"),
                "give the field another name");
    } else if (is_user && (!s->c->model->session || !s->c->model->session->user)) {
        ts_help(ts_report(s->c->diags, TS_T_NO_SESSION, ast->span,
                          "`user` is who is signed in, but there is no session"),
                "declare `session of SERVICE.MODEL lasts 7d`");
    } else {
        struct ts_type *type = rt_arena_copy(s->c->arena, &time_type, sizeof time_type);
        *ret_expr = new_expr(s, ast, type);
        (*ret_expr)->op = is_user ? TS_EXPR_USER : TS_EXPR_NOW;
        if (is_user)
            *type = (struct ts_type){.kind = TS_REF, .message = s->c->model->session->user};
    }
    return true;
}

/* The model or replica of the service whose records an id leads to; NULL after reporting. */
static const struct ts_message *records_of(const struct scope *s, const struct ts_expr *id,
                                           struct ts_span span)
{
    const struct ts_message *model = id->type->message;
    for (size_t i = 0; i < s->loads->n_messages; i++) {
        const struct ts_message *here = s->loads->messages[i];
        if (here == model || (here->kind == TS_REPLICA && here->origin == model))
            return here;
    }
    ts_help(ts_label(ts_report(s->c->diags, TS_T_BAD_EXPRESSION, span,
                               "the records of `%s` are not at hand here", model->name),
                     model->span, "it is declared here"),
            "declare a `replica` of it in service `%s`", s->loads->name);
    return NULL;
}

/* Where the next name of a path is looked for: in a message or, by its id, in another record. */
static const struct ts_message *look_into(const struct scope *s, const struct ts_expr *expr,
                                          struct ts_span span, const struct ts_message **ret_loads)
{
    const struct ts_field *way = expr->field;
    *ret_loads = NULL;
    if (s->loads && expr->type->kind == TS_REF && expr->type->shape == TS_ONE)
        return *ret_loads = records_of(s, expr, span);
    /* A message that is still being checked is made of what is checked now. */
    if (!way || way->type.kind != TS_MESSAGE || way->type.shape != TS_ONE || way->embed ||
        ts_checked(way->type.message)->state == TS_ACTIVE) {
        bad_way(s, expr, span);
        return NULL;
    }
    ts_check_message(s->c, ts_checked(way->type.message), 1);
    return way->type.message;
}

static struct ts_expr *check_path(const struct scope *s, const struct ts_ast_expr *ast)
{
    struct ts_expr *expr = NULL;
    const struct ts_ast_name *name = ast->path;
    if (is_builtin(s, ast, &expr)) {
        if (!expr)
            return NULL;
        name = name->next;
    }
    for (; name; name = name->next) {
        const struct ts_message *message = s->message, *loads = NULL;
        if (expr)
            message = look_into(s, expr, name->name.name.span, &loads);
        else if (!message)
            return report_no_record(s, ast);
        if (!message)
            return NULL;
        const struct ts_field *field = ts_find_field(s->c, message, name->name.name);
        if (!field || field->type.kind == TS_POISON)
            return NULL;
        struct ts_expr *next = new_expr(s, ast, type_of(s, field));
        next->field = field;
        next->op = TS_EXPR_PATH;
        next->within = expr;
        next->loads = loads;
        expr = next;
    }
    return expr;
}

/* Whether a single name is a constant where a value of that type is wanted: it names no field
 * that could be there. */
static bool is_constant_name(const struct scope *s, const struct ts_ast_expr *ast,
                             const struct ts_type *wanted)
{
    const struct ts_symbol *symbol = ast->path->name.name.symbol;
    if (ast->path->next || !symbol)
        return false;
    const struct ts_field *field = s->message ? ts_message_field(s->message, symbol->text) : NULL;
    if (!wanted)
        return !field && (symbol->keyword == TS_KW_TRUE || symbol->keyword == TS_KW_FALSE);
    if (wanted->kind != TS_ENUM && wanted->kind != TS_BOOL)
        return false;
    return !field || field->type.kind != wanted->kind ||
           field->type.enumeration != wanted->enumeration;
}

/* ---------------------------------------------------------------- constants */

/* What a constant is without context. */
static const struct ts_type *natural_type(const struct ts_ast_value *value)
{
    static const struct ts_type string_type = {.kind = TS_STRING, .max_len = TS_UNBOUNDED};
    switch (value->kind) {
    case TS_VALUE_DURATION:
        return &duration_type;
    case TS_VALUE_TEXT:
        return &string_type;
    default:
        return &i64_type;
    }
}

static struct ts_expr *check_constant(const struct scope *s, const struct ts_ast_expr *ast,
                                      const struct ts_type *wanted)
{
    struct ts_ast_value name = {.kind = TS_VALUE_NAME, .span = ast->span};
    const struct ts_ast_value *value = ast->value;
    if (ast->op == TS_EXPR_PATH) {
        name.symbol = ast->path->name.name.symbol;
        value = &name;
    }
    if (!value || value->span.len == 0)
        return NULL; /* the parser has said so */
    const struct ts_type *type = wanted ? wanted : natural_type(value);
    struct ts_expr *expr = new_expr(s, ast, type);
    expr->op = TS_EXPR_VALUE;
    return ts_convert_value(s->c, type, value, &expr->value) ? expr : NULL;
}

/* Whether it says nothing about its type. */
static bool is_constant(const struct scope *s, const struct ts_ast_expr *ast,
                        const struct ts_type *wanted)
{
    return ast->op == TS_EXPR_VALUE ||
           (ast->op == TS_EXPR_PATH && is_constant_name(s, ast, wanted));
}

/* -------------------------------------------------------------- comparisons */

static bool is_whole(enum ts_kind kind)
{
    return kind == TS_I32 || kind == TS_I64 || kind == TS_U32 || kind == TS_VERSION;
}

/* The model behind a reference or an id, replicas taken for the original. */
static const struct ts_message *model_meant(const struct ts_expr *expr)
{
    const struct ts_message *model = expr->type->kind == TS_REF ? expr->type->message
                                     : expr->field              ? expr->field->message
                                                                : NULL;
    while (model && model->origin)
        model = model->origin;
    return model;
}

static bool are_alike(const struct ts_expr *a, const struct ts_expr *b)
{
    enum ts_kind left = a->type->kind, right = b->type->kind;
    bool names_records = (left == TS_REF || left == TS_ID) && (right == TS_REF || right == TS_ID);
    if (is_whole(left) && is_whole(right))
        return true;
    if (names_records && a->op != TS_EXPR_VALUE && b->op != TS_EXPR_VALUE)
        return model_meant(a) == model_meant(b);
    if (left == TS_DECIMAL && right == TS_DECIMAL)
        return a->type->scale == b->type->scale;
    if (left == TS_ENUM && right == TS_ENUM)
        return a->type->enumeration == b->type->enumeration;
    return left == right;
}

static bool is_equality(enum ts_expr_op op)
{
    return op == TS_EXPR_EQ || op == TS_EXPR_NE || op == TS_EXPR_IN;
}

/* Whether a value may be compared by an operator; reports what may not. */
static bool check_comparable(const struct scope *s, const struct ts_expr *expr,
                             const struct ts_ast_expr *ast)
{
    const struct ts_type *type = expr->type;
    const struct ts_field *field = expr->op == TS_EXPR_PATH ? expr->field : NULL;
    bool secret = field && field->secret && !s->about_secrets;
    bool single = type->shape == TS_ONE && type->kind != TS_MESSAGE && type->kind != TS_BYTES;
    bool fits = is_equality(ast->op) ? type->kind != TS_F64 : ts_kind_is_ordered(type->kind);
    if (!secret && single && (fits || (type->kind == TS_VERSION && !is_equality(ast->op))))
        return true;
    struct ts_diag *diag;
    if (secret)
        diag = ts_report(s->c->diags, TS_T_BAD_CONDITION, expr->span,
                         "a condition cannot compare a secret");
    else if (single && !is_equality(ast->op))
        diag = ts_report(s->c->diags, TS_T_BAD_CONDITION, expr->span, "%s has no order for `%s`",
                         ts_type_text(s->c, type), ts_span_text(s->c, ast->op_span));
    else
        diag = ts_report(s->c->diags, TS_T_BAD_CONDITION, expr->span,
                         "a condition cannot compare %s%s", field ? "a field of type " : "",
                         ts_type_text(s->c, type));
    if (field)
        ts_label(diag, field->span, "it is declared here");
    if (single && type->kind == TS_F64)
        ts_note(diag, "floating point numbers are hardly ever exactly equal; use a decimal");
    return false;
}

/* A constant that a value is compared with. One that the value can never equal is a mistake. */
static struct ts_expr *check_compared(const struct scope *s, const struct ts_ast_expr *ast,
                                      const struct ts_type *type, enum ts_expr_op op)
{
    struct ts_expr *expr = check_constant(s, ast, type);
    if (!expr || !is_equality(op) || ast->op != TS_EXPR_VALUE)
        return expr;
    return ts_check_value(s->c, type, ast->value, &expr->value) ? expr : NULL;
}

static void report_unlike(const struct scope *s, const struct ts_ast_expr *ast,
                          const struct ts_expr *a, const struct ts_expr *b)
{
    const struct ts_expr *const sides[] = {a, b};
    struct ts_diag *diag =
        ts_report(s->c->diags, TS_T_BAD_CONDITION, ast->op_span, "%s cannot be compared with %s",
                  ts_type_text(s->c, a->type), ts_type_text(s->c, b->type));
    for (size_t i = 0; i < 2; i++)
        if (sides[i]->op == TS_EXPR_PATH)
            ts_label(diag, sides[i]->field->span, "`%s` is declared here", sides[i]->field->name);
}

static struct ts_expr *report_constants(const struct scope *s, const struct ts_ast_expr *ast)
{
    ts_help(ts_report(s->c->diags, TS_T_BAD_EXPRESSION, ast->span,
                      "an expression of constants alone is always the same"),
            "name a field in it");
    return NULL;
}

/* `a OP b` and `a in (b, c)`: what is a constant takes the type of what is not. */
static struct ts_expr *check_comparison(const struct scope *s, const struct ts_ast_expr *ast)
{
    const struct ts_ast_expr *typed = ast->operands;
    while (typed && is_constant(s, typed, NULL))
        typed = typed->next;
    if (!typed)
        return report_constants(s, ast);
    const struct ts_expr *known = check_expr(s, typed, NULL);
    if (!known || !check_comparable(s, known, ast))
        return NULL;
    struct ts_expr *expr = new_expr(s, ast, &bool_type);
    bool ok = true;
    for (const struct ts_ast_expr *side = ast->operands; side; side = side->next) {
        const struct ts_expr *operand = known;
        if (side != typed && is_constant(s, side, known->type))
            operand = check_compared(s, side, known->type, ast->op);
        else if (side != typed)
            operand = check_expr(s, side, known->type);
        if (operand && operand != known && !are_alike(known, operand)) {
            report_unlike(s, ast, known, operand);
            operand = NULL;
        }
        ok =
            ok && operand &&
            (operand == known || operand->op == TS_EXPR_VALUE || check_comparable(s, operand, ast));
        if (side != ast->operands && !ts_check_count(s->c, expr->n_operands - 1, TS_LIMIT_ITEMS,
                                                     side->span, "values in a condition"))
            return NULL;
        add_operand(s, expr, operand);
    }
    return ok ? expr : NULL;
}

static bool may_be_absent(const struct ts_expr *expr)
{
    if (expr->op == TS_EXPR_USER)
        return true;
    bool may = expr->op == TS_EXPR_PATH && (expr->loads || expr->field->type.optional ||
                                            (expr->within && may_be_absent(expr->within)));
    for (size_t i = 0; i < expr->n_operands && !may; i++)
        may = may_be_absent(expr->operands[i]);
    return may;
}

/* `x is set`, `x is null` */
static struct ts_expr *check_set(const struct scope *s, const struct ts_ast_expr *ast)
{
    const struct ts_expr *operand = check_expr(s, ast->operands, NULL);
    if (!operand)
        return NULL;
    if (operand->type->shape != TS_ONE) {
        check_comparable(s, operand, ast);
        return NULL;
    }
    if (!may_be_absent(operand)) {
        struct ts_diag *diag = ts_report(s->c->diags, TS_T_BAD_CONDITION, operand->span,
                                         "`%s` is not optional, so it is always set",
                                         ts_span_text(s->c, operand->span));
        if (operand->op == TS_EXPR_PATH)
            ts_label(diag, operand->field->span, "it is declared here");
        return NULL;
    }
    struct ts_expr *set = new_expr(s, ast, &bool_type);
    set->op = TS_EXPR_SET;
    add_operand(s, set, operand);
    if (ast->op == TS_EXPR_SET)
        return set;
    struct ts_expr *null = new_expr(s, ast, &bool_type);
    null->op = TS_EXPR_NOT;
    add_operand(s, null, set);
    return null;
}

/* --------------------------------------------------------------- arithmetic */

/* The type of `a OP b`, or NULL when there is none. */
static const struct ts_type *result_type(const struct scope *s, enum ts_expr_op op,
                                         const struct ts_type *a, const struct ts_type *b)
{
    bool same_kind = a->kind == b->kind;
    if (a->shape != TS_ONE || b->shape != TS_ONE)
        return NULL;
    if (is_whole(a->kind) && is_whole(b->kind))
        return &i64_type;
    if (same_kind && (a->kind == TS_U64 || a->kind == TS_F64))
        return a->kind == TS_U64 ? &u64_type : &f64_type;
    if (op == TS_EXPR_MUL) {
        const struct ts_type *scaled = is_whole(a->kind) ? b : is_whole(b->kind) ? a : &bool_type;
        if (scaled->kind == TS_DURATION)
            return &duration_type;
        if (scaled->kind != TS_DECIMAL)
            return NULL;
        a = b = scaled;
    }
    if (a->kind == TS_DECIMAL && b->kind == TS_DECIMAL && a->scale == b->scale) {
        struct ts_type *type = RT_ARENA_NEW(s->c->arena, struct ts_type);
        type->kind = TS_DECIMAL;
        type->scale = a->scale;
        return type;
    }
    if (a->kind == TS_DURATION && b->kind == TS_DURATION)
        return &duration_type;
    if (a->kind == TS_TIME && b->kind == TS_DURATION)
        return &time_type;
    if (a->kind == TS_DURATION && b->kind == TS_TIME && op == TS_EXPR_ADD)
        return &time_type;
    return a->kind == TS_TIME && b->kind == TS_TIME && op == TS_EXPR_SUB ? &duration_type : NULL;
}

/* What a constant beside a value of that type is taken for. */
static const struct ts_type *factor_type(const struct ts_ast_expr *constant, enum ts_expr_op op,
                                         const struct ts_type *type)
{
    bool is_duration = constant->value && constant->value->kind == TS_VALUE_DURATION;
    if (type->kind == TS_U64)
        return &u64_type;
    if (type->kind == TS_F64)
        return &f64_type;
    if (is_duration)
        return &duration_type;
    return type->kind == TS_DECIMAL && op != TS_EXPR_MUL ? type : &i64_type;
}

static struct ts_expr *check_arithmetic(const struct scope *s, const struct ts_ast_expr *ast)
{
    const struct ts_ast_expr *sides[] = {ast->operands, ast->operands->next};
    const struct ts_expr *operands[2] = {NULL, NULL};
    size_t typed = is_constant(s, sides[0], NULL) ? 1 : 0;
    if (is_constant(s, sides[typed], NULL))
        return report_constants(s, ast);
    operands[typed] = check_expr(s, sides[typed], NULL);
    if (!operands[typed])
        return NULL;
    const struct ts_ast_expr *other = sides[1 - typed];
    operands[1 - typed] =
        is_constant(s, other, NULL)
            ? check_constant(s, other, factor_type(other, ast->op, operands[typed]->type))
            : check_expr(s, other, NULL);
    if (!operands[0] || !operands[1])
        return NULL;
    const struct ts_type *a = operands[0]->type, *b = operands[1]->type;
    const struct ts_type *type = result_type(s, ast->op, a, b);
    for (size_t i = 0; i < 2 && type; i++)
        if (operands[i]->op == TS_EXPR_PATH && operands[i]->field->secret && !s->about_secrets)
            type = NULL;
    if (!type) {
        ts_report(s->c->diags, TS_T_BAD_EXPRESSION, ast->op_span,
                  "`%s` does not apply to %s and %s", ts_span_text(s->c, ast->op_span),
                  ts_type_text(s->c, a), ts_type_text(s->c, b));
        return NULL;
    }
    struct ts_expr *expr = new_expr(s, ast, type);
    add_operand(s, expr, operands[0]);
    add_operand(s, expr, operands[1]);
    return expr;
}

/* -------------------------------------------------------------------- logic */

/* An operand that is true or false; reports what is not. */
static const struct ts_expr *check_truth(const struct scope *s, const struct ts_ast_expr *ast)
{
    if (is_constant(s, ast, NULL))
        return report_constants(s, ast);
    const struct ts_expr *expr = check_expr(s, ast, NULL);
    if (!expr)
        return NULL;
    const struct ts_field *field = expr->op == TS_EXPR_PATH ? expr->field : NULL;
    if (field && field->secret && !s->about_secrets) {
        ts_label(ts_report(s->c->diags, TS_T_BAD_CONDITION, expr->span,
                           "a condition cannot compare a secret"),
                 field->span, "it is declared here");
        return NULL;
    }
    if (expr->type->kind == TS_BOOL && expr->type->shape == TS_ONE)
        return expr;
    struct ts_diag *diag = ts_report(s->c->diags, TS_T_BAD_EXPRESSION, expr->span,
                                     "this is no condition but %s", ts_type_text(s->c, expr->type));
    if (field)
        ts_label(diag, field->span, "it is declared here");
    ts_help(diag, "compare it with something, as in `%s == ...`", ts_span_text(s->c, expr->span));
    return NULL;
}

static struct ts_expr *check_logic(const struct scope *s, const struct ts_ast_expr *ast)
{
    struct ts_expr *expr = new_expr(s, ast, &bool_type);
    bool ok = true;
    for (const struct ts_ast_expr *side = ast->operands; side; side = side->next) {
        const struct ts_expr *operand = check_truth(s, side);
        ok = ok && operand;
        add_operand(s, expr, operand);
    }
    return ok ? expr : NULL;
}

/* `slug of title` */
static struct ts_expr *check_slug(const struct scope *s, const struct ts_ast_expr *ast)
{
    static const struct ts_type slug_type = {
        .kind = TS_STRING, .max_len = TS_UNBOUNDED, .format = TS_FORMAT_SLUG};
    const struct ts_expr *text = check_path(s, ast->operands);
    if (!text)
        return NULL;
    if (text->type->kind != TS_STRING || text->type->shape != TS_ONE || text->field->secret) {
        ts_label(ts_report(s->c->diags, TS_T_BAD_EXPRESSION, ast->operands->span,
                           "a slug is made of a text, not of %s",
                           text->field && text->field->secret ? "a secret"
                                                              : ts_type_text(s->c, text->type)),
                 text->field ? text->field->span : text->span, "it is declared here");
        return NULL;
    }
    struct ts_expr *expr = new_expr(s, ast, &slug_type);
    add_operand(s, expr, text);
    return expr;
}

static struct ts_expr *check_expr(const struct scope *s, const struct ts_ast_expr *ast,
                                  const struct ts_type *wanted)
{
    switch (ast->op) {
    case TS_EXPR_SLUG:
        return check_slug(s, ast);
    case TS_EXPR_VALUE:
        return check_constant(s, ast, wanted);
    case TS_EXPR_PATH:
        return is_constant_name(s, ast, wanted) ? check_constant(s, ast, wanted)
                                                : check_path(s, ast);
    case TS_EXPR_SET:
    case TS_EXPR_NULL:
        return check_set(s, ast);
    case TS_EXPR_AND:
    case TS_EXPR_OR:
    case TS_EXPR_NOT:
        return check_logic(s, ast);
    case TS_EXPR_ADD:
    case TS_EXPR_SUB:
    case TS_EXPR_MUL:
        return check_arithmetic(s, ast);
    default:
        return check_comparison(s, ast);
    }
}

const struct ts_expr *ts_check_condition(struct ts_checker *c, const struct ts_message *message,
                                         const struct ts_ast_expr *ast)
{
    const struct scope s = {.c = c, .message = message};
    return ast ? check_truth(&s, ast) : NULL;
}

const struct ts_expr *ts_check_allow(struct ts_checker *c, const struct ts_service *service,
                                     const struct ts_message *record, const struct ts_ast_expr *ast)
{
    const struct scope s = {.c = c, .message = record, .in_request = true, .loads = service};
    return check_truth(&s, ast);
}

const struct ts_expr *ts_check_rule(struct ts_checker *c, const struct ts_message *message,
                                    const struct ts_ast_expr *ast)
{
    const struct scope s = {.c = c, .message = message, .about_secrets = true};
    return check_truth(&s, ast);
}

/* -------------------------------------------------------------------- given */

/* Why a field cannot hold whatever the expression may give, or NULL. */
static const char *misfit(const struct ts_field *field, const struct ts_expr *expr,
                          const struct ts_expr *target)
{
    const struct ts_type *type = target->type;
    bool is_slug = expr->op == TS_EXPR_SLUG;
    if (type->shape != TS_ONE || type->optional || !are_alike(target, expr))
        return "it is of another type";
    if (type->kind == TS_STRING && !is_slug)
        return "a text is given as `slug of` another one only";
    if (is_slug && (type->pattern || type->min_len > 1 || type->max_len < 16 ||
                    (type->format != TS_FORMAT_NONE && type->format != TS_FORMAT_SLUG)))
        return "a slug is 1 to 16 characters or more: small letters, digits and hyphens";
    if (is_whole(type->kind) && type->kind != TS_I64 && type->kind != expr->type->kind)
        return "what is computed of whole numbers is an `i64`";
    if (type->has_min || type->has_max)
        return "its range may not hold what is computed; a rule can say what must hold";
    return field->secret ? "it is a secret" : NULL;
}

static void check_given(const struct scope *s, struct ts_field *field,
                        const struct ts_ast_field *ast)
{
    const struct ts_expr target = {
        .op = TS_EXPR_PATH, .type = type_of(s, field), .field = field, .span = field->span};
    const struct ts_expr *expr = check_expr(s, ast->given, target.type);
    if (!expr)
        return;
    const char *why = misfit(field, expr, &target);
    if (!why && expr->op == TS_EXPR_SLUG && ts_present(ast->on_update))
        why = "a slug is part of addresses, so it does not change";
    if (why) {
        ts_note(ts_report(s->c->diags, TS_T_BAD_DEFAULT, ast->given->span,
                          "%s cannot be given this value", ts_type_text(s->c, &field->type)),
                "%s", why);
        return;
    }
    field->given = expr;
    field->given_on_update = ts_present(ast->on_update);
}

static void check_given_of(struct ts_checker *c, struct ts_message *model)
{
    const struct scope s = {.c = c, .message = model, .in_request = true};
    const struct ts_ast_field *from = ts_checked(model)->ast->fields;
    for (size_t i = 0; from && i < model->n_fields; from = from->next) {
        struct ts_field *field = &model->fields[i];
        if (from->name.symbol->text != field->name)
            continue; /* a second field of one name is in the tree only */
        i++;
        if (ts_is_given(from, &field->type) && field->type.kind != TS_POISON)
            check_given(&s, field, from);
    }
}

void ts_check_given(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t k = 0; k < service->n_messages; k++)
            if (service->messages[k]->kind == TS_MODEL &&
                ts_checked(service->messages[k])->ast != NULL)
                check_given_of(c, service->messages[k]);
    }
}

/* -------------------------------------------------------------- inheritance */

/* The message in which a path looks for its field. */
static const struct ts_message *place_in(const struct ts_expr *within,
                                         const struct ts_message *message)
{
    return within ? within->field->type.message : message;
}

const struct ts_expr *ts_expr_in(struct ts_checker *c, const struct ts_expr *expr,
                                 const struct ts_message *message)
{
    struct ts_expr *copy = rt_arena_copy(c->arena, expr, sizeof *expr);
    if (expr->op == TS_EXPR_PATH) {
        if (expr->within && !(copy->within = ts_expr_in(c, expr->within, message)))
            return NULL;
        copy->field = ts_message_field(place_in(copy->within, message), expr->field->name);
        return copy->field && copy->field->type.kind == expr->field->type.kind ? copy : NULL;
    }
    copy->operands = NULL;
    copy->n_operands = 0;
    for (size_t i = 0; i < expr->n_operands; i++) {
        const struct ts_expr *operand = ts_expr_in(c, expr->operands[i], message);
        if (!operand)
            return NULL;
        TS_PUSH(c->arena, copy->operands, copy->n_operands, operand);
    }
    return copy;
}
