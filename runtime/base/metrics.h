/*
 * Numbers as text for Prometheus, in its exposition format 0.0.4: families one after the other,
 * each with its HELP, its TYPE and all of its samples.
 *
 * A counter's name ends in _total and only rises while the process lives. Units are base units:
 * seconds and bytes.
 */
#ifndef RT_CHANNEL_METRICS_H
#define RT_CHANNEL_METRICS_H

#include "runtime/base/buf.h"
#include "runtime/base/histogram.h"

enum rt_metric_type { RT_METRIC_GAUGE, RT_METRIC_COUNTER, RT_METRIC_HISTOGRAM };

/* Begins a family; `help` is a sentence without a full stop. */
void rt_metrics_family(struct rt_buf *out, const char *name, enum rt_metric_type type,
                       const char *help);
/* A sample of the family that was begun last; the label's value is escaped. */
void rt_metrics_labelled(struct rt_buf *out, const char *name, const char *label,
                         struct rt_str label_value, uint64_t value);

/* Whole families of one sample. */
void rt_metrics_number(struct rt_buf *out, const char *name, enum rt_metric_type type,
                       const char *help, uint64_t value);
/* A gauge in seconds: of a time since 1970, or a duration. */
void rt_metrics_seconds(struct rt_buf *out, const char *name, const char *help, int64_t ms);
/* `unit` is how many of the histogram's units make one of those that are shown: 1,000,000 for
 * microseconds shown as seconds. A power of ten. */
void rt_metrics_histogram(struct rt_buf *out, const char *name, const char *help,
                          const struct rt_histogram *histogram, uint64_t unit);

#endif
