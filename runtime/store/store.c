/* Opening and closing, the loop's side of a commit, and read transactions. */
#include "runtime/store/store.h"

#include <pthread.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/store/store_impl.h"

/* ---------------------------------------------------------- shared snapshot */

static struct rt_shared_snapshot *shared_new(struct rt_db_snapshot *snapshot)
{
    struct rt_shared_snapshot *shared = rt_alloc(sizeof *shared);
    *shared = (struct rt_shared_snapshot){.snapshot = snapshot, .refs = 1};
    return shared;
}

static void shared_unref(struct rt_shared_snapshot *shared)
{
    if (--shared->refs > 0)
        return;
    rt_db_snapshot_free(shared->snapshot);
    free(shared);
}

/* -------------------------------------------------------------- loop's side */

/* The floors that the group's new entries are below. */
static void lower_floors(struct rt_store *store, struct rt_group *group, enum rt_key_space space)
{
    uint8_t from[] = {(uint8_t)space};
    for (struct rt_overlay_node *node = rt_overlay_at_or_above(&group->overlay, rt_bytes(from, 1));
         node && node->key.data[0] == space; node = rt_overlay_next(node)) {
        struct rt_due_floor *floor = store->catalog.floors[rt_key_number(node->key)];
        int64_t first;
        if (floor && node->value.data && rt_index_first(node->key, &first) && first < floor->loop)
            floor->loop = first;
    }
}

/* The readers' state moves to the one after this group. */
static void advance(struct rt_store *store, struct rt_group *group)
{
    shared_unref(store->shared);
    store->shared = shared_new(group->snapshot);
    group->snapshot = NULL;
    static const uint8_t space[] = {RT_SPACE_RECORD};
    for (struct rt_overlay_node *node = rt_overlay_at_or_above(&group->overlay, rt_bytes(space, 1));
         node && node->key.data[0] == RT_SPACE_RECORD; node = rt_overlay_next(node))
        rt_cache_forget(&store->cache, node->key);
    lower_floors(store, group, RT_SPACE_INDEX);
    lower_floors(store, group, RT_SPACE_UNIQUE);
    store->outbox_first = group->outbox_first;
    store->outbox_next = group->outbox_next;
}

static void report(struct rt_group *group)
{
    for (struct rt_write *write = group->writes, *next; write; write = next) {
        next = write->next_; /* the memory is the caller's again in `done` */
        write->done(write->arg, group->status != 0 ? group->status : write->status_);
    }
}

static struct rt_group *take_done(struct rt_store *store, enum rt_store_stage *ret_stage)
{
    uv_mutex_lock(&store->mutex);
    struct rt_group *group = store->done_first;
    if (group)
        store->done_first = group->next;
    if (!store->done_first)
        store->done_last = NULL;
    *ret_stage = store->stage;
    uv_mutex_unlock(&store->mutex);
    return group;
}

static void give_back(struct rt_store *store, struct rt_group *group)
{
    rt_arena_reset(&group->arena);
    uv_mutex_lock(&store->mutex);
    group->next = store->free_groups;
    store->free_groups = group;
    uv_mutex_unlock(&store->mutex);
}

static void on_closed(uv_handle_t *handle)
{
    struct rt_store *store = handle->data;
    if (--store->open_handles > 0)
        return;
    void (*closed)(void *arg) = store->closed;
    void *arg = store->closed_arg;
    uv_cond_destroy(&store->wake);
    uv_mutex_destroy(&store->mutex);
    rt_arena_done(&store->arena);
    free(store);
    if (closed)
        closed(arg);
}

/* Everything but the loop's handles, which need a turn of the loop to close. */
static void release(struct rt_store *store)
{
    for (struct rt_group *group = store->free_groups, *next; group; group = next) {
        next = group->next;
        rt_arena_done(&group->arena);
        free(group);
    }
    if (store->shared)
        shared_unref(store->shared);
    rt_cache_done(&store->cache);
    rt_catalog_done(&store->catalog);
    rt_db_batch_free(store->writer.batch);
    rt_buf_done(&store->writer.scratch);
    rt_db_close(store->db);
}

static void on_async(uv_async_t *async)
{
    struct rt_store *store = async->data;
    bool added = false;
    enum rt_store_stage stage;
    for (struct rt_group *group; (group = take_done(store, &stage));) {
        if (group->committed) {
            added = added || group->outbox_next > store->outbox_next;
            advance(store, group);
        }
        report(group);
        give_back(store, group);
    }
    if (added && store->outbox_added)
        store->outbox_added(store->outbox_arg);
    if (stage == RT_STORE_DRAINED && !uv_is_closing((uv_handle_t *)async)) {
        uv_thread_join(&store->writer_thread);
        release(store);
        uv_close((uv_handle_t *)&store->async, on_closed);
        uv_close((uv_handle_t *)&store->turn_end, on_closed);
        uv_close((uv_handle_t *)&store->no_wait, on_closed);
    }
}

/* ---------------------------------------------------------------- lifecycle */

static void start(struct rt_store *store)
{
    store->open_handles = 3;
    store->async.data = store->turn_end.data = store->no_wait.data = store;
    store->shared = shared_new(rt_db_snapshot_new(store->db));
    store->writer.batch = rt_db_batch_new();
    rt_cache_init(&store->cache, RT_RECORD_CACHE_BYTES);
    if (uv_mutex_init(&store->mutex) != 0 || uv_cond_init(&store->wake) != 0 ||
        uv_async_init(store->loop, &store->async, on_async) != 0 ||
        uv_check_init(store->loop, &store->turn_end) != 0 ||
        uv_idle_init(store->loop, &store->no_wait) != 0 ||
        uv_thread_create(&store->writer_thread, rt_writer_main, store) != 0)
        rt_panic("no thread for the store's writer");
}

int rt_store_open(uv_loop_t *loop, const struct rt_store_options *options, struct rt_store **ret,
                  struct rt_error *error)
{
    struct rt_store *store = rt_zalloc(sizeof *store);
    store->loop = loop;
    store->loop_thread = uv_thread_self();
    store->queue_max = options->queue_max ? options->queue_max : RT_QUEUE_DEFAULT;
    rt_arena_init(&store->arena, 0);
    size_t cache = options->cache_bytes ? options->cache_bytes : RT_DB_CACHE_DEFAULT;
    int code = rt_db_open(options->path, cache, &store->db, error);
    if (code == 0)
        code = rt_catalog_open(&store->catalog, &store->arena, store->db, options, error);
    if (code == 0)
        code = rt_outbox_load(store, error);
    if (code != 0) {
        release(store);
        rt_arena_done(&store->arena);
        free(store);
        return code;
    }
    start(store);
    *ret = store;
    return 0;
}

void rt_store_close(struct rt_store *store, void (*closed)(void *arg), void *arg)
{
    store->closed = closed;
    store->closed_arg = arg;
    uv_mutex_lock(&store->mutex);
    if (store->stage == RT_STORE_OPEN)
        store->stage = RT_STORE_DRAINING;
    uv_cond_signal(&store->wake);
    uv_mutex_unlock(&store->mutex);
}

void rt_store_stats(struct rt_store *store, struct rt_store_stats *ret)
{
    uv_mutex_lock(&store->mutex);
    *ret = store->stats;
    ret->queued = store->queue.n;
    uv_mutex_unlock(&store->mutex);
    ret->cache_hits = store->cache.hits;
    ret->cache_misses = store->cache.misses;
}

/* -------------------------------------------------------------------- reads */

void rt_store_read_begin(struct rt_store *store, struct rt_arena *arena, struct rt_txn *txn)
{
    struct rt_txn_impl *impl = RT_ARENA_NEW(arena, struct rt_txn_impl);
    uv_thread_t self = uv_thread_self();
    impl->view.db = store->db;
    impl->keys = arena;
    if (uv_thread_equal(&self, &store->loop_thread)) {
        impl->shared = store->shared;
        impl->shared->refs++;
        impl->view.snapshot = impl->shared->snapshot;
    } else {
        impl->own_snapshot = rt_db_snapshot_new(store->db);
        impl->view.snapshot = impl->own_snapshot;
    }
    *txn =
        (struct rt_txn){.store = store, .arena = arena, .now_ms = rt_clock_now_ms(), .impl = impl};
}

void rt_store_read_end(struct rt_txn *txn)
{
    if (txn->impl->shared)
        shared_unref(txn->impl->shared);
    rt_db_snapshot_free(txn->impl->own_snapshot);
    txn->impl = NULL;
}
