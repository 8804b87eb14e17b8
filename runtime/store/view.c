#include "runtime/store/view.h"

int rt_view_get(const struct rt_view *view, struct rt_bytes key, struct rt_arena *arena,
                struct rt_bytes *ret, struct rt_error *error)
{
    if (view->overlay) {
        const struct rt_overlay_node *node = rt_overlay_find(view->overlay, key);
        if (node) {
            *ret = node->value;
            return 0;
        }
    }
    return rt_db_get(view->db, view->snapshot, key, arena, ret, error);
}

void rt_range_init(struct rt_range *range, const struct rt_view *view, struct rt_bytes lower,
                   struct rt_bytes upper, bool descending)
{
    *range = (struct rt_range){
        .iter = rt_db_iter_new(view->db, view->snapshot),
        .lower = lower,
        .upper = upper,
        .descending = descending,
    };
    if (descending)
        rt_db_iter_seek_before(range->iter, upper);
    else
        rt_db_iter_seek(range->iter, lower);
    if (view->overlay)
        range->node = descending ? rt_overlay_below(view->overlay, upper)
                                 : rt_overlay_at_or_above(view->overlay, lower);
}

static bool within(const struct rt_range *range, struct rt_bytes key)
{
    return range->descending ? rt_bytes_cmp(key, range->lower) >= 0
                             : rt_bytes_cmp(key, range->upper) < 0;
}

static void step(struct rt_range *range)
{
    if (range->iter_used) {
        if (range->descending)
            rt_db_iter_prev(range->iter);
        else
            rt_db_iter_next(range->iter);
    }
    if (range->node_used)
        range->node =
            range->descending ? rt_overlay_prev(range->node) : rt_overlay_next(range->node);
    range->iter_used = false;
    range->node_used = false;
}

/* Which of both comes first: <0 the iterator, >0 the overlay, 0 they have the same key. */
static int order(const struct rt_range *range)
{
    int order = rt_bytes_cmp(rt_db_iter_key(range->iter), range->node->key);
    return range->descending ? -order : order;
}

bool rt_range_next(struct rt_range *range)
{
    for (;;) {
        step(range);
        bool in_db = rt_db_iter_valid(range->iter) && within(range, rt_db_iter_key(range->iter));
        bool in_overlay = range->node && within(range, range->node->key);
        if (!in_db && !in_overlay)
            return false;
        int first = in_db && in_overlay ? order(range) : in_db ? -1 : 1;
        range->iter_used = first <= 0;
        range->node_used = first >= 0;
        if (first < 0) {
            range->key = rt_db_iter_key(range->iter);
            range->value = rt_db_iter_value(range->iter);
            return true;
        }
        if (range->node->value.data) {
            range->key = range->node->key;
            range->value = range->node->value;
            return true;
        }
    }
}

int rt_range_done(struct rt_range *range, struct rt_error *error)
{
    int code = rt_db_iter_error(range->iter, error);
    rt_db_iter_free(range->iter);
    range->iter = NULL;
    return code;
}
