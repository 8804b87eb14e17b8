#include "runtime/channel/broker/event_cache.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"

struct rt_event_block *rt_event_block_new(uint64_t first)
{
    struct rt_event_block *block = rt_zalloc(sizeof *block);
    block->first = first;
    block->next = first;
    return block;
}

void rt_event_block_free(struct rt_event_block *block)
{
    if (!block)
        return;
    free(block->slots);
    free(block->bytes);
    free(block);
}

/* Slots and bytes grow by doubling: a block of a quiet channel stays small. */
static void block_reserve(struct rt_event_block *block, size_t len)
{
    size_t count = (size_t)(block->next - block->first);
    bool full = count == 0 || (count >= 16 && (count & (count - 1)) == 0);
    if (full) {
        size_t room = count < 16 ? 16 : count * 2;
        block->slots = rt_resize(block->slots, room, sizeof *block->slots);
    }
    if (block->len + len > block->cap) {
        size_t cap = block->cap ? block->cap * 2 : 4096;
        while (cap < block->len + len)
            cap *= 2;
        block->bytes = rt_resize(block->bytes, cap, 1);
        block->cap = cap;
    }
}

bool rt_event_block_add(struct rt_event_block *block, struct rt_bytes body)
{
    size_t count = (size_t)(block->next - block->first);
    if (count == RT_BLOCK_SPAN || (block->len > 0 && block->len + body.len > RT_BLOCK_BYTES))
        return false;
    block_reserve(block, body.len);
    block->slots[count] = (struct rt_event_slot){(uint32_t)block->len, (uint32_t)body.len};
    if (body.len > 0)
        memcpy(block->bytes + block->len, body.data, body.len);
    block->len += body.len;
    block->next++;
    return true;
}

void rt_event_cache_init(struct rt_event_cache *cache, size_t bytes_max)
{
    *cache = (struct rt_event_cache){.bytes_max = bytes_max};
}

void rt_event_cache_done(struct rt_event_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        rt_event_block_free(cache->blocks[i]);
    free(cache->blocks);
    *cache = (struct rt_event_cache){0};
}

/* How many blocks start at or before `sequence`. */
static size_t rank(const struct rt_event_cache *cache, uint64_t sequence)
{
    size_t low = 0, high = cache->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cache->blocks[middle]->first <= sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t block_cost(const struct rt_event_block *block)
{
    return block->len + (size_t)(block->next - block->first) * sizeof(struct rt_event_slot) + 128;
}

static void remove_at(struct rt_event_cache *cache, size_t at)
{
    struct rt_event_block *block = cache->blocks[at];
    cache->bytes -= block_cost(block);
    if (cache->hot == block)
        cache->hot = NULL;
    cache->count--;
    memmove(&cache->blocks[at], &cache->blocks[at + 1],
            (cache->count - at) * sizeof *cache->blocks);
    rt_event_block_free(block);
}

static void make_room(struct rt_event_cache *cache)
{
    while (cache->bytes > cache->bytes_max) {
        size_t oldest = cache->count;
        for (size_t i = 0; i < cache->count; i++) {
            struct rt_event_block *block = cache->blocks[i];
            if (block == cache->tail || block->used == cache->clock)
                continue;
            if (oldest == cache->count || block->used < cache->blocks[oldest]->used)
                oldest = i;
        }
        if (oldest == cache->count)
            return;
        remove_at(cache, oldest);
    }
}

static void add_block(struct rt_event_cache *cache, struct rt_event_block *block)
{
    if (cache->count == cache->room) {
        cache->room = cache->room ? cache->room * 2 : 16;
        cache->blocks = rt_resize(cache->blocks, cache->room, sizeof(void *));
    }
    size_t at = rank(cache, block->first);
    memmove(&cache->blocks[at + 1], &cache->blocks[at],
            (cache->count - at) * sizeof *cache->blocks);
    cache->blocks[at] = block;
    cache->count++;
    block->used = ++cache->clock;
    cache->bytes += block_cost(block);
}

void rt_event_cache_start(struct rt_event_cache *cache, uint64_t next)
{
    if (!cache->tail)
        cache->quiet = next;
}

void rt_event_cache_append(struct rt_event_cache *cache, uint64_t sequence, struct rt_bytes body)
{
    struct rt_event_block *tail = cache->tail;
    cache->quiet = sequence + 1;
    /* Records that are no events in between, if there are few, are noted in the block. */
    bool near = tail && sequence >= tail->next && sequence - tail->next < RT_BLOCK_SPAN;
    size_t before = tail ? block_cost(tail) : 0;
    bool fits = near;
    while (fits && tail->next < sequence)
        fits = rt_event_block_add(tail, (struct rt_bytes){0});
    fits = fits && rt_event_block_add(tail, body);
    if (tail)
        cache->bytes += block_cost(tail) - before;
    if (fits)
        return;
    tail = rt_event_block_new(sequence);
    rt_event_block_add(tail, body);
    cache->tail = tail;
    add_block(cache, tail);
    make_room(cache);
}

void rt_event_cache_insert(struct rt_event_cache *cache, struct rt_event_block *block)
{
    size_t at = rank(cache, block->first);
    bool inside = at > 0 && cache->blocks[at - 1]->next > block->first;
    if (inside || block->next == block->first) {
        rt_event_block_free(block);
        return;
    }
    if (at < cache->count && cache->blocks[at]->first < block->next)
        block->next = cache->blocks[at]->first;
    add_block(cache, block);
    make_room(cache);
}

void rt_event_cache_drop(struct rt_event_cache *cache, uint64_t base, uint64_t next,
                         const uint8_t *bits)
{
    size_t at = rank(cache, base);
    for (at = at > 0 ? at - 1 : 0; at < cache->count && cache->blocks[at]->first < next; at++) {
        struct rt_event_block *block = cache->blocks[at];
        uint64_t from = block->first > base ? block->first : base;
        uint64_t to = block->next < next ? block->next : next;
        for (uint64_t sequence = from; sequence < to; sequence++)
            if (!(bits[(sequence - base) / 8] >> (sequence - base) % 8 & 1))
                block->slots[sequence - block->first].len = 0;
    }
}

enum rt_cache_answer rt_event_cache_find(struct rt_event_cache *cache, uint64_t sequence,
                                         struct rt_bytes *ret)
{
    struct rt_event_block *block = cache->hot;
    if (sequence >= cache->quiet && cache->quiet > 0)
        return RT_CACHE_OTHER;
    if (!block || sequence < block->first || sequence >= block->next) {
        size_t at = rank(cache, sequence);
        if (at == 0 || sequence >= cache->blocks[at - 1]->next)
            return RT_CACHE_MISSING;
        block = cache->blocks[at - 1];
        cache->hot = block;
        block->used = ++cache->clock;
    }
    const struct rt_event_slot *slot = &block->slots[sequence - block->first];
    if (slot->len == 0)
        return RT_CACHE_OTHER;
    *ret = rt_bytes(block->bytes + slot->offset, slot->len);
    return RT_CACHE_EVENT;
}
