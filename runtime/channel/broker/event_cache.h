/*
 * Events in memory: the newest ones as they are appended, and stretches of older ones that were
 * read back from the log for subscriptions that are behind.
 *
 * A block holds the events of the sequences [first, next); a sequence in that range without an
 * event belongs to another kind of record. Blocks never overlap. The cache is bounded: the block
 * that was used longest ago goes first, but never the newest.
 *
 * Threads: one at a time; a block being filled may live on another thread than the cache.
 */
#ifndef RT_CHANNEL_EVENT_CACHE_H
#define RT_CHANNEL_EVENT_CACHE_H

#include "runtime/base/str.h"

enum { RT_BLOCK_SPAN = 8192 };              /* sequences in one block, at most */
#define RT_BLOCK_BYTES ((size_t)256 * 1024) /* bodies in one block, unless one alone is larger */

struct rt_event_slot {
    uint32_t offset;
    uint32_t len; /* 0: not an event */
};

struct rt_event_block {
    uint64_t first;
    uint64_t next;
    uint64_t used; /* the cache's clock when it was last asked for */
    size_t len;
    size_t cap;
    struct rt_event_slot *slots; /* next - first of them */
    uint8_t *bytes;
};

struct rt_event_cache {
    struct rt_event_block **blocks; /* by `first` */
    size_t count;
    size_t room;
    size_t bytes;
    size_t bytes_max;
    uint64_t clock;
    struct rt_event_block *hot;  /* the last one found */
    struct rt_event_block *tail; /* the one appended to */
    uint64_t quiet;              /* there is no event from this sequence on */
};

enum rt_cache_answer {
    RT_CACHE_MISSING, /* read it from the log */
    RT_CACHE_OTHER,   /* not an event */
    RT_CACHE_EVENT
};

/* Empty, for sequences from `first`. */
struct rt_event_block *rt_event_block_new(uint64_t first);
void rt_event_block_free(struct rt_event_block *block);
/* The next sequence is an event with this body (copied), or with an empty body something else.
 * False when the block is full: start another. */
bool rt_event_block_add(struct rt_event_block *block, struct rt_bytes body);

void rt_event_cache_init(struct rt_event_cache *cache, size_t bytes_max);
void rt_event_cache_done(struct rt_event_cache *cache);
/* Events are known from the sequence `next` on: what is not appended there is no event. */
void rt_event_cache_start(struct rt_event_cache *cache, uint64_t next);
/* Sequences must rise; a gap is fine. */
void rt_event_cache_append(struct rt_event_cache *cache, uint64_t sequence, struct rt_bytes body);
/* Takes the block over. What it shares with others in the cache is left out. */
void rt_event_cache_insert(struct rt_event_cache *cache, struct rt_event_block *block);
/* Of the events from `base` on those whose bit is not set (bit i of `bits` is for base + i) are no
 * more, up to `next`. */
void rt_event_cache_drop(struct rt_event_cache *cache, uint64_t base, uint64_t next,
                         const uint8_t *bits);
/* `ret` is borrowed until the next append or insert. */
enum rt_cache_answer rt_event_cache_find(struct rt_event_cache *cache, uint64_t sequence,
                                         struct rt_bytes *ret);

#endif
