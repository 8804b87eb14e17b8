/* What time it is, and what that means for clients. */
#include "runtime/base/clock.h"
#include "runtime/channel/daemon/state.h"

enum { STALL_MS = 100 };

/* The machine or this process may have stood still, and clients must not pay for that. */
void rt_daemon_time(struct rt_daemon *daemon)
{
    int64_t now = rt_daemon_now_ms(daemon);
    if (now > daemon->wake_ms && now - daemon->wake_ms >= STALL_MS)
        rt_broker_deaf(daemon->broker, now - daemon->wake_ms);
    daemon->wake_ms = INT64_MAX;
    rt_broker_time(daemon->broker, now, rt_clock_now_ms());
}
