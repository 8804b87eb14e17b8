/*
 * An arena: memory for one compile, request, transaction or delivery, freed all at once.
 *
 * Invariants: every pointer stays where it is until the arena is reset, rewound past it or done.
 * Memory is aligned for any type. Allocation never returns NULL: an exhausted heap panics, so a
 * caller bounds what it allocates by the limits on its input.
 * Threads: one at a time.
 */
#ifndef RT_BASE_ARENA_H
#define RT_BASE_ARENA_H

#include <stddef.h>

#include "runtime/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rt_arena_block;

struct rt_arena {
    struct rt_arena_block *block; /* newest first */
    size_t block_size;            /* bytes of the next ordinary block */
    size_t total;                 /* bytes handed out since init or reset */
};

struct rt_arena_mark {
    struct rt_arena_block *block;
    size_t used;
    size_t total;
};

/* `block_size` in bytes, 0 for the default of 8 KiB. Nothing is allocated yet. */
void rt_arena_init(struct rt_arena *arena, size_t block_size);
/* Frees everything; the arena may be used again as after init. */
void rt_arena_done(struct rt_arena *arena);
/* Forgets everything but keeps one ordinary block for the next use. */
void rt_arena_reset(struct rt_arena *arena);

struct rt_arena_mark rt_arena_mark(const struct rt_arena *arena);
void rt_arena_rewind(struct rt_arena *arena, struct rt_arena_mark mark);

/* All of these return memory owned by the arena. */
void *rt_arena_alloc(struct rt_arena *arena, size_t size);  /* uninitialised */
void *rt_arena_zalloc(struct rt_arena *arena, size_t size); /* zeroed */
void *rt_arena_array(struct rt_arena *arena, size_t count,
                     size_t size); /* zeroed; checks overflow */
void *rt_arena_copy(struct rt_arena *arena, const void *data, size_t size);
char *rt_arena_strdup(struct rt_arena *arena, const char *text);
char *rt_arena_strndup(struct rt_arena *arena, const char *text, size_t len); /* adds the NUL */
/* The parts one after the other; the last argument is NULL. */
char *rt_arena_join(struct rt_arena *arena, const char *first, ...) __attribute__((sentinel));
char *rt_arena_printf(struct rt_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define RT_ARENA_NEW(arena, type)          ((type *)rt_arena_zalloc((arena), sizeof(type)))
#define RT_ARENA_ARRAY(arena, count, type) ((type *)rt_arena_array((arena), (count), sizeof(type)))

#ifdef __cplusplus
}
#endif

#endif
