#include "codegen/text/lexer.h"

#include "codegen/text/foreign.h"
#include "codegen/text/limits.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c);
}

static struct ts_span span_from(const struct ts_lexer *lexer, uint32_t offset)
{
    return (struct ts_span){lexer->source, offset, lexer->at - offset};
}

void ts_lexer_init(struct ts_lexer *lexer, const struct ts_source *source,
                   struct ts_symbols *symbols, struct ts_diags *diags)
{
    *lexer = (struct ts_lexer){.source = source, .symbols = symbols, .diags = diags};
    if (rt_str_starts(rt_str_n(source->text, source->len), RT_STR("\xEF\xBB\xBF")))
        lexer->at = 3;
}

/* A comment may become one in C, where control characters have no place. */
static void check_comment(struct ts_lexer *lexer, uint32_t start, uint32_t end)
{
    for (uint32_t at = start; at < end; at++) {
        uint8_t c = (uint8_t)lexer->source->text[at];
        if ((c >= 0x20 && c != 0x7F) || c == '\t' || c == '\r')
            continue;
        ts_report(lexer->diags, TS_T_BAD_CHARACTER, (struct ts_span){lexer->source, at, 1},
                  "a control character (0x%02X) in a comment", (unsigned)c);
        return;
    }
}

/* Characters that other languages have and that say nothing here are passed over, each kind
 * reported once: what stands around them is read as it is meant. */
static void report_foreign(struct ts_lexer *lexer, struct ts_span span, const char *what,
                           const char *answer)
{
    char c = lexer->source->text[span.offset];
    if (strchr(lexer->said, c))
        return;
    size_t len = strlen(lexer->said);
    if (len + 1 < sizeof lexer->said)
        lexer->said[len] = c;
    ts_help(ts_report(lexer->diags, TS_T_BAD_CHARACTER, span, "`%s` has no meaning here", what),
            "%s", answer);
}

/* A comment as others write it, or a semicolon, at `at`; the place behind it, or `at` itself. */
static uint32_t skip_foreign(struct ts_lexer *lexer, uint32_t at)
{
    const struct ts_source *source = lexer->source;
    const char *text = source->text + at;
    struct ts_span span = {source, at, 1};
    if (*text == ';') {
        report_foreign(lexer, span, ";", ts_foreign_character(';'));
        return at + 1;
    }
    if (*text == '#') {
        const char *end = memchr(text, '\n', source->len - at);
        report_foreign(lexer, span, "#", ts_foreign_character('#'));
        return end ? (uint32_t)(end - source->text) : source->len;
    }
    if (strncmp(text, "\"\"\"", 3) == 0) {
        const char *end = strstr(text + 3, "\"\"\"");
        span.len = 3;
        report_foreign(lexer, span, "\"\"\"", "documentation is `/// text` above the declaration");
        return end ? (uint32_t)(end + 3 - source->text) : source->len;
    }
    if (*text == '/' && text[1] == '*') {
        const char *end = strstr(text + 2, "*/");
        span.len = 2;
        report_foreign(lexer, span, "/*",
                       "a comment starts with `//` and ends with its line; `///` documents what "
                       "follows");
        return end ? (uint32_t)(end + 2 - source->text) : source->len;
    }
    return at;
}

/* Skips blanks and comments and notes what they mean for the next token. */
static void skip_blanks(struct ts_lexer *lexer, struct ts_token *token)
{
    const char *text = lexer->source->text;
    uint32_t at = lexer->at;
    bool first = at == 0;
    for (;;) {
        char c = text[at];
        if (is_blank(c)) {
            first |= c == '\n';
            at++;
            continue;
        }
        uint32_t start = at;
        if (c != '/' || text[at + 1] != '/') {
            if (c != ';' && c != '#' && c != '"' && c != '/')
                break;
            at = skip_foreign(lexer, start);
            if (at == start)
                break;
            first |= memchr(text + start, '\n', at - start) != NULL;
            continue;
        }
        const char *end = memchr(text + at, '\n', lexer->source->len - at);
        at = end ? (uint32_t)(end - text) : lexer->source->len;
        check_comment(lexer, start, at);
        if (!first)
            token->behind = (struct ts_piece){start, at - start};
        else if (text[start + 2] != '/')
            token->doc.len = 0; /* an ordinary comment parts a doc comment from what follows */
        else if (token->doc.len == 0)
            token->doc = (struct ts_piece){start, at - start};
        else
            token->doc.len = at - token->doc.offset;
    }
    token->first = first;
    lexer->at = at;
}

static void check_name_length(struct ts_lexer *lexer, struct ts_span span)
{
    if (span.len > TS_LIMIT_NAME_BYTES)
        ts_note(ts_report(lexer->diags, TS_T_NAME_TOO_LONG, span, "this name is too long"),
                "a name has at most %d characters", TS_LIMIT_NAME_BYTES);
}

static void scan_name(struct ts_lexer *lexer, struct ts_token *token, uint32_t start)
{
    const char *text = lexer->source->text;
    while (is_word(text[lexer->at]))
        lexer->at++;
    token->kind = TS_TOK_NAME;
    token->span = span_from(lexer, start);
    check_name_length(lexer, token->span);
    token->symbol = ts_symbol(lexer->symbols, rt_str_n(text + start, lexer->at - start));
}

static bool is_duration_unit(struct rt_str unit)
{
    static const char *const units[] = {"ms", "s", "min", "h", "d", "w"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (rt_str_eq(unit, rt_str(units[i])))
            return true;
    return false;
}

static void scan_number(struct ts_lexer *lexer, struct ts_token *token, uint32_t start)
{
    const char *text = lexer->source->text;
    bool whole = true;
    while (is_digit(text[lexer->at]))
        lexer->at++;
    if (text[lexer->at] == '.' && is_digit(text[lexer->at + 1])) {
        whole = false;
        lexer->at++;
        while (is_digit(text[lexer->at]))
            lexer->at++;
    }
    token->kind = TS_TOK_NUMBER;
    uint32_t unit = lexer->at;
    while (is_word(text[lexer->at]))
        lexer->at++;
    token->span = span_from(lexer, start);
    if (unit == lexer->at)
        return;
    token->kind = TS_TOK_BAD;
    struct rt_str suffix = rt_str_n(text + unit, lexer->at - unit);
    if (whole && is_duration_unit(suffix)) {
        token->kind = TS_TOK_DURATION;
        return;
    }
    struct ts_diag *diag = ts_report(lexer->diags, TS_T_BAD_NUMBER, token->span,
                                     "a number cannot end in `%.*s`", (int)suffix.len, suffix.data);
    ts_note(diag, "a duration is a whole number with one of the units ms, s, min, h, d, w");
}

/* text = '"' { any character but '"' and '\' | '\' ( '"' | '\' | 'n' | 't' ) } '"' ; */
static void scan_text(struct ts_lexer *lexer, struct ts_token *token, uint32_t start)
{
    const char *text = lexer->source->text;
    char value[TS_LIMIT_TEXT_BYTES];
    size_t len = 0;
    bool too_long = false;
    token->kind = TS_TOK_TEXT;
    for (;;) {
        char c = text[lexer->at];
        if (lexer->at >= lexer->source->len || c == '\n') {
            token->span = span_from(lexer, start);
            ts_report(lexer->diags, TS_T_UNTERMINATED_TEXT, token->span,
                      "this text has no closing `\"` on its line");
            break;
        }
        lexer->at++;
        if (c == '"')
            break;
        if (c == '\\') {
            static const char escapes[] = "\"\\nt";
            char escaped = text[lexer->at];
            const char *known = escaped ? strchr(escapes, escaped) : NULL;
            if (!known) {
                ts_help(ts_report(lexer->diags, TS_T_BAD_ESCAPE,
                                  (struct ts_span){lexer->source, lexer->at - 1, 1},
                                  "unknown escape in a text"),
                        "write `\\\\` for a backslash; the others are `\\\"`, `\\n` and `\\t`");
            } else {
                c = "\"\\\n\t"[known - escapes];
                lexer->at++;
            }
        } else if ((uint8_t)c < 0x20) {
            ts_report(lexer->diags, TS_T_BAD_CHARACTER,
                      (struct ts_span){lexer->source, lexer->at - 1, 1},
                      "a control character (0x%02X) in a text", (unsigned)(uint8_t)c);
        }
        if (len < sizeof value)
            value[len++] = c;
        else
            too_long = true;
    }
    token->span = span_from(lexer, start);
    if (too_long)
        ts_note(ts_report(lexer->diags, TS_T_TEXT_TOO_LONG, token->span, "this text is too long"),
                "a text has at most %d bytes", TS_LIMIT_TEXT_BYTES);
    token->symbol = ts_symbol(lexer->symbols, rt_str_n(value, len));
}

/* A text in the quotes of others, which ends on its line; read as if they were ours. */
static void scan_foreign_text(struct ts_lexer *lexer, struct ts_token *token, uint32_t start)
{
    const struct ts_source *source = lexer->source;
    const char *from = source->text + start + 1;
    size_t rest = source->len - start - 1;
    const char *line = memchr(from, '\n', rest);
    const char *end = memchr(from, source->text[start], line ? (size_t)(line - from) : rest);
    char quote[2] = {source->text[start], '\0'};
    size_t len = end ? (size_t)(end - from) : 0;
    lexer->at = end ? (uint32_t)(end + 1 - source->text) : start + 1;
    token->span = span_from(lexer, start);
    token->kind = end && len <= TS_LIMIT_TEXT_BYTES ? TS_TOK_TEXT : TS_TOK_BAD;
    token->symbol = ts_symbol(lexer->symbols, rt_str_n(from, token->kind == TS_TOK_TEXT ? len : 0));
    report_foreign(lexer, token->span, quote, ts_foreign_character(*quote));
}

static bool is_garbage(char c)
{
    return ((uint8_t)c < 0x20 && !is_blank(c)) || (uint8_t)c >= 0x7F;
}

/* Reports a run of characters that no token starts with, once. */
static void scan_garbage(struct ts_lexer *lexer, uint32_t start)
{
    const struct ts_source *source = lexer->source;
    uint8_t c = (uint8_t)source->text[start];
    while (lexer->at < source->len && is_garbage(source->text[lexer->at]))
        lexer->at++;
    struct ts_span span = span_from(lexer, start);
    struct rt_str run = rt_str_n(source->text + start, span.len);
    if (c < 0x20 || c == 0x7F)
        ts_report(lexer->diags, TS_T_BAD_CHARACTER, span, "a control character (0x%02X)",
                  (unsigned)c);
    else {
        struct ts_diag *diag =
            ts_report(lexer->diags, TS_T_BAD_CHARACTER, span, "`%.*s` has no meaning here",
                      (int)(run.len < 64 ? run.len : 64), run.data);
        if (ts_foreign_character((char)c) != NULL)
            ts_help(diag, "%s", ts_foreign_character((char)c));
    }
}

static enum ts_token_kind punctuation(const char *at, uint32_t *ret_len)
{
    static const struct {
        char text[3];
        uint8_t kind;
    } table[] = {
        {"->", TS_TOK_ARROW}, {"..", TS_TOK_DOTS},  {"==", TS_TOK_EQ},      {"!=", TS_TOK_NE},
        {"<=", TS_TOK_LE},    {">=", TS_TOK_GE},    {"{", TS_TOK_LBRACE},   {"}", TS_TOK_RBRACE},
        {"(", TS_TOK_LPAREN}, {")", TS_TOK_RPAREN}, {"[", TS_TOK_LBRACKET}, {"]", TS_TOK_RBRACKET},
        {"<", TS_TOK_LT},     {">", TS_TOK_GT},     {"=", TS_TOK_ASSIGN},   {".", TS_TOK_DOT},
        {",", TS_TOK_COMMA},  {":", TS_TOK_COLON},  {"?", TS_TOK_QUESTION}, {"!", TS_TOK_BANG},
        {"@", TS_TOK_AT},     {"/", TS_TOK_SLASH},  {"+", TS_TOK_PLUS},     {"-", TS_TOK_MINUS},
        {"*", TS_TOK_STAR},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (at[0] != table[i].text[0])
            continue;
        if (table[i].text[1] != '\0' && at[1] != table[i].text[1])
            continue;
        *ret_len = table[i].text[1] ? 2 : 1;
        return table[i].kind;
    }
    return TS_TOK_END;
}

struct ts_token ts_lexer_next(struct ts_lexer *lexer)
{
    const struct ts_source *source = lexer->source;
    struct ts_token token = {.kind = TS_TOK_END};
    skip_blanks(lexer, &token);
    uint32_t start = lexer->at;
    token.span = (struct ts_span){source, start, 0};
    if (start >= source->len)
        return token;
    const char *at = source->text + start;
    uint32_t len = 1;
    if (is_letter(*at)) {
        scan_name(lexer, &token, start);
    } else if (is_digit(*at) || (*at == '-' && is_digit(at[1]))) {
        lexer->at++;
        scan_number(lexer, &token, start);
    } else if (*at == '"') {
        lexer->at++;
        scan_text(lexer, &token, start);
    } else if (*at == '\'' || *at == '`') {
        scan_foreign_text(lexer, &token, start);
    } else if ((token.kind = punctuation(at, &len)) != TS_TOK_END) {
        lexer->at += len;
        token.span.len = len;
    } else {
        lexer->at++;
        scan_garbage(lexer, start);
        token.kind = TS_TOK_BAD;
        token.span = span_from(lexer, start);
    }
    return token;
}

const char *ts_token_kind_text(enum ts_token_kind kind)
{
    static const char *const texts[] = {
        [TS_TOK_END] = "the end of the file",
        [TS_TOK_NAME] = "a name",
        [TS_TOK_NUMBER] = "a number",
        [TS_TOK_DURATION] = "a duration",
        [TS_TOK_TEXT] = "a text in quotes",
        [TS_TOK_LBRACE] = "`{`",
        [TS_TOK_RBRACE] = "`}`",
        [TS_TOK_LPAREN] = "`(`",
        [TS_TOK_RPAREN] = "`)`",
        [TS_TOK_LBRACKET] = "`[`",
        [TS_TOK_RBRACKET] = "`]`",
        [TS_TOK_LT] = "`<`",
        [TS_TOK_GT] = "`>`",
        [TS_TOK_LE] = "`<=`",
        [TS_TOK_GE] = "`>=`",
        [TS_TOK_EQ] = "`==`",
        [TS_TOK_NE] = "`!=`",
        [TS_TOK_ASSIGN] = "`=`",
        [TS_TOK_ARROW] = "`->`",
        [TS_TOK_DOTS] = "`..`",
        [TS_TOK_DOT] = "`.`",
        [TS_TOK_COMMA] = "`,`",
        [TS_TOK_COLON] = "`:`",
        [TS_TOK_QUESTION] = "`?`",
        [TS_TOK_BANG] = "`!`",
        [TS_TOK_AT] = "`@`",
        [TS_TOK_SLASH] = "`/`",
        [TS_TOK_PLUS] = "`+`",
        [TS_TOK_MINUS] = "`-`",
        [TS_TOK_STAR] = "`*`",
        [TS_TOK_BAD] = "something else",
    };
    return texts[kind];
}

const char *ts_comment_text(struct rt_arena *arena, const struct ts_source *source,
                            struct ts_piece piece)
{
    if (piece.len == 0)
        return NULL;
    char *text = rt_arena_alloc(arena, (size_t)piece.len + 1);
    size_t len = 0;
    const char *at = source->text + piece.offset;
    const char *end = at + piece.len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        struct rt_str line = rt_str_trim(rt_str_n(at, (size_t)(stop - at)));
        size_t slashes = 0;
        while (slashes < line.len && slashes < 3 && line.data[slashes] == '/')
            slashes++;
        line = rt_str_trim(rt_str_n(line.data + slashes, line.len - slashes));
        if (len > 0)
            text[len++] = '\n';
        memcpy(text + len, line.data, line.len);
        len += line.len;
        at = stop + 1;
    }
    text[len] = '\0';
    return len > 0 ? text : NULL;
}
