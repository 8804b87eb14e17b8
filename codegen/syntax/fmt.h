/*
 * The canonical form of a schema. Line breaks and comments stay as written; indentation, spaces
 * within a line and the columns of adjacent fields, values, routes and errors are made uniform.
 * At most one blank line stays between two others.
 *
 * Formatting changes no token and is idempotent; both are checked by tests.
 */
#ifndef TS_FMT_H
#define TS_FMT_H

#include "codegen/text/source.h"
#include "codegen/text/symbol.h"
#include "runtime/base/buf.h"

/* Appends the canonical form of a source that parses without errors. */
void ts_fmt(struct rt_arena *arena, struct ts_symbols *symbols, const struct ts_source *source,
            struct rt_buf *out);

#endif
