/*
 * The writing end of the log: places sealed records in the active segment, one write and one sync
 * for a group of them. No threads here; the commit thread drives it, and so can a simulation.
 *
 * Invariants: a group lies in one segment, is at most RT_LOG_GROUP_MAX bytes, and is written only
 * when everything before it is synced. A segment becomes active (its header gets its base
 * sequence, synced) only after the one before it is finished.
 * Errors: after any failure the writer must not be used again but for rt_log_writer_close.
 */
#ifndef RT_CHANNEL_LOG_WRITE_H
#define RT_CHANNEL_LOG_WRITE_H

#include "runtime/channel/log/dir.h"

enum { RT_LOG_GROUP_PARTS = 64 };

struct rt_log_writer {
    const struct rt_log_dir *dir;
    struct rt_log_segment_header header; /* the active segment; number 0: none yet */
    int fd;
    uint64_t offset;  /* where the group goes */
    uint64_t durable; /* everything up to this sequence is synced */
    uint64_t events;  /* ever appended to the log, the group's included */
    /* The group being built; its bytes are borrowed until it is flushed. */
    struct iovec parts[RT_LOG_GROUP_PARTS];
    int count;
    size_t bytes;
    uint64_t records;
};

/* `header` is the last active segment with `offset` behind its last record, or NULL; `events` were
 * appended up to there. */
int rt_log_writer_open(struct rt_log_writer *writer, const struct rt_log_dir *dir,
                       const struct rt_log_segment_header *header, uint64_t offset,
                       uint64_t durable, uint64_t events, struct rt_error *error);
void rt_log_writer_close(struct rt_log_writer *writer);
/* Seals the longest run of whole records that still fits and adds it to the group. Returns its
 * length; 0 asks for a flush when the group holds something, for the next segment otherwise. */
size_t rt_log_writer_add(struct rt_log_writer *writer, uint8_t *bytes, size_t len);
/* Writes and syncs the group; `durable` covers it afterwards. */
int rt_log_writer_flush(struct rt_log_writer *writer, struct rt_error *error);
/* Goes on in this spare. The group is empty. */
int rt_log_writer_next(struct rt_log_writer *writer, const struct rt_log_segment_header *spare,
                       struct rt_error *error);

#endif
