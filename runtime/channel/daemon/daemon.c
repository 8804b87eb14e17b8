#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/secret.h"
#include "runtime/channel/daemon/state.h"

enum { STOP_WAIT_MS = 3000 };
#define CHECKPOINT_BYTES ((uint64_t)64 << 20)

/* ----------------------------------------------------------------- the turn */

static void on_timer(uv_timer_t *timer)
{
    (void)timer; /* waking the loop is enough: the turn does the rest */
}

static void sleep_until(struct rt_daemon *daemon, int64_t wake)
{
    int64_t now = rt_daemon_now_ms(daemon);
    daemon->wake_ms = wake > now ? wake : now;
    if (wake == INT64_MAX)
        uv_timer_stop(&daemon->timer);
    else
        uv_timer_start(&daemon->timer, on_timer, wake > now ? (uint64_t)(wake - now) : 0, 0);
}

/* True when a clean close has nothing left to wait for. */
static bool stopped(struct rt_daemon *daemon)
{
    if (rt_daemon_now_ms(daemon) - daemon->stop_ms >= STOP_WAIT_MS)
        return true;
    if (daemon->conns || !rt_log_batch_empty(rt_broker_batch(daemon->broker)) ||
        daemon->durable < daemon->submitted)
        return false;
    if (!daemon->last_checkpoint) {
        daemon->last_checkpoint = true; /* the next start has nothing to replay */
        rt_daemon_checkpoint(daemon, true);
    }
    return !daemon->checkpointing;
}

/* Stops everything at once; the loop runs out of work. */
static void end(struct rt_daemon *daemon)
{
    if (daemon->ended)
        return;
    daemon->ended = true;
    rt_compactor_stop(daemon->compactor);
    rt_daemon_close_conns(daemon);
    if (!uv_is_closing((uv_handle_t *)&daemon->server))
        uv_close((uv_handle_t *)&daemon->server, NULL);
    uv_close((uv_handle_t *)&daemon->prepare, NULL);
    uv_close((uv_handle_t *)&daemon->timer, NULL);
    rt_daemon_end_log(daemon);
}

static void on_prepare(uv_prepare_t *prepare)
{
    struct rt_daemon *daemon = prepare->data;
    if (daemon->failed) { /* nothing may be acknowledged any more */
        end(daemon);
        return;
    }
    rt_daemon_time(daemon);
    rt_broker_run(daemon->broker);
    rt_daemon_follow_checkpoint(daemon);
    rt_daemon_submit(daemon);
    rt_daemon_checkpoint(daemon, false);
    rt_daemon_retain(daemon);
    int64_t wake_compactor = rt_compactor_turn(daemon->compactor);
    rt_daemon_read(daemon);
    rt_daemon_pause(daemon);
    rt_daemon_flush(daemon);
    int64_t wake = rt_broker_wake(daemon->broker);
    if (wake_compactor < wake)
        wake = wake_compactor;
    if ((rt_retain_any(&daemon->options.retain) || daemon->release_more) &&
        daemon->retain_ms < wake)
        wake = daemon->retain_ms;
    if (daemon->disk_full && daemon->bytes > 0 && daemon->checkpoint_ms < wake)
        wake = daemon->checkpoint_ms;
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

/* ---------------------------------------------------------------- lifecycle */

static int open_access(struct rt_daemon *daemon, struct rt_error *error)
{
    if (!daemon->options.token_file)
        return 0;
    struct rt_buf text = {0};
    int r = rt_secret_read(daemon->options.token_file, RT_SECRET_FILE_MAX, &text, error);
    struct rt_access access = {0};
    if (r == 0) {
        /* What was read before stays: connections point at it. */
        const char *copy = rt_arena_copy(&daemon->arena, text.data, text.len);
        r = rt_access_parse(&daemon->arena, rt_str_n(copy, text.len), &access, error);
    }
    rt_secret_done(&text);
    if (r == 0)
        daemon->access = access;
    daemon->options.broker.access = &daemon->access;
    return r;
}

int rt_daemon_reload(struct rt_daemon *daemon, struct rt_error *error)
{
    struct rt_tls *tls = NULL;
    int r = daemon->tls ? rt_tls_new(RT_TLS_SERVER, &daemon->options.tls, &tls, error) : 0;
    if (r == 0)
        r = open_access(daemon, error);
    if (r < 0) {
        rt_tls_free(tls);
        return r;
    }
    if (tls) {
        rt_tls_free(daemon->tls); /* sessions hold what they need of it */
        daemon->tls = tls;
    }
    if (daemon->options.token_file)
        rt_broker_access_changed(daemon->broker);
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
    struct rt_daemon *daemon = rt_zalloc(sizeof *daemon);
    daemon->loop = loop;
    daemon->options = *options;
    if (daemon->options.checkpoint_bytes == 0)
        daemon->options.checkpoint_bytes = CHECKPOINT_BYTES;
    daemon->options.broker.metrics = rt_daemon_metrics;
    daemon->options.broker.metrics_arg = daemon;
    rt_arena_init(&daemon->arena, 0);
    uv_tcp_init(loop, &daemon->server);
    uv_async_init(loop, &daemon->async, rt_daemon_on_news);
    uv_prepare_init(loop, &daemon->prepare);
    uv_timer_init(loop, &daemon->timer);
    daemon->server.data = daemon->async.data = daemon->prepare.data = daemon->timer.data = daemon;

    int r = open_access(daemon, error);
    if (r == 0)
        r = rt_daemon_open_tls(daemon, error);
    if (r == 0) {
        daemon->broker = rt_broker_new(&daemon->options.broker);
        r = rt_daemon_open_log(daemon, error);
    }
    if (r == 0)
        r = rt_daemon_listen(daemon, error);
    if (r < 0) {
        open_undo(daemon);
        return r;
    }
    daemon->compactor = rt_compactor_new(daemon);
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
    daemon->stop_ms = rt_daemon_now_ms(daemon);
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
    rt_compactor_free(daemon->compactor);
    rt_broker_free(daemon->broker);
    rt_tls_free(daemon->tls);
    rt_buf_done(&daemon->refusal);
    rt_arena_done(&daemon->arena);
    free(daemon);
    return code;
}
