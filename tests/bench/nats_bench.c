/*
 * The same rows against nats-server with JetStream (file storage, one replica), through its C
 * client. row.h has the options. Used as well as that client can be:
 *
 *  - depth 1 is js_Publish, a deeper one js_PublishAsync with that many pending;
 *  - a durable pull consumer, fetched 1,024 at a time (1 for the latency), MaxAckPending 65,536;
 *    with half a second of patience (a request that expires while its messages are on their way
 *    makes libnats 3.4.1 overrun its list), so a rate ends with the last confirmation;
 *  - acknowledgements are confirmed by the server ("+ACK" with a reply, what natsMsg_AckSync does)
 *    but not waited for one by one: the replies are counted. Confirmed is what the server says; it
 *    does not sync its consumer state before it says so.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nats/nats.h>

#include "runtime/base/clock.h"
#include "tests/bench/row.h"

enum { FETCH = 1024, FETCH_MS = 500, WAIT_MS = 10000 };

struct bench {
    struct row row;
    natsConnection *publisher, *consumer;
    jsCtx *js, *consumer_js;
    char stream[32], subject[32], inbox[64];
    natsSubscription *sub, *replies;
    uint64_t published;         /* acknowledged, except the last `depth` while it runs */
    atomic_uint_fast64_t total; /* to consume; UINT64_MAX: not known yet */
    atomic_uint_fast64_t confirmed;
    atomic_uint_fast64_t confirmed_ns; /* when the newest of them was */
    uint64_t *latencies;
    uint8_t payload[ROW_BYTES_MAX];
};

static void must(natsStatus status, const char *what)
{
    if (status != NATS_OK)
        row_fail(what, natsStatus_GetText(status));
}

/* --------------------------------------------------------------- publishing */

static void stamp(struct bench *bench)
{
    uint64_t now = rt_clock_monotonic_ns();
    memcpy(bench->payload, &now, sizeof now);
}

static void publish(struct bench *bench)
{
    int len = (int)bench->row.bytes;
    natsStatus status;
    do {
        stamp(bench);
        if (bench->row.depth == 1)
            status = js_Publish(NULL, bench->js, bench->subject, bench->payload, len, NULL, NULL);
        else
            status = js_PublishAsync(bench->js, bench->subject, bench->payload, len, NULL);
    } while (status == NATS_TIMEOUT && bench->row.depth > 1); /* stalled: the window is full */
    must(status, "publish");
    bench->published++;
}

static void publish_finish(struct bench *bench)
{
    jsPubOptions options;
    jsPubOptions_Init(&options);
    options.MaxWait = WAIT_MS;
    if (bench->row.depth > 1)
        must(js_PublishAsyncComplete(bench->js, &options), "acknowledgements");
}

static void publish_for(struct bench *bench, double seconds)
{
    uint64_t end = rt_clock_monotonic_ns() + (uint64_t)(seconds * 1e9);
    while (rt_clock_monotonic_ns() < end)
        publish(bench);
    publish_finish(bench);
}

/* ---------------------------------------------------------------- consuming */

static void on_confirmed(natsConnection *nc, natsSubscription *sub, natsMsg *message, void *arg)
{
    struct bench *bench = arg;
    (void)nc, (void)sub;
    natsMsg_Destroy(message);
    atomic_store(&bench->confirmed_ns, rt_clock_monotonic_ns());
    atomic_fetch_add(&bench->confirmed, 1);
}

static void subscribe(struct bench *bench)
{
    natsInbox *inbox;
    must(natsInbox_Create(&inbox), "inbox");
    snprintf(bench->inbox, sizeof bench->inbox, "%s", inbox);
    natsInbox_Destroy(inbox);
    must(natsConnection_Subscribe(&bench->replies, bench->consumer, bench->inbox, on_confirmed,
                                  bench),
         "subscribe to confirmations");
    must(natsSubscription_SetPendingLimits(bench->replies, -1, -1), "limits");
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Config.MaxAckPending = 65536;
    must(js_PullSubscribe(&bench->sub, bench->consumer_js, bench->subject, "bench", NULL, &options,
                          NULL),
         "pull subscription");
}

static void consume(struct bench *bench)
{
    uint64_t seen = 0;
    bool one = bench->row.kind == ROW_LATENCY;
    while (seen < atomic_load(&bench->total)) {
        natsMsgList list;
        natsStatus status =
            natsSubscription_Fetch(&list, bench->sub, one ? 1 : FETCH, FETCH_MS, NULL);
        if (status == NATS_TIMEOUT)
            continue;
        must(status, "fetch");
        for (int i = 0; i < list.Count; i++) {
            if (bench->latencies) {
                uint64_t sent;
                memcpy(&sent, natsMsg_GetData(list.Msgs[i]), sizeof sent);
                bench->latencies[seen] = rt_clock_monotonic_ns() - sent;
            }
            must(natsConnection_PublishRequest(bench->consumer, natsMsg_GetReply(list.Msgs[i]),
                                               bench->inbox, "+ACK", 4),
                 "acknowledge");
            seen++;
        }
        natsMsgList_Destroy(&list);
    }
    while (atomic_load(&bench->confirmed) < seen)
        nats_Sleep(1);
}

static void *consumer_main(void *arg)
{
    consume(arg);
    return NULL;
}

/* --------------------------------------------------------------------- rows */

static void connect_to(natsConnection **nc, jsCtx **js, const struct row *row)
{
    char url[64];
    snprintf(url, sizeof url, "nats://127.0.0.1:%d", row->port);
    must(natsConnection_ConnectTo(nc, url), "connect");
    jsOptions options;
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = (int64_t)row->depth;
    options.PublishAsync.StallWait = WAIT_MS;
    must(natsConnection_JetStream(js, *nc, &options), "context");
}

static void bench_open(struct bench *bench)
{
    snprintf(bench->stream, sizeof bench->stream, "BENCH-%d", (int)getpid());
    snprintf(bench->subject, sizeof bench->subject, "bench.%d", (int)getpid());
    atomic_store(&bench->total, UINT64_MAX);
    connect_to(&bench->publisher, &bench->js, &bench->row);
    connect_to(&bench->consumer, &bench->consumer_js, &bench->row);
    const char *subjects[] = {bench->subject};
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = bench->stream;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    must(js_AddStream(NULL, bench->js, &config, NULL, NULL), "stream");
}

static void bench_close(struct bench *bench)
{
    natsSubscription_Destroy(bench->sub);
    natsSubscription_Destroy(bench->replies);
    must(js_DeleteStream(bench->js, bench->stream, NULL, NULL), "delete the stream");
    jsCtx_Destroy(bench->js);
    jsCtx_Destroy(bench->consumer_js);
    natsConnection_Destroy(bench->publisher);
    natsConnection_Destroy(bench->consumer);
    free(bench->latencies);
    nats_Close();
}

static void run_both(struct bench *bench)
{
    pthread_t thread;
    subscribe(bench);
    uint64_t start = rt_clock_monotonic_ns();
    pthread_create(&thread, NULL, consumer_main, bench);
    publish_for(bench, bench->row.seconds);
    atomic_store(&bench->total, bench->published);
    pthread_join(thread, NULL);
    row_print_rate(bench->published, atomic_load(&bench->confirmed_ns) - start);
}

static void run_backlog(struct bench *bench)
{
    while (bench->published < bench->row.backlog)
        publish(bench);
    publish_finish(bench);
    atomic_store(&bench->total, bench->published);
    uint64_t start = rt_clock_monotonic_ns();
    subscribe(bench);
    consume(bench);
    row_print_rate(bench->published, atomic_load(&bench->confirmed_ns) - start);
}

static void run_latency(struct bench *bench)
{
    uint64_t samples = (uint64_t)(ROW_PER_SECOND * bench->row.seconds);
    bench->latencies = malloc(samples * sizeof *bench->latencies);
    atomic_store(&bench->total, samples);
    subscribe(bench);
    pthread_t thread;
    pthread_create(&thread, NULL, consumer_main, bench);
    while (bench->published < samples) {
        nats_Sleep(1000 / ROW_PER_SECOND);
        publish(bench);
    }
    publish_finish(bench);
    pthread_join(thread, NULL);
    row_print_latency(bench->latencies, samples);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    bench.row = row_parse(argc, argv);
    bench_open(&bench);
    uint64_t start = rt_clock_monotonic_ns();
    switch (bench.row.kind) {
    case ROW_PUBLISH:
        publish_for(&bench, bench.row.seconds);
        row_print_rate(bench.published, rt_clock_monotonic_ns() - start);
        break;
    case ROW_BOTH:
        run_both(&bench);
        break;
    case ROW_BACKLOG:
        run_backlog(&bench);
        break;
    case ROW_LATENCY:
        run_latency(&bench);
        break;
    case ROW_FAN:
        row_fail("fan", "not measured here");
    }
    bench_close(&bench);
    return EXIT_SUCCESS;
}
