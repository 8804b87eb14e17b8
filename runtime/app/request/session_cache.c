#include "runtime/app/request/session_cache.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/uuid.h"

struct rt_session_entry {
    uint64_t hash;
    size_t header_len; /* 0: an empty place */
    int64_t issued_at_ms;
    int64_t expires_at_ms;
    char id[RT_SESSION_CACHE_ID_MAX + 1];
    char user_id[RT_SESSION_CACHE_ID_MAX + 1];
    char header[RT_SESSION_CACHE_HEADER_MAX];
};

void rt_session_cache_init(struct rt_session_cache *cache)
{
    cache->entries = NULL;
    rt_random(&cache->seed, sizeof cache->seed);
}

void rt_session_cache_done(struct rt_session_cache *cache)
{
    free(cache->entries);
    cache->entries = NULL;
}

static uint64_t hash_of(const struct rt_session_cache *cache, struct rt_str header)
{
    return rt_hash(rt_str_bytes(header), cache->seed);
}

bool rt_session_cache_find(const struct rt_session_cache *cache, struct rt_str header,
                           int64_t now_ms, struct rt_arena *arena, struct rt_session *ret)
{
    if (!cache->entries || header.len == 0)
        return false;
    uint64_t hash = hash_of(cache, header);
    const struct rt_session_entry *entry = &cache->entries[hash % RT_SESSION_CACHE_ENTRIES];
    if (entry->hash != hash || !rt_str_eq(rt_str_n(entry->header, entry->header_len), header))
        return false;
    if (now_ms < entry->issued_at_ms || now_ms >= entry->expires_at_ms)
        return false;
    *ret = (struct rt_session){
        .id = rt_arena_strdup(arena, entry->id),
        .user_id = rt_arena_strdup(arena, entry->user_id),
        .issued_at_ms = entry->issued_at_ms,
        .expires_at_ms = entry->expires_at_ms,
    };
    return true;
}

void rt_session_cache_keep(struct rt_session_cache *cache, struct rt_str header,
                           const struct rt_session *session)
{
    size_t id_len = strlen(session->id);
    size_t user_len = strlen(session->user_id);
    if (header.len == 0 || header.len > RT_SESSION_CACHE_HEADER_MAX ||
        id_len > RT_SESSION_CACHE_ID_MAX || user_len > RT_SESSION_CACHE_ID_MAX)
        return;
    if (!cache->entries)
        cache->entries = rt_array(RT_SESSION_CACHE_ENTRIES, sizeof *cache->entries);
    uint64_t hash = hash_of(cache, header);
    struct rt_session_entry *entry = &cache->entries[hash % RT_SESSION_CACHE_ENTRIES];
    entry->hash = hash;
    entry->header_len = header.len;
    entry->issued_at_ms = session->issued_at_ms;
    entry->expires_at_ms = session->expires_at_ms;
    memcpy(entry->id, session->id, id_len + 1);
    memcpy(entry->user_id, session->user_id, user_len + 1);
    memcpy(entry->header, header.data, header.len);
}
