#include "runtime/channel/log/batch.h"

#include "runtime/base/error.h"

void rt_log_batch_init(struct rt_log_batch *batch, uint64_t next)
{
    RT_ASSERT(next > 0);
    *batch = (struct rt_log_batch){.first = next, .next = next};
}

void rt_log_batch_done(struct rt_log_batch *batch)
{
    rt_buf_done(&batch->bytes);
}

uint8_t *rt_log_batch_extend(struct rt_log_batch *batch, uint8_t kind, size_t len)
{
    RT_ASSERT(len <= RT_LOG_BODY_MAX);
    size_t size = rt_log_record_size(len);
    uint8_t *at = rt_buf_extend(&batch->bytes, size);
    memset(at + size - RT_LOG_ALIGN, 0, RT_LOG_ALIGN);
    struct rt_log_record_header header = {
        .sequence = batch->next++,
        .length = (uint32_t)len,
        .kind = kind,
    };
    rt_log_record_header_encode(&header, at);
    return at + RT_LOG_RECORD_HEADER;
}

uint64_t rt_log_batch_append(struct rt_log_batch *batch, uint8_t kind, struct rt_bytes body)
{
    uint8_t *at = rt_log_batch_extend(batch, kind, body.len);
    if (body.len > 0)
        memcpy(at, body.data, body.len);
    return batch->next - 1;
}

struct rt_log_batch_mark rt_log_batch_mark(const struct rt_log_batch *batch)
{
    return (struct rt_log_batch_mark){batch->bytes.len, batch->next};
}

void rt_log_batch_rewind(struct rt_log_batch *batch, struct rt_log_batch_mark mark)
{
    RT_ASSERT(mark.len <= batch->bytes.len && mark.next <= batch->next);
    batch->bytes.len = mark.len;
    batch->next = mark.next;
}
