/*
 * What the parts of the log share: log.c (open, submit), commit.c and worker.c (its two
 * threads), cursor.c (readers), shared.c below them all. Not for users of the log.
 *
 * Locking: `lock` guards everything below it; no system call and no callback happens under it.
 * `failed` changes under `news` and `lock`, so either of them suffices to read it.
 * Rights: only the commit thread makes spares active, only the worker adds spares
 * and removes segments, and none that is being rewritten (rewrite.c, on any thread).
 */
#ifndef RT_CHANNEL_LOG_INTERNAL_H
#define RT_CHANNEL_LOG_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

#include "runtime/channel/log/recover.h"
#include "runtime/channel/log/write.h"

enum {
    RT_LOG_POOL = 4,             /* buffers kept for batches to come */
    RT_LOG_POOL_BYTES = 8 << 20, /* a larger one is freed instead */
    RT_LOG_FULL_RETRY_MS = 1000  /* between tries to prepare a segment on a full disk */
};

/* Submitted batches in order. */
struct rt_log_queue {
    struct rt_buf *items;
    size_t count;
    size_t cap;
};

/* Bytes, unless segments are smaller. */
#define RT_LOG_RESERVE_MIN  ((uint64_t)256 << 10)
#define RT_LOG_RESERVE_UNIT ((uint64_t)64 << 10)

struct rt_log {
    /* Constant while the threads run. */
    struct rt_log_dir dir;
    uint64_t log_id;
    uint64_t segment_bytes;
    uint32_t spare_target;
    size_t body_max;
    struct rt_log_events events;
    void *arg;
    pthread_t committer, worker;

    /* Of the thread that is committing. */
    struct rt_log_writer writer;
    bool closed; /* the log ends in a mark */

    _Atomic uint64_t durable;

    /* Orders the news: none of durable records follows that of the failure. Taken before `lock`,
     * and held during those two callbacks. */
    pthread_mutex_t news;

    pthread_mutex_t lock;
    pthread_cond_t commit_wake; /* something queued, or closing */
    pthread_cond_t worker_wake; /* something for the worker, or stopping */
    bool closing;               /* for the commit thread */
    bool stopping;              /* for the worker, after the commit thread is gone */
    bool failed;
    struct rt_error failure;

    struct rt_log_headers active; /* the last one is being written */
    struct rt_log_headers spares;
    uint64_t end;    /* durable bytes of the last active segment */
    uint64_t number; /* of the next spare */

    /* Where submitted records will be placed, by the same rule that the writer follows. */
    uint64_t next;      /* sequence */
    uint64_t plan_left; /* bytes after them in their segment */
    size_t plan_taken;  /* spares that they will use up */
    struct rt_log_queue queue;
    struct rt_log_queue taken; /* of the queue, by the thread that is committing */
    bool committing;           /* somebody is: the writer is theirs alone */
    bool here;                 /* and it is not the commit thread */
    struct rt_buf pool[RT_LOG_POOL];
    size_t pool_count;

    bool refused;      /* a submit wants to hear of room */
    size_t wanted;     /* spares that it needs */
    bool disk_full;    /* as told to the user */
    bool retry;        /* worth another try though the disk was full */
    uint64_t retry_ns; /* monotonic: when it is in any case */
    uint64_t released; /* sequence */
    struct rt_log_generations generations;
    uint64_t checkpoint; /* sequence asked for, 0: none */
    struct rt_buf checkpoint_state;
    uint64_t reserve, reserve_wanted; /* bytes kept for checkpoints */
    LIST_HEAD(rt_log_cursors, rt_log_cursor) cursors;

    uint64_t rewriting; /* number of the segment that is being rewritten, 0: none */

    uint64_t appended;          /* durable events, ever */
    uint64_t syncs, batches;    /* counted since open */
    uint64_t rewrites, removed; /* same */
    struct rt_histogram commit_us, batch_records, batch_bytes;
};

struct rt_log_cursor {
    struct rt_log *log;
    LIST_ENTRY(rt_log_cursor) link;
    uint64_t number; /* of the segment that it keeps, 0: none; guarded by the log's lock */

    uint64_t sequence; /* of the next record to return */
    struct rt_log_segment_header header;
    int fd;
    uint64_t limit; /* the segment is known to hold sequences below this one... */
    uint64_t end;   /* ...before this offset */
    /* A record whose place is known. */
    uint64_t known;
    uint64_t known_at;
    /* Bytes of the file from `window_at` on. */
    struct rt_buf window;
    uint64_t window_at;
    size_t window_size; /* how much to read next time: grows while reading on in order */
};

/* The bodies of the two threads; `arg` is the log. */
void *rt_log_commit_main(void *arg);
/* Commits what is queued, on this thread. The caller holds the lock, which is released meanwhile;
 * no other thread may be committing. */
void rt_log_commit_here(struct rt_log *log);
void *rt_log_worker_main(void *arg);

/* Puts the log into its final state and reports it, once. */
void rt_log_fail(struct rt_log *log, const struct rt_error *error);
/* Bytes of records that a new segment takes. */
uint64_t rt_log_usable(const struct rt_log *log);
/* A header for the next spare. Only the worker, or open before the threads run, may ask. */
struct rt_log_segment_header rt_log_next_spare(const struct rt_log *log);

#endif
