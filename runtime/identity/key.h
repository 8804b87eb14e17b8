/*
 * Keys of session tokens, read from secret files (runtime/base/secret.h).
 *
 * Threads: any. Ownership: the key lives in the caller's arena.
 */
#ifndef RT_IDENTITY_KEY_H
#define RT_IDENTITY_KEY_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

enum { RT_KEY_MIN = 32, RT_KEY_MAX = 4096 }; /* bytes; RFC 7518 section 3.2 */

/* The file's bytes without the line end at their end. Errors of rt_secret_read, and RT_EINVAL:
 * shorter than RT_KEY_MIN, or the same byte over and over, which no random generator makes. */
int rt_key_load(const char *path, struct rt_arena *arena, struct rt_bytes *ret,
                struct rt_error *error);

#endif
