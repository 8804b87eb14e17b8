/*
 * Opening a log that is there: which segments it has, which checkpoint holds, where it ends, and
 * what of its tail to trust.
 *
 * Only segments with records after the checkpoint are read; of the others, the header. The last
 * write before a crash may be torn, and the page cache may show bytes that a failed sync never
 * brought to the disk: so what no later record proves to be synced is written once more, what
 * follows the last whole record is zeroed, and both are synced, before anything counts.
 *
 * Threads: one at a time.
 */
#ifndef RT_CHANNEL_LOG_RECOVER_H
#define RT_CHANNEL_LOG_RECOVER_H

#include "runtime/channel/log/checkpoint.h"
#include "runtime/channel/log/log.h"
#include "runtime/channel/log/scan.h"

/* In rising order of numbers, which have no gaps. */
struct rt_log_headers {
    struct rt_log_segment_header *items;
    size_t count;
    size_t cap;
};

void rt_log_headers_add(struct rt_log_headers *headers, const struct rt_log_segment_header *item);
void rt_log_headers_remove_first(struct rt_log_headers *headers);
void rt_log_headers_done(struct rt_log_headers *headers);

struct rt_log_recovered {
    uint64_t log_id;              /* 0: there is no log yet */
    struct rt_log_headers active; /* with records */
    struct rt_log_headers spares; /* numbered on from the last active one */
    struct rt_log_generations generations;
    uint64_t next;   /* sequence of the next record */
    uint64_t events; /* ever appended */
    uint64_t end;    /* offset in the last active segment behind its last record */
    bool closed;     /* the log ends in a mark, or is empty */
    uint64_t number; /* of the next segment to prepare */
};

/* Spares of another size than `segment_bytes` are removed. `ret` needs rt_log_recovered_done
 * even on failure. */
int rt_log_recover(const struct rt_log_dir *dir, uint64_t segment_bytes,
                   const struct rt_log_replay *replay, void *arg, struct rt_log_recovered *ret,
                   struct rt_error *error);
void rt_log_recovered_done(struct rt_log_recovered *recovered);

/* ------------------------------- the steps, for verification and repair too */

/* Loads all headers and checks that they belong together. Changes nothing. */
int rt_log_recover_headers(const struct rt_log_dir *dir, struct rt_log_recovered *ret,
                           struct rt_error *error);
/* Finds the newest valid checkpoint and the valid one before it; `state` is that of the newest.
 * Damaged ones are passed over. */
int rt_log_recover_checkpoints(const struct rt_log_dir *dir, struct rt_log_recovered *recovered,
                               struct rt_buf *state, struct rt_error *error);
/* Reads the whole file of a segment. */
int rt_log_segment_read(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                        struct rt_buf *ret, struct rt_error *error);
/* The error for a bad record where `scan` stopped. `proof` says how it is known that it had been
 * durable. */
int rt_log_damage(const struct rt_log_dir *dir, uint64_t number, const struct rt_log_scan *scan,
                  const char *proof, struct rt_error *error);

#endif
