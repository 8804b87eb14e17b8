/*
 * Request targets, paths and queries (RFC 3986, RFC 9112 section 3.2).
 *
 * A path is split at its slashes first and decoded segment by segment, so that an encoded slash
 * (%2F) is a character of its segment and never parts two. Decoded text is well-formed UTF-8
 * without NUL; everything else is refused, as are escapes that are not '%' and two hex digits.
 * Threads: no shared state. Slices are borrowed from the input unless an arena is named.
 */
#ifndef RT_HTTP_URL_H
#define RT_HTTP_URL_H

#include "runtime/base/arena.h"
#include "runtime/base/str.h"

struct rt_url_target {
    struct rt_str path;  /* starts with '/'; "*" in the asterisk form */
    struct rt_str query; /* behind the first '?'; empty when there is none */
    bool asterisk;
};

/* Whether every byte is allowed in a target: visible ASCII but '"', '#', '<' and '>'. */
bool rt_url_target_clean(struct rt_str target);
/* Takes the origin form ("/path?query"), the absolute form ("http://host/path?query", whose host
 * is not looked at) and the asterisk form, of a clean target. False: it has none of these forms;
 * `ret` is untouched. */
bool rt_url_target_split(struct rt_str target, struct rt_url_target *ret);

/* Whether '+' means a space, as in the query of a form. */
enum rt_url_plus { RT_URL_PLUS_IS_PLUS, RT_URL_PLUS_IS_SPACE };

/* Resolves percent-escapes. What has none is returned as it is; other text is the arena's.
 * False: a bad escape, an encoded NUL, or not UTF-8. */
bool rt_url_decode(struct rt_str raw, enum rt_url_plus plus, struct rt_arena *arena,
                   struct rt_str *ret);

/* One parameter of a query, still encoded. "a" is the same as "a=". */
struct rt_url_param {
    struct rt_str name;
    struct rt_str value;
};

/* Takes the next parameter off the front of `query`; empty ones ("&&") are skipped. False: there
 * are no more. */
bool rt_query_next(struct rt_str *query, struct rt_url_param *ret);

#endif
