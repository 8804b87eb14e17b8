/*
 * Source text: one schema file in memory, and places in it.
 *
 * Invariants: `text` ends in a NUL that is not counted; offsets are bytes from its start; a span
 * never crosses files. Lines and columns are computed on demand, since only a diagnostic or a
 * generated comment asks for them.
 * Threads: a filled source is read-only.
 */
#ifndef TS_SOURCE_H
#define TS_SOURCE_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

struct ts_source {
    const char *path; /* as the user named it, for diagnostics and generated comments */
    const char *text; /* NUL-terminated */
    uint32_t len;     /* bytes, NUL excluded; at most TS_LIMIT_SOURCE_BYTES */
    uint32_t *lines;  /* offset of the first byte of every line; lines[0] == 0 */
    uint32_t n_lines;
    uint32_t index; /* the order in which files were read, 0 for the one on the command line */
};

/* A place in a source. A zeroed span is "nowhere": what the compiler itself made up. */
struct ts_span {
    const struct ts_source *source; /* NULL for nowhere */
    uint32_t offset;                /* first byte */
    uint32_t len;                   /* bytes; may be 0 at the end of a file */
};

struct ts_line_column {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in code points, a tab counting as one */
};

/* Reads a file into `arena`. RT_ENOTFOUND, RT_EIO, or RT_ETOOBIG above the limit. */
int ts_source_read(struct rt_arena *arena, const char *path, struct ts_source **ret_source,
                   struct rt_error *error);
/* Makes a source of text already in memory, which is copied into `arena`. RT_ETOOBIG. */
int ts_source_from_text(struct rt_arena *arena, const char *path, struct rt_str text,
                        struct ts_source **ret_source, struct rt_error *error);

struct ts_line_column ts_source_locate(const struct ts_source *source, uint32_t offset);
/* The line's text without its line break, borrowed from the source; `line` from 1. */
struct rt_str ts_source_line(const struct ts_source *source, uint32_t line);

/* The line on which a span starts, from 1; 0 for nowhere. */
uint32_t ts_span_line(struct ts_span span);
/* From the start of `from` to the end of `to`, which come from one source in that order. */
struct ts_span ts_span_join(struct ts_span from, struct ts_span to);

#endif
