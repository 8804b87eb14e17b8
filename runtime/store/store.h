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
 * the writer thread; `done` on the loop's thread.
 * Errors: RT_EAGAIN when the queue is full; what a transaction met is its commit's (txn.h).
 */
#ifndef RT_STORE_STORE_H
#define RT_STORE_STORE_H

#include <uv.h>

#include "runtime/store/model.h"
#include "runtime/store/txn.h"

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

/* ------------------------------------------------------------------- outbox */

struct rt_outbox_entry {
    uint64_t sequence; /* from 1, rising by one */
    int64_t time_ms;
    bool again; /* it was refused before, and is tried once more */
    struct rt_str subject;
    struct rt_str key;
    struct rt_bytes payload;
};

/* Called on the loop's thread whenever a commit added to the outbox. */
void rt_store_on_outbox(struct rt_store *store, void (*added)(void *arg), void *arg);
/* Committed entries from `from` on, at most `max`, in memory of `arena`; `*ret_n` is their number,
 * also when an error follows them: RT_ECORRUPT where an entry is missing or damaged. */
int rt_store_outbox_read(struct rt_store *store, uint64_t from, size_t max, struct rt_arena *arena,
                         struct rt_outbox_entry *ret, size_t *ret_n);
/* Numbers are agreed upon with the channel once after each open, before anything is published:
 * `taken` is the newest number the channel has seen from this service. Entries that were never
 * published and whose numbers the channel has seen nevertheless (another history of this database
 * gave them: it was restored from a copy, or made anew) get numbers behind `taken`. True when that
 * was so; `*ret_moved` is how many entries it was. */
bool rt_txn_outbox_agree(struct rt_txn *txn, uint64_t taken, uint64_t *ret_moved);
/* What the channel will not take. */
struct rt_refusal {
    uint64_t sequence;
    char why[256];
};

/* Holds the refused entries, and those of the same keys from `next` on, which were never sent: the
 * rest of those close up. What is written under a held key from now on is held behind it. The
 * refused ones below `next` stay in the outbox as well, for its numbers have no gap. */
void rt_txn_outbox_hold(struct rt_txn *txn, const struct rt_refusal *refusals, size_t n,
                        uint64_t next);
/* Puts the first held event of each key, of at most `max` keys, back at the end of the outbox;
 * returns their number. */
size_t rt_txn_outbox_retry(struct rt_txn *txn, size_t max);

struct rt_held {
    struct rt_outbox_entry entry; /* without a sequence */
    uint64_t place;               /* among those of its key */
    struct rt_str why;            /* empty: it waits for one before it */
    struct rt_bytes bytes;        /* the store's */
};

/* Calls `each` (or NULL) for what is held, until it returns false; returns how many it saw. */
size_t rt_txn_held(struct rt_txn *txn, bool (*each)(void *arg, const struct rt_held *held),
                   void *arg);
/* Gives up what is held of a key, for good; returns how many that were. */
size_t rt_txn_held_drop(struct rt_txn *txn, struct rt_str key);

/* The smallest committed sequence still in the outbox, or the one that the next entry will get. */
uint64_t rt_store_outbox_first(struct rt_store *store);
/* The one that the next entry will get. */
uint64_t rt_store_outbox_next(struct rt_store *store);
/* Forgets entries up to `up_to` in some later commit; no sync of its own. */
void rt_store_outbox_trim(struct rt_store *store, uint64_t up_to);

#endif
