/*
 * The overlay: what the transactions of a group have changed so far, as an ordered map from key
 * to value or deletion, above the database. Later transactions of the group see it; one that
 * fails is taken back out of it, alone.
 *
 * Invariant: a node's place never changes; a rollback removes nodes that its transaction added
 * and gives the others their former content.
 * Threads: one at a time. Ownership: keys, values and nodes are in the group's arena.
 */
#ifndef RT_STORE_OVERLAY_H
#define RT_STORE_OVERLAY_H

#include <bsd/sys/tree.h>

#include "runtime/store/db.h"

struct rt_overlay_node {
    RB_ENTRY(rt_overlay_node) entry;
    struct rt_bytes key;
    struct rt_bytes value; /* data NULL: deleted */
};

RB_HEAD(rt_overlay_tree, rt_overlay_node);

struct rt_overlay_undo;

struct rt_overlay {
    struct rt_arena *arena;
    struct rt_overlay_tree tree;
    struct rt_overlay_undo *undo; /* of the running transaction, newest first */
    size_t bytes;                 /* of keys and values, those overwritten included */
};

void rt_overlay_init(struct rt_overlay *overlay, struct rt_arena *arena);
bool rt_overlay_empty(const struct rt_overlay *overlay);

/* Key and value must live at least as long as the overlay's arena. */
void rt_overlay_put(struct rt_overlay *overlay, struct rt_bytes key, struct rt_bytes value);
void rt_overlay_delete(struct rt_overlay *overlay, struct rt_bytes key);

/* From here on, a rollback goes back to this point. */
void rt_overlay_savepoint(struct rt_overlay *overlay);
void rt_overlay_rollback(struct rt_overlay *overlay);

/* NULL when the key was not touched. */
struct rt_overlay_node *rt_overlay_find(struct rt_overlay *overlay, struct rt_bytes key);
/* The first node at or above `key`, the last one below it, and neighbours; NULL at the end. */
struct rt_overlay_node *rt_overlay_at_or_above(struct rt_overlay *overlay, struct rt_bytes key);
struct rt_overlay_node *rt_overlay_below(struct rt_overlay *overlay, struct rt_bytes key);
struct rt_overlay_node *rt_overlay_next(struct rt_overlay_node *node);
struct rt_overlay_node *rt_overlay_prev(struct rt_overlay_node *node);
struct rt_overlay_node *rt_overlay_first(struct rt_overlay *overlay);

/* Appends every change to `batch`, in order of key. */
void rt_overlay_flush(struct rt_overlay *overlay, struct rt_db_batch *batch);

#endif
