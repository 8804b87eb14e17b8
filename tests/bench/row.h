/*
 * One row of the comparison of channels (channel_compare.py), as its programs are asked for it:
 *
 *     PROGRAM ROW [--port P] [--bytes B] [--depth D] [--seconds S] [--backlog N] [--dir DIR]
 *
 * and how they answer: one line of JSON on standard output.
 */
#ifndef TESTS_BENCH_ROW_H
#define TESTS_BENCH_ROW_H

#include <stddef.h>
#include <stdint.h>

enum row_kind {
    ROW_PUBLISH, /* publish, D under way at a time */
    ROW_BOTH,    /* the same while a durable subscription consumes it */
    ROW_BACKLOG, /* N events are there; a durable subscription consumes them */
    ROW_LATENCY, /* 200 a second: from publish to delivery */
    ROW_FAN      /* like BOTH, with N durable subscriptions */
};

enum { ROW_BYTES_MAX = 4096, ROW_PER_SECOND = 200 };

struct row {
    enum row_kind kind;
    int port;
    size_t bytes;
    uint64_t depth;
    uint64_t backlog;
    double seconds;
    const char *dir;
};

/* Exits with the usage when the arguments are not as above. */
struct row row_parse(int argc, char **argv);
/* Says what went wrong and exits. */
_Noreturn void row_fail(const char *what, const char *why);
void row_print_rate(uint64_t events, uint64_t ns);
/* Sorts the samples, which are nanoseconds. */
void row_print_latency(uint64_t *samples, size_t count);

#endif
