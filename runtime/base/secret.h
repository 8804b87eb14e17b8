/*
 * Files with secrets: keys and tokens. Secrets come from files, never from the command line or
 * the environment, where other users of the machine could see them.
 *
 * A secret file is a regular file (a FIFO or a device is refused without waiting for it) that
 * belongs to the user of the process or to root, and that neither its group nor others may read
 * or write.
 *
 * Threads: any.
 */
#ifndef RT_BASE_SECRET_H
#define RT_BASE_SECRET_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

enum { RT_SECRET_FILE_MAX = 1 << 20 }; /* bytes, the largest `max` */

/* Appends the whole file, `max` bytes at most, to `ret`. RT_ENOTFOUND; RT_EDENIED: not readable,
 * somebody else's, or open to others; RT_EINVAL: not a regular file; RT_ETOOBIG; RT_EIO. On
 * failure `ret` is as it was. A caller that is done with the bytes calls rt_secret_done. */
int rt_secret_read(const char *path, size_t max, struct rt_buf *ret, struct rt_error *error);
/* Whether a directory of data is for its owner alone, or does not exist yet. RT_EDENIED: others may
 * look into it, or it is somebody else's; RT_EINVAL: not a directory; RT_EIO. */
int rt_private_directory(const char *path, struct rt_error *error);
/* Overwrites and frees. */
void rt_secret_done(struct rt_buf *secret);

#endif
