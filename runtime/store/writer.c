/* The writer thread: takes what waits as a group, runs it, commits it, hands it to the loop. */
#include <pthread.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/store/store_impl.h"

/* -------------------------------------------------------------------- queue */

static struct rt_group *group_take_free(struct rt_store *store)
{
    struct rt_group *group = store->free_groups;
    if (group) {
        store->free_groups = group->next;
        return group;
    }
    group = rt_zalloc(sizeof *group);
    rt_arena_init(&group->arena, RT_GROUP_ARENA_BLOCK);
    return group;
}

/* Waits for writes and takes them as a group; NULL when the store closes and none are left. */
static struct rt_group *group_take(struct rt_store *store)
{
    uv_mutex_lock(&store->mutex);
    store->writer_waits = true;
    while (store->queue.n == 0 && store->stage == RT_STORE_OPEN)
        uv_cond_wait(&store->wake, &store->mutex);
    store->writer_waits = false;
    struct rt_group *group = NULL;
    if (store->queue.n > 0) {
        group = group_take_free(store);
        group->trim_to = store->trim_to;
        group->writes = store->queue.first;
        struct rt_write *last = group->writes;
        for (group->n_writes = 1; last->next_ && group->n_writes < RT_GROUP_WRITES_MAX;
             group->n_writes++)
            last = last->next_;
        store->queue.first = last->next_;
        store->queue.n -= group->n_writes;
        if (!store->queue.first)
            store->queue.last = NULL;
        last->next_ = NULL;
    }
    uv_mutex_unlock(&store->mutex);
    return group;
}

/* The group is big enough: what comes after `last` waits for the next one. */
static void group_cut(struct rt_store *store, struct rt_group *group, struct rt_write *last,
                      size_t n)
{
    struct rt_write *rest = last->next_;
    last->next_ = NULL;
    size_t n_rest = group->n_writes - n;
    group->n_writes = n;
    struct rt_write *end = rest;
    while (end->next_)
        end = end->next_;
    uv_mutex_lock(&store->mutex);
    end->next_ = store->queue.first;
    store->queue.first = rest;
    if (!store->queue.last)
        store->queue.last = end;
    store->queue.n += n_rest;
    uv_mutex_unlock(&store->mutex);
}

/* ---------------------------------------------------------------------- run */

static void write_run(struct rt_store *store, struct rt_group *group, struct rt_write *write)
{
    struct rt_txn_impl impl = {
        .view = {.db = store->db, .overlay = &group->overlay},
        .keys = &group->arena,
    };
    struct rt_txn txn = {
        .store = store, .arena = write->arena, .now_ms = rt_clock_now_ms(), .impl = &impl};
    uint64_t outbox_next = store->writer.outbox_next;
    rt_overlay_savepoint(&group->overlay);
    int code = write->run(&txn, write->arg);
    write->status_ = txn.failed != 0 ? txn.failed : code;
    if (write->status_ != 0) {
        rt_overlay_rollback(&group->overlay);
        store->writer.outbox_next = outbox_next;
    }
}

static void group_run(struct rt_store *store, struct rt_group *group)
{
    rt_overlay_init(&group->overlay, &group->arena);
    size_t n = 0;
    for (struct rt_write *write = group->writes; write; write = write->next_) {
        write_run(store, group, write);
        n++;
        if (group->overlay.bytes >= RT_GROUP_BYTES_MAX && write->next_)
            group_cut(store, group, write, n);
    }
}

/* ------------------------------------------------------------------- commit */

static void group_commit(struct rt_store *store, struct rt_group *group)
{
    group->committed = false;
    group->snapshot = NULL;
    group->status = 0;
    if (!rt_overlay_empty(&group->overlay)) {
        rt_outbox_apply_trim(store, group);
        rt_overlay_flush(&group->overlay, store->writer.batch);
        group->status = rt_db_commit(store->db, store->writer.batch, true, NULL);
        if (group->status == 0) {
            group->committed = true;
            group->snapshot = rt_db_snapshot_new(store->db);
        } else {
            /* Whatever the error was, the state of the disk is unknown now. */
            group->status = store->writer.failed = RT_EIO;
        }
    }
    group->outbox_first = store->writer.outbox_first;
    group->outbox_next = store->writer.outbox_next;
}

/* After the final error nothing runs any more. */
static void group_refuse(struct rt_store *store, struct rt_group *group)
{
    rt_overlay_init(&group->overlay, &group->arena);
    group->committed = false;
    group->snapshot = NULL;
    group->status = store->writer.failed;
}

static void group_report(struct rt_store *store, struct rt_group *group)
{
    group->next = NULL;
    uv_mutex_lock(&store->mutex);
    if (store->done_last)
        store->done_last->next = group;
    else
        store->done_first = group;
    store->done_last = group;
    store->failed = store->writer.failed;
    store->stats.groups++;
    store->stats.writes += group->n_writes;
    if (group->committed) {
        store->stats.syncs++;
        store->stats.bytes += group->overlay.bytes;
    }
    uv_mutex_unlock(&store->mutex);
    uv_async_send(&store->async);
}

static void set_stage(struct rt_store *store, enum rt_store_stage stage)
{
    uv_mutex_lock(&store->mutex);
    store->stage = stage;
    uv_mutex_unlock(&store->mutex);
    uv_async_send(&store->async);
}

void rt_writer_main(void *arg)
{
    struct rt_store *store = arg;
    pthread_setname_np(pthread_self(), "store-writer");
    for (struct rt_group *group; (group = group_take(store));) {
        if (store->writer.failed == 0) {
            group_run(store, group);
            group_commit(store, group);
        } else {
            group_refuse(store, group);
        }
        group_report(store, group);
    }
    set_stage(store, RT_STORE_DRAINED);
}

/* ------------------------------------------------------------------- submit */

static void on_turn_end(uv_check_t *check)
{
    struct rt_store *store = check->data;
    uv_check_stop(&store->turn_end);
    uv_idle_stop(&store->no_wait);
    uv_mutex_lock(&store->mutex);
    uv_cond_signal(&store->wake);
    uv_mutex_unlock(&store->mutex);
}

static void on_no_wait(uv_idle_t *idle)
{
    (void)idle;
}

/* A writer that waits would take the first write of a turn alone, and let the others pay for a
 * second sync: it is woken when the loop has handled all that came in. */
static void wake_at_turn_end(struct rt_store *store)
{
    uv_check_start(&store->turn_end, on_turn_end);
    uv_idle_start(&store->no_wait, on_no_wait);
}

int rt_store_write(struct rt_store *store, struct rt_write *write)
{
    write->next_ = NULL;
    uv_mutex_lock(&store->mutex);
    int code = 0;
    bool wake = false;
    if (store->stage != RT_STORE_OPEN) {
        code = RT_ECLOSED;
    } else if (store->failed != 0) {
        code = store->failed;
    } else if (store->queue.n >= store->queue_max) {
        code = RT_EAGAIN;
    } else {
        if (store->queue.last)
            store->queue.last->next_ = write;
        else
            store->queue.first = write;
        store->queue.last = write;
        wake = store->queue.n++ == 0 && store->writer_waits;
    }
    uv_mutex_unlock(&store->mutex);
    if (wake)
        wake_at_turn_end(store);
    return code;
}
