/* Types and values. */
#include "codegen/syntax/parse_impl.h"

/* value = number | duration | text | name ; */
struct ts_ast_value *ts_parse_value(struct ts_parser *p, const char *what)
{
    const struct ts_token *token = ts_peek(p, 0);
    struct ts_ast_value *value = TS_NODE(p, struct ts_ast_value);
    value->span = token->span;
    value->symbol = token->symbol;
    switch (token->kind) {
    case TS_TOK_NUMBER:
        value->kind = TS_VALUE_NUMBER;
        break;
    case TS_TOK_DURATION:
        value->kind = TS_VALUE_DURATION;
        break;
    case TS_TOK_TEXT:
        value->kind = TS_VALUE_TEXT;
        break;
    case TS_TOK_NAME:
        value->kind = TS_VALUE_NAME;
        break;
    default:
        if (!p->panic)
            ts_expected(p, what);
        return NULL;
    }
    if (p->panic)
        return NULL;
    ts_advance(p);
    return value;
}

static bool at_bound(struct ts_parser *p)
{
    return ts_at(p, TS_TOK_NUMBER) || ts_at(p, TS_TOK_DURATION) || ts_at(p, TS_TOK_TEXT);
}

/* range = value | [ value ] ".." [ value ] ; */
void ts_parse_range(struct ts_parser *p, struct ts_ast_range *range)
{
    struct ts_span first = ts_peek(p, 0)->span;
    if (at_bound(p))
        range->min = range->max = ts_parse_value(p, "a bound");
    else if (!ts_at(p, TS_TOK_DOTS) && !p->panic)
        ts_expected(p, "a range, such as `1..200`");
    if (ts_accept(p, TS_TOK_DOTS)) {
        range->max = NULL;
        if (at_bound(p) && !ts_peek(p, 0)->first)
            range->max = ts_parse_value(p, "a bound");
    }
    if (!p->panic)
        range->span = ts_span_join(first, p->last);
}

/* key = type ; map = "map" "<" type "," type ">" ; */
static void parse_map(struct ts_parser *p, struct ts_ast_type *type)
{
    if (!ts_expect(p, TS_TOK_LT, "after `map`"))
        return;
    struct ts_ast_map *map = type->map = TS_NODE(p, struct ts_ast_map);
    map->key = TS_NODE(p, struct ts_ast_type);
    map->value = TS_NODE(p, struct ts_ast_type);
    ts_parse_type(p, map->key);
    ts_expect(p, TS_TOK_COMMA, "between the types of keys and values");
    ts_parse_type(p, map->value);
    ts_expect(p, TS_TOK_GT, "after the types of a map");
}

/* base = builtin | "ref" qname | map | qname ; */
static void parse_base(struct ts_parser *p, struct ts_ast_type *type)
{
    enum ts_keyword word = ts_word(p);
    bool qualified = ts_peek(p, 1)->kind == TS_TOK_DOT;
    bool is_builtin =
        (word >= TS_KW_BOOL && word <= TS_KW_VERSION) || word == TS_KW_REF || word == TS_KW_MAP;
    type->name = ts_expect_qname(p, "a type");
    if (!is_builtin || qualified)
        return;
    type->builtin = word;
    if (word == TS_KW_REF) {
        type->target = TS_NODE(p, struct ts_qname);
        *type->target = ts_expect_qname(p, "the model that is referred to");
    } else if (word == TS_KW_MAP) {
        /* A map in a map nests without end; the key and value of one are never maps. */
        if (p->map_depth++ > 0 && !p->panic) {
            ts_report(p->diags, TS_T_BAD_ELEMENT, type->name.span, "a map inside a map");
            p->panic = true;
        }
        parse_map(p, type);
        p->map_depth--;
    }
}

/* Most types have no constraints, so room for them is made when the first one comes. */
struct ts_ast_constraints *ts_constraints(struct ts_parser *p, struct ts_ast_type *type)
{
    if (!type->c)
        type->c = TS_NODE(p, struct ts_ast_constraints);
    return type->c;
}

static void take_span(struct ts_parser *p, struct ts_span *span)
{
    *span = ts_peek(p, 0)->span;
    ts_advance(p);
}

/* constraint = "in" range | "trim" | "lower" | "email" | "url" | "uuid" | "slug"
 *            | "pattern" text | "distinct" ;
 * False when the current token is none, which ends the type. */
static bool parse_constraint(struct ts_parser *p, struct ts_ast_type *type)
{
    enum ts_keyword word = ts_word(p);
    if (ts_peek(p, 0)->first)
        return false;
    switch (word) {
    case TS_KW_IN:
        ts_advance(p);
        ts_parse_range(p, &ts_constraints(p, type)->bound);
        return true;
    case TS_KW_TRIM:
        take_span(p, &ts_constraints(p, type)->trim);
        return true;
    case TS_KW_LOWER:
        take_span(p, &ts_constraints(p, type)->lower);
        return true;
    case TS_KW_DISTINCT:
        take_span(p, &ts_constraints(p, type)->distinct);
        return true;
    case TS_KW_EMAIL:
    case TS_KW_URL:
    case TS_KW_UUID:
    case TS_KW_SLUG:
        take_span(p, &ts_constraints(p, type)->format);
        ts_constraints(p, type)->format_word = word;
        return true;
    case TS_KW_PATTERN: {
        take_span(p, &ts_constraints(p, type)->pattern);
        struct ts_ident text = ts_expect_text(p, "a pattern in quotes");
        if (!text.symbol)
            return true;
        ts_constraints(p, type)->pattern =
            ts_span_join(ts_constraints(p, type)->pattern, text.span);
        ts_constraints(p, type)->pattern_text = text.symbol->text;
        return true;
    }
    default:
        return false;
    }
}

/* suffix = "?" | "[" [ range ] "]" ; */
static bool parse_suffix(struct ts_parser *p, struct ts_ast_type *type)
{
    struct ts_span start = ts_peek(p, 0)->span;
    if (ts_accept(p, TS_TOK_QUESTION)) {
        ts_constraints(p, type)->optional = start;
        return true;
    }
    if (!ts_accept(p, TS_TOK_LBRACKET))
        return false;
    if (ts_constraints(p, type)->list && !p->panic) {
        ts_help(ts_report(p->diags, TS_T_BAD_ELEMENT, start, "a list of lists"),
                "put the inner list into a message");
    }
    ts_constraints(p, type)->list = true;
    if (!ts_at(p, TS_TOK_RBRACKET))
        ts_parse_range(p, &ts_constraints(p, type)->items);
    if (ts_expect(p, TS_TOK_RBRACKET, "after the number of items"))
        ts_constraints(p, type)->list_span = ts_span_join(start, p->last);
    return true;
}

/* type = base [ "(" range ")" ] { suffix | constraint } ; */
void ts_parse_type(struct ts_parser *p, struct ts_ast_type *type)
{
    struct ts_span start = ts_peek(p, 0)->span;
    parse_base(p, type);
    if (!ts_peek(p, 0)->first && ts_accept(p, TS_TOK_LPAREN)) {
        ts_parse_range(p, &ts_constraints(p, type)->size);
        ts_expect(p, TS_TOK_RPAREN, "after the range");
    }
    while (!p->panic && (parse_suffix(p, type) || parse_constraint(p, type)))
        continue;
    type->span = p->panic ? start : ts_span_join(start, p->last);
}

/* alias = "type" name "=" type ; */
struct ts_ast_alias *ts_parse_alias(struct ts_parser *p)
{
    struct ts_ast_alias *alias = TS_NODE(p, struct ts_ast_alias);
    alias->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    alias->name = ts_expect_name(p, "the name of a type");
    ts_expect(p, TS_TOK_ASSIGN, "after the name of a type");
    ts_parse_type(p, &alias->type);
    return alias;
}
