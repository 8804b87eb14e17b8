/*
 * What the emitters produce: a set of files in memory. Nothing touches the disk until every
 * emitter is done; the driver then writes only the files whose bytes differ and removes its own
 * that are no longer produced.
 *
 * Threads: one at a time.
 */
#ifndef TS_OUTPUT_H
#define TS_OUTPUT_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

struct ts_output;

struct ts_output *ts_output_new(void);
void ts_output_free(struct ts_output *output);

/* The buffer of a new file, to be appended to; owned by `output`, and stays where it is until
 * ts_output_free. `path` is relative to the output directory, with forward slashes, such as
 * "auth/auth_messages.h"; it is copied. Naming the same path twice is a broken invariant. */
struct rt_buf *ts_output_file(struct ts_output *output, const char *path);

/* Whether files named from now on are left alone: an earlier run's stay as they are, neither
 * written nor removed. */
void ts_output_leave(struct ts_output *output, bool leave);

/* How files of this output include each other: by PREFIX/SERVICE/x.h. `prefix` is a path without a
 * slash at its ends, or "" for SERVICE/x.h; it is borrowed until ts_output_free. "gen" unless set.
 */
void ts_output_set_prefix(struct ts_output *output, const char *prefix);
const char *ts_output_prefix(const struct ts_output *output);

/* The path of the `index`-th file, borrowed from `output`; NULL behind the last one. */
const char *ts_output_path(const struct ts_output *output, size_t index);

/* What ts_output_write found or did, in files. */
struct ts_output_report {
    size_t total;     /* files produced */
    size_t written;   /* new or different bytes */
    size_t removed;   /* of an earlier run, and no longer produced */
    size_t unchanged; /* left alone */
};

enum ts_output_mode {
    TS_OUTPUT_WRITE, /* bring the directory up to date */
    TS_OUTPUT_CHECK  /* touch nothing, report what is stale in `written` and `removed` */
};

/* Called for every file that is (or would be) written or removed, in path order. */
typedef void ts_output_change_fn(void *context, const char *path, const char *verb);

/* Makes the directory and waits until no other run has it; closing `ret_lock` releases it. So the
 * stamp of one run never describes the files of another. */
int ts_output_lock(const char *directory, int *ret_lock, struct rt_error *error);

/* Brings `directory` in line with `output`. Files are replaced by rename, so that a reader never
 * sees half of one. Its own earlier files are known from the manifest `.tessera-files` in the
 * directory; no other file is ever removed. `only` names a prefix of paths, or NULL for all:
 * files outside it are neither written nor removed. */
int ts_output_write(struct ts_output *output, const char *directory, const char *only,
                    enum ts_output_mode mode, ts_output_change_fn *on_change, void *context,
                    struct ts_output_report *ret_report, struct rt_error *error);

#endif
