/* The worker thread: keeps spare segments ready, lets old ones go, writes checkpoints. Batches do
 * not wait for it, unless spares run out. */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "runtime/base/clock.h"
#include "runtime/channel/log/internal.h"

enum {
    PACE_FAST = 8 << 20,   /* bytes of zeros between syncs */
    PACE_SLOW = 256 << 10, /* the same, with a pause after each */
    PACE_PAUSE_NS = 4000000,
    SECOND_NS = 1000000000
};

static size_t spares_wanted(const struct rt_log *log)
{
    return log->wanted > log->spare_target ? log->wanted : log->spare_target;
}

/* The caller holds the lock, which is released during the call. */
static void tell_space(struct rt_log *log, bool full)
{
    log->disk_full = full;
    log->retry = false;
    if (!log->events.space)
        return;
    pthread_mutex_unlock(&log->lock);
    log->events.space(log->arg, full);
    pthread_mutex_lock(&log->lock);
}

/* Another try is for later. */
static void disk_full(struct rt_log *log)
{
    log->retry = false;
    log->retry_ns = rt_clock_monotonic_ns() + (uint64_t)RT_LOG_FULL_RETRY_MS * 1000000;
    if (!log->disk_full)
        tell_space(log, true);
}

static void fail(struct rt_log *log, const struct rt_error *error)
{
    pthread_mutex_unlock(&log->lock);
    rt_log_fail(log, error);
    pthread_mutex_lock(&log->lock);
}

/* What came of making this spare. Lack of space is tried again, all else is final. */
static void take_spare(struct rt_log *log, const struct rt_log_segment_header *spare, int code,
                       const struct rt_error *error)
{
    if (code == RT_EAGAIN) {
        disk_full(log);
        return;
    }
    if (code == RT_ECLOSED)
        return;
    if (code != 0) {
        fail(log, error);
        return;
    }
    rt_log_headers_add(&log->spares, spare);
    log->number++;
    if (log->disk_full || log->refused) {
        log->refused = false;
        tell_space(log, false);
    }
}

/* While there is room enough, zeros go to the disk in small portions with pauses, so that batches
 * hardly wait behind them: 64 MiB in little over a second. When room runs short, speed counts. */
static size_t pace_zeros(void *arg)
{
    struct rt_log *log = arg;
    pthread_mutex_lock(&log->lock);
    uint64_t spares = log->spares.count - log->plan_taken;
    uint64_t room = log->plan_left + spares * rt_log_usable(log);
    size_t step = PACE_FAST;
    if (!log->refused && room > rt_log_usable(log) / 2) {
        step = PACE_SLOW;
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PACE_PAUSE_NS;
        if (until.tv_nsec >= SECOND_NS) {
            until.tv_nsec -= SECOND_NS;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&log->worker_wake, &log->lock, &until);
    }
    if (log->stopping || log->failed)
        step = 0;
    pthread_mutex_unlock(&log->lock);
    return step;
}

static void prepare_spare(struct rt_log *log)
{
    struct rt_log_segment_header spare = rt_log_next_spare(log);
    struct rt_log_pace pace = {pace_zeros, log};
    struct rt_error error;
    pthread_mutex_unlock(&log->lock);
    int code = rt_log_segment_prepare(&log->dir, &spare, &pace, &error);
    pthread_mutex_lock(&log->lock);
    take_spare(log, &spare, code, &error);
}

/* May the oldest segment go? Neither the user, nor a cursor, nor the older checkpoint needs it. */
static bool can_release(const struct rt_log *log)
{
    if (log->active.count < 2)
        return false;
    const struct rt_log_segment_header *oldest = &log->active.items[0];
    uint64_t last = oldest[1].base - 1;
    if ((last > log->released && !rt_log_segment_blank(oldest)) || last > log->generations.older ||
        oldest->number == log->rewriting)
        return false;
    const struct rt_log_cursor *cursor;
    LIST_FOREACH(cursor, &log->cursors, link)
    if (cursor->number == oldest->number)
        return false;
    return true;
}

static void release_segment(struct rt_log *log)
{
    struct rt_log_segment_header old = log->active.items[0];
    rt_log_headers_remove_first(&log->active);
    struct rt_log_segment_header spare = rt_log_next_spare(log);
    /* Some more than are prepared: what is let go in one piece is used again bit by bit. */
    bool reuse = old.size == spare.size && log->spares.count < 2 * spares_wanted(log);
    struct rt_error error;
    int code;
    log->retry = true; /* whether or not it is used again, there may be space now */
    pthread_mutex_unlock(&log->lock);
    if (reuse) {
        code = rt_log_segment_reuse(&log->dir, old.number, &spare, &error);
    } else {
        char path[RT_LOG_PATH_MAX];
        rt_log_segment_path(&log->dir, old.number, path);
        code = rt_log_unlink(log->dir.io, log->dir.path, path, &error);
    }
    pthread_mutex_lock(&log->lock);
    if (reuse)
        take_spare(log, &spare, code, &error);
    else if (code != 0)
        fail(log, &error);
}

/* What keeps room for two checkpoints on a full disk, and their temporary file. */
static void take_reserve(struct rt_log *log)
{
    uint64_t wanted = log->reserve_wanted;
    struct rt_error error;
    pthread_mutex_unlock(&log->lock);
    int code = rt_log_reserve(&log->dir, wanted, &error);
    pthread_mutex_lock(&log->lock);
    if (code == 0) {
        log->reserve = wanted;
    } else if (code != RT_EAGAIN) {
        fail(log, &error);
    } else {
        disk_full(log);
    }
}

static void write_checkpoint(struct rt_log *log)
{
    uint64_t sequence = log->checkpoint;
    struct rt_log_generations generations = log->generations;
    struct rt_bytes state = rt_buf_bytes(&log->checkpoint_state);
    bool reserved = log->reserve > 0;
    struct rt_error error;
    pthread_mutex_unlock(&log->lock);
    int code =
        rt_log_checkpoint_write(&log->dir, log->log_id, sequence, state, &generations, &error);
    bool use = code == RT_EAGAIN && reserved;
    if (use && (code = rt_log_reserve_use(&log->dir, &error)) == 0)
        code =
            rt_log_checkpoint_write(&log->dir, log->log_id, sequence, state, &generations, &error);
    pthread_mutex_lock(&log->lock);
    if (use)
        log->reserve = 0;
    uint64_t wanted =
        3 * (state.len + RT_LOG_RESERVE_UNIT) / RT_LOG_RESERVE_UNIT * RT_LOG_RESERVE_UNIT;
    if (wanted > log->reserve_wanted)
        log->reserve_wanted = wanted;
    log->generations = generations;
    log->checkpoint = 0;
    if (code != 0 && code != RT_EAGAIN) {
        fail(log, &error);
        return;
    }
    if (!log->events.checkpointed)
        return;
    pthread_mutex_unlock(&log->lock);
    log->events.checkpointed(log->arg, sequence, code);
    pthread_mutex_lock(&log->lock);
}

static void wait_for_work(struct rt_log *log)
{
    if (!log->disk_full) {
        pthread_cond_wait(&log->worker_wake, &log->lock);
        return;
    }
    struct timespec until = {.tv_sec = (time_t)(log->retry_ns / SECOND_NS),
                             .tv_nsec = (long)(log->retry_ns % SECOND_NS)};
    if (pthread_cond_timedwait(&log->worker_wake, &log->lock, &until) == ETIMEDOUT)
        log->retry = true;
}

static bool wants_reserve(const struct rt_log *log)
{
    return log->reserve < log->reserve_wanted && (!log->disk_full || log->retry);
}

static bool wants_spare(const struct rt_log *log)
{
    return log->spares.count - log->plan_taken < spares_wanted(log) &&
           (!log->disk_full || log->retry);
}

void *rt_log_worker_main(void *arg)
{
    struct rt_log *log = arg;
    pthread_mutex_lock(&log->lock);
    for (;;) {
        bool due = log->checkpoint > 0 && log->checkpoint <= atomic_load(&log->durable);
        if (due && !log->failed)
            write_checkpoint(log);
        else if (log->stopping)
            break;
        else if (log->failed)
            pthread_cond_wait(&log->worker_wake, &log->lock);
        else if (can_release(log))
            release_segment(log);
        else if (wants_reserve(log))
            take_reserve(log);
        else if (wants_spare(log))
            prepare_spare(log);
        else
            wait_for_work(log);
    }
    pthread_mutex_unlock(&log->lock);
    return NULL;
}
