/*
 * A record, and the bytes of the header that each begins with. Pure.
 */
#ifndef RT_CHANNEL_LOG_HEADER_H
#define RT_CHANNEL_LOG_HEADER_H

#include "runtime/base/str.h"

enum {
    RT_LOG_KIND_MARK = 0,  /* written by the log itself; appenders use 1..254 */
    RT_LOG_KIND_EVENT = 1, /* what the log counts for retention */
    RT_LOG_KIND_MAX = 254,
    RT_LOG_KIND_GAP = 255 /* the log's own: these sequences were removed */
};

/* The body of one record, in bytes. A log with segments smaller than the default takes less, see
 * rt_log_body_max. */
#define RT_LOG_BODY_MAX ((size_t)8 << 20)

struct rt_log_record {
    uint64_t sequence; /* from 1 */
    uint8_t kind;
    struct rt_bytes body;
};

enum {
    RT_LOG_ALIGN = 8,
    RT_LOG_RECORD_HEADER = 24 /* bytes */
};

/* Bytes that a record with a body of `len` bytes takes in the log. */
size_t rt_log_record_size(size_t len);

/*
 *   0  checksum of the rest, padding included   8
 *   8  sequence                                 8
 *  16  length of the body                       4
 *  20  ahead                                    3
 *  23  kind                                     1
 *  24  body, then zeros up to a multiple of 8
 *
 * `ahead` is the sequence minus the durable watermark of its write: everything up to
 * sequence - ahead had been synced before this record was written.
 */
struct rt_log_record_header {
    uint64_t checksum;
    uint64_t sequence;
    uint32_t length;
    uint32_t ahead; /* 1.. */
    uint8_t kind;
};

void rt_log_record_header_encode(const struct rt_log_record_header *header,
                                 uint8_t out[RT_LOG_RECORD_HEADER]);
void rt_log_record_header_decode(const uint8_t in[RT_LOG_RECORD_HEADER],
                                 struct rt_log_record_header *ret);

#endif
