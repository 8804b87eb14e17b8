/* What time it is: one clock that only rises, UTC for schedules, and UTC without jumps for ages. */
#include <utlist.h>

#include "runtime/channel/broker/state.h"

/* A step of UTC of more than this, against the rising clock, is a correction and not a drift... */
enum { JUMP_MS = 2000 };
/* ...and ages follow it when it has lasted so long. */
#define JUMP_LASTS_MS ((int64_t)60 * 60 * 1000)

/* What is scheduled is looked at again: its time in the rising clock is another one now. */
static void schedule_anew(struct rt_broker *broker)
{
    struct rt_sub *sub;
    DL_FOREACH(broker->subs, sub)
    {
        struct rt_entry *entry = RB_MIN(rt_entry_delayed, &sub->delayed), *next;
        for (; entry; entry = next) {
            next = RB_NEXT(rt_entry_delayed, &sub->delayed, entry);
            if (entry->scheduled)
                rt_entry_ready(entry, sub);
        }
    }
}

void rt_clock_set(struct rt_broker *broker, int64_t now_ms, int64_t wall_ms)
{
    int64_t ahead_ms = wall_ms - now_ms; /* constant, but for drift and corrections */
    bool first = broker->wall_ms == 0;
    int64_t step_ms = ahead_ms - (broker->wall_ms - broker->now_ms);
    broker->now_ms = now_ms;
    broker->wall_ms = wall_ms;
    if (!first && (step_ms > JUMP_MS || step_ms < -JUMP_MS))
        schedule_anew(broker);
    int64_t apart_ms = ahead_ms - broker->age_ahead_ms;
    bool jumped = !first && (apart_ms > JUMP_MS || apart_ms < -JUMP_MS);
    if (!jumped)
        broker->jumped_ms = 0;
    else if (broker->jumped_ms == 0)
        broker->jumped_ms = now_ms;
    if (!jumped || now_ms - broker->jumped_ms >= JUMP_LASTS_MS) {
        broker->age_ahead_ms = ahead_ms;
        broker->jumped_ms = 0;
    }
}

int64_t rt_broker_age_clock(const struct rt_broker *broker)
{
    return broker->now_ms + broker->age_ahead_ms;
}
