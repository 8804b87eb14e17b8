#include "codegen/compile.h"

#include "codegen/check.h"
#include "codegen/limits.h"
#include "codegen/parse.h"

enum { ARENA_BLOCK = 256 << 10 };

void ts_compile_init(struct ts_compile *compile)
{
    *compile = (struct ts_compile){0};
    rt_arena_init(&compile->arena, ARENA_BLOCK);
    ts_symbols_init(&compile->symbols, &compile->arena);
    ts_diags_init(&compile->diags, &compile->arena);
}

void ts_compile_done(struct ts_compile *compile)
{
    ts_symbols_done(&compile->symbols);
    rt_arena_done(&compile->arena);
}

/* Reports the first byte that is not UTF-8; false then. */
static bool check_utf8(struct ts_compile *compile, const struct ts_source *source)
{
    if (rt_utf8_valid(rt_str_n(source->text, source->len)))
        return true;
    /* The longest well-formed beginning: lines are well-formed or not on their own. */
    uint32_t line = 1;
    while (rt_utf8_valid(ts_source_line(source, line)))
        line++;
    uint32_t start = source->lines[line - 1];
    uint32_t len = 0;
    struct rt_str text = ts_source_line(source, line);
    while (len < text.len) {
        uint8_t byte = (uint8_t)text.data[len];
        uint32_t step = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        if (len + step > text.len || !rt_utf8_valid(rt_str_n(text.data + len, step)))
            break;
        len += step;
    }
    ts_report(&compile->diags, TS_T_BAD_UTF8, (struct ts_span){source, start + len, 1},
              "this byte (0x%02X) is not UTF-8", (unsigned)(uint8_t)source->text[start + len]);
    return false;
}

static struct ts_ast_file *parse(struct ts_compile *compile, const struct ts_source *source)
{
    if (!check_utf8(compile, source))
        return NULL;
    return ts_parse(&compile->arena, &compile->symbols, &compile->diags, source);
}

static void check(struct ts_compile *compile, struct ts_ast_file *files)
{
    if (files != NULL)
        compile->model = ts_check(&compile->arena, &compile->symbols, &compile->diags, files);
}

int ts_compile_file(struct ts_compile *compile, const char *path, struct rt_error *error)
{
    struct ts_source *source = NULL;
    int rc = ts_source_read(&compile->arena, path, &source, error);
    if (rc == 0)
        check(compile, parse(compile, source));
    return rc;
}

int ts_compile_text(struct ts_compile *compile, const char *path, struct rt_str text,
                    struct rt_error *error)
{
    struct ts_source *source = NULL;
    int rc = ts_source_from_text(&compile->arena, path, text, &source, error);
    if (rc == 0)
        check(compile, parse(compile, source));
    return rc;
}
