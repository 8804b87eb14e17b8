/*
 * Keys of session tokens, read from secret files (runtime/base/secret.h): one a line, two at most.
 * The first one signs, both verify, so that keys are rotated without signing anybody out: the new
 * key as the second line everywhere, then as the first, then alone once the last token that the old
 * one signed is over.
 *
 * Threads: any. Ownership: keys live in the caller's arena.
 */
#ifndef RT_IDENTITY_KEY_H
#define RT_IDENTITY_KEY_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

enum {
    RT_KEY_MIN = 32, /* bytes; RFC 7518 section 3.2 */
    RT_KEY_FILE_MAX = 4096,
    RT_KEYS_MAX = 2,
    RT_KEY_ID_LEN = 16 /* hex digits */
};

struct rt_key {
    struct rt_bytes bytes;
    char id[RT_KEY_ID_LEN + 1]; /* names the key in tokens (kid) and tells nothing of it */
};

struct rt_keys {
    struct rt_key keys[RT_KEYS_MAX]; /* the one that signs first */
    size_t n_keys;
};

/* A key of those bytes, which are borrowed. RT_EINVAL: shorter than RT_KEY_MIN, or the same byte
 * over and over, which no random generator makes. */
int rt_key_init(struct rt_bytes bytes, struct rt_key *ret, struct rt_error *error);
/* Errors of rt_secret_read and rt_key_init, and RT_EINVAL: no key, or too many. */
int rt_keys_load(const char *path, struct rt_arena *arena, struct rt_keys *ret,
                 struct rt_error *error);

#endif
