/*
 * Judges the head of a request before anything acts on it. llhttp reads heads generously even in
 * strict mode; what two readers in a row (a proxy and we) could understand differently is
 * refused here, because request smuggling lives on such differences (RFC 9112 section 11.2).
 *
 * The head is judged twice: its bytes, as they arrive (line ends, folding, control bytes, the
 * request line, sizes), and its header fields, once they are parsed (Host, framing, Expect).
 * Statuses: 400 malformed or ambiguous; 413 body announced over the limit; 414 and 431 request
 * line or head over the limit; 417 unknown expectation; 501 CONNECT or unknown transfer coding;
 * 505 a version other than 1.0 and 1.1.
 *
 * Pure: no I/O, no clock, no allocation; the verdict does not depend on how the bytes were split.
 * Threads: no shared state.
 */
#ifndef RT_HTTP_GUARD_H
#define RT_HTTP_GUARD_H

#include "runtime/http/message.h"

/* Why a request is refused. */
struct rt_http_verdict {
    int status;          /* 0: nothing to object */
    const char *message; /* static, a sentence without its full stop */
};

struct rt_http_guard {
    size_t head_max;    /* bytes */
    size_t headers_max; /* number of header fields */
    size_t scanned;     /* bytes judged */
    size_t line;        /* where the current line starts */
    size_t lines;       /* whole lines so far, the request line first */
};

void rt_http_guard_init(struct rt_http_guard *guard, size_t head_max, size_t headers_max);

enum rt_http_scan { RT_HTTP_SCAN_MORE, RT_HTTP_SCAN_DONE, RT_HTTP_SCAN_REFUSED };

/* Judges `head`, which holds all bytes received since the head began; called again when there are
 * more. After DONE `guard->scanned` is the length of the head with its empty line and
 * `guard->lines` - 1 the number of its header fields. Empty lines before the request line are
 * skipped (RFC 9112 section 2.2). */
enum rt_http_scan rt_http_guard_scan(struct rt_http_guard *guard, struct rt_bytes head,
                                     struct rt_http_verdict *ret_verdict);

/* Judges bytes that frame a chunked body (sizes, extensions, line ends, trailers), in the order
 * in which they arrive: every line ends in CR LF and none has a control byte. `after_cr` is false
 * at first and carried on by the caller. False: refuse with 400. */
bool rt_http_guard_chunk_framing(bool *after_cr, struct rt_bytes framing);

/* How the body follows the head. */
struct rt_http_framing {
    bool chunked;
    bool expects_continue;
    uint64_t content_length; /* 0 unless stated */
};

/* `version_minor` is 0 or 1. On refusal (status not 0) `ret_framing` is untouched. */
struct rt_http_verdict rt_http_guard_headers(int version_minor, const struct rt_header *headers,
                                             size_t n_headers, uint64_t body_max,
                                             struct rt_http_framing *ret_framing);

#endif
