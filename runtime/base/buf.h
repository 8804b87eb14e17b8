/*
 * A growing byte buffer on the heap. `data` is not NUL-terminated unless rt_buf_cstr is called.
 * Threads: one at a time. Growth never fails: an exhausted heap panics.
 */
#ifndef RT_BASE_BUF_H
#define RT_BASE_BUF_H

#include "runtime/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rt_buf {
    uint8_t *data;
    size_t len;
    size_t cap;
};

/* A zeroed struct rt_buf is an empty buffer. */
void rt_buf_done(struct rt_buf *buf);
void rt_buf_reserve(struct rt_buf *buf, size_t extra);
/* Makes room for `len` more bytes, counts them in and returns where they start. */
uint8_t *rt_buf_extend(struct rt_buf *buf, size_t len);
void rt_buf_append(struct rt_buf *buf, const void *data, size_t len);
void rt_buf_printf(struct rt_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Drops `len` bytes from the front. */
void rt_buf_consume(struct rt_buf *buf, size_t len);
/* The content with a NUL behind it (not counted); borrowed until the next change. */
const char *rt_buf_cstr(struct rt_buf *buf);

static inline void rt_buf_clear(struct rt_buf *buf)
{
    buf->len = 0;
}

static inline void rt_buf_byte(struct rt_buf *buf, uint8_t byte)
{
    if (buf->len == buf->cap)
        rt_buf_reserve(buf, 1);
    buf->data[buf->len++] = byte;
}

static inline void rt_buf_str(struct rt_buf *buf, struct rt_str s)
{
    rt_buf_append(buf, s.data, s.len);
}

static inline void rt_buf_puts(struct rt_buf *buf, const char *text)
{
    rt_buf_append(buf, text, strlen(text));
}

static inline struct rt_bytes rt_buf_bytes(const struct rt_buf *buf)
{
    struct rt_bytes value = {buf->data, buf->len};
    return value;
}

#ifdef __cplusplus
}
#endif

#endif
