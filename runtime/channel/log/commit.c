/* The commit thread: everything queued goes into as few writes and syncs as it takes. While one
 * of them runs, the next batches queue up; that is all the grouping there is, with no timer. When
 * it has nothing to do, the thread that submits may do the same in its place. */
#include <stdlib.h>

#include "runtime/base/clock.h"
#include "runtime/channel/log/internal.h"

/* Announces what the group made durable to readers, to the worker and to the user. */
static int flush_group(struct rt_log *log, struct rt_error *error)
{
    struct rt_log_writer *writer = &log->writer;
    uint64_t records = writer->records, bytes = writer->bytes;
    uint64_t start_ns = rt_clock_monotonic_ns();
    int code = rt_log_writer_flush(writer, error);
    uint64_t took_ns = rt_clock_monotonic_ns() - start_ns;
    if (code != 0)
        return code;
    pthread_mutex_lock(&log->lock);
    log->end = writer->offset;
    log->appended = writer->events;
    log->syncs++;
    rt_histogram_add(&log->commit_us, took_ns / 1000);
    rt_histogram_add(&log->batch_records, records);
    rt_histogram_add(&log->batch_bytes, bytes);
    atomic_store_explicit(&log->durable, writer->durable, memory_order_release);
    if (log->checkpoint > 0 && log->checkpoint <= writer->durable)
        pthread_cond_signal(&log->worker_wake);
    pthread_mutex_unlock(&log->lock);
    if (log->here)
        return 0; /* it sees for itself */
    pthread_mutex_lock(&log->news);
    if (log->events.durable && !log->failed)
        log->events.durable(log->arg, writer->durable);
    pthread_mutex_unlock(&log->news);
    return 0;
}

/* The next spare becomes the active segment. Submitting made sure that there is one. */
static int turn_segment(struct rt_log *log, struct rt_error *error)
{
    pthread_mutex_lock(&log->lock);
    RT_ASSERT(log->spares.count > 0 && log->plan_taken > 0);
    struct rt_log_segment_header spare = log->spares.items[0];
    rt_log_headers_remove_first(&log->spares);
    log->plan_taken--;
    pthread_mutex_unlock(&log->lock);

    int code = rt_log_writer_next(&log->writer, &spare, error);
    if (code != 0)
        return code;

    pthread_mutex_lock(&log->lock);
    rt_log_headers_add(&log->active, &log->writer.header);
    log->end = log->writer.offset;
    log->syncs++;
    pthread_cond_signal(&log->worker_wake); /* to prepare another, and perhaps to release one */
    pthread_mutex_unlock(&log->lock);
    return 0;
}

static int write_batch(struct rt_log *log, struct rt_buf *batch, struct rt_error *error)
{
    if (batch->len == 0) { /* from rt_log_roll */
        int code = log->writer.count > 0 ? flush_group(log, error) : 0;
        return code != 0 ? code : turn_segment(log, error);
    }
    for (size_t at = 0; at < batch->len;) {
        size_t taken = rt_log_writer_add(&log->writer, batch->data + at, batch->len - at);
        at += taken;
        if (taken > 0)
            continue;
        int code = log->writer.count > 0 ? flush_group(log, error) : turn_segment(log, error);
        if (code != 0)
            return code;
    }
    return 0;
}

static int write_queue(struct rt_log *log, struct rt_log_queue *queue, struct rt_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < queue->count; i++)
        code = write_batch(log, &queue->items[i], error);
    if (code == 0 && log->writer.count > 0)
        code = flush_group(log, error);
    return code;
}

/* A record after the last one proves that the last one was synced, so that damage to it can be
 * distinguished from a torn tail. */
static int write_mark(struct rt_log *log, struct rt_error *error)
{
    struct rt_log_batch batch;
    rt_log_batch_init(&batch, log->writer.durable + 1);
    rt_log_batch_append(&batch, RT_LOG_KIND_MARK, rt_bytes(NULL, 0));
    int code = 0;
    if (rt_log_writer_add(&log->writer, batch.bytes.data, batch.bytes.len) > 0)
        code = rt_log_writer_flush(&log->writer, error); /* nobody's record: nothing to announce */
    rt_log_batch_done(&batch);
    return code;
}

static void recycle_buffers(struct rt_log *log, struct rt_log_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        struct rt_buf *buf = &queue->items[i];
        if (log->pool_count < RT_LOG_POOL && buf->cap <= RT_LOG_POOL_BYTES) {
            rt_buf_clear(buf);
            log->pool[log->pool_count++] = *buf;
        } else {
            rt_buf_done(buf);
        }
    }
    queue->count = 0;
}

/* The caller holds the lock, which is released while writing. */
static int commit(struct rt_log *log, bool here, struct rt_error *error)
{
    struct rt_log_queue empty = log->taken;
    log->taken = log->queue;
    log->queue = empty;
    log->committing = true;
    log->here = here;
    pthread_mutex_unlock(&log->lock);
    int code = write_queue(log, &log->taken, error);
    log->closed = false;
    pthread_mutex_lock(&log->lock);
    recycle_buffers(log, &log->taken);
    log->committing = false;
    return code;
}

void rt_log_commit_here(struct rt_log *log)
{
    struct rt_error error;
    int code = commit(log, true, &error);
    if (code == 0)
        return;
    pthread_mutex_unlock(&log->lock);
    rt_log_fail(log, &error);
    pthread_mutex_lock(&log->lock);
    pthread_cond_signal(&log->commit_wake); /* it ends */
}

void *rt_log_commit_main(void *arg)
{
    struct rt_log *log = arg;
    struct rt_error error = {0};
    int code = 0;
    pthread_mutex_lock(&log->lock);
    while (code == 0 && !log->failed) {
        if (log->queue.count > 0 && !log->committing)
            code = commit(log, false, &error);
        else if (log->closing && !log->committing)
            break;
        else
            pthread_cond_wait(&log->commit_wake, &log->lock);
    }
    bool failed = log->failed;
    pthread_mutex_unlock(&log->lock);
    if (code == 0 && !failed && !log->closed)
        code = write_mark(log, &error);
    if (code != 0)
        rt_log_fail(log, &error);
    return NULL;
}
