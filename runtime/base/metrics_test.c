#include <criterion/criterion.h>

#include "runtime/base/metrics.h"

TestSuite(metrics, .timeout = 20);

Test(metrics, families_samples_and_escapes)
{
    struct rt_buf out = {0};
    rt_metrics_number(&out, "a_total", RT_METRIC_COUNTER, "Things", UINT64_MAX);
    rt_metrics_family(&out, "b", RT_METRIC_GAUGE, "By name");
    rt_metrics_labelled(&out, "b", "name", RT_STR("plain"), 0);
    rt_metrics_labelled(&out, "b", "name", RT_STR("q\" b\\ n\n {},="), 1);
    rt_metrics_labelled(&out, "b", "name", RT_STR(""), 2);
    rt_metrics_seconds(&out, "c_seconds", "Time", 12034);
    cr_assert_str_eq(rt_buf_cstr(&out), "# HELP a_total Things.\n"
                                        "# TYPE a_total counter\n"
                                        "a_total 18446744073709551615\n"
                                        "# HELP b By name.\n"
                                        "# TYPE b gauge\n"
                                        "b{name=\"plain\"} 0\n"
                                        "b{name=\"q\\\" b\\\\ n\\n {},=\"} 1\n"
                                        "b{name=\"\"} 2\n"
                                        "# HELP c_seconds Time.\n"
                                        "# TYPE c_seconds gauge\n"
                                        "c_seconds 12.034\n");
    rt_buf_done(&out);
}

Test(metrics, a_bucket_has_what_its_bound_includes)
{
    const uint64_t last = (uint64_t)1 << (RT_HISTOGRAM_BUCKETS - 2);
    const struct {
        uint64_t value;
        int bucket;
    } cases[] = {
        {0, 0},
        {1, 0},
        {2, 1},
        {3, 2},
        {4, 2},
        {5, 3},
        {1024, 10},
        {1025, 11},
        {last, RT_HISTOGRAM_BUCKETS - 2},
        {last + 1, RT_HISTOGRAM_BUCKETS - 1},
        {UINT64_MAX, RT_HISTOGRAM_BUCKETS - 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_histogram histogram = {0};
        rt_histogram_add(&histogram, cases[i].value);
        cr_expect_eq(histogram.buckets[cases[i].bucket], 1, "%llu",
                     (unsigned long long)cases[i].value);
        cr_expect_eq(histogram.sum, cases[i].value);
        cr_expect_eq(histogram.count, 1);
    }
}

static bool has(struct rt_buf *out, const char *line)
{
    return strstr(rt_buf_cstr(out), line) != NULL;
}

Test(metrics, histograms_are_cumulative_and_in_their_unit)
{
    struct rt_histogram histogram = {0};
    rt_histogram_add(&histogram, 3);
    rt_histogram_add(&histogram, 2000000);
    rt_histogram_add(&histogram, (uint64_t)1 << 40);
    struct rt_buf out = {0};
    rt_metrics_histogram(&out, "t_seconds", "Time", &histogram, 1000000);
    cr_expect(has(&out, "# TYPE t_seconds histogram\nt_seconds_bucket{le=\"0.000001\"} 0\n"));
    cr_expect(has(&out, "\nt_seconds_bucket{le=\"0.000004\"} 1\n"));
    cr_expect(has(&out, "\nt_seconds_bucket{le=\"1.048576\"} 1\n"));
    cr_expect(has(&out, "\nt_seconds_bucket{le=\"2.097152\"} 2\n"));
    cr_expect(has(&out, "\nt_seconds_bucket{le=\"67.108864\"} 2\n"
                        "t_seconds_bucket{le=\"+Inf\"} 3\n"
                        "t_seconds_sum 1099513.627779\n"
                        "t_seconds_count 3\n"));
    rt_buf_clear(&out);
    rt_metrics_histogram(&out, "n", "Things", &histogram, 1);
    cr_expect(has(&out, "\nn_bucket{le=\"1024\"} 1\n"));
    cr_expect(has(&out, "\nn_sum 1099513627779\n"));
    rt_buf_done(&out);
}
