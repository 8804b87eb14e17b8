/*
 * The store of one service: records, indexes, outbox, inbox and timers in one LevelDB database.
 *
 * One writer thread runs write transactions in order against an overlay of the group being
 * built, then commits the whole group as one WriteBatch with sync, then reports each. So writes
 * are serializable, many share one sync, and nothing is visible before it is durable. Reads run
 * anywhere against a snapshot.
 *
 * Invariants: 1. A transaction's effects (records, indexes, outbox, inbox, timers, key-values)
 * are in one batch or nowhere. 2. `version` is 1 after create and rises by one per update.
 * 3. A failed commit or sync is final: every later write fails with RT_EIO.
 *
 * Threads: rt_store_* may be called from the thread that opened the store; `run` is called on
 * the writer thread; `done` on the loop's thread. A struct rt_txn belongs to one thread.
 * Errors: RT_EAGAIN when the queue is full; I/O and corruption mark the transaction as failed,
 * so that a handler need not look at each call: reads then give NULL and the commit reports it.
 */
#ifndef RT_STORE_STORE_H
#define RT_STORE_STORE_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/uuid.h"
#include "runtime/wire/message.h"
#include "runtime/wire/wire.h"

#include <uv.h>

/* ------------------------------------------------------------------ models */

enum rt_condition_op { RT_IN, RT_NOT_IN, RT_IS_SET, RT_IS_NULL };

/* One conjunct of a `while`: the field is one (or none) of some constants, or it is there. A
 * field that is absent is neither one of them nor none. */
struct rt_condition {
    uint16_t field;           /* index into the message's fields */
    uint16_t op;              /* enum rt_condition_op */
    const int64_t *values;    /* of integers, times, enums and bools; of u64, the same bits */
    const char *const *texts; /* of strings, ids and refs, instead of `values` */
    size_t n_values;
};

/* Whether all `n` conditions hold of a message. */
bool rt_conditions_hold(const struct rt_condition *conditions, size_t n,
                        const struct rt_message *message, const void *value);

struct rt_index {
    const char *name;
    bool unique;
    const uint16_t *fields; /* indexes into the message's fields */
    size_t n_fields;
    const struct rt_condition *where; /* all must hold for a record to be in the index */
    size_t n_where;
};

struct rt_model;

struct rt_embed {
    uint16_t field; /* index into the message's fields */
    const struct rt_model *target;
};

/* What is stored: a model or a replica. */
struct rt_model {
    const char *name;
    const struct rt_message *message;
    int id_field;                   /* index into the message's fields */
    int version_field;              /* or -1 */
    int expires_field;              /* records vanish after this time; or -1 */
    bool replicated;                /* another service follows its versions: each change must be
                                       published in the transaction that makes it */
    const struct rt_index *indexes; /* secondary and unique ones, then those of timers */
    size_t n_indexes;
    const struct rt_embed *embeds;
    size_t n_embeds;
};

/* ------------------------------------------------------------- transactions */

struct rt_store;

struct rt_txn {
    struct rt_store *store;
    struct rt_arena *arena; /* owns every record that is read, until the transaction's end */
    int64_t now_ms;         /* the same for the whole transaction */
    int failed;             /* 0, or the enum rt_err that the commit will report */
    bool bad_cursor;        /* a scan was given a cursor that is not of its kind */
    struct rt_txn_impl *impl;
};

/* The record, or NULL when there is none (or the transaction failed). Embedded refs hold their id
 * only; see rt_txn_hydrate. */
void *rt_txn_get(struct rt_txn *txn, const struct rt_model *model, const char *id);
/* The same still encoded, for straight transcoding; data NULL when there is none. */
struct rt_bytes rt_txn_get_bytes(struct rt_txn *txn, const struct rt_model *model, const char *id);
/* Reads the embedded records of `record`; one that is missing stays as its id. */
void rt_txn_hydrate(struct rt_txn *txn, const struct rt_model *model, void *record);
/* Assigns an id when it is NULL or empty, sets version to 1. RT_EEXIST: the id or a unique index
 * is taken; nothing changed then. Every event that follows from the change is the caller's. */
int rt_txn_create(struct rt_txn *txn, const struct rt_model *model, void *record);
/* The stored version must equal the record's (RT_ECONFLICT); it is then raised by one in both.
 * RT_ENOTFOUND, RT_EEXIST (a unique index). */
int rt_txn_update(struct rt_txn *txn, const struct rt_model *model, void *record);
int rt_txn_delete(struct rt_txn *txn, const struct rt_model *model, const char *id);
/* Stores a replica's record exactly as it is, version included, whatever was there. */
void rt_txn_put(struct rt_txn *txn, const struct rt_model *model, const void *record);

/* The record of a unique index, or NULL. `values` has one per field of the index. */
void *rt_txn_find(struct rt_txn *txn, const struct rt_model *model, const struct rt_index *index,
                  const struct rt_value *values);

struct rt_scan {
    const struct rt_index *index;  /* NULL: all records, in order of id */
    const struct rt_value *values; /* of the first n_values fields of the index: equal to these */
    size_t n_values;
    struct rt_str after; /* cursor of an earlier scan, or empty */
    size_t limit;        /* at most so many records, 1..1000 */
    bool descending;
};

struct rt_page {
    void **records;
    size_t n_records;
    struct rt_str next; /* cursor, empty at the end; text that needs no escaping in a URL */
};

/* RT_EINVAL: the cursor is not of this scan. */
int rt_txn_scan(struct rt_txn *txn, const struct rt_model *model, const struct rt_scan *scan,
                struct rt_page *ret);

/* The record of that index with the smallest first field, when that is at most `up_to`; for
 * timers and expiry (a time index). NULL: none; then `ret_next` is the smallest value there is,
 * or INT64_MAX. An index of NULL means the model's expiry. */
void *rt_txn_first_due(struct rt_txn *txn, const struct rt_model *model,
                       const struct rt_index *index, int64_t up_to, int64_t *ret_next);
/* The same among those records whose id `pass_over` says no to. */
void *rt_txn_first_due_of(struct rt_txn *txn, const struct rt_model *model,
                          const struct rt_index *index, int64_t up_to,
                          bool (*pass_over)(void *arg, struct rt_str id), void *arg,
                          int64_t *ret_next);

/* Writes an event into the outbox. The store knows it only as bytes. */
void rt_txn_outbox(struct rt_txn *txn, struct rt_str subject, struct rt_str key,
                   struct rt_bytes payload);

/* Inbox: which events of the channel have had their effect. `print` is a hash of the event: a
 * channel whose data were deleted or restored gives its sequences again, to other events. */
bool rt_txn_inbox_has(struct rt_txn *txn, uint64_t sequence, uint64_t print);
void rt_txn_inbox_add(struct rt_txn *txn, uint64_t sequence, uint64_t print);
void rt_txn_inbox_remove(struct rt_txn *txn, uint64_t sequence);

/* Small things of the application's own (idempotency keys, parked events, meta data), in spaces
 * named by one byte. A get gives memory of the transaction's arena; data NULL: none. */
struct rt_bytes rt_txn_kv_get(struct rt_txn *txn, char space, struct rt_bytes key);
void rt_txn_kv_put(struct rt_txn *txn, char space, struct rt_bytes key, struct rt_bytes value);
void rt_txn_kv_delete(struct rt_txn *txn, char space, struct rt_bytes key);
/* Calls `each` for the keys that start with `prefix`, in order, until it returns false. */
void rt_txn_kv_scan(struct rt_txn *txn, char space, struct rt_bytes prefix,
                    bool (*each)(void *arg, struct rt_bytes key, struct rt_bytes value), void *arg);

/* True when a record of a replicated model changed without an event under its id in the same
 * transaction; `ret_model` names the model. */
bool rt_txn_unpublished(const struct rt_txn *txn, const char **ret_model);

/* ------------------------------------------------------------------- store */

struct rt_store_options {
    const char *path; /* a directory, made when missing (mode 0700) */
    const struct rt_model *const *models;
    size_t n_models;
    const char *service; /* must match what the directory was made for */
    uint32_t queue_max;  /* writes waiting, 0 for 65536 */
    size_t cache_bytes;  /* LevelDB's block cache, 0 for 64 MiB */
};

int rt_store_open(uv_loop_t *loop, const struct rt_store_options *options, struct rt_store **ret,
                  struct rt_error *error);
/* Ends the writer after what is queued, closes the database, then calls `closed`. */
void rt_store_close(struct rt_store *store, void (*closed)(void *arg), void *arg);

/* A write transaction, in memory of the caller's from submit to `done`. */
struct rt_write {
    /* On the writer thread. Non-zero rolls this transaction back (alone); `done` gets it. Called
     * once. The transaction's arena lives until `done` has returned, and `arena` says where. */
    int (*run)(struct rt_txn *txn, void *arg);
    /* On the loop's thread, after the commit is durable (0), or failed. */
    void (*done)(void *arg, int status);
    void *arg;
    struct rt_arena *arena; /* the caller's, used by the writer thread until `done` */
    struct rt_write *next_; /* the store's */
    int status_;            /* the store's */
};

int rt_store_write(struct rt_store *store, struct rt_write *write);

/* A snapshot to read from, on any one thread; `txn` lives in the caller's memory. */
void rt_store_read_begin(struct rt_store *store, struct rt_arena *arena, struct rt_txn *txn);
void rt_store_read_end(struct rt_txn *txn);

/* Counted since open. */
struct rt_store_stats {
    uint64_t writes; /* transactions that were run or refused, */
    uint64_t groups; /* in so many groups, */
    uint64_t syncs;  /* of which so many had something to commit, */
    uint64_t bytes;  /* of so many bytes of keys and values */
    uint64_t queued; /* writes that wait now */
    uint64_t cache_hits;
    uint64_t cache_misses;
};

void rt_store_stats(struct rt_store *store, struct rt_store_stats *ret);

/* Reads everything: each record decodes, each has its entry in each index it belongs to, and the
 * indexes have no others; the outbox has no gap. RT_ECORRUPT with the first contradiction. Takes
 * as long as the database is large; for tests and operations. */
int rt_store_check(struct rt_store *store, struct rt_error *error);

/* ------------------------------------------------------------------ outbox */

struct rt_outbox_entry {
    uint64_t sequence; /* from 1, rising by one */
    int64_t time_ms;
    struct rt_str subject;
    struct rt_str key;
    struct rt_bytes payload;
};

/* Called on the loop's thread whenever a commit added to the outbox. */
void rt_store_on_outbox(struct rt_store *store, void (*added)(void *arg), void *arg);
/* Committed entries from `from` on, at most `max`, in memory of `arena`; gives their number. */
size_t rt_store_outbox_read(struct rt_store *store, uint64_t from, size_t max,
                            struct rt_arena *arena, struct rt_outbox_entry *ret);
/* Numbers are agreed upon with the channel once after each open, before anything is published:
 * `taken` is the newest number the channel has seen from this service. Entries that were never
 * published and whose numbers the channel has seen nevertheless (another history of this database
 * gave them: it was restored from a copy, or made anew) get numbers behind `taken`. True when that
 * was so; `*ret_moved` is how many entries it was. */
bool rt_txn_outbox_agree(struct rt_txn *txn, uint64_t taken, uint64_t *ret_moved);
/* The smallest committed sequence still in the outbox, or the one that the next entry will get. */
uint64_t rt_store_outbox_first(struct rt_store *store);
/* Forgets entries up to `up_to` in some later commit; no sync of its own. */
void rt_store_outbox_trim(struct rt_store *store, uint64_t up_to);

#endif
