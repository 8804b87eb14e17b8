/*
 * A view: what a transaction sees, which is the database or a snapshot of it, and the overlay of
 * the group on top. Single keys, and ranges of them in order.
 *
 * Threads: one at a time. Ownership: a view borrows all three.
 */
#ifndef RT_STORE_VIEW_H
#define RT_STORE_VIEW_H

#include "runtime/store/db.h"
#include "runtime/store/overlay.h"

struct rt_view {
    struct rt_db *db;
    const struct rt_db_snapshot *snapshot; /* NULL: the latest state */
    struct rt_overlay *overlay;            /* NULL: none */
};

/* The value, in memory of `arena` or the overlay's; data NULL when there is none. */
int rt_view_get(const struct rt_view *view, struct rt_bytes key, struct rt_arena *arena,
                struct rt_bytes *ret, struct rt_error *error);

/*
 * A walk over the keys from `lower` (included) to `upper` (excluded), either way. The overlay may
 * change during the walk, but not be rolled back; whether the walk sees the change is open.
 * An error ends the walk; rt_range_done returns it.
 */
struct rt_range {
    struct rt_bytes key; /* the current entry, borrowed until the next one */
    struct rt_bytes value;

    struct rt_db_iter *iter;
    struct rt_overlay_node *node; /* the overlay's next candidate, or NULL */
    struct rt_bytes lower;
    struct rt_bytes upper;
    bool descending;
    bool iter_used; /* the current entry is the iterator's, so it must move first */
    bool node_used; /* the same for the node */
};

/* Borrows everything. `lower` and `upper` live as long as the range. */
void rt_range_init(struct rt_range *range, const struct rt_view *view, struct rt_bytes lower,
                   struct rt_bytes upper, bool descending);
/* Steps to the next entry (the first one at first); false at the end. */
bool rt_range_next(struct rt_range *range);
/* 0, or what ended the walk early. */
int rt_range_done(struct rt_range *range, struct rt_error *error);

#endif
