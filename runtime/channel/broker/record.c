/* Records into the log. */
#include <pb_decode.h>
#include <pb_encode.h>
#include <utlist.h>

#include "runtime/channel/broker/state.h"
#include "runtime/channel/log/format.h"

uint64_t rt_record_append(struct rt_broker *broker, record_Kind kind, const pb_msgdesc_t *fields,
                          const void *message)
{
    size_t size = 0;
    bool ok = pb_get_encoded_size(&size, fields, message);
    RT_ASSERT(ok);
    uint8_t *at = rt_log_batch_extend(&broker->batch, (uint8_t)kind, size);
    pb_ostream_t out = pb_ostream_from_buffer(at, size);
    ok = pb_encode(&out, fields, message);
    RT_ASSERT(ok);
    return broker->batch.next - 1;
}

uint64_t rt_record_event(struct rt_broker *broker, const struct rt_log_event *event,
                         const record_EventExtra *extra)
{
    uint8_t headers[record_EventExtra_size];
    struct rt_log_event whole = *event;
    if (extra) {
        pb_ostream_t out = pb_ostream_from_buffer(headers, sizeof headers);
        bool ok = pb_encode(&out, record_EventExtra_fields, extra);
        RT_ASSERT(ok);
        whole.headers = rt_bytes(headers, out.bytes_written);
    }
    uint64_t sequence = 0;
    int r = rt_log_event_append(&broker->batch, record_Kind_KIND_EVENT, &whole, &sequence);
    RT_ASSERT(r == 0); /* every part was checked against its limit before */

    size_t size = rt_log_event_size(&whole);
    const struct rt_buf *bytes = &broker->batch.bytes;
    const uint8_t *body =
        bytes->data + bytes->len - rt_log_record_size(size) + RT_LOG_RECORD_HEADER;
    rt_event_cache_append(&broker->cache, sequence, rt_bytes(body, size));
    rt_newest_note(&broker->newest, whole.subject, sequence);
    return sequence;
}

int rt_record_extra(const struct rt_log_event *event, record_EventExtra *ret)
{
    pb_istream_t in = pb_istream_from_buffer(event->headers.data, event->headers.len);
    return pb_decode(&in, record_EventExtra_fields, ret) ? 0 : RT_ECORRUPT;
}

void rt_record_subscription_fill(const struct rt_sub *sub, record_Subscription *record)
{
    *record = (record_Subscription){
        .id = sub->id,
        .from = sub->from,
        .from_time_ms = sub->from_time_ms,
        .ack_wait_ms = sub->ack_wait_ms,
        .max_deliver = sub->max_deliver,
        .expire_ms = sub->expire_ms,
        .filters_count = (pb_size_t)sub->match.count,
        .backoff_ms_count = (pb_size_t)sub->backoff_count,
    };
    RT_PB_SET(&record->name, sub->name);
    for (size_t i = 0; i < sub->match.count; i++)
        RT_PB_SET(&record->filters[i], sub->match.filters[i]);
    memcpy(record->backoff_ms, sub->backoff_ms, sub->backoff_count * sizeof *sub->backoff_ms);
}

uint64_t rt_record_subscription(struct rt_broker *broker, const struct rt_sub *sub)
{
    record_Subscription record;
    rt_record_subscription_fill(sub, &record);
    return rt_record_append(broker, record_Kind_KIND_SUBSCRIPTION, record_Subscription_fields,
                            &record);
}
