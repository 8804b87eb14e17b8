/* What log.c and its threads share (internal.h). */
#include "runtime/base/uuid.h"
#include "runtime/channel/log/internal.h"

uint64_t rt_log_usable(const struct rt_log *log)
{
    return log->segment_bytes - (uint64_t)2 * RT_LOG_SEGMENT_HEADER;
}

struct rt_log_segment_header rt_log_next_spare(const struct rt_log *log)
{
    struct rt_log_segment_header header = {
        .log_id = log->log_id,
        .number = log->number,
        .size = log->segment_bytes,
    };
    rt_random(&header.salt, sizeof(header.salt));
    return header;
}

void rt_log_fail(struct rt_log *log, const struct rt_error *error)
{
    pthread_mutex_lock(&log->news);
    pthread_mutex_lock(&log->lock);
    bool first = !log->failed;
    if (first) {
        log->failed = true;
        log->failure = *error;
    }
    pthread_cond_signal(&log->commit_wake);
    pthread_mutex_unlock(&log->lock);
    if (first && log->events.failed)
        log->events.failed(log->arg, &log->failure);
    pthread_mutex_unlock(&log->news);
}

uint64_t rt_log_durable(struct rt_log *log)
{
    return atomic_load_explicit(&log->durable, memory_order_acquire);
}
