#include <criterion/criterion.h>

#include "runtime/channel/protocol/frame.h"

static struct rt_buf out;

static void teardown(void)
{
    rt_buf_done(&out);
}

TestSuite(frame, .fini = teardown);

static struct rt_frame cut_one(void)
{
    struct rt_frame frame;
    cr_assert_eq(rt_frame_cut(rt_buf_bytes(&out), RT_PAYLOAD_MAX, &frame), (int64_t)out.len);
    return frame;
}

static char long_text[RT_SUBJECT_MAX];

/* Values at the edges of varints and text lengths. */
static const struct rt_frame_publish publishes[] = {
    {0},
    {.sequence = 1, .subject = {"a", 1}, .time_ms = -1},
    {.sequence = 127, .subject = {"a:b", 3}, .key = {"k", 1}, .time_ms = 128},
    {.sequence = UINT64_MAX, .subject = {long_text, sizeof long_text}, .time_ms = INT64_MIN},
    {.sequence = 1u << 14, .key = {long_text, 128}, .message_id = {"id", 2}, .deliver_at_ms = 1},
};

Test(frame, publish_is_the_protobuf_that_nanopb_reads_and_writes)
{
    memset(long_text, 'x', sizeof long_text);
    for (size_t i = 0; i < sizeof publishes / sizeof *publishes; i++) {
        const struct rt_frame_publish *publish = &publishes[i];
        channel_Publish message = {.sequence = publish->sequence,
                                   .time_ms = publish->time_ms,
                                   .deliver_at_ms = publish->deliver_at_ms};
        RT_PB_SET(&message.subject, publish->subject);
        RT_PB_SET(&message.key, publish->key);
        RT_PB_SET(&message.message_id, publish->message_id);
        rt_buf_clear(&out);
        rt_frame_put_publish(&out, publish, rt_bytes("payload", 7));
        struct rt_buf reference = {0};
        rt_frame_put(&reference, channel_FrameType_FRAME_PUBLISH, channel_Publish_fields, &message,
                     rt_bytes("payload", 7));
        cr_assert(rt_bytes_eq(rt_buf_bytes(&out), rt_buf_bytes(&reference)), "case %zu", i);
        rt_buf_done(&reference);

        struct rt_frame frame = cut_one();
        struct rt_frame_publish back;
        cr_assert_eq(rt_frame_get_publish(&frame, &back), 0);
        cr_assert_eq(back.sequence, publish->sequence);
        cr_assert_eq(back.time_ms, publish->time_ms);
        cr_assert_eq(back.deliver_at_ms, publish->deliver_at_ms);
        cr_assert(rt_str_eq(back.subject, publish->subject));
        cr_assert(rt_str_eq(back.key, publish->key));
        cr_assert(rt_str_eq(back.message_id, publish->message_id));
        cr_assert(rt_bytes_eq(frame.payload, rt_bytes("payload", 7)));
    }
}

Test(frame, event_is_the_protobuf_that_nanopb_reads_and_writes)
{
    struct rt_frame_event event = {.subscription = 300,
                                   .sequence = 1u << 21,
                                   .attempt = 2,
                                   .time_ms = 1700000000000,
                                   .subject = RT_STR("a:b"),
                                   .key = RT_STR("k"),
                                   .producer = RT_STR("p")};
    channel_Event message = {.subscription = 300, .sequence = 1u << 21, .attempt = 2};
    message.time_ms = event.time_ms;
    RT_PB_SET(&message.subject, event.subject);
    RT_PB_SET(&message.key, event.key);
    RT_PB_SET(&message.producer, event.producer);
    rt_frame_put_event(&out, &event, (struct rt_bytes){0});
    struct rt_buf reference = {0};
    rt_frame_put(&reference, channel_FrameType_FRAME_EVENT, channel_Event_fields, &message,
                 (struct rt_bytes){0});
    cr_assert(rt_bytes_eq(rt_buf_bytes(&out), rt_buf_bytes(&reference)));
    rt_buf_done(&reference);

    struct rt_frame frame = cut_one();
    struct rt_frame_event back;
    cr_assert_eq(rt_frame_get_event(&frame, &back), 0);
    cr_assert_eq(back.subscription, 300);
    cr_assert_eq(back.sequence, event.sequence);
    cr_assert_eq(back.attempt, 2);
    cr_assert(rt_str_eq(back.producer, event.producer));
}

Test(frame, fields_of_a_later_version_are_skipped)
{
    /* Field 15 as varint, fixed64, bytes and fixed32, then the sequence. */
    static const uint8_t header[] = {0x78, 0x05, 0x79, 1, 2,    3, 4, 5, 6, 7, 8,
                                     0x7a, 2,    9,    9, 0x7d, 1, 2, 3, 4, 8, 42};
    struct rt_frame frame = {.header = rt_bytes(header, sizeof header)};
    struct rt_frame_publish publish;
    cr_assert_eq(rt_frame_get_publish(&frame, &publish), 0);
    cr_assert_eq(publish.sequence, 42);
}

Test(frame, header_cut_anywhere_is_refused_or_shorter)
{
    struct rt_frame_publish publish = {.sequence = 300, .subject = RT_STR("a:b"), .time_ms = 9};
    rt_frame_put_publish(&out, &publish, (struct rt_bytes){0});
    struct rt_frame frame = cut_one();
    size_t whole = frame.header.len, refused = 0;
    for (frame.header.len = 0; frame.header.len < whole; frame.header.len++) {
        struct rt_frame_publish back;
        refused += rt_frame_get_publish(&frame, &back) < 0;
    }
    /* Every cut but those between two fields. */
    cr_assert_eq(refused, whole - 3);
}

Test(frame, comes_whole_or_not_yet)
{
    struct rt_frame_publish publish = {.sequence = 1, .subject = RT_STR("s")};
    rt_frame_put_publish(&out, &publish, rt_bytes("abc", 3));
    struct rt_frame frame;
    for (size_t len = 0; len < out.len; len++)
        cr_assert_eq(rt_frame_cut(rt_bytes(out.data, len), RT_PAYLOAD_MAX, &frame), 0);
    cr_assert_eq(rt_frame_cut(rt_buf_bytes(&out), 3, &frame), (int64_t)out.len);
    cr_assert_eq(rt_frame_cut(rt_buf_bytes(&out), 2, &frame), RT_ETOOBIG);
}

Test(frame, bad_prefixes_are_refused)
{
    static const struct {
        uint8_t bytes[RT_FRAME_PREFIX];
        int error;
    } cases[] = {
        {{3, 0, 0, 0, 1, 0, 0, 0}, RT_EINVAL},              /* shorter than its own prefix */
        {{5, 0, 0, 0, 1, 0, 2, 0}, RT_EINVAL},              /* a header longer than the frame */
        {{4, 0, 0, 0, 1, 1, 0, 0}, RT_EINVAL},              /* the reserved byte */
        {{0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0}, RT_ETOOBIG}, /* 4 GiB */
        {{0, 0, 1, 0, 1, 0, 0xfc, 0xff}, RT_ETOOBIG},       /* a header over the limit */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_frame frame;
        struct rt_bytes in = rt_bytes(cases[i].bytes, RT_FRAME_PREFIX);
        cr_assert_eq(rt_frame_cut(in, RT_PAYLOAD_MAX, &frame), cases[i].error, "case %zu", i);
    }
}

Test(frame, acknowledgements_are_split_to_fit)
{
    uint64_t sequences[RT_ACKS_MAX + 1];
    for (size_t i = 0; i < RT_ACKS_MAX + 1; i++)
        sequences[i] = i + 1;
    rt_frame_put_acks(&out, channel_FrameType_FRAME_ACK, 7, sequences, RT_ACKS_MAX + 1);
    struct rt_frame frame;
    channel_Ack ack;
    int64_t len = rt_frame_cut(rt_buf_bytes(&out), 0, &frame);
    cr_assert_gt(len, 0);
    cr_assert_eq(rt_frame_get(&frame, channel_Ack_fields, &ack), 0);
    cr_assert_eq(ack.sequences_count, RT_ACKS_MAX);
    rt_buf_consume(&out, (size_t)len);
    cr_assert_eq(rt_frame_cut(rt_buf_bytes(&out), 0, &frame), (int64_t)out.len);
    cr_assert_eq(rt_frame_get(&frame, channel_Ack_fields, &ack), 0);
    cr_assert_eq(ack.sequences_count, 1);
    cr_assert_eq(ack.sequences[0], RT_ACKS_MAX + 1);
}
