/*
 * UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then a counter and random bits.
 * Within one generator ids are strictly increasing, even when the clock steps back.
 */
#ifndef RT_BASE_UUID_H
#define RT_BASE_UUID_H

#include "runtime/base/str.h"

enum { RT_UUID_LEN = 36 };

/* The state of one generator. Threads: one at a time. Zero it to start. Not to be used on both
 * sides of a fork: they would draw the same random bytes. */
struct rt_uuid_gen {
    int64_t last_ms;
    uint32_t counter;  /* 12 bits of rand_a, counting within a millisecond */
    uint32_t left;     /* bytes at the end of the pool that were not drawn yet */
    uint8_t pool[320]; /* one system call for many ids */
};

/* `out` takes 36 lower-case characters and a NUL. Random bits come from getrandom(2). */
void rt_uuid_next(struct rt_uuid_gen *gen, int64_t now_ms, char out[RT_UUID_LEN + 1]);
/* Any UUID in the 8-4-4-4-12 form, either case. */
bool rt_uuid_valid(struct rt_str text);

/* `len` bytes from the kernel's generator; panics when there is none. */
void rt_random(void *out, size_t len);

#endif
