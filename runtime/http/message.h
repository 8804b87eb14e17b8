/*
 * What requests and replies are made of (RFC 9110): methods, header fields, status codes.
 * Threads: no state.
 */
#ifndef RT_HTTP_MESSAGE_H
#define RT_HTTP_MESSAGE_H

#include "runtime/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rt_method {
    RT_GET,
    RT_HEAD,
    RT_POST,
    RT_PUT,
    RT_PATCH,
    RT_DELETE,
    RT_OPTIONS,
    RT_METHOD_OTHER, /* a method that we know and nothing here offers, such as TRACE */
    RT_METHOD_COUNT
};

/* A static name such as "GET"; never NULL. */
const char *rt_method_name(enum rt_method method);

struct rt_header {
    struct rt_str name;  /* as sent */
    struct rt_str value; /* without white space around it */
};

/* The value of the first header of that name (ASCII case-insensitive), or an empty slice with
 * data NULL; borrowed from `headers`. */
struct rt_str rt_header_find(const struct rt_header *headers, size_t n_headers, struct rt_str name);

/* tchar of RFC 9110 section 5.6.2, at least one. */
bool rt_http_token(struct rt_str s);
/* Plain bytes are allowed in a header value: no control bytes but tab, so no CR, LF or NUL. */
static inline bool rt_http_plain(uint8_t byte)
{
    return (byte >= 0x20 && byte != 0x7F) || byte == '\t';
}
/* The index of the first byte from `at` on that is not plain, or `end`. */
size_t rt_http_skip_plain(const uint8_t *bytes, size_t at, size_t end);
bool rt_http_field_value(struct rt_str s);

/* The reason phrase, such as "Not Found"; "Status" for a code that has none. Static. */
const char *rt_status_reason(int status);

#ifdef __cplusplus
}
#endif

#endif
