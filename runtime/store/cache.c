#include "runtime/store/cache.h"

#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/base/table.h"
#include "runtime/store/limits.h"

struct rt_cache_entry {
    UT_hash_handle hh;
    struct rt_cache_entry *prev;
    struct rt_cache_entry *next;
    size_t key_len;
    size_t value_len;
    uint8_t data[]; /* key, value */
};

static size_t size_of(const struct rt_cache_entry *entry)
{
    return sizeof *entry + entry->key_len + entry->value_len;
}

void rt_cache_init(struct rt_cache *cache, size_t bytes_max)
{
    *cache = (struct rt_cache){.bytes_max = bytes_max};
}

static void drop(struct rt_cache *cache, struct rt_cache_entry *entry)
{
    HASH_DEL(cache->by_key, entry);
    DL_DELETE(cache->newest, entry);
    cache->bytes -= size_of(entry);
    free(entry);
}

void rt_cache_done(struct rt_cache *cache)
{
    struct rt_cache_entry *entry, *next;
    HASH_CLEAR(hh, cache->by_key);
    DL_FOREACH_SAFE(cache->newest, entry, next)
    free(entry);
    cache->newest = NULL;
}

static struct rt_cache_entry *find(struct rt_cache *cache, struct rt_bytes key)
{
    struct rt_cache_entry *entry;
    HASH_FIND(hh, cache->by_key, key.data, key.len, entry);
    return entry;
}

struct rt_bytes rt_cache_get(struct rt_cache *cache, struct rt_bytes key)
{
    struct rt_cache_entry *entry = find(cache, key);
    if (!entry) {
        cache->misses++;
        return rt_bytes(NULL, 0);
    }
    cache->hits++;
    if (entry != cache->newest) {
        DL_DELETE(cache->newest, entry);
        DL_PREPEND(cache->newest, entry);
    }
    return rt_bytes(entry->data + entry->key_len, entry->value_len);
}

void rt_cache_add(struct rt_cache *cache, struct rt_bytes key, struct rt_bytes value)
{
    if (key.len + value.len > RT_RECORD_CACHE_ITEM_MAX)
        return;
    struct rt_cache_entry *entry = rt_alloc(sizeof *entry + key.len + value.len);
    entry->key_len = key.len;
    entry->value_len = value.len;
    memcpy(entry->data, key.data, key.len);
    if (value.len > 0)
        memcpy(entry->data + key.len, value.data, value.len);
    HASH_ADD_KEYPTR(hh, cache->by_key, entry->data, key.len, entry);
    DL_PREPEND(cache->newest, entry);
    cache->bytes += size_of(entry);
    while (cache->bytes > cache->bytes_max)
        drop(cache, cache->newest->prev); /* of a utlist's head: the tail */
}

void rt_cache_forget(struct rt_cache *cache, struct rt_bytes key)
{
    struct rt_cache_entry *entry = find(cache, key);
    if (entry)
        drop(cache, entry);
}
