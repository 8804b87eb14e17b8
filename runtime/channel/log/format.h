/*
 * The byte layout of the log: segment headers, checksums and gaps; header.h has that of a record
 * header. Pure. docs/channel/LOG.md shows the
 * same layout for readers in other languages; format_test.c freezes it.
 *
 * All integers are little-endian. A segment file is one header sector, then records back to back,
 * each aligned to 8 bytes; what follows the last record is zeros or bytes of an earlier use. The
 * last sector repeats the header as it was when the segment was prepared: without the salt nothing
 * of the segment could be read, so one bad sector must not take it away.
 *
 * A segment that was rewritten without some of its records (compaction, purges) is as long as what
 * is left needs; a gap record takes the place of each run of removed sequences.
 *
 * Checksums are XXH3 (64 bits). A record's is seeded with its segment's salt and its own offset in
 * the file: bytes from before the segment was reused, or from another place, never pass for it.
 */
#ifndef RT_CHANNEL_LOG_FORMAT_H
#define RT_CHANNEL_LOG_FORMAT_H

#include <assert.h>

#include "runtime/base/error.h"
#include "runtime/channel/log/batch.h"

enum {
    RT_LOG_VERSION = 2, /* segments of version 1, without what came with 2, are read as well */
    RT_LOG_SEGMENT_HEADER = 512, /* bytes: a sector that no record shares; its copy likewise */
    RT_LOG_GAP_BODY = 8,         /* bytes: the last sequence of the gap; more would be padding */
};

/* A write between two syncs covers at most this many bytes, and recovery relies on it: what a
 * crash tore is never longer. */
#define RT_LOG_GROUP_MAX ((size_t)16 << 20)
static_assert(RT_LOG_GROUP_MAX >= RT_LOG_BODY_MAX + RT_LOG_RECORD_HEADER + RT_LOG_ALIGN,
              "a group holds the largest record");
/* Records of a group count up in 24 bits. */
static_assert(RT_LOG_GROUP_MAX / RT_LOG_RECORD_HEADER < 1u << 24, "ahead fits");

struct rt_log_segment_header {
    uint64_t log_id;        /* of all segments of one log */
    uint64_t salt;          /* random at each use of the file */
    uint64_t number;        /* counts segments from 1; also the file's name */
    uint64_t base;          /* sequence of the first record; 0 while the segment is a spare */
    uint64_t size;          /* of the file, in bytes */
    int64_t begun_ms;       /* UTC, when it got its base; 0: unknown */
    uint64_t events_before; /* events that were ever appended before its base; 0 also: unknown */
    uint64_t events;        /* rewritten: events left in it */
    bool rewritten;         /* gap records replace what was removed */
};

/* Where records must end: the offset of the header's copy. */
static inline uint64_t rt_log_segment_limit(const struct rt_log_segment_header *header)
{
    return header->size - RT_LOG_SEGMENT_HEADER;
}

/* True when everything in it was removed: all it holds is a gap record. */
static inline bool rt_log_segment_blank(const struct rt_log_segment_header *header)
{
    return header->rewritten &&
           header->size == 2 * RT_LOG_SEGMENT_HEADER + RT_LOG_RECORD_HEADER + RT_LOG_GAP_BODY;
}

/*
 *   0  magic "TSLOGSEG"         8
 *   8  version                  4
 *  12  flags, 1: rewritten      4
 *  16  log id                   8
 *  24  salt                     8
 *  32  number                   8
 *  40  base sequence            8
 *  48  segment size             8
 *  56  checksum of bytes 0..55  8
 *  64  time it was begun        8
 *  72  events before it         8
 *  80  events left in it        8
 *  88  checksum of bytes 0..87  8
 *  96  zero                   416
 *
 * The first checksum is where it always was, so that any version knows what it cannot read.
 * Version 1 has no flags and zeros from 64 on.
 */
void rt_log_segment_header_encode(const struct rt_log_segment_header *header,
                                  uint8_t out[RT_LOG_SEGMENT_HEADER]);
/* RT_ECORRUPT: not a segment header; RT_EUNSUPPORTED: of a later version. */
int rt_log_segment_header_decode(const uint8_t in[RT_LOG_SEGMENT_HEADER],
                                 struct rt_log_segment_header *ret);

/* `size` bytes of header, body and padding at `record`. */
uint64_t rt_log_record_checksum(const uint8_t *record, size_t size, uint64_t salt, uint64_t offset);

/* True when a whole record with a matching checksum starts at `bytes`, which lie at `offset` of a
 * segment with this salt; `len` is how many bytes may be looked at. */
bool rt_log_record_check(const uint8_t *bytes, size_t len, uint64_t salt, uint64_t offset,
                         struct rt_log_record_header *ret);

/* Fills in `ahead` and the checksum of each of the whole records in `bytes`, which will be
 * written at `offset` while everything up to `watermark` is already synced. Returns how many
 * records these are; `events` grows by how many of them are events. */
uint64_t rt_log_seal(uint8_t *bytes, size_t len, uint64_t watermark, uint64_t salt, uint64_t offset,
                     uint64_t *events);

/* The last sequence that a gap record covers, 0 when its body makes no sense. */
uint64_t rt_log_gap_last(const struct rt_log_record *gap);
/* Appends a gap from the batch's next sequence to `last`; its body has `len` bytes. */
void rt_log_gap_append(struct rt_log_batch *batch, uint64_t last, size_t len);

/* How many of these `len` bytes of whole records are the longest run of them within `limit`. */
size_t rt_log_prefix(const uint8_t *bytes, size_t len, size_t limit);

#endif
