/*
 * The newest event of each subject, for subscriptions that start at the last one: it may have left
 * memory long ago. At most RT_NEWEST_MAX subjects are known; the one that was silent for longest
 * goes first.
 *
 * Ownership: subjects are copied. Threads: no shared state.
 */
#ifndef RT_CHANNEL_NEWEST_H
#define RT_CHANNEL_NEWEST_H

#include "runtime/base/str.h"
#include "runtime/base/table.h"

enum { RT_NEWEST_MAX = 16384 };

struct rt_newest_subject {
    uint64_t sequence;
    struct rt_newest_subject *prev, *next;
    UT_hash_handle hh; /* by subject */
    size_t len;
    char subject[];
};

/* Zeroed: empty. */
struct rt_newest {
    struct rt_newest_subject *by_subject;
    struct rt_newest_subject *oldest; /* list, by sequence */
};

/* Sequences must rise from call to call. */
void rt_newest_note(struct rt_newest *newest, struct rt_str subject, uint64_t sequence);
/* The newest event that one of the filters selects, 0: none is known. */
uint64_t rt_newest_find(const struct rt_newest *newest, const struct rt_str *filters, size_t count);
void rt_newest_done(struct rt_newest *newest);

#endif
