/* Freezes the format: a log written today must be readable by every later version. If one of
 * these bytes has to change, RT_LOG_VERSION changes too. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/channel/log/bytes.h"
#include "runtime/channel/log/format.h"
#include "runtime/channel/log/record.h"
#include "runtime/channel/log/scan.h"

static const struct rt_log_segment_header golden_header = {
    .log_id = UINT64_C(0x1122334455667788),
    .salt = UINT64_C(0x99aabbccddeeff00),
    .number = 3,
    .base = 41,
    .size = 16384,
    .begun_ms = INT64_C(1769860800123),
    .events_before = 17,
    .events = 2,
    .rewritten = true,
};

/* As version 1 wrote it. */
static const char first_header_hex[] =
    "54534c4f475345470100000000000000887766554433221100ffeeddccbbaa990300000000000000"
    "2900000000000000004000000000000062705d50656d0a3f";

static const char golden_header_hex[] =
    "54534c4f475345470200000001000000887766554433221100ffeeddccbbaa990300000000000000"
    "290000000000000000400000000000004aad718cc182532f7b9eec139c0100001100000000000000"
    "0200000000000000ec6d0973d7082023";
static const char golden_records_hex[] =
    "352dd67af114ec75290000000000000037000000010000017b9eec139c0100000900000000000000"
    "0e000200070001007469636b65743a637265617465646b317469636b657473687061796c6f616400"
    "2a65e9848cfe1a9f2a000000000000001900000001000001ffffffffffffffff0000000000000000"
    "01000000000000007300000000000000b8e66e8c17ec88142b0000000000000000000000020000fe"
    "bbd09066784f52c72c00000000000000000000000300000019196f4b12e4a9482d00000000000000"
    "08000000040000ff3b00000000000000";

/* Two events, an empty record, a mark and a gap; the first is already synced when the rest is
 * written. */
static size_t golden_records(uint8_t *out)
{
    struct rt_log_batch batch;
    rt_log_batch_init(&batch, golden_header.base);
    struct rt_log_event event = {
        .time_ms = INT64_C(1769860800123),
        .producer_sequence = 9,
        .subject = RT_STR("ticket:created"),
        .key = RT_STR("k1"),
        .producer = RT_STR("tickets"),
        .headers = rt_bytes("h", 1),
        .payload = rt_bytes("payload", 7),
    };
    uint64_t sequence;
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), 0);
    cr_assert_eq(sequence, 41);
    size_t first = batch.bytes.len;
    event = (struct rt_log_event){.time_ms = -1, .subject = RT_STR("s")};
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), 0);
    rt_log_batch_append(&batch, RT_LOG_KIND_MAX, rt_bytes(NULL, 0));
    rt_log_batch_append(&batch, RT_LOG_KIND_MARK, rt_bytes(NULL, 0));
    rt_log_gap_append(&batch, 59, RT_LOG_GAP_BODY);
    uint8_t *bytes = batch.bytes.data;
    size_t len = batch.bytes.len, rest = len - first;
    uint64_t offset = RT_LOG_SEGMENT_HEADER, salt = golden_header.salt, events = 0;
    cr_assert_eq(rt_log_seal(bytes, first, 40, salt, offset, &events), 1);
    cr_assert_eq(rt_log_seal(bytes + first, rest, 41, salt, offset + first, &events), 4);
    cr_assert_eq(events, 2);
    memcpy(out, bytes, len);
    rt_log_batch_done(&batch);
    return len;
}

static void assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
    char text[2048] = "";
    cr_assert_lt(len * 2, sizeof(text));
    for (size_t i = 0; i < len; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    cr_assert_str_eq(text, expected);
}

Test(log_format, the_bytes_of_a_segment_header_are_frozen)
{
    uint8_t bytes[RT_LOG_SEGMENT_HEADER];
    rt_log_segment_header_encode(&golden_header, bytes);
    assert_hex(bytes, 96, golden_header_hex);
    for (size_t i = 96; i < sizeof(bytes); i++)
        cr_assert_eq(bytes[i], 0);
    struct rt_log_segment_header header;
    cr_assert_eq(rt_log_segment_header_decode(bytes, &header), 0);
    cr_assert_eq(header.log_id, golden_header.log_id);
    cr_assert_eq(header.salt, golden_header.salt);
    cr_assert_eq(header.number, golden_header.number);
    cr_assert_eq(header.base, golden_header.base);
    cr_assert_eq(header.size, golden_header.size);
    cr_assert_eq(header.begun_ms, golden_header.begun_ms);
    cr_assert_eq(header.events_before, golden_header.events_before);
    cr_assert_eq(header.events, golden_header.events);
    cr_assert(header.rewritten);
}

Test(log_format, segment_header_of_version_1_is_read)
{
    uint8_t bytes[RT_LOG_SEGMENT_HEADER] = {0};
    for (size_t i = 0; first_header_hex[2 * i]; i++) {
        unsigned byte;
        cr_assert_eq(sscanf(first_header_hex + 2 * i, "%2x", &byte), 1);
        bytes[i] = (uint8_t)byte;
    }
    struct rt_log_segment_header header;
    cr_assert_eq(rt_log_segment_header_decode(bytes, &header), 0);
    cr_assert_eq(header.salt, golden_header.salt);
    cr_assert_eq(header.base, golden_header.base);
    cr_assert_eq(header.begun_ms, 0);
    cr_assert_eq(header.events_before, 0);
    cr_assert(!header.rewritten);
}

Test(log_format, segment_header_of_a_later_version_is_told_from_damage)
{
    uint8_t bytes[RT_LOG_SEGMENT_HEADER];
    struct rt_log_segment_header header;
    rt_log_segment_header_encode(&golden_header, bytes);
    rt_log_put_u32(bytes + 8, RT_LOG_VERSION + 1);
    rt_log_put_u64(bytes + 56, rt_hash(rt_bytes(bytes, 56), 0));
    cr_assert_eq(rt_log_segment_header_decode(bytes, &header), RT_EUNSUPPORTED);
}

Test(log_format, every_bit_of_a_segment_header_counts)
{
    uint8_t bytes[RT_LOG_SEGMENT_HEADER];
    rt_log_segment_header_encode(&golden_header, bytes);
    for (size_t bit = 0; bit < (size_t)96 * 8; bit++) {
        struct rt_log_segment_header header;
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        cr_assert_eq(rt_log_segment_header_decode(bytes, &header), RT_ECORRUPT, "bit %zu", bit);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

Test(log_format, the_bytes_of_records_are_frozen)
{
    uint8_t bytes[512];
    size_t len = golden_records(bytes);
    assert_hex(bytes, len, golden_records_hex);
}

/* What the golden bytes say, read back by the scanner. */
Test(log_format, records_read_back)
{
    static uint8_t file[16384];
    rt_log_segment_header_encode(&golden_header, file);
    size_t len = golden_records(file + RT_LOG_SEGMENT_HEADER);
    struct rt_log_scan scan;
    rt_log_scan_segment(&scan, &golden_header, file, sizeof(file));
    struct rt_log_record record;
    cr_assert(rt_log_scan_next(&scan, &record));
    struct rt_log_event event;
    cr_assert_eq(rt_log_event_decode(record.body, &event), 0);
    cr_assert_eq(record.sequence, 41);
    cr_assert_eq(event.time_ms, INT64_C(1769860800123));
    cr_assert_eq(event.producer_sequence, 9);
    cr_assert(rt_str_eq(event.subject, RT_STR("ticket:created")));
    cr_assert(rt_str_eq(event.key, RT_STR("k1")));
    cr_assert(rt_str_eq(event.producer, RT_STR("tickets")));
    cr_assert(rt_bytes_eq(event.headers, rt_bytes("h", 1)));
    cr_assert(rt_bytes_eq(event.payload, rt_bytes("payload", 7)));
    cr_assert_eq(scan.watermark, 40);

    cr_assert(rt_log_scan_next(&scan, &record));
    cr_assert_eq(rt_log_event_decode(record.body, &event), 0);
    cr_assert_eq(event.time_ms, -1);
    cr_assert_eq(event.payload.len, 0);
    cr_assert_eq(scan.watermark, 41);
    cr_assert(rt_log_scan_next(&scan, &record));
    cr_assert_eq(record.kind, RT_LOG_KIND_MAX);
    cr_assert(rt_log_scan_next(&scan, &record));
    cr_assert_eq(record.kind, RT_LOG_KIND_MARK);
    cr_assert(rt_log_scan_next(&scan, &record));
    cr_assert_eq(record.kind, RT_LOG_KIND_GAP);
    cr_assert_eq(record.sequence, 45);
    cr_assert_eq(rt_log_gap_last(&record), 59);
    cr_assert(!rt_log_scan_next(&scan, &record));
    cr_assert_eq(scan.at, RT_LOG_SEGMENT_HEADER + len);
    cr_assert_eq(scan.next, 60);
}

/* Every bit of a record counts, its padding too. */
Test(log_format, every_bit_of_a_record_counts)
{
    uint8_t bytes[512];
    size_t len = golden_records(bytes), offset = RT_LOG_SEGMENT_HEADER;
    struct rt_log_record_header header;
    cr_assert(rt_log_record_check(bytes, len, golden_header.salt, offset, &header));
    size_t size = rt_log_record_size(header.length);
    for (size_t bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        cr_assert(!rt_log_record_check(bytes, len, golden_header.salt, offset, &header), "bit %zu",
                  bit);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    cr_assert(!rt_log_record_check(bytes, size - 1, golden_header.salt, offset, &header));
    cr_assert(!rt_log_record_check(bytes, len, golden_header.salt, offset + 8, &header));
    cr_assert(!rt_log_record_check(bytes, len, golden_header.salt + 1, offset, &header));
}

Test(log_format, prefix_is_whole_records)
{
    uint8_t bytes[512];
    size_t len = golden_records(bytes);
    cr_assert_eq(rt_log_prefix(bytes, len, len), len);
    cr_assert_eq(rt_log_prefix(bytes, len, len - 1), len - rt_log_record_size(RT_LOG_GAP_BODY));
    cr_assert_eq(rt_log_prefix(bytes, len, RT_LOG_RECORD_HEADER), 0);
}

Test(log_record, fields_over_their_bound_are_refused)
{
    struct rt_log_batch batch;
    rt_log_batch_init(&batch, 1);
    static const char long_text[RT_LOG_HEADERS_MAX + 1];
    struct rt_log_event event = {0};
    uint64_t sequence = 0;
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), RT_EINVAL);
    event.subject = rt_str_n(long_text, RT_LOG_SUBJECT_MAX + 1);
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), RT_ETOOBIG);
    event.subject.len = RT_LOG_SUBJECT_MAX;
    event.key = rt_str_n(long_text, RT_LOG_KEY_MAX + 1);
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), RT_ETOOBIG);
    event.key.len = RT_LOG_KEY_MAX;
    event.producer = rt_str_n(long_text, RT_LOG_PRODUCER_MAX + 1);
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), RT_ETOOBIG);
    event.producer.len = RT_LOG_PRODUCER_MAX;
    event.headers = rt_bytes(long_text, RT_LOG_HEADERS_MAX + 1);
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), RT_ETOOBIG);
    event.headers.len = RT_LOG_HEADERS_MAX;
    event.payload = rt_bytes(long_text, RT_LOG_BODY_MAX); /* never read: the sum is over */
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), RT_ETOOBIG);
    cr_assert(rt_log_batch_empty(&batch));
    cr_assert_eq(sequence, 0);
    event.payload.len = 0;
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), 0);
    rt_log_batch_done(&batch);
}

/* A body cut anywhere before its payload is refused. */
Test(log_record, a_body_cut_short_is_refused)
{
    struct rt_log_batch batch;
    rt_log_batch_init(&batch, 1);
    struct rt_log_event event = {.subject = RT_STR("subject"), .key = RT_STR("key")};
    uint64_t sequence;
    cr_assert_eq(rt_log_event_append(&batch, 1, &event, &sequence), 0);
    size_t size = rt_log_event_size(&event);
    const uint8_t *body = batch.bytes.data + RT_LOG_RECORD_HEADER;
    for (size_t len = 0; len < size; len++)
        cr_assert_eq(rt_log_event_decode(rt_bytes(body, len), &event), RT_ECORRUPT);
    cr_assert_eq(rt_log_event_decode(rt_bytes(body, size), &event), 0);
    rt_log_batch_done(&batch);
}
