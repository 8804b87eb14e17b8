#include "runtime/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"

enum { DEFAULT_BLOCK_SIZE = 8192 };

struct rt_arena_block {
    struct rt_arena_block *older;
    size_t size; /* bytes in data */
    size_t used;
    max_align_t data[];
};

void rt_arena_init(struct rt_arena *arena, size_t block_size)
{
    *arena = (struct rt_arena){.block_size = block_size ? block_size : DEFAULT_BLOCK_SIZE};
}

static void free_until(struct rt_arena *arena, const struct rt_arena_block *stop)
{
    while (arena->block != stop) {
        struct rt_arena_block *block = arena->block;
        arena->block = block->older;
        free(block);
    }
}

void rt_arena_done(struct rt_arena *arena)
{
    free_until(arena, NULL);
    arena->total = 0;
}

void rt_arena_reset(struct rt_arena *arena)
{
    struct rt_arena_block *keep = NULL;
    while (arena->block) {
        struct rt_arena_block *block = arena->block;
        arena->block = block->older;
        if (!keep && block->size == arena->block_size)
            keep = block;
        else
            free(block);
    }
    if (keep) {
        keep->older = NULL;
        keep->used = 0;
        arena->block = keep;
    }
    arena->total = 0;
}

struct rt_arena_mark rt_arena_mark(const struct rt_arena *arena)
{
    return (struct rt_arena_mark){
        .block = arena->block,
        .used = arena->block ? arena->block->used : 0,
        .total = arena->total,
    };
}

void rt_arena_rewind(struct rt_arena *arena, struct rt_arena_mark mark)
{
    free_until(arena, mark.block);
    if (arena->block)
        arena->block->used = mark.used;
    arena->total = mark.total;
}

static struct rt_arena_block *add_block(struct rt_arena *arena, size_t size)
{
    size_t bytes = size > arena->block_size ? size : arena->block_size;
    struct rt_arena_block *block = rt_alloc(sizeof *block + bytes);
    *block = (struct rt_arena_block){.older = arena->block, .size = bytes};
    arena->block = block;
    return block;
}

void *rt_arena_alloc(struct rt_arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        rt_panic("out of memory: %zu bytes", size);
    size = (size + align - 1) & ~(align - 1);
    struct rt_arena_block *block = arena->block;
    if (!block || block->size - block->used < size)
        block = add_block(arena, size);
    void *memory = (char *)block->data + block->used;
    block->used += size;
    arena->total += size;
    return memory;
}

void *rt_arena_zalloc(struct rt_arena *arena, size_t size)
{
    return memset(rt_arena_alloc(arena, size), 0, size);
}

void *rt_arena_array(struct rt_arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes))
        rt_panic("out of memory: %zu items of %zu bytes", count, size);
    return rt_arena_zalloc(arena, bytes);
}

void *rt_arena_copy(struct rt_arena *arena, const void *data, size_t size)
{
    void *copy = rt_arena_alloc(arena, size);
    return size ? memcpy(copy, data, size) : copy;
}

char *rt_arena_strdup(struct rt_arena *arena, const char *text)
{
    return rt_arena_strndup(arena, text, strlen(text));
}

char *rt_arena_strndup(struct rt_arena *arena, const char *text, size_t len)
{
    char *copy = rt_arena_alloc(arena, len + 1);
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *rt_arena_join(struct rt_arena *arena, const char *first, ...)
{
    va_list parts;
    size_t len = 0;
    va_start(parts, first);
    for (const char *part = first; part; part = va_arg(parts, const char *))
        len += strlen(part);
    va_end(parts);
    char *text = rt_arena_alloc(arena, len + 1);
    char *at = text;
    va_start(parts, first);
    for (const char *part = first; part; part = va_arg(parts, const char *))
        at = stpcpy(at, part);
    va_end(parts);
    *at = '\0';
    return text;
}

char *rt_arena_printf(struct rt_arena *arena, const char *format, ...)
{
    /* Into what is left of the block, which is nearly always enough. */
    struct rt_arena_block *block = arena->block;
    size_t room = block ? block->size - block->used : 0;
    char *rest = room ? (char *)block->data + block->used : NULL;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(rest, room, format, args);
    va_end(args);
    RT_ASSERT(len >= 0);
    char *text = rt_arena_alloc(arena, (size_t)len + 1);
    if (text == rest)
        return text;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}
