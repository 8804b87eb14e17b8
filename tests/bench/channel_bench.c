/*
 * How fast the channel is: channeld as its own process on a fresh log, one producer, one consumer,
 * over loopback. Every publish that is counted was acknowledged after its sync; every event that
 * is counted as consumed has a durable, confirmed acknowledgement.
 *
 *   channel_bench --channeld PATH [--seconds S] [--dir DIR]
 *
 * DIR is on the disk to measure. Prints one line per measurement: name, events per second.
 */
#include "runtime/base/clock.h"
#include "runtime/channel/client.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAYLOAD_MAX = 4096, LATENCIES_MAX = 100000 };

struct broker {
    pid_t pid;
    int port;
    char dir[512];
};

struct bench {
    uv_loop_t loop;
    uv_timer_t timer;
    struct rt_transport *producer;
    struct rt_transport *consumer;
    struct broker broker;
    size_t payload;
    uint64_t depth;
    uint64_t limit; /* sequence to stop publishing at */
    uint64_t next, published, seen, acked, wanted;
    bool publishing;
    uint64_t *latencies; /* ns from publish to delivery; NULL: not measured */
    size_t latency_count;
    int open;
};

static const char *channeld = "build/runtime/channel/channeld";
static const char *parent = ".";
static double seconds = 1;

static uint8_t payload[PAYLOAD_MAX];

static void fail(const char *what)
{
    fprintf(stderr, "channel_bench: %s\n", what);
    exit(EXIT_FAILURE);
}

/* ---- channeld ---- */

static void broker_start(struct broker *broker)
{
    snprintf(broker->dir, sizeof broker->dir, "%s/channel-bench-XXXXXX", parent);
    int out[2];
    if (!mkdtemp(broker->dir) || pipe(out) < 0)
        fail("cannot make a directory");
    broker->pid = fork();
    if (broker->pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        execl(channeld, channeld, "--data", broker->dir, "--listen", "127.0.0.1:0", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    FILE *lines = fdopen(out[0], "r");
    char line[128] = "";
    if (!fgets(line, sizeof line, lines) ||
        sscanf(line, "channeld: ready on 127.0.0.1:%d", &broker->port) != 1)
        fail("channeld does not start");
    fclose(lines);
}

static void broker_stop(struct broker *broker)
{
    kill(broker->pid, SIGTERM);
    int status;
    waitpid(broker->pid, &status, 0);
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", broker->dir);
    if (system(command) != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail("channeld did not close cleanly");
}

/* ---- clients ---- */

static void publish_more(struct bench *bench)
{
    while (bench->publishing && bench->next <= bench->limit &&
           bench->next - bench->published <= bench->depth) {
        uint64_t now = rt_clock_monotonic_ns();
        memcpy(payload, &now, sizeof now);
        struct rt_publish publish = {.sequence = bench->next,
                                     .subject = RT_STR("bench:event"),
                                     .time_ms = (int64_t)(now / 1000000),
                                     .payload = rt_bytes(payload, bench->payload)};
        int r = bench->producer->ops->publish(bench->producer, &publish);
        if (r == RT_EAGAIN)
            return;
        if (r < 0)
            fail(rt_err_name(r));
        bench->next++;
    }
}

static void on_published(void *arg, uint64_t up_to)
{
    struct bench *bench = arg;
    bench->published = up_to;
    publish_more(bench);
    if (up_to == bench->limit && !bench->consumer)
        uv_stop(&bench->loop);
}

static void on_event(void *arg, const struct rt_event *event)
{
    struct bench *bench = arg;
    bench->seen++;
    if (bench->latencies && bench->latency_count < LATENCIES_MAX) {
        uint64_t sent;
        memcpy(&sent, event->payload.data, sizeof sent);
        bench->latencies[bench->latency_count++] = rt_clock_monotonic_ns() - sent;
    }
    bench->consumer->ops->ack(bench->consumer, event->sequence);
}

static void on_acked(void *arg, uint64_t sequence)
{
    struct bench *bench = arg;
    (void)sequence;
    if (++bench->acked == bench->wanted)
        uv_stop(&bench->loop);
}

static void on_state(void *arg, bool up, const char *why)
{
    (void)arg;
    if (!up)
        fail(why);
}

static struct rt_transport *open_client(struct bench *bench, const char *name, bool consumes)
{
    static const char *const subjects[] = {"bench:*", NULL};
    static const struct rt_transport_events events = {
        .published = on_published, .event = on_event, .acked = on_acked, .state = on_state};
    struct rt_transport_options options = {.host = "127.0.0.1",
                                           .port = bench->broker.port,
                                           .name = name,
                                           .subjects = consumes ? subjects : NULL,
                                           .next_sequence = consumes ? 0 : 1,
                                           .window = 8192};
    struct rt_transport *transport;
    struct rt_error error;
    if (rt_channel_open(&bench->loop, &options, &events, bench, &transport, &error) < 0)
        fail(error.message);
    bench->open++;
    return transport;
}

static void on_closed(void *arg)
{
    struct bench *bench = arg;
    bench->open--;
}

static void bench_open(struct bench *bench, size_t bytes, uint64_t depth)
{
    *bench = (struct bench){.payload = bytes, .depth = depth, .next = 1, .limit = UINT64_MAX};
    uv_loop_init(&bench->loop);
    uv_timer_init(&bench->loop, &bench->timer);
    broker_start(&bench->broker);
    bench->producer = open_client(bench, "producer", false);
}

static void bench_close(struct bench *bench)
{
    bench->producer->ops->close(bench->producer, on_closed, bench);
    if (bench->consumer)
        bench->consumer->ops->close(bench->consumer, on_closed, bench);
    uv_close((uv_handle_t *)&bench->timer, NULL);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    uv_loop_close(&bench->loop);
    broker_stop(&bench->broker);
}

/* ---- measurements ---- */

static void report(const char *name, uint64_t events, uint64_t ns)
{
    printf("%-40s %12.0f /s\n", name, (double)events * 1e9 / (double)ns);
    fflush(stdout);
}

/* The time is up: no more is published, what is under way is still counted. */
static void on_time(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    bench->limit = bench->wanted = bench->next - 1;
    if (bench->published == bench->limit && (!bench->consumer || bench->acked == bench->wanted))
        uv_stop(&bench->loop);
}

static void run_for(struct bench *bench, double duration)
{
    bench->publishing = true;
    bench->timer.data = bench;
    publish_more(bench);
    uv_timer_start(&bench->timer, on_time, (uint64_t)(duration * 1000), 0);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
}

static void measure_publish(const char *name, size_t bytes, uint64_t depth)
{
    struct bench bench;
    bench_open(&bench, bytes, depth);
    uint64_t start = rt_clock_monotonic_ns();
    run_for(&bench, seconds);
    report(name, bench.published, rt_clock_monotonic_ns() - start);
    bench_close(&bench);
}

static void measure_both(void)
{
    struct bench bench;
    bench_open(&bench, 128, 4096);
    bench.consumer = open_client(&bench, "consumer", true);
    uint64_t start = rt_clock_monotonic_ns();
    run_for(&bench, seconds);
    report("publish and consume together, 128 B", bench.acked, rt_clock_monotonic_ns() - start);
    bench_close(&bench);
}

static void measure_backlog(void)
{
    struct bench bench;
    bench_open(&bench, 128, 8192);
    run_for(&bench, seconds);
    bench.wanted = bench.published;
    uint64_t start = rt_clock_monotonic_ns();
    bench.consumer = open_client(&bench, "consumer", true);
    uv_run(&bench.loop, UV_RUN_DEFAULT);
    report("consume a backlog, 128 B", bench.acked, rt_clock_monotonic_ns() - start);
    bench_close(&bench);
}

static void on_paced(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    bench->limit++;
    publish_more(bench);
    if (bench->limit >= bench->wanted)
        uv_timer_stop(timer);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void measure_latency(void)
{
    struct bench bench;
    bench_open(&bench, 128, 4096);
    bench.consumer = open_client(&bench, "consumer", true);
    bench.latencies = malloc(LATENCIES_MAX * sizeof *bench.latencies);
    bench.limit = 0;
    bench.wanted = (uint64_t)(200 * seconds);
    bench.publishing = true;
    bench.timer.data = &bench;
    uv_timer_start(&bench.timer, on_paced, 100, 5);
    uv_run(&bench.loop, UV_RUN_DEFAULT);
    qsort(bench.latencies, bench.latency_count, sizeof *bench.latencies, compare);
    printf("%-40s p50 %.0f us, p99 %.0f us\n", "publish to deliver at 200/s",
           (double)bench.latencies[bench.latency_count / 2] / 1000,
           (double)bench.latencies[bench.latency_count * 99 / 100] / 1000);
    free(bench.latencies);
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"channeld", required_argument, NULL, 'c'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"dir", required_argument, NULL, 'd'},
                                            {0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c')
            channeld = optarg;
        else if (option == 's')
            seconds = strtod(optarg, NULL);
        else if (option == 'd')
            parent = optarg;
        else
            return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN);
    measure_publish("publish, 128 B, depth 1", 128, 1);
    measure_publish("publish, 128 B, depth 64", 128, 64);
    measure_publish("publish, 128 B, depth 4096", 128, 4096);
    measure_publish("publish, 1 KiB, depth 4096", 1024, 4096);
    measure_both();
    measure_backlog();
    measure_latency();
    return EXIT_SUCCESS;
}
