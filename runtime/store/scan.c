/* Pages of records in the order of an index, and what is due first. */
#include "runtime/store/store_impl.h"

/*
 * A cursor is base64url of: a check (4 bytes), then the key of the page's last entry without the
 * prefix of the scan. The check is over prefix and direction, so that a cursor of another index
 * or other values is refused; and since the prefix is never taken from it, a forged cursor cannot
 * leave the scan it is used in.
 */
enum { CURSOR_CHECK_LEN = 4 };

/* The keys of one scan. */
struct walk {
    const struct rt_model_info *info;
    const struct rt_index_info *index; /* NULL: the records themselves */
    bool descending;
    struct rt_bytes prefix;
    struct rt_bytes lower;
    struct rt_bytes upper;
};

static void cursor_check(const struct walk *walk, uint8_t out[CURSOR_CHECK_LEN])
{
    uint8_t hash[8];
    rt_u64_put(hash, rt_hash(walk->prefix, walk->descending));
    memcpy(out, hash, CURSOR_CHECK_LEN);
}

static struct rt_str cursor_make(const struct walk *walk, struct rt_bytes key,
                                 struct rt_arena *arena)
{
    size_t rest = key.len - walk->prefix.len;
    uint8_t *raw = rt_arena_alloc(arena, CURSOR_CHECK_LEN + rest);
    cursor_check(walk, raw);
    if (rest > 0)
        memcpy(raw + CURSOR_CHECK_LEN, key.data + walk->prefix.len, rest);
    char *text = rt_arena_alloc(arena, rt_base64_len(CURSOR_CHECK_LEN + rest) + 1);
    size_t len = rt_base64_encode(rt_bytes(raw, CURSOR_CHECK_LEN + rest), true, text);
    return rt_str_n(text, len);
}

/* Narrows the walk to what comes after the cursor. */
static int cursor_apply(struct walk *walk, struct rt_str cursor, struct rt_arena *arena)
{
    if (cursor.len == 0)
        return 0;
    if (cursor.len > RT_CURSOR_LEN_MAX)
        return RT_EINVAL;
    uint8_t *raw = rt_arena_alloc(arena, cursor.len);
    size_t len;
    uint8_t check[CURSOR_CHECK_LEN];
    cursor_check(walk, check);
    if (!rt_base64_decode(cursor, raw, &len) || len < CURSOR_CHECK_LEN ||
        memcmp(raw, check, CURSOR_CHECK_LEN) != 0)
        return RT_EINVAL;
    size_t rest = len - CURSOR_CHECK_LEN;
    size_t key_len = walk->prefix.len + rest;
    uint8_t *key = rt_arena_alloc(arena, key_len + 1);
    memcpy(key, walk->prefix.data, walk->prefix.len);
    memcpy(key + walk->prefix.len, raw + CURSOR_CHECK_LEN, rest);
    key[key_len] = 0; /* the smallest key above it has one zero byte more */
    if (walk->descending)
        walk->upper = rt_bytes(key, key_len);
    else
        walk->lower = rt_bytes(key, key_len + 1);
    return 0;
}

static int walk_init(struct walk *walk, struct rt_txn *txn, const struct rt_model *model,
                     const struct rt_scan *scan)
{
    *walk = (struct walk){.info = rt_catalog_model(&txn->store->catalog, model),
                          .descending = scan->descending};
    if (scan->index) {
        walk->index = rt_model_index(walk->info, scan->index);
        RT_ASSERT(scan->n_values <= walk->index->n_fields);
        walk->prefix = rt_index_prefix(walk->index, scan->values, scan->n_values, txn->arena);
    } else {
        walk->prefix = rt_key_record(txn->arena, walk->info->number, rt_str_n(NULL, 0));
    }
    walk->lower = walk->prefix;
    walk->upper = rt_key_after(txn->arena, walk->prefix);
    return cursor_apply(walk, scan->after, txn->arena);
}

static void *walk_record(const struct walk *walk, struct rt_txn *txn, const struct rt_range *range)
{
    if (!walk->index)
        return rt_txn_decode(txn, walk->info->model, range->value);
    struct rt_str id;
    if (!rt_index_id(walk->index, range->key, range->value, &id)) {
        rt_txn_fail(txn, RT_ECORRUPT);
        return NULL;
    }
    return rt_txn_get_indexed(txn, walk->info, id);
}

int rt_txn_scan(struct rt_txn *txn, const struct rt_model *model, const struct rt_scan *scan,
                struct rt_page *ret)
{
    RT_ASSERT(scan->limit >= 1 && scan->limit <= RT_SCAN_LIMIT_MAX);
    struct rt_page page = {0};
    struct walk walk;
    int code = txn->failed != 0 ? txn->failed : walk_init(&walk, txn, model, scan);
    txn->bad_cursor = txn->bad_cursor || code == RT_EINVAL;
    if (code != 0)
        return code;
    page.records = RT_ARENA_ARRAY(txn->arena, scan->limit, void *);

    struct rt_range range;
    rt_range_init(&range, &txn->impl->view, walk.lower, walk.upper, scan->descending);
    struct rt_bytes last = {NULL, 0};
    while (txn->failed == 0 && rt_range_next(&range)) {
        if (page.n_records == scan->limit) {
            page.next = cursor_make(&walk, last, txn->arena);
            break;
        }
        page.records[page.n_records++] = walk_record(&walk, txn, &range);
        if (page.n_records == scan->limit)
            last =
                rt_bytes(rt_arena_copy(txn->arena, range.key.data, range.key.len), range.key.len);
    }
    rt_txn_fail(txn, rt_range_done(&range, NULL));
    if (txn->failed != 0)
        return txn->failed;
    *ret = page;
    return 0;
}

/* The floor that holds for what the transaction sees, or NULL. */
static int64_t *floor_for(const struct rt_txn *txn, const struct rt_index_info *index)
{
    if (txn->impl->view.overlay)
        return &index->floor->writer;
    return txn->impl->shared && txn->impl->shared == txn->store->shared ? &index->floor->loop
                                                                        : NULL;
}

/* The floor may rise to the first entry that is there, unless something below was changed in the
 * group: a rollback would bring that back. */
static void raise_floor(struct rt_txn *txn, const struct walk *walk, int64_t *floor, int64_t first)
{
    if (txn->impl->view.overlay) {
        struct rt_overlay_node *changed =
            rt_overlay_at_or_above(txn->impl->view.overlay, walk->lower);
        int64_t at;
        if (changed && rt_bytes_cmp(changed->key, walk->upper) < 0 &&
            (!rt_index_first(changed->key, &at) || at < first))
            return;
    }
    *floor = first;
}

void *rt_txn_first_due(struct rt_txn *txn, const struct rt_model *model,
                       const struct rt_index *index, int64_t up_to, int64_t *ret_next)
{
    return rt_txn_first_due_of(txn, model, index, up_to, NULL, NULL, ret_next);
}

void *rt_txn_first_due_of(struct rt_txn *txn, const struct rt_model *model,
                          const struct rt_index *index, int64_t up_to,
                          bool (*pass_over)(void *arg, struct rt_str id), void *arg,
                          int64_t *ret_next)
{
    *ret_next = INT64_MAX;
    if (txn->failed != 0)
        return NULL;
    struct walk walk = {.info = rt_catalog_model(&txn->store->catalog, model)};
    walk.index = rt_model_index(walk.info, index);
    RT_ASSERT(walk.index->floor);
    int64_t *floor = floor_for(txn, walk.index);
    /* Absent values are never due: the walk begins at the smallest one that can be there. */
    struct rt_value smallest = {.present = true, .i = floor ? *floor : INT64_MIN};
    walk.lower = rt_index_prefix(walk.index, &smallest, 1, txn->arena);
    walk.upper = rt_key_after(txn->arena, rt_index_prefix(walk.index, NULL, 0, txn->arena));

    void *record = NULL;
    int64_t first = INT64_MAX; /* of all, for the floor */
    struct rt_range range;
    rt_range_init(&range, &txn->impl->view, walk.lower, walk.upper, false);
    while (txn->failed == 0 && rt_range_next(&range)) {
        int64_t at;
        struct rt_str id;
        if (!rt_index_first(range.key, &at) ||
            !rt_index_id(walk.index, range.key, range.value, &id)) {
            rt_txn_fail(txn, RT_ECORRUPT);
            break;
        }
        first = at < first ? at : first;
        if (pass_over && pass_over(arg, id))
            continue;
        *ret_next = at;
        if (at <= up_to)
            record = walk_record(&walk, txn, &range);
        break;
    }
    rt_txn_fail(txn, rt_range_done(&range, NULL));
    if (floor && txn->failed == 0)
        raise_floor(txn, &walk, floor, first);
    return record;
}
