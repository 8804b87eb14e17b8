#include "runtime/channel/protocol/frame.h"

#include <pb_decode.h>
#include <pb_encode.h>

_Static_assert(channel_Subscribe_size <= RT_FRAME_HEADER_MAX, "a header must fit its bound");
_Static_assert(channel_Ack_size <= RT_FRAME_HEADER_MAX, "a header must fit its bound");

/* The keys of protobuf fields: number << 3 | wire type (0 a varint, 2 counted bytes). */
#define VARINT(number) ((uint8_t)((number) << 3))
#define BYTES(number)  ((uint8_t)((number) << 3 | 2))

enum { HOT_HEADER_MAX = 16 * 11 + 3 * 258 }; /* a generous bound for PUBLISH and EVENT */

static uint32_t u32_get(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void prefix_put(uint8_t *p, size_t length, channel_FrameType type, size_t header)
{
    uint32_t n = (uint32_t)length;
    p[0] = (uint8_t)n;
    p[1] = (uint8_t)(n >> 8);
    p[2] = (uint8_t)(n >> 16);
    p[3] = (uint8_t)(n >> 24);
    p[4] = (uint8_t)type;
    p[5] = 0;
    p[6] = (uint8_t)header;
    p[7] = (uint8_t)(header >> 8);
}

int64_t rt_frame_cut(struct rt_bytes in, size_t payload_max, struct rt_frame *ret)
{
    if (in.len < RT_FRAME_PREFIX)
        return 0;
    size_t length = u32_get(in.data);
    size_t header = (size_t)in.data[6] | (size_t)in.data[7] << 8;
    if (length < RT_FRAME_PREFIX - 4 || header > length - 4 || in.data[5] != 0)
        return RT_EINVAL;
    if (header > RT_FRAME_HEADER_MAX || length - 4 - header > payload_max)
        return RT_ETOOBIG;
    if (in.len < length + 4)
        return 0;
    ret->type = in.data[4];
    ret->header = rt_bytes(in.data + RT_FRAME_PREFIX, header);
    ret->payload = rt_bytes(in.data + RT_FRAME_PREFIX + header, length - 4 - header);
    return (int64_t)(length + 4);
}

/* ----------------------------------------------- by hand: PUBLISH and EVENT */

struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

static bool varint_get(struct reader *in, uint64_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in->at == in->end)
            return false;
        uint8_t byte = *in->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret = value;
            return true;
        }
    }
    return false;
}

static bool bytes_get(struct reader *in, struct rt_str *ret)
{
    uint64_t len;
    if (!varint_get(in, &len) || len > (uint64_t)(in->end - in->at))
        return false;
    *ret = rt_str_n((const char *)in->at, (size_t)len);
    in->at += len;
    return true;
}

/* A field that this version does not know. */
static bool field_skip(struct reader *in, uint64_t key)
{
    uint64_t ignored;
    struct rt_str text;
    size_t fixed = (key & 7) == 1 ? 8 : 4;
    switch (key & 7) {
    case 0:
        return varint_get(in, &ignored);
    case 2:
        return bytes_get(in, &text);
    case 1:
    case 5:
        if ((size_t)(in->end - in->at) < fixed)
            return false;
        in->at += fixed;
        return true;
    default:
        return false;
    }
}

int rt_frame_get_publish(const struct rt_frame *frame, struct rt_frame_publish *ret)
{
    struct rt_frame_publish publish = {0};
    struct reader in = {frame->header.data, frame->header.data + frame->header.len};
    while (in.at < in.end) {
        uint64_t key, value = 0;
        bool ok = varint_get(&in, &key);
        if (!ok)
            return RT_EINVAL;
        switch (key) {
        case VARINT(channel_Publish_sequence_tag):
            ok = varint_get(&in, &publish.sequence);
            break;
        case BYTES(channel_Publish_subject_tag):
            ok = bytes_get(&in, &publish.subject);
            break;
        case BYTES(channel_Publish_key_tag):
            ok = bytes_get(&in, &publish.key);
            break;
        case VARINT(channel_Publish_time_ms_tag):
            ok = varint_get(&in, &value);
            publish.time_ms = (int64_t)value;
            break;
        case BYTES(channel_Publish_message_id_tag):
            ok = bytes_get(&in, &publish.message_id);
            break;
        case VARINT(channel_Publish_deliver_at_ms_tag):
            ok = varint_get(&in, &value);
            publish.deliver_at_ms = (int64_t)value;
            break;
        default:
            ok = field_skip(&in, key);
        }
        if (!ok)
            return RT_EINVAL;
    }
    *ret = publish;
    return 0;
}

int rt_frame_get_event(const struct rt_frame *frame, struct rt_frame_event *ret)
{
    struct rt_frame_event event = {0};
    struct reader in = {frame->header.data, frame->header.data + frame->header.len};
    while (in.at < in.end) {
        uint64_t key, value = 0;
        bool ok = varint_get(&in, &key);
        if (!ok)
            return RT_EINVAL;
        switch (key) {
        case VARINT(channel_Event_subscription_tag):
            ok = varint_get(&in, &value);
            event.subscription = (uint32_t)value;
            break;
        case VARINT(channel_Event_sequence_tag):
            ok = varint_get(&in, &event.sequence);
            break;
        case VARINT(channel_Event_attempt_tag):
            ok = varint_get(&in, &value);
            event.attempt = (uint32_t)value;
            break;
        case VARINT(channel_Event_time_ms_tag):
            ok = varint_get(&in, &value);
            event.time_ms = (int64_t)value;
            break;
        case BYTES(channel_Event_subject_tag):
            ok = bytes_get(&in, &event.subject);
            break;
        case BYTES(channel_Event_key_tag):
            ok = bytes_get(&in, &event.key);
            break;
        case BYTES(channel_Event_producer_tag):
            ok = bytes_get(&in, &event.producer);
            break;
        default:
            ok = field_skip(&in, key);
        }
        if (!ok)
            return RT_EINVAL;
    }
    *ret = event;
    return 0;
}

/* proto3 leaves out fields that are zero or empty. */
static uint8_t *varint_put(uint8_t *p, uint8_t key, uint64_t value)
{
    if (value == 0)
        return p;
    *p++ = key;
    while (value >= 0x80) {
        *p++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *p++ = (uint8_t)value;
    return p;
}

static uint8_t *bytes_put(uint8_t *p, uint8_t key, struct rt_str text)
{
    if (text.len == 0)
        return p;
    RT_ASSERT(text.len <= RT_SUBJECT_MAX);
    p = varint_put(p, key, text.len);
    memcpy(p, text.data, text.len);
    return p + text.len;
}

/* Closes the frame whose prefix is at `start`, whose header ends at `end`. */
static void hot_end(struct rt_buf *out, size_t start, const uint8_t *end, channel_FrameType type,
                    struct rt_bytes payload)
{
    size_t header = (size_t)(end - (out->data + start)) - RT_FRAME_PREFIX;
    prefix_put(out->data + start, RT_FRAME_PREFIX - 4 + header + payload.len, type, header);
    out->len = start + RT_FRAME_PREFIX + header;
    if (payload.len > 0) {
        memcpy(out->data + out->len, payload.data, payload.len);
        out->len += payload.len;
    }
}

void rt_frame_put_publish(struct rt_buf *out, const struct rt_frame_publish *publish,
                          struct rt_bytes payload)
{
    size_t start = out->len;
    rt_buf_reserve(out, RT_FRAME_PREFIX + HOT_HEADER_MAX + payload.len);
    uint8_t *p = out->data + start + RT_FRAME_PREFIX;
    p = varint_put(p, VARINT(channel_Publish_sequence_tag), publish->sequence);
    p = bytes_put(p, BYTES(channel_Publish_subject_tag), publish->subject);
    p = bytes_put(p, BYTES(channel_Publish_key_tag), publish->key);
    p = varint_put(p, VARINT(channel_Publish_time_ms_tag), (uint64_t)publish->time_ms);
    p = bytes_put(p, BYTES(channel_Publish_message_id_tag), publish->message_id);
    p = varint_put(p, VARINT(channel_Publish_deliver_at_ms_tag), (uint64_t)publish->deliver_at_ms);
    hot_end(out, start, p, channel_FrameType_FRAME_PUBLISH, payload);
}

void rt_frame_put_event(struct rt_buf *out, const struct rt_frame_event *event,
                        struct rt_bytes payload)
{
    size_t start = out->len;
    rt_buf_reserve(out, RT_FRAME_PREFIX + HOT_HEADER_MAX + payload.len);
    uint8_t *p = out->data + start + RT_FRAME_PREFIX;
    p = varint_put(p, VARINT(channel_Event_subscription_tag), event->subscription);
    p = varint_put(p, VARINT(channel_Event_sequence_tag), event->sequence);
    p = varint_put(p, VARINT(channel_Event_attempt_tag), event->attempt);
    p = varint_put(p, VARINT(channel_Event_time_ms_tag), (uint64_t)event->time_ms);
    p = bytes_put(p, BYTES(channel_Event_subject_tag), event->subject);
    p = bytes_put(p, BYTES(channel_Event_key_tag), event->key);
    p = bytes_put(p, BYTES(channel_Event_producer_tag), event->producer);
    hot_end(out, start, p, channel_FrameType_FRAME_EVENT, payload);
}

/* -------------------------------------------------- with nanopb: all others */

int rt_frame_get(const struct rt_frame *frame, const pb_msgdesc_t *fields, void *ret)
{
    pb_istream_t in = pb_istream_from_buffer(frame->header.data, frame->header.len);
    return pb_decode(&in, fields, ret) ? 0 : RT_EINVAL;
}

void rt_frame_put(struct rt_buf *out, channel_FrameType type, const pb_msgdesc_t *fields,
                  const void *message, struct rt_bytes payload)
{
    size_t header = 0;
    bool ok = pb_get_encoded_size(&header, fields, message);
    RT_ASSERT(ok && header <= RT_FRAME_HEADER_MAX);
    uint8_t *p = rt_buf_extend(out, RT_FRAME_PREFIX + header);
    prefix_put(p, RT_FRAME_PREFIX - 4 + header + payload.len, type, header);
    pb_ostream_t stream = pb_ostream_from_buffer(p + RT_FRAME_PREFIX, header);
    ok = pb_encode(&stream, fields, message);
    RT_ASSERT(ok);
    rt_buf_append(out, payload.data, payload.len);
}

void rt_frame_put_going_away(struct rt_buf *out, channel_Code code, const char *reason)
{
    channel_GoingAway message = {.code = code};
    RT_PB_SET(&message.reason, rt_str(reason));
    rt_frame_put(out, channel_FrameType_FRAME_GOING_AWAY, channel_GoingAway_fields, &message,
                 (struct rt_bytes){0});
}

void rt_frame_put_acks(struct rt_buf *out, channel_FrameType type, uint32_t subscription,
                       const uint64_t *sequences, size_t count)
{
    channel_Ack message;
    message.subscription = subscription;
    for (size_t i = 0; i < count; i += message.sequences_count) {
        size_t part = count - i < RT_ACKS_MAX ? count - i : RT_ACKS_MAX;
        message.sequences_count = (pb_size_t)part;
        memcpy(message.sequences, sequences + i, part * sizeof *sequences);
        rt_frame_put(out, type, channel_Ack_fields, &message, (struct rt_bytes){0});
    }
}

size_t rt_pb_copy(uint8_t *out, size_t cap, struct rt_str text)
{
    size_t len = text.len < cap ? text.len : cap;
    while (len > 0 && len < text.len && ((unsigned char)text.data[len] & 0xc0) == 0x80)
        len--; /* not in the middle of a character */
    if (len > 0)
        memcpy(out, text.data, len);
    return len;
}
