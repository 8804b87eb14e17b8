/*
 * What the compiler can emit, and the choice among it.
 *
 * Threads: the table is constant. Ownership: all text is static.
 */
#ifndef TS_EMIT_H
#define TS_EMIT_H

#include "codegen/model/model.h"
#include "codegen/write/output.h"
#include "runtime/base/str.h"

struct ts_emitter {
    const char *name;   /* as in `gen --emit NAME` */
    const char *writes; /* which files, in words */
    void (*emit)(const struct ts_model *model, struct ts_output *output);
};

/* The table, in the order in which its emitters run. */
const struct ts_emitter *ts_emitters(size_t *ret_count);

/* A set of emitters: bit i is row i of the table. */
enum { TS_EMIT_ALL = -1 };

/* The set that `list` names, as in "c,proto". RT_EINVAL, with the reason in `error`, when a name
 * is unknown, empty or given twice. */
int ts_emit_choose(const char *list, unsigned *ret_set, struct rt_error *error);

/* Runs all emitters; the files of those outside the set are left alone (ts_output_leave). */
void ts_emit(const struct ts_model *model, unsigned set, struct ts_output *output);

#endif
