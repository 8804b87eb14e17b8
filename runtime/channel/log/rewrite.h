/*
 * Taking records out of a segment, for compaction and purges: the segment is written anew without
 * them, under a temporary name, synced, and renamed over the old one. Sequences stay as they are;
 * a gap record takes the place of each run that is gone.
 *
 * Only sealed segments that no replay will need again (their last record is covered by the older
 * of the two checkpoints) can be rewritten. A power loss at any moment leaves the old file or the
 * new one. A reader of the old one keeps reading it.
 *
 * Threads: any, one rewrite at a time. It blocks; batches do not wait for it.
 */
#ifndef RT_CHANNEL_LOG_REWRITE_H
#define RT_CHANNEL_LOG_REWRITE_H

#include "runtime/channel/log/dir.h"
#include "runtime/channel/log/log.h"

/* Bytes written between two syncs, each of which asks the pace. */
#define RT_LOG_REWRITE_STEP ((size_t)256 << 10)

/* Which records of a segment stay. */
struct rt_log_keep {
    uint64_t base;       /* sequence of the segment's first record */
    uint64_t next;       /* of the first behind it */
    const uint8_t *bits; /* bit i of these is for base + i */
};

static inline bool rt_log_kept(const struct rt_log_keep *keep, uint64_t sequence)
{
    uint64_t at = sequence - keep->base;
    return keep->bits[at / 8] >> at % 8 & 1;
}

/* RT_ENOTFOUND: there is no such segment any more; RT_EINVAL: it may not be rewritten (yet);
 * RT_EAGAIN: no space; RT_ECLOSED: the pace gave up; RT_ECORRUPT, RT_EIO: it could not be read or
 * written. In all these cases the segment is as it was and the log goes on. */
int rt_log_rewrite(struct rt_log *log, const struct rt_log_keep *keep,
                   const struct rt_log_pace *pace, struct rt_error *error);

#endif
