/*
 * How fast a running channeld is, one row at a time: one producer and one consumer (or many, for
 * `fan`) on one loop, over loopback. Every publish that is counted was acknowledged after its
 * sync; every event that is counted as consumed has a durable, confirmed acknowledgement.
 *
 * row.h has the options. Subscriptions are named after the process; channel_compare.py drops them.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/channel/client/client.h"
#include "tests/bench/row.h"

enum { CONSUMERS_MAX = 256, WINDOW = 8192 };

struct bench {
    struct row row;
    uv_loop_t loop;
    uv_timer_t timer;
    char subject[32];
    struct rt_transport *producer;
    struct rt_transport *consumers[CONSUMERS_MAX];
    size_t consumer_count;
    bool ready;     /* the first event went through: what follows is measured */
    uint64_t limit; /* sequence to stop publishing at */
    uint64_t next, published;
    uint64_t acked, wanted; /* confirmed deliveries, and how many end the run */
    uint64_t *latencies;    /* ns from publish to delivery */
    size_t latency_count;
    int open;
    uint8_t payload[ROW_BYTES_MAX];
};

/* One consumer's side of the bench: the callbacks' argument. */
struct consumer {
    struct bench *bench;
    struct rt_transport *transport;
};

/* --------------------------------------------------------------- publishing */

static void publish_one(struct bench *bench)
{
    uint64_t now = rt_clock_monotonic_ns();
    memcpy(bench->payload, &now, sizeof now);
    struct rt_publish publish = {.sequence = bench->next,
                                 .subject = rt_str(bench->subject),
                                 .time_ms = (int64_t)(now / 1000000),
                                 .payload = rt_bytes(bench->payload, bench->row.bytes)};
    int r = bench->producer->ops->publish(bench->producer, &publish);
    if (r < 0)
        row_fail("publish", rt_err_name(r));
    bench->next++;
}

static void publish_more(struct bench *bench)
{
    while (bench->next <= bench->limit && bench->next - bench->published <= bench->row.depth)
        publish_one(bench);
}

static bool done(const struct bench *bench)
{
    return bench->published == bench->limit &&
           (bench->consumer_count == 0 || bench->acked == bench->wanted);
}

static void on_published(void *arg, uint64_t up_to)
{
    struct bench *bench = arg;
    bench->published = up_to;
    publish_more(bench);
    if (done(bench))
        uv_stop(&bench->loop);
}

/* ---------------------------------------------------------------- consuming */

static void on_event(void *arg, const struct rt_event *event)
{
    struct consumer *consumer = arg;
    struct bench *bench = consumer->bench;
    if (bench->latencies && bench->ready) {
        uint64_t sent;
        memcpy(&sent, event->payload.data, sizeof sent);
        bench->latencies[bench->latency_count++] = rt_clock_monotonic_ns() - sent;
    }
    consumer->transport->ops->ack(consumer->transport, event->sequence);
}

static void on_acked(void *arg, uint64_t sequence)
{
    struct consumer *consumer = arg;
    struct bench *bench = consumer->bench;
    (void)sequence;
    bench->acked++;
    if (done(bench))
        uv_stop(&bench->loop);
}

static void on_state(void *arg, bool up, const char *why)
{
    (void)arg;
    if (!up)
        row_fail("connection", why);
}

/* ------------------------------------------------------------------ clients */

static struct rt_transport *open_client(struct bench *bench, const char *name, bool consumes,
                                        void *arg)
{
    const char *const subjects[] = {bench->subject, NULL};
    static const struct rt_transport_events events = {
        .published = on_published, .event = on_event, .acked = on_acked, .state = on_state};
    struct rt_transport_options options = {.host = "127.0.0.1",
                                           .port = bench->row.port,
                                           .name = name,
                                           .subjects = consumes ? subjects : NULL,
                                           .next_sequence = consumes ? 0 : 1,
                                           .window = WINDOW};
    struct rt_transport *transport;
    struct rt_error error;
    if (rt_channel_open(&bench->loop, &options, &events, arg, &transport, &error) < 0)
        row_fail("open", error.message);
    bench->open++;
    return transport;
}

static void open_consumers(struct bench *bench, size_t count)
{
    static struct consumer consumers[CONSUMERS_MAX];
    bench->consumer_count = count;
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "bench-%d-%zu", (int)getpid(), i);
        consumers[i].bench = bench;
        consumers[i].transport = bench->consumers[i] =
            open_client(bench, name, true, &consumers[i]);
    }
}

static void on_closed(void *arg)
{
    struct bench *bench = arg;
    bench->open--;
}

static void close_consumers(struct bench *bench)
{
    for (size_t i = 0; i < bench->consumer_count; i++)
        bench->consumers[i]->ops->close(bench->consumers[i], on_closed, bench);
    bench->consumer_count = 0;
    while (bench->open > 1)
        uv_run(&bench->loop, UV_RUN_ONCE);
}

static void bench_open(struct bench *bench, const struct row *row)
{
    *bench = (struct bench){.row = *row, .next = 1};
    uv_loop_init(&bench->loop);
    uv_timer_init(&bench->loop, &bench->timer);
    bench->timer.data = bench;
    char name[32];
    snprintf(name, sizeof name, "bench-%d", (int)getpid());
    snprintf(bench->subject, sizeof bench->subject, "bench:%d", (int)getpid());
    bench->producer = open_client(bench, name, false, bench);
}

static void bench_close(struct bench *bench)
{
    close_consumers(bench);
    bench->producer->ops->close(bench->producer, on_closed, bench);
    uv_close((uv_handle_t *)&bench->timer, NULL);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    uv_loop_close(&bench->loop);
    free(bench->latencies);
}

/* --------------------------------------------------------------------- rows */

/* Publishes up to `limit` and waits until everybody confirmed everything. */
static void run_to(struct bench *bench, uint64_t limit)
{
    bench->limit = limit;
    bench->wanted = limit * bench->consumer_count;
    publish_more(bench);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
}

/* The first event of all goes everywhere: connections are up, subscriptions have looked at whatever
 * else is in the log. */
static void warm_up(struct bench *bench)
{
    run_to(bench, 1);
    bench->ready = true;
}

/* The time is up: no more is published, what is under way is still counted. */
static void on_time(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    bench->limit = bench->next - 1;
    bench->wanted = bench->limit * bench->consumer_count;
    if (done(bench))
        uv_stop(&bench->loop);
}

static void run_rate(struct bench *bench, size_t consumers)
{
    open_consumers(bench, consumers);
    warm_up(bench);
    uint64_t before = consumers > 0 ? bench->acked : bench->published;
    uint64_t start = rt_clock_monotonic_ns();
    uv_update_time(&bench->loop);
    uv_timer_start(&bench->timer, on_time, (uint64_t)(bench->row.seconds * 1000), 0);
    run_to(bench, UINT64_MAX / CONSUMERS_MAX);
    uint64_t after = consumers > 0 ? bench->acked : bench->published;
    row_print_rate(after - before, rt_clock_monotonic_ns() - start);
}

static void run_backlog(struct bench *bench)
{
    open_consumers(bench, 1);
    warm_up(bench);
    close_consumers(bench);
    run_to(bench, 1 + bench->row.backlog);
    uint64_t start = rt_clock_monotonic_ns();
    open_consumers(bench, 1);
    bench->wanted = bench->limit;
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    row_print_rate(bench->row.backlog, rt_clock_monotonic_ns() - start);
}

static void on_paced(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    bench->limit++;
    publish_more(bench);
    if (bench->limit == bench->wanted)
        uv_timer_stop(timer);
}

static void run_latency(struct bench *bench)
{
    uint64_t samples = (uint64_t)(ROW_PER_SECOND * bench->row.seconds);
    bench->latencies = malloc(samples * sizeof *bench->latencies);
    open_consumers(bench, 1);
    warm_up(bench);
    bench->wanted = 1 + samples;
    uv_timer_start(&bench->timer, on_paced, 5, 1000 / ROW_PER_SECOND);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    row_print_latency(bench->latencies, bench->latency_count);
}

int main(int argc, char **argv)
{
    struct row row = row_parse(argc, argv);
    static struct bench bench;
    signal(SIGPIPE, SIG_IGN);
    bench_open(&bench, &row);
    switch (row.kind) {
    case ROW_PUBLISH:
        run_rate(&bench, 0);
        break;
    case ROW_BOTH:
        run_rate(&bench, 1);
        break;
    case ROW_FAN:
        run_rate(&bench, row.backlog < CONSUMERS_MAX ? row.backlog : CONSUMERS_MAX);
        break;
    case ROW_BACKLOG:
        run_backlog(&bench);
        break;
    case ROW_LATENCY:
        run_latency(&bench);
        break;
    }
    bench_close(&bench);
    return EXIT_SUCCESS;
}
