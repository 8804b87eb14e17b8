/*
 * The directory of a log: its lock, the names in it, and the segment files as files.
 *
 *     LOCK                             held by the process that has the log open
 *     0000000007.log                   segment 7, with records or spare
 *     checkpoint-00000000000000001234  consumer state after record 1234
 *     *.tmp                            unfinished; removed at the next open
 *
 * A file whose name has no .tmp had its header synced before it got that name.
 *
 * Threads: the struct is constant after rt_log_dir_open; calls on different files may be
 * concurrent. Errors: a full disk is RT_EAGAIN, any other refusal of the system RT_EIO.
 */
#ifndef RT_CHANNEL_LOG_DIR_H
#define RT_CHANNEL_LOG_DIR_H

#include "runtime/channel/log/format.h"
#include "runtime/channel/log/io.h"

enum { RT_LOG_PATH_MAX = 1024 };

struct rt_log_dir {
    const struct rt_log_io *io;
    char path[RT_LOG_PATH_MAX - 64];
    int lock; /* descriptor */
};

/* Creates the directory when it is missing and `create` is set, and locks it. RT_EEXIST: another
 * process has it. */
int rt_log_dir_open(struct rt_log_dir *dir, const struct rt_log_io *io, const char *path,
                    bool create, struct rt_error *error);
void rt_log_dir_close(struct rt_log_dir *dir);

/* What the names say, in rising order. Unfinished files are counted, not named. */
struct rt_log_listing {
    uint64_t *segments; /* numbers */
    size_t segment_count;
    uint64_t *checkpoints; /* sequences */
    size_t checkpoint_count;
};
int rt_log_dir_list(const struct rt_log_dir *dir, struct rt_log_listing *ret,
                    struct rt_error *error);
void rt_log_listing_done(struct rt_log_listing *listing);

void rt_log_segment_path(const struct rt_log_dir *dir, uint64_t number, char out[RT_LOG_PATH_MAX]);
void rt_log_checkpoint_path(const struct rt_log_dir *dir, uint64_t sequence,
                            char out[RT_LOG_PATH_MAX]);
void rt_log_temp_path(const struct rt_log_dir *dir, const char *name, char out[RT_LOG_PATH_MAX]);

/* The descriptor of a segment file, or a negative rt_err. */
int rt_log_segment_open(const struct rt_log_dir *dir, uint64_t number, struct rt_error *error);
/* Reads and checks the header of segment `number`; the file's size and name must agree with it. */
int rt_log_segment_load(const struct rt_log_dir *dir, uint64_t number,
                        struct rt_log_segment_header *ret, struct rt_error *error);
/* The same of a file that is open. */
int rt_log_segment_examine(const struct rt_log_dir *dir, int fd, uint64_t number,
                           struct rt_log_segment_header *ret, struct rt_error *error);
/* The header's copy, whose base is 0. For repair, where the header itself is lost. */
int rt_log_segment_load_copy(const struct rt_log_dir *dir, uint64_t number,
                             struct rt_log_segment_header *ret, struct rt_error *error);
/* Returns how many bytes to write before the next sync; called at first and after each sync. It
 * may sleep. 0 gives up. */
struct rt_log_pace {
    size_t (*next)(void *arg);
    void *arg;
};
/* Makes a spare of it: zero-filled, synced, under its name. `header->base` is 0. `pace` NULL sets
 * no limit; RT_ECLOSED: the pace gave up. */
int rt_log_segment_prepare(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                           const struct rt_log_pace *pace, struct rt_error *error);
/* Makes a spare out of segment `old`, which has the same size and is not needed any more. Its
 * bytes stay, under another salt. */
int rt_log_segment_reuse(const struct rt_log_dir *dir, uint64_t old,
                         const struct rt_log_segment_header *header, struct rt_error *error);
/* Reads the header of a segment whose file may be shorter than it says: `ret_size` is how long it
 * is, at most header.size. */
int rt_log_segment_short(const struct rt_log_dir *dir, uint64_t number,
                         struct rt_log_segment_header *ret, uint64_t *ret_size,
                         struct rt_error *error);
/* Fills such a file up with zeros from `size` on, and gives it its copy of the header again. */
int rt_log_segment_mend(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                        uint64_t size, struct rt_error *error);
/* Writes the header, not its copy, and syncs the file. */
int rt_log_segment_store(const struct rt_log_dir *dir, int fd,
                         const struct rt_log_segment_header *header, struct rt_error *error);

#endif
