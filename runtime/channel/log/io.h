/*
 * Every system call that the log makes, behind one small table, so that tests can inject faults
 * and keep a disk in memory that loses power.
 *
 * Functions return 0, a count or a descriptor, or a negative errno. EINTR is theirs to handle.
 * Threads: any, as the system calls themselves.
 */
#ifndef RT_CHANNEL_LOG_IO_H
#define RT_CHANNEL_LOG_IO_H

#include <sys/types.h>
#include <sys/uio.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct rt_log_io {
    /* `flags` as for open(2); new files get mode 0600. */
    int (*open)(const struct rt_log_io *io, const char *path, int flags);
    int (*close)(const struct rt_log_io *io, int fd);
    ssize_t (*pread)(const struct rt_log_io *io, int fd, void *out, size_t len, uint64_t offset);
    ssize_t (*pwritev)(const struct rt_log_io *io, int fd, const struct iovec *parts, int count,
                       uint64_t offset);
    int (*fdatasync)(const struct rt_log_io *io, int fd);
    /* Asks for space up to `size` bytes; a file system that cannot is no error. */
    int (*allocate)(const struct rt_log_io *io, int fd, uint64_t size);
    int64_t (*size)(const struct rt_log_io *io, int fd);
    int (*rename)(const struct rt_log_io *io, const char *from, const char *to);
    int (*unlink)(const struct rt_log_io *io, const char *path);
    int (*mkdir)(const struct rt_log_io *io, const char *path); /* 0700; -EEXIST: it is there */
    int (*sync_dir)(const struct rt_log_io *io, const char *path);
    /* Takes the directory for this process until the descriptor is closed; -EWOULDBLOCK: taken. */
    int (*lock)(const struct rt_log_io *io, const char *path);
    /* UTC. */
    int64_t (*wall_ms)(const struct rt_log_io *io);
    int (*list)(const struct rt_log_io *io, const char *path,
                void (*entry)(void *arg, const char *name), void *arg);
};

/* The operating system's. */
extern const struct rt_log_io rt_log_io_system;

/* -------------------------------- on top of any of them; these fill `error` */

/* `code` is a negative errno: lack of space becomes RT_EAGAIN, a missing file RT_ENOTFOUND, all
 * else RT_EIO. `what` is a verb: "write". */
int rt_log_io_error(struct rt_error *error, int code, const char *what, const char *path);

/* Writes all parts or fails; changes `parts`. A short write is continued. */
int rt_log_write(const struct rt_log_io *io, int fd, const char *path, struct iovec *parts,
                 int count, uint64_t offset, struct rt_error *error);
/* Reads up to `len` bytes, fewer only at the end of the file. */
int rt_log_read(const struct rt_log_io *io, int fd, const char *path, void *out, size_t len,
                uint64_t offset, size_t *ret_len, struct rt_error *error);
int rt_log_sync(const struct rt_log_io *io, int fd, const char *path, struct rt_error *error);
int rt_log_sync_dir(const struct rt_log_io *io, const char *dir, struct rt_error *error);
/* rename, then the directory is synced. */
int rt_log_rename(const struct rt_log_io *io, const char *dir, const char *from, const char *to,
                  struct rt_error *error);
/* The same for unlink. A file that is not there is fine. */
int rt_log_unlink(const struct rt_log_io *io, const char *dir, const char *path,
                  struct rt_error *error);

#endif
