/*
 * The log against the bare program (log_bare.h), in turns, on one disk, in one run.
 *
 *     log_bench [--dir DIR] [--seconds S]
 *
 * Depth is how many events are under way before one waits for the sync. Ours keeps its segments
 * in steady state: checkpoints, lets go and reuses while it is measured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/channel/log/log.h"
#include "tests/bench/log_bare.h"

enum { ROUNDS = 5, SEEKS = 10000, CHECKPOINT_EVERY = 16 << 20 };

struct bench {
    struct rt_log *log;
    struct rt_log_batch batch;
    int wake; /* an event descriptor, as a loop would have */
    uint64_t since_checkpoint;
    bool keep; /* let no more segments go */
};

static void wake(struct bench *bench)
{
    uint64_t one = 1;
    if (write(bench->wake, &one, sizeof(one)) != sizeof(one))
        rt_panic("cannot wake");
}

static void heard_durable(void *arg, uint64_t sequence)
{
    (void)sequence;
    wake(arg);
}

static void heard_space(void *arg, bool full)
{
    if (full)
        return;
    wake(arg);
}

static void heard_failed(void *arg, const struct rt_error *error)
{
    (void)arg;
    rt_panic("%s", error->message);
}

static void wait_for_news(struct bench *bench)
{
    uint64_t count;
    if (read(bench->wake, &count, sizeof(count)) != sizeof(count))
        rt_panic("cannot wait");
}

static void commit(struct bench *bench, size_t depth, size_t size)
{
    for (size_t i = 0; i < depth; i++)
        memset(rt_log_batch_extend(&bench->batch, 1, size), 'x', size);
    uint64_t last = bench->batch.next - 1;
    bench->since_checkpoint += bench->batch.bytes.len;
    while (rt_log_submit(bench->log, &bench->batch) == RT_EAGAIN)
        wait_for_news(bench);
    while (rt_log_durable(bench->log) < last)
        wait_for_news(bench);
    if (!bench->keep && bench->since_checkpoint > CHECKPOINT_EVERY) {
        bench->since_checkpoint = 0;
        rt_log_checkpoint(bench->log, last, rt_bytes("state", 5));
        rt_log_release(bench->log, last);
    }
}

/* Events a second over `seconds`. */
static double measure(struct bench *bench, struct bare_log *bare, size_t depth, size_t size,
                      double seconds)
{
    uint64_t start = rt_clock_monotonic_ns(), now = start, events = 0;
    while ((double)(now - start) < seconds * 1e9) {
        if (bare)
            bare_log_commit(bare, depth, size);
        else
            commit(bench, depth, size);
        events += depth;
        now = rt_clock_monotonic_ns();
    }
    return (double)events * 1e9 / (double)(now - start);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void compare_at(struct bench *bench, struct bare_log *bare, size_t depth, size_t size,
                       double seconds)
{
    double ours[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        theirs[i] = measure(bench, bare, depth, size, seconds);
        ours[i] = measure(bench, NULL, depth, size, seconds);
        ratios[i] = ours[i] / theirs[i];
    }
    qsort(ours, ROUNDS, sizeof(double), compare);
    qsort(theirs, ROUNDS, sizeof(double), compare);
    qsort(ratios, ROUNDS, sizeof(double), compare);
    printf("%6zu %6zu %12.0f %12.0f %8.2f  (%.2f to %.2f)\n", depth, size, theirs[ROUNDS / 2],
           ours[ROUNDS / 2], ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
}

/* Reading back what the page cache holds: all of it in order, and single events anywhere. */
static void read_back(struct bench *bench)
{
    struct rt_log_record record;
    struct rt_error error;
    bench->keep = true;
    for (int i = 0; i < 1000; i++)
        commit(bench, 1024, 128);
    uint64_t first = rt_log_first(bench->log), last = rt_log_durable(bench->log), events = 0;
    struct rt_log_cursor *cursor = rt_log_cursor_new(bench->log, first);
    uint64_t start = rt_clock_monotonic_ns();
    while (rt_log_cursor_next(cursor, &record, &error) == 0)
        events++;
    double seconds = (double)(rt_clock_monotonic_ns() - start) / 1e9;
    printf("read in order: %.0f events/s (%.1f M events)\n", (double)events / seconds,
           (double)events / 1e6);
    start = rt_clock_monotonic_ns();
    uint64_t random = 1;
    for (int i = 0; i < SEEKS; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        rt_log_cursor_seek(cursor, first + (random >> 33) % (last - first + 1));
        if (rt_log_cursor_next(cursor, &record, &error) != 0)
            rt_panic("%s", error.message);
    }
    seconds = (double)(rt_clock_monotonic_ns() - start) / 1e9;
    printf("read anywhere: %.0f events/s\n", SEEKS / seconds);
    rt_log_cursor_free(cursor);
}

static void run(const char *dir, double seconds)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/log", dir);
    struct bench bench = {.wake = eventfd(0, EFD_CLOEXEC)};
    struct rt_log_options options = {
        .dir = path,
        .events = {.durable = heard_durable, .space = heard_space, .failed = heard_failed},
        .arg = &bench,
    };
    struct rt_error error;
    if (rt_log_open(&options, &bench.log, &error) != 0)
        rt_panic("%s", error.message);
    rt_log_batch_init(&bench.batch, rt_log_next(bench.log));
    struct bare_log *bare = bare_log_new(dir);

    /* Past the first segments, which have to be zero-filled; then they are reused. */
    for (uint64_t bytes = 0; bytes < UINT64_C(5) * RT_LOG_SEGMENT_BYTES;
         bytes += UINT64_C(1024) * 1024)
        commit(&bench, 1024, 1024);
    printf("%6s %6s %12s %12s %8s  (medians of %d rounds of %.1f s)\n", "depth", "bytes", "bare/s",
           "log/s", "ratio", ROUNDS, seconds);
    static const size_t cases[][2] = {{1, 128}, {64, 128}, {4096, 128}, {4096, 1024}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        compare_at(&bench, bare, cases[i][0], cases[i][1], seconds);
    bare_log_free(bare);
    read_back(&bench);
    rt_log_batch_done(&bench.batch);
    rt_log_close(bench.log);
    close(bench.wake);
}

int main(int argc, char **argv)
{
    const char *parent = "/tmp";
    double seconds = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--dir") == 0)
            parent = argv[i + 1];
        else if (strcmp(argv[i], "--seconds") == 0)
            seconds = strtod(argv[i + 1], NULL);
    }
    char dir[200], command[256];
    snprintf(dir, sizeof(dir), "%s/log_bench.XXXXXX", parent);
    if (!mkdtemp(dir))
        rt_panic("cannot make a directory in %s", parent);
    run(dir, seconds);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    return system(command) == 0 ? 0 : 1;
}
