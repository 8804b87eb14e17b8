/*
 * Schemas as they were: every .tess file of a commit, in a folder of its own while they are
 * compared. Runs git and tar.
 */
#ifndef TS_HISTORY_H
#define TS_HISTORY_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

struct ts_history {
    char folder[64];  /* of its own, under TMPDIR or /tmp */
    const char *path; /* of the schema within `folder`; in the arena */
};

/* Unpacks the schemas of `revision`, in the repository that `path` lies in. RT_ENOTFOUND: no such
 * revision or repository, which git reported on the standard error; RT_EIO. Nothing is left
 * behind on failure. */
int ts_history_open(struct rt_arena *arena, const char *path, const char *revision,
                    struct ts_history *ret, struct rt_error *error);
/* Removes the folder. */
void ts_history_done(struct ts_history *history);

#endif
