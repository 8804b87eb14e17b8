/* The inbox, and the small things of the application's own. */
#include <bsd/sys/endian.h>

#include "runtime/store/store_impl.h"

bool rt_txn_inbox_has(struct rt_txn *txn, uint64_t sequence, uint64_t print)
{
    struct rt_bytes mark =
        rt_txn_lookup(txn, rt_key_sequence(txn->arena, RT_SPACE_INBOX, sequence));
    return mark.data && mark.len == sizeof(print) && be64dec(mark.data) == print;
}

static void put(struct rt_txn *txn, struct rt_bytes key, struct rt_bytes value)
{
    RT_ASSERT(txn->impl->view.overlay);
    if (txn->failed == 0)
        rt_overlay_put(txn->impl->view.overlay, key, value);
}

static void delete (struct rt_txn *txn, struct rt_bytes key)
{
    RT_ASSERT(txn->impl->view.overlay);
    if (txn->failed == 0)
        rt_overlay_delete(txn->impl->view.overlay, key);
}

void rt_txn_inbox_add(struct rt_txn *txn, uint64_t sequence, uint64_t print)
{
    uint8_t mark[sizeof(print)];
    be64enc(mark, print);
    put(txn, rt_key_sequence(txn->impl->keys, RT_SPACE_INBOX, sequence),
        rt_txn_keep(txn, mark, sizeof(mark)));
}

void rt_txn_inbox_remove(struct rt_txn *txn, uint64_t sequence)
{
    delete (txn, rt_key_sequence(txn->impl->keys, RT_SPACE_INBOX, sequence));
}

struct rt_bytes rt_txn_kv_get(struct rt_txn *txn, char space, struct rt_bytes key)
{
    struct rt_bytes value = rt_txn_lookup(txn, rt_key_kv(txn->arena, space, key));
    /* The overlay's memory may go before the transaction's arena does. */
    if (value.data && txn->impl->view.overlay)
        value.data = rt_arena_copy(txn->arena, value.data, value.len);
    return value;
}

void rt_txn_kv_put(struct rt_txn *txn, char space, struct rt_bytes key, struct rt_bytes value)
{
    put(txn, rt_key_kv(txn->impl->keys, space, key), rt_txn_keep(txn, value.data, value.len));
}

void rt_txn_kv_delete(struct rt_txn *txn, char space, struct rt_bytes key)
{
    delete (txn, rt_key_kv(txn->impl->keys, space, key));
}

void rt_txn_kv_scan(struct rt_txn *txn, char space, struct rt_bytes prefix,
                    bool (*each)(void *arg, struct rt_bytes key, struct rt_bytes value), void *arg)
{
    if (txn->failed != 0)
        return;
    struct rt_bytes lower = rt_key_kv(txn->arena, space, prefix);
    struct rt_range range;
    rt_range_init(&range, &txn->impl->view, lower, rt_key_after(txn->arena, lower), false);
    while (rt_range_next(&range))
        if (!each(arg, rt_bytes(range.key.data + 2, range.key.len - 2), range.value))
            break;
    rt_txn_fail(txn, rt_range_done(&range, NULL));
}
