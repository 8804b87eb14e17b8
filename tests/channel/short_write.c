/*
 * Preloaded into a program, makes each n-th pwritev write only half of its bytes, n being what
 * SHORT_WRITE_EVERY says. Kernels may do that, and hardly ever do.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    static atomic_ulong calls;
    const char *every = getenv("SHORT_WRITE_EVERY");
    unsigned long n = every ? strtoul(every, NULL, 10) : 0;
    struct iovec half;
    if (n > 0 && atomic_fetch_add(&calls, 1) % n == 0 && count > 0 && parts->iov_len > 1) {
        half = (struct iovec){.iov_base = parts->iov_base, .iov_len = parts->iov_len / 2};
        parts = &half;
        count = 1;
    }
    return syscall(SYS_pwritev, fd, parts, count, offset, 0);
}
