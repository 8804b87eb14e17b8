/*
 * Counts of values by powers of two: bucket k has those up to 2^k and above 2^(k-1), the first one
 * 0 and 1, the last one everything that is larger. Noting one is a count of leading zeros and
 * three additions.
 *
 * Threads: one at a time; readers on other threads need a lock.
 */
#ifndef RT_CHANNEL_HISTOGRAM_H
#define RT_CHANNEL_HISTOGRAM_H

#include <stdint.h>

enum { RT_HISTOGRAM_BUCKETS = 28 }; /* the last bound is 2^26: 67 s of microseconds, 64 MiB */

struct rt_histogram {
    uint64_t buckets[RT_HISTOGRAM_BUCKETS]; /* not cumulative */
    uint64_t count;
    uint64_t sum;
};

static inline void rt_histogram_add(struct rt_histogram *histogram, uint64_t value)
{
    int bucket = value <= 1 ? 0 : 64 - __builtin_clzll(value - 1);
    histogram->buckets[bucket < RT_HISTOGRAM_BUCKETS ? bucket : RT_HISTOGRAM_BUCKETS - 1]++;
    histogram->count++;
    histogram->sum += value;
}

#endif
