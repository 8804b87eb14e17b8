#include "tests/support/log_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/alloc.h"

enum { SECTOR = 512, OPEN_MAX_FILES = 256 };

struct disk_file {
    uint8_t *seen, *kept; /* `cap` bytes each: in the page cache, on the disk */
    bool *dirty;          /* per sector: seen, and will be kept after a sync */
    size_t cap;
    size_t seen_len, kept_len;
    struct disk_file *next; /* all files ever, freed with the disk */
};

struct disk_name {
    char *path;
    struct disk_file *file;
};

struct disk_names {
    struct disk_name *items;
    size_t count, cap;
};

/* A change of names; `to` NULL: unlink, `from` NULL: create. */
struct disk_change {
    char *from, *to;
    struct disk_file *file;
};

struct rt_log_disk {
    struct rt_log_io io; /* first, so that io is the disk */
    pthread_mutex_t lock;
    struct disk_file *files;
    struct disk_names seen, kept;
    struct disk_change *changes; /* between kept and seen, in order */
    size_t change_count, change_cap;
    struct disk_file *open[OPEN_MAX_FILES];
    bool locked;
    _Atomic int64_t wall_ms;
    uint64_t limit;
    uint64_t calls[RT_LOG_DISK_CALLS];
    uint64_t fail_at[RT_LOG_DISK_CALLS]; /* value of calls; 0: never */
    int fail_with[RT_LOG_DISK_CALLS];
    void (*before)(void *arg, enum rt_log_disk_call call);
    void *before_arg;
};

/* -------------------------------------------------------------------- names */

static struct disk_name *find_name(const struct disk_names *names, const char *path)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].path, path) == 0)
            return &names->items[i];
    return NULL;
}

static void remove_name(struct disk_names *names, const char *path)
{
    struct disk_name *name = find_name(names, path);
    if (!name)
        return;
    free(name->path);
    *name = names->items[--names->count];
}

static void set_name(struct disk_names *names, const char *path, struct disk_file *file)
{
    remove_name(names, path);
    if (names->count == names->cap) {
        names->cap = names->cap ? names->cap * 2 : 16;
        names->items = rt_resize(names->items, names->cap, sizeof(*names->items));
    }
    names->items[names->count++] = (struct disk_name){rt_strdup(path), file};
}

static void clear_names(struct disk_names *names)
{
    while (names->count > 0)
        free(names->items[--names->count].path);
    free(names->items);
    *names = (struct disk_names){0};
}

static void apply_change(struct disk_names *names, const struct disk_change *change)
{
    if (change->from)
        remove_name(names, change->from);
    if (change->to)
        set_name(names, change->to, change->file);
}

static void add_change(struct rt_log_disk *disk, const char *from, const char *to,
                       struct disk_file *file)
{
    if (disk->change_count == disk->change_cap) {
        disk->change_cap = disk->change_cap ? disk->change_cap * 2 : 16;
        disk->changes = rt_resize(disk->changes, disk->change_cap, sizeof(*disk->changes));
    }
    struct disk_change change = {
        .from = from ? rt_strdup(from) : NULL,
        .to = to ? rt_strdup(to) : NULL,
        .file = file,
    };
    apply_change(&disk->seen, &change);
    disk->changes[disk->change_count++] = change;
}

static void drop_changes(struct rt_log_disk *disk)
{
    for (size_t i = 0; i < disk->change_count; i++) {
        free(disk->changes[i].from);
        free(disk->changes[i].to);
    }
    disk->change_count = 0;
}

/* -------------------------------------------------------------------- files */

static struct disk_file *add_file(struct rt_log_disk *disk)
{
    struct disk_file *file = rt_zalloc(sizeof(*file));
    file->next = disk->files;
    disk->files = file;
    return file;
}

static void grow_file(struct disk_file *file, size_t len)
{
    if (len > file->cap) {
        size_t cap = (len + SECTOR - 1) / SECTOR * SECTOR;
        file->seen = rt_resize(file->seen, cap, 1);
        file->kept = rt_resize(file->kept, cap, 1);
        file->dirty = rt_resize(file->dirty, cap / SECTOR, sizeof(bool));
        memset(file->seen + file->cap, 0, cap - file->cap);
        memset(file->kept + file->cap, 0, cap - file->cap);
        memset(file->dirty + file->cap / SECTOR, 0, (cap - file->cap) / SECTOR * sizeof(bool));
        file->cap = cap;
    }
    if (len > file->seen_len)
        file->seen_len = len;
}

static void keep_sector(struct disk_file *file, size_t sector)
{
    memcpy(file->kept + sector * SECTOR, file->seen + sector * SECTOR, SECTOR);
    file->dirty[sector] = false;
}

static void write_file(struct disk_file *file, size_t offset, const void *data, size_t len)
{
    if (len == 0)
        return;
    grow_file(file, offset + len);
    memcpy(file->seen + offset, data, len);
    for (size_t sector = offset / SECTOR; sector <= (offset + len - 1) / SECTOR; sector++)
        file->dirty[sector] = true;
}

static uint64_t used_bytes(const struct rt_log_disk *disk)
{
    uint64_t used = 0;
    for (size_t i = 0; i < disk->seen.count; i++)
        used += disk->seen.items[i].file->seen_len;
    return used;
}

/* ---------------------------------------------------------------- the table */

/* Takes the lock. What the call is to fail with, -1 for a short write, 0: it goes well. */
static int begin(const struct rt_log_io *io, enum rt_log_disk_call call, struct rt_log_disk **ret)
{
    struct rt_log_disk *disk = (struct rt_log_disk *)(uintptr_t)io;
    if (disk->before)
        disk->before(disk->before_arg, call);
    pthread_mutex_lock(&disk->lock);
    *ret = disk;
    disk->calls[call]++;
    if (disk->fail_at[call] != disk->calls[call])
        return 0;
    return disk->fail_with[call] ? disk->fail_with[call] : -1;
}

static int finish(struct rt_log_disk *disk, int code)
{
    pthread_mutex_unlock(&disk->lock);
    return code;
}

static int disk_open(const struct rt_log_io *io, const char *path, int flags)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_OPEN, &disk);
    if (fault)
        return finish(disk, -fault);
    struct disk_name *name = find_name(&disk->seen, path);
    struct disk_file *file = name ? name->file : NULL;
    if (!file && !(flags & O_CREAT))
        return finish(disk, -ENOENT);
    if (!file || (flags & O_TRUNC)) {
        /* Truncation is modelled as another file under the name, which is kinder than truth. */
        file = add_file(disk);
        add_change(disk, name ? path : NULL, path, file);
    }
    for (int fd = 0; fd < OPEN_MAX_FILES; fd++) {
        if (disk->open[fd])
            continue;
        disk->open[fd] = file;
        return finish(disk, fd);
    }
    return finish(disk, -EMFILE);
}

static int disk_close(const struct rt_log_io *io, int fd)
{
    struct rt_log_disk *disk = (struct rt_log_disk *)(uintptr_t)io;
    pthread_mutex_lock(&disk->lock);
    if (fd == OPEN_MAX_FILES)
        disk->locked = false;
    else
        disk->open[fd] = NULL;
    return finish(disk, 0);
}

static ssize_t disk_pread(const struct rt_log_io *io, int fd, void *out, size_t len,
                          uint64_t offset)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_READ, &disk);
    if (fault)
        return finish(disk, -fault);
    const struct disk_file *file = disk->open[fd];
    size_t left = offset < file->seen_len ? file->seen_len - (size_t)offset : 0;
    len = len < left ? len : left;
    if (len > 0)
        memcpy(out, file->seen + offset, len);
    finish(disk, 0);
    return (ssize_t)len;
}

static ssize_t disk_pwritev(const struct rt_log_io *io, int fd, const struct iovec *parts,
                            int count, uint64_t offset)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_WRITE, &disk);
    if (fault > 0)
        return finish(disk, -fault);
    struct disk_file *file = disk->open[fd];
    size_t len = 0;
    for (int i = 0; i < count; i++)
        len += parts[i].iov_len;
    if (fault == -1)
        len = (len + 1) / 2;
    if (offset + len > file->seen_len &&
        used_bytes(disk) + offset + len - file->seen_len > disk->limit)
        return finish(disk, -ENOSPC);
    size_t done = 0;
    for (int i = 0; done < len; i++) {
        size_t part = parts[i].iov_len < len - done ? parts[i].iov_len : len - done;
        write_file(file, (size_t)offset + done, parts[i].iov_base, part);
        done += part;
    }
    finish(disk, 0);
    return (ssize_t)len;
}

static int disk_fdatasync(const struct rt_log_io *io, int fd)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_SYNC, &disk);
    struct disk_file *file = disk->open[fd];
    for (size_t sector = 0; sector < file->cap / SECTOR; sector++) {
        if (file->dirty[sector] && !fault)
            keep_sector(file, sector);
        file->dirty[sector] = false;
    }
    if (!fault)
        file->kept_len = file->seen_len;
    return finish(disk, -fault);
}

static int disk_allocate(const struct rt_log_io *io, int fd, uint64_t size)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_ALLOCATE, &disk);
    if (fault)
        return finish(disk, -fault);
    struct disk_file *file = disk->open[fd];
    if (size <= file->seen_len)
        return finish(disk, 0);
    if (used_bytes(disk) + size - file->seen_len > disk->limit)
        return finish(disk, -ENOSPC);
    grow_file(file, (size_t)size);
    return finish(disk, 0);
}

static int64_t disk_size(const struct rt_log_io *io, int fd)
{
    struct rt_log_disk *disk = (struct rt_log_disk *)(uintptr_t)io;
    pthread_mutex_lock(&disk->lock);
    int64_t size = (int64_t)disk->open[fd]->seen_len;
    finish(disk, 0);
    return size;
}

static int disk_rename(const struct rt_log_io *io, const char *from, const char *to)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_RENAME, &disk);
    if (fault)
        return finish(disk, -fault);
    struct disk_name *name = find_name(&disk->seen, from);
    if (!name)
        return finish(disk, -ENOENT);
    add_change(disk, from, to, name->file);
    return finish(disk, 0);
}

static int disk_unlink(const struct rt_log_io *io, const char *path)
{
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_UNLINK, &disk);
    if (fault)
        return finish(disk, -fault);
    if (!find_name(&disk->seen, path))
        return finish(disk, -ENOENT);
    add_change(disk, path, NULL, NULL);
    return finish(disk, 0);
}

static int disk_mkdir(const struct rt_log_io *io, const char *path)
{
    (void)io;
    (void)path;
    return -EEXIST;
}

static int disk_sync_dir(const struct rt_log_io *io, const char *path)
{
    (void)path;
    struct rt_log_disk *disk;
    int fault = begin(io, RT_LOG_DISK_SYNC_DIR, &disk);
    if (fault)
        return finish(disk, -fault);
    for (size_t i = 0; i < disk->change_count; i++)
        apply_change(&disk->kept, &disk->changes[i]);
    drop_changes(disk);
    return finish(disk, 0);
}

static int disk_lock(const struct rt_log_io *io, const char *path)
{
    (void)path;
    struct rt_log_disk *disk = (struct rt_log_disk *)(uintptr_t)io;
    pthread_mutex_lock(&disk->lock);
    bool taken = disk->locked;
    disk->locked = true;
    return finish(disk, taken ? -EWOULDBLOCK : OPEN_MAX_FILES);
}

static int64_t disk_wall_ms(const struct rt_log_io *io)
{
    return atomic_load(&((struct rt_log_disk *)(uintptr_t)io)->wall_ms);
}

static int disk_list(const struct rt_log_io *io, const char *path,
                     void (*entry)(void *arg, const char *name), void *arg)
{
    struct rt_log_disk *disk = (struct rt_log_disk *)(uintptr_t)io;
    size_t len = strlen(path);
    pthread_mutex_lock(&disk->lock);
    for (size_t i = 0; i < disk->seen.count; i++) {
        const char *name = disk->seen.items[i].path;
        if (strncmp(name, path, len) == 0 && name[len] == '/')
            entry(arg, name + len + 1);
    }
    return finish(disk, 0);
}

/* ----------------------------------------------------------------- the disk */

struct rt_log_disk *rt_log_disk_new(void)
{
    struct rt_log_disk *disk = rt_zalloc(sizeof(*disk));
    disk->io = (struct rt_log_io){
        .open = disk_open,
        .close = disk_close,
        .pread = disk_pread,
        .pwritev = disk_pwritev,
        .fdatasync = disk_fdatasync,
        .allocate = disk_allocate,
        .size = disk_size,
        .rename = disk_rename,
        .unlink = disk_unlink,
        .mkdir = disk_mkdir,
        .sync_dir = disk_sync_dir,
        .lock = disk_lock,
        .wall_ms = disk_wall_ms,
        .list = disk_list,
    };
    disk->wall_ms = 1700000000000;
    pthread_mutex_init(&disk->lock, NULL);
    disk->limit = UINT64_MAX;
    return disk;
}

void rt_log_disk_free(struct rt_log_disk *disk)
{
    if (!disk)
        return;
    for (struct disk_file *file = disk->files; file;) {
        struct disk_file *next = file->next;
        free(file->seen);
        free(file->kept);
        free(file->dirty);
        free(file);
        file = next;
    }
    clear_names(&disk->seen);
    clear_names(&disk->kept);
    drop_changes(disk);
    free(disk->changes);
    pthread_mutex_destroy(&disk->lock);
    free(disk);
}

const struct rt_log_io *rt_log_disk_io(struct rt_log_disk *disk)
{
    return &disk->io;
}

/* splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static struct disk_file *crash_file(struct rt_log_disk *image, const struct disk_file *file,
                                    uint64_t bias, uint64_t *random)
{
    struct disk_file *left = add_file(image);
    size_t len = next_random(random) % 8 < bias ? file->seen_len : file->kept_len;
    grow_file(left, len);
    for (size_t sector = 0; sector * SECTOR < len; sector++) {
        bool arrived = file->dirty[sector] && next_random(random) % 8 < bias;
        size_t at = sector * SECTOR, part = len - at < SECTOR ? len - at : SECTOR;
        memcpy(left->seen + at, (arrived ? file->seen : file->kept) + at, part);
        keep_sector(left, sector);
    }
    left->kept_len = len;
    return left;
}

struct rt_log_disk *rt_log_disk_crash(struct rt_log_disk *disk, uint64_t seed)
{
    struct rt_log_disk *image = rt_log_disk_new();
    uint64_t random = seed;
    /* How much of the unsynced arrives, in eighths: from nothing to all of it. */
    uint64_t bias = next_random(&random) % 9;
    pthread_mutex_lock(&disk->lock);
    struct disk_names names = {0};
    for (size_t i = 0; i < disk->kept.count; i++)
        set_name(&names, disk->kept.items[i].path, disk->kept.items[i].file);
    size_t changes = disk->change_count ? next_random(&random) % (disk->change_count + 1) : 0;
    for (size_t i = 0; i < changes; i++)
        apply_change(&names, &disk->changes[i]);
    for (size_t i = 0; i < names.count; i++) {
        struct disk_file *file = crash_file(image, names.items[i].file, bias, &random);
        set_name(&image->seen, names.items[i].path, file);
        set_name(&image->kept, names.items[i].path, file);
    }
    pthread_mutex_unlock(&disk->lock);
    clear_names(&names);
    return image;
}

void rt_log_disk_time(struct rt_log_disk *disk, int64_t wall_ms)
{
    atomic_store(&disk->wall_ms, wall_ms);
}

uint64_t rt_log_disk_calls(struct rt_log_disk *disk, enum rt_log_disk_call call)
{
    pthread_mutex_lock(&disk->lock);
    uint64_t calls = disk->calls[call];
    pthread_mutex_unlock(&disk->lock);
    return calls;
}

void rt_log_disk_fail(struct rt_log_disk *disk, enum rt_log_disk_call call, uint64_t n, int errnum)
{
    pthread_mutex_lock(&disk->lock);
    disk->fail_at[call] = n ? disk->calls[call] + n : 0;
    disk->fail_with[call] = errnum;
    pthread_mutex_unlock(&disk->lock);
}

void rt_log_disk_fill(struct rt_log_disk *disk)
{
    pthread_mutex_lock(&disk->lock);
    disk->limit = used_bytes(disk);
    pthread_mutex_unlock(&disk->lock);
}

void rt_log_disk_limit(struct rt_log_disk *disk, uint64_t bytes)
{
    pthread_mutex_lock(&disk->lock);
    disk->limit = bytes;
    pthread_mutex_unlock(&disk->lock);
}

void rt_log_disk_watch(struct rt_log_disk *disk,
                       void (*before)(void *arg, enum rt_log_disk_call call), void *arg)
{
    disk->before_arg = arg;
    disk->before = before;
}

const uint8_t *rt_log_disk_file(struct rt_log_disk *disk, const char *path, size_t *ret_len)
{
    const struct disk_name *name = find_name(&disk->seen, path);
    if (!name)
        return NULL;
    *ret_len = name->file->seen_len;
    return name->file->seen;
}

void rt_log_disk_poke(struct rt_log_disk *disk, const char *path, size_t offset, const void *bytes,
                      size_t len)
{
    const struct disk_name *name = find_name(&disk->seen, path);
    RT_ASSERT(name && offset + len <= name->file->seen_len);
    struct disk_file *file = name->file;
    memcpy(file->seen + offset, bytes, len);
    memcpy(file->kept + offset, bytes, len);
}
