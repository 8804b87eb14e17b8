/*
 * A disk in memory that can lose power, fill up and fail: struct rt_log_io for tests and for
 * simulation.
 *
 * Model: a file is its bytes as programs see them (the page cache) and as the disk has them, in
 * sectors of 512 bytes. A write changes the former; a sync brings its sectors to the latter. When
 * power is lost, each sector not yet synced is there or not, by a seeded coin; a new length
 * likewise. Names (create, rename, unlink) reach the disk in order, when their directory is synced
 * or, by the same coin, before. A sync that fails drops what it should have written, yet
 * programs go on seeing it, as Linux does.
 *
 * Threads: any. Paths are compared as strings; directories are only names.
 */
#ifndef RT_CHANNEL_LOG_DISK_H
#define RT_CHANNEL_LOG_DISK_H

#include "runtime/channel/log/io.h"

struct rt_log_disk;

enum rt_log_disk_call {
    RT_LOG_DISK_OPEN,
    RT_LOG_DISK_READ,
    RT_LOG_DISK_WRITE,
    RT_LOG_DISK_SYNC,
    RT_LOG_DISK_ALLOCATE,
    RT_LOG_DISK_RENAME,
    RT_LOG_DISK_UNLINK,
    RT_LOG_DISK_SYNC_DIR,
    RT_LOG_DISK_CALLS
};

struct rt_log_disk *rt_log_disk_new(void);
void rt_log_disk_free(struct rt_log_disk *disk);
/* Borrowed from the disk. */
const struct rt_log_io *rt_log_disk_io(struct rt_log_disk *disk);

/* What a power loss right now would leave: another disk, with nothing open. The caller's. */
struct rt_log_disk *rt_log_disk_crash(struct rt_log_disk *disk, uint64_t seed);

/* What its clock says from now on, UTC. */
void rt_log_disk_time(struct rt_log_disk *disk, int64_t wall_ms);
/* Calls made so far. */
uint64_t rt_log_disk_calls(struct rt_log_disk *disk, enum rt_log_disk_call call);
/* The n-th call of this kind from now on (1: the next) fails with this errno; for a write, 0 makes
 * it short instead. `n` 0 takes that back. */
void rt_log_disk_fail(struct rt_log_disk *disk, enum rt_log_disk_call call, uint64_t n, int errnum);
/* Growing files beyond this many bytes in all fails with ENOSPC. */
void rt_log_disk_limit(struct rt_log_disk *disk, uint64_t bytes);
/* The limit is what is in use now. */
void rt_log_disk_fill(struct rt_log_disk *disk);
/* Called before every call takes effect, on the thread that makes it. */
void rt_log_disk_watch(struct rt_log_disk *disk,
                       void (*before)(void *arg, enum rt_log_disk_call call), void *arg);

/* The bytes of a file, both seen and on disk, to look at or to damage: changes made through
 * rt_log_disk_poke reach both. NULL: no such file. Borrowed until the file changes. */
const uint8_t *rt_log_disk_file(struct rt_log_disk *disk, const char *path, size_t *ret_len);
void rt_log_disk_poke(struct rt_log_disk *disk, const char *path, size_t offset, const void *bytes,
                      size_t len);

#endif
