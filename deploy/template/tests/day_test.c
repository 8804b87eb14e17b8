/* The rule that needs neither service nor clock: the time is an argument. */
#include <stdio.h>
#include <string.h>

#include "digest/day.h"

int main(void)
{
    static const struct {
        int64_t time_ms;
        const char *day;
    } cases[] = {
        {0, "1970-01-01"},
        {INT64_C(1769903999999), "2026-01-31"},
        {INT64_C(1769904000000), "2026-02-01"},
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char day[DAY_LEN + 1];
        day_of(cases[i].time_ms, day);
        if (strcmp(day, cases[i].day) != 0) {
            printf("%lld: %s, not %s\n", (long long)cases[i].time_ms, day, cases[i].day);
            failed++;
        }
    }
    return failed > 0;
}
