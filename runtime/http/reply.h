/*
 * Replies as bytes: status line, header fields, body (RFC 9112 section 4).
 *
 * Nothing that a handler passes can break the framing: a status outside 200 to 599, a header name
 * that is no token or one that the server writes itself, and a value with a control byte in it
 * are refused as a whole.
 * Threads: one at a time per struct.
 */
#ifndef RT_HTTP_REPLY_H
#define RT_HTTP_REPLY_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/http/message.h"

struct rt_reply {
    int status;
    const char *content_type; /* NULL: no body, as with 204 */
    struct rt_bytes body;
    const struct rt_header *headers; /* besides Content-Type, Content-Length, Date, Connection */
    size_t n_headers;
};

enum { RT_HTTP_DATE_LEN = 29 };

/* The value of the Date header (RFC 9110 section 5.6.7), made once per second. Zero to start. */
struct rt_http_date {
    int64_t second;
    char text[RT_HTTP_DATE_LEN + 1];
};

/* The text for that time, borrowed from `date` until the next call. */
struct rt_str rt_http_date_at(struct rt_http_date *date, int64_t now_ms);

struct rt_reply_framing {
    bool head_only;      /* the request was a HEAD */
    bool close;          /* this is the last reply of the connection */
    bool say_keep_alive; /* to an HTTP/1.0 peer that asked for it */
    struct rt_str date;
    struct rt_str headers; /* whole lines that every reply has */
};

/* Appends the reply to `out`. RT_EINVAL: refused, see above; nothing was appended. */
int rt_reply_write(struct rt_buf *out, const struct rt_reply *reply,
                   const struct rt_reply_framing *framing);

#endif
