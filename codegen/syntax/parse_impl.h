/*
 * The inside of the parser, shared by its files; see parse.h. expect.c is below all rules and
 * parse.c, the top level, above them.
 */
#ifndef TS_PARSE_IMPL_H
#define TS_PARSE_IMPL_H

#include "codegen/syntax/parse.h"
#include "codegen/text/limits.h"

enum { TS_LOOKAHEAD = 4 };

struct ts_parser {
    struct rt_arena *arena;
    struct ts_symbols *symbols;
    struct ts_diags *diags;
    struct ts_lexer lexer;
    struct ts_token ring[TS_LOOKAHEAD]; /* the current token and those already looked at */
    unsigned head;
    unsigned ahead;      /* tokens in the ring */
    struct ts_span last; /* of the token before the current one */
    struct ts_span line; /* of the first token of the line that `last` is on */
    struct ts_ast_file *file;
    uint32_t declarations;
    unsigned map_depth;
    unsigned expr_depth; /* of parentheses and `not` */
    unsigned expr_nodes; /* of the expression so far */
    bool said_comma;     /* that commas part nothing */
    bool expr_on_line;   /* it ends with its line */
    bool panic;
    bool stop; /* a limit was hit: everything reads as the end of the file */
};

/* Tokens. */
const struct ts_token *ts_peek(struct ts_parser *p, unsigned distance); /* 0: the current one */
void ts_advance(struct ts_parser *p);
bool ts_at(struct ts_parser *p, enum ts_token_kind kind);
bool ts_at_word(struct ts_parser *p, enum ts_keyword keyword);
enum ts_keyword ts_word(struct ts_parser *p); /* of the current token, or TS_KW_NONE */
/* Take the token when it is there; false when another one is, or in panic. */
bool ts_accept(struct ts_parser *p, enum ts_token_kind kind);
bool ts_accept_word(struct ts_parser *p, enum ts_keyword keyword);

/* Expectations: false after reporting (or in panic). `where` ends a sentence, such as
 * "after the name of a model". */
bool ts_expect(struct ts_parser *p, enum ts_token_kind kind, const char *where);
bool ts_expect_word(struct ts_parser *p, enum ts_keyword keyword, const char *where);
/* "expected WHAT, found ..." at the current token. */
struct ts_diag *ts_expected(struct ts_parser *p, const char *what);
/* `what` says which name, such as "the name of a field". */
struct ts_ident ts_expect_name(struct ts_parser *p, const char *what);
struct ts_ident ts_expect_text(struct ts_parser *p, const char *what);
struct ts_span ts_expect_number(struct ts_parser *p, const char *what);
struct ts_qname ts_expect_qname(struct ts_parser *p, const char *what);
/* qname { "," qname } */
struct ts_ast_name *ts_expect_names(struct ts_parser *p, const char *what);
/* "(" name { "," name } ")" */
struct ts_ast_name *ts_expect_field_list(struct ts_parser *p, const char *what);

/* Items between braces, with recovery: calls `item` until the closing brace. `context` is
 * handed through. Returns false when an item was damaged or the closing brace is missing. */
typedef void ts_item_fn(struct ts_parser *p, void *context);
enum ts_level {
    TS_IN_SERVICE, /* the items are declarations themselves */
    TS_IN_BODY     /* a line that starts a declaration means that the brace was forgotten */
};
bool ts_parse_braces(struct ts_parser *p, enum ts_level level, const char *where, ts_item_fn *item,
                     void *context);
/* Skips to where the next item may start; `start` is the offset where the damaged one did. */
void ts_recover(struct ts_parser *p, uint32_t start);
/* Counts a declaration; false (and the end of parsing) above the limit. */
bool ts_count_declaration(struct ts_parser *p);
/* The current token is not one of `words`: reports it, with the nearest of them as help. */
void ts_expected_word_of(struct ts_parser *p, const char *what, const enum ts_keyword *words,
                         size_t count);

/* Rules. */
void ts_parse_type(struct ts_parser *p, struct ts_ast_type *type);
struct ts_ast_constraints *ts_constraints(struct ts_parser *p, struct ts_ast_type *type);
void ts_parse_range(struct ts_parser *p, struct ts_ast_range *range);
struct ts_ast_value *ts_parse_value(struct ts_parser *p, const char *what);
struct ts_ast_expr *ts_parse_expr(struct ts_parser *p);
/* The same, up to the end of the line at most. */
struct ts_ast_expr *ts_parse_expr_on_line(struct ts_parser *p);
/* "while" expr, or NULL. */
struct ts_ast_expr *ts_parse_condition(struct ts_parser *p);
struct ts_ast_message *ts_parse_message(struct ts_parser *p, enum ts_ast_message_kind kind);
struct ts_ast_enum *ts_parse_enum(struct ts_parser *p);
struct ts_ast_alias *ts_parse_alias(struct ts_parser *p);
struct ts_ast_routes *ts_parse_routes(struct ts_parser *p);
struct ts_ast_service *ts_parse_service(struct ts_parser *p);

#define TS_NODE(p, type) RT_ARENA_NEW((p)->arena, type)

#endif
