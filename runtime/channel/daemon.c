#include "runtime/channel/daemon.h"

#include "runtime/base/clock.h"
#include "runtime/channel/access.h"
#include "runtime/channel/frame.h"
#include "runtime/channel/link.h"
#include "runtime/channel/log.h"
#include "runtime/channel/records.pb.h"
#include "runtime/channel/secret.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

enum {
    BACKLOG = 512,
    STOP_WAIT_MS = 3000,
    RETAIN_EVERY_MS = 250,
    AGE_PARTS = 4,
    CHECKPOINT_RETRY_MS = 1000,
    REPORTS_MAX = 10,
    REPORTS_MS = 10000
};
#define CHECKPOINT_BYTES ((uint64_t)64 << 20)

struct conn {
    struct rt_daemon *daemon;
    struct rt_link *link;
    struct rt_broker_conn *broker;
    struct conn *prev, *next;
};

/* What the log's threads leave for the loop. */
struct news {
    atomic_uint_fast64_t durable;
    atomic_bool disk_full;
    atomic_bool checkpointed;
    atomic_bool failed;
    struct rt_error error; /* written before `failed` is set */
};

struct rt_daemon {
    uv_loop_t *loop;
    uv_tcp_t server;
    uv_async_t async;
    uv_prepare_t prepare;
    uv_timer_t timer;
    struct rt_arena arena; /* options and access */
    struct rt_access access;
    struct rt_tls *tls;    /* or NULL */
    struct rt_buf refusal; /* for who does not speak TLS */
    int64_t reports_ms;    /* since when `reports` were made */
    unsigned reports, unreported;
    struct rt_daemon_options options;
    struct rt_broker *broker;
    struct rt_log *log;
    struct news news;
    uint64_t durable;
    uint64_t submitted, submitted_before; /* last sequences of the two newest batches */
    uint64_t bytes;                       /* of records since the last checkpoint */
    uint64_t checkpoint;                  /* sequence of the newest one asked for */
    int64_t retain_ms;                    /* when to look at the limits again */
    uint64_t lost_to;                     /* up to here events were lost by force */
    bool checkpointing;
    unsigned reads; /* under way on the thread pool */
    struct conn *conns;
    bool stopping, ended;
    bool paused; /* too much waits for the log: nothing is read */
    bool last_checkpoint;
    int64_t stop_ms;
};

static int64_t now_ms(struct rt_daemon *daemon)
{
    return (int64_t)uv_now(daemon->loop);
}

/* ---- news from the log's threads ---- */

static void log_durable(void *arg, uint64_t sequence)
{
    struct rt_daemon *daemon = arg;
    atomic_store(&daemon->news.durable, sequence);
    uv_async_send(&daemon->async);
}

static void log_failed(void *arg, const struct rt_error *error)
{
    struct rt_daemon *daemon = arg;
    daemon->news.error = *error;
    atomic_store(&daemon->news.failed, true);
    uv_async_send(&daemon->async);
}

static void log_space(void *arg, bool full)
{
    struct rt_daemon *daemon = arg;
    atomic_store(&daemon->news.disk_full, full);
    uv_async_send(&daemon->async);
}

static void log_checkpointed(void *arg, uint64_t sequence, int code)
{
    (void)sequence, (void)code; /* a failed one is tried again with the next */
    struct rt_daemon *daemon = arg;
    atomic_store(&daemon->news.checkpointed, true);
    uv_async_send(&daemon->async);
}

static void end(struct rt_daemon *daemon);
static void end_log(struct rt_daemon *daemon);

static void on_async(uv_async_t *async)
{
    struct rt_daemon *daemon = async->data;
    if (daemon->ended)
        return;
    if (atomic_load(&daemon->news.failed)) {
        end(daemon); /* nothing may be acknowledged any more */
        return;
    }
    uint64_t durable = atomic_load(&daemon->news.durable);
    if (durable > daemon->durable) {
        daemon->durable = durable;
        rt_broker_durable(daemon->broker, durable);
    }
    rt_broker_disk_full(daemon->broker, atomic_load(&daemon->news.disk_full));
    if (atomic_exchange(&daemon->news.checkpointed, false))
        daemon->checkpointing = false;
}

/* ---- connections ---- */

static void conn_close(struct conn *conn, bool flush)
{
    struct rt_daemon *daemon = conn->daemon;
    rt_broker_disconnect(daemon->broker, conn->broker);
    rt_link_close(conn->link, flush);
    DL_DELETE(daemon->conns, conn);
    free(conn);
}

static size_t conn_input(void *arg, struct rt_bytes in)
{
    struct conn *conn = arg;
    struct rt_daemon *daemon = conn->daemon;
    rt_broker_time(daemon->broker, now_ms(daemon), rt_clock_now_ms());
    return rt_broker_input(daemon->broker, conn->broker, in);
}

/* Writes what waits, and reads on unless the other side does not read or the log lags. */
static void conn_write(struct conn *conn)
{
    rt_link_write(conn->link, rt_broker_conn_out(conn->broker));
    rt_link_pause(conn->link, conn->daemon->paused || rt_broker_conn_stuffed(conn->broker));
}

static void conn_written(void *arg)
{
    struct conn *conn = arg;
    rt_broker_drained(conn->daemon->broker, conn->broker);
    conn_write(conn);
}

/* A few in ten seconds, lest who knocks again and again fills the journal. */
static void report_refused(struct rt_daemon *daemon, const char *why)
{
    int64_t now = now_ms(daemon);
    if (!daemon->options.report)
        return;
    if (now - daemon->reports_ms >= REPORTS_MS) {
        daemon->reports_ms = now;
        daemon->reports = 0;
    }
    if (++daemon->reports > REPORTS_MAX) {
        daemon->unreported++;
        return;
    }
    char text[RT_ERROR_MESSAGE_MAX + 64];
    size_t len = (size_t)snprintf(text, sizeof text, "a connection was refused: %s", why);
    if (daemon->unreported > 0)
        snprintf(text + len, sizeof text - len, " (and %u more before)", daemon->unreported);
    daemon->unreported = 0;
    daemon->options.report(text);
}

static void conn_lost(void *arg, const char *why)
{
    struct conn *conn = arg;
    if (rt_link_refused(conn->link))
        report_refused(conn->daemon, why);
    conn_close(conn, false);
}

static bool conn_may_be(void *shell, struct rt_str name)
{
    const struct conn *conn = shell;
    return rt_link_peer_is(conn->link, name);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct rt_daemon *daemon = server->data;
    if (status < 0 || daemon->ended)
        return;
    static const struct rt_link_events events = {
        .input = conn_input, .written = conn_written, .lost = conn_lost};
    struct conn *conn = calloc(1, sizeof *conn);
    if (!conn)
        rt_panic("out of memory");
    conn->daemon = daemon;
    conn->link = rt_link_new(daemon->loop, &events, conn);
    if (daemon->tls)
        rt_link_tls(conn->link, rt_tls_session_new(daemon->tls, NULL),
                    rt_buf_bytes(&daemon->refusal));
    rt_broker_time(daemon->broker, now_ms(daemon), rt_clock_now_ms());
    conn->broker = rt_broker_connect(daemon->broker, conn);
    DL_APPEND(daemon->conns, conn);
    if (rt_link_accept(conn->link, server) < 0)
        conn_close(conn, false);
}

/* ---- reading old events on the thread pool ---- */

struct read {
    uv_work_t work;
    struct rt_daemon *daemon;
    struct rt_event_block *block;
    int code; /* RT_ENOTFOUND: released by retention; else why reading ended */
    struct rt_error error;
};

static void read_work(uv_work_t *work)
{
    struct read *read = work->data;
    struct rt_log *log = read->daemon->log;
    struct rt_log_cursor *cursor = rt_log_cursor_new(log, read->block->first);
    struct rt_log_record record;
    int r = 0;
    bool room = true;
    while (room && (r = rt_log_cursor_next(cursor, &record, &read->error)) == 0) {
        while (room && read->block->next < record.sequence) /* the log's own, not handed out */
            room = rt_event_block_add(read->block, (struct rt_bytes){0});
        bool event = record.kind == record_Kind_KIND_EVENT;
        room = room && rt_event_block_add(read->block, event ? record.body : (struct rt_bytes){0});
    }
    read->code = r;
    rt_log_cursor_free(cursor);
}

static void read_done(uv_work_t *work, int status)
{
    (void)status;
    struct read *read = work->data;
    struct rt_daemon *daemon = read->daemon;
    daemon->reads--;
    if (daemon->ended) {
        rt_event_block_free(read->block);
        end_log(daemon);
    } else if (read->code == RT_ECORRUPT || read->code == RT_EIO) {
        /* Never skipped: whoever runs the broker decides what to do about a damaged log. */
        daemon->news.error = read->error;
        atomic_store(&daemon->news.failed, true);
        rt_event_block_free(read->block);
        end(daemon);
    } else {
        if (read->code == RT_ENOTFOUND)
            rt_broker_first(daemon->broker, rt_log_first(daemon->log));
        rt_broker_loaded(daemon->broker, read->block);
    }
    free(read);
}

static void reads_start(struct rt_daemon *daemon)
{
    uint64_t sequence;
    while (rt_broker_read(daemon->broker, &sequence)) {
        struct read *read = calloc(1, sizeof *read);
        if (!read)
            rt_panic("out of memory");
        read->daemon = daemon;
        read->block = rt_event_block_new(sequence);
        read->work.data = read;
        daemon->reads++;
        uv_queue_work(daemon->loop, &read->work, read_work, read_done);
    }
}

/* ---- the end of a turn ---- */

/* Two batches are with the log at most: one being synced, one behind it. */
static void submit(struct rt_daemon *daemon)
{
    struct rt_log_batch *batch = rt_broker_batch(daemon->broker);
    if (rt_log_batch_empty(batch) || daemon->durable < daemon->submitted_before)
        return;
    size_t len = batch->bytes.len;
    uint64_t last = batch->next - 1;
    int r = rt_log_submit(daemon->log, batch);
    if (r < 0)
        return; /* no segment is ready, or the log failed: the news of either is on its way */
    daemon->submitted_before = daemon->submitted;
    daemon->submitted = last;
    daemon->bytes += len;
}

static void checkpoint(struct rt_daemon *daemon, bool now)
{
    uint64_t sequence = rt_broker_batch(daemon->broker)->next - 1;
    if (daemon->checkpointing || sequence == daemon->checkpoint ||
        !rt_log_batch_empty(rt_broker_batch(daemon->broker)) ||
        (!now && daemon->bytes < daemon->options.checkpoint_bytes))
        return;
    struct rt_buf state = {0};
    rt_broker_checkpoint(daemon->broker, &state);
    if (rt_log_checkpoint(daemon->log, sequence, rt_buf_bytes(&state)) == 0) {
        daemon->checkpointing = true;
        daemon->checkpoint = sequence;
        daemon->bytes = 0;
    }
    rt_buf_done(&state);
}

/* Lets whole segments go that are over the limits. What a subscription has not settled stays,
 * unless the operator said otherwise; dead letters stay in any case. */
static void retain(struct rt_daemon *daemon)
{
    const struct rt_retain *limits = &daemon->options.retain;
    int64_t now = now_ms(daemon);
    if (now < daemon->retain_ms)
        return;
    daemon->retain_ms = now + RETAIN_EVERY_MS;
    struct rt_log_segment newest;
    size_t count = rt_log_segments(daemon->log, &newest, 0);
    if (count == 0)
        return;
    struct rt_log_segment *segments = calloc(count, sizeof *segments);
    if (!segments)
        rt_panic("out of memory");
    size_t found = rt_log_segments(daemon->log, segments, count);
    if (found < count)
        count = found;
    newest = segments[count - 1];
    int64_t wall = rt_clock_now_ms();
    uint64_t from = rt_retain_any(limits) ? rt_retain_from(limits, segments, count, wall) : 0;
    free(segments);
    if (limits->hard && from > rt_broker_needed(daemon->broker) && from > daemon->lost_to) {
        daemon->lost_to = from;
        rt_broker_lose(daemon->broker, from);
    }
    if (rt_broker_needed(daemon->broker) >= from)
        rt_broker_retain(daemon->broker, from);
    uint64_t dead = rt_broker_oldest_dead(daemon->broker);
    uint64_t first = rt_broker_first_kept(daemon->broker);
    rt_log_release(daemon->log, (first < dead ? first : dead) - 1);
    /* So that a quiet channel's events grow old as well. */
    if (limits->age_ms > 0 && newest.events > 0 &&
        wall - newest.begun_ms >= limits->age_ms / AGE_PARTS)
        rt_log_roll(daemon->log);
}

/* While more waits for the log than it may, nothing is read. */
static void pause_reading(struct rt_daemon *daemon)
{
    bool pause = rt_broker_batch(daemon->broker)->bytes.len >= RT_BATCH_HIGH_BYTES;
    if (pause == daemon->paused)
        return;
    daemon->paused = pause;
    struct conn *conn;
    DL_FOREACH(daemon->conns, conn)
    rt_link_pause(conn->link, pause || rt_broker_conn_stuffed(conn->broker));
}

static void flush(struct rt_daemon *daemon)
{
    struct rt_broker_conn *broker_conn;
    while ((broker_conn = rt_broker_dirty(daemon->broker))) {
        struct conn *conn = rt_broker_conn_shell(broker_conn);
        conn_write(conn);
        if (rt_broker_conn_closing(broker_conn))
            conn_close(conn, true);
    }
}

static void on_timer(uv_timer_t *timer)
{
    (void)timer; /* waking the loop is enough: the turn does the rest */
}

static void sleep_until(struct rt_daemon *daemon, int64_t wake)
{
    int64_t now = now_ms(daemon);
    if (wake == INT64_MAX)
        uv_timer_stop(&daemon->timer);
    else
        uv_timer_start(&daemon->timer, on_timer, wake > now ? (uint64_t)(wake - now) : 0, 0);
}

/* True when a clean close has nothing left to wait for. */
static bool stopped(struct rt_daemon *daemon)
{
    if (now_ms(daemon) - daemon->stop_ms >= STOP_WAIT_MS)
        return true;
    if (daemon->conns || !rt_log_batch_empty(rt_broker_batch(daemon->broker)) ||
        daemon->durable < daemon->submitted)
        return false;
    if (!daemon->last_checkpoint) {
        daemon->last_checkpoint = true; /* the next start has nothing to replay */
        checkpoint(daemon, true);
    }
    return !daemon->checkpointing;
}

static void on_prepare(uv_prepare_t *prepare)
{
    struct rt_daemon *daemon = prepare->data;
    rt_broker_time(daemon->broker, now_ms(daemon), rt_clock_now_ms());
    rt_broker_run(daemon->broker);
    submit(daemon);
    checkpoint(daemon, false);
    retain(daemon);
    reads_start(daemon);
    pause_reading(daemon);
    flush(daemon);
    int64_t wake = rt_broker_wake(daemon->broker);
    if (rt_retain_any(&daemon->options.retain) && daemon->retain_ms < wake)
        wake = daemon->retain_ms;
    if (daemon->stopping) {
        if (stopped(daemon)) {
            end(daemon);
            return;
        }
        int64_t late = daemon->stop_ms + STOP_WAIT_MS;
        wake = late < wake ? late : wake;
    }
    sleep_until(daemon, wake);
}

/* ---- lifecycle ---- */

/* The log's threads call uv_async_send until it is closed, and readers need it open. */
static void end_log(struct rt_daemon *daemon)
{
    if (daemon->reads > 0)
        return;
    rt_log_close(daemon->log);
    daemon->log = NULL;
    uv_close((uv_handle_t *)&daemon->async, NULL);
}

static void end(struct rt_daemon *daemon)
{
    if (daemon->ended)
        return;
    daemon->ended = true;
    while (daemon->conns)
        conn_close(daemon->conns, true);
    if (!uv_is_closing((uv_handle_t *)&daemon->server))
        uv_close((uv_handle_t *)&daemon->server, NULL);
    uv_close((uv_handle_t *)&daemon->prepare, NULL);
    uv_close((uv_handle_t *)&daemon->timer, NULL);
    end_log(daemon);
}

static int replay_checkpoint(void *arg, uint64_t sequence, struct rt_bytes state)
{
    struct rt_daemon *daemon = arg;
    daemon->checkpoint = sequence;
    return rt_broker_restore(daemon->broker, sequence, state, &daemon->news.error);
}

static int replay_record(void *arg, const struct rt_log_record *record)
{
    struct rt_daemon *daemon = arg;
    daemon->bytes += rt_log_record_size(record->body.len);
    return rt_broker_replay(daemon->broker, record, &daemon->news.error);
}

static int open_log(struct rt_daemon *daemon, struct rt_error *error)
{
    struct rt_log_options options = {
        .dir = daemon->options.data,
        .segment_bytes = daemon->options.segment_bytes,
        .events = {log_durable, log_failed, log_space, log_checkpointed},
        .replay = {replay_checkpoint, replay_record},
        .arg = daemon,
    };
    int r = rt_log_open(&options, &daemon->log, error);
    if (r < 0) {
        if (daemon->news.error.code != 0 && error)
            *error = daemon->news.error;
        return r;
    }
    uint64_t next = rt_log_next(daemon->log);
    daemon->durable = daemon->submitted = daemon->submitted_before = next - 1;
    rt_broker_start(daemon->broker, rt_log_id(daemon->log), rt_log_first(daemon->log), next);
    return 0;
}

static int open_access(struct rt_daemon *daemon, struct rt_error *error)
{
    if (!daemon->options.token_file)
        return 0;
    struct rt_buf text = {0};
    int r = rt_secret_read(daemon->options.token_file, &text, error);
    if (r == 0) {
        const char *copy = rt_arena_copy(&daemon->arena, text.data, text.len);
        r = rt_access_parse(&daemon->arena, rt_str_n(copy, text.len), &daemon->access, error);
    }
    rt_buf_done(&text);
    daemon->options.broker.access = &daemon->access;
    return r;
}

static int open_tls(struct rt_daemon *daemon, struct rt_error *error)
{
    const struct rt_tls_options *files = &daemon->options.tls;
    if (!files->cert && !files->key && !files->ca)
        return 0;
    if (daemon->options.tls_names)
        daemon->options.broker.may_be = conn_may_be;
    rt_frame_put_going_away(&daemon->refusal, channel_Code_CODE_PROTOCOL,
                            "only TLS is spoken at this port");
    return rt_tls_new(RT_TLS_SERVER, files, &daemon->tls, error);
}

static int listen_on(struct rt_daemon *daemon, struct rt_error *error)
{
    struct sockaddr_in6 in6;
    struct sockaddr_in in4;
    const char *host = daemon->options.host;
    const struct sockaddr *address = NULL;
    if (uv_ip4_addr(host, daemon->options.port, &in4) == 0)
        address = (const struct sockaddr *)&in4;
    else if (uv_ip6_addr(host, daemon->options.port, &in6) == 0)
        address = (const struct sockaddr *)&in6;
    if (!address)
        return rt_error_set(error, RT_EINVAL, "'%s' is not an IP address", host);
    int r = uv_tcp_bind(&daemon->server, address, 0);
    if (r == 0)
        r = uv_listen((uv_stream_t *)&daemon->server, BACKLOG, on_connection);
    if (r < 0)
        return rt_error_set(error, RT_EIO, "cannot listen on %s:%d: %s", host, daemon->options.port,
                            uv_strerror(r));
    return 0;
}

/* Undoes a failed open: handles that were never used still need a turn of the loop to close. */
static void open_undo(struct rt_daemon *daemon)
{
    end(daemon);
    uv_run(daemon->loop, UV_RUN_DEFAULT);
    rt_daemon_close(daemon, NULL);
}

int rt_daemon_open(uv_loop_t *loop, const struct rt_daemon_options *options, struct rt_daemon **ret,
                   struct rt_error *error)
{
    struct rt_daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        rt_panic("out of memory");
    daemon->loop = loop;
    daemon->options = *options;
    if (daemon->options.checkpoint_bytes == 0)
        daemon->options.checkpoint_bytes = CHECKPOINT_BYTES;
    rt_arena_init(&daemon->arena, 0);
    uv_tcp_init(loop, &daemon->server);
    uv_async_init(loop, &daemon->async, on_async);
    uv_prepare_init(loop, &daemon->prepare);
    uv_timer_init(loop, &daemon->timer);
    daemon->server.data = daemon->async.data = daemon->prepare.data = daemon->timer.data = daemon;

    int r = open_access(daemon, error);
    if (r == 0)
        r = open_tls(daemon, error);
    if (r == 0) {
        daemon->broker = rt_broker_new(&daemon->options.broker);
        r = open_log(daemon, error);
    }
    if (r == 0)
        r = listen_on(daemon, error);
    if (r < 0) {
        open_undo(daemon);
        return r;
    }
    uv_prepare_start(&daemon->prepare, on_prepare);
    *ret = daemon;
    return 0;
}

int rt_daemon_port(const struct rt_daemon *daemon)
{
    struct sockaddr_storage address;
    int len = sizeof address;
    if (uv_tcp_getsockname(&daemon->server, (struct sockaddr *)&address, &len) < 0)
        return 0;
    /* The port is at the same place in both families. */
    return ntohs(((const struct sockaddr_in *)(const void *)&address)->sin_port);
}

void rt_daemon_stop(struct rt_daemon *daemon)
{
    if (daemon->stopping || daemon->ended)
        return;
    daemon->stopping = true;
    daemon->stop_ms = now_ms(daemon);
    uv_close((uv_handle_t *)&daemon->server, NULL);
    rt_broker_drain(daemon->broker, "the channel is closing");
}

int rt_daemon_close(struct rt_daemon *daemon, struct rt_error *error)
{
    int code = 0;
    if (atomic_load(&daemon->news.failed)) {
        code = daemon->news.error.code;
        if (error)
            *error = daemon->news.error;
    }
    rt_broker_free(daemon->broker);
    rt_tls_free(daemon->tls);
    rt_buf_done(&daemon->refusal);
    rt_arena_done(&daemon->arena);
    free(daemon);
    return code;
}
