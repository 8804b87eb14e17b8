#include "runtime/channel/log/recover.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"

void rt_log_headers_add(struct rt_log_headers *headers, const struct rt_log_segment_header *item)
{
    if (headers->count == headers->cap) {
        headers->cap = headers->cap ? headers->cap * 2 : 8;
        headers->items = rt_resize(headers->items, headers->cap, sizeof(*headers->items));
    }
    headers->items[headers->count++] = *item;
}

void rt_log_headers_remove_first(struct rt_log_headers *headers)
{
    RT_ASSERT(headers->count > 0);
    headers->count--;
    memmove(headers->items, headers->items + 1, headers->count * sizeof(*headers->items));
}

void rt_log_headers_done(struct rt_log_headers *headers)
{
    free(headers->items);
    *headers = (struct rt_log_headers){0};
}

void rt_log_recovered_done(struct rt_log_recovered *recovered)
{
    rt_log_headers_done(&recovered->active);
    rt_log_headers_done(&recovered->spares);
}

/* ------------------------------------------------------------------ headers */

/* Does `header` go on where the last active segment, and the spares so far, left off? */
static int check_order(const struct rt_log_dir *dir, const struct rt_log_recovered *recovered,
                       const struct rt_log_segment_header *header, struct rt_error *error)
{
    if (header->log_id != recovered->log_id)
        return rt_error_set(error, RT_ECORRUPT, "%s: segment %" PRIu64 " is of another log",
                            dir->path, header->number);
    if (recovered->active.count == 0)
        return 0;
    /* Spares continue the numbers, so even a missing newest segment with records is noticed. */
    const struct rt_log_segment_header *last =
        &recovered->active.items[recovered->active.count - 1];
    bool behind_spare = header->base > 0 && recovered->spares.count > 0;
    bool before_last = header->base > 0 && header->base <= last->base;
    if (header->number != recovered->number || behind_spare || before_last)
        return rt_error_set(error, RT_ECORRUPT,
                            "%s: segments between %" PRIu64 " and %" PRIu64 " are missing; "
                            "run: channel repair %s",
                            dir->path, recovered->number - 1, header->number, dir->path);
    return 0;
}

int rt_log_recover_headers(const struct rt_log_dir *dir, struct rt_log_recovered *ret,
                           struct rt_error *error)
{
    *ret = (struct rt_log_recovered){.next = 1, .closed = true, .number = 1};
    struct rt_log_listing listing = {0};
    int code = rt_log_dir_list(dir, &listing, error);
    for (size_t i = 0; code == 0 && i < listing.segment_count; i++) {
        struct rt_log_segment_header header;
        code = rt_log_segment_load(dir, listing.segments[i], &header, error);
        if (code != 0)
            break;
        if (ret->log_id == 0)
            ret->log_id = header.log_id;
        code = check_order(dir, ret, &header, error);
        if (code != 0)
            break;
        rt_log_headers_add(header.base > 0 ? &ret->active : &ret->spares, &header);
        ret->number = header.number + 1;
    }
    rt_log_listing_done(&listing);
    return code;
}

/* Keeps the spares that numbers can go on with, removes the others. */
static int sort_spares(const struct rt_log_dir *dir, uint64_t segment_bytes,
                       struct rt_log_recovered *recovered, struct rt_error *error)
{
    struct rt_log_headers all = recovered->spares;
    recovered->spares = (struct rt_log_headers){0};
    size_t active = recovered->active.count;
    if (active > 0)
        recovered->number = recovered->active.items[active - 1].number + 1;
    else if (all.count > 0)
        recovered->number = all.items[0].number;
    size_t kept = 0;
    while (kept < all.count && all.items[kept].number == recovered->number &&
           all.items[kept].size == segment_bytes) {
        rt_log_headers_add(&recovered->spares, &all.items[kept++]);
        recovered->number++;
    }
    /* From the end, so that no crash leaves a gap, as if a segment were missing. */
    int code = 0;
    for (size_t i = all.count; code == 0 && i-- > kept;) {
        char path[RT_LOG_PATH_MAX];
        rt_log_segment_path(dir, all.items[i].number, path);
        code = rt_log_unlink(dir->io, dir->path, path, error);
    }
    rt_log_headers_done(&all);
    return code;
}

/* -------------------------------------------------------------- checkpoints */

int rt_log_recover_checkpoints(const struct rt_log_dir *dir, struct rt_log_recovered *recovered,
                               struct rt_buf *state, struct rt_error *error)
{
    struct rt_log_listing listing;
    int code = rt_log_dir_list(dir, &listing, error);
    if (code != 0)
        return code;
    struct rt_buf older = {0};
    for (size_t i = listing.checkpoint_count; i-- > 0 && recovered->generations.older == 0;) {
        uint64_t sequence = listing.checkpoints[i], log_id;
        bool first = recovered->generations.newest == 0;
        code = rt_log_checkpoint_read(dir, recovered->log_id, sequence, first ? state : &older,
                                      &log_id, error);
        if (code == RT_ECORRUPT)
            continue;
        if (code != 0)
            break;
        recovered->log_id = log_id;
        *(first ? &recovered->generations.newest : &recovered->generations.older) = sequence;
    }
    rt_buf_done(&older);
    rt_log_listing_done(&listing);
    return code == RT_ECORRUPT ? 0 : code;
}

/* ------------------------------------------------------------------ records */

/* The whole file, with zeros for what is missing at its end. */
static int read_segment(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                        struct rt_buf *ret, size_t *ret_len, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, header->number, path);
    int fd = rt_log_segment_open(dir, header->number, error);
    if (fd < 0)
        return fd;
    rt_buf_clear(ret);
    uint8_t *at = rt_buf_extend(ret, (size_t)header->size);
    int code = rt_log_read(dir->io, fd, path, at, (size_t)header->size, 0, ret_len, error);
    dir->io->close(dir->io, fd);
    memset(at + *ret_len, 0, header->size - *ret_len);
    return code;
}

int rt_log_segment_read(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                        struct rt_buf *ret, struct rt_error *error)
{
    size_t len = 0;
    int code = read_segment(dir, header, ret, &len, error);
    if (code == 0 && len < header->size) {
        char path[RT_LOG_PATH_MAX];
        rt_log_segment_path(dir, header->number, path);
        code = rt_error_set(error, RT_EIO, "%s: ends at offset %zu", path, len);
    }
    return code;
}

int rt_log_damage(const struct rt_log_dir *dir, uint64_t number, const struct rt_log_scan *scan,
                  const char *proof, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, number, path);
    return rt_error_set(error, RT_ECORRUPT,
                        "%s: damaged at offset %" PRIu64 ", record %" PRIu64
                        ", which had been durable (%s); run: channel repair %s",
                        path, scan->start + scan->at, scan->next, proof, dir->path);
}

/* Proves that the log's last record is the last, or says what is damaged. */
static int check_tail(const struct rt_log_dir *dir, const struct rt_log_recovered *recovered,
                      const struct rt_log_scan *scan, struct rt_error *error)
{
    uint64_t number = recovered->active.items[recovered->active.count - 1].number;
    uint64_t offset;
    char proof[64];
    if (rt_log_scan_damaged(scan, &offset)) {
        snprintf(proof, sizeof(proof), "so says the record at offset %" PRIu64, offset);
        return rt_log_damage(dir, number, scan, proof, error);
    }
    if (scan->next <= recovered->generations.newest) {
        snprintf(proof, sizeof(proof), "there is a checkpoint at %" PRIu64,
                 recovered->generations.newest);
        return rt_log_damage(dir, number, scan, proof, error);
    }
    return 0;
}

/* Zeros what a torn write may have left behind the last record, if it is not zero already. */
static int cut_tail(const struct rt_log_dir *dir, int fd, const char *path,
                    const struct rt_log_scan *scan, struct rt_error *error)
{
    size_t end = scan->at;
    size_t limit = scan->len - end < RT_LOG_GROUP_MAX ? scan->len : end + RT_LOG_GROUP_MAX;
    while (limit > end && scan->bytes[limit - 1] == 0)
        limit--;
    int code = 0;
    static const uint8_t zeros[1 << 16];
    while (code == 0 && end < limit) {
        size_t len = limit - end < sizeof(zeros) ? limit - end : sizeof(zeros);
        struct iovec part = {(void *)(uintptr_t)zeros, len};
        code = rt_log_write(dir->io, fd, path, &part, 1, end, error);
        end += len;
    }
    return code;
}

/* Brings the last segment to the disk as it is to be trusted from now on. */
static int settle_tail(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                       const struct rt_log_scan *scan, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, header->number, path);
    int fd = rt_log_segment_open(dir, header->number, error);
    if (fd < 0)
        return fd;
    int code = cut_tail(dir, fd, path, scan, error);
    if (code == 0 && scan->unproven < scan->at) {
        struct iovec part = {(void *)(uintptr_t)(scan->bytes + scan->unproven),
                             scan->at - scan->unproven};
        code = rt_log_write(dir->io, fd, path, &part, 1, scan->unproven, error);
    }
    if (code == 0)
        code = rt_log_segment_store(dir, fd, header, error); /* syncs all of it */
    dir->io->close(dir->io, fd);
    return code;
}

static int records_missing(const struct rt_log_dir *dir, uint64_t from, struct rt_error *error)
{
    return rt_error_set(error, RT_ECORRUPT,
                        "%s: records from %" PRIu64 " on are missing, and no valid checkpoint "
                        "replaces them; run: channel repair %s",
                        dir->path, from, dir->path);
}

static int replay_segment(const struct rt_log_dir *dir, struct rt_log_recovered *recovered,
                          size_t index, struct rt_buf *bytes, const struct rt_log_replay *replay,
                          void *arg, struct rt_error *error)
{
    const struct rt_log_segment_header *header = &recovered->active.items[index];
    int code = rt_log_segment_read(dir, header, bytes, error);
    if (code != 0)
        return code;
    struct rt_log_scan scan;
    rt_log_scan_segment(&scan, header, bytes->data, bytes->len);
    struct rt_log_record record;
    recovered->events = header->events_before;
    while (rt_log_scan_next(&scan, &record)) {
        recovered->closed = record.kind == RT_LOG_KIND_MARK;
        recovered->events += record.kind == RT_LOG_KIND_EVENT;
        if (record.kind == RT_LOG_KIND_GAP && scan.next > recovered->generations.newest + 1)
            return records_missing(dir, recovered->generations.newest + 1, error);
        if (record.kind == RT_LOG_KIND_MARK || record.sequence <= recovered->generations.newest)
            continue;
        code = replay->record ? replay->record(arg, &record) : 0;
        if (code != 0)
            return rt_error_set(error, code, "record %" PRIu64 " was not accepted (%s)",
                                record.sequence, rt_err_name(code));
    }
    recovered->next = scan.next;
    recovered->end = scan.at;
    if (index + 1 < recovered->active.count) {
        if (scan.next != header[1].base)
            return rt_log_damage(dir, header->number, &scan, "so says the next segment", error);
        return 0;
    }
    code = check_tail(dir, recovered, &scan, error);
    return code != 0 ? code : settle_tail(dir, header, &scan, error);
}

/* The segment that the first record after the checkpoint is in, or would be. */
static int first_to_replay(const struct rt_log_dir *dir, const struct rt_log_recovered *recovered,
                           size_t *ret, struct rt_error *error)
{
    const struct rt_log_headers *active = &recovered->active;
    uint64_t next = recovered->generations.newest + 1;
    if (active->count == 0 ? next > 1 : active->items[0].base > next)
        return records_missing(dir, next, error);
    size_t index = active->count;
    while (index > 0 && active->items[index - 1].base > next)
        index--;
    *ret = index > 0 ? index - 1 : 0;
    return 0;
}

static int replay_all(const struct rt_log_dir *dir, struct rt_log_recovered *recovered,
                      const struct rt_log_replay *replay, void *arg, struct rt_buf *bytes,
                      struct rt_error *error)
{
    int code = rt_log_recover_checkpoints(dir, recovered, bytes, error);
    size_t index = 0;
    if (code == 0)
        code = first_to_replay(dir, recovered, &index, error);
    if (code != 0)
        return code;
    if (recovered->generations.newest > 0 && replay->checkpoint) {
        code = replay->checkpoint(arg, recovered->generations.newest, rt_buf_bytes(bytes));
        if (code != 0)
            return rt_error_set(error, code, "the checkpoint at %" PRIu64 " was not accepted (%s)",
                                recovered->generations.newest, rt_err_name(code));
    }
    for (; code == 0 && index < recovered->active.count; index++)
        code = replay_segment(dir, recovered, index, bytes, replay, arg, error);
    return code;
}

/* Whether a file that ends at `size` lost nothing but zeros: its records end before that. */
static int lost_zeros_only(const struct rt_log_dir *dir, const struct rt_log_segment_header *header,
                           uint64_t size, struct rt_error *error)
{
    struct rt_log_scan scan;
    struct rt_log_record record;
    struct rt_buf bytes = {0};
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(dir, header->number, path);
    size_t len = 0;
    int code = read_segment(dir, header, &bytes, &len, error);
    if (code == 0) {
        rt_log_scan_segment(&scan, header, bytes.data, bytes.len);
        while (rt_log_scan_next(&scan, &record))
            continue;
        /* Or no record had room behind them. */
        size_t need =
            scan.at + RT_LOG_RECORD_HEADER < scan.len ? scan.at + RT_LOG_RECORD_HEADER : scan.len;
        bool zeros = size >= need;
        for (size_t i = scan.at; zeros && i < size && i < scan.len; i++)
            zeros = bytes.data[i] == 0;
        if (!zeros)
            code = rt_error_set(error, RT_ECORRUPT,
                                "%s: ends at offset %" PRIu64 ", and records from %" PRIu64
                                " on may have been behind it; run: channel repair %s",
                                path, size, scan.next, dir->path);
    }
    rt_buf_done(&bytes);
    return code;
}

/* The newest segment with records, and the spares behind it, may be shorter than they were made, if
 * the file system lost their ends. That must not keep a log from opening whose records are whole.
 */
static int mend_ends(const struct rt_log_dir *dir, struct rt_error *error)
{
    struct rt_log_listing listing;
    int code = rt_log_dir_list(dir, &listing, error);
    if (code != 0)
        return code;
    bool records = false;
    for (size_t i = listing.segment_count; code == 0 && !records && i-- > 0;) {
        struct rt_log_segment_header header;
        uint64_t size = 0;
        code = rt_log_segment_short(dir, listing.segments[i], &header, &size, error);
        if (code != 0)
            break;
        records = header.base > 0;
        if (size < header.size && records)
            code = lost_zeros_only(dir, &header, size, error);
        if (size < header.size && code == 0)
            code = rt_log_segment_mend(dir, &header, size, error);
    }
    rt_log_listing_done(&listing);
    return code;
}

static int remove_temporary(const struct rt_log_dir *dir, struct rt_error *error)
{
    static const char *const names[] = {"spare.tmp", "checkpoint.tmp", "rewrite.tmp"};
    char path[RT_LOG_PATH_MAX];
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof(names) / sizeof(*names); i++) {
        rt_log_temp_path(dir, names[i], path);
        code = rt_log_unlink(dir->io, dir->path, path, error);
    }
    return code;
}

int rt_log_recover(const struct rt_log_dir *dir, uint64_t segment_bytes,
                   const struct rt_log_replay *replay, void *arg, struct rt_log_recovered *ret,
                   struct rt_error *error)
{
    *ret = (struct rt_log_recovered){0};
    int code = mend_ends(dir, error);
    if (code == 0)
        code = rt_log_recover_headers(dir, ret, error);
    struct rt_buf bytes = {0};
    if (code == 0)
        code = replay_all(dir, ret, replay, arg, &bytes, error);
    rt_buf_done(&bytes);
    if (code == 0)
        code = sort_spares(dir, segment_bytes, ret, error);
    return code != 0 ? code : remove_temporary(dir, error);
}
