/* The command line of a daemon as a table. */
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/base/arguments.h"

struct target {
    const char *data;
    uint32_t hops;
    uint64_t bytes;
    bool verbose;
};

static const struct rt_argument arguments[] = {
    {"data", "DIR", rt_argument_text, offsetof(struct target, data), 0, 0, "where things are"},
    {"hops", "N", rt_argument_u32, offsetof(struct target, hops), 1, 16, "proxies in a row"},
    {"a-name-as-long-as-the-column", "BYTES", rt_argument_u64, offsetof(struct target, bytes), 0,
     UINT64_MAX, "one line\nanother line"},
    {"verbose", NULL, rt_argument_flag, offsetof(struct target, verbose), 0, 0, "say more"},
};
enum { N_ARGUMENTS = sizeof arguments / sizeof *arguments, WORDS_MAX = 8 };

static struct target target;
static struct rt_error error;

/* Words separated by blanks; they live until the next call. */
static int read_line(const char *line)
{
    static char copy[256];
    char *argv[WORDS_MAX + 1] = {(char[]){"program"}};
    int argc = 1;
    target = (struct target){0};
    snprintf(copy, sizeof copy, "%s", line);
    for (char *rest = copy, *word; (word = strsep(&rest, " ")) && argc < WORDS_MAX;)
        if (*word)
            argv[argc++] = word;
    return rt_arguments_read(arguments, N_ARGUMENTS, argc, argv, &target, &error);
}

Test(arguments, values_of_every_type_are_set)
{
    cr_assert_eq(read_line("--data /x --hops=16 --a-name-as-long-as-the-column "
                           "18446744073709551615 --verbose"),
                 0, "%s", error.message);
    cr_expect_str_eq(target.data, "/x");
    cr_expect_eq(target.hops, 16);
    cr_expect_eq(target.bytes, UINT64_MAX);
    cr_expect(target.verbose);
}

Test(arguments, what_is_not_given_stays_as_it_is)
{
    cr_assert_eq(read_line(""), 0);
    cr_expect(!target.data && target.hops == 0 && target.bytes == 0 && !target.verbose);
}

Test(arguments, what_is_wrong_is_named)
{
    static const struct {
        const char *line, *said;
    } cases[] = {
        {"--hops 17", "--hops wants a number from 1 to 16, not \"17\""},
        {"--hops 0", "--hops wants a number from 1 to 16, not \"0\""},
        {"--hops 1x", "not \"1x\""},
        {"--hops -1", "not \"-1\""},
        {"--a-name-as-long-as-the-column 18446744073709551616", "not \"18446744073709551616\""},
        {"--data", "--data wants a value"},
        {"--nothing", "unknown option --nothing"},
        {"-x", "unknown option -x"},
        {"--verbose word", "unexpected argument \"word\""},
        {"-- --verbose", "unexpected argument \"--verbose\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(read_line(cases[i].line), RT_EINVAL, "%s", cases[i].line);
        cr_expect_not_null(strstr(error.message, cases[i].said), "%s: %s", cases[i].line,
                           error.message);
    }
}

Test(arguments, help_has_a_column)
{
    struct rt_buf out = {0};
    rt_arguments_help(arguments, N_ARGUMENTS, &out);
    cr_expect_str_eq(rt_buf_cstr(&out), "  --data DIR                where things are\n"
                                        "  --hops N                  proxies in a row\n"
                                        "  --a-name-as-long-as-the-column BYTES one line\n"
                                        "                            another line\n"
                                        "  --verbose                 say more\n");
    rt_buf_done(&out);
}

Test(arguments, an_address_is_a_host_and_a_port)
{
    static const struct {
        const char *text, *host; /* NULL: it is none */
        int port;
    } cases[] = {
        {"127.0.0.1:80", "127.0.0.1", 80},
        {"[::1]:0", "::1", 0},
        {"a:65535", "a", 65535},
        {"a:65536", NULL, 0},
        {":1", NULL, 0},
        {"a", NULL, 0},
        {"a:", NULL, 0},
        {"a:1x", NULL, 0},
        {"", NULL, 0},
        {"a:-1", NULL, 0},
        {"::1:80", "::1", 80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *host;
        size_t len;
        int port;
        bool fine = rt_address_split(cases[i].text, &host, &len, &port);
        cr_expect_eq(fine, cases[i].host != NULL, "%s", cases[i].text);
        if (fine && cases[i].host)
            cr_expect(rt_str_eq(rt_str_n(host, len), rt_str(cases[i].host)) &&
                          port == cases[i].port,
                      "%s", cases[i].text);
    }
}
