/*
 * Held events: those that the channel refused, and what came after them under the same key. They
 * are out of the outbox, so that other keys go on, and wait in an order of their own until they
 * are tried again or dropped.
 *
 * Key: 'h', the event's key, NUL, place u64. Value: reason's length u16, reason, outbox entry.
 * Places of one key rise in the order of its events. A refused one keeps its number as its place,
 * which is smaller than that of any event that was never sent; what is written while the key is
 * held goes behind the last; one that was tried again and refused again goes before the first.
 */
#include <bsd/sys/endian.h>

#include "runtime/store/store_impl.h"

enum { REASON_MAX = 512 };

static struct rt_bytes prefix_of(struct rt_arena *arena, struct rt_str key)
{
    uint8_t *prefix = rt_arena_alloc(arena, 1 + key.len + 1);
    prefix[0] = RT_SPACE_HELD;
    if (key.len > 0)
        memcpy(prefix + 1, key.data, key.len);
    prefix[1 + key.len] = 0;
    return rt_bytes(prefix, 1 + key.len + 1);
}

static uint64_t place_of(struct rt_bytes key)
{
    return key.len >= 8 ? be64dec(key.data + key.len - 8) : 0;
}

/* The first or last place of a key; false when nothing of it is held. */
static bool end_place(struct rt_txn *txn, struct rt_str key, bool last, uint64_t *ret)
{
    struct rt_bytes lower = prefix_of(txn->arena, key);
    struct rt_range range;
    rt_range_init(&range, &txn->impl->view, lower, rt_key_after(txn->arena, lower), last);
    bool found = rt_range_next(&range);
    if (found)
        *ret = place_of(range.key);
    rt_txn_fail(txn, rt_range_done(&range, NULL));
    return found && txn->failed == 0;
}

static void put(struct rt_txn *txn, struct rt_str key, uint64_t place, struct rt_str why,
                struct rt_bytes entry)
{
    struct rt_arena *keys = txn->impl->keys;
    struct rt_bytes prefix = prefix_of(txn->arena, key);
    uint8_t *at = rt_arena_alloc(keys, prefix.len + 8);
    memcpy(at, prefix.data, prefix.len);
    be64enc(at + prefix.len, place);
    if (why.len > REASON_MAX)
        why.len = REASON_MAX;
    uint8_t *value = rt_arena_alloc(keys, 2 + why.len + entry.len);
    be16enc(value, (uint16_t)why.len);
    if (why.len > 0)
        memcpy(value + 2, why.data, why.len);
    memcpy(value + 2 + why.len, entry.data, entry.len);
    rt_overlay_put(txn->impl->view.overlay, rt_bytes(at, prefix.len + 8),
                   rt_bytes(value, 2 + why.len + entry.len));
    txn->store->writer.may_hold = true;
}

bool rt_held_take(struct rt_txn *txn, struct rt_str key, struct rt_bytes entry)
{
    uint64_t place;
    if (!txn->store->writer.may_hold || !end_place(txn, key, true, &place))
        return false;
    place = place + 1 > txn->store->writer.outbox_next ? place + 1 : txn->store->writer.outbox_next;
    put(txn, key, place, rt_str_n(NULL, 0), entry);
    return true;
}

/* --------------------------------------------------------------------- hold */

static struct rt_bytes entry_at(struct rt_txn *txn, uint64_t sequence, struct rt_outbox_entry *ret)
{
    struct rt_bytes value =
        rt_txn_lookup(txn, rt_key_sequence(txn->arena, RT_SPACE_OUTBOX, sequence));
    if (txn->failed == 0 && (!value.data || !rt_outbox_parse(value, ret))) {
        rt_txn_fail(txn, RT_ECORRUPT);
        value = rt_bytes(NULL, 0);
    }
    return value;
}

static void hold_one(struct rt_txn *txn, const struct rt_refusal *refusal)
{
    struct rt_outbox_entry entry;
    struct rt_bytes value = entry_at(txn, refusal->sequence, &entry);
    if (!value.data)
        return;
    uint64_t place = refusal->sequence, first;
    if (entry.again && end_place(txn, entry.key, false, &first))
        place = first - 1;
    put(txn, entry.key, place, rt_str(refusal->why), value);
}

static bool is_refused(const struct rt_refusal *refusals, size_t n, uint64_t sequence)
{
    for (size_t i = 0; i < n; i++)
        if (refusals[i].sequence == sequence)
            return true;
    return false;
}

/* Of the entries that were never sent, those of held keys leave, and the others close up. */
static void close_up(struct rt_txn *txn, const struct rt_refusal *refusals, size_t n, uint64_t next)
{
    struct rt_store *store = txn->store;
    struct rt_overlay *overlay = txn->impl->view.overlay;
    uint64_t to = next;
    for (uint64_t at = next; at < store->writer.outbox_next && txn->failed == 0; at++) {
        struct rt_outbox_entry entry;
        struct rt_bytes value = entry_at(txn, at, &entry);
        uint64_t place;
        if (!value.data)
            return;
        bool leaves = end_place(txn, entry.key, true, &place);
        if (leaves && !is_refused(refusals, n, at))
            put(txn, entry.key, place + 1 > at ? place + 1 : at, rt_str_n(NULL, 0), value);
        if (leaves)
            continue;
        if (to != at)
            rt_overlay_put(overlay, rt_key_sequence(txn->impl->keys, RT_SPACE_OUTBOX, to),
                           rt_txn_keep(txn, value.data, value.len));
        to++;
    }
    for (uint64_t at = to; at < store->writer.outbox_next; at++)
        rt_overlay_delete(overlay, rt_key_sequence(txn->impl->keys, RT_SPACE_OUTBOX, at));
    if (txn->failed == 0)
        store->writer.outbox_next = to;
}

void rt_txn_outbox_hold(struct rt_txn *txn, const struct rt_refusal *refusals, size_t n,
                        uint64_t next)
{
    RT_ASSERT(txn->impl->view.overlay);
    for (size_t i = 0; i < n && txn->failed == 0; i++)
        hold_one(txn, &refusals[i]);
    if (txn->failed == 0)
        close_up(txn, refusals, n, next);
}

/* ----------------------------------------------------------- retry and drop */

/* Skips what else is held of the key. */
static struct rt_bytes after_key(struct rt_arena *arena, struct rt_bytes key)
{
    return rt_key_after(arena, rt_bytes(key.data, key.len - 8));
}

static bool parse(struct rt_bytes key, struct rt_bytes value, struct rt_held *ret)
{
    if (key.len < 1 + 1 + 8 || value.len < 2 || value.len - 2 < be16dec(value.data))
        return false;
    size_t why = be16dec(value.data);
    ret->place = place_of(key);
    ret->why = rt_str_n((const char *)value.data + 2, why);
    ret->bytes = rt_bytes(value.data + 2 + why, value.len - 2 - why);
    return rt_outbox_parse(ret->bytes, &ret->entry);
}

/* The first one at or behind `from`, copied into the transaction's arena. */
static bool first_from(struct rt_txn *txn, struct rt_bytes from, struct rt_bytes *ret_key,
                       struct rt_held *ret)
{
    static const uint8_t space[] = {RT_SPACE_HELD};
    struct rt_range range;
    rt_range_init(&range, &txn->impl->view, from, rt_key_after(txn->arena, rt_bytes(space, 1)),
                  false);
    bool found = rt_range_next(&range);
    if (found) {
        *ret_key =
            rt_bytes(rt_arena_copy(txn->arena, range.key.data, range.key.len), range.key.len);
        struct rt_bytes value =
            rt_bytes(rt_arena_copy(txn->arena, range.value.data, range.value.len), range.value.len);
        if (!parse(*ret_key, value, ret))
            rt_txn_fail(txn, RT_ECORRUPT);
    }
    rt_txn_fail(txn, rt_range_done(&range, NULL));
    return found && txn->failed == 0;
}

size_t rt_txn_outbox_retry(struct rt_txn *txn, size_t max)
{
    static const uint8_t space[] = {RT_SPACE_HELD};
    struct rt_bytes from = rt_bytes(space, 1), key;
    struct rt_held held;
    size_t n = 0;
    RT_ASSERT(txn->impl->view.overlay);
    while (n < max && txn->failed == 0 && first_from(txn, from, &key, &held)) {
        rt_outbox_append(txn, held.bytes, true);
        rt_overlay_delete(txn->impl->view.overlay, rt_txn_keep(txn, key.data, key.len));
        from = after_key(txn->arena, key);
        n++;
    }
    if (n == 0 && txn->failed == 0)
        txn->store->writer.may_hold = false;
    return n;
}

size_t rt_txn_held(struct rt_txn *txn, bool (*each)(void *arg, const struct rt_held *held),
                   void *arg)
{
    static const uint8_t space[] = {RT_SPACE_HELD};
    struct rt_range range;
    size_t n = 0;
    rt_range_init(&range, &txn->impl->view, rt_bytes(space, 1),
                  rt_key_after(txn->arena, rt_bytes(space, 1)), false);
    for (bool more = true; more && rt_range_next(&range);) {
        struct rt_held held;
        if (!parse(range.key, range.value, &held)) {
            rt_txn_fail(txn, RT_ECORRUPT);
            break;
        }
        n++;
        more = !each || each(arg, &held);
    }
    rt_txn_fail(txn, rt_range_done(&range, NULL));
    return n;
}

size_t rt_txn_held_drop(struct rt_txn *txn, struct rt_str key)
{
    struct rt_bytes lower = prefix_of(txn->arena, key);
    struct rt_range range;
    size_t n = 0;
    rt_range_init(&range, &txn->impl->view, lower, rt_key_after(txn->arena, lower), false);
    while (rt_range_next(&range)) {
        rt_overlay_delete(txn->impl->view.overlay, rt_txn_keep(txn, range.key.data, range.key.len));
        n++;
    }
    rt_txn_fail(txn, rt_range_done(&range, NULL));
    return n;
}
