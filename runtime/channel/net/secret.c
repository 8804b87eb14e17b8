#include "runtime/channel/net/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int secret_read(int fd, const char *path, struct rt_buf *ret, struct rt_error *error)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return rt_error_set(error, RT_EIO, "%s is not a file", path);
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return rt_error_set(error, RT_EDENIED, "%s may be read by others: run chmod 600 on it",
                            path);
    if (status.st_size > RT_SECRET_MAX)
        return rt_error_set(error, RT_ETOOBIG, "%s is over 1 MiB", path);
    for (size_t want = (size_t)status.st_size; want > 0;) {
        rt_buf_reserve(ret, want);
        ssize_t got = read(fd, ret->data + ret->len, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return rt_error_set(error, RT_EIO, "%s cannot be read", path);
        ret->len += (size_t)got;
        want -= (size_t)got;
    }
    return 0;
}

int rt_secret_read(const char *path, struct rt_buf *ret, struct rt_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return rt_error_set(error, errno == EACCES ? RT_EDENIED : RT_ENOTFOUND,
                            "%s cannot be opened: %s", path, strerror(errno));
    int r = secret_read(fd, path, ret, error);
    close(fd);
    return r;
}
