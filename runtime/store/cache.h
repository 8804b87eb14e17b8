/*
 * Encoded records by key, in front of LevelDB, so that a hot read is one hash lookup: a bounded
 * cache that forgets what was used longest ago.
 *
 * Invariant (the store's to keep): it holds what the store's shared snapshot holds. The snapshot
 * moves on the loop's thread, which forgets the changed keys at the same time.
 * Threads: the loop's only.
 */
#ifndef RT_STORE_CACHE_H
#define RT_STORE_CACHE_H

#include "runtime/base/str.h"

struct rt_cache_entry;

struct rt_cache {
    struct rt_cache_entry *by_key; /* hash */
    struct rt_cache_entry *newest; /* list by use */
    size_t bytes;
    size_t bytes_max;
    uint64_t hits;
    uint64_t misses;
};

void rt_cache_init(struct rt_cache *cache, size_t bytes_max);
void rt_cache_done(struct rt_cache *cache);

/* Borrowed until the next change of the cache; data NULL when it does not know. */
struct rt_bytes rt_cache_get(struct rt_cache *cache, struct rt_bytes key);
/* Copies both. The key must not be there. */
void rt_cache_add(struct rt_cache *cache, struct rt_bytes key, struct rt_bytes value);
void rt_cache_forget(struct rt_cache *cache, struct rt_bytes key);

#endif
