#include "runtime/channel/log/header.h"

#include "runtime/channel/log/bytes.h"

size_t rt_log_record_size(size_t len)
{
    return (RT_LOG_RECORD_HEADER + len + RT_LOG_ALIGN - 1) / RT_LOG_ALIGN * RT_LOG_ALIGN;
}

void rt_log_record_header_encode(const struct rt_log_record_header *header,
                                 uint8_t out[RT_LOG_RECORD_HEADER])
{
    rt_log_put_u64(out, header->checksum);
    rt_log_put_u64(out + 8, header->sequence);
    rt_log_put_u32(out + 16, header->length);
    rt_log_put_u32(out + 20, header->ahead | (uint32_t)header->kind << 24);
}

void rt_log_record_header_decode(const uint8_t in[RT_LOG_RECORD_HEADER],
                                 struct rt_log_record_header *ret)
{
    uint32_t tail = rt_log_get_u32(in + 20);
    *ret = (struct rt_log_record_header){
        .checksum = rt_log_get_u64(in),
        .sequence = rt_log_get_u64(in + 8),
        .length = rt_log_get_u32(in + 16),
        .ahead = tail & 0xffffff,
        .kind = (uint8_t)(tail >> 24),
    };
}
