/*
 * How long a log takes to open by its size, and whether appending stays as fast while it grows.
 *
 *     log_open [--dir DIR] [--millions N] [--bytes B]
 *
 * Fills a log with events of B bytes, a million at a time. After each it is closed, dropped from
 * the page cache and opened again; its checkpoint is then 10,000 events old.
 */
#include <fcntl.h>
#include <glob.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/channel/log/log.h"

enum { MILLION = 1000 * 1000, BATCH = 4096, TAIL = 10 * 1000 };

struct bench {
    struct rt_log *log;
    struct rt_log_batch batch;
    sem_t news;
    uint64_t replayed;
};

static void heard_durable(void *arg, uint64_t sequence)
{
    struct bench *bench = arg;
    (void)sequence;
    sem_post(&bench->news);
}

static void heard_space(void *arg, bool full)
{
    if (full)
        return;
    struct bench *bench = arg;
    sem_post(&bench->news);
}

static void heard_checkpointed(void *arg, uint64_t sequence, int code)
{
    struct bench *bench = arg;
    (void)sequence;
    if (code != 0)
        rt_panic("no checkpoint: %s", rt_err_name(code));
    sem_post(&bench->news);
}

static void heard_failed(void *arg, const struct rt_error *error)
{
    (void)arg;
    rt_panic("%s", error->message);
}

static int replayed(void *arg, const struct rt_log_record *record)
{
    struct bench *bench = arg;
    (void)record;
    bench->replayed++;
    return 0;
}

static void append(struct bench *bench, uint64_t count, size_t size)
{
    while (count > 0) {
        uint64_t batch = count < BATCH ? count : BATCH;
        for (uint64_t i = 0; i < batch; i++)
            memset(rt_log_batch_extend(&bench->batch, 1, size), 'x', size);
        uint64_t last = bench->batch.next - 1;
        while (rt_log_submit(bench->log, &bench->batch) == RT_EAGAIN)
            sem_wait(&bench->news);
        while (rt_log_durable(bench->log) < last)
            sem_wait(&bench->news);
        count -= batch;
    }
}

static void checkpoint(struct bench *bench)
{
    rt_log_checkpoint(bench->log, rt_log_next(bench->log) - 1, rt_bytes("state", 5));
    struct rt_log_stats stats;
    do {
        sem_wait(&bench->news);
        rt_log_stats(bench->log, &stats);
    } while (stats.checkpoint != rt_log_next(bench->log) - 1);
}

static void open_log(struct bench *bench, const char *path)
{
    struct rt_log_options options = {
        .dir = path,
        .events = {heard_durable, heard_failed, heard_space, heard_checkpointed},
        .replay = {.record = replayed},
        .arg = bench,
    };
    struct rt_error error;
    bench->replayed = 0;
    if (rt_log_open(&options, &bench->log, &error) != 0)
        rt_panic("%s", error.message);
    rt_log_batch_init(&bench->batch, rt_log_next(bench->log));
}

static void close_log(struct bench *bench)
{
    rt_log_batch_done(&bench->batch);
    rt_log_close(bench->log);
}

static void drop_page_cache(const char *path)
{
    char pattern[256];
    snprintf(pattern, sizeof(pattern), "%s/*", path);
    glob_t files;
    if (glob(pattern, 0, NULL, &files) != 0)
        return;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        int fd = open(files.gl_pathv[i], O_RDONLY | O_CLOEXEC);
        posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        close(fd);
    }
    globfree(&files);
}

static double seconds_since(uint64_t start)
{
    return (double)(rt_clock_monotonic_ns() - start) / 1e9;
}

static void run(const char *path, uint64_t millions, size_t size)
{
    struct bench bench = {0};
    sem_init(&bench.news, 0, 0);
    open_log(&bench, path);
    printf("%10s %8s %12s %10s %10s\n", "events", "GB", "append/s", "replayed", "open ms");
    for (uint64_t i = 1; i <= millions; i++) {
        uint64_t start = rt_clock_monotonic_ns();
        append(&bench, MILLION - TAIL, size);
        double rate = (MILLION - TAIL) / seconds_since(start);
        checkpoint(&bench);
        append(&bench, TAIL, size);
        struct rt_log_stats stats;
        rt_log_stats(bench.log, &stats);
        close_log(&bench);
        drop_page_cache(path);
        start = rt_clock_monotonic_ns();
        open_log(&bench, path);
        double opened = seconds_since(start);
        printf("%9lluM %8.2f %12.0f %10llu %10.1f\n", (unsigned long long)i,
               (double)stats.record_bytes / 1e9, rate, (unsigned long long)bench.replayed,
               opened * 1e3);
        fflush(stdout);
    }
    close_log(&bench);
    sem_destroy(&bench.news);
}

int main(int argc, char **argv)
{
    const char *parent = "/tmp";
    uint64_t millions = 3;
    size_t size = 128;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--dir") == 0)
            parent = argv[i + 1];
        else if (strcmp(argv[i], "--millions") == 0)
            millions = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--bytes") == 0)
            size = strtoull(argv[i + 1], NULL, 10);
    }
    char path[200], command[256];
    snprintf(path, sizeof(path), "%s/log_open.XXXXXX", parent);
    if (!mkdtemp(path))
        rt_panic("cannot make a directory in %s", parent);
    run(path, millions, size);
    snprintf(command, sizeof(command), "rm -rf '%s'", path);
    return system(command) == 0 ? 0 : 1;
}
