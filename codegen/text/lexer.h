/*
 * The lexer: text to tokens, one at a time.
 *
 * Comments are no tokens. A block of /// lines belongs to the token behind it; a // or /// behind
 * the last token of a line is that line's comment. Both are handed out with the next token, as
 * places in the source, and become text only where a declaration wants it.
 * Errors are reported here, and what is beyond repair becomes a token of kind TS_TOK_BAD.
 */
#ifndef TS_LEXER_H
#define TS_LEXER_H

#include "codegen/text/diag.h"
#include "codegen/text/symbol.h"

enum ts_token_kind {
    TS_TOK_END,
    TS_TOK_NAME,     /* [A-Za-z_][A-Za-z0-9_]* ; `symbol` */
    TS_TOK_NUMBER,   /* -?[0-9]+(\.[0-9]+)? */
    TS_TOK_DURATION, /* a whole number with a unit: ms s min h d w */
    TS_TOK_TEXT,     /* "..." ; `symbol` is its value */
    TS_TOK_LBRACE,
    TS_TOK_RBRACE,
    TS_TOK_LPAREN,
    TS_TOK_RPAREN,
    TS_TOK_LBRACKET,
    TS_TOK_RBRACKET,
    TS_TOK_LT,
    TS_TOK_GT,
    TS_TOK_LE,
    TS_TOK_GE,
    TS_TOK_EQ, /* == */
    TS_TOK_NE, /* != */
    TS_TOK_ASSIGN,
    TS_TOK_ARROW, /* -> */
    TS_TOK_DOTS,  /* .. */
    TS_TOK_DOT,
    TS_TOK_COMMA,
    TS_TOK_COLON,
    TS_TOK_QUESTION,
    TS_TOK_BANG,
    TS_TOK_AT,
    TS_TOK_SLASH,
    TS_TOK_PLUS,
    TS_TOK_MINUS, /* before anything but a digit, which it belongs to */
    TS_TOK_STAR,
    TS_TOK_BAD /* what was reported already: no later stage reports it again */
};

/* A piece of the source; len 0 for none. */
struct ts_piece {
    uint32_t offset;
    uint32_t len;
};

struct ts_token {
    enum ts_token_kind kind;
    bool first; /* on its line */
    struct ts_span span;
    struct ts_symbol *symbol; /* TS_TOK_NAME, TS_TOK_TEXT */
    struct ts_piece doc;      /* the /// lines before it */
    struct ts_piece behind;   /* the comment behind the token before this one, on its line */
};

struct ts_lexer {
    const struct ts_source *source;
    struct ts_symbols *symbols;
    struct ts_diags *diags;
    uint32_t at;
    char said[8]; /* characters of other languages that were reported; NUL-terminated */
};

void ts_lexer_init(struct ts_lexer *lexer, const struct ts_source *source,
                   struct ts_symbols *symbols, struct ts_diags *diags);
/* At the end of the text it returns TS_TOK_END again and again. */
struct ts_token ts_lexer_next(struct ts_lexer *lexer);

/* As a person would say it: "`{`", "a name". */
const char *ts_token_kind_text(enum ts_token_kind kind);
/* The text of a comment without markers and outer blanks, lines joined by "\n"; NULL when the
 * piece is empty. */
const char *ts_comment_text(struct rt_arena *arena, const struct ts_source *source,
                            struct ts_piece piece);

#endif
