/*
 * A process that keeps a log, for faults that come from outside of it.
 *
 *     log_writer write DIR BATCHES   appends, and prints "durable N" for each batch
 *     log_writer check DIR           opens and checks every record, and prints "last N"
 *
 * Exit status: 0; 1: the log could not be opened; 2: records are wrong; 3: the log failed while
 * it was written, as reported by it.
 */
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/channel/log/log.h"

enum { SEGMENT = 64 << 10, BATCH = 50 };

struct writer {
    struct rt_log *log;
    sem_t news;
    _Atomic bool failed;
    uint64_t last, checkpoint;
    bool wrong;
};

static void heard_durable(void *arg, uint64_t sequence)
{
    struct writer *writer = arg;
    (void)sequence;
    sem_post(&writer->news);
}

static void heard_failed(void *arg, const struct rt_error *error)
{
    struct writer *writer = arg;
    fprintf(stderr, "failed: %s\n", error->message);
    atomic_store(&writer->failed, true);
    sem_post(&writer->news);
}

static void heard_space(void *arg, bool full)
{
    struct writer *writer = arg;
    if (!full)
        sem_post(&writer->news);
}

/* What record `sequence` holds. */
static size_t body(uint64_t sequence, char out[64])
{
    return (size_t)snprintf(out, 64, "%0*llu", (int)(sequence % 50) + 1,
                            (unsigned long long)sequence);
}

static int replayed_checkpoint(void *arg, uint64_t sequence, struct rt_bytes state)
{
    struct writer *writer = arg;
    (void)state;
    writer->checkpoint = writer->last = sequence;
    return 0;
}

static int replayed(void *arg, const struct rt_log_record *record)
{
    struct writer *writer = arg;
    char expected[64];
    size_t len = body(record->sequence, expected);
    /* One sequence may be missing between two records: the mark of a clean close. */
    if (record->sequence <= writer->last || record->sequence > writer->last + 2 ||
        !rt_bytes_eq(record->body, rt_bytes(expected, len)))
        writer->wrong = true;
    writer->last = record->sequence;
    return 0;
}

static void append(struct writer *writer, struct rt_log_batch *batch)
{
    for (int i = 0; i < BATCH; i++) {
        char text[64];
        size_t len = body(batch->next, text);
        rt_log_batch_append(batch, 1, rt_bytes(text, len));
    }
    uint64_t last = batch->next - 1;
    while (rt_log_submit(writer->log, batch) != 0 && !atomic_load(&writer->failed))
        sem_wait(&writer->news);
    while (rt_log_durable(writer->log) < last && !atomic_load(&writer->failed))
        sem_wait(&writer->news);
    if (atomic_load(&writer->failed))
        return;
    printf("durable %llu\n", (unsigned long long)last);
    fflush(stdout);
    if (last % 7 == 0) {
        rt_log_checkpoint(writer->log, last, rt_bytes("state", 5));
        rt_log_release(writer->log, last);
    }
}

static int run(const char *dir, long batches)
{
    struct writer writer = {0};
    sem_init(&writer.news, 0, 0);
    struct rt_log_options options = {
        .dir = dir,
        .segment_bytes = SEGMENT,
        .events = {.durable = heard_durable, .failed = heard_failed, .space = heard_space},
        .replay = {replayed_checkpoint, replayed},
        .arg = &writer,
    };
    struct rt_error error;
    if (rt_log_open(&options, &writer.log, &error) != 0) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    struct rt_log_batch batch;
    rt_log_batch_init(&batch, rt_log_next(writer.log));
    for (long i = 0; i < batches && !atomic_load(&writer.failed); i++)
        append(&writer, &batch);
    rt_log_batch_done(&batch);
    if (batches == 0)
        printf("last %llu\n", (unsigned long long)rt_log_durable(writer.log));
    int code = rt_log_close(writer.log);
    sem_destroy(&writer.news);
    return writer.wrong ? 2 : code != 0 ? 3 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        return run(argv[2], strtol(argv[3], NULL, 10));
    if (argc == 3 && strcmp(argv[1], "check") == 0)
        return run(argv[2], 0);
    fprintf(stderr, "usage: log_writer write DIR BATCHES | log_writer check DIR\n");
    return 64;
}
