/*
 * Compaction: of the events on certain subjects the log keeps only the newest of each subject and
 * key, or only the newest so many. These are its decisions, pure; daemon/compact.c reads and
 * rewrites.
 *
 * A pass looks at the oldest segments, as many as are settled (rt_compact_due). It first reads them
 * and everything behind them, which tells where the newest event of each key in them is, and how
 * many events there are; then each of those segments is judged record by record, and written anew
 * if that is worth it.
 *
 * What always stays: records that are no events, events on other subjects, by key those without a
 * key, and those that are to be delivered later or to one subscription alone (they do not replace
 * others either, and are not counted), and dead letters, whose subjects no filter of these selects.
 * Producers' positions and message ids are in the checkpoints that cover a
 * segment before it may be rewritten.
 *
 * Memory: at most RT_COMPACT_KEYS keys are known at a time, 24 bytes and a third more each. When
 * there are more, the pass goes on with the next segments in another turn; of a segment that has
 * more than that alone, the rest stays.
 *
 * Threads: one at a time.
 */
#ifndef RT_CHANNEL_COMPACT_H
#define RT_CHANNEL_COMPACT_H

#include "runtime/channel/log/log.h"
#include "runtime/channel/log/record.h"
#include "runtime/channel/protocol/subject.h"

#define RT_COMPACT_KEYS ((size_t)3 << 18) /* three quarters of 2^20 places */

/* Of what the filter selects the newest `events` stay. */
struct rt_compact_limit {
    struct rt_str filter;
    uint64_t events;
};

struct rt_compact_rules {
    const struct rt_str *by_key; /* filters: the newest of each key stays */
    size_t by_key_count;
    const struct rt_compact_limit *limits;
    size_t limit_count;
};

static inline bool rt_compact_any(const struct rt_compact_rules *rules)
{
    return rules->by_key_count > 0 || rules->limit_count > 0;
}
/* Whether they may concern a subject that these filters select. */
bool rt_compact_overlaps(const struct rt_compact_rules *rules, const struct rt_match *match);

struct rt_compact;

/* `rules` are borrowed. `wall_ms` is UTC: what is to be delivered after it was not yet. */
struct rt_compact *rt_compact_new(const struct rt_compact_rules *rules, int64_t wall_ms,
                                  size_t keys_max);
void rt_compact_free(struct rt_compact *compact);

/* Takes the events of the log in order, each once. A new key is taken in if `target`; false: there
 * was no room for it. */
bool rt_compact_note(struct rt_compact *compact, uint64_t sequence,
                     const struct rt_log_event *event, bool target);

enum rt_compact_verdict {
    RT_COMPACT_OTHER, /* compaction is not about it */
    RT_COMPACT_STAYS, /* it is, and nothing that is known replaces the event */
    RT_COMPACT_GOES
};
/* The caller asks about the same events in the same order, each once, from the first on; it may
 * stop early. */
enum rt_compact_verdict rt_compact_judge(struct rt_compact *compact, uint64_t sequence,
                                         const struct rt_log_event *event);

/* Bytes of the records of a segment. */
struct rt_compact_bytes {
    uint64_t all;
    uint64_t about; /* events that compaction is about... */
    uint64_t gone;  /* ...and those of them that are to go */
};
/* A segment is rewritten only when a quarter of what compaction is about goes, and a thirty-second
 * of everything: so bytes that stay are copied a few times at most, however long they stay. */
bool rt_compact_worth(const struct rt_compact_bytes *bytes);

/* What the last pass knew. */
struct rt_compact_past {
    uint64_t looked; /* segments up to this sequence were looked at */
    uint64_t known;  /* events up to this one were known */
};
/* How many of these segments (all there are, oldest first) a pass should look at now: those whose
 * records are all settled (every subscription on these subjects is behind `settled`) and covered by
 * the older checkpoint, at `replayable`. 0: none, or too little is new since the last pass; if
 * `urgent`, nothing is. */
size_t rt_compact_due(const struct rt_compact_past *past, const struct rt_log_segment *segments,
                      size_t count, uint64_t settled, uint64_t replayable, bool urgent);

#endif
