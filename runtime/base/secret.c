#include "runtime/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether `st` is of something that belongs to us alone; `mode` is what chmod would make it. */
static int check_owner(const struct stat *st, const char *path, const char *mode,
                       struct rt_error *error)
{
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return rt_error_set(error, RT_EDENIED, "%s: belongs to user %u, not to the one that reads",
                            path, (unsigned)st->st_uid);
    if (st->st_mode & (S_IRWXG | S_IRWXO))
        return rt_error_set(error, RT_EDENIED, "%s: open to others (mode %03o); run: chmod %s '%s'",
                            path, (unsigned)(st->st_mode & 0777), mode, path);
    return 0;
}

static int check(int fd, const char *path, size_t max, size_t *ret_size, struct rt_error *error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return rt_error_set(error, RT_EINVAL, "%s: not a regular file", path);
    int err = check_owner(&st, path, "600", error);
    if (err)
        return err;
    if ((uintmax_t)st.st_size > max)
        return rt_error_set(error, RT_ETOOBIG, "%s: more than %zu bytes", path, max);
    *ret_size = (size_t)st.st_size;
    return 0;
}

static int read_all(int fd, const char *path, size_t size, struct rt_buf *ret,
                    struct rt_error *error)
{
    /* Reserved as a whole: growing would leave a copy behind. */
    rt_buf_reserve(ret, size);
    size_t start = ret->len;
    while (size > 0) {
        ssize_t got = read(fd, ret->data + ret->len, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            explicit_bzero(ret->data + start, ret->len - start);
            ret->len = start;
            return rt_error_set(error, RT_EIO, "%s: %s", path,
                                got < 0 ? strerror(errno) : "shorter than it was a moment ago");
        }
        ret->len += (size_t)got;
        size -= (size_t)got;
    }
    return 0;
}

int rt_secret_read(const char *path, size_t max, struct rt_buf *ret, struct rt_error *error)
{
    RT_ASSERT(max <= RT_SECRET_FILE_MAX);
    /* O_NONBLOCK: opening a FIFO would wait for a writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        int code = errno == ENOENT ? RT_ENOTFOUND : errno == EACCES ? RT_EDENIED : RT_EIO;
        return rt_error_set(error, code, "%s: %s", path, strerror(errno));
    }
    size_t size = 0;
    int err = check(fd, path, max, &size, error);
    if (err == 0)
        err = read_all(fd, path, size, ret, error);
    close(fd);
    return err;
}

int rt_private_directory(const char *path, struct rt_error *error)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return errno == ENOENT ? 0 : rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return rt_error_set(error, RT_EINVAL, "%s: not a directory", path);
    return check_owner(&st, path, "700", error);
}

void rt_secret_done(struct rt_buf *secret)
{
    if (secret->data)
        explicit_bzero(secret->data, secret->cap);
    rt_buf_done(secret);
}
