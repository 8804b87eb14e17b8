#include "runtime/channel/log/rewrite.h"

#include <fcntl.h>

#include "runtime/base/uuid.h"
#include "runtime/channel/log/internal.h"

/* The new file while it is being written. */
struct rewrite {
    struct rt_log *log;
    const struct rt_log_keep *keep;
    const struct rt_log_pace *pace;
    struct rt_log_segment_header header;
    char path[RT_LOG_PATH_MAX];
    int fd;
    uint64_t offset;           /* where the batch goes */
    struct rt_log_batch batch; /* `next` is the sequence that must come now */
    uint64_t removed;
};

static struct rt_log_segment_header *find_segment(struct rt_log *log, uint64_t base)
{
    for (size_t i = 0; i < log->active.count; i++)
        if (log->active.items[i].base == base)
            return &log->active.items[i];
    return NULL;
}

/* Keeps the worker from letting the segment go. */
static int claim(struct rewrite *rewrite, struct rt_error *error)
{
    struct rt_log *log = rewrite->log;
    const struct rt_log_keep *keep = rewrite->keep;
    int code = 0;
    pthread_mutex_lock(&log->lock);
    const struct rt_log_segment_header *header = find_segment(log, keep->base);
    if (!header)
        code = RT_ENOTFOUND;
    else if (header + 1 == log->active.items + log->active.count || header[1].base != keep->next ||
             keep->next - 1 > log->generations.older || log->rewriting != 0 || log->failed)
        code = RT_EINVAL;
    if (code == 0) {
        rewrite->header = *header;
        log->rewriting = header->number;
    }
    pthread_mutex_unlock(&log->lock);
    if (code != 0)
        return rt_error_set(error, code, "the segment from %llu on cannot be rewritten now",
                            (unsigned long long)keep->base);
    return 0;
}

static int flush(struct rewrite *rewrite, struct rt_error *error)
{
    const struct rt_log_io *io = rewrite->log->dir.io;
    struct rt_buf *bytes = &rewrite->batch.bytes;
    if (bytes->len == 0)
        return 0;
    rt_log_seal(bytes->data, bytes->len, rewrite->keep->base - 1, rewrite->header.salt,
                rewrite->offset, &rewrite->header.events);
    struct iovec part = {bytes->data, bytes->len};
    int code = rt_log_write(io, rewrite->fd, rewrite->path, &part, 1, rewrite->offset, error);
    if (code == 0)
        code = rt_log_sync(io, rewrite->fd, rewrite->path, error);
    rewrite->offset += bytes->len;
    rt_buf_clear(bytes);
    if (code == 0 && rewrite->pace && rewrite->pace->next(rewrite->pace->arg) == 0)
        code = rt_error_set(error, RT_ECLOSED, "rewriting was given up");
    return code;
}

/* What lies between the last record that was put and `next` is gone. */
static void put_gap(struct rewrite *rewrite, uint64_t next)
{
    if (rewrite->batch.next < next)
        rt_log_gap_append(&rewrite->batch, next - 1, RT_LOG_GAP_BODY);
}

static int put_records(struct rewrite *rewrite, struct rt_error *error)
{
    const struct rt_log_keep *keep = rewrite->keep;
    struct rt_log_cursor *cursor = rt_log_cursor_new(rewrite->log, keep->base);
    struct rt_log_record record;
    int code = 0;
    while (code == 0) {
        code = rt_log_cursor_next(cursor, &record, error);
        bool end = code == RT_EAGAIN && rt_log_durable(rewrite->log) < keep->next;
        if (end || (code == 0 && record.sequence >= keep->next)) {
            code = 0;
            put_gap(rewrite, keep->next);
            break;
        }
        if (code != 0)
            break;
        if (!rt_log_kept(keep, record.sequence)) {
            rewrite->removed++;
            continue;
        }
        put_gap(rewrite, record.sequence);
        rt_log_batch_append(&rewrite->batch, record.kind, record.body);
        if (rewrite->batch.bytes.len >= RT_LOG_REWRITE_STEP)
            code = flush(rewrite, error);
    }
    rt_log_cursor_free(cursor);
    return code != 0 ? code : flush(rewrite, error);
}

/* Both headers, then the new file takes the place of the old one. */
static int finish(struct rewrite *rewrite, struct rt_error *error)
{
    const struct rt_log_dir *dir = &rewrite->log->dir;
    struct rt_log_segment_header *header = &rewrite->header;
    header->size = rewrite->offset + RT_LOG_SEGMENT_HEADER;
    uint8_t bytes[RT_LOG_SEGMENT_HEADER];
    rt_log_segment_header_encode(header, bytes);
    const uint64_t places[] = {0, rewrite->offset};
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof(places) / sizeof(*places); i++) {
        struct iovec part = {bytes, sizeof(bytes)};
        code = rt_log_write(dir->io, rewrite->fd, rewrite->path, &part, 1, places[i], error);
    }
    return code != 0 ? code : rt_log_sync(dir->io, rewrite->fd, rewrite->path, error);
}

static int write_file(struct rewrite *rewrite, struct rt_error *error)
{
    const struct rt_log_dir *dir = &rewrite->log->dir;
    rt_log_temp_path(dir, "rewrite.tmp", rewrite->path);
    rewrite->fd = dir->io->open(dir->io, rewrite->path, O_RDWR | O_CREAT | O_TRUNC);
    if (rewrite->fd < 0)
        return rt_log_io_error(error, rewrite->fd, "open", rewrite->path);
    int code = put_records(rewrite, error);
    if (code == 0)
        code = finish(rewrite, error);
    dir->io->close(dir->io, rewrite->fd);
    return code;
}

/* From here on the name means the new file, whether or not the directory could be synced:
 * both files hold what must be kept. */
static void replace(struct rewrite *rewrite)
{
    struct rt_log *log = rewrite->log;
    pthread_mutex_lock(&log->lock);
    struct rt_log_segment_header *header = find_segment(log, rewrite->keep->base);
    RT_ASSERT(header); /* it was claimed */
    *header = rewrite->header;
    log->rewrites++;
    log->removed += rewrite->removed;
    pthread_mutex_unlock(&log->lock);
}

int rt_log_rewrite(struct rt_log *log, const struct rt_log_keep *keep,
                   const struct rt_log_pace *pace, struct rt_error *error)
{
    struct rewrite rewrite = {.log = log, .keep = keep, .pace = pace};
    const struct rt_log_dir *dir = &log->dir;
    int code = claim(&rewrite, error);
    if (code != 0)
        return code;
    rt_random(&rewrite.header.salt, sizeof(rewrite.header.salt));
    rewrite.header.rewritten = true;
    rewrite.header.events = 0;
    rewrite.offset = RT_LOG_SEGMENT_HEADER;
    rt_log_batch_init(&rewrite.batch, keep->base);
    code = write_file(&rewrite, error);
    rt_log_batch_done(&rewrite.batch);
    if (code == 0 && pace && pace->next(pace->arg) == 0) /* the last chance */
        code = rt_error_set(error, RT_ECLOSED, "rewriting was given up");
    if (code == 0) {
        char path[RT_LOG_PATH_MAX];
        rt_log_segment_path(dir, rewrite.header.number, path);
        int renamed = dir->io->rename(dir->io, rewrite.path, path);
        if (renamed != 0)
            code = rt_log_io_error(error, renamed, "rename", rewrite.path);
        else
            replace(&rewrite);
    }
    if (code == 0)
        code = rt_log_sync_dir(dir->io, dir->path, error);
    else
        dir->io->unlink(dir->io, rewrite.path);
    pthread_mutex_lock(&log->lock);
    log->rewriting = 0;
    pthread_cond_signal(&log->worker_wake); /* it may go now */
    pthread_mutex_unlock(&log->lock);
    return code;
}
