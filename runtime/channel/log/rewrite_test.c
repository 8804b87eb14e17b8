/* Segments written anew without some of their records: what stays is found from anywhere, what is
 * gone stays gone, and neither a power loss nor a failing call costs a record that was to stay. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/channel/log/recover.h"
#include "runtime/channel/log/repair.h"
#include "runtime/channel/log/rewrite.h"
#include "tests/support/log_fixture.h"

enum { RECORDS = 400, SEGMENTS_MAX = 32 };

static struct rt_log_disk *disk;
static struct test_log test;
static struct rt_log_segment segments[SEGMENTS_MAX];
static size_t segment_count;

/* Several sealed segments, two checkpoints that cover the first of them. */
static void set_up(void)
{
    disk = rt_log_disk_new();
    test_log_init(&test, disk);
    test_log_start(&test);
    for (int i = 0; i < 8; i++)
        cr_assert(test_log_append(&test, RECORDS / 8));
    cr_assert_eq(test_log_checkpoint(&test, 300, "state 300"), 0);
    cr_assert_eq(test_log_checkpoint(&test, 350, "state 350"), 0);
    segment_count = rt_log_segments(test.log, segments, SEGMENTS_MAX);
    cr_assert_geq(segment_count, 4);
    cr_assert_leq(segments[2].next, 300);
}

static void tear_down(void)
{
    test_log_done(&test);
    rt_log_disk_free(disk);
}

TestSuite(log_rewrite, .init = set_up, .fini = tear_down);

static const char *segment_path(uint64_t number)
{
    char name[32];
    snprintf(name, sizeof(name), "%010llu.log", (unsigned long long)number);
    return test_path(name);
}

/* What the tests keep: of every ten, a run of some and a lone one. */
static bool stays(uint64_t sequence)
{
    return sequence % 10 == 3 || sequence % 10 >= 7;
}

static bool nothing_stays(uint64_t sequence)
{
    (void)sequence;
    return false;
}

static int rewrite(struct rt_log *log, size_t index, bool (*keeps)(uint64_t sequence),
                   struct rt_error *error)
{
    const struct rt_log_segment *segment = &segments[index];
    uint8_t bits[RECORDS / 8 + 1] = {0};
    for (uint64_t i = 0; i < segment->next - segment->base; i++)
        if (keeps(segment->base + i))
            bits[i / 8] |= (uint8_t)(1 << i % 8);
    struct rt_log_keep keep = {segment->base, segment->next, bits};
    return rt_log_rewrite(log, &keep, NULL, error);
}

static void must_rewrite(size_t index, bool (*keeps)(uint64_t sequence))
{
    struct rt_error error = {0};
    cr_assert_eq(rewrite(test.log, index, keeps, &error), 0, "%s", error.message);
}

/* Reads on from `from` and returns how many records came; each must be right and expected. */
static uint64_t read_on(struct rt_log *log, uint64_t from, bool (*expected)(uint64_t sequence))
{
    struct rt_log_cursor *cursor = rt_log_cursor_new(log, from);
    struct rt_log_record record;
    struct rt_error error = {0};
    uint64_t count = 0, next = from;
    int code;
    while ((code = rt_log_cursor_next(cursor, &record, &error)) == 0) {
        cr_assert(test_body_right(&record));
        for (; next < record.sequence; next++)
            cr_assert(!expected(next), "record %llu is gone", (unsigned long long)next);
        cr_assert(expected(record.sequence), "record %llu is back",
                  (unsigned long long)record.sequence);
        next++;
        count++;
    }
    cr_assert_eq(code, RT_EAGAIN, "%s", error.message);
    rt_log_cursor_free(cursor);
    return count;
}

static bool expected_after_two(uint64_t sequence)
{
    return sequence >= segments[2].base || stays(sequence);
}

static bool nothing_in_1(uint64_t sequence)
{
    return sequence >= segments[2].base;
}

static bool everything(uint64_t sequence)
{
    (void)sequence;
    return true;
}

Test(log_rewrite, what_stays_is_found_from_anywhere)
{
    must_rewrite(1, stays);
    must_rewrite(0, stays);
    for (uint64_t from = 1; from <= RECORDS; from++)
        cr_assert_geq(read_on(test.log, from, expected_after_two), (RECORDS - from) / 4);
    /* One cursor, back and forth, into gaps too. */
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    struct rt_log_record record;
    struct rt_error error;
    for (uint64_t i = 1; i <= RECORDS; i++) {
        uint64_t wanted = i * 7919 % (RECORDS - 10) + 1, found = wanted;
        while (!expected_after_two(found))
            found++;
        rt_log_cursor_seek(cursor, wanted);
        cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0);
        cr_assert_eq(record.sequence, found);
        cr_assert(test_body_right(&record));
    }
    rt_log_cursor_free(cursor);

    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    cr_assert_eq(stats.rewrites, 2);
    uint64_t gone = segments[1].next - 1, left = 0;
    for (uint64_t i = 1; i < segments[1].next; i++)
        left += stays(i);
    cr_assert_eq(stats.removed, gone - left);
    cr_assert_lt(stats.record_bytes, segment_count * TEST_SEGMENT - TEST_SEGMENT);
}

Test(log_rewrite, what_is_gone_stays_gone)
{
    must_rewrite(0, stays);
    must_rewrite(1, stays);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(test_log_close(&test), 0);
        test_log_start(&test);
        cr_assert_eq(test.replay_first, 351);
        read_on(test.log, 1, expected_after_two);
    }
    /* Again, with less. */
    must_rewrite(1, nothing_stays);
    cr_assert_eq(read_on(test.log, segments[1].base, nothing_in_1), RECORDS + 1 - segments[2].base);
}

Test(log_rewrite, the_older_checkpoint_suffices_when_the_newest_is_damaged)
{
    must_rewrite(0, stays);
    must_rewrite(1, nothing_stays);
    cr_assert_eq(test_log_close(&test), 0);
    rt_log_disk_poke(disk, test_path("checkpoint-00000000000000000350"), 20, "\xff\xff", 2);
    test_log_start(&test);
    cr_assert_eq(test.replay_checkpoint, 300);
    cr_assert_eq(test.replay_first, 301);
    cr_assert_eq(test.replay_count, RECORDS - 300);
}

Test(log_rewrite, without_a_checkpoint_the_log_does_not_pretend)
{
    must_rewrite(1, stays);
    cr_assert_eq(test_log_close(&test), 0);
    rt_log_disk_poke(disk, test_path("checkpoint-00000000000000000350"), 20, "\xff\xff", 2);
    rt_log_disk_poke(disk, test_path("checkpoint-00000000000000000300"), 20, "\xff\xff", 2);
    struct rt_error error = {0};
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT);
    cr_assert(strstr(error.message, "missing"), "%s", error.message);
}

Test(log_rewrite, only_what_no_replay_needs_may_be_rewritten)
{
    struct rt_error error;
    size_t last = segment_count - 1;
    cr_assert_eq(rewrite(test.log, last, stays, &error), RT_EINVAL, "it is being written");
    cr_assert_gt(segments[last - 1].next - 1, 300);
    cr_assert_eq(rewrite(test.log, last - 1, stays, &error), RT_EINVAL, "behind the checkpoint");
    segments[0].base++;
    cr_assert_eq(rewrite(test.log, 0, stays, &error), RT_ENOTFOUND);
    segments[0].base--;
    segments[0].next--;
    cr_assert_eq(rewrite(test.log, 0, stays, &error), RT_EINVAL, "not what it holds");
}

static bool two_segments_less(const struct rt_log_stats *stats)
{
    return stats->first == segments[2].base && stats->segments == segment_count - 2;
}

Test(log_rewrite, a_first_segment_with_nothing_left_goes)
{
    must_rewrite(1, nothing_stays);
    must_rewrite(0, stays);
    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    cr_assert_eq(stats.first, 1);
    must_rewrite(0, nothing_stays);
    cr_assert(test_log_until(&test, two_segments_less));
    cr_assert_eq(test_log_close(&test), 0);
    test_log_start(&test);
    cr_assert_eq(read_on(test.log, segments[2].base, everything), RECORDS + 1 - segments[2].base);
}

Test(log_rewrite, who_reads_the_old_file_goes_on)
{
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    struct rt_log_record record;
    struct rt_error error = {0};
    cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0);
    must_rewrite(0, stays);
    must_rewrite(1, stays);
    for (uint64_t i = 2; i < segments[0].next; i++) {
        cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0, "%s", error.message);
        cr_assert_eq(record.sequence, i);
    }
    rt_log_cursor_seek(cursor, 2);
    cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0);
    cr_assert_eq(record.sequence, 2);
    rt_log_cursor_seek(cursor, segments[1].base);
    cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0);
    cr_assert(stays(record.sequence));
    rt_log_cursor_seek(cursor, 1);
    cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0);
    cr_assert(stays(record.sequence), "the new file is what is read from now on");
    rt_log_cursor_free(cursor);
}

/* --------------------------------------------- power loss and failing calls */

static struct rt_log_disk *images[64];
static size_t image_count;
static uint64_t calls_seen;

static void take_image(void *arg, enum rt_log_disk_call call)
{
    (void)call;
    if (image_count < sizeof(images) / sizeof(*images))
        images[image_count++] = rt_log_disk_crash(disk, *(uint64_t *)arg + calls_seen++);
}

/* Either all of the segment is there or what was to stay; everything else is there. */
static void check_rewritten_or_not(struct rt_log *log)
{
    struct rt_log_cursor *cursor = rt_log_cursor_new(log, 1);
    struct rt_log_record record;
    struct rt_error error = {0};
    int code;
    uint64_t next = 1, in_segment = 0, staying = 0;
    while ((code = rt_log_cursor_next(cursor, &record, &error)) == 0) {
        cr_assert(test_body_right(&record));
        for (; next < record.sequence; next++)
            cr_assert(next >= segments[1].base && next < segments[1].next && !stays(next),
                      "record %llu is lost", (unsigned long long)next);
        next++;
        in_segment += record.sequence >= segments[1].base && record.sequence < segments[1].next;
    }
    cr_assert_eq(code, RT_EAGAIN, "%s", error.message);
    cr_assert_geq(next, RECORDS + 1);
    for (uint64_t i = segments[1].base; i < segments[1].next; i++)
        staying += stays(i);
    cr_assert(in_segment == staying || in_segment == segments[1].next - segments[1].base,
              "%llu records", (unsigned long long)in_segment);
    rt_log_cursor_free(cursor);
}

static void check_disk(struct rt_log_disk *image)
{
    struct test_log opened;
    test_log_init(&opened, image);
    test_log_start(&opened);
    cr_assert_eq(opened.replay_last, RECORDS);
    check_rewritten_or_not(opened.log);
    struct rt_log_disk *again = rt_log_disk_crash(image, 5);
    test_log_done(&opened);
    size_t len;
    cr_assert_null(rt_log_disk_file(image, test_path("rewrite.tmp"), &len));
    test_log_init(&opened, again);
    test_log_start(&opened);
    check_rewritten_or_not(opened.log);
    test_log_done(&opened);
    rt_log_disk_free(again);
}

static bool spares_ready(const struct rt_log_stats *stats)
{
    return stats->spares >= 2;
}

Test(log_rewrite, a_power_loss_at_any_call_leaves_the_old_file_or_the_new_one)
{
    for (uint64_t seed = 0; seed < 800; seed += 100) {
        cr_assert(test_log_until(&test, spares_ready)); /* no calls but those of the rewriting */
        rt_log_disk_watch(disk, take_image, &seed);
        must_rewrite(1, stays);
        rt_log_disk_watch(disk, NULL, NULL);
        cr_assert_geq(image_count, 8);
        for (size_t i = 0; i < image_count; i++) {
            check_disk(images[i]);
            rt_log_disk_free(images[i]);
        }
        image_count = 0;
        tear_down();
        set_up();
    }
}

Test(log_rewrite, a_failed_call_leaves_the_segment_as_it_was)
{
    cr_assert(test_log_until(&test, spares_ready));
    static const enum rt_log_disk_call calls[] = {RT_LOG_DISK_OPEN,   RT_LOG_DISK_READ,
                                                  RT_LOG_DISK_WRITE,  RT_LOG_DISK_SYNC,
                                                  RT_LOG_DISK_RENAME, RT_LOG_DISK_SYNC_DIR};
    unsigned failures = 0;
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        for (uint64_t n = 1; n <= 4; n++) {
            struct rt_error error = {0};
            rt_log_disk_fail(disk, calls[i], n, n == 2 ? ENOSPC : EIO);
            int code = rewrite(test.log, 1, stays, &error);
            rt_log_disk_fail(disk, calls[i], 0, 0);
            failures += code != 0;
            if (code != 0)
                cr_assert_neq(error.message[0], '\0');
            check_rewritten_or_not(test.log);
            struct rt_log_disk *image = rt_log_disk_crash(disk, n);
            check_disk(image);
            rt_log_disk_free(image);
        }
    }
    cr_assert_geq(failures, 8u);
    cr_assert(test_log_append(&test, 20), "the log goes on");
    cr_assert_eq(test.failures, 0u);
}

/* -------------------------------------------------------- verify and repair */

static int inspect(bool repair, struct rt_log_report *ret)
{
    struct rt_error error;
    struct rt_log_inspection inspection = {.dir = TEST_DIR, .io = rt_log_disk_io(disk)};
    return (repair ? rt_log_repair : rt_log_verify)(&inspection, ret, &error);
}

Test(log_rewrite, verify_counts_what_was_removed)
{
    must_rewrite(0, stays);
    must_rewrite(1, stays);
    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    cr_assert_eq(test_log_close(&test), 0);
    struct rt_log_report report;
    cr_assert_eq(inspect(false, &report), 0);
    cr_assert_eq(report.removed, stats.removed);
    cr_assert_gt(report.gaps, 10);
    cr_assert_eq(report.records, RECORDS - stats.removed);
    cr_assert_eq(report.last, RECORDS + 1);
}

/* Any 40 bytes of a rewritten segment may be lost: repair makes the log usable and all records
 * outside of them stay. */
Test(log_rewrite, a_damaged_rewritten_segment_is_repaired)
{
    must_rewrite(1, stays);
    cr_assert_eq(test_log_close(&test), 0);
    struct rt_log_disk *whole = disk;
    size_t len;
    cr_assert_not_null(rt_log_disk_file(disk, segment_path(2), &len));
    for (size_t at = 0; at + RT_LOG_SEGMENT_HEADER + 40 <= len; at += 104) {
        disk = rt_log_disk_crash(whole, 1);
        static const uint8_t junk[40] = {0xfe, 0xdc};
        rt_log_disk_poke(disk, segment_path(2), at, junk, sizeof(junk));
        struct rt_log_report report;
        bool header = at < RT_LOG_SEGMENT_HEADER;
        if (!header || at < 96)
            cr_assert_eq(inspect(false, &report), RT_ECORRUPT, "at %zu", at);
        cr_assert_eq(inspect(true, &report), 0, "at %zu", at);
        cr_assert_leq(report.lost, 25);
        cr_assert_eq(inspect(false, &report), 0, "at %zu", at);
        struct test_log opened;
        test_log_init(&opened, disk);
        test_log_start(&opened);
        cr_assert_eq(opened.replay_last, RECORDS);
        test_log_done(&opened);
        rt_log_disk_free(disk);
    }
    disk = whole;
}

/* ---------------------------------------------- what retention asks the log */

Test(log_rewrite, segments_know_their_age_and_events)
{
    int64_t start_ms = 1700000000000, day_ms = 86400000;
    cr_assert_eq(segments[0].begun_ms, start_ms);
    cr_assert_eq(segments[0].events, 0, "the test's records are of another kind");
    rt_log_disk_time(disk, start_ms + day_ms);
    cr_assert(test_log_until(&test, spares_ready)); /* a roll takes one that is there */
    cr_assert_eq(rt_log_roll(test.log), 0);
    for (int i = 0; i < 3; i++)
        rt_log_batch_append(&test.batch, RT_LOG_KIND_EVENT, rt_bytes("e", 1));
    rt_log_batch_append(&test.batch, TEST_KIND, rt_bytes(NULL, 0));
    cr_assert_eq(test_log_submit(&test), 0);
    cr_assert(test_log_wait(&test, RECORDS + 4));
    cr_assert(test_log_until(&test, spares_ready));
    cr_assert_eq(rt_log_roll(test.log), 0);
    cr_assert_eq(rt_log_roll(test.log), 0, "an empty segment is rolled into as it is");
    rt_log_disk_time(disk, start_ms + 2 * day_ms);
    rt_log_batch_append(&test.batch, RT_LOG_KIND_EVENT, rt_bytes("e", 1));
    cr_assert_eq(test_log_submit(&test), 0);
    cr_assert(test_log_wait(&test, RECORDS + 5));

    for (int i = 0; i < 2; i++) {
        struct rt_log_segment after[SEGMENTS_MAX];
        cr_assert_eq(rt_log_segments(test.log, after, SEGMENTS_MAX), segment_count + 2);
        const struct rt_log_segment *rolled = &after[segment_count];
        cr_assert_eq(rolled[-1].next, RECORDS + 1);
        cr_assert_eq(rolled[0].base, RECORDS + 1);
        cr_assert_eq(rolled[0].next, RECORDS + 5);
        cr_assert_eq(rolled[0].events, 3);
        cr_assert_eq(rolled[0].begun_ms, start_ms + day_ms);
        cr_assert(rolled[0].sealed);
        cr_assert_eq(rolled[1].events, 1);
        cr_assert(!rolled[1].sealed);
        cr_assert_geq(rolled[1].begun_ms, start_ms + day_ms);
        struct rt_log_stats stats;
        rt_log_stats(test.log, &stats);
        cr_assert_eq(stats.events, 4);
        struct rt_log_disk *image = rt_log_disk_crash(disk, 3); /* not closed cleanly */
        test_log_done(&test);
        rt_log_disk_free(disk);
        disk = image;
        test_log_init(&test, disk);
        test.options.replay.record = NULL;
        test_log_start(&test);
    }
}
