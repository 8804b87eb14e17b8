/* A damaged log: verify names every lost record, repair gives all the others back. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/channel/log/format.h"
#include "runtime/channel/log/repair.h"
#include "tests/support/log_fixture.h"

static struct rt_log_disk *disk;
static struct test_log test;
static char findings[2048];
static unsigned finding_count;

static void note_finding(void *arg, const char *text)
{
    (void)arg;
    size_t len = strlen(findings);
    snprintf(findings + len, sizeof(findings) - len, "%s\n", text);
    finding_count++;
}

static int note_record(void *arg, const struct rt_log_record *record)
{
    uint64_t *sum = arg;
    *sum += record->kind == RT_LOG_KIND_MARK ? 0 : record->sequence;
    return 0;
}

static uint64_t sum;

static struct rt_log_inspection inspection(void)
{
    findings[0] = '\0';
    finding_count = 0;
    sum = 0;
    return (struct rt_log_inspection){
        .dir = TEST_DIR,
        .io = rt_log_disk_io(disk),
        .finding = note_finding,
        .record = note_record,
        .arg = &sum,
    };
}

static void set_up(void)
{
    disk = rt_log_disk_new();
    test_log_init(&test, disk);
    test_log_start(&test);
    for (int i = 0; i < 20; i++)
        cr_assert(test_log_append(&test, 20));
    cr_assert_eq(test_log_close(&test), 0);
}

static void tear_down(void)
{
    test_log_done(&test);
    rt_log_disk_free(disk);
}

TestSuite(log_repair, .init = set_up, .fini = tear_down);

/* Repairs, then opens: all but `lost` of the 400 records must be there. */
static void repair_and_open(uint64_t lost)
{
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    struct rt_error error = {0};
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT);
    cr_assert_not_null(strstr(error.message, "run: channel repair log"));
    cr_assert_eq(rt_log_verify(&look, &report, &error), RT_ECORRUPT);
    cr_assert_eq(report.lost, lost, "%llu: %s", (unsigned long long)report.lost, findings);
    cr_assert_eq(report.records, 400 - lost);

    look = inspection();
    cr_assert_eq(rt_log_repair(&look, &report, &error), 0, "%s", error.message);
    cr_assert_eq(report.lost, lost);
    cr_assert_eq(report.records, 400 - lost);
    look = inspection();
    cr_assert_eq(rt_log_verify(&look, &report, &error), 0, "%s", error.message);
    cr_assert_eq(report.records, 400 - lost);
    cr_assert_eq(report.last, 401);

    test_log_start(&test);
    cr_assert_eq(test.replay_count, 400 - lost);
    cr_assert(test_log_append(&test, 10));
    cr_assert_eq(rt_log_next(test.log), 412);
}

Test(log_repair, a_whole_log_is_verified_and_not_written)
{
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    struct rt_error error = {0};
    cr_assert_eq(rt_log_verify(&look, &report, &error), 0, "%s", error.message);
    cr_assert_eq(report.records, 400);
    cr_assert_eq(report.marks, 1);
    cr_assert_eq(report.first, 1);
    cr_assert_eq(report.last, 401);
    cr_assert_eq(report.damages, 0);
    cr_assert_gt(report.segments, 3);
    cr_assert_eq(sum, 400 * 401 / 2);
    cr_assert_eq(finding_count, 0u);
    uint64_t writes = rt_log_disk_calls(disk, RT_LOG_DISK_WRITE);
    look = inspection();
    cr_assert_eq(rt_log_repair(&look, &report, &error), 0);
    cr_assert_eq(rt_log_disk_calls(disk, RT_LOG_DISK_WRITE), writes, "nothing to repair");
}

Test(log_repair, a_log_that_is_open_is_not_verified)
{
    test_log_start(&test);
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    struct rt_error error;
    cr_assert_eq(rt_log_verify(&look, &report, &error), RT_EEXIST);
}

Test(log_repair, a_damaged_record_is_replaced_by_a_mark)
{
    rt_log_disk_poke(disk, test_path("0000000002.log"), 5000, "\x5a\xa5", 2);
    repair_and_open(1);
    cr_assert_eq(finding_count, 0u);
}

Test(log_repair, a_stretch_of_zeros_is_named_and_repaired)
{
    static const uint8_t zeros[2048];
    rt_log_disk_poke(disk, test_path("0000000001.log"), 4096, zeros, sizeof(zeros));
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    cr_assert_eq(rt_log_verify(&look, &report, NULL), RT_ECORRUPT);
    cr_assert_eq(report.damages, 1);
    cr_assert_not_null(strstr(findings, "log/0000000001.log: damaged from offset "));
    cr_assert_not_null(strstr(findings, "cannot be read"));
    repair_and_open(report.lost);
}

Test(log_repair, a_damaged_end_of_an_old_segment_is_repaired)
{
    static const uint8_t zeros[4096];
    rt_log_disk_poke(disk, test_path("0000000001.log"), TEST_SEGMENT - 4096, zeros, sizeof(zeros));
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    cr_assert_eq(rt_log_verify(&look, &report, NULL), RT_ECORRUPT);
    repair_and_open(report.lost);
}

Test(log_repair, damage_in_several_places_is_repaired_at_once)
{
    rt_log_disk_poke(disk, test_path("0000000001.log"), 1000, "\x5a\xa5", 2);
    rt_log_disk_poke(disk, test_path("0000000001.log"), 9000, "\x5a\xa5", 2);
    rt_log_disk_poke(disk, test_path("0000000003.log"), 700, "\x5a\xa5", 2);
    repair_and_open(3);
}

Test(log_repair, a_damaged_record_that_a_checkpoint_covers_is_repaired)
{
    test_log_start(&test);
    cr_assert(test_log_append(&test, 3));
    uint64_t last = rt_log_next(test.log) - 1;
    char state[32];
    snprintf(state, sizeof(state), "state %llu", (unsigned long long)last);
    cr_assert_eq(test_log_checkpoint(&test, last, state), 0);
    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    struct rt_log_disk *image = rt_log_disk_crash(disk, 1);
    test_log_done(&test);
    rt_log_disk_free(disk);
    disk = image;
    test_log_init(&test, disk);

    char name[32];
    snprintf(name, sizeof(name), "%010llu.log", (unsigned long long)stats.segments);
    size_t len;
    const uint8_t *bytes = rt_log_disk_file(disk, test_path(name), &len);
    len = TEST_SEGMENT - RT_LOG_SEGMENT_HEADER; /* before the header's copy */
    while (len > 0 && bytes[len - 1] == 0)
        len--;
    rt_log_disk_poke(disk, test_path(name), len - 1, "\0", 1);
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    struct rt_error error = {0};
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT, "%s", error.message);
    cr_assert_eq(rt_log_repair(&look, &report, &error), 0, "%s", error.message);
    cr_assert_eq(report.lost, 1);
    test_log_start(&test);
    cr_assert_eq(rt_log_next(test.log), last + 1);
}

/* Any one bad sector: the header, or its copy. */
Test(log_repair, a_header_is_made_again_from_its_copy)
{
    static const uint8_t zeros[512];
    rt_log_disk_poke(disk, test_path("0000000002.log"), 0, zeros, sizeof(zeros));
    rt_log_disk_poke(disk, test_path("0000000003.log"), TEST_SEGMENT - 512, zeros, sizeof(zeros));
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    struct rt_error error = {0};
    cr_assert_eq(test_log_open(&test, &error), RT_ECORRUPT);
    cr_assert_eq(rt_log_verify(&look, &report, &error), RT_ECORRUPT);
    look = inspection();
    cr_assert_eq(rt_log_repair(&look, &report, &error), 0, "%s", error.message);
    cr_assert_eq(report.records, 400);
    cr_assert_not_null(strstr(findings, "0000000002.log: damaged header at offset 0"));
    test_log_start(&test);
    cr_assert_eq(test.replay_count, 400);
}

Test(log_repair, a_header_and_its_copy_are_beyond_it)
{
    size_t file_len;
    uint8_t flipped = (uint8_t)~rt_log_disk_file(disk, test_path("0000000002.log"), &file_len)[24];
    rt_log_disk_poke(disk, test_path("0000000002.log"), 24, &flipped, 1);
    rt_log_disk_poke(disk, test_path("0000000002.log"), TEST_SEGMENT - 512, "x", 1);
    struct rt_log_inspection look = inspection();
    struct rt_log_report report;
    struct rt_error error = {0};
    cr_assert_eq(rt_log_repair(&look, &report, &error), RT_ECORRUPT);
    cr_assert_not_null(strstr(error.message, "0000000002.log: damaged header at offset 15872"));
}
