/*
 * Diagnostics: collected while compiling, then printed at once, sorted by place, each only once.
 *
 *     schema/shop.tess:12:9: error[T0301]: no type named `Strng`
 *        12 |   title Strng @2
 *           |         ^^^^^
 *           = help: did you mean `string`?
 *
 * Every kind of diagnostic has a code and a severity in codes.def, or in changes.def when it is
 * about the change of a schema. The text of a message names what is wrong; a label names a second
 * place; a note gives the reason; help says what to write. Ownership: everything lives in the arena
 * given to init. Threads: one at a time.
 */
#ifndef TS_DIAG_H
#define TS_DIAG_H

#include "codegen/text/source.h"
#include "runtime/base/buf.h"

enum ts_severity { TS_ERROR, TS_WARNING };

enum ts_code {
#define TS_CODE(name, number, severity, text) TS_T_##name = (number),
#include "codegen/text/codes.def"
#undef TS_CODE
#define TS_CHANGE(name, number, severity, text, before, after) TS_T_##name = (number),
#include "codegen/text/changes.def"
#undef TS_CHANGE
};

struct ts_code_info {
    enum ts_code code;
    enum ts_severity severity;
    const char *text; /* for `tessera explain`: a summary line, then paragraphs */
};

/* The table entry of a number, or NULL. */
const struct ts_code_info *ts_code_find(unsigned number);
/* The table, in ascending order of code. */
const struct ts_code_info *ts_code_table(size_t *ret_count);

/* A pair of texts: of a mistake the wrong and the right one (examples.def), of a change the schema
 * before and after (changes.def). */
struct ts_code_example {
    enum ts_code code;
    bool change;
    const char *first;
    const char *second;
};

/* The example of a code, or NULL. */
const struct ts_code_example *ts_code_example(enum ts_code code);

enum ts_remark_kind { TS_LABEL, TS_NOTE, TS_HELP };

struct ts_remark {
    struct ts_remark *next;
    enum ts_remark_kind kind;
    struct ts_span span; /* TS_LABEL only */
    const char *text;
};

struct ts_diag {
    enum ts_code code;
    enum ts_severity severity;
    struct ts_span span;
    const char *message;
    struct ts_remark *remarks; /* in the order added */
    struct ts_remark **remarks_end;
    struct rt_arena *arena; /* NULL: remarks are dropped */
    uint32_t serial;        /* the order of reporting, which breaks ties */
};

struct ts_diags {
    struct rt_arena *arena;
    struct ts_diag **list;
    size_t count;          /* kept; those above TS_LIMIT_DIAGNOSTICS_KEPT are only counted */
    struct ts_diag silent; /* takes no remarks, is never shown */
    size_t cap;
    size_t n_errors;
    size_t n_warnings;
};

void ts_diags_init(struct ts_diags *diags, struct rt_arena *arena);

/* Reports a diagnostic and returns it for remarks; never NULL. */
struct ts_diag *ts_report(struct ts_diags *diags, enum ts_code code, struct ts_span span,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A diagnostic that nobody will see, for a caller that has remarks to make. */
struct ts_diag *ts_silence(struct ts_diags *diags);
struct ts_diag *ts_label(struct ts_diag *diag, struct ts_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct ts_diag *ts_note(struct ts_diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct ts_diag *ts_help(struct ts_diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum ts_diag_format {
    TS_FORMAT_PRETTY, /* with source lines and carets */
    TS_FORMAT_SHORT,  /* one line each */
    TS_FORMAT_JSON    /* one JSON object a line */
};

/* Sorts, drops repetitions, and appends the text of all (up to TS_LIMIT_DIAGNOSTICS) to `out`;
 * `colour` adds terminal escapes to TS_FORMAT_PRETTY. */
void ts_diags_print(struct ts_diags *diags, enum ts_diag_format format, bool colour,
                    struct rt_buf *out);

#endif
