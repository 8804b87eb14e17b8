/* Old events: what waits for them to be read from the log, and the results. */
#include <utlist.h>

#include "runtime/channel/broker/state.h"

enum rt_look rt_reading_wait(struct rt_broker *broker, struct rt_reading *reading,
                             uint64_t sequence)
{
    if (!reading->waiting)
        DL_APPEND(broker->readings, reading);
    if (!reading->waiting || reading->sequence != sequence)
        reading->asked = false;
    reading->waiting = true;
    reading->barred = false;
    reading->sequence = sequence;
    return RT_LOOK_LATER;
}

enum rt_look rt_look_kept(struct rt_broker *broker, struct rt_reading *reading, uint64_t sequence,
                          struct rt_log_event *ret)
{
    struct rt_bytes body;
    switch (rt_event_cache_find(&broker->cache, sequence, &body)) {
    case RT_CACHE_EVENT:
        return rt_log_event_decode(body, ret) == 0 ? RT_LOOK_EVENT : RT_LOOK_OTHER;
    case RT_CACHE_OTHER:
        return RT_LOOK_OTHER;
    case RT_CACHE_MISSING:
        break;
    }
    if (sequence < broker->gone)
        return RT_LOOK_OTHER;
    return rt_reading_wait(broker, reading, sequence);
}

void rt_reading_stop(struct rt_broker *broker, struct rt_reading *reading)
{
    if (reading->waiting)
        DL_DELETE(broker->readings, reading);
    reading->waiting = false;
}

bool rt_broker_read(struct rt_broker *broker, uint64_t *ret_sequence)
{
    struct rt_reading *reading, *other;
    DL_FOREACH(broker->readings, reading)
    {
        if (reading->asked || reading->barred)
            continue;
        reading->asked = true;
        bool asked = false;
        DL_FOREACH(broker->readings, other)
        asked = asked || (other != reading && other->asked && other->sequence == reading->sequence);
        if (asked)
            continue;
        *ret_sequence = reading->sequence;
        return true;
    }
    return false;
}

void rt_broker_loaded(struct rt_broker *broker, struct rt_event_block *block)
{
    struct rt_reading *reading, *next;
    DL_FOREACH_SAFE(broker->readings, reading, next)
    {
        uint64_t sequence = reading->sequence;
        bool inside = sequence > block->first && sequence < block->next;
        if (!reading->asked || (sequence != block->first && !inside))
            continue;
        *reading->runnable = true;
        rt_reading_stop(broker, reading);
    }
    rt_event_cache_insert(&broker->cache, block);
}
