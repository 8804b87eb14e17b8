#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/channel/broker/records.pb.h"
#include "runtime/channel/daemon/state.h"

enum {
    HERE_RECORDS = 8,
    HERE_BYTES = 32 << 10,
    HERE_AVERAGED = 16, /* commits */
    SLOW_NS = 2000000,  /* when they take longer than that on average... */
    SLOW_MS = 1000,     /* ...it is for the commit thread for so long */
};
enum { RETAIN_EVERY_MS = 250, AGE_PARTS = 4, FULL_CHECKPOINT_MS = 500 };

/* ---------------------------------------------- news from the log's threads */

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
    (void)sequence;
    struct rt_daemon *daemon = arg;
    if (code == 0)
        atomic_store(&daemon->news.checkpoint_ms, rt_clock_now_ms());
    atomic_store(code == 0 ? &daemon->news.checkpointed : &daemon->news.unchecked, true);
    uv_async_send(&daemon->async);
}

void rt_daemon_on_news(uv_async_t *async)
{
    struct rt_daemon *daemon = async->data;
    if (daemon->ended || daemon->failed)
        return;
    if (atomic_load(&daemon->news.failed)) {
        daemon->failed = true;
        return;
    }
    uint64_t durable = atomic_load(&daemon->news.durable);
    if (durable > daemon->durable) {
        daemon->durable = durable;
        rt_broker_durable(daemon->broker, durable);
    }
    daemon->disk_full = atomic_load(&daemon->news.disk_full);
    rt_broker_disk_full(daemon->broker, daemon->disk_full);
    if (atomic_exchange(&daemon->news.checkpointed, false))
        daemon->checkpointing = false;
    if (atomic_exchange(&daemon->news.unchecked, false)) {
        daemon->checkpointing = false;
        daemon->checkpoint = 0;
        daemon->bytes = daemon->options.checkpoint_bytes; /* again, once there is space */
    }
}

/* ------------------------------------ reading old events on the thread pool */

struct read {
    uv_work_t work;
    struct rt_daemon *daemon;
    struct rt_event_block *block;
    unsigned rewrites; /* the daemon's when it began */
    int code;          /* RT_ENOTFOUND: released by retention; else why reading ended */
    struct rt_error error;
};

static void read_work(uv_work_t *work)
{
    struct read *read = work->data;
    struct rt_log *log = read->daemon->log;
    struct rt_log_cursor *cursor = rt_log_cursor_new(log, read->block->first);
    struct rt_log_record record;
    uint64_t durable = rt_log_durable(log);
    int r = 0;
    bool room = true;
    while (room && (r = rt_log_cursor_next(cursor, &record, &read->error)) == 0) {
        while (room && read->block->next < record.sequence) /* the log's own, not handed out */
            room = rt_event_block_add(read->block, (struct rt_bytes){0});
        bool event = record.kind == record_Kind_KIND_EVENT;
        room = room && rt_event_block_add(read->block, event ? record.body : (struct rt_bytes){0});
    }
    /* What was durable before is all read; the last of it may have been removed. */
    while (r == RT_EAGAIN && room && read->block->next <= durable)
        room = rt_event_block_add(read->block, (struct rt_bytes){0});
    read->code = r;
    rt_log_cursor_free(cursor);
}

static void read_start(struct rt_daemon *daemon, uint64_t sequence);

static void read_done(uv_work_t *work, int status)
{
    (void)status;
    struct read *read = work->data;
    struct rt_daemon *daemon = read->daemon;
    daemon->reads--;
    if (daemon->ended) {
        rt_event_block_free(read->block);
        rt_daemon_end_log(daemon);
    } else if (read->code == RT_ECORRUPT || read->code == RT_EIO) {
        /* Never skipped: the operator decides what to do about a damaged log. */
        daemon->news.error = read->error;
        atomic_store(&daemon->news.failed, true);
        daemon->failed = true;
        rt_event_block_free(read->block);
    } else if (read->rewrites != daemon->rewrites) { /* it may have what is gone now */
        read_start(daemon, read->block->first);
        rt_event_block_free(read->block);
    } else {
        if (read->code == RT_ENOTFOUND)
            rt_broker_first(daemon->broker, rt_log_first(daemon->log));
        rt_broker_loaded(daemon->broker, read->block);
    }
    free(read);
}

static void read_start(struct rt_daemon *daemon, uint64_t sequence)
{
    struct read *read = rt_zalloc(sizeof *read);
    read->daemon = daemon;
    read->block = rt_event_block_new(sequence);
    read->rewrites = daemon->rewrites;
    read->work.data = read;
    daemon->reads++;
    uv_queue_work(daemon->loop, &read->work, read_work, read_done);
}

void rt_daemon_read(struct rt_daemon *daemon)
{
    uint64_t sequence;
    while (rt_broker_read(daemon->broker, &sequence))
        read_start(daemon, sequence);
}

/* ----------------------------------------------------- what goes to the log */

void rt_daemon_follow_checkpoint(struct rt_daemon *daemon)
{
    uint64_t last = rt_broker_batch(daemon->broker)->next - 1;
    if (!daemon->disk_full || daemon->checkpointing || last != daemon->checkpoint ||
        last == daemon->followed)
        return;
    rt_broker_idle_record(daemon->broker);
    daemon->followed = last + 1;
}

/* Few records with nothing before them are committed by the loop itself: handing them over and
 * waking up again takes about as long as the sync. More records are not, because what comes in
 * meanwhile would wait; nor any on a disk that was slow lately. */
static bool commits_here(const struct rt_daemon *daemon, const struct rt_log_batch *batch)
{
    return batch->next - batch->first <= HERE_RECORDS && batch->bytes.len <= HERE_BYTES &&
           daemon->durable == daemon->submitted &&
           rt_daemon_now_ms(daemon) >= daemon->slow_until_ms;
}

static int submit_here(struct rt_daemon *daemon, struct rt_log_batch *batch)
{
    uint64_t start_ns = uv_hrtime();
    int r = rt_log_submit_here(daemon->log, batch);
    uint64_t took_ns = uv_hrtime() - start_ns;
    daemon->here_ns += took_ns / HERE_AVERAGED - daemon->here_ns / HERE_AVERAGED;
    if (daemon->here_ns > SLOW_NS) {
        daemon->slow_until_ms = rt_daemon_now_ms(daemon) + SLOW_MS;
        daemon->here_ns = 0;
    }
    return r;
}

/* Two batches are with the log at most: one being synced, one behind it. */
void rt_daemon_submit(struct rt_daemon *daemon)
{
    struct rt_log_batch *batch = rt_broker_batch(daemon->broker);
    if (rt_log_batch_empty(batch) || daemon->durable < daemon->submitted_before)
        return;
    size_t len = batch->bytes.len;
    uint64_t last = batch->next - 1;
    bool here = commits_here(daemon, batch);
    int r = here ? submit_here(daemon, batch) : rt_log_submit(daemon->log, batch);
    if (r < 0)
        return; /* no segment is ready, or the log failed: the news of either is on its way */
    daemon->submitted_before = daemon->submitted;
    daemon->submitted = last;
    daemon->bytes += len;
    uint64_t durable = here ? rt_log_durable(daemon->log) : daemon->durable;
    if (durable > daemon->durable) {
        daemon->durable = durable;
        rt_broker_durable(daemon->broker, durable);
        rt_broker_run(daemon->broker);
    }
}

/* Whether enough has come since the last one. On a full disk whatever came is enough: only what
 * two checkpoints have behind them makes room. */
static bool checkpoint_due(struct rt_daemon *daemon)
{
    if (!daemon->disk_full)
        return daemon->bytes >= daemon->options.checkpoint_bytes;
    if (daemon->bytes == 0 || rt_daemon_now_ms(daemon) < daemon->checkpoint_ms)
        return false;
    daemon->checkpoint_ms = rt_daemon_now_ms(daemon) + FULL_CHECKPOINT_MS;
    return true;
}

void rt_daemon_checkpoint(struct rt_daemon *daemon, bool now)
{
    uint64_t sequence = rt_broker_batch(daemon->broker)->next - 1;
    if (daemon->checkpointing || sequence == daemon->checkpoint ||
        !rt_log_batch_empty(rt_broker_batch(daemon->broker)) || (!now && !checkpoint_due(daemon)))
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

/* Releases what nothing needed the last time, now that the acknowledgements are durable: a crash
 * takes back those that are not. */
static void release(struct rt_daemon *daemon)
{
    if (daemon->durable < daemon->release_record)
        return;
    if (daemon->release_first > 0)
        rt_log_release(daemon->log, daemon->release_first - 1);
    uint64_t dead = rt_broker_oldest_dead(daemon->broker);
    uint64_t first = rt_broker_first_kept(daemon->broker);
    first = first < dead ? first : dead;
    daemon->release_more = first > daemon->release_first;
    daemon->release_first = first;
    daemon->release_record = rt_broker_batch(daemon->broker)->next - 1;
}

/* Lets whole segments go that are over the limits. What a subscription has not settled stays,
 * unless the operator said otherwise; dead letters stay in any case. */
void rt_daemon_retain(struct rt_daemon *daemon)
{
    const struct rt_retain *limits = &daemon->options.retain;
    int64_t now = rt_daemon_now_ms(daemon);
    if (now < daemon->retain_ms)
        return;
    daemon->retain_ms = now + RETAIN_EVERY_MS;
    struct rt_log_segment newest;
    size_t count = rt_log_segments(daemon->log, &newest, 0);
    if (count == 0)
        return;
    struct rt_log_segment *segments = rt_array(count, sizeof *segments);
    size_t found = rt_log_segments(daemon->log, segments, count);
    if (found < count)
        count = found;
    newest = segments[count - 1];
    int64_t wall = rt_broker_age_clock(daemon->broker);
    uint64_t from = rt_retain_any(limits) ? rt_retain_from(limits, segments, count, wall) : 0;
    free(segments);
    if (limits->hard && from > rt_broker_needed(daemon->broker) && from > daemon->lost_to) {
        daemon->lost_to = from;
        rt_broker_lose(daemon->broker, from);
    }
    if (rt_broker_needed(daemon->broker) >= from)
        rt_broker_retain(daemon->broker, from);
    release(daemon);
    /* So that a quiet channel's events grow old as well. */
    if (limits->age_ms > 0 && newest.events > 0 &&
        wall - newest.begun_ms >= limits->age_ms / AGE_PARTS)
        rt_log_roll(daemon->log);
}

/* ------------------------------------------------------ opening and closing */

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

int rt_daemon_open_log(struct rt_daemon *daemon, struct rt_error *error)
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
    uint64_t epoch;
    r = rt_daemon_epoch(daemon->options.data, &epoch, error);
    if (r < 0)
        return r;
    rt_broker_start(daemon->broker, rt_log_id(daemon->log) ^ epoch, rt_log_first(daemon->log),
                    next);
    return 0;
}

/* The log's threads call uv_async_send until it is closed, and readers need it open. */
void rt_daemon_end_log(struct rt_daemon *daemon)
{
    if (daemon->reads > 0)
        return;
    rt_log_close(daemon->log);
    daemon->log = NULL;
    uv_close((uv_handle_t *)&daemon->async, NULL);
}
