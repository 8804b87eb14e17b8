/* What opening makes of a directory that a crash or a bad disk left behind: a torn tail is cut,
 * damage is refused. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/channel/log/bytes.h"
#include "runtime/channel/log/recover.h"
#include "tests/support/log_fixture.h"

static struct rt_log_disk *disk;
static struct test_log test;

static void set_up(void)
{
    disk = rt_log_disk_new();
    test_log_init(&test, disk);
}

static void tear_down(void)
{
    test_log_done(&test);
    rt_log_disk_free(disk);
}

TestSuite(log_recover, .init = set_up, .fini = tear_down);

static const char *segment(uint64_t number)
{
    char name[32];
    snprintf(name, sizeof(name), "%010llu.log", (unsigned long long)number);
    return test_path(name);
}

/* Offsets of the records of a segment: `at[i]` for its i-th, and behind the last. */
struct places {
    size_t at[1024];
    size_t count;
};

static void find_places(uint64_t number, struct places *ret)
{
    size_t len;
    const uint8_t *bytes = rt_log_disk_file(disk, segment(number), &len);
    cr_assert_not_null(bytes);
    struct rt_log_segment_header header;
    cr_assert_eq(rt_log_segment_header_decode(bytes, &header), 0);
    struct rt_log_scan scan;
    rt_log_scan_segment(&scan, &header, bytes, len);
    struct rt_log_record record;
    ret->count = 0;
    do
        ret->at[ret->count++] = scan.at;
    while (rt_log_scan_next(&scan, &record));
    ret->count--;
}

/* Three durable batches, the last of `last` records, in a disk that died without a clean close. */
static void make_crashed(uint64_t last)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 6));
    cr_assert(test_log_append(&test, 5));
    cr_assert(test_log_append(&test, last));
    struct rt_log_disk *image = rt_log_disk_crash(disk, 1);
    test_log_done(&test);
    rt_log_disk_free(disk);
    disk = image;
    test_log_init(&test, disk);
}

/* Opens a copy of the disk with `len` bytes at `offset` of segment 1 replaced. */
static int open_damaged(struct test_log *ret, struct rt_log_disk **ret_disk, size_t offset,
                        const void *bytes, size_t len, struct rt_error *error)
{
    *ret_disk = rt_log_disk_crash(disk, 1); /* nothing is unsynced: a copy */
    rt_log_disk_poke(*ret_disk, segment(1), offset, bytes, len);
    test_log_init(ret, *ret_disk);
    return test_log_open(ret, error);
}

/* The log must open with exactly `count` records, and go on from there for good. */
static void assert_cut(size_t offset, const void *bytes, size_t len, uint64_t count)
{
    struct test_log cut;
    struct rt_log_disk *copy;
    struct rt_error error = {0};
    int code = open_damaged(&cut, &copy, offset, bytes, len, &error);
    cr_assert_eq(code, 0, "offset %zu: %s", offset, error.message);
    cr_assert_eq(cut.replay_count, count, "offset %zu: %llu", offset,
                 (unsigned long long)cut.replay_count);
    cr_assert(!cut.replay_wrong);
    cr_assert_eq(rt_log_next(cut.log), count + 1);
    cr_assert(test_log_append(&cut, 2));
    test_log_close(&cut);
    test_log_start(&cut);
    cr_assert_eq(cut.replay_count, count + 2);
    test_log_done(&cut);
    rt_log_disk_free(copy);
}

static void assert_refused(size_t offset, const void *bytes, size_t len, size_t place)
{
    struct test_log bad;
    struct rt_log_disk *copy;
    struct rt_error error = {0};
    cr_assert_eq(open_damaged(&bad, &copy, offset, bytes, len, &error), RT_ECORRUPT, "offset %zu",
                 offset);
    char expected[128];
    snprintf(expected, sizeof(expected), "log/0000000001.log: damaged at offset %zu,", place);
    cr_assert(strstr(error.message, expected), "%s", error.message);
    cr_assert_not_null(strstr(error.message, "run: channel repair log"));
    test_log_done(&bad);
    rt_log_disk_free(copy);
}

/* The same for one byte that is certain to change, whatever the salt made of it. */
static uint8_t flipped_at(size_t offset)
{
    size_t len;
    return (uint8_t)~rt_log_disk_file(disk, segment(1), &len)[offset];
}

static void assert_flip_refused(size_t offset, size_t place)
{
    uint8_t flipped = flipped_at(offset);
    assert_refused(offset, &flipped, 1, place);
}

/* The last batch cut at every byte: everything from the cut on is zero, as in a fresh segment. */
Test(log_recover, a_batch_torn_at_any_byte_is_cut_at_the_last_whole_record)
{
    make_crashed(3);
    struct places places;
    find_places(1, &places);
    cr_assert_eq(places.count, 14);
    static const uint8_t zeros[4096];
    size_t end = places.at[14];
    for (size_t cut = places.at[11]; cut < end; cut++) {
        uint64_t whole = 11;
        /* Padding and trailing zeros of a body are zeros either way. */
        size_t len;
        const uint8_t *bytes = rt_log_disk_file(disk, segment(1), &len);
        size_t meaning = end;
        while (meaning > cut && bytes[meaning - 1] == 0)
            meaning--;
        if (meaning == cut)
            continue;
        while (places.at[whole + 1] <= cut)
            whole++;
        size_t lost = places.at[whole + 1];
        while (lost > cut && bytes[lost - 1] == 0)
            lost--;
        if (lost == cut)
            whole++;
        assert_cut(cut, zeros, end - cut, whole);
    }
}

/* One bit of any header of the last batch: the batch ends before it, though the rest is whole. */
Test(log_recover, a_flipped_header_bit_of_the_last_batch_ends_the_log_there)
{
    make_crashed(3);
    struct places places;
    find_places(1, &places);
    size_t len;
    const uint8_t *bytes = rt_log_disk_file(disk, segment(1), &len);
    for (uint64_t i = 11; i < 14; i++) {
        for (size_t bit = 0; bit < (size_t)RT_LOG_RECORD_HEADER * 8; bit++) {
            size_t offset = places.at[i] + bit / 8;
            uint8_t flipped = bytes[offset] ^ (uint8_t)(1 << bit % 8);
            assert_cut(offset, &flipped, 1, i);
        }
    }
}

/* One bit of any header before the last batch: it had been durable, so it is refused. */
Test(log_recover, a_flipped_header_bit_before_the_watermark_is_refused)
{
    make_crashed(3);
    struct places places;
    find_places(1, &places);
    size_t len;
    const uint8_t *bytes = rt_log_disk_file(disk, segment(1), &len);
    for (uint64_t i = 0; i < 11; i++) {
        for (size_t bit = 0; bit < (size_t)RT_LOG_RECORD_HEADER * 8; bit++) {
            size_t offset = places.at[i] + bit / 8;
            uint8_t flipped = bytes[offset] ^ (uint8_t)(1 << bit % 8);
            assert_refused(offset, &flipped, 1, places.at[i]);
        }
    }
}

/* Sectors that never arrived. */
Test(log_recover, zeroed_sectors_are_damage_before_the_watermark_and_torn_after_it)
{
    make_crashed(30);
    struct places places;
    find_places(1, &places);
    static const uint8_t zeros[4096];
    for (size_t page = 512; page < places.at[41]; page += 512) {
        uint64_t hit = 0;
        while (places.at[hit + 1] <= page)
            hit++;
        if (hit >= 11)
            assert_cut(page, zeros, 512, hit);
        else
            assert_refused(page, zeros, 512, places.at[hit]);
    }
}

/* After a clean close even the last record cannot vanish unnoticed. */
Test(log_recover, a_mark_proves_the_last_record)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 3));
    cr_assert_eq(test_log_close(&test), 0);
    struct places places;
    find_places(1, &places);
    cr_assert_eq(places.count, 4);
    assert_flip_refused(places.at[2] + 3, places.at[2]);
}

/* So does a checkpoint. */
Test(log_recover, a_checkpoint_proves_its_record)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 3));
    cr_assert_eq(test_log_checkpoint(&test, 3, "state 3"), 0);
    struct rt_log_disk *image = rt_log_disk_crash(disk, 1);
    test_log_done(&test);
    rt_log_disk_free(disk);
    disk = image;
    test_log_init(&test, disk);
    struct places places;
    find_places(1, &places);
    assert_flip_refused(places.at[2] + 3, places.at[2]);
}

/* Bytes of the earlier use of a segment, each of them valid then, never look valid again. */
Test(log_recover, stale_bytes_of_a_reused_segment_never_look_valid)
{
    test_log_start(&test);
    uint64_t last = 0;
    for (int i = 0; i < 12; i++) {
        cr_assert(test_log_append(&test, 100));
        last = rt_log_next(test.log) - 1;
        char state[32];
        snprintf(state, sizeof(state), "state %llu", (unsigned long long)last);
        cr_assert_eq(test_log_checkpoint(&test, last, state), 0);
        rt_log_release(test.log, last);
    }
    cr_assert(test_log_append(&test, 2));
    struct rt_log_disk *image = rt_log_disk_crash(disk, 1);
    test_log_done(&test);
    rt_log_disk_free(disk);
    disk = image;
    test_log_init(&test, disk);
    test_log_start(&test);
    cr_assert_eq(test.replay_first, last + 1);
    cr_assert_eq(test.replay_last, last + 2);
    cr_assert_eq(rt_log_next(test.log), last + 3);
}

/* The same bytes, at the same place, under the old sequences, but not under the old salt. */
Test(log_recover, records_under_another_salt_do_not_count)
{
    make_crashed(3);
    size_t len;
    const uint8_t *bytes = rt_log_disk_file(disk, segment(1), &len);
    struct rt_log_segment_header header;
    cr_assert_eq(rt_log_segment_header_decode(bytes, &header), 0);
    header.salt++;
    uint8_t encoded[RT_LOG_SEGMENT_HEADER];
    rt_log_segment_header_encode(&header, encoded);
    assert_cut(0, encoded, sizeof(encoded), 0);
}

Test(log_recover, a_damaged_segment_header_is_refused)
{
    make_crashed(3);
    struct test_log bad;
    struct rt_log_disk *copy;
    struct rt_error error;
    uint8_t flipped = flipped_at(20);
    cr_assert_eq(open_damaged(&bad, &copy, 20, &flipped, 1, &error), RT_ECORRUPT);
    cr_assert_str_eq(error.message,
                     "log/0000000001.log: damaged header at offset 0; run: channel repair log");
    test_log_done(&bad);
    rt_log_disk_free(copy);
}

Test(log_recover, a_newer_format_is_refused)
{
    make_crashed(3);
    size_t len;
    uint8_t header[RT_LOG_SEGMENT_HEADER];
    memcpy(header, rt_log_disk_file(disk, segment(1), &len), sizeof(header));
    rt_log_put_u32(header + 8, RT_LOG_VERSION + 1);
    rt_log_put_u64(header + 56, rt_hash(rt_bytes(header, 56), 0));
    struct test_log newer;
    struct rt_log_disk *copy;
    struct rt_error error;
    cr_assert_eq(open_damaged(&newer, &copy, 0, header, sizeof(header), &error), RT_EUNSUPPORTED);
    cr_assert_not_null(strstr(error.message, "newer version"));
    test_log_done(&newer);
    rt_log_disk_free(copy);
}

Test(log_recover, a_missing_segment_is_refused)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 400));
    cr_assert_eq(test_log_close(&test), 0);
    const struct rt_log_io *io = rt_log_disk_io(disk);
    cr_assert_eq(io->unlink(io, segment(2)), 0);
    struct rt_error error;
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT);
    cr_assert_not_null(strstr(error.message, "segments between 1 and 3 are missing"));
    cr_assert_eq(io->unlink(io, segment(1)), 0);
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT);
    cr_assert(strstr(error.message, "records from 1 on are missing"), "%s", error.message);
}

/* A segment that is not the last ends where the next one says, or it is damaged. */
Test(log_recover, an_old_segment_is_checked_to_its_end)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 400));
    cr_assert_eq(test_log_close(&test), 0);
    struct places places;
    find_places(1, &places);
    assert_flip_refused(places.at[places.count - 1], places.at[places.count - 1]);
}

/* Anything anywhere: what opens is a prefix of what was written, whole and in order; what does not
 * open is refused with a reason. */
Test(log_recover, random_damage_leaves_a_prefix_or_is_refused_with_a_reason)
{
    make_crashed(60);
    uint64_t random = 1;
    unsigned opened = 0;
    for (int i = 0; i < 400; i++) {
        uint8_t bytes[64];
        for (size_t j = 0; j < sizeof(bytes); j += 8) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            rt_log_put_u64(bytes + j, random ^ random >> 29);
        }
        size_t offset = (size_t)(random >> 33) % (TEST_SEGMENT - sizeof(bytes));
        size_t len = 1 + (size_t)(random >> 20) % sizeof(bytes);
        struct test_log after;
        struct rt_log_disk *copy;
        struct rt_error error = {0};
        int code = open_damaged(&after, &copy, offset, bytes, len, &error);
        if (code == 0) {
            opened++;
            cr_assert(!after.replay_wrong);
            cr_assert_eq(after.replay_last, after.replay_count);
            cr_assert_geq(after.replay_count, 11, "offset %zu", offset);
        } else {
            cr_assert_eq(code, RT_ECORRUPT);
            cr_assert_not_null(strstr(error.message, "0000000001.log: damaged"));
        }
        test_log_done(&after);
        rt_log_disk_free(copy);
    }
    cr_assert(opened > 20 && opened < 380, "%u", opened);
}

/* -------------------------------------------------------------- checkpoints */

static const char *checkpoint(uint64_t sequence)
{
    char name[64];
    snprintf(name, sizeof(name), "checkpoint-%020llu", (unsigned long long)sequence);
    return test_path(name);
}

Test(log_recover, a_damaged_checkpoint_falls_back)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 300));
    cr_assert_eq(test_log_checkpoint(&test, 100, "state 100"), 0);
    cr_assert_eq(test_log_checkpoint(&test, 200, "state 200"), 0);
    cr_assert_eq(test_log_checkpoint(&test, 300, "state 300"), 0);
    rt_log_release(test.log, 300);
    cr_assert_eq(test_log_close(&test), 0);
    size_t len;
    cr_assert_null(rt_log_disk_file(disk, checkpoint(100), &len), "two generations are kept");
    cr_assert_not_null(rt_log_disk_file(disk, checkpoint(300), &len));

    for (size_t i = 0; i < len; i++) {
        struct rt_log_disk *copy = rt_log_disk_crash(disk, 1);
        uint8_t wrong = (uint8_t)~rt_log_disk_file(copy, checkpoint(300), &len)[i];
        rt_log_disk_poke(copy, checkpoint(300), i, &wrong, 1);
        struct test_log older;
        test_log_init(&older, copy);
        test_log_start(&older);
        cr_assert_eq(older.replay_checkpoint, 200, "byte %zu", i);
        cr_assert_eq(older.replay_first, 201);
        cr_assert_eq(older.replay_last, 300);
        /* The next checkpoint may have the name of the damaged one. */
        cr_assert_eq(test_log_checkpoint(&older, 300, "state 300"), 0);
        test_log_done(&older);
        rt_log_disk_free(copy);
    }
}

Test(log_recover, without_a_checkpoint_a_shortened_log_is_refused)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 300));
    cr_assert_eq(test_log_checkpoint(&test, 299, "state 299"), 0);
    cr_assert_eq(test_log_checkpoint(&test, 300, "state 300"), 0);
    rt_log_release(test.log, 300);
    while (rt_log_first(test.log) == 1)
        cr_assert(test_log_append(&test, 1));
    cr_assert_eq(test_log_close(&test), 0);
    rt_log_disk_poke(disk, checkpoint(299), 0, "x", 1);
    rt_log_disk_poke(disk, checkpoint(300), 0, "x", 1);
    struct rt_error error;
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT);
    cr_assert(strstr(error.message, "no valid checkpoint"), "%s", error.message);
}
