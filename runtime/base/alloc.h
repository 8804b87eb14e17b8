/*
 * Memory of the heap, or the end of the process: an exhausted heap panics, which is safe
 * because what was acknowledged is durable. Callers bound what they allocate by the limits on
 * their input. free() releases all of it.
 *
 * Threads: any.
 */
#ifndef RT_BASE_ALLOC_H
#define RT_BASE_ALLOC_H

#include <stddef.h>

void *rt_alloc(size_t size);               /* uninitialised */
void *rt_zalloc(size_t size);              /* zeroed */
void *rt_array(size_t count, size_t size); /* zeroed; checks overflow */
/* `memory` (or NULL) with room for `count` items of `size` bytes; what is new is uninitialised. */
void *rt_resize(void *memory, size_t count, size_t size);
char *rt_strdup(const char *text);

#endif
