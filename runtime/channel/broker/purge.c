/* Which events an operator purged by filter. */
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

struct rt_purge *rt_purge_add(struct rt_broker *broker, struct rt_str filter, uint64_t up_to)
{
    struct rt_purge *purge = rt_zalloc(sizeof *purge);
    purge->id = ++broker->next_purge_id;
    purge->up_to = up_to;
    rt_match_init(&purge->match, &filter, 1);
    DL_APPEND(broker->purges, purge);
    return purge;
}

void rt_purge_free(struct rt_broker *broker, struct rt_purge *purge)
{
    DL_DELETE(broker->purges, purge);
    rt_match_done(&purge->match);
    free(purge);
}

bool rt_purged(struct rt_broker *broker, uint64_t sequence, struct rt_str subject, uint64_t before)
{
    struct rt_purge *purge;
    DL_FOREACH(broker->purges, purge)
    {
        if (purge->id < before && sequence <= purge->up_to && rt_match_any(&purge->match, subject))
            return true;
    }
    return false;
}
