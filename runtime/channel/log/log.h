/*
 * The log: one append-only sequence of checksummed records in a directory, the only thing that
 * the broker makes durable. docs/channel/LOG.md has the format and the argument for its promises.
 *
 * Promises:
 *  1. A record is reported durable only after fdatasync covered it; durable records survive
 *     kill -9 and power loss, and come back in order with nothing invented between them.
 *  2. Sequences are dense and records become durable in their order: `durable(n)` speaks for all
 *     up to n.
 *  3. A failed write or sync is final: nothing is reported durable afterwards, every later
 *     submit returns RT_EIO, `failed` is called once. Nothing is retried.
 *  4. Only preparing segments ahead can meet a full disk. `space` reports it; once what was
 *     prepared is used up, submit returns RT_EAGAIN. What is there stays readable.
 *  5. Damaged records that had been durable are refused at open (RT_ECORRUPT, with the file, the
 *     offset and the repair command), never skipped. A torn tail is cut at the last whole record.
 *
 * Threads: the functions below belong to one thread (the broker's loop), except the reading ones,
 * which any thread may call. The log runs two threads of its own: one commits (write, sync), one
 * prepares segments and writes checkpoints. The callbacks of struct rt_log_events run on those and
 * must only pass the news on (uv_async_send); they must not call the log.
 */
#ifndef RT_CHANNEL_LOG_H
#define RT_CHANNEL_LOG_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/histogram.h"
#include "runtime/channel/log/batch.h"

struct rt_log;
struct rt_log_io; /* io.h: the system calls, so that tests can replace them */

#define RT_LOG_SEGMENT_BYTES     ((uint64_t)64 << 20)
#define RT_LOG_SEGMENT_BYTES_MIN ((uint64_t)16 << 10)
#define RT_LOG_SEGMENT_BYTES_MAX ((uint64_t)256 << 20)

/* News from the log's threads. Any of them may be NULL. */
struct rt_log_events {
    /* Every record up to `sequence` is durable. */
    void (*durable)(void *arg, uint64_t sequence);
    /* The end: exit with `error->message`. Called once. */
    void (*failed)(void *arg, const struct rt_error *error);
    /* Full: no segment could be prepared for lack of disk space. This comes while earlier
     * segments still have room, so that a broker can refuse publishes while acknowledgements,
     * which let segments go, still fit. Not full: a segment was prepared again,
     * after that or after a submit was refused with RT_EAGAIN. */
    void (*space)(void *arg, bool full);
    /* The checkpoint at `sequence` is durable (0), or was not written for lack of space
     * (RT_EAGAIN); then the generation before it stays in force. */
    void (*checkpointed)(void *arg, uint64_t sequence, int code);
};

/* Receives what was there, during open and on the caller's thread: the state of the newest valid
 * checkpoint, if any, then every record after it in order. Slices are borrowed during the call.
 * A negative return stops the open, which returns it. The log's own marks (one at each clean
 * close) are left out, so sequences may skip them. */
struct rt_log_replay {
    int (*checkpoint)(void *arg, uint64_t sequence, struct rt_bytes state);
    int (*record)(void *arg, const struct rt_log_record *record);
};

struct rt_log_options {
    const char *dir;            /* created with mode 0700 when missing; copied */
    uint64_t segment_bytes;     /* of new segments, a multiple of 4096; 0 for the default */
    uint32_t spare_segments;    /* prepared ahead; 0 for the default of 2 */
    const struct rt_log_io *io; /* NULL for the system's */
    struct rt_log_events events;
    struct rt_log_replay replay;
    void *arg; /* for events and replay */
};

/* Recovers what is there, or starts a new log, and starts the threads. Blocks.
 * RT_ECORRUPT: damage; RT_EEXIST: another process has this directory; RT_EIO; RT_EAGAIN: no space
 * for the first segment; RT_EUNSUPPORTED: a newer format. */
int rt_log_open(const struct rt_log_options *options, struct rt_log **ret, struct rt_error *error);
/* Commits what was submitted, stops the threads and frees the log; accepts NULL. Callbacks may
 * still come until it returns. RT_EIO when something submitted did not become durable. */
int rt_log_close(struct rt_log *log);

/* Random, chosen when the log was begun; never 0. */
uint64_t rt_log_id(const struct rt_log *log);
/* The sequence that the first record to submit must have. */
uint64_t rt_log_next(const struct rt_log *log);
/* The largest body that a record of this log may have, in bytes. */
size_t rt_log_body_max(const struct rt_log *log);

/* Hands the batch to the commit thread and returns at once. On success the batch is empty again
 * (with a buffer that was used before) and goes on at the same `next`. The batch must begin where
 * the one before it ended. On failure the batch is untouched: RT_EAGAIN (no segment is ready, for
 * the disk is full or only slow: submit it again after `space`), RT_ETOOBIG (a body over
 * rt_log_body_max), RT_EIO (the log has failed). An empty batch is fine and does nothing. */
int rt_log_submit(struct rt_log *log, struct rt_log_batch *batch);
/* The same, but commits on the calling thread, which waits for the disk, unless another batch is
 * under way. A small batch alone is done sooner that way: no thread has to wake up, neither to
 * commit it nor to report it. When it is durable on return, `durable` is not called for it. */
int rt_log_submit_here(struct rt_log *log, struct rt_log_batch *batch);

/* Keeps `state`, which is the consumer state after applying every record up to `sequence`. It is
 * written by the log's worker once the log itself is durable that far, and reported by
 * `checkpointed`. `state` is copied. RT_EAGAIN: the one before is still being written; RT_EEXIST:
 * there is one as new as this; RT_EIO. */
int rt_log_checkpoint(struct rt_log *log, uint64_t sequence, struct rt_bytes state);
/* Records up to `sequence` are not needed any more. Whole segments of them are reused, but never
 * those that the older of the two kept checkpoints would need to replay; without two checkpoints
 * nothing is let go. A segment at the front that was rewritten to nothing goes without being
 * released. */
void rt_log_release(struct rt_log *log, uint64_t sequence);

/* ------------------------------------------------------ reading: any thread */

/* The oldest sequence that can be read, and the newest durable one (0: none). */
uint64_t rt_log_first(struct rt_log *log);
uint64_t rt_log_durable(struct rt_log *log);

/* Reads records in order. A cursor keeps at most one segment from being reused.
 * Threads: one at a time per cursor. Free it before the log is closed. */
struct rt_log_cursor;
struct rt_log_cursor *rt_log_cursor_new(struct rt_log *log, uint64_t sequence);
void rt_log_cursor_free(struct rt_log_cursor *cursor);
/* The next durable record, checked; its body is borrowed until the next call. RT_EAGAIN: nothing
 * more is durable yet; RT_ENOTFOUND: it was released; RT_ECORRUPT; RT_EIO. */
int rt_log_cursor_next(struct rt_log_cursor *cursor, struct rt_log_record *ret,
                       struct rt_error *error);
/* Moves to another sequence; near ones cost less. */
void rt_log_cursor_seek(struct rt_log_cursor *cursor, uint64_t sequence);

struct rt_log_stats {
    uint64_t first, durable; /* sequences */
    uint64_t segments;       /* holding records */
    uint64_t spares;         /* prepared */
    uint64_t record_bytes;   /* in segments holding records, roughly */
    uint64_t syncs;          /* fdatasync calls for batches since open */
    uint64_t batches;        /* submitted since open */
    uint64_t checkpoint;     /* sequence of the newest checkpoint, 0: none */
    uint64_t replayable;     /* that of the older one: what is before may be rewritten; 0: none */
    int64_t begun_ms;        /* UTC, when the oldest segment was begun; 0: unknown */
    uint64_t events;         /* ever appended */
    uint64_t rewrites;       /* segments rewritten since open */
    uint64_t removed;        /* records that rewriting removed since open */
    /* Of batches as they were written, since open. */
    struct rt_histogram commit_us; /* write and sync */
    struct rt_histogram batch_records, batch_bytes;
    bool disk_full; /* the last try to prepare a segment found no space */
    bool failed;
};
void rt_log_stats(struct rt_log *log, struct rt_log_stats *ret);

/* The first sequence of the n-th oldest segment, for retention by whole segments; 0: there are
 * not that many. */
uint64_t rt_log_segment_first(struct rt_log *log, uint64_t n);

/* A segment that holds records, or is about to. */
struct rt_log_segment {
    uint64_t base, next; /* sequences: its first, and the first behind it */
    uint64_t bytes;      /* of its file; of the newest one, what is written */
    uint64_t events;     /* that are in it; those of a segment of format 1 are not counted */
    int64_t begun_ms;    /* UTC; 0: unknown */
    bool sealed;         /* nothing is appended to it any more */
};
/* The oldest `cap` of them in order; returns how many there are in all. */
size_t rt_log_segments(struct rt_log *log, struct rt_log_segment *ret, size_t cap);
/* The next record to be submitted begins a new segment, unless it does so anyway. RT_EAGAIN: no
 * segment is ready; RT_EIO. */
int rt_log_roll(struct rt_log *log);

#endif
