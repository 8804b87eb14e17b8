/* Power loss at any moment, and every call failing once: what was reported durable is there,
 * nothing is invented, the order is kept. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "tests/support/log_fixture.h"

/* ------------------------------------------------------------- crash images */

enum { IMAGES_MAX = 300 };

/* A power loss, and what had been promised before it. */
struct image {
    struct rt_log_disk *disk;
    uint64_t durable;    /* reported */
    uint64_t submitted;  /* the last sequence handed over */
    uint64_t checkpoint; /* reported */
};

struct scene {
    struct rt_log_disk *disk;
    struct test_log test;
    pthread_mutex_t lock; /* guards the images */
    struct image images[IMAGES_MAX];
    size_t count;
    uint64_t calls;
    uint64_t every; /* one image for so many calls */
    uint64_t seed;
    uint64_t submitted;
};

static void take_image(void *arg, enum rt_log_disk_call call)
{
    struct scene *scene = arg;
    if (call == RT_LOG_DISK_READ || call == RT_LOG_DISK_OPEN)
        return;
    pthread_mutex_lock(&scene->lock);
    if (++scene->calls % scene->every == 0 && scene->count < IMAGES_MAX) {
        struct image *image = &scene->images[scene->count++];
        pthread_mutex_lock(&scene->test.lock);
        image->durable = scene->test.durable;
        image->checkpoint = scene->test.checkpoint_code == 0 ? scene->test.checkpointed : 0;
        pthread_mutex_unlock(&scene->test.lock);
        image->submitted = scene->submitted;
        image->disk = rt_log_disk_crash(scene->disk, scene->seed * 1000 + scene->calls);
    }
    pthread_mutex_unlock(&scene->lock);
}

static void will_submit(struct scene *scene)
{
    pthread_mutex_lock(&scene->lock);
    scene->submitted = scene->test.batch.next - 1;
    pthread_mutex_unlock(&scene->lock);
}

/* Appends, checkpoints and lets go, in a way that depends on the seed alone. */
static void run_scene(struct scene *scene)
{
    struct test_log *test = &scene->test;
    test_log_start(test);
    uint64_t random = scene->seed;
    for (int i = 0; i < 40; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        test_log_fill(test, 1 + (random >> 33) % 60);
        will_submit(scene);
        cr_assert_eq(test_log_submit(test), 0);
        if ((random >> 40) % 3 == 0)
            cr_assert(test_log_wait(test, test->batch.next - 1));
        if ((random >> 45) % 6 == 0) {
            uint64_t at = test->batch.next - 1;
            char state[32];
            snprintf(state, sizeof(state), "state %llu", (unsigned long long)at);
            cr_assert_eq(test_log_checkpoint(test, at, state), 0);
            rt_log_release(test->log, at);
        }
    }
    scene->submitted++; /* the mark */
    cr_assert_eq(test_log_close(test), 0);
}

static void check_image(const struct image *image, struct rt_log_disk *disk, uint64_t label)
{
    struct test_log after;
    struct rt_error error = {0};
    test_log_init(&after, disk);
    int code = test_log_open(&after, &error);
    cr_assert_eq(code, 0, "image %llu: %s", (unsigned long long)label, error.message);
    uint64_t last = rt_log_next(after.log) - 1;
    cr_assert_geq(last, image->durable, "lost: %llu of %llu", (unsigned long long)last,
                  (unsigned long long)image->durable);
    cr_assert_leq(last, image->submitted, "invented");
    cr_assert_geq(after.replay_checkpoint, image->checkpoint);
    cr_assert(!after.replay_wrong);
    cr_assert_eq(after.replay_count,
                 after.replay_count ? after.replay_last - after.replay_first + 1 : 0, "a gap");
    if (after.replay_count > 0)
        cr_assert_eq(after.replay_first, after.replay_checkpoint + 1);

    /* It goes on, and nothing of the torn tail comes back to life. */
    cr_assert(test_log_append(&after, 5));
    struct rt_log_disk *again = rt_log_disk_crash(disk, label);
    test_log_done(&after);
    test_log_init(&after, again);
    test_log_start(&after);
    cr_assert_eq(after.replay_last, last + 5);
    cr_assert_eq(rt_log_next(after.log), last + 6);
    test_log_done(&after);
    rt_log_disk_free(again);
}

static void crash_and_check(uint64_t seed, uint64_t every)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    cr_assert_not_null(scene);
    scene->seed = seed;
    scene->every = every;
    scene->disk = rt_log_disk_new();
    pthread_mutex_init(&scene->lock, NULL);
    test_log_init(&scene->test, scene->disk);
    rt_log_disk_watch(scene->disk, take_image, scene);
    run_scene(scene);
    cr_assert_gt(scene->count, 20, "only %zu images", scene->count);
    for (size_t i = 0; i < scene->count; i++) {
        /* What was recovered once must be there after losing power right after, too. */
        struct rt_log_disk *again = rt_log_disk_crash(scene->images[i].disk, i);
        check_image(&scene->images[i], scene->images[i].disk, i);
        check_image(&scene->images[i], again, i);
        rt_log_disk_free(again);
        rt_log_disk_free(scene->images[i].disk);
    }
    test_log_done(&scene->test);
    pthread_mutex_destroy(&scene->lock);
    rt_log_disk_free(scene->disk);
    free(scene);
}

Test(log_crash, nothing_durable_is_lost_by_a_power_loss_at_any_call)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        crash_and_check(seed, 3);
}

/* Opening is interrupted at each of its calls in turn, and each time by another power loss. */
static struct rt_log_disk *interrupted;
static uint64_t calls_left;
static struct rt_log_disk *interrupted_image;

static void interrupt(void *arg, enum rt_log_disk_call call)
{
    (void)call;
    if (--calls_left == 0)
        interrupted_image = rt_log_disk_crash(interrupted, (uint64_t)(uintptr_t)arg);
}

Test(log_crash, nothing_durable_is_lost_by_a_power_loss_while_recovering)
{
    struct rt_log_disk *disk = rt_log_disk_new();
    struct test_log test;
    test_log_init(&test, disk);
    test_log_start(&test);
    cr_assert(test_log_append(&test, 50));
    cr_assert(test_log_append(&test, 30));
    struct rt_log_disk *crashed = rt_log_disk_crash(disk, 7);
    test_log_done(&test);
    rt_log_disk_free(disk);
    /* Tear the middle of the last batch, as a crash may have done. */
    rt_log_disk_poke(crashed, test_path("0000000001.log"), 512 + 9000, "\x55\xaa", 2);

    uint64_t count = 0;
    for (uint64_t n = 1; n < 200; n++) {
        interrupted = rt_log_disk_crash(crashed, 0);
        interrupted_image = NULL;
        calls_left = n;
        rt_log_disk_watch(interrupted, interrupt, (void *)(uintptr_t)n);
        struct test_log opened;
        test_log_init(&opened, interrupted);
        test_log_start(&opened);
        if (count == 0)
            count = opened.replay_count;
        cr_assert_eq(opened.replay_count, count);
        test_log_done(&opened);
        rt_log_disk_free(interrupted);
        if (!interrupted_image)
            break;
        test_log_init(&opened, interrupted_image);
        test_log_start(&opened);
        cr_assert_eq(opened.replay_count, count, "call %llu", (unsigned long long)n);
        test_log_done(&opened);
        rt_log_disk_free(interrupted_image);
    }
    cr_assert_geq(count, 50);
    cr_assert_lt(count, 80);
    rt_log_disk_free(crashed);
}

/* ------------------------------------------------------------------- faults */

/* One call of a kind fails. Then: nothing is reported durable that is not there, and what was
 * reported durable survives, whether or not power is lost as well. */
static void fault_and_check(enum rt_log_disk_call call, uint64_t n, int errnum)
{
    struct rt_log_disk *disk = rt_log_disk_new();
    struct test_log test;
    test_log_init(&test, disk);
    test_log_start(&test);
    rt_log_disk_fail(disk, call, n, errnum);
    bool going = true;
    for (int i = 0; going && i < 12; i++) {
        going = test_log_append(&test, 40);
        if (going && i % 4 == 3) {
            uint64_t at = test.batch.next - 1;
            char state[32];
            snprintf(state, sizeof(state), "state %llu", (unsigned long long)at);
            int code = test_log_checkpoint(&test, at, state);
            going = code != RT_EIO;
            rt_log_release(test.log, at);
        }
    }
    struct rt_log_stats stats;
    rt_log_stats(test.log, &stats);
    uint64_t durable = test.durable;
    if (!going) {
        cr_assert(!test_log_wait(&test, UINT64_MAX)); /* for the news of it */
        cr_assert(stats.failed);
        cr_assert_eq(test.failures, 1u);
        cr_assert_neq(test.failure.message[0], '\0');
        test_log_fill(&test, 1);
        cr_assert_eq(rt_log_submit(test.log, &test.batch), RT_EIO);
    }
    struct rt_log_disk *image = rt_log_disk_crash(disk, n);
    int code = test_log_close(&test);
    cr_assert_eq(code, stats.failed ? RT_EIO : code);

    struct image promised = {.durable = durable, .submitted = UINT64_MAX};
    check_image(&promised, image, n);
    rt_log_disk_fail(disk, call, 0, 0);
    check_image(&promised, disk, n);
    rt_log_disk_free(image);
    test_log_done(&test);
    rt_log_disk_free(disk);
}

Test(log_fault, nothing_durable_is_lost_when_a_sync_fails)
{
    for (uint64_t n = 1; n <= 40; n++)
        fault_and_check(RT_LOG_DISK_SYNC, n, EIO);
}

Test(log_fault, nothing_durable_is_lost_when_a_write_fails_or_is_short)
{
    for (uint64_t n = 1; n <= 40; n++) {
        fault_and_check(RT_LOG_DISK_WRITE, n, EIO);
        fault_and_check(RT_LOG_DISK_WRITE, n, ENOSPC);
        fault_and_check(RT_LOG_DISK_WRITE, n, 0);
    }
}

Test(log_fault, nothing_durable_is_lost_when_a_rename_open_or_directory_sync_fails)
{
    for (uint64_t n = 1; n <= 12; n++) {
        fault_and_check(RT_LOG_DISK_RENAME, n, EIO);
        fault_and_check(RT_LOG_DISK_SYNC_DIR, n, EIO);
        fault_and_check(RT_LOG_DISK_OPEN, n, EMFILE);
        fault_and_check(RT_LOG_DISK_ALLOCATE, n, ENOSPC);
        fault_and_check(RT_LOG_DISK_UNLINK, n, EIO);
    }
}

/* After a failed sync the page cache shows the records, the disk does not have them. A restart
 * may trust them only once it has written them again. */
Test(log_fault, the_page_cache_lies_after_a_failed_sync)
{
    struct rt_log_disk *disk = rt_log_disk_new();
    struct test_log test;
    test_log_init(&test, disk);
    test_log_start(&test);
    cr_assert(test_log_append(&test, 10));
    struct rt_log_stats stats;
    do
        rt_log_stats(test.log, &stats);
    while (stats.spares < 2); /* so that the next sync is the batch's */
    rt_log_disk_fail(disk, RT_LOG_DISK_SYNC, 1, EIO);
    cr_assert(!test_log_append(&test, 10));
    cr_assert_eq(test_log_close(&test), RT_EIO);

    test_log_start(&test);
    cr_assert_eq(test.replay_count, 20, "the kernel still shows them");
    struct rt_log_disk *image = rt_log_disk_crash(disk, 3);
    test_log_done(&test);
    test_log_init(&test, image);
    test_log_start(&test);
    cr_assert_eq(test.replay_count, 20, "they were trusted without being on the disk");
    test_log_done(&test);
    rt_log_disk_free(image);
    rt_log_disk_free(disk);
}

/* Opening fails at any of its calls: an error, no crash, and the next try works. */
Test(log_fault, nothing_durable_is_lost_when_opening_fails)
{
    struct rt_log_disk *disk = rt_log_disk_new();
    struct test_log test;
    test_log_init(&test, disk);
    test_log_start(&test);
    cr_assert(test_log_append(&test, 200));
    cr_assert_eq(test_log_checkpoint(&test, 150, "state 150"), 0);
    cr_assert_eq(test_log_close(&test), 0);
    for (int call = 0; call < RT_LOG_DISK_CALLS; call++) {
        for (uint64_t n = 1; n <= 12; n++) {
            struct rt_log_disk *copy = rt_log_disk_crash(disk, 0);
            struct test_log opened;
            struct rt_error error = {0};
            test_log_init(&opened, copy);
            rt_log_disk_fail(copy, (enum rt_log_disk_call)call, n, EIO);
            if (test_log_open(&opened, &error) != 0)
                cr_assert_neq(error.message[0], '\0');
            test_log_close(&opened);
            rt_log_disk_fail(copy, (enum rt_log_disk_call)call, 0, 0);
            test_log_start(&opened);
            cr_assert_eq(opened.replay_last, 200);
            test_log_done(&opened);
            rt_log_disk_free(copy);
        }
    }
    test_log_done(&test);
    rt_log_disk_free(disk);
}
