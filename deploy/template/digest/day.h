/* Days are those of UTC. */
#ifndef DIGEST_DAY_H
#define DIGEST_DAY_H

#include <stdint.h>

enum { DAY_LEN = 10 };

/* The day of a time in milliseconds since 1970, such as "2026-01-31". */
void day_of(int64_t time_ms, char ret_day[DAY_LEN + 1]);

#endif
