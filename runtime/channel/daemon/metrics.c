/* What the daemon counts beside the broker: the log. A new number is a line here and one in
 * docs/channel/OPERATIONS.md, which a test compares. */
#include "runtime/base/metrics.h"

#include "runtime/channel/daemon/state.h"

enum { MICROSECONDS = 1000000 };

static void log_metrics(const struct rt_log_stats *log, struct rt_buf *out)
{
    rt_metrics_number(out, "channel_log_bytes", RT_METRIC_GAUGE, "Bytes of records in the log",
                      log->record_bytes);
    rt_metrics_number(out, "channel_log_segments", RT_METRIC_GAUGE, "Segments that hold records",
                      log->segments);
    rt_metrics_number(out, "channel_log_spare_segments", RT_METRIC_GAUGE,
                      "Segments prepared for what comes", log->spares);
    rt_metrics_number(out, "channel_log_first_sequence", RT_METRIC_GAUGE,
                      "Oldest record on the disk", log->first);
    rt_metrics_seconds(out, "channel_log_oldest_timestamp_seconds",
                       "When the oldest segment was begun, since 1970; 0: unknown", log->begun_ms);
    rt_metrics_number(out, "channel_log_events_total", RT_METRIC_COUNTER,
                      "Events ever appended, by processes before this one too", log->events);
    rt_metrics_number(out, "channel_log_syncs_total", RT_METRIC_COUNTER, "Calls of fdatasync",
                      log->syncs);
    rt_metrics_histogram(out, "channel_log_commit_seconds", "Write and fdatasync of a batch",
                         &log->commit_us, MICROSECONDS);
    rt_metrics_histogram(out, "channel_log_batch_records", "Records in a batch",
                         &log->batch_records, 1);
    rt_metrics_histogram(out, "channel_log_batch_bytes", "Bytes of records in a batch",
                         &log->batch_bytes, 1);
}

void rt_daemon_metrics(void *arg, struct rt_buf *out)
{
    struct rt_daemon *daemon = arg;
    struct rt_log_stats log;
    rt_log_stats(daemon->log, &log);
    rt_metrics_number(out, "channel_tls_refused_total", RT_METRIC_COUNTER,
                      "Handshakes that failed, or that were none", daemon->tls_refused);
    log_metrics(&log, out);
    rt_metrics_number(out, "channel_checkpoint_sequence", RT_METRIC_GAUGE,
                      "Record that the newest checkpoint was taken at", log.checkpoint);
    rt_metrics_seconds(out, "channel_checkpoint_timestamp_seconds",
                       "When it was written, since 1970; 0: before this process started",
                       atomic_load(&daemon->news.checkpoint_ms));
    rt_metrics_number(out, "channel_checkpoint_lag_bytes", RT_METRIC_GAUGE,
                      "Bytes of records since the newest checkpoint, which a start replays",
                      daemon->bytes);
}
