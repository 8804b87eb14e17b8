/*
 * Entity tags (RFC 9110 section 8.8.3): a record's version in quotes.
 * Threads: no shared state.
 */
#ifndef RT_APP_ETAG_H
#define RT_APP_ETAG_H

#include "runtime/store/model.h"

enum { RT_ETAG_MAX = 24 };

/* `"7"`, in `out`. */
struct rt_str rt_etag(int64_t version, char out[static RT_ETAG_MAX]);
/* Whether the list of an If-Match (`weak` false) or If-None-Match (`weak` true) names it. */
bool rt_etag_listed(struct rt_str list, int64_t version, bool weak);
/* The version of a record that is still encoded. False: the bytes are no record. */
bool rt_record_version(const struct rt_model *model, struct rt_bytes record, int64_t *ret);

#endif
