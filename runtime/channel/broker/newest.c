#include "runtime/channel/broker/newest.h"

#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/channel/protocol/subject.h"

static struct rt_newest_subject *add(struct rt_newest *newest, struct rt_str subject)
{
    if (HASH_COUNT(newest->by_subject) == RT_NEWEST_MAX) {
        struct rt_newest_subject *silent = newest->oldest;
        DL_DELETE(newest->oldest, silent);
        HASH_DEL(newest->by_subject, silent);
        free(silent);
    }
    struct rt_newest_subject *entry = rt_zalloc(sizeof *entry + subject.len);
    entry->len = subject.len;
    memcpy(entry->subject, subject.data, subject.len);
    HASH_ADD(hh, newest->by_subject, subject, entry->len, entry);
    return entry;
}

void rt_newest_note(struct rt_newest *newest, struct rt_str subject, uint64_t sequence)
{
    /* Most often it is the subject of the event before. */
    struct rt_newest_subject *entry = newest->oldest ? newest->oldest->prev : NULL;
    if (entry && rt_str_eq(rt_str_n(entry->subject, entry->len), subject)) {
        entry->sequence = sequence;
        return;
    }
    HASH_FIND(hh, newest->by_subject, subject.data, subject.len, entry);
    if (entry)
        DL_DELETE(newest->oldest, entry);
    else
        entry = add(newest, subject);
    entry->sequence = sequence;
    DL_APPEND(newest->oldest, entry);
}

static bool selected(const struct rt_newest_subject *entry, const struct rt_str *filters,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rt_filter_match(filters[i], rt_str_n(entry->subject, entry->len)))
            return true;
    return false;
}

uint64_t rt_newest_find(const struct rt_newest *newest, const struct rt_str *filters, size_t count)
{
    if (!newest->oldest)
        return 0;
    const struct rt_newest_subject *entry = newest->oldest->prev;
    while (!selected(entry, filters, count)) {
        if (entry == newest->oldest)
            return 0;
        entry = entry->prev;
    }
    return entry->sequence;
}

void rt_newest_done(struct rt_newest *newest)
{
    while (newest->oldest) {
        struct rt_newest_subject *entry = newest->oldest;
        DL_DELETE(newest->oldest, entry);
        HASH_DEL(newest->by_subject, entry);
        free(entry);
    }
}
