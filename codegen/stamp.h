/*
 * A shortcut: remembers, in `.tessera-stamp` of the output directory, from what the files there
 * were made and what they looked like to stat(2), so that a run with nothing changed need not
 * make them again to see that. A stamp is of one machine: it is not to be committed, losing it
 * costs one full run, and `gen --check` does not trust it.
 */
#ifndef TS_STAMP_H
#define TS_STAMP_H

#include "codegen/model.h"
#include "codegen/output.h"

/* Of everything the output depends on: the sources, this very program, and `only` (or NULL). */
uint64_t ts_stamp_key(const struct ts_model *model, const char *only);
/* True when the directory was written under this key and no file has changed since. */
bool ts_stamp_holds(const char *directory, uint64_t key);
/* Best effort: without a stamp the next run does everything again. */
void ts_stamp_write(const struct ts_output *output, const char *directory, uint64_t key);

#endif
