/*
 * One compile: from the path of a schema to its checked model. What every command starts with.
 * Threads: one at a time per compile.
 */
#ifndef TS_COMPILE_H
#define TS_COMPILE_H

#include "codegen/model/model.h"
#include "codegen/text/diag.h"
#include "codegen/text/symbol.h"

struct ts_compile {
    struct rt_arena arena; /* owns everything, the model included */
    struct ts_symbols symbols;
    struct ts_diags diags;
    const struct ts_model *model; /* NULL unless free of errors */
};

void ts_compile_init(struct ts_compile *compile);
void ts_compile_done(struct ts_compile *compile);

/* Reads, parses and checks a file and what it imports; mistakes in it end up in `diags`. Fails
 * only when the file itself cannot be read. */
int ts_compile_file(struct ts_compile *compile, const char *path, struct rt_error *error);
/* The same for text in memory, which cannot import. */
int ts_compile_text(struct ts_compile *compile, const char *path, struct rt_str text,
                    struct rt_error *error);
/* Whether a source has no mistake of syntax; those it has end up in `diags`. */
bool ts_compile_parses(struct ts_compile *compile, const struct ts_source *source);

#endif
