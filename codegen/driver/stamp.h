/*
 * A shortcut: remembers, in `.tessera-stamp` of the output directory, what the files there were
 * made from and what stat(2) says of them, so that a run with nothing changed does not make them
 * again. A stamp belongs to one machine: do not commit it. Losing it costs one full run, and `gen
 * --check` does not trust it.
 */
#ifndef TS_STAMP_H
#define TS_STAMP_H

#include "codegen/model/model.h"
#include "codegen/write/output.h"

/* True when the directory was made from the schema at `path` by this very program, with the same
 * `choice` among the files, and neither a source nor a file made has changed since. `ret_silent`:
 * making it gave no warning, so there is none to repeat. */
bool ts_stamp_holds(const char *directory, const char *path, const char *choice, bool *ret_silent);
/* Best effort: without a stamp the next run does everything. */
void ts_stamp_write(const char *directory, const struct ts_model *model, const char *choice,
                    bool silent, const struct ts_output *output);

#endif
