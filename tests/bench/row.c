#include "tests/bench/row.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void row_fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, why);
    exit(EXIT_FAILURE);
}

static enum row_kind kind_parse(const char *name)
{
    static const char *const names[] = {"publish", "both", "backlog", "latency", "fan"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum row_kind)i;
    row_fail(name, "not a row");
}

struct row row_parse(int argc, char **argv)
{
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"bytes", required_argument, NULL, 'b'},
                                            {"depth", required_argument, NULL, 'd'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"backlog", required_argument, NULL, 'n'},
                                            {"dir", required_argument, NULL, 'D'},
                                            {0}};
    struct row row = {.bytes = 128, .depth = 4096, .seconds = 1, .backlog = 100000, .dir = "."};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p')
            row.port = atoi(optarg);
        else if (option == 'b')
            row.bytes = strtoull(optarg, NULL, 10);
        else if (option == 'd')
            row.depth = strtoull(optarg, NULL, 10);
        else if (option == 's')
            row.seconds = strtod(optarg, NULL);
        else if (option == 'n')
            row.backlog = strtoull(optarg, NULL, 10);
        else if (option == 'D')
            row.dir = optarg;
        else
            exit(EXIT_FAILURE);
    }
    if (optind + 1 != argc)
        row_fail("usage", "one ROW and options; see tests/bench/row.h");
    if (row.bytes < sizeof(uint64_t) || row.bytes > ROW_BYTES_MAX || row.depth == 0)
        row_fail("usage", "a payload has 8 to 4096 bytes, a depth is at least 1");
    row.kind = kind_parse(argv[optind]);
    return row;
}

void row_print_rate(uint64_t events, uint64_t ns)
{
    printf("{\"per_s\": %.0f}\n", (double)events * 1e9 / (double)ns);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

void row_print_latency(uint64_t *samples, size_t count)
{
    if (count == 0)
        row_fail("latency", "nothing was delivered");
    qsort(samples, count, sizeof *samples, compare);
    size_t middle = count / 2, late = count * 99 / 100;
    printf("{\"p50_us\": %.1f, \"p99_us\": %.1f}\n", (double)samples[middle] / 1000,
           (double)samples[late] / 1000);
}
