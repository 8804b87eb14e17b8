/*
 * What the HTTP parser makes of a stream of bytes, as text, so that two readings can be compared.
 */
#ifndef TESTS_SUPPORT_HTTP_TRANSCRIPT_H
#define TESTS_SUPPORT_HTTP_TRANSCRIPT_H

#include "runtime/base/buf.h"
#include "runtime/http/parser.h"

/*
 * Reads `input` to its end or the first refusal, fed in portions of `step` bytes, and appends to
 * `out` a line per request, "GET /a?b [name=value;...] body keep", and "status message" for a
 * refusal. Panics when the parser breaks a promise of its header.
 */
void http_transcript(struct rt_str input, size_t step, const struct rt_http_limits *limits,
                     struct rt_buf *out);

#endif
