#include "runtime/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"

/* An empty request may give NULL, which is no lack of memory. */
static void *must(void *memory, size_t size)
{
    if (!memory && size > 0)
        rt_panic("out of memory: %zu bytes", size);
    return memory;
}

void *rt_alloc(size_t size)
{
    return must(malloc(size), size);
}

void *rt_zalloc(size_t size)
{
    return must(calloc(1, size), size);
}

static size_t total(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        rt_panic("out of memory: %zu items of %zu bytes", count, size);
    return bytes;
}

void *rt_array(size_t count, size_t size)
{
    return rt_zalloc(total(count, size));
}

void *rt_resize(void *memory, size_t count, size_t size)
{
    size_t bytes = total(count, size);
    return must(realloc(memory, bytes), bytes);
}

char *rt_strdup(const char *text)
{
    return must(strdup(text), 1);
}
