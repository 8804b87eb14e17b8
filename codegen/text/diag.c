#include "codegen/text/diag.h"

#include <stdio.h>

#include "codegen/text/limits.h"

static const struct ts_code_info table[] = {
#define TS_CODE(name, number, severity, text) {TS_T_##name, TS_##severity, text},
#include "codegen/text/codes.def"
#undef TS_CODE
#define TS_CHANGE(name, number, severity, text, before, after) {TS_T_##name, TS_##severity, text},
#include "codegen/text/changes.def"
#undef TS_CHANGE
};

const struct ts_code_info *ts_code_table(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof *table;
    return table;
}

const struct ts_code_info *ts_code_find(unsigned number)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((unsigned)table[i].code == number)
            return &table[i];
    return NULL;
}

const struct ts_code_example *ts_code_example(enum ts_code code)
{
    static const struct ts_code_example examples[] = {
#define TS_EXAMPLE(name, wrong, right) {TS_T_##name, false, wrong, right},
#include "codegen/text/examples.def"
#undef TS_EXAMPLE
#define TS_CHANGE(name, number, severity, text, before, after) {TS_T_##name, true, before, after},
#include "codegen/text/changes.def"
#undef TS_CHANGE
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (examples[i].code == code)
            return &examples[i];
    return NULL;
}

/* --------------------------------------------------------------- collecting */

void ts_diags_init(struct ts_diags *diags, struct rt_arena *arena)
{
    *diags = (struct ts_diags){.arena = arena};
}

__attribute__((format(printf, 2, 0))) static const char *
format_text(struct rt_arena *arena, const char *format, va_list args)
{
    char text[1024];
    int len = vsnprintf(text, sizeof text, format, args);
    RT_ASSERT(len >= 0);
    return rt_arena_strdup(arena, text);
}

static void keep(struct ts_diags *diags, struct ts_diag *diag)
{
    if (diags->count == diags->cap) {
        size_t cap = diags->cap ? 2 * diags->cap : 16;
        struct ts_diag **list = RT_ARENA_ARRAY(diags->arena, cap, struct ts_diag *);
        if (diags->count > 0)
            memcpy(list, diags->list, diags->count * sizeof(struct ts_diag *));
        diags->list = list;
        diags->cap = cap;
    }
    diag->serial = (uint32_t)diags->count;
    diags->list[diags->count++] = diag;
}

struct ts_diag *ts_silence(struct ts_diags *diags)
{
    return &diags->silent;
}

struct ts_diag *ts_report(struct ts_diags *diags, enum ts_code code, struct ts_span span,
                          const char *format, ...)
{
    enum ts_severity severity = ts_code_find(code)->severity;
    if (severity == TS_ERROR)
        diags->n_errors++;
    else
        diags->n_warnings++;
    if (diags->count == TS_LIMIT_DIAGNOSTICS_KEPT)
        return ts_silence(diags);
    struct ts_diag *diag = RT_ARENA_NEW(diags->arena, struct ts_diag);
    va_list args;
    va_start(args, format);
    diag->message = format_text(diags->arena, format, args);
    va_end(args);
    diag->code = code;
    diag->severity = severity;
    diag->span = span;
    diag->remarks_end = &diag->remarks;
    diag->arena = diags->arena;
    keep(diags, diag);
    return diag;
}

static struct ts_remark *add_remark(struct ts_diag *diag, enum ts_remark_kind kind,
                                    const char *text)
{
    struct ts_remark *remark = RT_ARENA_NEW(diag->arena, struct ts_remark);
    remark->kind = kind;
    remark->text = text;
    *diag->remarks_end = remark;
    diag->remarks_end = &remark->next;
    return remark;
}

#define ADD_REMARK(diag, kind, format)                                                             \
    if (!(diag)->arena)                                                                            \
        return (diag);                                                                             \
    va_list args;                                                                                  \
    va_start(args, format);                                                                        \
    struct ts_remark *remark =                                                                     \
        add_remark((diag), (kind), format_text((diag)->arena, (format), args));                    \
    va_end(args)

struct ts_diag *ts_label(struct ts_diag *diag, struct ts_span span, const char *format, ...)
{
    ADD_REMARK(diag, TS_LABEL, format);
    remark->span = span;
    return diag;
}

struct ts_diag *ts_note(struct ts_diag *diag, const char *format, ...)
{
    ADD_REMARK(diag, TS_NOTE, format);
    (void)remark;
    return diag;
}

struct ts_diag *ts_help(struct ts_diag *diag, const char *format, ...)
{
    ADD_REMARK(diag, TS_HELP, format);
    (void)remark;
    return diag;
}
