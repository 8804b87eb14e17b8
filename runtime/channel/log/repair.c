#include "runtime/channel/log/repair.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "runtime/channel/log/recover.h"

struct inspector {
    const struct rt_log_inspection *user;
    struct rt_log_dir dir;
    bool repair;
    struct rt_log_recovered log;
    struct rt_log_report report;
};

/* Records that cannot be read: sequences `first`..`last` in the bytes from `at` to `end`. */
struct hole {
    size_t at, end;
    uint64_t first, last;
};

__attribute__((format(printf, 2, 3))) static void find(const struct inspector *inspector,
                                                       const char *format, ...)
{
    if (!inspector->user->finding)
        return;
    char text[RT_ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    inspector->user->finding(inspector->user->arg, text);
}

/* -------------------------------------------------------------------- holes */

/* Where the log goes on behind a bad place in segment `index`; false: it is the log's end. */
static bool find_hole(const struct inspector *inspector, size_t index,
                      const struct rt_log_scan *scan, struct hole *ret)
{
    const struct rt_log_headers *active = &inspector->log.active;
    bool last_segment = index + 1 == active->count;
    uint64_t through =
        last_segment ? inspector->log.generations.newest : active->items[index + 1].base - 1;
    uint64_t offset;
    bool proven = scan->next <= through || rt_log_scan_damaged(scan, &offset);
    if (!proven)
        return false;
    *ret = (struct hole){.at = scan->at, .first = scan->next};
    uint64_t high = scan->next + (scan->len - scan->at) / RT_LOG_RECORD_HEADER;
    if (!last_segment)
        high = through;
    struct rt_log_record_header header;
    if (rt_log_scan_find(scan, scan->at, scan->next + 1, high, &ret->end, &header)) {
        ret->last = header.sequence - 1;
    } else {
        ret->end = scan->len;
        ret->last = through;
    }
    return true;
}

/* Appends records of `room` bytes in all that take the place of the hole's sequences: marks, or,
 * where a gap must have been (there is not enough room for so many records), a gap. */
static void fill_bytes(struct rt_log_batch *batch, const struct hole *hole, size_t room)
{
    while (batch->next <= hole->last) {
        uint64_t count = hole->last - batch->next + 1;
        bool fits = count <= room / RT_LOG_RECORD_HEADER;
        size_t len = room - (fits ? (size_t)count : 1) * RT_LOG_RECORD_HEADER;
        if (!fits && len <= RT_LOG_BODY_MAX) {
            rt_log_gap_append(batch, hole->last, len);
            return;
        }
        if (len > RT_LOG_BODY_MAX)
            len = RT_LOG_BODY_MAX - RT_LOG_RECORD_HEADER - RT_LOG_GAP_BODY; /* leaves a gap room */
        memset(rt_log_batch_extend(batch, RT_LOG_KIND_MARK, len), 0, len);
        room -= RT_LOG_RECORD_HEADER + len;
    }
}

/* Fills the hole to the byte, or as far as it takes at the end of a segment. */
static int fill_hole(const struct inspector *inspector, const struct rt_log_segment_header *header,
                     const struct rt_log_scan *scan, const struct hole *hole, uint8_t *bytes,
                     struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(&inspector->dir, header->number, path);
    uint64_t count = hole->last - hole->first + 1, events = 0;
    size_t room = hole->end - hole->at;
    if (count > room / RT_LOG_RECORD_HEADER && room < RT_LOG_RECORD_HEADER + RT_LOG_GAP_BODY)
        return rt_error_set(error, RT_ECORRUPT,
                            "%s: %zu bytes at offset %zu cannot have been %" PRIu64 " records",
                            path, room, hole->at, count);
    if (hole->end == scan->len && count <= room / RT_LOG_RECORD_HEADER)
        room = (size_t)count * RT_LOG_RECORD_HEADER; /* what follows the last record is free */
    struct rt_log_batch batch;
    rt_log_batch_init(&batch, hole->first);
    fill_bytes(&batch, hole, room);
    rt_log_seal(batch.bytes.data, batch.bytes.len, scan->watermark, header->salt, hole->at,
                &events);
    memcpy(bytes + hole->at, batch.bytes.data, batch.bytes.len);

    struct iovec part = {batch.bytes.data, batch.bytes.len};
    int fd = rt_log_segment_open(&inspector->dir, header->number, error);
    int code = fd < 0 ? fd : 0;
    const struct rt_log_io *io = inspector->dir.io;
    if (code == 0)
        code = rt_log_write(io, fd, path, &part, 1, hole->at, error);
    if (code == 0)
        code = rt_log_sync(io, fd, path, error);
    if (fd >= 0)
        io->close(io, fd);
    rt_log_batch_done(&batch);
    return code;
}

/* ----------------------------------------------------------------- segments */

static int read_records(struct inspector *inspector, struct rt_log_scan *scan)
{
    struct rt_log_record record;
    struct rt_log_report *report = &inspector->report;
    while (rt_log_scan_next(scan, &record)) {
        uint64_t *count = &report->records;
        if (record.kind == RT_LOG_KIND_GAP) {
            count = &report->gaps;
            report->removed += rt_log_gap_last(&record) - record.sequence + 1;
        } else if (record.kind == RT_LOG_KIND_MARK) {
            count = &report->marks;
        }
        *count += 1;
        report->bytes += rt_log_record_size(record.body.len);
        report->last = scan->next - 1;
        int code = 0;
        if (inspector->user->record)
            code = inspector->user->record(inspector->user->arg, &record);
        if (code < 0)
            return code;
    }
    return 0;
}

static int inspect_segment(struct inspector *inspector, size_t index, struct rt_buf *bytes,
                           struct rt_error *error)
{
    const struct rt_log_segment_header *header = &inspector->log.active.items[index];
    int code = rt_log_segment_read(&inspector->dir, header, bytes, error);
    if (code != 0)
        return code;
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(&inspector->dir, header->number, path);
    struct rt_log_scan scan;
    rt_log_scan_segment(&scan, header, bytes->data, bytes->len);
    for (;;) {
        code = read_records(inspector, &scan);
        if (code != 0)
            return rt_error_set(error, code, "%s: stopped at record %" PRIu64, path, scan.next);
        struct hole hole;
        if (!find_hole(inspector, index, &scan, &hole))
            return 0;
        inspector->report.damages++;
        inspector->report.lost += hole.last - hole.first + 1;
        find(inspector, "%s: damaged from offset %zu to %zu: records %" PRIu64 " to %" PRIu64 " %s",
             path, hole.at, hole.end, hole.first, hole.last,
             inspector->repair ? "are lost, marks replace them" : "cannot be read");
        if (inspector->repair) {
            code = fill_hole(inspector, header, &scan, &hole, bytes->data, error);
            if (code != 0)
                return code;
        } else {
            scan.at = hole.end;
            scan.next = hole.last + 1;
            if (hole.end == scan.len)
                return 0;
        }
    }
}

/* The base that a segment must have had: its first record says so; with no record it is a spare. */
static int find_base(const struct inspector *inspector, struct rt_log_segment_header *header,
                     struct rt_error *error)
{
    struct rt_buf bytes = {0};
    int code = rt_log_segment_read(&inspector->dir, header, &bytes, error);
    if (code == 0) {
        struct rt_log_record_header first;
        if (rt_log_record_check(bytes.data + RT_LOG_SEGMENT_HEADER,
                                bytes.len - RT_LOG_SEGMENT_HEADER, header->salt,
                                RT_LOG_SEGMENT_HEADER, &first))
            header->base = first.sequence;
    }
    rt_buf_done(&bytes);
    return code;
}

static int remove_segment(const struct inspector *inspector, uint64_t number, const char *why,
                          struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(&inspector->dir, number, path);
    find(inspector, "%s: %s", path, why);
    return rt_log_unlink(inspector->dir.io, inspector->dir.path, path, error);
}

/* `last`: no segment with records is behind it, as far as is known. */
static int restore_header(const struct inspector *inspector, uint64_t number, bool *last,
                          struct rt_error *error)
{
    struct rt_log_segment_header header;
    struct rt_error bad;
    uint64_t size;
    int code = rt_log_segment_load(&inspector->dir, number, &header, &bad);
    if (code == 0)
        *last = *last && header.base == 0;
    if (code != RT_ECORRUPT)
        return 0;
    find(inspector, "%s", bad.message);
    if (rt_log_segment_short(&inspector->dir, number, &header, &size, &bad) == 0 &&
        size < header.size) {
        *last = *last && header.base == 0;
        return rt_log_segment_mend(&inspector->dir, &header, size, error);
    }
    code = rt_log_segment_load_copy(&inspector->dir, number, &header, error);
    if (code == RT_ECORRUPT && *last)
        return remove_segment(inspector, number, "nothing of it can be read, it is lost", error);
    if (code == 0)
        code = find_base(inspector, &header, error);
    if (code != 0)
        return code;
    *last = *last && header.base == 0;
    int fd = rt_log_segment_open(&inspector->dir, number, error);
    if (fd < 0)
        return fd;
    code = rt_log_segment_store(&inspector->dir, fd, &header, error);
    inspector->dir.io->close(inspector->dir.io, fd);
    return code;
}

/* Spares are numbered on from the newest segment with records. Behind a gap they only show that
 * something is lost. Removed from the end, so that no crash makes another gap. */
static int remove_strays(const struct inspector *inspector, struct rt_error *error)
{
    struct rt_log_listing listing;
    int code = rt_log_dir_list(&inspector->dir, &listing, error);
    if (code != 0)
        return code;
    size_t gap = listing.segment_count;
    for (size_t i = 1; i < listing.segment_count; i++)
        if (listing.segments[i] != listing.segments[i - 1] + 1)
            gap = i;
    for (size_t i = listing.segment_count; code == 0 && i-- > gap;) {
        struct rt_log_segment_header header;
        code = rt_log_segment_load(&inspector->dir, listing.segments[i], &header, error);
        if (code != 0 || header.base > 0)
            break;
        code =
            remove_segment(inspector, header.number,
                           "a segment before it is missing, and what was in that is lost", error);
    }
    rt_log_listing_done(&listing);
    return code;
}

static int restore_headers(const struct inspector *inspector, struct rt_error *error)
{
    struct rt_log_listing listing;
    int code = rt_log_dir_list(&inspector->dir, &listing, error);
    if (code != 0)
        return code;
    bool last = true;
    for (size_t i = listing.segment_count; code == 0 && i-- > 0;)
        code = restore_header(inspector, listing.segments[i], &last, error);
    rt_log_listing_done(&listing);
    return code != 0 ? code : remove_strays(inspector, error);
}

static int inspect_checkpoints(struct inspector *inspector, struct rt_error *error)
{
    struct rt_buf state = {0};
    struct rt_log_listing listing;
    int code = rt_log_recover_checkpoints(&inspector->dir, &inspector->log, &state, error);
    if (code == 0 && (code = rt_log_dir_list(&inspector->dir, &listing, error)) == 0) {
        for (size_t i = 0; i < listing.checkpoint_count; i++) {
            uint64_t log_id;
            struct rt_error bad;
            if (rt_log_checkpoint_read(&inspector->dir, inspector->log.log_id,
                                       listing.checkpoints[i], &state, &log_id,
                                       &bad) == RT_ECORRUPT)
                find(inspector, "%s", bad.message);
        }
        rt_log_listing_done(&listing);
    }
    rt_buf_done(&state);
    inspector->report.checkpoint = inspector->log.generations.newest;
    return code;
}

static int inspect_all(struct inspector *inspector, struct rt_error *error)
{
    int code = inspector->repair ? restore_headers(inspector, error) : 0;
    if (code == 0)
        code = rt_log_recover_headers(&inspector->dir, &inspector->log, error);
    if (code == 0)
        code = inspect_checkpoints(inspector, error);
    if (code != 0)
        return code;
    const struct rt_log_headers *active = &inspector->log.active;
    struct rt_log_report *report = &inspector->report;
    report->segments = active->count;
    report->spares = inspector->log.spares.count;
    report->first = active->count > 0 ? active->items[0].base : 1;
    report->last = report->first - 1;
    if (report->first > report->checkpoint + 1)
        return rt_error_set(error, RT_ECORRUPT,
                            "%s: records from %" PRIu64 " to %" PRIu64 " are missing, and no valid "
                            "checkpoint replaces them",
                            inspector->dir.path, report->checkpoint + 1, report->first - 1);
    struct rt_buf bytes = {0};
    for (size_t i = 0; code == 0 && i < active->count; i++)
        code = inspect_segment(inspector, i, &bytes, error);
    rt_buf_done(&bytes);
    return code;
}

static int inspect(const struct rt_log_inspection *inspection, bool repair,
                   struct rt_log_report *ret, struct rt_error *error)
{
    struct inspector inspector = {.user = inspection, .repair = repair};
    const struct rt_log_io *io = inspection->io ? inspection->io : &rt_log_io_system;
    int code = rt_log_dir_open(&inspector.dir, io, inspection->dir, false, error);
    if (code == 0)
        code = inspect_all(&inspector, error);
    rt_log_recovered_done(&inspector.log);
    rt_log_dir_close(&inspector.dir);
    if (code == 0 && inspector.report.damages > 0 && !repair)
        code = rt_error_set(error, RT_ECORRUPT,
                            "%s: %" PRIu64 " records are damaged; run: channel repair %s",
                            inspection->dir, inspector.report.lost, inspection->dir);
    *ret = inspector.report;
    return code;
}

int rt_log_verify(const struct rt_log_inspection *inspection, struct rt_log_report *ret,
                  struct rt_error *error)
{
    return inspect(inspection, false, ret, error);
}

int rt_log_repair(const struct rt_log_inspection *inspection, struct rt_log_report *ret,
                  struct rt_error *error)
{
    return inspect(inspection, true, ret, error);
}
