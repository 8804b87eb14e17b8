/*
 * Reads requests out of a stream of bytes: guard.h judges the head, llhttp parses it and takes
 * the body apart. The only file that knows llhttp.
 *
 * One message at a time: begin, feed until MESSAGE or REFUSED, begin again with the bytes that
 * were not used. What comes out does not depend on how the bytes were split. The trailer section
 * of a chunked body is read and dropped.
 *
 * Pure: no I/O, no clock. Memory: the message's is its arena's, the parser's own is one block.
 * Threads: one at a time.
 */
#ifndef RT_HTTP_PARSER_H
#define RT_HTTP_PARSER_H

#include "runtime/base/arena.h"
#include "runtime/http/guard.h"
#include "runtime/http/message.h"

struct rt_http_limits {
    size_t head_max;    /* bytes */
    size_t headers_max; /* number of header fields */
    size_t body_max;    /* bytes */
};

enum rt_http_event {
    RT_HTTP_MORE,    /* all bytes are used and more are needed */
    RT_HTTP_HEAD,    /* the head is there, and a body will follow */
    RT_HTTP_MESSAGE, /* the request is whole */
    RT_HTTP_REFUSED, /* see the verdict; the rest of the stream means nothing */
};

/* All slices are of the arena given to rt_http_parser_begin. */
struct rt_http_message {
    enum rt_method method;
    int version_minor; /* of HTTP/1 */
    bool keep_alive;   /* the peer would like to go on after the reply */
    bool expects_continue;
    uint64_t content_length; /* 0 unless stated */
    struct rt_str path;
    struct rt_str query;
    struct rt_header *headers;
    size_t n_headers;
    struct rt_bytes body; /* from RT_HTTP_MESSAGE on */
};

struct rt_http_parser;

struct rt_http_parser *rt_http_parser_new(const struct rt_http_limits *limits);
void rt_http_parser_free(struct rt_http_parser *parser);

/* Starts the next message; its memory comes from `arena`. */
void rt_http_parser_begin(struct rt_http_parser *parser, struct rt_arena *arena);
/* Reads on, up to the next event. `ret_used` of the bytes are done with. */
enum rt_http_event rt_http_parser_feed(struct rt_http_parser *parser, struct rt_bytes bytes,
                                       size_t *ret_used);
/* After RT_HTTP_HEAD: this message's body may have no more than `body_max` bytes, if that is less
 * than the limits say. False: it says that it is larger; that is refused. */
bool rt_http_parser_narrow(struct rt_http_parser *parser, size_t body_max);
/* Bytes that the body of the current message takes in memory so far. */
size_t rt_http_parser_held(const struct rt_http_parser *parser);
/* Whether any byte of the current message came in. */
bool rt_http_parser_started(const struct rt_http_parser *parser);
/* Borrowed until the next begin. */
const struct rt_http_message *rt_http_parser_message(const struct rt_http_parser *parser);
/* After RT_HTTP_REFUSED. */
struct rt_http_verdict rt_http_parser_verdict(const struct rt_http_parser *parser);

#endif
