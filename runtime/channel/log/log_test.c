/* The log as its user sees it: durable records come back in order, segments come and go. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/channel/log/log.h"
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

TestSuite(log, .init = set_up, .fini = tear_down);

/* Reads `from`..`to` with one cursor and checks every record. */
static void read_range(uint64_t from, uint64_t to)
{
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, from);
    for (uint64_t sequence = from; sequence <= to; sequence++) {
        struct rt_log_record record = {0};
        struct rt_error error = {0};
        int code = rt_log_cursor_next(cursor, &record, &error);
        cr_assert_eq(code, 0, "%s", error.message);
        cr_assert_eq(record.sequence, sequence);
        cr_assert(test_body_right(&record));
    }
    rt_log_cursor_free(cursor);
}

Test(log, a_new_log_is_empty)
{
    test_log_start(&test);
    cr_assert_eq(rt_log_next(test.log), 1);
    cr_assert_eq(rt_log_durable(test.log), 0);
    cr_assert_eq(rt_log_first(test.log), 1);
    cr_assert_eq(test_log_close(&test), 0);
    test_log_start(&test);
    cr_assert_eq(rt_log_next(test.log), 1);
    cr_assert_eq(test.replay_count, 0);
}

Test(log, records_come_back_after_reopening)
{
    test_log_start(&test);
    for (int i = 0; i < 20; i++)
        cr_assert(test_log_append(&test, (uint64_t)i * 3 + 1));
    uint64_t last = rt_log_next(test.log) - 1;
    cr_assert_eq(rt_log_durable(test.log), last);
    read_range(1, last);
    cr_assert_eq(test_log_close(&test), 0);

    test_log_start(&test);
    cr_assert_eq(test.replay_count, last);
    cr_assert_eq(test.replay_first, 1);
    cr_assert_eq(test.replay_last, last);
    /* A clean close left its mark. */
    cr_assert_eq(rt_log_next(test.log), last + 2);
    read_range(1, last);
    cr_assert_eq(test_log_close(&test), 0);

    /* Opening and closing alone adds none. */
    test_log_start(&test);
    cr_assert_eq(rt_log_next(test.log), last + 2);
}

Test(log, batches_are_pipelined_and_span_segments)
{
    test_log_start(&test);
    for (int i = 0; i < 50; i++) {
        test_log_fill(&test, 40);
        cr_assert_eq(test_log_submit(&test), 0);
    }
    cr_assert(test_log_wait(&test, 2000));
    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    cr_assert_gt(stats.segments, 10);
    cr_assert_eq(stats.batches, 50);
    read_range(1, 2000);
}

Test(log, any_record_is_found)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 500));
    cr_assert(test_log_append(&test, 500));
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t sequence = i * 619 % 1000 + 1; /* every one of them, all over the place */
        struct rt_log_record record = {0};
        rt_log_cursor_seek(cursor, sequence);
        cr_assert_eq(rt_log_cursor_next(cursor, &record, NULL), 0);
        cr_assert_eq(record.sequence, sequence);
        cr_assert(test_body_right(&record));
    }
    rt_log_cursor_seek(cursor, 1001);
    struct rt_log_record record;
    cr_assert_eq(rt_log_cursor_next(cursor, &record, NULL), RT_EAGAIN);
    cr_assert(test_log_append(&test, 1));
    cr_assert_eq(rt_log_cursor_next(cursor, &record, NULL), 0);
    cr_assert_eq(record.sequence, 1001);
    rt_log_cursor_free(cursor);
}

Test(log, a_body_over_the_bound_is_refused)
{
    test_log_start(&test);
    size_t max = rt_log_body_max(test.log);
    memset(rt_log_batch_extend(&test.batch, TEST_KIND, TEST_SEGMENT), 0, TEST_SEGMENT);
    cr_assert_eq(rt_log_submit(test.log, &test.batch), RT_ETOOBIG);
    rt_log_batch_rewind(&test.batch, (struct rt_log_batch_mark){0, 1});
    memset(rt_log_batch_extend(&test.batch, TEST_KIND, max), 1, max);
    cr_assert_eq(test_log_submit(&test), 0);
    cr_assert(test_log_wait(&test, 1));
}

Test(log, a_damaged_record_is_told)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 400));
    rt_log_disk_poke(disk, test_path("0000000002.log"), 5000, "\x5a\xa5", 2);
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    struct rt_log_record record;
    struct rt_error error = {0};
    uint64_t read = 0;
    int code;
    while ((code = rt_log_cursor_next(cursor, &record, &error)) == 0)
        read = record.sequence;
    cr_assert_eq(code, RT_ECORRUPT);
    cr_assert(strstr(error.message, "log/0000000002.log: damaged at offset"), "%s", error.message);
    cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), RT_ECORRUPT, "it was skipped");
    /* What follows can be read when asked for. */
    rt_log_cursor_seek(cursor, read + 2);
    for (uint64_t sequence = read + 2; sequence <= 400; sequence++) {
        code = rt_log_cursor_next(cursor, &record, &error);
        cr_assert_eq(code, 0, "%s", error.message);
        cr_assert_eq(record.sequence, sequence);
        cr_assert(test_body_right(&record));
    }
    rt_log_cursor_free(cursor);
}

Test(log, the_largest_bodies_come_back)
{
    test.options.segment_bytes = 32 << 20;
    test_log_start(&test);
    size_t max = rt_log_body_max(test.log);
    cr_assert_eq(max, RT_LOG_BODY_MAX);
    for (uint8_t i = 1; i <= 5; i++)
        memset(rt_log_batch_extend(&test.batch, TEST_KIND, max), i, max);
    cr_assert_eq(test_log_submit(&test), 0);
    cr_assert(test_log_wait(&test, 5));
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    for (uint64_t sequence = 5; sequence > 0; sequence--) {
        struct rt_log_record record = {0};
        struct rt_error error = {0};
        rt_log_cursor_seek(cursor, sequence);
        cr_assert_eq(rt_log_cursor_next(cursor, &record, &error), 0, "%s", error.message);
        cr_assert_eq(record.sequence, sequence);
        cr_assert_eq(record.body.len, max);
        cr_assert_eq(record.body.data[0], sequence);
        cr_assert_eq(record.body.data[max - 1], sequence);
    }
    rt_log_cursor_free(cursor);
}

static bool two_segments(const struct rt_log_stats *stats)
{
    return stats->segments <= 2;
}

static bool has_spares(const struct rt_log_stats *stats)
{
    return stats->spares >= 2;
}

Test(log, checkpoint_replaces_old_records)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 400));
    cr_assert_eq(test_log_checkpoint(&test, 380, "state 380"), 0);
    rt_log_release(test.log, 400);
    cr_assert(test_log_append(&test, 10));
    cr_assert_eq(rt_log_first(test.log), 1, "one generation alone must not let anything go");
    cr_assert_eq(test_log_checkpoint(&test, 380, "state 380"), RT_EEXIST);
    cr_assert_eq(test_log_checkpoint(&test, 405, "state 405"), 0);
    cr_assert(test_log_until(&test, two_segments));
    uint64_t first = rt_log_first(test.log);
    cr_assert(first > 1 && first <= 381, "the older generation must stay usable");
    read_range(first, 410);

    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    struct rt_log_record record;
    cr_assert_eq(rt_log_cursor_next(cursor, &record, NULL), RT_ENOTFOUND);
    rt_log_cursor_free(cursor);
    cr_assert_eq(test_log_close(&test), 0);

    test_log_start(&test);
    cr_assert_eq(test.replay_checkpoint, 405);
    cr_assert_eq(test.replay_first, 406);
    cr_assert_eq(test.replay_last, 410);
}

Test(log, segments_are_reused)
{
    test_log_start(&test);
    uint64_t last = 0;
    for (int i = 0; i < 40; i++) {
        cr_assert(test_log_append(&test, 100));
        last = rt_log_next(test.log) - 1;
        char state[32];
        snprintf(state, sizeof(state), "state %llu", (unsigned long long)last);
        cr_assert_eq(test_log_checkpoint(&test, last, state), 0);
        rt_log_release(test.log, last);
    }
    cr_assert(test_log_until(&test, has_spares));
    /* 40 x 100 records fill some 40 segments; reuse kept the directory at a few files. */
    cr_assert_lt(rt_log_disk_calls(disk, RT_LOG_DISK_ALLOCATE), 20);
    cr_assert_eq(test_log_close(&test), 0);
    test_log_start(&test);
    cr_assert_eq(test.replay_checkpoint, last);
    cr_assert(test_log_append(&test, 300));
}

Test(log, a_cursor_keeps_its_segment)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 400));
    struct rt_log_cursor *cursor = rt_log_cursor_new(test.log, 1);
    struct rt_log_record record;
    cr_assert_eq(rt_log_cursor_next(cursor, &record, NULL), 0);
    cr_assert_eq(test_log_checkpoint(&test, 399, "state 399"), 0);
    cr_assert_eq(test_log_checkpoint(&test, 400, "state 400"), 0);
    rt_log_release(test.log, 400);
    cr_assert(test_log_append(&test, 100));
    cr_assert_eq(rt_log_first(test.log), 1);
    cr_assert_eq(rt_log_cursor_next(cursor, &record, NULL), 0);
    cr_assert_eq(record.sequence, 2);
    rt_log_cursor_free(cursor);
    cr_assert(test_log_until(&test, two_segments));
}

Test(log, opening_does_not_read_old_segments)
{
    test_log_start(&test);
    uint64_t opened[2];
    for (int round = 0; round < 2; round++) {
        cr_assert(test_log_append(&test, round == 0 ? 400 : 4000));
        uint64_t last = rt_log_next(test.log) - 1;
        char state[32];
        snprintf(state, sizeof(state), "state %llu", (unsigned long long)last);
        cr_assert_eq(test_log_checkpoint(&test, last, state), 0);
        cr_assert_eq(test_log_close(&test), 0);
        uint64_t before = rt_log_disk_calls(disk, RT_LOG_DISK_READ);
        test_log_start(&test);
        struct rt_log_stats stats;
        rt_log_stats(test.log, &stats);
        /* One read per header, and a constant for checkpoints and the last segment. */
        opened[round] =
            rt_log_disk_calls(disk, RT_LOG_DISK_READ) - before - stats.segments - stats.spares;
    }
    cr_assert_leq(opened[1], opened[0] + 2);
}

Test(log, a_second_process_is_refused)
{
    test_log_start(&test);
    struct test_log second;
    test_log_init(&second, disk);
    struct rt_error error;
    cr_assert_eq(test_log_open(&second, &error), RT_EEXIST);
    cr_assert_not_null(strstr(error.message, "another process"));
    test_log_done(&second);
}

Test(log, a_full_disk_refuses_for_a_while)
{
    test_log_start(&test);
    cr_assert(test_log_until(&test, has_spares));
    rt_log_disk_limit(disk, 0);
    int code = 0;
    uint64_t told = 0;
    do {
        test_log_fill(&test, 5);
        code = rt_log_submit(test.log, &test.batch);
        cr_assert(test_log_wait(&test, test.batch.first - 1));
        if (told == 0 && test_log_told_full(&test))
            told = test.batch.first;
    } while (code == 0);
    cr_assert_eq(code, RT_EAGAIN);
    cr_assert_gt(told, 0);
    cr_assert_gt(test.batch.first - told, 50,
                 "no reserve was left when the full disk was reported");
    uint64_t before = test.batch.first - 1;
    cr_assert(test_log_wait(&test, before));
    read_range(1, before);
    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    cr_assert(!stats.failed);
    cr_assert(stats.disk_full);
    cr_assert_eq(test.fulls, 1u);

    rt_log_disk_limit(disk, UINT64_MAX);
    rt_log_release(test.log, 1); /* any hint that there may be space again */
    cr_assert_eq(test_log_submit(&test), 0);
    cr_assert(test_log_wait(&test, before + 5));
    cr_assert_eq(test_log_close(&test), 0);
}

/* Without checkpoints nothing could ever be let go. */
Test(log, a_full_disk_takes_two_checkpoints_and_goes_on)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 400));
    cr_assert(test_log_until(&test, has_spares));
    rt_log_disk_fill(disk);
    int code = 0;
    while (code == 0) {
        test_log_fill(&test, 5);
        code = rt_log_submit(test.log, &test.batch);
    }
    cr_assert_eq(code, RT_EAGAIN);
    uint64_t last = test.batch.first - 1;
    cr_assert(test_log_wait(&test, last));
    cr_assert_eq(test_log_checkpoint(&test, last - 1, "older state"), 0);
    cr_assert_eq(test_log_checkpoint(&test, last, "newer state"), 0);
    rt_log_release(test.log, last);
    cr_assert_eq(test_log_submit(&test), 0, "what was let go was not used again");
    cr_assert(test_log_wait(&test, last + 5));
    cr_assert_gt(rt_log_first(test.log), 1);
    cr_assert_eq(test_log_close(&test), 0);
}

/* Closing does not wait for a spare that is being prepared, and leaves nothing of it. */
Test(log, closing_gives_up_a_spare)
{
    test.options.segment_bytes = 64 << 20;
    test_log_start(&test);
    cr_assert(test_log_append(&test, 10));
    cr_assert_eq(test_log_close(&test), 0);
    size_t len;
    cr_assert_not_null(rt_log_disk_file(disk, test_path("0000000001.log"), &len));
    cr_assert_null(rt_log_disk_file(disk, test_path("0000000002.log"), &len));
    cr_assert_null(rt_log_disk_file(disk, test_path("spare.tmp"), &len));
    test_log_start(&test);
    cr_assert_eq(test.replay_count, 10);
}

static void remove_dir(const char *path)
{
    char command[256];
    snprintf(command, sizeof(command), "rm -rf '%s'", path);
    cr_assert_eq(system(command), 0);
}

Test(log, records_come_back_from_a_real_file_system)
{
    char dir[] = "/tmp/rt_log_test.XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/log", dir);
    struct test_log real;
    test_log_init(&real, NULL);
    real.options.dir = path;
    test_log_start(&real);
    cr_assert(test_log_append(&real, 300));
    struct rt_error error;
    struct test_log second;
    test_log_init(&second, NULL);
    second.options.dir = path;
    cr_assert_eq(test_log_open(&second, &error), RT_EEXIST);
    cr_assert_eq(test_log_checkpoint(&real, 200, "state 200"), 0);
    cr_assert_eq(test_log_close(&real), 0);
    test_log_start(&real);
    cr_assert_eq(real.replay_checkpoint, 200);
    cr_assert_eq(real.replay_count, 100);

    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0700u);
    char file[128];
    snprintf(file, sizeof(file), "%s/0000000001.log", path);
    cr_assert_eq(stat(file, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600u);
    cr_assert_eq(status.st_size, TEST_SEGMENT);
    test_log_done(&real);
    test_log_done(&second);
    remove_dir(dir);
}
