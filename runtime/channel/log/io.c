#include "runtime/channel/log/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/clock.h"

static int system_open(const struct rt_log_io *io, const char *path, int flags)
{
    (void)io;
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, 0600);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

static int system_close(const struct rt_log_io *io, int fd)
{
    (void)io;
    return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}

static ssize_t system_pread(const struct rt_log_io *io, int fd, void *out, size_t len,
                            uint64_t offset)
{
    (void)io;
    ssize_t n;
    do
        n = pread(fd, out, len, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

static ssize_t system_pwritev(const struct rt_log_io *io, int fd, const struct iovec *parts,
                              int count, uint64_t offset)
{
    (void)io;
    ssize_t n;
    do
        n = pwritev(fd, parts, count, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

static int system_fdatasync(const struct rt_log_io *io, int fd)
{
    (void)io;
    /* Not repeated, not even after EINTR: a sync that did not succeed has failed. */
    return fdatasync(fd) == 0 ? 0 : -errno;
}

static int system_allocate(const struct rt_log_io *io, int fd, uint64_t size)
{
    (void)io;
    if (fallocate(fd, 0, 0, (off_t)size) == 0)
        return 0;
    return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINTR ? 0 : -errno;
}

static int64_t system_size(const struct rt_log_io *io, int fd)
{
    (void)io;
    struct stat status;
    return fstat(fd, &status) == 0 ? (int64_t)status.st_size : -errno;
}

static int system_rename(const struct rt_log_io *io, const char *from, const char *to)
{
    (void)io;
    return rename(from, to) == 0 ? 0 : -errno;
}

static int system_unlink(const struct rt_log_io *io, const char *path)
{
    (void)io;
    return unlink(path) == 0 ? 0 : -errno;
}

static int system_mkdir(const struct rt_log_io *io, const char *path)
{
    (void)io;
    return mkdir(path, 0700) == 0 ? 0 : -errno;
}

static int system_sync_dir(const struct rt_log_io *io, const char *path)
{
    int fd = system_open(io, path, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        return fd;
    int code = fsync(fd) == 0 ? 0 : -errno;
    close(fd);
    return code;
}

static int system_lock(const struct rt_log_io *io, const char *path)
{
    int fd = system_open(io, path, O_RDWR | O_CREAT);
    if (fd < 0)
        return fd;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int code = -errno;
        close(fd);
        return code;
    }
    return fd;
}

static int64_t system_wall_ms(const struct rt_log_io *io)
{
    (void)io;
    return rt_clock_now_ms();
}

static int system_list(const struct rt_log_io *io, const char *path,
                       void (*entry)(void *arg, const char *name), void *arg)
{
    (void)io;
    DIR *dir = opendir(path);
    if (!dir)
        return -errno;
    errno = 0;
    for (struct dirent *item; (item = readdir(dir));)
        entry(arg, item->d_name);
    int code = -errno;
    closedir(dir);
    return code;
}

const struct rt_log_io rt_log_io_system = {
    .open = system_open,
    .close = system_close,
    .pread = system_pread,
    .pwritev = system_pwritev,
    .fdatasync = system_fdatasync,
    .allocate = system_allocate,
    .size = system_size,
    .rename = system_rename,
    .unlink = system_unlink,
    .mkdir = system_mkdir,
    .sync_dir = system_sync_dir,
    .lock = system_lock,
    .wall_ms = system_wall_ms,
    .list = system_list,
};

int rt_log_io_error(struct rt_error *error, int code, const char *what, const char *path)
{
    int kind = code == -ENOSPC || code == -EDQUOT ? RT_EAGAIN
               : code == -ENOENT                  ? RT_ENOTFOUND
                                                  : RT_EIO;
    return rt_error_set(error, kind, "cannot %s %s: %s", what, path, strerrordesc_np(-code));
}

int rt_log_write(const struct rt_log_io *io, int fd, const char *path, struct iovec *parts,
                 int count, uint64_t offset, struct rt_error *error)
{
    while (count > 0) {
        ssize_t n = io->pwritev(io, fd, parts, count, offset);
        if (n <= 0)
            return rt_log_io_error(error, n < 0 ? (int)n : -EIO, "write", path);
        offset += (uint64_t)n;
        size_t left = (size_t)n;
        while (count > 0 && left >= parts->iov_len) {
            left -= parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
    return 0;
}

int rt_log_read(const struct rt_log_io *io, int fd, const char *path, void *out, size_t len,
                uint64_t offset, size_t *ret_len, struct rt_error *error)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = io->pread(io, fd, (uint8_t *)out + done, len - done, offset + done);
        if (n < 0)
            return rt_log_io_error(error, (int)n, "read", path);
        if (n == 0)
            break;
        done += (size_t)n;
    }
    *ret_len = done;
    return 0;
}

int rt_log_sync(const struct rt_log_io *io, int fd, const char *path, struct rt_error *error)
{
    int code = io->fdatasync(io, fd);
    return code == 0 ? 0 : rt_log_io_error(error, code, "sync", path);
}

int rt_log_sync_dir(const struct rt_log_io *io, const char *dir, struct rt_error *error)
{
    int code = io->sync_dir(io, dir);
    return code == 0 ? 0 : rt_log_io_error(error, code, "sync", dir);
}

int rt_log_rename(const struct rt_log_io *io, const char *dir, const char *from, const char *to,
                  struct rt_error *error)
{
    int code = io->rename(io, from, to);
    if (code != 0)
        return rt_log_io_error(error, code, "rename", from);
    return rt_log_sync_dir(io, dir, error);
}

int rt_log_unlink(const struct rt_log_io *io, const char *dir, const char *path,
                  struct rt_error *error)
{
    int code = io->unlink(io, path);
    if (code != 0 && code != -ENOENT)
        return rt_log_io_error(error, code, "remove", path);
    return rt_log_sync_dir(io, dir, error);
}
