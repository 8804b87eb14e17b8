/*
 * The inside of the store, shared by its sources only.
 *
 * A write goes: queue (mutex), at the end of the loop's turn the writer is woken -> the writer
 * takes it into a group -> run against the group's overlay -> one batch, one sync -> a snapshot of
 * the state after it -> done list (mutex), uv_async_send -> on the loop: the shared snapshot moves
 * to the group's, the cache forgets what the group changed, the callbacks run, the group is free
 * again.
 *
 * So what the loop's readers see moves in whole groups, in the same turn that reports them: they
 * see a write from the moment it is reported, and never half a group.
 */
#ifndef RT_STORE_STORE_IMPL_H
#define RT_STORE_STORE_IMPL_H

#include "runtime/base/uuid.h"
#include "runtime/store/cache.h"
#include "runtime/store/catalog.h"
#include "runtime/store/limits.h"
#include "runtime/store/store.h"
#include "runtime/store/view.h"

/* The loop's snapshot, kept by the store and by each read transaction that began on it. */
struct rt_shared_snapshot {
    struct rt_db_snapshot *snapshot;
    uint32_t refs;
};

/* Write transactions that are committed together. */
struct rt_group {
    struct rt_arena arena; /* keys and values of the overlay */
    struct rt_overlay overlay;
    struct rt_write *writes; /* in order, linked by next_ */
    size_t n_writes;
    uint64_t trim_to; /* forget the outbox up to here, 0: nothing to forget */

    /* What the commit left behind. */
    int status;
    bool committed; /* false as well when there was nothing to write */
    struct rt_db_snapshot *snapshot;
    uint64_t outbox_first;
    uint64_t outbox_next;

    struct rt_group *next;
};

struct rt_write_queue {
    struct rt_write *first;
    struct rt_write *last;
    size_t n;
};

enum rt_store_stage { RT_STORE_OPEN, RT_STORE_DRAINING, RT_STORE_DRAINED, RT_STORE_SHUT };

struct rt_store {
    /* Constant after open. */
    struct rt_arena arena;
    struct rt_db *db;
    struct rt_catalog catalog;
    size_t queue_max;
    uv_loop_t *loop;
    uv_thread_t loop_thread;
    uv_thread_t writer_thread;

    /* The loop's. */
    uv_async_t async;
    uv_check_t turn_end; /* wakes the writer once for all that a turn of the loop submitted; */
    uv_idle_t no_wait;   /* active with it, so that the turn does not wait for I/O first */
    int open_handles;
    struct rt_shared_snapshot *shared;
    struct rt_cache cache;
    uint64_t outbox_first;
    uint64_t outbox_next;
    void (*outbox_added)(void *arg);
    void *outbox_arg;
    void (*closed)(void *arg);
    void *closed_arg;

    /* The writer's. */
    struct {
        struct rt_uuid_gen ids;
        struct rt_buf scratch; /* a record being encoded */
        struct rt_db_batch *batch;
        uint64_t outbox_first;
        uint64_t outbox_next; /* of the group being built */
        bool may_hold;        /* false: surely no event is held */
        uint64_t unagreed;    /* numbers from here on were never published; 0: agreed upon */
        int failed;           /* the final error */
    } writer;

    /* Under the mutex. */
    uv_mutex_t mutex;
    uv_cond_t wake;
    struct rt_write_queue queue;
    struct rt_group *done_first; /* committed, to be reported */
    struct rt_group *done_last;
    struct rt_group *free_groups;
    enum rt_store_stage stage;
    bool writer_waits;
    uint64_t trim_to;
    int failed; /* the writer's, for those who submit */
    struct rt_store_stats stats;
};

/* A record that others follow changed, or an event told of it as it is: see rt_txn_unpublished. */
struct rt_txn_note {
    struct rt_txn_note *next;
    const struct rt_model *model;
    struct rt_str id;
    int64_t version; /* after the change */
    bool event;
};

struct rt_txn_impl {
    struct rt_view view;
    struct rt_arena *keys;               /* where keys and values go: the group's or the caller's */
    struct rt_shared_snapshot *shared;   /* of a read on the loop's thread */
    struct rt_db_snapshot *own_snapshot; /* of a read elsewhere */
    struct rt_txn_note *notes;
};

/* Marks the transaction as failed, for good. The first failure counts. */
void rt_txn_fail(struct rt_txn *txn, int code);
/* The same with words for the log. */
void rt_txn_fail_for(struct rt_txn *txn, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A value seen by the transaction; data NULL when there is none or it failed. */
/* What a record is given before it is created, or changed. */
void rt_txn_given(struct rt_txn *txn, const struct rt_model *model, void *record, bool update);
struct rt_bytes rt_txn_lookup(struct rt_txn *txn, struct rt_bytes key);
/* Bytes to a record in the transaction's arena; NULL fails the transaction. */
void *rt_txn_decode(struct rt_txn *txn, const struct rt_model *model, struct rt_bytes bytes);
/* The record that an index led to; NULL fails the transaction, because it must be there. */
void *rt_txn_get_indexed(struct rt_txn *txn, const struct rt_model_info *info, struct rt_str id);
struct rt_bytes rt_txn_keep(const struct rt_txn *txn, const void *data, size_t len);

/* The record as it is stored: a shallow copy whose embeds are their id and nothing else. */
void *rt_txn_stored_form(struct rt_txn *txn, const struct rt_model *model, const void *record);
/* publish.c */
void rt_txn_note(struct rt_txn *txn, const struct rt_model *model, struct rt_str id,
                 int64_t version, bool event);

/* writer.c */
void rt_writer_main(void *store);
/* outbox.c: one more entry; what is there at open; the deletions of a trim. */
void rt_outbox_add(struct rt_txn *txn, struct rt_str subject, struct rt_str key,
                   struct rt_bytes payload);
/* The same for a whole entry; `again`: it was refused before. */
void rt_outbox_append(struct rt_txn *txn, struct rt_bytes entry, bool again);
/* Borrows from `value`; `sequence` stays as it is. */
bool rt_outbox_parse(struct rt_bytes value, struct rt_outbox_entry *ret);
/* held.c: true when the key is held, and the entry with it now. */
bool rt_held_take(struct rt_txn *txn, struct rt_str key, struct rt_bytes entry);
int rt_outbox_load(struct rt_store *store, struct rt_error *error);
void rt_outbox_apply_trim(struct rt_store *store, struct rt_group *group);

#endif
