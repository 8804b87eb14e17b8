/*
 * Media types, as in Content-Type (RFC 9110 section 8.3.1).
 * Pure. Threads: no state.
 */
#ifndef RT_HTTP_MEDIA_H
#define RT_HTTP_MEDIA_H

#include "runtime/base/str.h"

/* Whether the value of a Content-Type says JSON that we read: application/json with well-formed
 * parameters, and no charset but UTF-8 (RFC 8259 section 8.1). */
bool rt_media_is_json(struct rt_str value);
/* The same for application/merge-patch+json (RFC 7396). */
bool rt_media_is_merge_patch(struct rt_str value);

#endif
