#include "runtime/channel/log/record.h"

#include "runtime/channel/log/bytes.h"

/*
 *   0  time, milliseconds      8
 *   8  producer sequence       8
 *  16  length of the subject   2
 *  18  length of the key       2
 *  20  length of the producer  2
 *  22  length of the headers   2
 *  24  subject, key, producer, headers, payload (to the end of the body)
 */
enum { EVENT_FIXED = 24 };

static uint8_t *put(uint8_t *out, const void *data, size_t len)
{
    if (len > 0)
        memcpy(out, data, len);
    return out + len;
}

size_t rt_log_event_size(const struct rt_log_event *event)
{
    return EVENT_FIXED + event->subject.len + event->key.len + event->producer.len +
           event->headers.len + event->payload.len;
}

int rt_log_event_append(struct rt_log_batch *batch, uint8_t kind, const struct rt_log_event *event,
                        uint64_t *ret_sequence)
{
    if (event->subject.len == 0)
        return RT_EINVAL;
    if (event->subject.len > RT_LOG_SUBJECT_MAX || event->key.len > RT_LOG_KEY_MAX ||
        event->producer.len > RT_LOG_PRODUCER_MAX || event->headers.len > RT_LOG_HEADERS_MAX ||
        event->payload.len > RT_LOG_BODY_MAX || rt_log_event_size(event) > RT_LOG_BODY_MAX)
        return RT_ETOOBIG;

    uint8_t *out = rt_log_batch_extend(batch, kind, rt_log_event_size(event));
    rt_log_put_u64(out, (uint64_t)event->time_ms);
    rt_log_put_u64(out + 8, event->producer_sequence);
    rt_log_put_u16(out + 16, (uint16_t)event->subject.len);
    rt_log_put_u16(out + 18, (uint16_t)event->key.len);
    rt_log_put_u16(out + 20, (uint16_t)event->producer.len);
    rt_log_put_u16(out + 22, (uint16_t)event->headers.len);
    out += EVENT_FIXED;
    out = put(out, event->subject.data, event->subject.len);
    out = put(out, event->key.data, event->key.len);
    out = put(out, event->producer.data, event->producer.len);
    out = put(out, event->headers.data, event->headers.len);
    put(out, event->payload.data, event->payload.len);
    *ret_sequence = batch->next - 1;
    return 0;
}

int rt_log_event_decode(struct rt_bytes body, struct rt_log_event *ret)
{
    if (body.len < EVENT_FIXED)
        return RT_ECORRUPT;
    const uint8_t *in = body.data;
    size_t subject = rt_log_get_u16(in + 16), key = rt_log_get_u16(in + 18);
    size_t producer = rt_log_get_u16(in + 20), headers = rt_log_get_u16(in + 22);
    size_t named = subject + key + producer + headers;
    if (subject == 0 || named > body.len - EVENT_FIXED)
        return RT_ECORRUPT;

    const uint8_t *at = in + EVENT_FIXED;
    const char *text = (const char *)at;
    *ret = (struct rt_log_event){
        .time_ms = (int64_t)rt_log_get_u64(in),
        .producer_sequence = rt_log_get_u64(in + 8),
        .subject = rt_str_n(text, subject),
        .key = rt_str_n(text + subject, key),
        .producer = rt_str_n(text + subject + key, producer),
        .headers = rt_bytes(at + subject + key + producer, headers),
        .payload = rt_bytes(at + named, body.len - EVENT_FIXED - named),
    };
    return 0;
}
