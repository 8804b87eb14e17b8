/* What all rules share: tokens, expectations, and going on after a mistake. */
#include <string.h>

#include "codegen/syntax/parse_impl.h"
#include "codegen/text/foreign.h"
#include "codegen/text/suggest.h"

/* ------------------------------------------------------------------- tokens */

const struct ts_token *ts_peek(struct ts_parser *p, unsigned distance)
{
    RT_ASSERT(distance < TS_LOOKAHEAD);
    while (p->ahead <= distance) {
        unsigned slot = (p->head + p->ahead++) % TS_LOOKAHEAD;
        p->ring[slot] = ts_lexer_next(&p->lexer);
    }
    return &p->ring[(p->head + distance) % TS_LOOKAHEAD];
}

void ts_advance(struct ts_parser *p)
{
    const struct ts_token *token = ts_peek(p, 0);
    if (token->kind == TS_TOK_END)
        return;
    p->last = token->span;
    if (token->first)
        p->line = token->span;
    p->head = (p->head + 1) % TS_LOOKAHEAD;
    p->ahead--;
}

bool ts_at(struct ts_parser *p, enum ts_token_kind kind)
{
    return ts_peek(p, 0)->kind == kind;
}

enum ts_keyword ts_word(struct ts_parser *p)
{
    const struct ts_token *token = ts_peek(p, 0);
    return token->kind == TS_TOK_NAME ? token->symbol->keyword : TS_KW_NONE;
}

bool ts_at_word(struct ts_parser *p, enum ts_keyword keyword)
{
    return ts_word(p) == keyword;
}

bool ts_accept(struct ts_parser *p, enum ts_token_kind kind)
{
    if (p->panic || !ts_at(p, kind))
        return false;
    ts_advance(p);
    return true;
}

bool ts_accept_word(struct ts_parser *p, enum ts_keyword keyword)
{
    if (p->panic || !ts_at_word(p, keyword))
        return false;
    ts_advance(p);
    return true;
}

/* ------------------------------------------------------------- expectations */

/* Where to point at what is missing: the current token, or behind the last one when the current
 * one starts another line. */
static struct ts_span missing_span(struct ts_parser *p)
{
    const struct ts_token *token = ts_peek(p, 0);
    if (!token->first && token->kind != TS_TOK_END)
        return token->span;
    if (!p->last.source)
        return token->span;
    return (struct ts_span){p->last.source, p->last.offset + p->last.len, 0};
}

static struct rt_str span_text(struct ts_span span)
{
    return span.source ? rt_str_n(span.source->text + span.offset, span.len) : RT_STR("");
}

/* Whether a token is one of the words, or of the kind that one of them names. */
static bool token_is(const struct ts_token *token, const char *words)
{
    static const struct {
        const char *word;
        enum ts_token_kind kind;
    } kinds[] = {{"NAME", TS_TOK_NAME}, {"NUMBER", TS_TOK_NUMBER}, {"TEXT", TS_TOK_TEXT}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(words, kinds[i].word) == 0)
            return token->kind == kinds[i].kind;
    return ts_foreign_is_one_of(span_text(token->span), words);
}

static bool tokens_are(struct ts_parser *p, const char *tokens)
{
    char words[200];
    char *rest = words;
    unsigned distance = 0;
    RT_ASSERT(strlen(tokens) < sizeof words);
    strcpy(words, tokens);
    for (char *word; (word = strsep(&rest, " ")); distance++)
        if (!token_is(ts_peek(p, distance), word))
            return false;
    return true;
}

/* What another language's user meant at the current token, or NULL. */
static const char *foreign_answer(struct ts_parser *p)
{
    size_t count = 0;
    const struct ts_foreign *table = ts_foreign_table(&count);
    const struct ts_token *token = ts_peek(p, 0);
    struct rt_str before = span_text(p->last);
    struct rt_str line = span_text(token->first ? token->span : p->line);
    bool name_before =
        before.len > 0 && (before.data[0] | 0x20) >= 'a' && (before.data[0] | 0x20) <= 'z';
    for (size_t i = 0; i < count; i++) {
        const struct ts_foreign *row = &table[i];
        if (row->line && !ts_foreign_is_one_of(line, row->line))
            continue;
        if (row->before &&
            !(strcmp(row->before, "NAME") == 0 ? name_before
                                               : ts_foreign_is_one_of(before, row->before)))
            continue;
        if (tokens_are(p, row->tokens))
            return row->answer;
    }
    return NULL;
}

static struct ts_diag *unexpected(struct ts_parser *p, struct ts_span span, const char *what)
{
    const struct ts_token *token = ts_peek(p, 0);
    p->panic = true;
    if (token->kind == TS_TOK_BAD)
        return ts_silence(p->diags);
    if (token->kind == TS_TOK_NAME)
        return ts_report(p->diags, TS_T_UNEXPECTED, span, "expected %s, found `%s`", what,
                         token->symbol->text);
    return ts_report(p->diags, TS_T_UNEXPECTED, span, "expected %s, found %s", what,
                     ts_token_kind_text(token->kind));
}

/* With the answer to what was meant, where it is known; other remarks are dropped then. */
static struct ts_diag *expected_at(struct ts_parser *p, struct ts_span span, const char *what)
{
    struct ts_diag *diag = unexpected(p, span, what);
    const char *answer = foreign_answer(p);
    if (!answer)
        return diag;
    ts_help(diag, "%s", answer);
    return ts_silence(p->diags);
}

struct ts_diag *ts_expected(struct ts_parser *p, const char *what)
{
    return expected_at(p, missing_span(p), what);
}

bool ts_expect(struct ts_parser *p, enum ts_token_kind kind, const char *where)
{
    if (ts_accept(p, kind))
        return true;
    if (!p->panic)
        ts_expected(p, rt_arena_printf(p->arena, "%s %s", ts_token_kind_text(kind), where));
    return false;
}

bool ts_expect_word(struct ts_parser *p, enum ts_keyword keyword, const char *where)
{
    if (ts_accept_word(p, keyword))
        return true;
    if (!p->panic) {
        const char *text = ts_keyword_text(keyword);
        ts_expected(p, rt_arena_printf(p->arena, "`%s` %s", text, where));
    }
    return false;
}

static struct ts_ident expect_symbol(struct ts_parser *p, enum ts_token_kind kind, const char *what)
{
    const struct ts_token *token = ts_peek(p, 0);
    struct ts_ident ident = {token->symbol, token->span};
    if (ts_accept(p, kind))
        return ident;
    if (!p->panic)
        ts_expected(p, what);
    ident.symbol = NULL;
    return ident;
}

struct ts_ident ts_expect_name(struct ts_parser *p, const char *what)
{
    return expect_symbol(p, TS_TOK_NAME, what);
}

struct ts_ident ts_expect_text(struct ts_parser *p, const char *what)
{
    return expect_symbol(p, TS_TOK_TEXT, what);
}

struct ts_span ts_expect_number(struct ts_parser *p, const char *what)
{
    struct ts_span span = expect_symbol(p, TS_TOK_NUMBER, what).span;
    if (p->panic)
        span.len = 0;
    return span;
}

struct ts_qname ts_expect_qname(struct ts_parser *p, const char *what)
{
    struct ts_qname qname = {.name = ts_expect_name(p, what)};
    qname.span = qname.name.span;
    if (ts_accept(p, TS_TOK_DOT)) {
        qname.service = qname.name;
        qname.name = ts_expect_name(p, what);
        if (qname.name.symbol)
            qname.span = ts_span_join(qname.service.span, qname.name.span);
    }
    return qname;
}

struct ts_ast_name *ts_expect_names(struct ts_parser *p, const char *what)
{
    struct ts_ast_name *list = NULL, **tail = &list;
    do {
        struct ts_qname name = ts_expect_qname(p, what);
        if (!name.name.symbol)
            break;
        struct ts_ast_name *node = TS_NODE(p, struct ts_ast_name);
        node->name = name;
        TS_APPEND(tail, node);
    } while (ts_accept(p, TS_TOK_COMMA));
    return list;
}

struct ts_ast_name *ts_expect_field_list(struct ts_parser *p, const char *what)
{
    struct ts_ast_name *list = NULL;
    if (ts_expect(p, TS_TOK_LPAREN, "before the fields")) {
        list = ts_expect_names(p, what);
        ts_expect(p, TS_TOK_RPAREN, "after the fields");
    }
    return list;
}

void ts_expected_word_of(struct ts_parser *p, const char *what, const enum ts_keyword *words,
                         size_t count)
{
    if (p->panic)
        return;
    const struct ts_token *token = ts_peek(p, 0);
    struct ts_diag *diag = expected_at(p, token->span, what);
    if (token->kind != TS_TOK_NAME)
        return;
    struct rt_suggest suggest = rt_suggest_init(token->symbol->text);
    for (size_t i = 0; i < count; i++)
        rt_suggest_try(&suggest, ts_keyword_text(words[i]));
    ts_suggest_help(&suggest, diag);
}

bool ts_count_declaration(struct ts_parser *p)
{
    if (++p->declarations <= TS_LIMIT_DECLARATIONS)
        return true;
    if (!p->stop)
        ts_note(ts_report(p->diags, TS_T_TOO_MANY, ts_peek(p, 0)->span,
                          "this file has too many declarations"),
                "a file has at most %d declarations and fields; the rest was not read",
                TS_LIMIT_DECLARATIONS);
    p->stop = true;
    p->panic = true;
    p->lexer.at = p->lexer.source->len;
    p->ahead = 0;
    return false;
}

/* ----------------------------------------------------------------- recovery */

/* True when a declaration of an outer level starts here, so that a closing brace is missing. */
static bool outer_declaration_starts(struct ts_parser *p, enum ts_level level)
{
    const struct ts_token *token = ts_peek(p, 0);
    if (!token->first || token->kind != TS_TOK_NAME || token->symbol->keyword == TS_KW_NONE)
        return false;
    enum ts_token_kind second = ts_peek(p, 1)->kind;
    const struct ts_token *third = ts_peek(p, 2);
    bool third_is_of = third->kind == TS_TOK_NAME && third->symbol->keyword == TS_KW_OF;
    switch (token->symbol->keyword) {
    case TS_KW_SERVICE:
        return second == TS_TOK_NAME && third->kind == TS_TOK_LBRACE;
    default:
        break;
    }
    if (level == TS_IN_SERVICE)
        return false;
    switch (token->symbol->keyword) {
    case TS_KW_MODEL:
    case TS_KW_ENUM:
        return second == TS_TOK_NAME && third->kind == TS_TOK_LBRACE;
    case TS_KW_MESSAGE:
        return second == TS_TOK_NAME &&
               (third->kind == TS_TOK_LBRACE || third->kind == TS_TOK_ASSIGN);
    case TS_KW_VIEW:
    case TS_KW_REPLICA:
        return second == TS_TOK_NAME && third_is_of;
    case TS_KW_EVENT:
        return second == TS_TOK_NAME && third->kind == TS_TOK_TEXT;
    case TS_KW_ROUTES:
        return second == TS_TOK_TEXT && third->kind == TS_TOK_LBRACE;
    default:
        return false;
    }
}

/* Notes the names between two places: declarations of them may be lost. */
static void lose_names(struct ts_parser *p, uint32_t start, uint32_t end)
{
    struct ts_lexer lexer = p->lexer;
    for (lexer.at = start; lexer.at < end;) {
        struct ts_token token = ts_lexer_next(&lexer);
        if (token.kind == TS_TOK_END)
            break;
        if (token.kind == TS_TOK_NAME)
            token.symbol->lost = true;
    }
}

static void skip_item(struct ts_parser *p, uint32_t start)
{
    unsigned depth = 0;
    p->panic = false;
    for (;; ts_advance(p)) {
        const struct ts_token *token = ts_peek(p, 0);
        if (token->kind == TS_TOK_END)
            return;
        bool moved = token->span.offset != start;
        if (depth == 0 && (token->kind == TS_TOK_RBRACE || (token->first && moved)))
            return;
        if (token->kind == TS_TOK_LBRACE)
            depth++;
        else if (token->kind == TS_TOK_RBRACE)
            depth--;
    }
}

void ts_recover(struct ts_parser *p, uint32_t start)
{
    skip_item(p, start);
    lose_names(p, start, ts_peek(p, 0)->span.offset);
}

/* A comma between items, as others have them; said once. */
static void skip_comma(struct ts_parser *p)
{
    struct ts_span span = ts_peek(p, 0)->span;
    ts_advance(p);
    if (!p->said_comma)
        ts_help(ts_report(p->diags, TS_T_UNEXPECTED, span, "expected the next item, found `,`"),
                "items stand on lines of their own: drop the comma, here and elsewhere");
    p->said_comma = true;
}

bool ts_parse_braces(struct ts_parser *p, enum ts_level level, const char *where, ts_item_fn *item,
                     void *context)
{
    struct ts_span open = ts_peek(p, 0)->span;
    bool whole = true;
    if (!ts_expect(p, TS_TOK_LBRACE, where))
        return false;
    for (;;) {
        enum ts_token_kind kind = ts_peek(p, 0)->kind;
        if (kind == TS_TOK_COMMA) {
            skip_comma(p);
            continue;
        }
        if (kind == TS_TOK_RBRACE || kind == TS_TOK_END || outer_declaration_starts(p, level))
            break;
        uint32_t start = ts_peek(p, 0)->span.offset;
        item(p, context);
        if (p->panic) {
            whole = false;
            ts_recover(p, start);
        }
    }
    if (ts_accept(p, TS_TOK_RBRACE) || p->stop)
        return whole;
    struct ts_span here = {p->last.source, p->last.offset + p->last.len, 0};
    ts_label(ts_report(p->diags, TS_T_UNCLOSED_BRACE, here, "expected `}`, found %s",
                       ts_at(p, TS_TOK_END) ? "the end of the file" : "another declaration"),
             open, "this brace is never closed");
    return false;
}
