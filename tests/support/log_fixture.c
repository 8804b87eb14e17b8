#include "tests/support/log_fixture.h"

#include <stdio.h>
#include <time.h>

#include <criterion/criterion.h>

static void heard_durable(void *arg, uint64_t sequence)
{
    struct test_log *test = arg;
    pthread_mutex_lock(&test->lock);
    cr_assert_gt(sequence, test->told);
    cr_assert_eq(test->failures, 0u, "durable after failed");
    test->told = sequence;
    if (sequence > test->durable)
        test->durable = sequence;
    pthread_cond_broadcast(&test->news);
    pthread_mutex_unlock(&test->lock);
}

static void heard_failed(void *arg, const struct rt_error *error)
{
    struct test_log *test = arg;
    pthread_mutex_lock(&test->lock);
    test->failures++;
    test->failure = *error;
    pthread_cond_broadcast(&test->news);
    pthread_mutex_unlock(&test->lock);
}

static void heard_space(void *arg, bool full)
{
    struct test_log *test = arg;
    pthread_mutex_lock(&test->lock);
    *(full ? &test->fulls : &test->rooms) += 1;
    pthread_cond_broadcast(&test->news);
    pthread_mutex_unlock(&test->lock);
}

static void heard_checkpointed(void *arg, uint64_t sequence, int code)
{
    struct test_log *test = arg;
    pthread_mutex_lock(&test->lock);
    test->checkpointed = sequence;
    test->checkpoint_code = code;
    pthread_cond_broadcast(&test->news);
    pthread_mutex_unlock(&test->lock);
}

static int replayed_checkpoint(void *arg, uint64_t sequence, struct rt_bytes state)
{
    struct test_log *test = arg;
    test->replay_checkpoint = sequence;
    char text[32];
    snprintf(text, sizeof(text), "state %llu", (unsigned long long)sequence);
    if (!rt_bytes_eq(state, rt_str_bytes(rt_str(text))))
        test->replay_wrong = true;
    return 0;
}

static int replayed_record(void *arg, const struct rt_log_record *record)
{
    struct test_log *test = arg;
    if (test->replay_count++ == 0)
        test->replay_first = record->sequence;
    if (record->sequence <= test->replay_last || !test_body_right(record))
        test->replay_wrong = true;
    test->replay_last = record->sequence;
    return 0;
}

void test_log_init(struct test_log *test, struct rt_log_disk *disk)
{
    *test = (struct test_log){
        .options =
            {
                .dir = TEST_DIR,
                .segment_bytes = TEST_SEGMENT,
                .io = disk ? rt_log_disk_io(disk) : NULL,
                .events = {heard_durable, heard_failed, heard_space, heard_checkpointed},
                .replay = {replayed_checkpoint, replayed_record},
            },
    };
    pthread_mutex_init(&test->lock, NULL);
    pthread_cond_init(&test->news, NULL);
}

void test_log_done(struct test_log *test)
{
    test_log_close(test);
    pthread_mutex_destroy(&test->lock);
    pthread_cond_destroy(&test->news);
}

int test_log_open(struct test_log *test, struct rt_error *error)
{
    test->options.arg = test;
    test->replay_checkpoint = test->replay_first = test->replay_last = test->replay_count = 0;
    test->replay_wrong = false;
    test->durable = test->told = test->checkpointed = 0;
    test->failures = 0;
    int code = rt_log_open(&test->options, &test->log, error);
    if (code == 0) {
        rt_log_batch_init(&test->batch, rt_log_next(test->log));
        test->durable = rt_log_durable(test->log);
    } else {
        test->log = NULL;
    }
    return code;
}

void test_log_start(struct test_log *test)
{
    struct rt_error error = {0};
    int code = test_log_open(test, &error);
    cr_assert_eq(code, 0, "%s", error.message);
    cr_assert(!test->replay_wrong);
}

int test_log_close(struct test_log *test)
{
    if (!test->log)
        return 0;
    int code = rt_log_close(test->log);
    test->log = NULL;
    rt_log_batch_done(&test->batch);
    return code;
}

size_t test_body_len(uint64_t sequence)
{
    return (size_t)(sequence * 2654435761u >> 7) % 301;
}

static uint8_t body_byte(uint64_t sequence, size_t i)
{
    return (uint8_t)(sequence * 31 + i * 7 + 1);
}

bool test_body_right(const struct rt_log_record *record)
{
    if (record->kind != TEST_KIND || record->body.len != test_body_len(record->sequence))
        return false;
    for (size_t i = 0; i < record->body.len; i++)
        if (record->body.data[i] != body_byte(record->sequence, i))
            return false;
    return true;
}

void test_log_fill(struct test_log *test, uint64_t count)
{
    for (; count > 0; count--) {
        uint64_t sequence = test->batch.next;
        size_t len = test_body_len(sequence);
        uint8_t *body = rt_log_batch_extend(&test->batch, TEST_KIND, len);
        for (size_t i = 0; i < len; i++)
            body[i] = body_byte(sequence, i);
    }
}

int test_log_submit(struct test_log *test)
{
    for (;;) {
        pthread_mutex_lock(&test->lock);
        unsigned rooms = test->rooms;
        pthread_mutex_unlock(&test->lock);
        bool here = test->submits % 2 == 1;
        int code = here ? rt_log_submit_here(test->log, &test->batch)
                        : rt_log_submit(test->log, &test->batch);
        pthread_mutex_lock(&test->lock);
        if (code != RT_EAGAIN) {
            test->submits++;
            if (here && rt_log_durable(test->log) > test->durable)
                test->durable = rt_log_durable(test->log);
            pthread_mutex_unlock(&test->lock);
            return code;
        }
        while (test->rooms == rooms && test->failures == 0)
            pthread_cond_wait(&test->news, &test->lock);
        pthread_mutex_unlock(&test->lock);
    }
}

bool test_log_wait(struct test_log *test, uint64_t sequence)
{
    pthread_mutex_lock(&test->lock);
    while (test->durable < sequence && test->failures == 0)
        pthread_cond_wait(&test->news, &test->lock);
    bool durable = test->durable >= sequence;
    pthread_mutex_unlock(&test->lock);
    return durable;
}

bool test_log_append(struct test_log *test, uint64_t count)
{
    test_log_fill(test, count);
    uint64_t last = test->batch.next - 1;
    return test_log_submit(test) == 0 && test_log_wait(test, last);
}

bool test_log_told_full(struct test_log *test)
{
    pthread_mutex_lock(&test->lock);
    bool full = test->fulls > 0;
    pthread_mutex_unlock(&test->lock);
    return full;
}

int test_log_checkpoint(struct test_log *test, uint64_t sequence, const char *state)
{
    int code = rt_log_checkpoint(test->log, sequence, rt_str_bytes(rt_str(state)));
    if (code != 0)
        return code;
    pthread_mutex_lock(&test->lock);
    while (test->checkpointed != sequence && test->failures == 0)
        pthread_cond_wait(&test->news, &test->lock);
    code = test->failures ? RT_EIO : test->checkpoint_code;
    pthread_mutex_unlock(&test->lock);
    return code;
}

bool test_log_until(struct test_log *test, bool (*done)(const struct rt_log_stats *stats))
{
    for (int i = 0; i < 5000; i++) {
        struct rt_log_stats stats;
        rt_log_stats(test->log, &stats);
        if (done(&stats))
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

const char *test_path(const char *name)
{
    static char path[256];
    snprintf(path, sizeof(path), TEST_DIR "/%s", name);
    return path;
}
