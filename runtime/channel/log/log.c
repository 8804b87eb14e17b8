#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/base/alloc.h"
#include "runtime/base/uuid.h"
#include "runtime/channel/log/internal.h"

enum { SPARES_DEFAULT = 2, SEGMENT_UNIT = 4096 };

/* ----------------------------------------------------------- open and close */

static int set_options(struct rt_log *log, const struct rt_log_options *options,
                       struct rt_error *error)
{
    uint64_t size = options->segment_bytes ? options->segment_bytes : RT_LOG_SEGMENT_BYTES;
    if (size < RT_LOG_SEGMENT_BYTES_MIN || size > RT_LOG_SEGMENT_BYTES_MAX ||
        size % SEGMENT_UNIT != 0)
        return rt_error_set(error, RT_EINVAL, "a segment cannot have %" PRIu64 " bytes", size);
    log->segment_bytes = size;
    log->spare_target = options->spare_segments ? options->spare_segments : SPARES_DEFAULT;
    /* A quarter, so that little of a segment stays empty behind its last record. */
    log->body_max = size / 4 < RT_LOG_BODY_MAX ? (size_t)(size / 4) : RT_LOG_BODY_MAX;
    log->reserve_wanted = size < RT_LOG_RESERVE_MIN ? size : RT_LOG_RESERVE_MIN;
    log->events = options->events;
    log->arg = options->arg;
    return 0;
}

static int take_recovered(struct rt_log *log, struct rt_log_recovered *recovered,
                          struct rt_error *error)
{
    log->log_id = recovered->log_id;
    while (log->log_id == 0)
        rt_random(&log->log_id, sizeof(log->log_id));
    log->active = recovered->active;
    log->spares = recovered->spares;
    recovered->active = recovered->spares = (struct rt_log_headers){0};
    log->generations = recovered->generations;
    log->number = recovered->number;
    log->closed = recovered->closed;
    log->next = recovered->next;
    log->end = recovered->end;
    log->appended = recovered->events;
    atomic_init(&log->durable, recovered->next - 1);

    struct rt_log_segment_header *last = NULL;
    if (log->active.count > 0) {
        last = &log->active.items[log->active.count - 1];
        log->plan_left = rt_log_segment_limit(last) - recovered->end;
    }
    return rt_log_writer_open(&log->writer, &log->dir, last, recovered->end, recovered->next - 1,
                              recovered->events, error);
}

/* Nothing can be submitted without a segment, so one is made before open returns. A full disk
 * keeps a log that has records from growing, not from being read. */
static int prepare_first(struct rt_log *log, struct rt_error *error)
{
    if (log->spares.count > 0 || log->plan_left > rt_log_usable(log) / 4)
        return 0;
    struct rt_log_segment_header spare = rt_log_next_spare(log);
    int code = rt_log_segment_prepare(&log->dir, &spare, NULL, error);
    if (code == RT_EAGAIN && log->active.count > 0)
        return 0;
    if (code == 0) {
        rt_log_headers_add(&log->spares, &spare);
        log->number++;
    }
    return code;
}

/* The threads take no signals: one that interrupted a sync would make it a failed one. */
static int start_thread(pthread_t *ret, void *(*body)(void *arg), struct rt_log *log)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(ret, NULL, body, log);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static int start_threads(struct rt_log *log, struct rt_error *error)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&log->news, NULL);
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->commit_wake, NULL);
    pthread_cond_init(&log->worker_wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (start_thread(&log->committer, rt_log_commit_main, log) != 0)
        return rt_error_set(error, RT_EAGAIN, "cannot start the commit thread of the log");
    if (start_thread(&log->worker, rt_log_worker_main, log) == 0)
        return 0;
    log->closed = true; /* not the end of a log that began, so no mark */
    pthread_mutex_lock(&log->lock);
    log->closing = true;
    pthread_cond_signal(&log->commit_wake);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->committer, NULL);
    return rt_error_set(error, RT_EAGAIN, "cannot start the worker thread of the log");
}

static void free_log(struct rt_log *log)
{
    rt_log_writer_close(&log->writer);
    rt_log_dir_close(&log->dir);
    rt_log_headers_done(&log->active);
    rt_log_headers_done(&log->spares);
    for (size_t i = 0; i < log->queue.count; i++)
        rt_buf_done(&log->queue.items[i]);
    free(log->queue.items);
    free(log->taken.items);
    for (size_t i = 0; i < log->pool_count; i++)
        rt_buf_done(&log->pool[i]);
    rt_buf_done(&log->checkpoint_state);
    free(log);
}

int rt_log_open(const struct rt_log_options *options, struct rt_log **ret, struct rt_error *error)
{
    struct rt_log *log = rt_zalloc(sizeof(*log));
    log->writer.fd = log->dir.lock = -1;
    LIST_INIT(&log->cursors);
    struct rt_log_recovered recovered = {0};
    const struct rt_log_io *io = options->io ? options->io : &rt_log_io_system;
    int code = set_options(log, options, error);
    if (code == 0)
        code = rt_log_dir_open(&log->dir, io, options->dir, true, error);
    if (code == 0)
        code = rt_log_recover(&log->dir, log->segment_bytes, &options->replay, options->arg,
                              &recovered, error);
    if (code == 0)
        code = take_recovered(log, &recovered, error);
    if (code == 0)
        code = prepare_first(log, error);
    if (code == 0)
        code = start_threads(log, error);
    rt_log_recovered_done(&recovered);
    if (code != 0) {
        free_log(log);
        return code;
    }
    *ret = log;
    return 0;
}

int rt_log_close(struct rt_log *log)
{
    if (!log)
        return 0;
    RT_ASSERT(LIST_EMPTY(&log->cursors));
    pthread_mutex_lock(&log->lock);
    log->closing = true;
    pthread_cond_signal(&log->commit_wake);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->committer, NULL);

    /* Only now, since a checkpoint may wait for what the commit thread had left to sync. */
    pthread_mutex_lock(&log->lock);
    log->stopping = true;
    pthread_cond_signal(&log->worker_wake);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->worker, NULL);

    int code = log->failed ? RT_EIO : 0;
    pthread_mutex_destroy(&log->news);
    pthread_mutex_destroy(&log->lock);
    pthread_cond_destroy(&log->commit_wake);
    pthread_cond_destroy(&log->worker_wake);
    free_log(log);
    return code;
}

uint64_t rt_log_id(const struct rt_log *log)
{
    return log->log_id;
}

uint64_t rt_log_next(const struct rt_log *log)
{
    return log->next;
}

size_t rt_log_body_max(const struct rt_log *log)
{
    return log->body_max;
}

/* ------------------------------------------------------------------- submit */

/* Follows the batch through the segments that it will lie in. */
static int plan_batch(struct rt_log *log, const struct rt_buf *bytes)
{
    uint64_t left = log->plan_left;
    size_t taken = log->plan_taken;
    for (size_t at = 0; at < bytes->len;) {
        size_t rest = bytes->len - at;
        size_t fits = rest <= left ? rest : rt_log_prefix(bytes->data + at, rest, (size_t)left);
        if (fits == 0 && left == rt_log_usable(log))
            return RT_ETOOBIG;
        at += fits;
        left -= fits;
        if (at < bytes->len) {
            taken++;
            left = rt_log_usable(log);
        }
    }
    if (taken > log->spares.count) {
        log->refused = true;
        log->wanted = taken - log->plan_taken;
        pthread_cond_signal(&log->worker_wake);
        return RT_EAGAIN;
    }
    if (taken > log->plan_taken)
        pthread_cond_signal(&log->worker_wake);
    log->plan_left = left;
    log->plan_taken = taken;
    log->wanted = 0;
    return 0;
}

static void enqueue(struct rt_log *log, struct rt_log_batch *batch, bool wake)
{
    struct rt_log_queue *queue = &log->queue;
    if (queue->count == queue->cap) {
        queue->cap = queue->cap ? queue->cap * 2 : 16;
        queue->items = rt_resize(queue->items, queue->cap, sizeof(*queue->items));
    }
    queue->items[queue->count++] = batch->bytes;
    batch->bytes = log->pool_count > 0 ? log->pool[--log->pool_count] : (struct rt_buf){0};
    batch->first = batch->next;
    log->next = batch->next;
    log->batches++;
    if (queue->count == 1 && wake)
        pthread_cond_signal(&log->commit_wake);
}

static int submit(struct rt_log *log, struct rt_log_batch *batch, bool here)
{
    if (rt_log_batch_empty(batch))
        return 0;
    RT_ASSERT(batch->first == log->next);
    pthread_mutex_lock(&log->lock);
    here = here && log->queue.count == 0 && !log->committing;
    int code = log->failed ? RT_EIO : plan_batch(log, &batch->bytes);
    if (code == 0)
        enqueue(log, batch, !here);
    if (code == 0 && here)
        rt_log_commit_here(log);
    pthread_mutex_unlock(&log->lock);
    return code;
}

int rt_log_submit(struct rt_log *log, struct rt_log_batch *batch)
{
    return submit(log, batch, false);
}

int rt_log_submit_here(struct rt_log *log, struct rt_log_batch *batch)
{
    return submit(log, batch, true);
}

int rt_log_roll(struct rt_log *log)
{
    int code = 0;
    pthread_mutex_lock(&log->lock);
    if (log->failed)
        code = RT_EIO;
    else if (log->plan_left == 0 || log->plan_left == rt_log_usable(log))
        code = 0; /* the next record begins a segment as it is */
    else if (log->plan_taken == log->spares.count)
        code = RT_EAGAIN;
    else {
        struct rt_log_batch turn;
        rt_log_batch_init(&turn, log->next);
        log->plan_taken++;
        log->plan_left = rt_log_usable(log);
        enqueue(log, &turn, true);
        log->batches--;
        rt_log_batch_done(&turn);
        pthread_cond_signal(&log->worker_wake);
    }
    pthread_mutex_unlock(&log->lock);
    return code;
}

/* -------------------------------------------------- checkpoints and release */

int rt_log_checkpoint(struct rt_log *log, uint64_t sequence, struct rt_bytes state)
{
    RT_ASSERT(sequence > 0 && sequence < log->next);
    int code = 0;
    pthread_mutex_lock(&log->lock);
    if (log->failed) {
        code = RT_EIO;
    } else if (log->checkpoint > 0) {
        code = RT_EAGAIN;
    } else if (sequence <= log->generations.newest) {
        code = RT_EEXIST;
    } else {
        rt_buf_clear(&log->checkpoint_state);
        rt_buf_append(&log->checkpoint_state, state.data, state.len);
        log->checkpoint = sequence;
        pthread_cond_signal(&log->worker_wake);
    }
    pthread_mutex_unlock(&log->lock);
    return code;
}

void rt_log_release(struct rt_log *log, uint64_t sequence)
{
    pthread_mutex_lock(&log->lock);
    if (sequence > log->released) {
        log->released = sequence;
        pthread_cond_signal(&log->worker_wake);
    }
    pthread_mutex_unlock(&log->lock);
}

/* ------------------------------------------------------------ what there is */

static uint64_t first_sequence(const struct rt_log *log)
{
    return log->active.count > 0 ? log->active.items[0].base : atomic_load(&log->durable) + 1;
}

uint64_t rt_log_first(struct rt_log *log)
{
    pthread_mutex_lock(&log->lock);
    uint64_t first = first_sequence(log);
    pthread_mutex_unlock(&log->lock);
    return first;
}

uint64_t rt_log_segment_first(struct rt_log *log, uint64_t n)
{
    pthread_mutex_lock(&log->lock);
    uint64_t first = n < log->active.count ? log->active.items[n].base : 0;
    pthread_mutex_unlock(&log->lock);
    return first;
}

size_t rt_log_segments(struct rt_log *log, struct rt_log_segment *ret, size_t cap)
{
    pthread_mutex_lock(&log->lock);
    size_t count = log->active.count;
    for (size_t i = 0; i < count && i < cap; i++) {
        const struct rt_log_segment_header *header = &log->active.items[i];
        bool sealed = i + 1 < count;
        uint64_t after = sealed ? header[1].events_before : log->appended;
        uint64_t appended = after > header->events_before ? after - header->events_before : 0;
        ret[i] = (struct rt_log_segment){
            .base = header->base,
            .next = sealed ? header[1].base : atomic_load(&log->durable) + 1,
            .bytes = sealed ? header->size : log->end,
            .events = header->rewritten ? header->events : appended,
            .begun_ms = header->begun_ms,
            .sealed = sealed,
        };
    }
    pthread_mutex_unlock(&log->lock);
    return count;
}

void rt_log_stats(struct rt_log *log, struct rt_log_stats *ret)
{
    pthread_mutex_lock(&log->lock);
    *ret = (struct rt_log_stats){
        .first = first_sequence(log),
        .durable = atomic_load(&log->durable),
        .segments = log->active.count,
        .spares = log->spares.count,
        .syncs = log->syncs,
        .batches = log->batches,
        .checkpoint = log->generations.newest,
        .replayable = log->generations.older,
        .begun_ms = log->active.count > 0 ? log->active.items[0].begun_ms : 0,
        .events = log->appended,
        .rewrites = log->rewrites,
        .removed = log->removed,
        .commit_us = log->commit_us,
        .batch_records = log->batch_records,
        .batch_bytes = log->batch_bytes,
        .disk_full = log->disk_full,
        .failed = log->failed,
    };
    for (size_t i = 0; i + 1 < log->active.count; i++)
        ret->record_bytes += log->active.items[i].size;
    ret->record_bytes += log->end;
    pthread_mutex_unlock(&log->lock);
}
