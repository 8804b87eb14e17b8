/*
 * Secrets come from files, never from the command line or the environment, where other users of
 * the machine could see them.
 *
 * Threads: any. Ownership: the secret lives in the caller's arena.
 */
#ifndef RT_IDENTITY_SECRET_H
#define RT_IDENTITY_SECRET_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

enum { RT_SECRET_MIN = 32, RT_SECRET_MAX = 4096 }; /* bytes */

/* The file's bytes without the line end at their end. RT_EDENIED: group or others may read or
 * write the file; RT_EINVAL: shorter than RT_SECRET_MIN; RT_ETOOBIG; RT_ENOTFOUND; RT_EIO. */
int rt_secret_load(const char *path, struct rt_arena *arena, struct rt_bytes *ret,
                   struct rt_error *error);

#endif
