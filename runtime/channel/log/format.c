#include "runtime/channel/log/format.h"

#include "runtime/channel/log/bytes.h"

enum { FLAG_REWRITTEN = 1 };

static const char segment_magic[8] = {'T', 'S', 'L', 'O', 'G', 'S', 'E', 'G'};

void rt_log_segment_header_encode(const struct rt_log_segment_header *header,
                                  uint8_t out[RT_LOG_SEGMENT_HEADER])
{
    memset(out, 0, RT_LOG_SEGMENT_HEADER);
    memcpy(out, segment_magic, sizeof(segment_magic));
    rt_log_put_u32(out + 8, RT_LOG_VERSION);
    rt_log_put_u32(out + 12, header->rewritten ? FLAG_REWRITTEN : 0);
    rt_log_put_u64(out + 16, header->log_id);
    rt_log_put_u64(out + 24, header->salt);
    rt_log_put_u64(out + 32, header->number);
    rt_log_put_u64(out + 40, header->base);
    rt_log_put_u64(out + 48, header->size);
    rt_log_put_u64(out + 56, rt_hash(rt_bytes(out, 56), 0));
    rt_log_put_u64(out + 64, (uint64_t)header->begun_ms);
    rt_log_put_u64(out + 72, header->events_before);
    rt_log_put_u64(out + 80, header->events);
    rt_log_put_u64(out + 88, rt_hash(rt_bytes(out, 88), 0));
}

int rt_log_segment_header_decode(const uint8_t in[RT_LOG_SEGMENT_HEADER],
                                 struct rt_log_segment_header *ret)
{
    if (memcmp(in, segment_magic, sizeof(segment_magic)) != 0)
        return RT_ECORRUPT;
    if (rt_log_get_u64(in + 56) != rt_hash(rt_bytes(in, 56), 0))
        return RT_ECORRUPT;
    uint32_t version = rt_log_get_u32(in + 8);
    if (version == 0 || version > RT_LOG_VERSION)
        return RT_EUNSUPPORTED;
    if (version > 1 && rt_log_get_u64(in + 88) != rt_hash(rt_bytes(in, 88), 0))
        return RT_ECORRUPT;
    *ret = (struct rt_log_segment_header){
        .log_id = rt_log_get_u64(in + 16),
        .salt = rt_log_get_u64(in + 24),
        .number = rt_log_get_u64(in + 32),
        .base = rt_log_get_u64(in + 40),
        .size = rt_log_get_u64(in + 48),
    };
    if (version == 1)
        return 0;
    ret->begun_ms = (int64_t)rt_log_get_u64(in + 64);
    ret->events_before = rt_log_get_u64(in + 72);
    ret->events = rt_log_get_u64(in + 80);
    ret->rewritten = rt_log_get_u32(in + 12) & FLAG_REWRITTEN;
    return 0;
}

uint64_t rt_log_record_checksum(const uint8_t *record, size_t size, uint64_t salt, uint64_t offset)
{
    return rt_hash(rt_bytes(record + 8, size - 8), salt ^ offset);
}

bool rt_log_record_check(const uint8_t *bytes, size_t len, uint64_t salt, uint64_t offset,
                         struct rt_log_record_header *ret)
{
    struct rt_log_record_header header;
    if (len < RT_LOG_RECORD_HEADER)
        return false;
    rt_log_record_header_decode(bytes, &header);
    if (header.length > RT_LOG_BODY_MAX || header.ahead == 0 || header.ahead > header.sequence)
        return false;
    size_t size = rt_log_record_size(header.length);
    if (size > len || rt_log_record_checksum(bytes, size, salt, offset) != header.checksum)
        return false;
    *ret = header;
    return true;
}

uint64_t rt_log_seal(uint8_t *bytes, size_t len, uint64_t watermark, uint64_t salt, uint64_t offset,
                     uint64_t *events)
{
    uint64_t records = 0;
    for (size_t at = 0; at < len;) {
        struct rt_log_record_header header;
        rt_log_record_header_decode(bytes + at, &header);
        size_t size = rt_log_record_size(header.length);
        RT_ASSERT(size <= len - at && header.sequence > watermark &&
                  header.sequence - watermark < 1u << 24);
        header.ahead = (uint32_t)(header.sequence - watermark);
        rt_log_record_header_encode(&header, bytes + at);
        rt_log_put_u64(bytes + at, rt_log_record_checksum(bytes + at, size, salt, offset + at));
        at += size;
        records++;
        *events += header.kind == RT_LOG_KIND_EVENT;
    }
    return records;
}

uint64_t rt_log_gap_last(const struct rt_log_record *gap)
{
    if (gap->body.len < RT_LOG_GAP_BODY)
        return 0;
    uint64_t last = rt_log_get_u64(gap->body.data);
    return last >= gap->sequence ? last : 0;
}

void rt_log_gap_append(struct rt_log_batch *batch, uint64_t last, size_t len)
{
    RT_ASSERT(last >= batch->next && len >= RT_LOG_GAP_BODY);
    uint8_t *body = rt_log_batch_extend(batch, RT_LOG_KIND_GAP, len);
    memset(body, 0, len);
    rt_log_put_u64(body, last);
    batch->next = last + 1;
}

size_t rt_log_prefix(const uint8_t *bytes, size_t len, size_t limit)
{
    size_t at = 0;
    while (at < len) {
        size_t size = rt_log_record_size(rt_log_get_u32(bytes + at + 16));
        if (size > limit - at)
            break;
        at += size;
    }
    return at;
}
