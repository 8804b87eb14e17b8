#include "runtime/channel/daemon/retain.h"

/* Was the newest record of this segment written so long ago? The next segment was begun after it;
 * where that is unknown (format 1), the one after is asked. */
static bool is_old(const struct rt_log_segment *segments, size_t count, size_t index,
                   int64_t before_ms)
{
    for (size_t next = index + 1; next < count; next++)
        if (segments[next].begun_ms > 0)
            return segments[next].begun_ms <= before_ms;
    return false;
}

uint64_t rt_retain_from(const struct rt_retain *limits, const struct rt_log_segment *segments,
                        size_t count, int64_t wall_ms)
{
    RT_ASSERT(count > 0);
    uint64_t bytes = 0, events = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += segments[i].bytes;
        events += segments[i].events;
    }
    size_t first = 0;
    for (; first + 1 < count; first++) {
        const struct rt_log_segment *oldest = &segments[first];
        bool many = limits->events > 0 && events - oldest->events >= limits->events;
        bool large = limits->bytes > 0 && bytes > limits->bytes;
        bool old = limits->age_ms > 0 && is_old(segments, count, first, wall_ms - limits->age_ms);
        if (!many && !large && !old)
            break;
        bytes -= oldest->bytes;
        events -= oldest->events;
    }
    return segments[first].base;
}
