#include "tests/bench/log_bare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

enum { FILE_BYTES = 64 << 20, CHUNK = 1 << 20 };

/* A frame: checksum, sequence, length, then the event. */
struct frame {
    uint64_t checksum;
    uint64_t sequence;
    uint64_t length;
};

struct bare_log {
    char path[256];
    int fd;
    off_t offset;
    uint64_t sequence;
    struct rt_buf batch;
};

static void must(int failed, const char *what)
{
    if (failed)
        rt_panic("bare log: %s: %s", what, strerrordesc_np(errno));
}

struct bare_log *bare_log_new(const char *dir)
{
    struct bare_log *log = calloc(1, sizeof(*log));
    static const char zeros[CHUNK];
    must(!log, "allocate");
    snprintf(log->path, sizeof(log->path), "%s/bare", dir);
    log->fd = open(log->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(log->fd < 0, "open");
    for (off_t at = 0; at < FILE_BYTES; at += CHUNK)
        must(pwrite(log->fd, zeros, CHUNK, at) != CHUNK, "zero");
    must(fsync(log->fd) != 0, "sync");
    return log;
}

void bare_log_free(struct bare_log *log)
{
    close(log->fd);
    unlink(log->path);
    rt_buf_done(&log->batch);
    free(log);
}

/* Frames one event; the caller fills its payload before sealing. */
static uint8_t *frame_begin(struct bare_log *log, size_t size)
{
    uint8_t *at = rt_buf_extend(&log->batch, sizeof(struct frame) + size);
    struct frame frame = {.sequence = ++log->sequence, .length = size};
    memcpy(at, &frame, sizeof(frame));
    return at;
}

static void frame_seal(uint8_t *at, size_t size)
{
    uint64_t checksum = rt_hash(rt_bytes(at + 8, sizeof(struct frame) + size - 8), 0);
    memcpy(at, &checksum, sizeof(checksum));
}

void bare_log_add(struct bare_log *log, struct rt_bytes event)
{
    uint8_t *at = frame_begin(log, event.len);
    memcpy(at + sizeof(struct frame), event.data, event.len);
    frame_seal(at, event.len);
}

void bare_log_flush(struct bare_log *log)
{
    struct rt_buf *batch = &log->batch;
    if (log->offset + (off_t)batch->len > FILE_BYTES)
        log->offset = 0;
    must(pwrite(log->fd, batch->data, batch->len, log->offset) != (ssize_t)batch->len, "write");
    must(fdatasync(log->fd) != 0, "sync");
    log->offset += (off_t)batch->len;
    rt_buf_clear(batch);
}

void bare_log_commit(struct bare_log *log, size_t depth, size_t size)
{
    for (size_t i = 0; i < depth; i++) {
        uint8_t *at = frame_begin(log, size);
        memset(at + sizeof(struct frame), 'x', size);
        frame_seal(at, size);
    }
    bare_log_flush(log);
}
