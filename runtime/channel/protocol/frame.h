/*
 * Frames: how they are cut out of a stream of bytes, put together and read. frames.proto has the
 * layout and the messages.
 *
 * Most headers go through nanopb. PUBLISH and EVENT, of which there may be a million a second,
 * are written and read here by hand as the very same protobuf (a test holds one against the other)
 * and read as slices, without copying text.
 *
 * Threads: no shared state. Bad input is RT_EINVAL or RT_ETOOBIG, never an assert.
 */
#ifndef RT_CHANNEL_FRAME_H
#define RT_CHANNEL_FRAME_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/channel/protocol/frames.pb.h"
#include "runtime/channel/protocol/limits.h"

struct rt_frame {
    uint8_t type;           /* channel_FrameType */
    struct rt_bytes header; /* borrowed from the input */
    struct rt_bytes payload;
};

struct rt_frame_publish {
    uint64_t sequence;
    struct rt_str subject;
    struct rt_str key;
    int64_t time_ms;
    struct rt_str message_id;
    int64_t deliver_at_ms;
};

struct rt_frame_event {
    uint32_t subscription;
    uint64_t sequence;
    uint32_t attempt;
    int64_t time_ms;
    struct rt_str subject;
    struct rt_str key;
    struct rt_str producer;
};

/* Cuts the first frame off `in`: its length in bytes with the prefix, 0 when there is less than a
 * whole one yet, RT_ETOOBIG when it is longer than `payload_max` allows, RT_EINVAL. */
int64_t rt_frame_cut(struct rt_bytes in, size_t payload_max, struct rt_frame *ret);

/* Decodes a header with nanopb into `ret`, which is the struct that `fields` describes. */
int rt_frame_get(const struct rt_frame *frame, const pb_msgdesc_t *fields, void *ret);
/* Text fields beyond their limits are RT_ETOOBIG. */
int rt_frame_get_publish(const struct rt_frame *frame, struct rt_frame_publish *ret);
int rt_frame_get_event(const struct rt_frame *frame, struct rt_frame_event *ret);

/* These append one frame to `out`. */
void rt_frame_put(struct rt_buf *out, channel_FrameType type, const pb_msgdesc_t *fields,
                  const void *message, struct rt_bytes payload);
void rt_frame_put_publish(struct rt_buf *out, const struct rt_frame_publish *publish,
                          struct rt_bytes payload);
void rt_frame_put_event(struct rt_buf *out, const struct rt_frame_event *event,
                        struct rt_bytes payload);
void rt_frame_put_going_away(struct rt_buf *out, channel_Code code, const char *reason);
/* ACK, ACKED or EXTEND frames for `count` sequences, as many frames as they need. */
void rt_frame_put_acks(struct rt_buf *out, channel_FrameType type, uint32_t subscription,
                       const uint64_t *sequences, size_t count);

/* nanopb's counted byte arrays from and to slices: RT_PB_SET(&hello.name, name). */
#define RT_PB_STR(field) (rt_str_n((const char *)(field).bytes, (field).size))
#define RT_PB_SET(field, text)                                                                     \
    ((field)->size = (pb_size_t)rt_pb_copy((field)->bytes, sizeof(field)->bytes, (text)))

/* Copies the characters that fit and returns how many bytes that was. */
size_t rt_pb_copy(uint8_t *out, size_t cap, struct rt_str text);

#endif
