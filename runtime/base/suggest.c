#include "runtime/base/suggest.h"

#include <stdint.h>
#include <string.h>

struct rt_suggest rt_suggest_init(const char *wanted)
{
    unsigned len = (unsigned)strlen(wanted);
    return (struct rt_suggest){.wanted = wanted, .distance = (len < 3 ? 1 : len / 3) * 2 + 2};
}

static uint8_t fold(char c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static unsigned min_of(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance, doubled so that a difference in case can count as 1. Gives
 * up, returning `bound`, as soon as a whole row is at least that. */
static unsigned distance_below(const char *a, size_t a_len, const char *b, size_t b_len,
                               unsigned bound)
{
    unsigned rows[3][RT_SUGGEST_NAME_MAX + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= b_len; j++)
        above[j] = 2 * j;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned least = row[0] = 2 * i;
        for (unsigned j = 1; j <= b_len; j++) {
            unsigned cost = a[i - 1] == b[j - 1] ? 0 : fold(a[i - 1]) == fold(b[j - 1]) ? 1 : 2;
            unsigned best = min_of(min_of(above[j], row[j - 1]) + 2, above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = min_of(best, before[j - 2] + 2);
            row[j] = best;
            least = min_of(least, best);
        }
        if (least >= bound)
            return bound;
        unsigned *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return min_of(above[b_len], bound);
}

void rt_suggest_try(struct rt_suggest *suggest, const char *candidate)
{
    size_t a = strlen(suggest->wanted);
    size_t b = strlen(candidate);
    size_t gap = a > b ? a - b : b - a;
    if (a > RT_SUGGEST_NAME_MAX || b > RT_SUGGEST_NAME_MAX || 2 * gap >= suggest->distance)
        return;
    unsigned distance = distance_below(suggest->wanted, a, candidate, b, suggest->distance);
    if (distance < suggest->distance && distance < 2 * a) {
        suggest->distance = distance;
        suggest->best = candidate;
    }
}
