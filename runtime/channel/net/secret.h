/*
 * Files with secrets: tokens. They must be readable by their owner only.
 */
#ifndef RT_CHANNEL_SECRET_H
#define RT_CHANNEL_SECRET_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

enum { RT_SECRET_MAX = 1 << 20 }; /* bytes */

/* Appends the whole file to `ret`. RT_ENOTFOUND, RT_EDENIED (others may read it), RT_ETOOBIG,
 * RT_EIO. */
int rt_secret_read(const char *path, struct rt_buf *ret, struct rt_error *error);

#endif
