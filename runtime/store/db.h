/*
 * LevelDB, with its errors translated. Nothing else in the runtime includes leveldb/c.h.
 *
 * Threads: a database may be used by many; an iterator, batch and snapshot by one at a time.
 * Errors: RT_ECORRUPT for bytes that fail their check, RT_EIO for all that the system refuses,
 * RT_EAGAIN at open when another process has the database.
 */
#ifndef RT_STORE_DB_H
#define RT_STORE_DB_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

struct rt_db;
struct rt_db_batch;
struct rt_db_iter;
struct rt_db_snapshot;

/* Makes the directory (mode 0700) and the database when there is nothing; a directory that holds
 * anything but a whole LevelDB database is refused. `cache_bytes` bounds the block cache. */
int rt_db_open(const char *path, size_t cache_bytes, struct rt_db **ret, struct rt_error *error);
/* Waits for a compaction that is under way. Iterators and snapshots must be gone. */
void rt_db_close(struct rt_db *db);

/* The value in memory of `arena`; data NULL when there is none. A snapshot of NULL: the latest. */
int rt_db_get(struct rt_db *db, const struct rt_db_snapshot *snapshot, struct rt_bytes key,
              struct rt_arena *arena, struct rt_bytes *ret, struct rt_error *error);

struct rt_db_snapshot *rt_db_snapshot_new(struct rt_db *db);
void rt_db_snapshot_free(struct rt_db_snapshot *snapshot);

/* Borrows the snapshot (NULL: the state now). Not positioned yet. */
struct rt_db_iter *rt_db_iter_new(struct rt_db *db, const struct rt_db_snapshot *snapshot);
void rt_db_iter_free(struct rt_db_iter *iter);
void rt_db_iter_seek(struct rt_db_iter *iter, struct rt_bytes key);        /* first >= key */
void rt_db_iter_seek_before(struct rt_db_iter *iter, struct rt_bytes key); /* last < key */
void rt_db_iter_next(struct rt_db_iter *iter);
void rt_db_iter_prev(struct rt_db_iter *iter);
/* False at either end and after an error. */
bool rt_db_iter_valid(const struct rt_db_iter *iter);
/* Borrowed until the iterator moves. */
struct rt_bytes rt_db_iter_key(const struct rt_db_iter *iter);
struct rt_bytes rt_db_iter_value(const struct rt_db_iter *iter);
int rt_db_iter_error(const struct rt_db_iter *iter, struct rt_error *error);

struct rt_db_batch *rt_db_batch_new(void);
void rt_db_batch_free(struct rt_db_batch *batch);
void rt_db_batch_put(struct rt_db_batch *batch, struct rt_bytes key, struct rt_bytes value);
void rt_db_batch_delete(struct rt_db_batch *batch, struct rt_bytes key);
/* Writes all or nothing, durable on return when `sync`; empties the batch. */
int rt_db_commit(struct rt_db *db, struct rt_db_batch *batch, bool sync, struct rt_error *error);

#endif
