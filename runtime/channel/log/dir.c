#include "runtime/channel/log/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"

enum {
    SEGMENT_DIGITS = 10,
    CHECKPOINT_DIGITS = 20,
    ZERO_CHUNK = 1 << 20, /* bytes of one write when zero-filling */
    ZERO_SYNC = 8 << 20,  /* bytes between syncs, so that batches need not wait behind all of it */
};

int rt_log_dir_open(struct rt_log_dir *dir, const struct rt_log_io *io, const char *path,
                    bool create, struct rt_error *error)
{
    *dir = (struct rt_log_dir){.io = io, .lock = -1};
    if (snprintf(dir->path, sizeof(dir->path), "%s", path) >= (int)sizeof(dir->path))
        return rt_error_set(error, RT_ETOOBIG, "the path of the log is too long: %s", path);
    char name[RT_LOG_PATH_MAX];
    if (create) {
        int code = io->mkdir(io, path);
        if (code != 0 && code != -EEXIST)
            return rt_log_io_error(error, code, "create", path);
        rt_log_temp_path(dir, "..", name);
        if (code == 0 && (code = rt_log_sync_dir(io, name, error)) != 0)
            return code;
    }
    rt_log_temp_path(dir, "LOCK", name);
    int fd = io->lock(io, name);
    if (fd == -EWOULDBLOCK)
        return rt_error_set(error, RT_EEXIST, "another process has the log in %s open", path);
    if (fd < 0)
        return rt_log_io_error(error, fd, "lock", name);
    dir->lock = fd;
    return 0;
}

void rt_log_dir_close(struct rt_log_dir *dir)
{
    if (dir->lock >= 0)
        dir->io->close(dir->io, dir->lock);
    dir->lock = -1;
}

void rt_log_segment_path(const struct rt_log_dir *dir, uint64_t number, char out[RT_LOG_PATH_MAX])
{
    snprintf(out, RT_LOG_PATH_MAX, "%s/%0*" PRIu64 ".log", dir->path, SEGMENT_DIGITS, number);
}

void rt_log_checkpoint_path(const struct rt_log_dir *dir, uint64_t sequence,
                            char out[RT_LOG_PATH_MAX])
{
    snprintf(out, RT_LOG_PATH_MAX, "%s/checkpoint-%0*" PRIu64, dir->path, CHECKPOINT_DIGITS,
             sequence);
}

void rt_log_temp_path(const struct rt_log_dir *dir, const char *name, char out[RT_LOG_PATH_MAX])
{
    snprintf(out, RT_LOG_PATH_MAX, "%s/%s", dir->path, name);
}

/* ------------------------------------------------------------------ listing */

static void add_number(uint64_t **numbers, size_t *count, uint64_t number)
{
    if ((*count & (*count - 1)) == 0) {
        size_t cap = *count ? *count * 2 : 1;
        *numbers = rt_resize(*numbers, cap, sizeof(**numbers));
    }
    (*numbers)[(*count)++] = number;
}

static void add_name(void *arg, const char *text)
{
    struct rt_log_listing *listing = arg;
    struct rt_str name = rt_str(text);
    struct rt_str prefix = RT_STR("checkpoint-"), suffix = RT_STR(".log");
    uint64_t number;
    if (name.len == SEGMENT_DIGITS + suffix.len && rt_str_ends(name, suffix) &&
        rt_str_to_u64(rt_str_n(name.data, SEGMENT_DIGITS), &number))
        add_number(&listing->segments, &listing->segment_count, number);
    if (name.len == prefix.len + CHECKPOINT_DIGITS && rt_str_starts(name, prefix) &&
        rt_str_to_u64(rt_str_n(name.data + prefix.len, CHECKPOINT_DIGITS), &number))
        add_number(&listing->checkpoints, &listing->checkpoint_count, number);
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

int rt_log_dir_list(const struct rt_log_dir *dir, struct rt_log_listing *ret,
                    struct rt_error *error)
{
    struct rt_log_listing listing = {0};
    int code = dir->io->list(dir->io, dir->path, add_name, &listing);
    if (code != 0) {
        rt_log_listing_done(&listing);
        return rt_log_io_error(error, code, "list", dir->path);
    }
    if (listing.segment_count > 1)
        qsort(listing.segments, listing.segment_count, sizeof(uint64_t), compare_numbers);
    if (listing.checkpoint_count > 1)
        qsort(listing.checkpoints, listing.checkpoint_count, sizeof(uint64_t), compare_numbers);
    *ret = listing;
    return 0;
}

void rt_log_listing_done(struct rt_log_listing *listing)
{
    free(listing->segments);
    free(listing->checkpoints);
    *listing = (struct rt_log_listing){0};
}

/* ------------------------------------------------------------ segment files */

int rt_log_segment_open(const struct rt_log_dir *dir, uint64_t number, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, number, path);
    int fd = dir->io->open(dir->io, path, O_RDWR);
    return fd >= 0 ? fd : rt_log_io_error(error, fd, "open", path);
}

/* `ret_size`: of the file, whatever its header says. */
static int read_header(const struct rt_log_dir *dir, int fd, const char *path, uint64_t number,
                       bool copy, struct rt_log_segment_header *ret, int64_t *ret_size,
                       struct rt_error *error)
{
    int64_t size = *ret_size = dir->io->size(dir->io, fd);
    if (size < 0)
        return rt_log_io_error(error, (int)size, "examine", path);
    uint64_t offset =
        copy && size > RT_LOG_SEGMENT_HEADER ? (uint64_t)size - RT_LOG_SEGMENT_HEADER : 0;
    uint8_t bytes[RT_LOG_SEGMENT_HEADER];
    size_t len;
    int code = rt_log_read(dir->io, fd, path, bytes, sizeof(bytes), offset, &len, error);
    if (code != 0)
        return code;
    code = len == sizeof(bytes) ? rt_log_segment_header_decode(bytes, ret) : RT_ECORRUPT;
    if (code == RT_EUNSUPPORTED)
        return rt_error_set(error, code, "%s: the log was written by a newer version", path);
    if (code != 0)
        return rt_error_set(error, code,
                            "%s: damaged header at offset %" PRIu64 "; run: channel repair %s",
                            path, offset, dir->path);
    if (ret->number != number)
        return rt_error_set(error, RT_ECORRUPT, "%s: the file was renamed, it is segment %" PRIu64,
                            path, ret->number);
    return 0;
}

static int load_header(const struct rt_log_dir *dir, int fd, const char *path, uint64_t number,
                       bool copy, struct rt_log_segment_header *ret, struct rt_error *error)
{
    int64_t size;
    int code = read_header(dir, fd, path, number, copy, ret, &size, error);
    if (code == 0 && (uint64_t)size != ret->size)
        return rt_error_set(error, RT_ECORRUPT,
                            "%s: %" PRId64 " bytes long instead of %" PRIu64
                            "; run: channel repair %s",
                            path, size, ret->size, dir->path);
    return code;
}

int rt_log_segment_examine(const struct rt_log_dir *dir, int fd, uint64_t number,
                           struct rt_log_segment_header *ret, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, number, path);
    return load_header(dir, fd, path, number, false, ret, error);
}

static int load_segment(const struct rt_log_dir *dir, uint64_t number, bool copy,
                        struct rt_log_segment_header *ret, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, number, path);
    int fd = dir->io->open(dir->io, path, O_RDONLY);
    if (fd < 0)
        return rt_log_io_error(error, fd, "open", path);
    struct rt_log_segment_header header;
    int code = load_header(dir, fd, path, number, copy, &header, error);
    dir->io->close(dir->io, fd);
    if (code == 0)
        *ret = header;
    return code;
}

int rt_log_segment_load(const struct rt_log_dir *dir, uint64_t number,
                        struct rt_log_segment_header *ret, struct rt_error *error)
{
    return load_segment(dir, number, false, ret, error);
}

int rt_log_segment_load_copy(const struct rt_log_dir *dir, uint64_t number,
                             struct rt_log_segment_header *ret, struct rt_error *error)
{
    return load_segment(dir, number, true, ret, error);
}

static int write_header(const struct rt_log_dir *dir, int fd, const char *path, uint64_t offset,
                        const struct rt_log_segment_header *header, struct rt_error *error)
{
    uint8_t bytes[RT_LOG_SEGMENT_HEADER];
    rt_log_segment_header_encode(header, bytes);
    struct iovec part = {bytes, sizeof(bytes)};
    return rt_log_write(dir->io, fd, path, &part, 1, offset, error);
}

int rt_log_segment_store(const struct rt_log_dir *dir, int fd,
                         const struct rt_log_segment_header *header, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, header->number, path);
    int code = write_header(dir, fd, path, 0, header, error);
    return code != 0 ? code : rt_log_sync(dir->io, fd, path, error);
}

static int fill_zeros(const struct rt_log_dir *dir, int fd, const char *path, uint64_t from,
                      uint64_t size, const struct rt_log_pace *pace, struct rt_error *error)
{
    static const uint8_t zeros[ZERO_CHUNK];
    int code = dir->io->allocate(dir->io, fd, size);
    if (code != 0)
        return rt_log_io_error(error, code, "allocate", path);
    for (uint64_t at = from; at < size;) {
        size_t step = pace ? pace->next(pace->arg) : ZERO_SYNC;
        if (step == 0)
            return rt_error_set(error, RT_ECLOSED, "%s is not needed any more", path);
        uint64_t end = size - at < step ? size : at + step;
        while (at < end) {
            size_t len = end - at < ZERO_CHUNK ? (size_t)(end - at) : ZERO_CHUNK;
            struct iovec part = {(void *)(uintptr_t)zeros, len};
            if ((code = rt_log_write(dir->io, fd, path, &part, 1, at, error)) != 0)
                return code;
            at += len;
        }
        if (at < size && (code = rt_log_sync(dir->io, fd, path, error)) != 0)
            return code;
    }
    return 0;
}

/* The file `from`, opened with `flags`, becomes segment header->number. */
static int make_spare(const struct rt_log_dir *dir, const char *from, int flags,
                      const struct rt_log_segment_header *header, const struct rt_log_pace *pace,
                      struct rt_error *error)
{
    RT_ASSERT(header->base == 0);
    int fd = dir->io->open(dir->io, from, flags);
    if (fd < 0)
        return rt_log_io_error(error, fd, "open", from);
    int code = 0;
    if (flags & O_CREAT)
        code = fill_zeros(dir, fd, from, 0, header->size, pace, error);
    if (code == 0)
        code = write_header(dir, fd, from, rt_log_segment_limit(header), header, error);
    if (code == 0)
        code = write_header(dir, fd, from, 0, header, error);
    if (code == 0)
        code = rt_log_sync(dir->io, fd, from, error);
    dir->io->close(dir->io, fd);
    if (code != 0)
        return code;
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, header->number, path);
    return rt_log_rename(dir->io, dir->path, from, path, error);
}

int rt_log_segment_prepare(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                           const struct rt_log_pace *pace, struct rt_error *error)
{
    char temp[RT_LOG_PATH_MAX];
    rt_log_temp_path(dir, "spare.tmp", temp);
    int code = make_spare(dir, temp, O_RDWR | O_CREAT | O_TRUNC, header, pace, error);
    if (code == RT_EAGAIN || code == RT_ECLOSED)
        dir->io->unlink(dir->io, temp); /* gives its part of a full disk back */
    return code;
}

int rt_log_segment_reuse(const struct rt_log_dir *dir, uint64_t old,
                         const struct rt_log_segment_header *header, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX], temp[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, old, path);
    rt_log_temp_path(dir, "spare.tmp", temp);
    /* The old name goes first, for good: no crash leaves a segment of the log with a header that
     * is not its own. */
    int code = rt_log_rename(dir->io, dir->path, path, temp, error);
    return code != 0 ? code : make_spare(dir, temp, O_RDWR, header, NULL, error);
}

int rt_log_segment_short(const struct rt_log_dir *dir, uint64_t number,
                         struct rt_log_segment_header *ret, uint64_t *ret_size,
                         struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, number, path);
    int fd = rt_log_segment_open(dir, number, error);
    if (fd < 0)
        return fd;
    int64_t size;
    int code = read_header(dir, fd, path, number, false, ret, &size, error);
    dir->io->close(dir->io, fd);
    if (code == 0)
        *ret_size = (uint64_t)size < ret->size ? (uint64_t)size : ret->size;
    return code;
}

int rt_log_segment_mend(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                        uint64_t size, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, header->number, path);
    struct rt_log_segment_header copy = *header;
    if (!header->rewritten) {
        copy.base = copy.events_before = 0;
        copy.begun_ms = 0;
    }
    int fd = rt_log_segment_open(dir, header->number, error);
    if (fd < 0)
        return fd;
    int code = fill_zeros(dir, fd, path, size, header->size, NULL, error);
    if (code == 0)
        code = write_header(dir, fd, path, rt_log_segment_limit(header), &copy, error);
    if (code == 0)
        code = rt_log_sync(dir->io, fd, path, error);
    dir->io->close(dir->io, fd);
    return code;
}
