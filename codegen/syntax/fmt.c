/* Two passes: the source to lines of cells, then the lines to text, columns aligned. */
#include "codegen/syntax/fmt.h"

#include "codegen/text/lexer.h"

enum { INDENT = 2, CONTINUATION = 2, CELLS_MAX = 6, DEPTH_MAX = 32, COMMENT_GAP = 2 };

/* What a pair of braces holds, which decides where its lines break into cells. */
enum block { BLOCK_TOP, BLOCK_SERVICE, BLOCK_FIELDS, BLOCK_VALUES, BLOCK_ROUTES, BLOCK_PICKS };

/* Lines of one kind that follow each other are aligned. */
enum line_kind {
    LINE_PLAIN,
    LINE_COMMENT,
    LINE_FIELD,
    LINE_VALUE,
    LINE_ROUTE,
    LINE_ERROR,
    LINE_EVENT,
    LINE_LISTENER
};

struct line {
    struct line *next;
    enum line_kind kind;
    unsigned indent;
    bool blank_before;
    const char *cells[CELLS_MAX];
    size_t n_cells;
    const char *comment; /* behind the cells, with its slashes; or NULL */
};

struct formatter {
    struct rt_arena *arena;
    const struct ts_source *source;
    struct ts_lexer lexer;
    struct ts_token token; /* the next one */
    struct ts_diags diags; /* swallows what was reported when parsing */
    uint32_t end;          /* of the token before */
    enum block blocks[DEPTH_MAX];
    unsigned depth;
    unsigned map_depth;
    struct line *lines;
    struct line **tail;
    struct rt_buf cell;
};

static struct rt_str token_text(const struct formatter *f, const struct ts_token *token)
{
    return rt_str_n(f->source->text + token->span.offset, token->span.len);
}

static enum ts_keyword word_of(const struct ts_token *token)
{
    return token->kind == TS_TOK_NAME ? token->symbol->keyword : TS_KW_NONE;
}

static struct line *add_line(struct formatter *f, enum line_kind kind, unsigned indent)
{
    struct line *line = RT_ARENA_NEW(f->arena, struct line);
    line->kind = kind;
    line->indent = indent;
    *f->tail = line;
    f->tail = &line->next;
    return line;
}

/* ----------------------------------------------------------------- comments */

/* The comments between two tokens. The first, when on the line of the token before, goes behind
 * `last`; the others become lines. Returns whether a blank line precedes the next token. */
static bool take_comments(struct formatter *f, uint32_t from, uint32_t to, struct line *last)
{
    const char *text = f->source->text;
    unsigned breaks = from == 0 ? 1 : 0;
    bool any = false;
    for (uint32_t at = from; at < to;) {
        if (text[at] != '/') {
            breaks += text[at++] == '\n';
            continue;
        }
        const char *stop = memchr(text + at, '\n', to - at);
        uint32_t end = stop ? (uint32_t)(stop - text) : to;
        struct rt_str comment = rt_str_trim(rt_str_n(text + at, end - at));
        const char *copy = rt_arena_strndup(f->arena, comment.data, comment.len);
        if (breaks == 0 && last) {
            last->comment = copy;
        } else {
            struct line *line = add_line(f, LINE_COMMENT, INDENT * f->depth);
            line->blank_before = breaks > 1;
            line->cells[line->n_cells++] = copy;
        }
        breaks = 0;
        any = true;
        at = end;
    }
    return breaks > 1 && (any || from > 0);
}

/* ------------------------------------------------------------------- spaces */

static bool is_operator(enum ts_token_kind kind)
{
    return (kind >= TS_TOK_LT && kind <= TS_TOK_NE) || (kind >= TS_TOK_PLUS && kind <= TS_TOK_STAR);
}

static bool glued_paren(const struct ts_token *before, bool adjacent)
{
    enum ts_keyword word = word_of(before);
    if (before->kind == TS_TOK_QUESTION || word == TS_KW_EXPIRES)
        return true;
    if (before->kind == TS_TOK_TEXT || word == TS_KW_IN || word == TS_KW_NOT || word == TS_KW_AND ||
        word == TS_KW_OR || word == TS_KW_WHILE || is_operator(before->kind))
        return false;
    return adjacent;
}

/* Whether there is a space between two tokens of a line. */
static bool is_spaced(const struct formatter *f, const struct ts_token *a, const struct ts_token *b,
                      const struct ts_token *c)
{
    bool adjacent = a->span.offset + a->span.len == b->span.offset;
    switch (a->kind) {
    case TS_TOK_LPAREN:
    case TS_TOK_LBRACKET:
    case TS_TOK_DOT:
    case TS_TOK_AT:
    case TS_TOK_SLASH:
        return false;
    case TS_TOK_DOTS:
        return b->kind == TS_TOK_NAME || b->kind == TS_TOK_AT || b->kind == TS_TOK_LBRACE;
    case TS_TOK_LT:
        return f->map_depth == 0;
    default:
        break;
    }
    switch (b->kind) {
    case TS_TOK_RPAREN:
    case TS_TOK_RBRACKET:
    case TS_TOK_LBRACKET:
    case TS_TOK_COMMA:
    case TS_TOK_COLON:
    case TS_TOK_DOT:
    case TS_TOK_SLASH:
        return false;
    case TS_TOK_DOTS:
        return a->kind == TS_TOK_NAME;
    case TS_TOK_QUESTION:
        return c->kind == TS_TOK_LPAREN;
    case TS_TOK_LT:
        return word_of(a) != TS_KW_MAP;
    case TS_TOK_GT:
        return f->map_depth == 0;
    case TS_TOK_LPAREN:
        return !glued_paren(a, adjacent);
    default:
        return true;
    }
}

/* -------------------------------------------------------------------- cells */

static void end_cell(struct formatter *f, struct line *line)
{
    if (f->cell.len == 0)
        return;
    RT_ASSERT(line->n_cells < CELLS_MAX);
    line->cells[line->n_cells++] = rt_arena_strdup(f->arena, rt_buf_cstr(&f->cell));
    rt_buf_clear(&f->cell);
}

static bool is_route_attribute(const struct ts_token *token)
{
    switch (word_of(token)) {
    case TS_KW_PUBLIC:
    case TS_KW_OWNER:
    case TS_KW_ALLOW:
    case TS_KW_MINE:
    case TS_KW_AUTO:
    case TS_KW_IDEMPOTENT:
    case TS_KW_WORK:
    case TS_KW_LIMIT:
    case TS_KW_SORT:
    case TS_KW_EMITS:
        return true;
    default:
        return token->kind == TS_TOK_BANG;
    }
}

/* Whether a cell ends before the token `at`, the `index`-th of its line. */
static bool starts_cell(const struct line *line, const struct ts_token *at, size_t index,
                        const struct ts_token *before)
{
    switch (line->kind) {
    case LINE_FIELD:
        return index == 1 || at->kind == TS_TOK_AT ||
               (line->n_cells == 2 && before->kind == TS_TOK_NUMBER);
    case LINE_VALUE:
        return at->kind == TS_TOK_AT || word_of(at) == TS_KW_AS;
    case LINE_ERROR:
        return index == 2;
    case LINE_EVENT:
        return index == 2 || index == 3; /* the subject, and what is behind it */
    case LINE_LISTENER:
        return word_of(at) == TS_KW_EMITS ||
               (line->n_cells == 0 && index > 1 && before->kind == TS_TOK_NAME &&
                at->kind == TS_TOK_NAME);
    case LINE_ROUTE:
        if (index == 1 || index == 2)
            return true;
        if (line->n_cells == 2)
            return at->kind == TS_TOK_QUESTION || at->kind == TS_TOK_LPAREN ||
                   at->kind == TS_TOK_ARROW;
        if (line->n_cells == 3 && at->kind == TS_TOK_ARROW)
            return true;
        return line->n_cells == 4 && is_route_attribute(at);
    default:
        return false;
    }
}

/* A route without body or parameters still has their column. */
static void skip_route_cell(struct formatter *f, struct line *line, const struct ts_token *at)
{
    if (line->kind == LINE_ROUTE && at->kind == TS_TOK_ARROW && line->n_cells == 3 &&
        f->cell.len == 0)
        line->cells[line->n_cells++] = "";
}

/* ------------------------------------------------------------------- blocks */

static enum block block_of(enum ts_keyword first, bool derived)
{
    switch (first) {
    case TS_KW_SERVICE:
        return BLOCK_SERVICE;
    case TS_KW_ENUM:
        return BLOCK_VALUES;
    case TS_KW_ROUTES:
        return BLOCK_ROUTES;
    case TS_KW_MODEL:
        return BLOCK_FIELDS;
    case TS_KW_MESSAGE:
        return derived ? BLOCK_PICKS : BLOCK_FIELDS;
    default:
        return BLOCK_PICKS;
    }
}

static enum block current_block(const struct formatter *f)
{
    return f->depth == 0 ? BLOCK_TOP : f->blocks[f->depth - 1];
}

static bool is_method(enum ts_keyword word)
{
    return word == TS_KW_GET || word == TS_KW_POST || word == TS_KW_PUT || word == TS_KW_PATCH ||
           word == TS_KW_DELETE;
}

static bool starts_declaration(enum ts_keyword word)
{
    switch (word) {
    case TS_KW_SCHEMA:
    case TS_KW_IMPORT:
    case TS_KW_TYPE:
    case TS_KW_ENUM:
    case TS_KW_ERROR:
    case TS_KW_SESSION:
    case TS_KW_CORS:
    case TS_KW_SERVICE:
    case TS_KW_MODEL:
    case TS_KW_MESSAGE:
    case TS_KW_VIEW:
    case TS_KW_EVENT:
    case TS_KW_REPLICA:
    case TS_KW_ROUTES:
    case TS_KW_ON:
    case TS_KW_TIMER:
    case TS_KW_SETTING:
        return true;
    default:
        return false;
    }
}

static enum line_kind kind_of_line(const struct formatter *f, const struct ts_token *first,
                                   bool *ret_continues)
{
    enum ts_keyword word = word_of(first);
    *ret_continues = false;
    if (first->kind == TS_TOK_RBRACE)
        return LINE_PLAIN;
    switch (current_block(f)) {
    case BLOCK_TOP:
    case BLOCK_SERVICE:
        *ret_continues = !starts_declaration(word);
        return word == TS_KW_ERROR   ? LINE_ERROR
               : word == TS_KW_EVENT ? LINE_EVENT
               : word == TS_KW_ON    ? LINE_LISTENER
                                     : LINE_PLAIN;
    case BLOCK_FIELDS:
        *ret_continues = first->kind != TS_TOK_NAME || word == TS_KW_WHILE || word == TS_KW_AND ||
                         word == TS_KW_OR;
        if (*ret_continues || word == TS_KW_INDEX || word == TS_KW_UNIQUE || word == TS_KW_RULE ||
            word == TS_KW_RESERVED)
            return LINE_PLAIN;
        return LINE_FIELD;
    case BLOCK_VALUES:
        return word == TS_KW_RESERVED ? LINE_PLAIN : LINE_VALUE;
    case BLOCK_ROUTES:
        *ret_continues = !is_method(word);
        return is_method(word) ? LINE_ROUTE : LINE_PLAIN;
    case BLOCK_PICKS:
        break;
    }
    return LINE_PLAIN;
}

/* The parenthesis of `index NAME (`, which always has a space before it. */
static bool is_index_list(const struct ts_token *first, const struct ts_token *token, size_t index)
{
    enum ts_keyword word = word_of(first);
    return (word == TS_KW_INDEX || word == TS_KW_UNIQUE) && index == 2 &&
           token->kind == TS_TOK_LPAREN;
}

/* -------------------------------------------------------------------- lines */

static void track_braces(struct formatter *f, const struct ts_token *token, enum ts_keyword first,
                         bool derived)
{
    if (token->kind == TS_TOK_LBRACE && f->depth < DEPTH_MAX) {
        f->blocks[f->depth] = block_of(first, derived);
        f->depth++;
    } else if (token->kind == TS_TOK_RBRACE && f->depth > 0) {
        f->depth--;
    }
}

/* All values of an enum on one line, or any fields within one: no columns in it. */
static bool ends_on_line(struct formatter *f)
{
    struct ts_lexer ahead = f->lexer;
    unsigned items = 0;
    for (;;) {
        struct ts_token token = ts_lexer_next(&ahead);
        if (token.first || token.kind == TS_TOK_END)
            return items <= 1;
        items += token.kind == TS_TOK_AT;
        if (token.kind == TS_TOK_RBRACE)
            return false;
    }
}

/* A word within the value of a field, which follows its `=`. */
static bool joins_words(const struct ts_token *token)
{
    enum ts_keyword word = word_of(token);
    return word == TS_KW_OF || word == TS_KW_ON || word == TS_KW_UPDATE || word == TS_KW_AND ||
           word == TS_KW_OR || word == TS_KW_NOT || word == TS_KW_IN || word == TS_KW_IS;
}

/* Whether the next field or value of a line with several starts: behind a number and what
 * belongs to it. */
static bool starts_item(const struct ts_token *before, const struct ts_token *token)
{
    if (token->kind != TS_TOK_NAME || before->kind == TS_TOK_ASSIGN || before->kind == TS_TOK_DOT ||
        before->kind == TS_TOK_LPAREN || is_operator(before->kind) || joins_words(before) ||
        joins_words(token))
        return false;
    switch (word_of(token)) {
    case TS_KW_UNIQUE:
    case TS_KW_EMBED:
    case TS_KW_SECRET:
    case TS_KW_EXAMPLE:
    case TS_KW_AS:
        return false;
    default:
        return word_of(before) != TS_KW_EXAMPLE;
    }
}

static struct line *format_line(struct formatter *f, bool blank_before)
{
    struct ts_token first = f->token;
    bool continues;
    enum line_kind kind = kind_of_line(f, &first, &continues);
    if ((kind == LINE_FIELD || kind == LINE_VALUE) && !ends_on_line(f))
        kind = LINE_PLAIN;
    unsigned depth = f->depth - (first.kind == TS_TOK_RBRACE && f->depth > 0);
    struct line *line = add_line(f, kind, INDENT * depth + (continues ? CONTINUATION : 0));
    line->blank_before = blank_before;
    struct ts_token before = first;
    bool derived = false;
    bool numbered = false; /* the number of a field or value has come */
    for (size_t index = 0; f->token.kind != TS_TOK_END && (index == 0 || !f->token.first);
         index++) {
        struct ts_token token = f->token;
        f->token = ts_lexer_next(&f->lexer);
        derived |= token.kind == TS_TOK_ASSIGN;
        if (index > 0 && starts_cell(line, &token, index, &before)) {
            end_cell(f, line);
            skip_route_cell(f, line, &token);
        } else if (numbered && starts_item(&before, &token)) {
            rt_buf_puts(&f->cell, "  ");
            numbered = false;
        } else if (index > 0 && (is_spaced(f, &before, &token, &f->token) ||
                                 is_index_list(&first, &token, index))) {
            rt_buf_puts(&f->cell, kind == LINE_ROUTE && is_route_attribute(&token) ? "  " : " ");
        }
        numbered |= token.kind == TS_TOK_AT;
        if (token.kind == TS_TOK_LT && word_of(&before) == TS_KW_MAP)
            f->map_depth++;
        else if (token.kind == TS_TOK_GT && f->map_depth > 0)
            f->map_depth--;
        rt_buf_str(&f->cell, token_text(f, &token));
        track_braces(f, &token, word_of(&first), derived);
        f->end = token.span.offset + token.span.len;
        before = token;
    }
    end_cell(f, line);
    return line;
}

/* ------------------------------------------------------------------- output */

/* Spaces between a column and the next. */
static size_t gap_behind(const struct line *line, size_t column)
{
    bool narrow =
        line->kind == LINE_EVENT || (line->kind == LINE_ROUTE && (column == 0 || column == 3));
    return narrow ? 1 : 2;
}

static size_t width_of(const char *text)
{
    return rt_utf8_count(rt_str(text));
}

static bool aligned_with(const struct line *a, const struct line *b)
{
    return b && a->kind == b->kind && a->kind > LINE_COMMENT && !b->blank_before &&
           a->indent == b->indent;
}

static size_t line_width(const struct line *line, const size_t *widths)
{
    size_t width = 0;
    for (size_t i = 0; i < line->n_cells; i++) {
        bool last = i + 1 == line->n_cells;
        size_t cell = last ? width_of(line->cells[i]) : widths[i];
        width += cell + (last || cell == 0 ? 0 : gap_behind(line, i));
    }
    return width;
}

static void pad(struct rt_buf *out, size_t count)
{
    while (count-- > 0)
        rt_buf_byte(out, ' ');
}

static void put_cells(struct rt_buf *out, const struct line *line, const size_t *widths)
{
    for (size_t i = 0; i < line->n_cells; i++) {
        rt_buf_puts(out, line->cells[i]);
        if (i + 1 < line->n_cells && widths[i] > 0)
            pad(out, widths[i] - width_of(line->cells[i]) + gap_behind(line, i));
    }
}

/* One run of lines whose columns are shared; returns the line behind it. */
static const struct line *put_run(struct rt_buf *out, const struct line *start)
{
    size_t widths[CELLS_MAX] = {0};
    size_t comment_column = 0;
    const struct line *end = start;
    do {
        for (size_t i = 0; i + 1 < end->n_cells; i++)
            if (width_of(end->cells[i]) > widths[i])
                widths[i] = width_of(end->cells[i]);
        const struct line *before = end;
        end = end->next;
        if (!aligned_with(before, end))
            break;
    } while (true);
    for (const struct line *line = start; line != end; line = line->next)
        if (line->comment && line_width(line, widths) > comment_column)
            comment_column = line_width(line, widths);
    for (const struct line *line = start; line != end; line = line->next) {
        if (line->blank_before && out->len > 0)
            rt_buf_byte(out, '\n');
        pad(out, line->indent);
        put_cells(out, line, widths);
        if (line->comment) {
            pad(out, comment_column - line_width(line, widths) + COMMENT_GAP);
            rt_buf_puts(out, line->comment);
        }
        rt_buf_byte(out, '\n');
    }
    return end;
}

void ts_fmt(struct rt_arena *arena, struct ts_symbols *symbols, const struct ts_source *source,
            struct rt_buf *out)
{
    struct formatter *f = RT_ARENA_NEW(arena, struct formatter);
    f->arena = arena;
    f->source = source;
    f->tail = &f->lines;
    ts_diags_init(&f->diags, arena);
    ts_lexer_init(&f->lexer, source, symbols, &f->diags);
    f->end = f->lexer.at;
    f->token = ts_lexer_next(&f->lexer);
    struct line *last = NULL;
    while (f->token.kind != TS_TOK_END) {
        bool blank = take_comments(f, f->end, f->token.span.offset, last);
        last = format_line(f, blank);
    }
    take_comments(f, f->end, source->len, last);
    for (const struct line *line = f->lines; line;)
        line = put_run(out, line);
    rt_buf_done(&f->cell);
}
