/*
 * Reading a segment's bytes: record by record, or from anywhere inside. Pure.
 *
 * Where a scan stops, the next question is what the bad place means. A record further on that was
 * written after a sync which covered the bad place proves that it had been whole: damage. With no
 * such proof it is the end of the log, clean or torn by a crash.
 */
#ifndef RT_CHANNEL_LOG_SCAN_H
#define RT_CHANNEL_LOG_SCAN_H

#include "runtime/channel/log/format.h"

struct rt_log_scan {
    const uint8_t *bytes; /* of the file from `start` on, borrowed */
    size_t len;
    uint64_t start; /* offset in the file of bytes[0] */
    uint64_t salt;
    size_t at;          /* index in `bytes` of the next record */
    uint64_t next;      /* its sequence */
    uint64_t watermark; /* the highest that a record proved to be synced */
    size_t unproven;    /* index of the first record above the watermark */
};

/* `bytes` are a whole segment file with this header. */
void rt_log_scan_segment(struct rt_log_scan *scan, const struct rt_log_segment_header *header,
                         const uint8_t *bytes, size_t len);
/* The next record, its body borrowed from the bytes. False where no whole record with the
 * expected sequence starts; the scan stays there. */
bool rt_log_scan_next(struct rt_log_scan *scan, struct rt_log_record *ret);
/* After a false: true when a later record proves that the one expected here was durable; then
 * `ret_offset` is where in the file that record is. */
bool rt_log_scan_damaged(const struct rt_log_scan *scan, uint64_t *ret_offset);

/* The first place at or after `from` where a whole record with a sequence in [low, high] starts.
 * False when there is none. `from` is a multiple of 8. */
bool rt_log_scan_find(const struct rt_log_scan *scan, size_t from, uint64_t low, uint64_t high,
                      size_t *ret_at, struct rt_log_record_header *ret);

#endif
