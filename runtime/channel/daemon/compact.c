/* Compaction by key, done: the thread pool reads the log and rewrites its segments, a piece at a
 * time, and the loop decides between two pieces whether and where to go on (compact.h). */
#include "runtime/channel/broker/compact.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/channel/broker/records.pb.h"
#include "runtime/channel/daemon/state.h"
#include "runtime/channel/log/rewrite.h"

enum {
    LOOK_EVERY_MS = 250,
    FAILED_PAUSE_MS = 60000,
    GIVEN_UP_PAUSE_MS = 1000,
    READ_STEP = 1 << 20,      /* bytes of records between two pauses... */
    READ_PAUSE_NS = 2000000,  /* ...so that others get the disk and the processor, too */
    WRITE_PAUSE_NS = 4000000, /* after each RT_LOG_REWRITE_STEP, which was synced */
};

/* What was rewritten, for the line about it. */
struct totals {
    uint64_t segments;
    uint64_t events, events_gone;
    uint64_t bytes, bytes_gone; /* of records */
};

struct rt_compactor {
    struct rt_daemon *daemon;
    struct rt_compact_past past;
    int64_t look_ms; /* when to look again */

    /* A pass: the segments that it looks at, in order. The keys in those from the first one of a
     * group up to `group` are known. */
    struct rt_log_segment *segments;
    size_t count, at, group;
    uint64_t known; /* events up to here were read */
    struct rt_compact *compact;
    struct totals totals;

    /* The piece under way on the thread pool, which has what is above meanwhile. */
    uv_work_t work;
    bool busy;
    bool surveying; /* else a segment is being rewritten */
    atomic_bool stop;
    uint64_t unpaced; /* bytes read since the last pause */
    uint8_t *bits;    /* of that segment: what stays */
    struct totals found;
    struct rt_compact_bytes bytes;
    bool rewritten;
    int code;
    struct rt_error error;
};

struct rt_compactor *rt_compactor_new(struct rt_daemon *daemon)
{
    if (!rt_compact_any(&daemon->options.broker.compact))
        return NULL;
    struct rt_compactor *compactor = rt_zalloc(sizeof *compactor);
    compactor->daemon = daemon;
    compactor->work.data = compactor;
    return compactor;
}

static void pass_end(struct rt_compactor *compactor)
{
    rt_compact_free(compactor->compact);
    compactor->compact = NULL;
    free(compactor->segments);
    compactor->segments = NULL;
    compactor->count = compactor->at = compactor->group = 0;
    compactor->totals = (struct totals){0};
}

void rt_compactor_free(struct rt_compactor *compactor)
{
    if (!compactor)
        return;
    RT_ASSERT(!compactor->busy);
    pass_end(compactor);
    free(compactor);
}

void rt_compactor_stop(struct rt_compactor *compactor)
{
    if (compactor)
        atomic_store(&compactor->stop, true);
}

/* ------------------------------------------------------- on the thread pool */

static void pause_ns(long ns)
{
    struct timespec pause = {.tv_nsec = ns};
    nanosleep(&pause, NULL);
}

/* Reads on at an even pace; RT_ECLOSED when it is to be given up. */
static int read_next(struct rt_compactor *compactor, struct rt_log_cursor *cursor,
                     struct rt_log_record *ret)
{
    if (atomic_load_explicit(&compactor->stop, memory_order_relaxed))
        return rt_error_set(&compactor->error, RT_ECLOSED, "compaction was given up");
    int code = rt_log_cursor_next(cursor, ret, &compactor->error);
    if (code == 0)
        compactor->unpaced += rt_log_record_size(ret->body.len);
    if (compactor->unpaced >= READ_STEP) {
        compactor->unpaced = 0;
        pause_ns(READ_PAUSE_NS);
    }
    return code;
}

static bool is_event(const struct rt_log_record *record, struct rt_log_event *ret)
{
    return record->kind == record_Kind_KIND_EVENT && rt_log_event_decode(record->body, ret) == 0;
}

/* Finds out where the newest event of each key is, for as many segments as there is room for their
 * keys; for one at least. */
static int survey(struct rt_compactor *compactor)
{
    struct rt_log *log = compactor->daemon->log;
    const struct rt_log_segment *segments = compactor->segments;
    struct rt_log_cursor *cursor = rt_log_cursor_new(log, segments[compactor->at].base);
    struct rt_log_record record;
    struct rt_log_event event;
    size_t segment = compactor->at, end = compactor->count;
    compactor->known = rt_log_durable(log);
    int code = 0;
    while ((code = read_next(compactor, cursor, &record)) == 0) {
        if (record.sequence > compactor->known)
            break;
        while (segment < end && record.sequence >= segments[segment].next)
            segment++;
        if (is_event(&record, &event) &&
            !rt_compact_note(compactor->compact, record.sequence, &event, segment < end))
            end = segment > compactor->at ? segment : segment + 1;
    }
    rt_log_cursor_free(cursor);
    compactor->group = end;
    return code == RT_EAGAIN ? 0 : code;
}

/* What of the segment is to go. */
static int judge(struct rt_compactor *compactor, const struct rt_log_segment *segment)
{
    struct rt_log_cursor *cursor = rt_log_cursor_new(compactor->daemon->log, segment->base);
    struct rt_log_record record;
    struct rt_log_event event;
    int code;
    while ((code = read_next(compactor, cursor, &record)) == 0 && record.sequence < segment->next) {
        uint64_t at = record.sequence - segment->base, size = rt_log_record_size(record.body.len);
        bool known = is_event(&record, &event);
        enum rt_compact_verdict verdict =
            known ? rt_compact_judge(compactor->compact, record.sequence, &event)
                  : RT_COMPACT_OTHER;
        compactor->found.events += known;
        compactor->bytes.all += size;
        compactor->bytes.about += verdict != RT_COMPACT_OTHER ? size : 0;
        if (verdict == RT_COMPACT_GOES) {
            compactor->bytes.gone += size;
            compactor->found.events_gone++;
        } else {
            compactor->bits[at / 8] |= (uint8_t)(1u << at % 8);
        }
    }
    rt_log_cursor_free(cursor);
    return code == RT_EAGAIN ? 0 : code;
}

static size_t rewrite_pace(void *arg)
{
    struct rt_compactor *compactor = arg;
    pause_ns(WRITE_PAUSE_NS);
    return atomic_load(&compactor->stop) ? 0 : RT_LOG_REWRITE_STEP;
}

static int rewrite(struct rt_compactor *compactor)
{
    const struct rt_log_segment *segment = &compactor->segments[compactor->at];
    compactor->found = (struct totals){.segments = 1};
    compactor->bytes = (struct rt_compact_bytes){0};
    compactor->bits = rt_array((segment->next - segment->base) / 8 + 1, 1);
    int code = judge(compactor, segment);
    if (code < 0 || !rt_compact_worth(&compactor->bytes))
        return code;
    struct rt_log_keep keep = {segment->base, segment->next, compactor->bits};
    struct rt_log_pace pace = {rewrite_pace, compactor};
    code = rt_log_rewrite(compactor->daemon->log, &keep, &pace, &compactor->error);
    compactor->rewritten = code == 0;
    return code;
}

static void piece_work(uv_work_t *work)
{
    struct rt_compactor *compactor = work->data;
    compactor->code = compactor->surveying ? survey(compactor) : rewrite(compactor);
}

/* -------------------------------------------------------------- on the loop */

static void report(const struct rt_compactor *compactor)
{
    const struct totals *totals = &compactor->totals;
    const struct rt_log_segment *last = &compactor->segments[compactor->at - 1];
    if (totals->segments == 0 || !compactor->daemon->options.report)
        return;
    char text[256];
    snprintf(text, sizeof text,
             "compaction up to record %" PRIu64 ": %" PRIu64 " segments rewritten, %" PRIu64
             " events in them became %" PRIu64 ", %" PRIu64 " bytes became %" PRIu64,
             last->next - 1, totals->segments, totals->events, totals->events - totals->events_gone,
             totals->bytes, totals->bytes - totals->bytes_gone);
    compactor->daemon->options.report(text);
}

static void report_failure(const struct rt_compactor *compactor)
{
    char text[RT_ERROR_MESSAGE_MAX + 64];
    snprintf(text, sizeof text, "compaction is put off: %s", compactor->error.message);
    if (compactor->daemon->options.report)
        compactor->daemon->options.report(text);
}

/* What was looked at is known, whether or not the pass came to its end. */
static void pass_finish(struct rt_compactor *compactor)
{
    if (compactor->at > 0) {
        compactor->past.looked = compactor->segments[compactor->at - 1].next - 1;
        compactor->past.known = compactor->known;
        report(compactor);
    }
    pass_end(compactor);
}

static void segment_done(struct rt_compactor *compactor)
{
    struct rt_daemon *daemon = compactor->daemon;
    const struct rt_log_segment *segment = &compactor->segments[compactor->at++];
    if (!compactor->rewritten)
        return;
    compactor->rewritten = false;
    struct totals *totals = &compactor->totals;
    totals->segments++;
    totals->events += compactor->found.events;
    totals->events_gone += compactor->found.events_gone;
    totals->bytes += compactor->bytes.all;
    totals->bytes_gone += compactor->bytes.gone;
    daemon->rewrites++;
    struct rt_broker_compacted what = {.base = segment->base,
                                       .next = segment->next,
                                       .bits = compactor->bits,
                                       .events = compactor->found.events_gone,
                                       .bytes = compactor->bytes.gone};
    rt_broker_compacted(daemon->broker, &what);
}

static void piece_done(uv_work_t *work, int status)
{
    (void)status;
    struct rt_compactor *compactor = work->data;
    struct rt_daemon *daemon = compactor->daemon;
    compactor->busy = false;
    compactor->look_ms = 0;
    rt_broker_bar(daemon->broker, 0, 0);
    daemon->reads--;
    if (compactor->code == 0 && !compactor->surveying)
        segment_done(compactor);
    free(compactor->bits);
    compactor->bits = NULL;
    if (compactor->code < 0) {
        /* The segment is needed, or was dropped; any other failure is worth a line. */
        bool given_up = compactor->code == RT_ECLOSED || compactor->code == RT_ENOTFOUND ||
                        compactor->code == RT_EINVAL;
        if (!given_up)
            report_failure(compactor);
        compactor->look_ms =
            rt_daemon_now_ms(daemon) + (given_up ? GIVEN_UP_PAUSE_MS : FAILED_PAUSE_MS);
        pass_finish(compactor);
    }
    if (daemon->ended)
        rt_daemon_end_log(daemon);
}

static void piece_start(struct rt_compactor *compactor, bool surveying)
{
    compactor->surveying = surveying;
    compactor->busy = true;
    atomic_store(&compactor->stop, false);
    compactor->daemon->reads++;
    uv_queue_work(compactor->daemon->loop, &compactor->work, piece_work, piece_done);
}

static void pass_begin(struct rt_compactor *compactor, uint64_t settled)
{
    struct rt_log *log = compactor->daemon->log;
    struct rt_log_segment none;
    struct rt_log_stats stats;
    size_t count = rt_log_segments(log, &none, 0);
    struct rt_log_segment *segments = rt_array(count + 1, sizeof *segments);
    size_t found = rt_log_segments(log, segments, count);
    rt_log_stats(log, &stats);
    compactor->segments = segments;
    compactor->count = rt_compact_due(&compactor->past, segments, found < count ? found : count,
                                      settled, stats.replayable, stats.disk_full);
    if (compactor->count == 0)
        pass_end(compactor);
}

/* The next piece of a pass, or its end. */
static void pass_next(struct rt_compactor *compactor, uint64_t settled)
{
    const struct rt_broker_options *options = &compactor->daemon->options.broker;
    if (compactor->at == compactor->count ||
        compactor->segments[compactor->at].next - 1 > settled) {
        pass_finish(compactor);
    } else if (compactor->at < compactor->group) {
        const struct rt_log_segment *segment = &compactor->segments[compactor->at];
        rt_broker_bar(compactor->daemon->broker, segment->base, segment->next);
        piece_start(compactor, false);
    } else {
        rt_compact_free(compactor->compact);
        size_t keys = compactor->daemon->options.compact_keys;
        compactor->compact =
            rt_compact_new(&options->compact, rt_clock_now_ms(), keys > 0 ? keys : RT_COMPACT_KEYS);
        piece_start(compactor, true);
    }
}

int64_t rt_compactor_turn(struct rt_compactor *compactor)
{
    if (!compactor)
        return INT64_MAX;
    struct rt_daemon *daemon = compactor->daemon;
    int64_t now = rt_daemon_now_ms(daemon);
    if (!compactor->busy && now < compactor->look_ms)
        return compactor->look_ms;
    uint64_t settled = rt_broker_compactable(daemon->broker);
    if (compactor->busy) {
        /* A subscription needs it now: it is new, or went back. */
        if (!compactor->surveying && compactor->segments[compactor->at].next - 1 > settled)
            rt_compactor_stop(compactor);
        return INT64_MAX;
    }
    compactor->look_ms = now + LOOK_EVERY_MS;
    if (daemon->stopping)
        return INT64_MAX;
    if (compactor->count == 0)
        pass_begin(compactor, settled);
    if (compactor->count > 0)
        pass_next(compactor, settled);
    return compactor->look_ms;
}
