/*
 * A transaction, as handlers see it: records, lists of them, and events. It is begun, committed
 * and reported elsewhere (store.h); nothing here waits, and nothing here is to be released.
 *
 * Writes are serializable: they run one after the other on the store's writer thread. Reads see a
 * snapshot.
 *
 * Threads: a struct rt_txn belongs to one thread.
 * Errors: I/O and corruption mark the transaction as failed, so that a handler need not look at
 * each call: reads then give NULL and the commit reports it.
 */
#ifndef RT_STORE_TXN_H
#define RT_STORE_TXN_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/store/model.h"
#include "runtime/wire/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rt_store;

struct rt_txn {
    struct rt_store *store;
    struct rt_arena *arena; /* owns every record that is read, until the transaction's end */
    int64_t now_ms;         /* the same for the whole transaction */
    const char *user; /* the id of the signed-in user, for fields that are given it; or NULL */
    int failed;       /* 0, or the enum rt_err that the commit will report */
    const char *why;  /* the same in words, for the log; NULL: there are none */
    bool bad_cursor;  /* a scan was given a cursor that is not of its kind */
    struct rt_txn_impl *impl;
};

/* The record, or NULL when there is none (or the transaction failed). Embedded refs hold their id
 * only; see rt_txn_hydrate. */
void *rt_txn_get(struct rt_txn *txn, const struct rt_model *model, const char *id);
/* The same still encoded, for straight transcoding; data NULL when there is none. */
struct rt_bytes rt_txn_get_bytes(struct rt_txn *txn, const struct rt_model *model, const char *id);
/* Reads the embedded records of `record`; one that is missing stays as its id. */
void rt_txn_hydrate(struct rt_txn *txn, const struct rt_model *model, void *record);
/* Prepares a hydrated record for a reply: an embedded record that is not there becomes NULL,
 * which is `null` in JSON, for a stub would look like a record of empty values. */
void rt_txn_show(struct rt_txn *txn, const struct rt_model *model, void *record);
/* Gives a record to be created what its model says where nothing is set; rt_txn_create does so by
 * itself. */
void rt_txn_give(struct rt_txn *txn, const struct rt_model *model, void *record);
/* Assigns an id when it is NULL or empty, sets version to 1. RT_EEXIST: the id or a unique index
 * is taken; nothing changed then. The caller publishes every event that follows from the change. */
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

/* Publishes: `event` tells of `record` as it is now. It is normalised, checked against its schema
 * and measured; what others would have to refuse fails the transaction (RT_EINVAL, RT_ETOOBIG). */
void rt_txn_publish(struct rt_txn *txn, const struct rt_model *model, const void *record,
                    struct rt_str subject, struct rt_str key, void *event);
/* Writes bytes into the outbox as they are. */
void rt_txn_outbox(struct rt_txn *txn, struct rt_str subject, struct rt_str key,
                   struct rt_bytes payload);

/* Inbox: which events of the channel have had their effect. `print` is a hash of the event: a
 * channel whose data were deleted or restored gives its sequences again, to other events. */
bool rt_txn_inbox_has(struct rt_txn *txn, uint64_t sequence, uint64_t print);
void rt_txn_inbox_add(struct rt_txn *txn, uint64_t sequence, uint64_t print);
void rt_txn_inbox_remove(struct rt_txn *txn, uint64_t sequence);

/* Small things of the application's own (idempotency keys, tombstones), in spaces
 * named by one byte. A get gives memory of the transaction's arena; data NULL: none. */
struct rt_bytes rt_txn_kv_get(struct rt_txn *txn, char space, struct rt_bytes key);
void rt_txn_kv_put(struct rt_txn *txn, char space, struct rt_bytes key, struct rt_bytes value);
void rt_txn_kv_delete(struct rt_txn *txn, char space, struct rt_bytes key);
/* Calls `each` for the keys that start with `prefix`, in order, until it returns false. */
void rt_txn_kv_scan(struct rt_txn *txn, char space, struct rt_bytes prefix,
                    bool (*each)(void *arg, struct rt_bytes key, struct rt_bytes value), void *arg);

/* True when a record that other services follow changed, and none of the events that they follow
 * it by tells of its last version, as it is stored; `ret_model` names the model. The event of a
 * deleted record carries the record's version plus one. */
bool rt_txn_unpublished(const struct rt_txn *txn, const char **ret_model);

#ifdef __cplusplus
}
#endif

#endif
