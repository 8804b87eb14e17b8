/* Whatever has fields: models, messages, views, events, replicas; and enums. */
#include "codegen/syntax/parse_impl.h"

struct body {
    struct ts_ast_message *message;
    struct ts_ast_field **fields;
    struct ts_ast_index **indexes;
    struct ts_ast_rule **rules;
    struct ts_ast_value **reserved;
};

/* The comment a declaration ends its line with documents it, when none precedes it. */
static void take_comment_behind(struct ts_parser *p, struct ts_piece *doc)
{
    if (doc->len == 0)
        *doc = ts_peek(p, 0)->behind;
}

/* `index NAME (` or `unique NAME (`, wherever on a line it stands: no field and no pick has a
 * parenthesis behind two names. */
static bool at_index(struct ts_parser *p)
{
    return (ts_at_word(p, TS_KW_INDEX) || ts_at_word(p, TS_KW_UNIQUE)) &&
           ts_peek(p, 1)->kind == TS_TOK_NAME && ts_peek(p, 2)->kind == TS_TOK_LPAREN;
}

/* The value of a field: expr [ "on" "update" ]. A single name may be a constant. */
static void parse_default(struct ts_parser *p, struct ts_ast_field *field)
{
    struct ts_ast_expr *expr = ts_parse_expr_on_line(p);
    if (p->panic)
        return;
    if (expr->op == TS_EXPR_VALUE) {
        field->default_value = expr->value;
    } else {
        field->given = expr;
        if (expr->op == TS_EXPR_PATH && !expr->path->next) {
            field->default_value = TS_NODE(p, struct ts_ast_value);
            *field->default_value = (struct ts_ast_value){
                .kind = TS_VALUE_NAME, .span = expr->span, .symbol = expr->path->name.name.symbol};
        }
    }
    const struct ts_token *token = ts_peek(p, 0), *next = ts_peek(p, 1);
    if (token->first || !ts_at_word(p, TS_KW_ON) || next->kind != TS_TOK_NAME ||
        next->symbol->keyword != TS_KW_UPDATE)
        return;
    struct ts_span start = token->span;
    ts_advance(p);
    ts_advance(p);
    field->on_update = ts_span_join(start, p->last);
}

/* attribute = "unique" | "embed" | "secret" | "example" value | "=" expr [ "on" "update" ] ; on
 * the line of its field */
static bool parse_attribute(struct ts_parser *p, struct ts_ast_field *field)
{
    const struct ts_token *token = ts_peek(p, 0);
    if (token->first || p->panic)
        return false;
    struct ts_span span = token->span;
    if (ts_at_word(p, TS_KW_UNIQUE)) {
        if (at_index(p))
            return false;
        ts_advance(p);
        field->unique = span;
    } else if (ts_accept_word(p, TS_KW_EMBED)) {
        field->embed = span;
    } else if (ts_accept_word(p, TS_KW_SECRET)) {
        field->secret = span;
    } else if (ts_accept(p, TS_TOK_ASSIGN)) {
        parse_default(p, field);
    } else if (ts_accept_word(p, TS_KW_EXAMPLE)) {
        if (ts_peek(p, 0)->first)
            ts_expected(p, "a value of the field behind `example`");
        else
            field->example = ts_parse_value(p, "a value of the field");
    } else if (token->kind == TS_TOK_NAME &&
               (ts_peek(p, 1)->first || ts_peek(p, 1)->kind != TS_TOK_NAME)) {
        /* A word without the name of a type behind it starts no field: it was meant to be an
         * attribute. */
        static const enum ts_keyword words[] = {TS_KW_UNIQUE, TS_KW_EMBED, TS_KW_SECRET,
                                                TS_KW_EXAMPLE};
        ts_expected_word_of(p, "an attribute of the field or the end of the line", words,
                            sizeof words / sizeof *words);
        return false;
    } else {
        return false;
    }
    return true;
}

/* number = "@" digits ; */
static struct ts_span parse_number(struct ts_parser *p, const char *of)
{
    if (!ts_at(p, TS_TOK_AT) && !p->panic) {
        ts_help(ts_expected(p, rt_arena_printf(p->arena, "`@` and the number of the %s", of)),
                "give it a number that no other %s here has had, such as `@1`", of);
        return (struct ts_span){0};
    }
    ts_accept(p, TS_TOK_AT);
    return ts_expect_number(p, "a number behind `@`");
}

/* field = name type number { attribute } ; */
static void parse_field(struct ts_parser *p, struct body *body)
{
    struct ts_ast_field *field = TS_NODE(p, struct ts_ast_field);
    field->doc = ts_peek(p, 0)->doc;
    field->name = ts_expect_name(p, "a field");
    ts_parse_type(p, &field->type);
    field->number = parse_number(p, "field");
    while (parse_attribute(p, field))
        continue;
    if (p->panic && !field->name.symbol)
        return;
    field->broken = p->panic;
    take_comment_behind(p, &field->doc);
    TS_APPEND(body->fields, field);
}

/* index = ( "index" | "unique" ) name "(" name { "," name } ")" [ condition ] ; */
static void parse_index(struct ts_parser *p, struct body *body)
{
    struct ts_ast_index *index = TS_NODE(p, struct ts_ast_index);
    index->doc = ts_peek(p, 0)->doc;
    index->unique = ts_at_word(p, TS_KW_UNIQUE);
    ts_advance(p);
    index->name = ts_expect_name(p, "the name of an index");
    index->fields = ts_expect_field_list(p, "a field of the index");
    index->condition = ts_parse_condition(p);
    if (!p->panic)
        TS_APPEND(body->indexes, index);
}

/* rule = "rule" name ":" expr text ; */
static void parse_rule(struct ts_parser *p, struct body *body)
{
    struct ts_ast_rule *rule = TS_NODE(p, struct ts_ast_rule);
    ts_advance(p);
    rule->name = ts_expect_name(p, "the name of a rule");
    ts_expect(p, TS_TOK_COLON, "after the name of a rule");
    rule->condition = ts_parse_expr(p);
    rule->text = ts_expect_text(p, "what to say when the rule is broken, in quotes").symbol;
    if (!p->panic)
        TS_APPEND(body->rules, rule);
}

/* reserved = "reserved" digits { "," digits } ; */
static struct ts_ast_value **parse_reserved(struct ts_parser *p, struct ts_ast_value **tail)
{
    ts_advance(p);
    do {
        if (!ts_at(p, TS_TOK_NUMBER) && !p->panic)
            ts_expected(p, "a number that was used before");
        if (p->panic)
            break;
        struct ts_ast_value *value = ts_parse_value(p, "a number");
        TS_APPEND(tail, value);
    } while (ts_accept(p, TS_TOK_COMMA));
    return tail;
}

/* item = index | rule | reserved | field ; the words that start the first three cannot name a
 * field. */
static void parse_item(struct ts_parser *p, void *context)
{
    struct body *body = context;
    if (!ts_count_declaration(p))
        return;
    switch (ts_word(p)) {
    case TS_KW_INDEX:
    case TS_KW_UNIQUE:
        parse_index(p, body);
        break;
    case TS_KW_RULE:
        parse_rule(p, body);
        break;
    case TS_KW_RESERVED:
        body->reserved = parse_reserved(p, body->reserved);
        break;
    default:
        parse_field(p, body);
    }
}

static struct ts_ast_pick *parse_picks(struct ts_parser *p, struct body *body, unsigned depth);

/* pick = name [ "{" { pick } "}" ] [ "," ] ; */
static struct ts_ast_pick *parse_pick(struct ts_parser *p, struct body *body, unsigned depth)
{
    if (!ts_count_declaration(p))
        return NULL;
    struct ts_ast_pick *pick = TS_NODE(p, struct ts_ast_pick);
    pick->name = ts_expect_name(p, "a field to pick");
    if (ts_at(p, TS_TOK_LBRACE) && !p->panic) {
        pick->nested = true;
        pick->picks = parse_picks(p, body, depth + 1);
    }
    ts_accept(p, TS_TOK_COMMA);
    return p->panic ? NULL : pick;
}

struct pick_list {
    struct ts_ast_pick **tail;
    struct body *body;
    unsigned depth;
};

/* In the braces of a derived message: rules, and picks. */
static void parse_pick_item(struct ts_parser *p, void *context)
{
    struct pick_list *list = context;
    bool is_rule = ts_at_word(p, TS_KW_RULE) && ts_peek(p, 1)->kind == TS_TOK_NAME &&
                   ts_peek(p, 2)->kind == TS_TOK_COLON;
    if (is_rule && list->depth == 0) {
        parse_rule(p, list->body);
        return;
    }
    if (at_index(p) && list->depth == 0 && list->body->message->kind == TS_AST_REPLICA) {
        parse_index(p, list->body);
        return;
    }
    if (at_index(p)) {
        ts_help(ts_expected(p, "a field to pick"),
                "an index belongs to what is stored: write it in the model, or in a replica");
        return;
    }
    struct ts_ast_pick *pick = parse_pick(p, list->body, list->depth);
    if (pick)
        TS_APPEND(list->tail, pick);
}

/* picks = "{" { pick | rule | index } "}" ; */
static struct ts_ast_pick *parse_picks(struct ts_parser *p, struct body *body, unsigned depth)
{
    struct ts_ast_pick *picks = NULL;
    struct pick_list list = {&picks, body, depth};
    if (depth > TS_LIMIT_DEPTH) {
        ts_note(ts_report(p->diags, TS_T_TOO_DEEP, ts_peek(p, 0)->span,
                          "picked fields are nested too deeply"),
                "at most %d levels are allowed", TS_LIMIT_DEPTH);
        p->panic = true;
        return NULL;
    }
    if (!ts_parse_braces(p, TS_IN_BODY, "before the picked fields", parse_pick_item, &list))
        body->message->broken = true;
    return picks;
}

/* What is between the name and the braces.
 * model   = "model" name [ "renamed" "from" name ] [ "expires" "(" name ")" ] body ;
 * message = "message" name [ "bounded" ] ( body | "=" qname [ "bounded" ] picks ) ;
 * view    = "view" name "of" qname picks ;
 * event   = "event" name text "of" qname [ "keyed" "by" name ] picks ;
 * replica = "replica" name "of" qname picks "from" qname { "," qname } ; */
static void parse_head(struct ts_parser *p, struct ts_ast_message *message)
{
    if (ts_accept_word(p, TS_KW_BOUNDED))
        message->bounded = true;
    switch (message->kind) {
    case TS_AST_MODEL:
        if (ts_accept_word(p, TS_KW_RENAMED)) {
            ts_expect_word(p, TS_KW_FROM, "and what the model was called before");
            message->renamed = ts_expect_name(p, "what the model was called before");
        }
        if (!ts_accept_word(p, TS_KW_EXPIRES))
            break;
        ts_expect(p, TS_TOK_LPAREN, "after `expires`");
        message->expires = ts_expect_name(p, "the field that holds the time");
        ts_expect(p, TS_TOK_RPAREN, "after the field");
        break;
    case TS_AST_PLAIN:
        if (ts_accept(p, TS_TOK_ASSIGN)) {
            message->kind = TS_AST_DERIVED;
            message->origin = ts_expect_qname(p, "the model whose fields are picked");
        }
        break;
    case TS_AST_EVENT:
        message->subject = ts_expect_text(p, "the subject of the event, in quotes");
        ts_expect_word(p, TS_KW_OF, "and the model the event tells of");
        message->origin = ts_expect_qname(p, "the model the event tells of");
        if (ts_accept_word(p, TS_KW_KEYED)) {
            ts_expect_word(p, TS_KW_BY, "and the field whose events keep their order");
            message->key = ts_expect_name(p, "the field whose events keep their order");
        }
        break;
    default:
        ts_expect_word(p, TS_KW_OF, "and the model whose fields are picked");
        message->origin = ts_expect_qname(p, "the model whose fields are picked");
    }
    if (ts_accept_word(p, TS_KW_BOUNDED))
        message->bounded = true;
}

struct ts_ast_message *ts_parse_message(struct ts_parser *p, enum ts_ast_message_kind kind)
{
    static const char *const names[] = {
        [TS_AST_MODEL] = "the name of a model",     [TS_AST_PLAIN] = "the name of a message",
        [TS_AST_VIEW] = "the name of a view",       [TS_AST_EVENT] = "the name of an event",
        [TS_AST_REPLICA] = "the name of a replica",
    };
    struct ts_ast_message *message = TS_NODE(p, struct ts_ast_message);
    struct body body = {message, &message->fields, &message->indexes, &message->rules,
                        &message->reserved};
    message->kind = kind;
    message->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    message->name = ts_expect_name(p, names[kind]);
    parse_head(p, message);
    message->braces = ts_peek(p, 0)->span;
    if (p->panic) {
        message->broken = true;
        return message;
    }
    if (message->kind == TS_AST_MODEL || message->kind == TS_AST_PLAIN) {
        if (!ts_parse_braces(p, TS_IN_BODY, "before the fields", parse_item, &body))
            message->broken = true;
    } else {
        message->picks = parse_picks(p, &body, 0);
    }
    if (message->kind == TS_AST_REPLICA) {
        ts_expect_word(p, TS_KW_FROM, "and the events that fill the replica");
        message->sources = ts_expect_names(p, "an event that fills the replica");
    }
    return message;
}

/* value = name "@" digits [ "as" text ] ; */
static void parse_enum_value(struct ts_parser *p, struct ts_ast_enum_value ***tail)
{
    struct ts_ast_enum_value *value = TS_NODE(p, struct ts_ast_enum_value);
    value->doc = ts_peek(p, 0)->doc;
    value->name = ts_expect_name(p, "a value of the enum");
    value->number = parse_number(p, "value");
    if (ts_accept_word(p, TS_KW_AS))
        value->text = ts_expect_text(p, "the text of the value in JSON, in quotes");
    if (p->panic)
        return;
    take_comment_behind(p, &value->doc);
    TS_APPEND(*tail, value);
}

struct enum_body {
    struct ts_ast_enum_value **values;
    struct ts_ast_value **reserved;
};

static void parse_enum_item(struct ts_parser *p, void *context)
{
    struct enum_body *body = context;
    if (!ts_count_declaration(p))
        return;
    if (ts_at_word(p, TS_KW_RESERVED) && ts_peek(p, 1)->kind == TS_TOK_NUMBER)
        body->reserved = parse_reserved(p, body->reserved);
    else
        parse_enum_value(p, &body->values);
}

/* enum = "enum" name "{" { value | reserved } "}" ; */
struct ts_ast_enum *ts_parse_enum(struct ts_parser *p)
{
    struct ts_ast_enum *enumeration = TS_NODE(p, struct ts_ast_enum);
    struct enum_body body = {&enumeration->values, &enumeration->reserved};
    enumeration->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    enumeration->name = ts_expect_name(p, "the name of an enum");
    enumeration->broken =
        !ts_parse_braces(p, TS_IN_BODY, "before the values", parse_enum_item, &body);
    return enumeration;
}
