/*
 * The epoch of a log: which life of it this is. Clients remember acknowledgements by the sequence
 * of an event, and in a log that was copied back from a backup the same sequences may become other
 * events. A file beside the segments holds a random number and which file it is itself (inode, and
 * when that was made), so a copy of the folder is noticed, and begins another epoch. A copy of the
 * whole file system, made below it, is not.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/uuid.h"
#include "runtime/channel/daemon/state.h"

enum { EPOCH_BYTES = 128, EPOCH_FIELDS = 3 };

static int failed(const char *path, const char *what, struct rt_error *error)
{
    return rt_error_set(error, RT_EIO, "cannot %s %s: %s", what, path, strerror(errno));
}

/* What a copy of the file does not share with it. */
struct self {
    uint64_t inode;
    uint64_t made; /* nanoseconds; 0 where the file system does not say */
};

static int self_read(int fd, struct self *ret)
{
    struct statx stat;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &stat) < 0)
        return -1;
    *ret = (struct self){.inode = stat.stx_ino};
    if (stat.stx_mask & STATX_BTIME)
        ret->made = (uint64_t)stat.stx_btime.tv_sec * 1000000000 + stat.stx_btime.tv_nsec;
    return 0;
}

/* The number in the file, 0 when it is of another file than this one. */
static uint64_t epoch_read(int fd, const struct self *self)
{
    char text[EPOCH_BYTES + 1] = "";
    ssize_t len = pread(fd, text, EPOCH_BYTES, 0);
    uint64_t epoch, inode, made;
    if (len <= 0 ||
        sscanf(text, "%" SCNx64 " %" SCNx64 " %" SCNx64, &epoch, &inode, &made) != EPOCH_FIELDS)
        return 0;
    return inode == self->inode && made == self->made ? epoch : 0;
}

static int epoch_write(int fd, const char *path, const struct self *self, uint64_t epoch,
                       struct rt_error *error)
{
    char text[EPOCH_BYTES];
    int len = snprintf(text, sizeof text, "%016" PRIx64 " %" PRIx64 " %" PRIx64 "\n", epoch,
                       self->inode, self->made);
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)len, 0) != len || fdatasync(fd) < 0)
        return failed(path, "write", error);
    return 0;
}

int rt_daemon_epoch(const char *data, uint64_t *ret, struct rt_error *error)
{
    char path[4096];
    struct self self = {0};
    if ((size_t)snprintf(path, sizeof path, "%s/epoch", data) >= sizeof path)
        return rt_error_set(error, RT_ETOOBIG, "the name of the folder is too long");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(path, "open", error);
    int r = self_read(fd, &self) < 0 ? failed(path, "examine", error) : 0;
    uint64_t epoch = r == 0 ? epoch_read(fd, &self) : 0;
    if (r == 0 && epoch == 0) {
        rt_random(&epoch, sizeof epoch);
        epoch |= 1;
        r = epoch_write(fd, path, &self, epoch, error);
    }
    close(fd);
    if (r == 0)
        *ret = epoch;
    return r;
}
