#include "digest/day.h"

#include <time.h>

void day_of(int64_t time_ms, char ret_day[DAY_LEN + 1])
{
    time_t seconds = time_ms / 1000;
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(ret_day, DAY_LEN + 1, "%Y-%m-%d", &parts);
}
