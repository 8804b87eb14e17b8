#include "runtime/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"

void rt_buf_done(struct rt_buf *buf)
{
    free(buf->data);
    *buf = (struct rt_buf){0};
}

void rt_buf_reserve(struct rt_buf *buf, size_t extra)
{
    if (buf->cap - buf->len >= extra && buf->data)
        return;
    if (extra > SIZE_MAX / 4 - buf->len)
        rt_panic("out of memory: %zu more bytes", extra);
    size_t cap = buf->cap ? buf->cap * 2 : 64;
    while (cap - buf->len < extra)
        cap *= 2;
    buf->data = rt_resize(buf->data, cap, 1);
    buf->cap = cap;
}

uint8_t *rt_buf_extend(struct rt_buf *buf, size_t len)
{
    rt_buf_reserve(buf, len);
    uint8_t *start = buf->data + buf->len;
    buf->len += len;
    return start;
}

void rt_buf_append(struct rt_buf *buf, const void *data, size_t len)
{
    if (len > 0)
        memcpy(rt_buf_extend(buf, len), data, len);
}

void rt_buf_printf(struct rt_buf *buf, const char *format, ...)
{
    size_t room = buf->cap - buf->len;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(room ? (char *)buf->data + buf->len : NULL, room, format, args);
    va_end(args);
    RT_ASSERT(len >= 0);
    if ((size_t)len >= room) {
        rt_buf_reserve(buf, (size_t)len + 1);
        va_start(args, format);
        vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format, args);
        va_end(args);
    }
    buf->len += (size_t)len;
}

void rt_buf_consume(struct rt_buf *buf, size_t len)
{
    RT_ASSERT(len <= buf->len);
    if (len == 0)
        return;
    memmove(buf->data, buf->data + len, buf->len - len);
    buf->len -= len;
}

const char *rt_buf_cstr(struct rt_buf *buf)
{
    rt_buf_reserve(buf, 1);
    buf->data[buf->len] = '\0';
    return (const char *)buf->data;
}
