/*
 * Checkpoints: opaque state as of a sequence, in files of their own, so that what consumers have
 * acknowledged does not pin old segments. Two generations are kept; a damaged newest one falls
 * back on the one before it.
 *
 * A file is written under a temporary name, synced, renamed, and the directory is synced: a
 * checkpoint is there whole or not at all. Some space is kept for them in the file `reserve`.
 */
#ifndef RT_CHANNEL_LOG_CHECKPOINT_H
#define RT_CHANNEL_LOG_CHECKPOINT_H

#include "runtime/base/buf.h"
#include "runtime/channel/log/dir.h"

/* Sequences of the two kept generations; 0: none. newest > older. */
struct rt_log_generations {
    uint64_t newest;
    uint64_t older;
};

/* Writes the state as of `sequence`, which is newer than both, and removes all but the two
 * newest. On failure `generations` is unchanged and still true. */
int rt_log_checkpoint_write(const struct rt_log_dir *dir, uint64_t log_id, uint64_t sequence,
                            struct rt_bytes state, struct rt_log_generations *generations,
                            struct rt_error *error);

/* RT_ECORRUPT: not a whole checkpoint as of `sequence` of this log. `log_id` 0 takes any; what
 * the file says comes back in `ret_log_id`. `ret` is the caller's, cleared first. */
int rt_log_checkpoint_read(const struct rt_log_dir *dir, uint64_t log_id, uint64_t sequence,
                           struct rt_buf *ret, uint64_t *ret_log_id, struct rt_error *error);

/* Keeps at least `bytes` of the disk in a file, so that a full disk can still take a checkpoint,
 * without which no segment is ever let go; none where the file system cannot allocate ahead.
 * RT_EAGAIN: there is not so much space. */
int rt_log_reserve(const struct rt_log_dir *dir, uint64_t bytes, struct rt_error *error);
/* Gives it back. */
int rt_log_reserve_use(const struct rt_log_dir *dir, struct rt_error *error);

#endif
