/* Expressions: rules and conditions. */
#include "codegen/syntax/parse_impl.h"

static struct ts_ast_expr *parse_or(struct ts_parser *p);

static void count_node(struct ts_parser *p)
{
    if (++p->expr_nodes <= TS_LIMIT_EXPR_NODES || p->panic)
        return;
    ts_note(ts_report(p->diags, TS_T_TOO_MANY, ts_peek(p, 0)->span, "this expression is too long"),
            "an expression has at most %d names, constants and operators", TS_LIMIT_EXPR_NODES);
    p->panic = true;
}

static struct ts_ast_expr *new_expr(struct ts_parser *p, enum ts_expr_op op)
{
    struct ts_ast_expr *expr = TS_NODE(p, struct ts_ast_expr);
    expr->op = op;
    expr->span = expr->op_span = ts_peek(p, 0)->span;
    count_node(p);
    return expr;
}

/* What ends here is the operator's, with `operands`. */
static struct ts_ast_expr *finish(struct ts_parser *p, struct ts_ast_expr *expr,
                                  struct ts_ast_expr *operands)
{
    struct ts_span start = operands->span;
    if (start.offset > expr->op_span.offset)
        start = expr->op_span; /* `not` precedes its operand */
    expr->operands = operands;
    expr->span = p->panic ? start : ts_span_join(start, p->last);
    return expr;
}

static bool goes_on(struct ts_parser *p)
{
    return !p->panic && !(p->expr_on_line && ts_peek(p, 0)->first);
}

static bool at_joint(struct ts_parser *p, enum ts_keyword word)
{
    return goes_on(p) && ts_at_word(p, word);
}

/* path = name { "." name } ; */
static struct ts_ast_expr *parse_path(struct ts_parser *p)
{
    struct ts_ast_expr *expr = new_expr(p, TS_EXPR_PATH);
    struct ts_span start = expr->span;
    struct ts_ast_name **tail = &expr->path;
    do {
        struct ts_ast_name *name = TS_NODE(p, struct ts_ast_name);
        count_node(p);
        name->name.name = ts_expect_name(p, "a field");
        TS_APPEND(tail, name);
    } while (!p->panic && ts_accept(p, TS_TOK_DOT));
    expr->span = p->panic ? start : ts_span_join(start, p->last);
    return expr;
}

/* slug = "slug" "of" path ; */
static struct ts_ast_expr *parse_slug(struct ts_parser *p)
{
    struct ts_ast_expr *expr = new_expr(p, TS_EXPR_SLUG);
    ts_advance(p);
    ts_advance(p);
    return finish(p, expr, parse_path(p));
}

/* operand = "(" expr ")" | slug | path | value ; */
static struct ts_ast_expr *parse_operand(struct ts_parser *p)
{
    if (p->expr_depth == TS_LIMIT_EXPR_DEPTH && !p->panic) {
        ts_note(ts_report(p->diags, TS_T_TOO_DEEP, ts_peek(p, 0)->span,
                          "this expression is nested too deeply"),
                "at most %d levels are allowed", TS_LIMIT_EXPR_DEPTH);
        p->panic = true;
    }
    if (!p->panic && ts_accept(p, TS_TOK_LPAREN)) {
        p->expr_depth++;
        struct ts_ast_expr *inner = parse_or(p);
        p->expr_depth--;
        ts_expect(p, TS_TOK_RPAREN, "after the expression");
        return inner;
    }
    const struct ts_token *next = ts_peek(p, 1);
    if (ts_at_word(p, TS_KW_SLUG) && next->kind == TS_TOK_NAME &&
        next->symbol->keyword == TS_KW_OF && !next->first)
        return parse_slug(p);
    if (ts_at(p, TS_TOK_NAME))
        return parse_path(p);
    struct ts_ast_expr *expr = new_expr(p, TS_EXPR_VALUE);
    expr->value = ts_parse_value(p, "a field or a value");
    return expr;
}

static bool at_operator(struct ts_parser *p, enum ts_expr_op *ret)
{
    static const struct {
        enum ts_token_kind token;
        enum ts_expr_op op;
    } table[] = {
        {TS_TOK_EQ, TS_EXPR_EQ},    {TS_TOK_NE, TS_EXPR_NE},     {TS_TOK_LT, TS_EXPR_LT},
        {TS_TOK_LE, TS_EXPR_LE},    {TS_TOK_GT, TS_EXPR_GT},     {TS_TOK_GE, TS_EXPR_GE},
        {TS_TOK_PLUS, TS_EXPR_ADD}, {TS_TOK_MINUS, TS_EXPR_SUB}, {TS_TOK_STAR, TS_EXPR_MUL},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!ts_at(p, table[i].token))
            continue;
        *ret = table[i].op;
        return goes_on(p);
    }
    return false;
}

/* `left OP right`, where `right` is one of what `parse` reads. */
static struct ts_ast_expr *parse_right(struct ts_parser *p, enum ts_expr_op op,
                                       struct ts_ast_expr *left,
                                       struct ts_ast_expr *(*parse)(struct ts_parser *p))
{
    struct ts_ast_expr *expr = new_expr(p, op);
    ts_advance(p);
    left->next = parse(p);
    return finish(p, expr, left);
}

/* product = operand { "*" operand } ; */
static struct ts_ast_expr *parse_product(struct ts_parser *p)
{
    struct ts_ast_expr *left = parse_operand(p);
    enum ts_expr_op op;
    while (at_operator(p, &op) && op == TS_EXPR_MUL)
        left = parse_right(p, op, left, parse_operand);
    return left;
}

/* sum = product { ( "+" | "-" ) product } ; */
static struct ts_ast_expr *parse_sum(struct ts_parser *p)
{
    struct ts_ast_expr *left = parse_product(p);
    enum ts_expr_op op;
    while (at_operator(p, &op) && (op == TS_EXPR_ADD || op == TS_EXPR_SUB))
        left = parse_right(p, op, left, parse_product);
    const struct ts_token *token = ts_peek(p, 0);
    if (!p->panic && token->kind == TS_TOK_NUMBER && !token->first)
        ts_help(ts_expected(p, "an operator"),
                "a minus behind a blank and before a digit belongs to the number: write `a - 1`");
    return left;
}

/* "(" operand { "," operand } ")" */
static void parse_choices(struct ts_parser *p, struct ts_ast_expr *left)
{
    struct ts_ast_expr **tail = &left->next;
    if (!ts_expect(p, TS_TOK_LPAREN, "before the values"))
        return;
    do {
        struct ts_ast_expr *choice = parse_operand(p);
        TS_APPEND(tail, choice);
    } while (!p->panic && ts_accept(p, TS_TOK_COMMA));
    ts_expect(p, TS_TOK_RPAREN, "after the values");
}

/* comparison = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum
 *                  | "in" "(" operand { "," operand } ")" | "is" ( "set" | "null" ) ] ; */
static struct ts_ast_expr *parse_comparison(struct ts_parser *p)
{
    struct ts_ast_expr *left = parse_sum(p);
    enum ts_expr_op op;
    if (p->panic)
        return left;
    if (at_operator(p, &op))
        return parse_right(p, op, left, parse_sum);
    if (at_joint(p, TS_KW_IN)) {
        struct ts_ast_expr *expr = new_expr(p, TS_EXPR_IN);
        ts_advance(p);
        parse_choices(p, left);
        return finish(p, expr, left);
    }
    if (!at_joint(p, TS_KW_IS))
        return left;
    struct ts_ast_expr *expr = new_expr(p, TS_EXPR_SET);
    ts_advance(p);
    if (ts_accept_word(p, TS_KW_NULL))
        expr->op = TS_EXPR_NULL;
    else
        ts_expect_word(p, TS_KW_SET, "or `null` after `is`");
    return finish(p, expr, left);
}

/* negation = { "not" } comparison ; a second `not` takes the first one back. */
static struct ts_ast_expr *parse_negation(struct ts_parser *p)
{
    struct ts_ast_expr *expr = NULL;
    while (!p->panic && ts_at_word(p, TS_KW_NOT)) {
        struct ts_ast_expr *outer = new_expr(p, TS_EXPR_NOT);
        ts_advance(p);
        expr = expr ? NULL : outer;
    }
    struct ts_ast_expr *inner = parse_comparison(p);
    return expr ? finish(p, expr, inner) : inner;
}

/* What `parse` reads, once or joined by the word. */
static struct ts_ast_expr *parse_joined(struct ts_parser *p, enum ts_keyword word,
                                        enum ts_expr_op op,
                                        struct ts_ast_expr *(*parse)(struct ts_parser *p))
{
    struct ts_ast_expr *first = parse(p);
    if (!at_joint(p, word))
        return first;
    struct ts_ast_expr *expr = new_expr(p, op);
    struct ts_ast_expr **tail = &first->next;
    while (at_joint(p, word)) {
        ts_advance(p);
        struct ts_ast_expr *next = parse(p);
        TS_APPEND(tail, next);
    }
    return finish(p, expr, first);
}

/* conjunction = negation { "and" negation } ; */
static struct ts_ast_expr *parse_and(struct ts_parser *p)
{
    return parse_joined(p, TS_KW_AND, TS_EXPR_AND, parse_negation);
}

/* expr = conjunction { "or" conjunction } ; */
static struct ts_ast_expr *parse_or(struct ts_parser *p)
{
    return parse_joined(p, TS_KW_OR, TS_EXPR_OR, parse_and);
}

struct ts_ast_expr *ts_parse_expr(struct ts_parser *p)
{
    p->expr_depth = p->expr_nodes = 0;
    p->expr_on_line = false;
    return parse_or(p);
}

struct ts_ast_expr *ts_parse_expr_on_line(struct ts_parser *p)
{
    p->expr_depth = p->expr_nodes = 0;
    p->expr_on_line = true;
    return parse_or(p);
}

/* condition = "while" expr ; */
struct ts_ast_expr *ts_parse_condition(struct ts_parser *p)
{
    struct ts_ast_expr *expr = ts_accept_word(p, TS_KW_WHILE) ? ts_parse_expr(p) : NULL;
    const struct ts_token *token = ts_peek(p, 0);
    if (!p->panic && expr && expr->op == TS_EXPR_PATH && token->kind == TS_TOK_NAME &&
        !token->first && token->symbol->keyword == TS_KW_NONE)
        ts_expected(p, "an operator, such as `==`, `in`, `is` or `and`");
    return expr;
}
