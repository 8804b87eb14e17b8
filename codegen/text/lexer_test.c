#include <criterion/criterion.h>

#include "codegen/text/lexer.h"

struct fixture {
    struct rt_arena arena;
    struct ts_symbols symbols;
    struct ts_diags diags;
    struct ts_source *source;
    struct ts_lexer lexer;
};

static struct fixture *open_text(const char *text)
{
    struct fixture *f = calloc(1, sizeof *f);
    rt_arena_init(&f->arena, 0);
    ts_symbols_init(&f->symbols, &f->arena);
    ts_diags_init(&f->diags, &f->arena);
    struct rt_error error;
    cr_assert_eq(ts_source_from_text(&f->arena, "t.tess", rt_str(text), &f->source, &error), 0);
    ts_lexer_init(&f->lexer, f->source, &f->symbols, &f->diags);
    return f;
}

static void close_text(struct fixture *f)
{
    ts_symbols_done(&f->symbols);
    rt_arena_done(&f->arena);
    free(f);
}

static void expect_kinds(const char *text, const enum ts_token_kind *kinds, size_t count)
{
    struct fixture *f = open_text(text);
    for (size_t i = 0; i < count; i++) {
        enum ts_token_kind kind = ts_lexer_next(&f->lexer).kind;
        cr_expect_eq(kind, kinds[i], "%s: token %zu is %s, not %s", text, i,
                     ts_token_kind_text(kind), ts_token_kind_text(kinds[i]));
    }
    cr_expect_eq(ts_lexer_next(&f->lexer).kind, TS_TOK_END);
    cr_expect_eq(ts_lexer_next(&f->lexer).kind, TS_TOK_END);
    close_text(f);
}

#define EXPECT_KINDS(text, ...)                                                                    \
    do {                                                                                           \
        const enum ts_token_kind kinds[] = {__VA_ARGS__};                                          \
        expect_kinds((text), kinds, sizeof kinds / sizeof *kinds);                                 \
    } while (0)

Test(lexer, text_becomes_tokens_without_blanks_between)
{
    EXPECT_KINDS("model _a9", TS_TOK_NAME, TS_TOK_NAME);
    EXPECT_KINDS("0.01..100000.00", TS_TOK_NUMBER, TS_TOK_DOTS, TS_TOK_NUMBER);
    EXPECT_KINDS("1..-2", TS_TOK_NUMBER, TS_TOK_DOTS, TS_TOK_NUMBER);
    EXPECT_KINDS("a.b -> 15min", TS_TOK_NAME, TS_TOK_DOT, TS_TOK_NAME, TS_TOK_ARROW,
                 TS_TOK_DURATION);
    EXPECT_KINDS("< <= > >= = == ! !=", TS_TOK_LT, TS_TOK_LE, TS_TOK_GT, TS_TOK_GE, TS_TOK_ASSIGN,
                 TS_TOK_EQ, TS_TOK_BANG, TS_TOK_NE);
    EXPECT_KINDS("{}()[],:?@/", TS_TOK_LBRACE, TS_TOK_RBRACE, TS_TOK_LPAREN, TS_TOK_RPAREN,
                 TS_TOK_LBRACKET, TS_TOK_RBRACKET, TS_TOK_COMMA, TS_TOK_COLON, TS_TOK_QUESTION,
                 TS_TOK_AT, TS_TOK_SLASH);
    EXPECT_KINDS("\xEF\xBB\xBF"
                 "a // b",
                 TS_TOK_NAME);
}

Test(lexer, what_is_beyond_repair_is_bad)
{
    EXPECT_KINDS("a ~ b", TS_TOK_NAME, TS_TOK_BAD, TS_TOK_NAME);
    /* What others write is passed over, after saying so. */
    EXPECT_KINDS("a ; b", TS_TOK_NAME, TS_TOK_NAME);
    EXPECT_KINDS("a # b\nc", TS_TOK_NAME, TS_TOK_NAME);
    EXPECT_KINDS("a /* b\n */ c", TS_TOK_NAME, TS_TOK_NAME);
    EXPECT_KINDS("a 'b' c", TS_TOK_NAME, TS_TOK_TEXT, TS_TOK_NAME);
    EXPECT_KINDS("a 'b", TS_TOK_NAME, TS_TOK_BAD, TS_TOK_NAME);
    EXPECT_KINDS("12x", TS_TOK_BAD);
    EXPECT_KINDS("1.5min", TS_TOK_BAD);
    EXPECT_KINDS("\xC3\xA4\xC3\xB6", TS_TOK_BAD);
}

Test(lexer, names_are_one_symbol_and_know_their_keyword)
{
    struct fixture *f = open_text("model thing thing");
    struct ts_token model = ts_lexer_next(&f->lexer);
    struct ts_token first = ts_lexer_next(&f->lexer);
    struct ts_token second = ts_lexer_next(&f->lexer);
    cr_expect_eq(model.symbol->keyword, TS_KW_MODEL);
    cr_expect_eq(first.symbol->keyword, TS_KW_NONE);
    cr_expect_eq(first.symbol, second.symbol);
    cr_expect_str_eq(first.symbol->text, "thing");
    cr_expect_eq(ts_symbol_of(first.symbol->text), first.symbol);
    close_text(f);
}

Test(lexer, escapes_in_texts_are_resolved)
{
    struct fixture *f = open_text("\"a\\\"b\\\\c\\n\" \"\"");
    cr_expect_str_eq(ts_lexer_next(&f->lexer).symbol->text, "a\"b\\c\n");
    cr_expect_str_eq(ts_lexer_next(&f->lexer).symbol->text, "");
    cr_expect_eq(f->diags.n_errors, 0);
    close_text(f);
}

Test(lexer, comments_belong_to_tokens)
{
    struct fixture *f = open_text("/// One\n///  two\na // behind a\n// plain\nb /// behind b\n"
                                  "/// lost\n// parts it\nc");
    struct ts_token a = ts_lexer_next(&f->lexer);
    struct ts_token b = ts_lexer_next(&f->lexer);
    struct ts_token c = ts_lexer_next(&f->lexer);
    cr_expect_str_eq(ts_comment_text(&f->arena, f->source, a.doc), "One\ntwo");
    cr_expect_null(ts_comment_text(&f->arena, f->source, b.doc));
    cr_expect_str_eq(ts_comment_text(&f->arena, f->source, b.behind), "behind a");
    cr_expect_str_eq(ts_comment_text(&f->arena, f->source, c.behind), "behind b");
    cr_expect_null(ts_comment_text(&f->arena, f->source, c.doc));
    cr_expect(a.first && b.first && c.first);
    close_text(f);
}
