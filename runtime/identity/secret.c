#include "runtime/identity/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

static int check(int fd, const char *path, struct rt_error *error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return rt_error_set(error, RT_EINVAL, "%s: not a regular file", path);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return rt_error_set(error, RT_EDENIED,
                            "%s: open to others (mode %03o); run: chmod 600 '%s'", path,
                            (unsigned)(st.st_mode & 0777), path);
    return 0;
}

static int read_all(int fd, const char *path, uint8_t bytes[static RT_SECRET_MAX + 1],
                    size_t *ret_len, struct rt_error *error)
{
    size_t len = 0;
    while (len <= RT_SECRET_MAX) {
        ssize_t n = read(fd, bytes + len, RT_SECRET_MAX + 1 - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
        if (n == 0)
            break;
        len += (size_t)n;
    }
    if (len > RT_SECRET_MAX)
        return rt_error_set(error, RT_ETOOBIG, "%s: more than %d bytes", path, RT_SECRET_MAX);
    while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r'))
        len--;
    if (len < RT_SECRET_MIN)
        return rt_error_set(error, RT_EINVAL, "%s: a secret needs at least %d bytes, this has %zu",
                            path, RT_SECRET_MIN, len);
    *ret_len = len;
    return 0;
}

int rt_secret_load(const char *path, struct rt_arena *arena, struct rt_bytes *ret,
                   struct rt_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return rt_error_set(error, errno == ENOENT ? RT_ENOTFOUND : RT_EIO, "%s: %s", path,
                            strerror(errno));
    uint8_t bytes[RT_SECRET_MAX + 1];
    size_t len = 0;
    int err = check(fd, path, error);
    if (err == 0)
        err = read_all(fd, path, bytes, &len, error);
    if (err == 0)
        *ret = rt_bytes(rt_arena_copy(arena, bytes, len), len);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    close(fd);
    return err;
}
