/* Reading records that are no longer in memory. No index is kept: since record sequences are
 * dense and every record proves itself by its checksum, a few probes of a segment find any of
 * them, and reading on in order needs none. */
#include <inttypes.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/log/bytes.h"
#include "runtime/channel/log/internal.h"

enum {
    WINDOW_MIN = 4 << 10,   /* bytes of the first read after a seek */
    WINDOW_MAX = 256 << 10, /* bytes of a read when going on in order */
    WALK_MAX = 32 << 10     /* bytes from a known record within which one walks */
};

struct rt_log_cursor *rt_log_cursor_new(struct rt_log *log, uint64_t sequence)
{
    struct rt_log_cursor *cursor = rt_zalloc(sizeof(*cursor));
    cursor->log = log;
    cursor->sequence = sequence;
    cursor->fd = -1;
    pthread_mutex_lock(&log->lock);
    LIST_INSERT_HEAD(&log->cursors, cursor, link);
    pthread_mutex_unlock(&log->lock);
    return cursor;
}

void rt_log_cursor_free(struct rt_log_cursor *cursor)
{
    if (!cursor)
        return;
    struct rt_log *log = cursor->log;
    if (cursor->fd >= 0)
        log->dir.io->close(log->dir.io, cursor->fd);
    pthread_mutex_lock(&log->lock);
    LIST_REMOVE(cursor, link);
    pthread_cond_signal(&log->worker_wake); /* its segment may be let go */
    pthread_mutex_unlock(&log->lock);
    rt_buf_done(&cursor->window);
    free(cursor);
}

void rt_log_cursor_seek(struct rt_log_cursor *cursor, uint64_t sequence)
{
    if (sequence != cursor->sequence)
        cursor->window_size = 0;
    cursor->sequence = sequence;
}

static int damaged(const struct rt_log_cursor *cursor, uint64_t offset, uint64_t sequence,
                   struct rt_error *error)
{
    const struct rt_log_dir *dir = &cursor->log->dir;
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, cursor->header.number, path);
    return rt_error_set(error, RT_ECORRUPT,
                        "%s: damaged at offset %" PRIu64 ", record %" PRIu64
                        "; run: channel repair %s",
                        path, offset, sequence, dir->path);
}

/* -------------------------------------------------------------- the segment */

/* Finds the segment that holds the wanted record and keeps it from being reused. */
static int pin_segment(struct rt_log_cursor *cursor, struct rt_error *error)
{
    struct rt_log *log = cursor->log;
    int code = 0;
    pthread_mutex_lock(&log->lock);
    const struct rt_log_headers *active = &log->active;
    if (active->count == 0 || cursor->sequence < active->items[0].base) {
        code = RT_ENOTFOUND;
    } else {
        size_t low = 0, high = active->count; /* items[low].base <= sequence < items[high].base */
        while (high - low > 1) {
            size_t middle = low + (high - low) / 2;
            if (active->items[middle].base <= cursor->sequence)
                low = middle;
            else
                high = middle;
        }
        bool last = high == active->count;
        /* A file that is open stays as it was though the segment may have been rewritten. */
        if (cursor->number != active->items[low].number)
            cursor->header = active->items[low];
        cursor->limit = last ? atomic_load(&log->durable) + 1 : active->items[high].base;
        cursor->end = last ? log->end : rt_log_segment_limit(&cursor->header);
        if (cursor->number != 0 && cursor->number != cursor->header.number)
            pthread_cond_signal(&log->worker_wake);
        cursor->number = cursor->header.number;
    }
    pthread_mutex_unlock(&log->lock);
    if (code != 0)
        return rt_error_set(error, code, "record %" PRIu64 " was released", cursor->sequence);
    return 0;
}

static int enter_segment(struct rt_log_cursor *cursor, struct rt_error *error)
{
    uint64_t before = cursor->number;
    int code = pin_segment(cursor, error);
    if (code != 0 || cursor->number == before)
        return code;
    const struct rt_log_dir *dir = &cursor->log->dir;
    if (cursor->fd >= 0)
        dir->io->close(dir->io, cursor->fd);
    cursor->fd = rt_log_segment_open(dir, cursor->number, error);
    code = cursor->fd;
    /* It may have been rewritten since it was looked up: what counts is the file's own header. */
    if (code >= 0)
        code = rt_log_segment_examine(dir, cursor->fd, cursor->number, &cursor->header, error);
    if (code < 0) {
        pthread_mutex_lock(&cursor->log->lock);
        cursor->number = 0;
        pthread_mutex_unlock(&cursor->log->lock);
        cursor->limit = 0;
        return code;
    }
    if (cursor->header.rewritten)
        cursor->end = rt_log_segment_limit(&cursor->header);
    cursor->known = cursor->header.base;
    cursor->known_at = RT_LOG_SEGMENT_HEADER;
    rt_buf_clear(&cursor->window);
    return 0;
}

/* -------------------------------------------------------- bytes and records */

/* Makes at least `len` bytes from `offset` on readable in the window, or as many as there are. */
static int load(struct rt_log_cursor *cursor, uint64_t offset, size_t len, struct rt_error *error)
{
    uint64_t left = cursor->end - offset;
    if (len > left)
        len = (size_t)left;
    if (cursor->window.len > 0 && offset >= cursor->window_at &&
        offset + len <= cursor->window_at + cursor->window.len)
        return 0;
    size_t size = cursor->window_size < WINDOW_MIN ? WINDOW_MIN : cursor->window_size;
    cursor->window_size = size < WINDOW_MAX ? size * 2 : size;
    if (size < len)
        size = len;
    if (size > left)
        size = (size_t)left;
    const struct rt_log_dir *dir = &cursor->log->dir;
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, cursor->number, path);
    rt_buf_clear(&cursor->window);
    size_t read = 0;
    int code = rt_log_read(dir->io, cursor->fd, path, rt_buf_extend(&cursor->window, size), size,
                           offset, &read, error);
    cursor->window.len = code == 0 ? read : 0;
    cursor->window_at = offset;
    return code;
}

/* The bytes at `offset`, as far as the window has them. */
static struct rt_bytes view(const struct rt_log_cursor *cursor, uint64_t offset)
{
    size_t skip = (size_t)(offset - cursor->window_at);
    if (skip > cursor->window.len)
        skip = cursor->window.len;
    return rt_bytes(cursor->window.data + skip, cursor->window.len - skip);
}

/* True when a whole record starts at `offset`, which then is in the window. */
static int check(struct rt_log_cursor *cursor, uint64_t offset, struct rt_log_record_header *ret,
                 bool *ret_whole, struct rt_error *error)
{
    *ret_whole = false;
    if (cursor->end - offset < RT_LOG_RECORD_HEADER)
        return 0;
    int code = load(cursor, offset, RT_LOG_RECORD_HEADER, error);
    if (code != 0)
        return code;
    struct rt_bytes bytes = view(cursor, offset);
    if (bytes.len < RT_LOG_RECORD_HEADER)
        return 0;
    rt_log_record_header_decode(bytes.data, ret);
    if (ret->length > RT_LOG_BODY_MAX)
        return 0;
    code = load(cursor, offset, rt_log_record_size(ret->length), error);
    if (code != 0)
        return code;
    bytes = view(cursor, offset);
    *ret_whole = rt_log_record_check(bytes.data, bytes.len, cursor->header.salt, offset, ret);
    return 0;
}

/* --------------------------------------------------------- finding a record */

/* The first record with a sequence in [low, high] that starts in [from, to). `*ret_at` is `to`
 * when there is none. */
static int probe(struct rt_log_cursor *cursor, uint64_t from, uint64_t to, uint64_t low,
                 uint64_t high, uint64_t *ret_at, struct rt_log_record_header *ret,
                 struct rt_error *error)
{
    for (uint64_t at = from; at < to; at += RT_LOG_ALIGN) {
        if (cursor->end - at < RT_LOG_RECORD_HEADER)
            break;
        int code = load(cursor, at, RT_LOG_RECORD_HEADER, error);
        if (code != 0)
            return code;
        struct rt_bytes bytes = view(cursor, at);
        if (bytes.len < RT_LOG_RECORD_HEADER)
            break;
        uint64_t sequence = rt_log_get_u64(bytes.data + 8);
        if (sequence < low || sequence > high)
            continue;
        bool whole;
        code = check(cursor, at, ret, &whole, error);
        if (code != 0)
            return code;
        if (whole && ret->sequence == sequence) {
            *ret_at = at;
            return 0;
        }
    }
    *ret_at = to;
    return 0;
}

/* Narrows down where the wanted record is: by where it would be if records were of one size, and
 * by halves, in turns. Afterwards the known record is it or is near before it. */
static int narrow(struct rt_log_cursor *cursor, struct rt_error *error)
{
    uint64_t high_at = cursor->end, high = cursor->limit;
    for (bool halve = false; cursor->known != cursor->sequence; halve = !halve) {
        uint64_t span = high_at - cursor->known_at;
        if (span <= WALK_MAX || high - cursor->known <= 1)
            break;
        uint64_t ahead = span / 2;
        if (!halve)
            ahead = (uint64_t)((double)span * (double)(cursor->sequence - cursor->known) /
                               (double)(high - cursor->known));
        /* A little before the guess: walking on is cheap, walking back is not possible. */
        ahead = ahead > WALK_MAX / 2 ? ahead - WALK_MAX / 4 : ahead;
        uint64_t guess = (cursor->known_at + ahead) / RT_LOG_ALIGN * RT_LOG_ALIGN;
        if (guess <= cursor->known_at)
            guess = cursor->known_at + RT_LOG_ALIGN;
        uint64_t at = high_at;
        struct rt_log_record_header header;
        int code = probe(cursor, guess, high_at, cursor->known + 1, high - 1, &at, &header, error);
        if (code != 0)
            return code;
        if (at < high_at && header.sequence <= cursor->sequence) {
            cursor->known = header.sequence;
            cursor->known_at = at;
            if (cursor->sequence - header.sequence < WALK_MAX / 256)
                break;
        } else {
            high_at = guess;
            high = at < high_at ? header.sequence : high;
        }
    }
    return 0;
}

/* Reads the record at the known place and moves the known place behind it. */
static int step(struct rt_log_cursor *cursor, struct rt_log_record *ret, struct rt_error *error)
{
    struct rt_log_record_header header;
    bool whole;
    int code = check(cursor, cursor->known_at, &header, &whole, error);
    if (code != 0)
        return code;
    if (!whole || header.sequence != cursor->known)
        return damaged(cursor, cursor->known_at, cursor->known, error);
    struct rt_bytes bytes = view(cursor, cursor->known_at);
    *ret = (struct rt_log_record){
        .sequence = header.sequence,
        .kind = header.kind,
        .body = rt_bytes(bytes.data + RT_LOG_RECORD_HEADER, header.length),
    };
    uint64_t last = ret->sequence;
    if (ret->kind == RT_LOG_KIND_GAP && (last = rt_log_gap_last(ret)) == 0)
        return damaged(cursor, cursor->known_at, cursor->known, error);
    cursor->known = last + 1;
    cursor->known_at += rt_log_record_size(header.length);
    return 0;
}

/* From the known record to the wanted one. A damaged one on the way does not concern the caller,
 * unless it is the wanted one. */
static int walk(struct rt_log_cursor *cursor, struct rt_error *error)
{
    while (cursor->known < cursor->sequence) {
        struct rt_log_record passed;
        int code = step(cursor, &passed, error);
        if (code == 0)
            continue;
        uint64_t at = cursor->end;
        struct rt_log_record_header header;
        if (code != RT_ECORRUPT ||
            probe(cursor, cursor->known_at + RT_LOG_ALIGN, cursor->end, cursor->known + 1,
                  cursor->sequence, &at, &header, error) != 0 ||
            at == cursor->end)
            return code;
        cursor->known = header.sequence;
        cursor->known_at = at;
    }
    return 0;
}

static int locate(struct rt_log_cursor *cursor, struct rt_error *error)
{
    if (cursor->number == 0 || cursor->sequence < cursor->header.base ||
        cursor->sequence >= cursor->limit) {
        int code = enter_segment(cursor, error);
        if (code != 0)
            return code;
    }
    if (cursor->known == cursor->sequence)
        return 0;
    if (cursor->known > cursor->sequence) {
        cursor->known = cursor->header.base;
        cursor->known_at = RT_LOG_SEGMENT_HEADER;
    }
    int code = narrow(cursor, error);
    return code != 0 ? code : walk(cursor, error);
}

int rt_log_cursor_next(struct rt_log_cursor *cursor, struct rt_log_record *ret,
                       struct rt_error *error)
{
    for (;;) {
        if (cursor->sequence > rt_log_durable(cursor->log))
            return RT_EAGAIN;
        int code = locate(cursor, error);
        if (code != 0)
            return code;
        if (cursor->known > cursor->sequence) { /* behind a gap that holds the wanted one */
            cursor->sequence = cursor->known;
            continue;
        }
        struct rt_log_record record;
        code = step(cursor, &record, error);
        if (code != 0)
            return code;
        cursor->sequence = cursor->known;
        if (record.kind == RT_LOG_KIND_MARK || record.kind == RT_LOG_KIND_GAP)
            continue;
        *ret = record;
        return 0;
    }
}
