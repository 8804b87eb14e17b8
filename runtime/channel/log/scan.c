#include "runtime/channel/log/scan.h"

#include "runtime/channel/log/bytes.h"

void rt_log_scan_segment(struct rt_log_scan *scan, const struct rt_log_segment_header *header,
                         const uint8_t *bytes, size_t len)
{
    RT_ASSERT(len == header->size && header->base > 0);
    *scan = (struct rt_log_scan){
        .bytes = bytes,
        .len = (size_t)rt_log_segment_limit(header),
        .salt = header->salt,
        .at = RT_LOG_SEGMENT_HEADER,
        .next = header->base,
        .watermark = header->base - 1,
        .unproven = RT_LOG_SEGMENT_HEADER,
    };
}

static bool check_at(const struct rt_log_scan *scan, size_t at, struct rt_log_record_header *ret)
{
    return rt_log_record_check(scan->bytes + at, scan->len - at, scan->salt, scan->start + at, ret);
}

bool rt_log_scan_next(struct rt_log_scan *scan, struct rt_log_record *ret)
{
    struct rt_log_record_header header;
    if (!check_at(scan, scan->at, &header) || header.sequence != scan->next)
        return false;
    uint64_t watermark = header.sequence - header.ahead;
    if (watermark > scan->watermark) {
        /* Records between two watermarks are one write, and this one begins the next. */
        scan->watermark = watermark;
        scan->unproven = scan->at;
    }
    struct rt_log_record record = {
        .sequence = header.sequence,
        .kind = header.kind,
        .body = rt_bytes(scan->bytes + scan->at + RT_LOG_RECORD_HEADER, header.length),
    };
    uint64_t last = record.sequence;
    if (record.kind == RT_LOG_KIND_GAP && (last = rt_log_gap_last(&record)) == 0)
        return false;
    *ret = record;
    scan->at += rt_log_record_size(header.length);
    scan->next = last + 1;
    return true;
}

bool rt_log_scan_find(const struct rt_log_scan *scan, size_t from, uint64_t low, uint64_t high,
                      size_t *ret_at, struct rt_log_record_header *ret)
{
    for (size_t at = from; at + RT_LOG_RECORD_HEADER <= scan->len; at += RT_LOG_ALIGN) {
        uint64_t sequence = rt_log_get_u64(scan->bytes + at + 8);
        /* Hardly anything that is not a record passes this, so a checksum is rarely computed. */
        if (sequence < low || sequence > high)
            continue;
        if (check_at(scan, at, ret)) {
            *ret_at = at;
            return true;
        }
    }
    return false;
}

bool rt_log_scan_damaged(const struct rt_log_scan *scan, uint64_t *ret_offset)
{
    size_t from = scan->at;
    uint64_t high = scan->next + (scan->len - scan->at) / RT_LOG_RECORD_HEADER;
    struct rt_log_record_header header;
    while (rt_log_scan_find(scan, from, scan->next + 1, high, &from, &header)) {
        if (header.sequence - header.ahead >= scan->next) {
            *ret_offset = scan->start + from;
            return true;
        }
        from += RT_LOG_ALIGN;
    }
    return false;
}
