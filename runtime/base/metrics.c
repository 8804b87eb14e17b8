#include "runtime/base/metrics.h"

#include <inttypes.h>

#include "runtime/base/error.h"

void rt_metrics_family(struct rt_buf *out, const char *name, enum rt_metric_type type,
                       const char *help)
{
    static const char *const types[] = {"gauge", "counter", "histogram"};
    rt_buf_printf(out, "# HELP %s %s.\n# TYPE %s %s\n", name, help, name, types[type]);
}

void rt_metrics_labelled(struct rt_buf *out, const char *name, const char *label,
                         struct rt_str label_value, uint64_t value)
{
    rt_buf_printf(out, "%s{%s=\"", name, label);
    for (size_t i = 0; i < label_value.len; i++) {
        char c = label_value.data[i];
        if (c == '\\' || c == '"')
            rt_buf_byte(out, '\\');
        if (c == '\n')
            rt_buf_puts(out, "\\n");
        else
            rt_buf_byte(out, (uint8_t)c);
    }
    rt_buf_printf(out, "\"} %" PRIu64 "\n", value);
}

void rt_metrics_number(struct rt_buf *out, const char *name, enum rt_metric_type type,
                       const char *help, uint64_t value)
{
    rt_metrics_family(out, name, type, help);
    rt_buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

void rt_metrics_seconds(struct rt_buf *out, const char *name, const char *help, int64_t ms)
{
    RT_ASSERT(ms >= 0);
    rt_metrics_family(out, name, RT_METRIC_GAUGE, help);
    rt_buf_printf(out, "%s %" PRId64 ".%03" PRId64 "\n", name, ms / 1000, ms % 1000);
}

/* `value` parts of a `unit`, as a decimal number. */
static void put_parts(struct rt_buf *out, uint64_t value, uint64_t unit)
{
    rt_buf_printf(out, "%" PRIu64, value / unit);
    uint64_t rest = value % unit;
    if (rest > 0)
        rt_buf_byte(out, '.');
    for (uint64_t digit = unit / 10; rest > 0; rest %= digit, digit /= 10)
        rt_buf_byte(out, (uint8_t)('0' + rest / digit));
}

void rt_metrics_histogram(struct rt_buf *out, const char *name, const char *help,
                          const struct rt_histogram *histogram, uint64_t unit)
{
    uint64_t below = 0;
    rt_metrics_family(out, name, RT_METRIC_HISTOGRAM, help);
    for (int i = 0; i < RT_HISTOGRAM_BUCKETS - 1; i++) {
        below += histogram->buckets[i];
        rt_buf_printf(out, "%s_bucket{le=\"", name);
        put_parts(out, (uint64_t)1 << i, unit);
        rt_buf_printf(out, "\"} %" PRIu64 "\n", below);
    }
    rt_buf_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum ", name, histogram->count, name);
    put_parts(out, histogram->sum, unit);
    rt_buf_printf(out, "\n%s_count %" PRIu64 "\n", name, histogram->count);
}
