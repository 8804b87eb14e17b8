/*
 * The outbox: events, committed with the changes that they report, until the relay has published
 * them. Sequences are dense: they are given on the writer thread, and a rolled-back transaction
 * gives its own back.
 *
 * A number that was once published must stay with its event, so that the channel knows the event
 * again; one that was not may change. The fact "unagreed" says from where on none was published
 * since the numbers were last agreed upon with the channel. It is there from each open until then.
 *
 * An entry's value: time i64, subject's length u16 (its highest bit: tried again), key's length u16
 * (big-endian), subject, key, payload.
 */
#include <bsd/sys/endian.h>

#include "runtime/store/meta.h"
#include "runtime/store/store_impl.h"

enum { ENTRY_HEAD_LEN = 8 + 2 + 2 };

/* In the first byte of the subject's length: the entry was refused before and is tried again. */
#define AGAIN_BIT     0x80

#define FIRST_NAME    "outbox"
#define UNAGREED_NAME "unagreed"

static void put(struct rt_txn *txn, struct rt_bytes value)
{
    uint64_t sequence = txn->store->writer.outbox_next++;
    rt_overlay_put(txn->impl->view.overlay,
                   rt_key_sequence(txn->impl->keys, RT_SPACE_OUTBOX, sequence), value);
}

void rt_outbox_add(struct rt_txn *txn, struct rt_str subject, struct rt_str key,
                   struct rt_bytes payload)
{
    RT_ASSERT(txn->impl->view.overlay);
    size_t len = ENTRY_HEAD_LEN + subject.len + key.len + payload.len;
    uint8_t *value = rt_arena_alloc(txn->impl->keys, len);
    be64enc(value, (uint64_t)txn->now_ms);
    be16enc(value + 8, (uint16_t)subject.len);
    be16enc(value + 10, (uint16_t)key.len);
    uint8_t *end = value + ENTRY_HEAD_LEN;
    memcpy(end, subject.data, subject.len);
    end += subject.len;
    if (key.len > 0)
        memcpy(end, key.data, key.len);
    end += key.len;
    if (payload.len > 0)
        memcpy(end, payload.data, payload.len);
    if (!rt_held_take(txn, key, rt_bytes(value, len)))
        put(txn, rt_bytes(value, len));
}

void rt_outbox_append(struct rt_txn *txn, struct rt_bytes entry, bool again)
{
    uint8_t *value = rt_arena_copy(txn->impl->keys, entry.data, entry.len);
    if (again)
        value[8] |= AGAIN_BIT;
    put(txn, rt_bytes(value, entry.len));
}

bool rt_outbox_parse(struct rt_bytes value, struct rt_outbox_entry *ret)
{
    if (value.len < ENTRY_HEAD_LEN)
        return false;
    size_t subject = be16dec(value.data + 8) & RT_OUTBOX_SUBJECT_MAX,
           key = be16dec(value.data + 10);
    if (value.len - ENTRY_HEAD_LEN < subject + key)
        return false;
    const uint8_t *at = value.data + ENTRY_HEAD_LEN;
    ret->time_ms = (int64_t)be64dec(value.data);
    ret->again = (value.data[8] & AGAIN_BIT) != 0;
    ret->subject = rt_str_n((const char *)at, subject);
    ret->key = rt_str_n((const char *)at + subject, key);
    ret->payload = rt_bytes(at + subject + key, value.len - ENTRY_HEAD_LEN - subject - key);
    return true;
}

/* A fact that is a sequence; `*ret` stays as it is when there is none. */
static int load_sequence(struct rt_store *store, const char *name, struct rt_arena *scratch,
                         uint64_t *ret, struct rt_error *error)
{
    char *text;
    int code = rt_meta_get(store->db, name, scratch, &text, error);
    if (code == 0 && text && (!rt_str_to_u64(rt_str(text), ret) || *ret == 0))
        code = rt_error_set(error, RT_ECORRUPT, "the fact \"%s\" makes no sense", name);
    return code;
}

/* The number behind the last entry, which is `first` when there is none. */
static int load_next(struct rt_store *store, uint64_t first, struct rt_arena *scratch,
                     uint64_t *ret, struct rt_error *error)
{
    struct rt_range range;
    struct rt_bytes lower = rt_key_sequence(scratch, RT_SPACE_OUTBOX, first);
    static const uint8_t space[] = {RT_SPACE_OUTBOX};
    struct rt_bytes upper = rt_key_after(scratch, rt_bytes(space, 1));
    rt_range_init(&range, &(struct rt_view){.db = store->db}, lower, upper, true);
    *ret = first;
    if (rt_range_next(&range) && range.key.len == 1 + 8)
        *ret = rt_u64_get(range.key.data + 1) + 1;
    return rt_range_done(&range, error);
}

/* Whether an event is held. */
static int load_held(struct rt_store *store, struct rt_arena *scratch, bool *ret,
                     struct rt_error *error)
{
    static const uint8_t space[] = {RT_SPACE_HELD};
    struct rt_range range;
    struct rt_bytes lower = rt_bytes(space, 1);
    rt_range_init(&range, &(struct rt_view){.db = store->db}, lower, rt_key_after(scratch, lower),
                  false);
    *ret = rt_range_next(&range);
    return rt_range_done(&range, error);
}

static struct rt_bytes sequence_text(struct rt_arena *arena, uint64_t sequence)
{
    return rt_str_bytes(rt_str(rt_arena_printf(arena, "%llu", (unsigned long long)sequence)));
}

int rt_outbox_load(struct rt_store *store, struct rt_error *error)
{
    struct rt_arena scratch;
    rt_arena_init(&scratch, 0);
    uint64_t first = 1, next = 1, unagreed = 0;
    int code = load_sequence(store, FIRST_NAME, &scratch, &first, error);
    if (code == 0)
        code = load_next(store, first, &scratch, &next, error);
    if (code == 0)
        code = load_sequence(store, UNAGREED_NAME, &scratch, &unagreed, error);
    if (code == 0)
        code = load_held(store, &scratch, &store->writer.may_hold, error);
    if (code == 0 && unagreed == 0) {
        struct rt_db_batch *batch = rt_db_batch_new();
        unagreed = next;
        rt_db_batch_put(batch, rt_key_meta(&scratch, RT_STR(UNAGREED_NAME)),
                        sequence_text(&scratch, unagreed));
        code = rt_db_commit(store->db, batch, true, error);
        rt_db_batch_free(batch);
    }
    rt_arena_done(&scratch);
    store->writer.unagreed = unagreed;
    store->outbox_first = store->writer.outbox_first = first;
    store->outbox_next = store->writer.outbox_next = next;
    return code;
}

/* Entries from `from` on move up by `by`, the last one first: none is overwritten before it moved.
 * Those before `from` go. */
static void shift(struct rt_txn *txn, uint64_t from, uint64_t by)
{
    struct rt_store *store = txn->store;
    struct rt_overlay *overlay = txn->impl->view.overlay;
    struct rt_arena *keys = txn->impl->keys;
    for (uint64_t at = store->writer.outbox_next; at-- > store->writer.outbox_first;) {
        struct rt_bytes old = rt_key_sequence(keys, RT_SPACE_OUTBOX, at);
        struct rt_bytes value = rt_txn_lookup(txn, old);
        if (txn->failed != 0)
            return;
        if (value.data && at >= from)
            rt_overlay_put(overlay, rt_key_sequence(keys, RT_SPACE_OUTBOX, at + by),
                           rt_txn_keep(txn, value.data, value.len));
        rt_overlay_delete(overlay, old);
    }
}

bool rt_txn_outbox_agree(struct rt_txn *txn, uint64_t taken, uint64_t *ret_moved)
{
    struct rt_store *store = txn->store;
    struct rt_overlay *overlay = txn->impl->view.overlay;
    struct rt_arena *keys = txn->impl->keys;
    RT_ASSERT(overlay);
    uint64_t from = store->writer.unagreed;
    *ret_moved = 0;
    if (txn->failed != 0 || from == 0)
        return false;
    bool taken_before = taken >= from;
    if (taken_before) {
        shift(txn, from, taken + 1 - from);
        if (txn->failed != 0)
            return false;
        *ret_moved = store->writer.outbox_next - from;
        store->writer.outbox_first = taken + 1;
        store->writer.outbox_next = taken + 1 + *ret_moved;
        rt_overlay_put(overlay, rt_key_meta(keys, RT_STR(FIRST_NAME)),
                       sequence_text(keys, taken + 1));
    }
    rt_overlay_delete(overlay, rt_key_meta(keys, RT_STR(UNAGREED_NAME)));
    store->writer.unagreed = 0;
    return taken_before;
}

void rt_outbox_apply_trim(struct rt_store *store, struct rt_group *group)
{
    uint64_t first = store->writer.outbox_first;
    if (group->trim_to < first)
        return;
    uint64_t up_to =
        group->trim_to - first < RT_GROUP_TRIM_MAX ? group->trim_to : first + RT_GROUP_TRIM_MAX - 1;
    for (uint64_t sequence = first; sequence <= up_to; sequence++)
        rt_overlay_delete(&group->overlay,
                          rt_key_sequence(&group->arena, RT_SPACE_OUTBOX, sequence));
    rt_overlay_put(&group->overlay, rt_key_meta(&group->arena, RT_STR(FIRST_NAME)),
                   sequence_text(&group->arena, up_to + 1));
    store->writer.outbox_first = up_to + 1;
}

void rt_store_on_outbox(struct rt_store *store, void (*added)(void *arg), void *arg)
{
    store->outbox_added = added;
    store->outbox_arg = arg;
}

int rt_store_outbox_read(struct rt_store *store, uint64_t from, size_t max, struct rt_arena *arena,
                         struct rt_outbox_entry *ret, size_t *ret_n)
{
    *ret_n = 0;
    if (from < store->outbox_first)
        from = store->outbox_first;
    if (from >= store->outbox_next || max == 0)
        return 0;
    struct rt_view view = {.db = store->db, .snapshot = store->shared->snapshot};
    struct rt_range range;
    rt_range_init(&range, &view, rt_key_sequence(arena, RT_SPACE_OUTBOX, from),
                  rt_key_sequence(arena, RT_SPACE_OUTBOX, store->outbox_next), false);
    size_t n = 0;
    int code = 0;
    while (n < max && from + n < store->outbox_next) {
        /* Nothing overtakes an entry that is missing or damaged. */
        if (!rt_range_next(&range) || range.key.len != 1 + 8 ||
            rt_u64_get(range.key.data + 1) != from + n) {
            code = RT_ECORRUPT;
            break;
        }
        struct rt_bytes value =
            rt_bytes(rt_arena_copy(arena, range.value.data, range.value.len), range.value.len);
        if (!rt_outbox_parse(value, &ret[n])) {
            code = RT_ECORRUPT;
            break;
        }
        ret[n].sequence = from + n;
        n++;
    }
    int range_code = rt_range_done(&range, NULL);
    *ret_n = n;
    return range_code != 0 ? range_code : code;
}

uint64_t rt_store_outbox_first(struct rt_store *store)
{
    return store->outbox_first;
}

uint64_t rt_store_outbox_next(struct rt_store *store)
{
    return store->outbox_next;
}

void rt_store_outbox_trim(struct rt_store *store, uint64_t up_to)
{
    if (up_to >= store->outbox_next)
        up_to = store->outbox_next - 1;
    uv_mutex_lock(&store->mutex);
    if (up_to > store->trim_to)
        store->trim_to = up_to;
    uv_mutex_unlock(&store->mutex);
}
