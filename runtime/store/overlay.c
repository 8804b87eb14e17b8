#include "runtime/store/overlay.h"

/* How to take one change back: newest first. */
struct rt_overlay_undo {
    struct rt_overlay_undo *older;
    struct rt_overlay_node *node;
    bool added; /* the node was not there before; otherwise it had `value` */
    struct rt_bytes value;
};

static int compare(const struct rt_overlay_node *a, const struct rt_overlay_node *b)
{
    return rt_bytes_cmp(a->key, b->key);
}

/* RB_GENERATE_STATIC needs a macro that only BSD headers define. */
RB_GENERATE_INTERNAL(rt_overlay_tree, rt_overlay_node, entry, compare, static inline)

void rt_overlay_init(struct rt_overlay *overlay, struct rt_arena *arena)
{
    *overlay = (struct rt_overlay){.arena = arena};
    RB_INIT(&overlay->tree);
}

bool rt_overlay_empty(const struct rt_overlay *overlay)
{
    return RB_EMPTY(&overlay->tree);
}

static void set(struct rt_overlay *overlay, struct rt_bytes key, struct rt_bytes value)
{
    struct rt_overlay_node *node = rt_arena_alloc(overlay->arena, sizeof *node);
    node->key = key;
    struct rt_overlay_node *there = RB_INSERT(rt_overlay_tree, &overlay->tree, node);
    struct rt_overlay_undo *undo = rt_arena_alloc(overlay->arena, sizeof *undo);
    undo->older = overlay->undo;
    undo->added = !there;
    undo->node = there ? there : node;
    undo->value = there ? there->value : rt_bytes(NULL, 0);
    undo->node->value = value;
    overlay->undo = undo;
    overlay->bytes += key.len + value.len;
}

void rt_overlay_put(struct rt_overlay *overlay, struct rt_bytes key, struct rt_bytes value)
{
    static const uint8_t nothing[1];
    set(overlay, key, value.data ? value : rt_bytes(nothing, 0));
}

void rt_overlay_delete(struct rt_overlay *overlay, struct rt_bytes key)
{
    set(overlay, key, rt_bytes(NULL, 0));
}

void rt_overlay_savepoint(struct rt_overlay *overlay)
{
    overlay->undo = NULL;
}

void rt_overlay_rollback(struct rt_overlay *overlay)
{
    for (struct rt_overlay_undo *undo = overlay->undo; undo; undo = undo->older) {
        if (undo->added)
            RB_REMOVE(rt_overlay_tree, &overlay->tree, undo->node);
        else
            undo->node->value = undo->value;
    }
    overlay->undo = NULL;
}

struct rt_overlay_node *rt_overlay_find(struct rt_overlay *overlay, struct rt_bytes key)
{
    struct rt_overlay_node wanted = {.key = key};
    return RB_FIND(rt_overlay_tree, &overlay->tree, &wanted);
}

struct rt_overlay_node *rt_overlay_at_or_above(struct rt_overlay *overlay, struct rt_bytes key)
{
    struct rt_overlay_node wanted = {.key = key};
    return RB_NFIND(rt_overlay_tree, &overlay->tree, &wanted);
}

struct rt_overlay_node *rt_overlay_below(struct rt_overlay *overlay, struct rt_bytes key)
{
    struct rt_overlay_node *above = rt_overlay_at_or_above(overlay, key);
    return above ? RB_PREV(rt_overlay_tree, &overlay->tree, above)
                 : RB_MAX(rt_overlay_tree, &overlay->tree);
}

struct rt_overlay_node *rt_overlay_next(struct rt_overlay_node *node)
{
    return RB_NEXT(rt_overlay_tree, NULL, node);
}

struct rt_overlay_node *rt_overlay_prev(struct rt_overlay_node *node)
{
    return RB_PREV(rt_overlay_tree, NULL, node);
}

struct rt_overlay_node *rt_overlay_first(struct rt_overlay *overlay)
{
    return RB_MIN(rt_overlay_tree, &overlay->tree);
}

void rt_overlay_flush(struct rt_overlay *overlay, struct rt_db_batch *batch)
{
    struct rt_overlay_node *node;
    RB_FOREACH (node, rt_overlay_tree, &overlay->tree) {
        if (!node->value.data)
            rt_db_batch_delete(batch, node->key);
        else
            rt_db_batch_put(batch, node->key, node->value);
    }
}
