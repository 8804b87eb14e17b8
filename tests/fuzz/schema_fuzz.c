/*
 * Compiles a text as a schema and prints what was found in every format. What parses is brought
 * into canonical form, which must be the same text but for blanks, and must stay as it is when
 * brought into it again. What is free of errors goes through every emitter.
 */
#include "codegen/breaking/breaking.h"
#include "codegen/driver/compile.h"
#include "codegen/emit/emit.h"
#include "codegen/syntax/fmt.h"
#include "codegen/write/output.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_same_but_blanks(struct rt_bytes a, struct rt_bytes b)
{
    size_t i = 0;
    size_t j = 0;
    for (;;) {
        while (i < a.len && strchr(" \t\r\n", a.data[i]) && a.data[i])
            i++;
        while (j < b.len && strchr(" \t\r\n", b.data[j]) && b.data[j])
            j++;
        if (i == a.len || j == b.len)
            break;
        RT_ASSERT(a.data[i++] == b.data[j++]);
    }
    RT_ASSERT(i == a.len && j == b.len);
}

/* The canonical form of what parses; false when it does not. */
static bool format(struct rt_str text, struct rt_buf *out)
{
    struct ts_compile compile;
    struct ts_source *source = NULL;
    ts_compile_init(&compile);
    bool parses = ts_source_from_text(&compile.arena, "a.tess", text, &source, NULL) == 0 &&
                  ts_compile_parses(&compile, source);
    if (parses)
        ts_fmt(&compile.arena, &compile.symbols, source, out);
    ts_compile_done(&compile);
    return parses;
}

static void check_format(struct rt_str text)
{
    struct rt_buf once = {0};
    struct rt_buf twice = {0};
    struct rt_str body = text;
    if (rt_str_starts(body, RT_STR("\xEF\xBB\xBF")))
        body = rt_str_n(body.data + 3, body.len - 3);
    if (format(text, &once)) {
        expect_same_but_blanks(rt_str_bytes(body), rt_buf_bytes(&once));
        RT_ASSERT(format(rt_str_n((const char *)once.data, once.len), &twice));
        RT_ASSERT(rt_bytes_eq(rt_buf_bytes(&once), rt_buf_bytes(&twice)));
    }
    rt_buf_done(&once);
    rt_buf_done(&twice);
}

static void check_compile(struct rt_str text)
{
    struct ts_compile compile;
    struct rt_buf out = {0};
    ts_compile_init(&compile);
    if (ts_compile_text(&compile, "a.tess", text, NULL) == 0) {
        ts_diags_print(&compile.diags, TS_FORMAT_PRETTY, true, &out);
        ts_diags_print(&compile.diags, TS_FORMAT_SHORT, false, &out);
        ts_diags_print(&compile.diags, TS_FORMAT_JSON, false, &out);
        RT_ASSERT(rt_utf8_valid(rt_str_n((const char *)out.data, out.len)));
        RT_ASSERT((compile.model == NULL) == (compile.diags.n_errors > 0));
    }
    if (compile.model != NULL) {
        struct ts_output *output = ts_output_new();
        ts_emit(compile.model, (unsigned)TS_EMIT_ALL, output);
        ts_output_free(output);
        struct ts_diags changes;
        ts_diags_init(&changes, &compile.arena);
        ts_breaking(&changes, compile.model, compile.model);
        RT_ASSERT(changes.n_errors + changes.n_warnings == 0);
    }
    rt_buf_done(&out);
    ts_compile_done(&compile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_str text = rt_str_n((const char *)data, size);
    check_compile(text);
    check_format(text);
    return 0;
}
