#include "runtime/base/descriptors.h"

#include <stdint.h>
#include <sys/resource.h>

size_t rt_descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_cur != before && setrlimit(RLIMIT_NOFILE, &limit) != 0)
        limit.rlim_cur = before;
    return limit.rlim_cur > SIZE_MAX ? SIZE_MAX : (size_t)limit.rlim_cur;
}

size_t rt_descriptors_for_connections(size_t limit)
{
    size_t own = limit / 5 + RT_DESCRIPTORS_OWN;
    return limit > own ? limit - own : 0;
}
