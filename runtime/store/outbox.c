/*
 * The outbox: events that are committed with what they tell, until the relay has them published.
 * Sequences are dense: they are given on the writer thread, and a rolled-back transaction gives
 * its own back.
 *
 * An entry's value: time i64, subject's length u16, key's length u16 (big-endian), subject, key,
 * payload.
 */
#include <bsd/sys/endian.h>
#include <stdio.h>

#include "runtime/store/store_impl.h"

enum { ENTRY_HEAD_LEN = 8 + 2 + 2 };

#define FIRST_NAME "outbox"

void rt_outbox_add(struct rt_txn *txn, struct rt_str subject, struct rt_str key,
                   struct rt_bytes payload)
{
    RT_ASSERT(txn->impl->view.overlay != NULL);
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
    rt_overlay_put(
        txn->impl->view.overlay,
        rt_key_sequence(txn->impl->keys, RT_SPACE_OUTBOX, txn->store->writer.outbox_next++),
        rt_bytes(value, len));
}

/* Borrows from `value`. */
static bool parse_entry(struct rt_bytes value, struct rt_outbox_entry *ret)
{
    if (value.len < ENTRY_HEAD_LEN)
        return false;
    size_t subject = be16dec(value.data + 8), key = be16dec(value.data + 10);
    if (value.len - ENTRY_HEAD_LEN < subject + key)
        return false;
    const uint8_t *at = value.data + ENTRY_HEAD_LEN;
    ret->time_ms = (int64_t)be64dec(value.data);
    ret->subject = rt_str_n((const char *)at, subject);
    ret->key = rt_str_n((const char *)at + subject, key);
    ret->payload = rt_bytes(at + subject + key, value.len - ENTRY_HEAD_LEN - subject - key);
    return true;
}

int rt_outbox_load(struct rt_store *store, struct rt_error *error)
{
    struct rt_arena scratch;
    rt_arena_init(&scratch, 0);
    char *text;
    unsigned long long first = 1;
    int code = rt_meta_get(store->db, FIRST_NAME, &scratch, &text, error);
    if (code == 0 && text != NULL && (sscanf(text, "%llu", &first) != 1 || first == 0))
        code = rt_error_set(error, RT_ECORRUPT, "the fact \"" FIRST_NAME "\" makes no sense");
    uint64_t next = first;
    if (code == 0) {
        struct rt_range range;
        struct rt_bytes lower = rt_key_sequence(&scratch, RT_SPACE_OUTBOX, first);
        static const uint8_t space[] = {RT_SPACE_OUTBOX};
        struct rt_bytes upper = rt_key_after(&scratch, rt_bytes(space, 1));
        rt_range_init(&range, &(struct rt_view){.db = store->db}, lower, upper, true);
        if (rt_range_next(&range) && range.key.len == 1 + 8)
            next = rt_u64_get(range.key.data + 1) + 1;
        code = rt_range_done(&range, error);
    }
    rt_arena_done(&scratch);
    store->outbox_first = store->writer.outbox_first = first;
    store->outbox_next = store->writer.outbox_next = next;
    return code;
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
    const char *text = rt_arena_printf(&group->arena, "%llu", (unsigned long long)up_to + 1);
    rt_overlay_put(&group->overlay, rt_key_meta(&group->arena, RT_STR(FIRST_NAME)),
                   rt_str_bytes(rt_str(text)));
    store->writer.outbox_first = up_to + 1;
}

void rt_store_on_outbox(struct rt_store *store, void (*added)(void *arg), void *arg)
{
    store->outbox_added = added;
    store->outbox_arg = arg;
}

size_t rt_store_outbox_read(struct rt_store *store, uint64_t from, size_t max,
                            struct rt_arena *arena, struct rt_outbox_entry *ret)
{
    if (from < store->outbox_first)
        from = store->outbox_first;
    if (from >= store->outbox_next || max == 0)
        return 0;
    struct rt_view view = {.db = store->db, .snapshot = store->shared->snapshot};
    struct rt_range range;
    rt_range_init(&range, &view, rt_key_sequence(arena, RT_SPACE_OUTBOX, from),
                  rt_key_sequence(arena, RT_SPACE_OUTBOX, store->outbox_next), false);
    size_t n = 0;
    while (n < max && rt_range_next(&range)) {
        struct rt_bytes value =
            rt_bytes(rt_arena_copy(arena, range.value.data, range.value.len), range.value.len);
        /* A gap or a damaged entry ends the list here: nothing overtakes it. */
        if (range.key.len != 1 + 8 || rt_u64_get(range.key.data + 1) != from + n ||
            !parse_entry(value, &ret[n]))
            break;
        ret[n].sequence = from + n;
        n++;
    }
    rt_range_done(&range, NULL);
    return n;
}

uint64_t rt_store_outbox_first(struct rt_store *store)
{
    return store->outbox_first;
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
