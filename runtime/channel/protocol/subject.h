/*
 * Subjects and the filters that select them.
 *
 * A subject is 1 to 255 bytes of tokens separated by '.' or ':', which mean the same to a filter:
 * "ticket:created". A token is one or more printable bytes of UTF-8 without separators, white
 * space, '*' and '>'. In a filter, "*" matches any one token and a last token ">" one or more.
 * Subjects whose first token starts with '$' are the broker's own (dead letters): only a filter
 * that names that token outright selects them.
 *
 * Threads: no shared state.
 */
#ifndef RT_CHANNEL_SUBJECT_H
#define RT_CHANNEL_SUBJECT_H

#include "runtime/base/str.h"

bool rt_subject_valid(struct rt_str subject);
bool rt_filter_valid(struct rt_str filter);
/* Both must be valid. */
bool rt_filter_match(struct rt_str filter, struct rt_str subject);

/* True when `permission` selects every subject that `filter` may select. */
bool rt_filter_covers(struct rt_str permission, struct rt_str filter);

/* True when there may be a subject that both select. */
bool rt_filter_overlaps(struct rt_str a, struct rt_str b);

/* A name of a client or subscription: 1 to 128 letters, digits, '-', '_', '.', ':'. */
bool rt_name_valid(struct rt_str name);

/* Several filters, and a cache of their answers for recent subjects. */
enum { RT_MATCH_SLOTS = 64 };
struct rt_match {
    struct rt_str *filters; /* owned, with their text */
    size_t count;
    struct {
        uint64_t hash; /* of the subject; 0: empty */
        bool matches;
    } memo[RT_MATCH_SLOTS];
};

/* Copies the filters. */
void rt_match_init(struct rt_match *match, const struct rt_str *filters, size_t count);
void rt_match_done(struct rt_match *match);
/* True when there may be a subject that `filter` and one of these select. */
bool rt_match_overlaps(const struct rt_match *match, struct rt_str filter);
bool rt_match_any(struct rt_match *match, struct rt_str subject);

#endif
