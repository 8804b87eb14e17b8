#include "runtime/app/request/rate.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"

void rt_rate_init(struct rt_rate *rate)
{
    rate->sets = rt_array(RT_RATE_SETS, sizeof(*rate->sets));
}

void rt_rate_done(struct rt_rate *rate)
{
    free(rate->sets);
    rate->sets = NULL;
}

static struct rt_rate_entry *find(struct rt_rate *rate, uint64_t key)
{
    struct rt_rate_entry *set = rate->sets[key % RT_RATE_SETS];
    struct rt_rate_entry *victim = &set[0];
    for (size_t i = 0; i < RT_RATE_WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].full_at_us < victim->full_at_us)
            victim = &set[i];
    }
    *victim = (struct rt_rate_entry){.key = key};
    return victim;
}

bool rt_rate_take(struct rt_rate *rate, uint64_t key, uint32_t count, int64_t period_ms,
                  int64_t now_ms, int64_t *ret_wait_ms)
{
    struct rt_rate_entry *entry = find(rate, key);
    int64_t now_us = now_ms * 1000;
    int64_t period_us = period_ms * 1000;
    int64_t full_at_us = entry->full_at_us > now_us ? entry->full_at_us : now_us;
    full_at_us += period_us / count;
    if (full_at_us - now_us > period_us) {
        *ret_wait_ms = (full_at_us - now_us - period_us + 999) / 1000;
        return false;
    }
    entry->full_at_us = full_at_us;
    return true;
}
