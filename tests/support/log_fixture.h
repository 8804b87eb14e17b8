/*
 * What the tests of the log share: a log with someone who listens to it. Bodies are a function of
 * their sequence, so that any record can be checked on its own.
 */
#ifndef RT_CHANNEL_LOG_TEST_SUPPORT_H
#define RT_CHANNEL_LOG_TEST_SUPPORT_H

#include <pthread.h>

#include "runtime/channel/log/log.h"
#include "tests/support/log_disk.h"

enum { TEST_KIND = 7, TEST_SEGMENT = 16 << 10 };

#define TEST_DIR "log"

struct test_log {
    struct rt_log *log; /* NULL: not open */
    struct rt_log_options options;
    struct rt_log_batch batch;
    unsigned submits; /* every other one commits here */

    pthread_mutex_t lock;
    pthread_cond_t news;
    uint64_t durable, told; /* as is known, as the event said */
    uint64_t checkpointed;
    int checkpoint_code;
    unsigned rooms, fulls;
    unsigned failures;
    struct rt_error failure;

    /* What replay told. */
    uint64_t replay_checkpoint;
    uint64_t replay_first, replay_last, replay_count;
    bool replay_wrong; /* order or a body */
};

/* On this disk, with segments of TEST_SEGMENT bytes; `disk` NULL is the real one, at options.dir
 * which the caller sets. */
void test_log_init(struct test_log *test, struct rt_log_disk *disk);
void test_log_done(struct test_log *test);
int test_log_open(struct test_log *test, struct rt_error *error);
/* Opens, and asserts that it went well. */
void test_log_start(struct test_log *test);
int test_log_close(struct test_log *test);

/* The length of the body of record `sequence`: 0 to 300 bytes. */
size_t test_body_len(uint64_t sequence);
bool test_body_right(const struct rt_log_record *record);
/* Adds `count` records to the batch, without submitting it. */
void test_log_fill(struct test_log *test, uint64_t count);
/* Submits what was filled, waiting for room; returns what submit said. */
int test_log_submit(struct test_log *test);
/* Fill, submit, and wait until it is durable or the log failed. True: durable. */
bool test_log_append(struct test_log *test, uint64_t count);
bool test_log_wait(struct test_log *test, uint64_t sequence);
bool test_log_told_full(struct test_log *test);
/* A checkpoint, waited for; returns its code. */
int test_log_checkpoint(struct test_log *test, uint64_t sequence, const char *state);
/* Waits (a bounded time) until `done` says so of the log's statistics. */
bool test_log_until(struct test_log *test, bool (*done)(const struct rt_log_stats *stats));

/* The path of a file of the log in memory; borrowed until the next call. */
const char *test_path(const char *name);

#endif
