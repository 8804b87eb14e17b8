#include "runtime/channel/log/checkpoint.h"

#include <fcntl.h>
#include <inttypes.h>

#include "runtime/channel/log/bytes.h"

/*
 *   0  magic "TSLOGCKP"              8
 *   8  version                       4
 *  12  zero                          4
 *  16  log id                        8
 *  24  sequence                      8
 *  32  length of the state           8
 *  40  checksum of the state         8
 *  48  checksum of bytes 0..47       8
 *  56  state
 */
enum { CHECKPOINT_HEADER = 56, CHECKPOINT_VERSION = 1 };

static const char checkpoint_magic[8] = {'T', 'S', 'L', 'O', 'G', 'C', 'K', 'P'};

static void encode_header(uint64_t log_id, uint64_t sequence, struct rt_bytes state,
                          uint8_t out[CHECKPOINT_HEADER])
{
    memset(out, 0, CHECKPOINT_HEADER);
    memcpy(out, checkpoint_magic, sizeof(checkpoint_magic));
    rt_log_put_u32(out + 8, CHECKPOINT_VERSION);
    rt_log_put_u64(out + 16, log_id);
    rt_log_put_u64(out + 24, sequence);
    rt_log_put_u64(out + 32, state.len);
    rt_log_put_u64(out + 40, rt_hash(state, log_id ^ sequence));
    rt_log_put_u64(out + 48, rt_hash(rt_bytes(out, 48), 0));
}

static int write_file(const struct rt_log_dir *dir, const char *path, uint8_t *header,
                      struct rt_bytes state, struct rt_error *error)
{
    int fd = dir->io->open(dir->io, path, O_RDWR | O_CREAT | O_TRUNC);
    if (fd < 0)
        return rt_log_io_error(error, fd, "open", path);
    struct iovec parts[2] = {
        {header, CHECKPOINT_HEADER},
        {(void *)(uintptr_t)state.data, state.len},
    };
    int code = rt_log_write(dir->io, fd, path, parts, state.len > 0 ? 2 : 1, 0, error);
    if (code == 0)
        code = rt_log_sync(dir->io, fd, path, error);
    dir->io->close(dir->io, fd);
    return code;
}

static int remove_older(const struct rt_log_dir *dir, const struct rt_log_generations *keep,
                        struct rt_error *error)
{
    struct rt_log_listing listing;
    int code = rt_log_dir_list(dir, &listing, error);
    if (code != 0)
        return code;
    for (size_t i = 0; code == 0 && i < listing.checkpoint_count; i++) {
        uint64_t sequence = listing.checkpoints[i];
        if (sequence == keep->newest || sequence == keep->older)
            continue;
        char path[RT_LOG_PATH_MAX];
        rt_log_checkpoint_path(dir, sequence, path);
        code = rt_log_unlink(dir->io, dir->path, path, error);
    }
    rt_log_listing_done(&listing);
    return code;
}

int rt_log_checkpoint_write(const struct rt_log_dir *dir, uint64_t log_id, uint64_t sequence,
                            struct rt_bytes state, struct rt_log_generations *generations,
                            struct rt_error *error)
{
    RT_ASSERT(sequence > generations->newest);
    uint8_t header[CHECKPOINT_HEADER];
    encode_header(log_id, sequence, state, header);
    char temp[RT_LOG_PATH_MAX], path[RT_LOG_PATH_MAX];
    rt_log_temp_path(dir, "checkpoint.tmp", temp);
    rt_log_checkpoint_path(dir, sequence, path);
    int code = write_file(dir, temp, header, state, error);
    if (code == RT_EAGAIN)
        dir->io->unlink(dir->io, temp);
    if (code == 0)
        code = rt_log_rename(dir->io, dir->path, temp, path, error);
    if (code != 0)
        return code;
    *generations = (struct rt_log_generations){sequence, generations->newest};
    return remove_older(dir, generations, error);
}

int rt_log_reserve(const struct rt_log_dir *dir, uint64_t bytes, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_temp_path(dir, "reserve", path);
    int fd = dir->io->open(dir->io, path, O_RDWR | O_CREAT);
    if (fd < 0)
        return rt_log_io_error(error, fd, "open", path);
    int code = dir->io->allocate(dir->io, fd, bytes);
    dir->io->close(dir->io, fd);
    return code == 0 ? 0 : rt_log_io_error(error, code, "allocate", path);
}

int rt_log_reserve_use(const struct rt_log_dir *dir, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_temp_path(dir, "reserve", path);
    return rt_log_unlink(dir->io, dir->path, path, error);
}

static int read_file(const struct rt_log_dir *dir, int fd, const char *path, struct rt_buf *ret,
                     struct rt_error *error)
{
    int64_t size = dir->io->size(dir->io, fd);
    if (size < 0)
        return rt_log_io_error(error, (int)size, "examine", path);
    size_t len;
    rt_buf_clear(ret);
    uint8_t *at = rt_buf_extend(ret, (size_t)size);
    int code = rt_log_read(dir->io, fd, path, at, (size_t)size, 0, &len, error);
    ret->len = code == 0 ? len : 0;
    return code;
}

int rt_log_checkpoint_read(const struct rt_log_dir *dir, uint64_t log_id, uint64_t sequence,
                           struct rt_buf *ret, uint64_t *ret_log_id, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_checkpoint_path(dir, sequence, path);
    int fd = dir->io->open(dir->io, path, O_RDONLY);
    if (fd < 0)
        return rt_log_io_error(error, fd, "open", path);
    int code = read_file(dir, fd, path, ret, error);
    dir->io->close(dir->io, fd);
    if (code != 0)
        return code;

    bool whole = ret->len >= CHECKPOINT_HEADER;
    uint64_t found_id = 0;
    if (whole) {
        /* The header is a function of what it describes, so making it again checks all of it. */
        uint8_t header[CHECKPOINT_HEADER];
        found_id = rt_log_get_u64(ret->data + 16);
        encode_header(found_id, sequence,
                      rt_bytes(ret->data + CHECKPOINT_HEADER, ret->len - CHECKPOINT_HEADER),
                      header);
        whole = memcmp(header, ret->data, sizeof(header)) == 0;
    }
    if (!whole || (log_id != 0 && found_id != log_id))
        return rt_error_set(error, RT_ECORRUPT, "%s: %s", path,
                            whole ? "checkpoint of another log" : "damaged checkpoint");
    rt_buf_consume(ret, CHECKPOINT_HEADER);
    *ret_log_id = found_id;
    return 0;
}
