#include "runtime/store/db.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <leveldb/c.h>

#include "runtime/base/alloc.h"
#include "runtime/store/limits.h"

struct rt_db {
    leveldb_t *db;
    leveldb_options_t *options;
    leveldb_filterpolicy_t *filter;
    leveldb_cache_t *cache;
    leveldb_readoptions_t *read;
    leveldb_writeoptions_t *write;
    leveldb_writeoptions_t *write_sync;
};

struct rt_db_snapshot {
    leveldb_t *db;
    const leveldb_snapshot_t *snapshot;
    leveldb_readoptions_t *read;
};

/* The types of LevelDB are incomplete, so these two are casts and have no members. */
static leveldb_iterator_t *iterator_of(struct rt_db_iter *iter)
{
    return (leveldb_iterator_t *)iter;
}

static const leveldb_iterator_t *iterator_of_const(const struct rt_db_iter *iter)
{
    return (const leveldb_iterator_t *)iter;
}

static leveldb_writebatch_t *batch_of(struct rt_db_batch *batch)
{
    return (leveldb_writebatch_t *)batch;
}

/* ------------------------------------------------------------------- errors */

/* A status comes as text: "Corruption: ...", "IO error: lock ...: ...". Takes the text over. */
static int translate(char *text, struct rt_error *error)
{
    if (!text)
        return 0;
    int code = RT_EIO;
    if (strncmp(text, "Corruption:", 11) == 0)
        code = RT_ECORRUPT;
    else if (strncmp(text, "NotFound:", 9) == 0)
        code = RT_ECORRUPT; /* a file that the manifest names; a missing key is no error */
    else if (strncmp(text, "Not implemented:", 16) == 0)
        code = RT_EUNSUPPORTED;
    else if (strncmp(text, "Invalid argument:", 17) == 0)
        code = RT_ECORRUPT; /* such as a comparator of another program's */
    else if (strncmp(text, "IO error: lock ", 15) == 0)
        code = RT_EAGAIN;
    if (code == RT_EAGAIN)
        rt_error_set(error, code, "the database is in use by another process (%s)", text);
    else
        rt_error_set(error, code, "%s", text);
    leveldb_free(text);
    return code;
}

/* --------------------------------------------------------------------- open */

/* A new directory is there after a power cut only when its parent is synced. */
static int sync_parent(const char *path, struct rt_error *error)
{
    char *parent = realpath(path, NULL);
    if (!parent)
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    char *slash = strrchr(parent, '/');
    slash[slash == parent ? 1 : 0] = '\0';
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = fd < 0 || fsync(fd) != 0
                   ? rt_error_set(error, RT_EIO, "sync %s: %s", parent, strerror(errno))
                   : 0;
    if (fd >= 0)
        close(fd);
    free(parent);
    return code;
}

/* Where CURRENT is lost, LevelDB would make an empty database and delete the tables it does not
 * know. So it may create one only in a directory without a table, log or manifest. */
static int look_into(const char *path, bool *ret_empty, struct rt_error *error)
{
    DIR *dir = opendir(path);
    if (!dir)
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    bool current = false;
    const char *other = NULL;
    char name[256];
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *n = entry->d_name;
        if (strcmp(n, ".") == 0 || strcmp(n, "..") == 0 || strcmp(n, "LOCK") == 0 ||
            strcmp(n, "LOG") == 0 || strcmp(n, "LOG.old") == 0)
            continue;
        if (strcmp(n, "CURRENT") == 0)
            current = true;
        else
            other = memcpy(name, n, strlen(n) + 1);
    }
    closedir(dir);
    if (!current && other)
        return rt_error_set(error, RT_ECORRUPT, "%s has %s but no CURRENT: not a whole database",
                            path, other);
    *ret_empty = !current;
    return 0;
}

static int prepare_directory(const char *path, bool *ret_empty, struct rt_error *error)
{
    if (mkdir(path, 0700) == 0) {
        *ret_empty = true;
        return sync_parent(path, error);
    }
    if (errno != EEXIST)
        return rt_error_set(error, RT_EIO, "mkdir %s: %s", path, strerror(errno));
    return look_into(path, ret_empty, error);
}

int rt_db_open(const char *path, size_t cache_bytes, struct rt_db **ret, struct rt_error *error)
{
    bool empty = false;
    int code = prepare_directory(path, &empty, error);
    if (code != 0)
        return code;

    struct rt_db *db = rt_zalloc(sizeof *db);
    db->options = leveldb_options_create();
    db->filter = leveldb_filterpolicy_create_bloom(RT_DB_BLOOM_BITS);
    db->cache = leveldb_cache_create_lru(cache_bytes);
    db->read = leveldb_readoptions_create();
    db->write = leveldb_writeoptions_create();
    db->write_sync = leveldb_writeoptions_create();
    leveldb_options_set_create_if_missing(db->options, empty);
    leveldb_options_set_paranoid_checks(db->options, 1);
    leveldb_options_set_filter_policy(db->options, db->filter);
    leveldb_options_set_cache(db->options, db->cache);
    leveldb_options_set_write_buffer_size(db->options, RT_DB_WRITE_BUFFER_BYTES);
    leveldb_options_set_max_open_files(db->options, RT_DB_OPEN_FILES_MAX);
    leveldb_readoptions_set_verify_checksums(db->read, 1);
    leveldb_writeoptions_set_sync(db->write_sync, 1);

    char *text = NULL;
    db->db = leveldb_open(db->options, path, &text);
    code = translate(text, error);
    if (code != 0) {
        rt_db_close(db);
        return code;
    }
    *ret = db;
    return 0;
}

void rt_db_close(struct rt_db *db)
{
    if (!db)
        return;
    if (db->db)
        leveldb_close(db->db);
    leveldb_writeoptions_destroy(db->write_sync);
    leveldb_writeoptions_destroy(db->write);
    leveldb_readoptions_destroy(db->read);
    leveldb_cache_destroy(db->cache);
    leveldb_filterpolicy_destroy(db->filter);
    leveldb_options_destroy(db->options);
    free(db);
}

/* --------------------------------------------------------------------- read */

int rt_db_get(struct rt_db *db, const struct rt_db_snapshot *snapshot, struct rt_bytes key,
              struct rt_arena *arena, struct rt_bytes *ret, struct rt_error *error)
{
    char *text = NULL;
    size_t len = 0;
    char *value = leveldb_get(db->db, snapshot ? snapshot->read : db->read, (const char *)key.data,
                              key.len, &len, &text);
    int code = translate(text, error);
    if (code != 0)
        return code;
    if (!value) {
        *ret = rt_bytes(NULL, 0);
        return 0;
    }
    *ret = rt_bytes(rt_arena_copy(arena, value, len), len);
    leveldb_free(value);
    return 0;
}

struct rt_db_snapshot *rt_db_snapshot_new(struct rt_db *db)
{
    struct rt_db_snapshot *snapshot = rt_alloc(sizeof *snapshot);
    snapshot->db = db->db;
    snapshot->snapshot = leveldb_create_snapshot(db->db);
    snapshot->read = leveldb_readoptions_create();
    leveldb_readoptions_set_verify_checksums(snapshot->read, 1);
    leveldb_readoptions_set_snapshot(snapshot->read, snapshot->snapshot);
    return snapshot;
}

void rt_db_snapshot_free(struct rt_db_snapshot *snapshot)
{
    if (!snapshot)
        return;
    leveldb_readoptions_destroy(snapshot->read);
    leveldb_release_snapshot(snapshot->db, snapshot->snapshot);
    free(snapshot);
}

struct rt_db_iter *rt_db_iter_new(struct rt_db *db, const struct rt_db_snapshot *snapshot)
{
    return (struct rt_db_iter *)leveldb_create_iterator(db->db,
                                                        snapshot ? snapshot->read : db->read);
}

void rt_db_iter_free(struct rt_db_iter *iter)
{
    if (iter)
        leveldb_iter_destroy(iterator_of(iter));
}

void rt_db_iter_seek(struct rt_db_iter *iter, struct rt_bytes key)
{
    leveldb_iter_seek(iterator_of(iter), (const char *)key.data, key.len);
}

void rt_db_iter_seek_before(struct rt_db_iter *iter, struct rt_bytes key)
{
    rt_db_iter_seek(iter, key);
    if (rt_db_iter_valid(iter))
        rt_db_iter_prev(iter);
    else if (rt_db_iter_error(iter, NULL) == 0)
        leveldb_iter_seek_to_last(iterator_of(iter));
}

void rt_db_iter_next(struct rt_db_iter *iter)
{
    leveldb_iter_next(iterator_of(iter));
}

void rt_db_iter_prev(struct rt_db_iter *iter)
{
    leveldb_iter_prev(iterator_of(iter));
}

bool rt_db_iter_valid(const struct rt_db_iter *iter)
{
    return leveldb_iter_valid(iterator_of_const(iter)) != 0;
}

struct rt_bytes rt_db_iter_key(const struct rt_db_iter *iter)
{
    size_t len;
    const char *key = leveldb_iter_key(iterator_of_const(iter), &len);
    return rt_bytes(key, len);
}

struct rt_bytes rt_db_iter_value(const struct rt_db_iter *iter)
{
    size_t len;
    const char *value = leveldb_iter_value(iterator_of_const(iter), &len);
    return rt_bytes(value, len);
}

int rt_db_iter_error(const struct rt_db_iter *iter, struct rt_error *error)
{
    char *text = NULL;
    leveldb_iter_get_error(iterator_of_const(iter), &text);
    return translate(text, error);
}

/* -------------------------------------------------------------------- write */

struct rt_db_batch *rt_db_batch_new(void)
{
    return (struct rt_db_batch *)leveldb_writebatch_create();
}

void rt_db_batch_free(struct rt_db_batch *batch)
{
    if (batch)
        leveldb_writebatch_destroy(batch_of(batch));
}

void rt_db_batch_put(struct rt_db_batch *batch, struct rt_bytes key, struct rt_bytes value)
{
    leveldb_writebatch_put(batch_of(batch), (const char *)key.data, key.len,
                           (const char *)value.data, value.len);
}

void rt_db_batch_delete(struct rt_db_batch *batch, struct rt_bytes key)
{
    leveldb_writebatch_delete(batch_of(batch), (const char *)key.data, key.len);
}

int rt_db_commit(struct rt_db *db, struct rt_db_batch *batch, bool sync, struct rt_error *error)
{
    char *text = NULL;
    leveldb_write(db->db, sync ? db->write_sync : db->write, batch_of(batch), &text);
    leveldb_writebatch_clear(batch_of(batch));
    return translate(text, error);
}
