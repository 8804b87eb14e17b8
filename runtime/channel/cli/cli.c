/*
 * channel, the command line of the event channel. See docs/channel/OPERATIONS.md.
 */
#include "runtime/channel/cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/clock.h"
#include "runtime/channel/log/repair.h"
#include "runtime/wire/schema.h"

enum { EXIT_USAGE = 2 };
#define EXPIRE_MAX ((uint64_t)1 << 40) /* seconds */

static void on_interrupt(int number)
{
    (void)number;
    cli_interrupted = 1;
}

/* ----------------------------------------------------------- verify, repair */

static void on_finding(void *arg, const char *text)
{
    (void)arg;
    fprintf(stderr, "channel: %s\n", text);
}

static int run_inspect(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)argc;
    struct rt_log_inspection inspection = {.dir = argv[0], .finding = on_finding};
    struct rt_log_report report = {0};
    int r = strcmp(command->name, "repair") == 0 ? rt_log_repair(&inspection, &report, &cli->error)
                                                 : rt_log_verify(&inspection, &report, &cli->error);
    printf("%" PRIu64 " segments, %" PRIu64 " records (%" PRIu64 " to %" PRIu64 "), %" PRIu64
           " bytes, %" PRIu64 " removed, checkpoint at %" PRIu64 "; %" PRIu64
           " damaged places, %" PRIu64 " records lost\n",
           report.segments, report.records, report.first, report.last, report.bytes, report.removed,
           report.checkpoint, report.damages, report.lost);
    return r;
}

/* ----------------------------------------------------- commands and options */

static const struct cli_command commands[] = {
    {"pub", "SUBJECT [PAYLOAD]",
     "publish one event, or each line of standard input; done when all are durable",
     "key id at json schema", cli_pub, 1, 2},
    {"sub", "NAME [FILTER...]",
     "take events of the durable subscription NAME, one JSON a line, each acknowledged when it is "
     "printed; a new one starts at the oldest",
     "start count schema raw", cli_sub, 1, RT_FILTERS_MAX + 1},
    {"sub create", "NAME FILTER...", "make a durable subscription",
     "start ack-wait max-deliver backoff expire", cli_rules, 2, RT_FILTERS_MAX + 1},
    {"sub edit", "NAME [FILTER...]", "change what is named of its rules, for all its members",
     "ack-wait max-deliver backoff expire force", cli_rules, 1, RT_FILTERS_MAX + 1},
    {"sub info", "NAME", "where one is, its rules, and what it did", NULL, cli_request, 1, 1},
    {"sub rm", "NAME", "drop one that nobody uses", NULL, cli_request, 1, 1},
    {"tail", "FILTER...", "print what comes from now on, without keeping a subscription",
     "start count schema raw", cli_tail, 1, RT_FILTERS_MAX},
    {"ls", "[NAME]", "subscriptions: where they are, and what they did", NULL, cli_request, 0, 1},
    {"lag", "[NAME]", "how far they are behind", NULL, cli_request, 0, 1},
    {"info", "", "the broker in numbers", NULL, cli_request, 0, 0},
    {"metrics", "", "all numbers, for Prometheus", NULL, cli_request, 0, 0},
    {"schema", "", "the broker's schema.binpb, if it has one", NULL, cli_schema, 0, 0},
    {"dead ls", "[ID|NAME]", "dead letters: all, from one on, or of one subscription", "count",
     cli_request, 0, 1},
    {"dead show", "ID|NAME", "one, or a subscription's, with the payload", "count schema raw",
     cli_dead_show, 1, 1},
    {"dead replay", "ID|NAME", "deliver again, to its subscription only", "count", cli_request, 1,
     1},
    {"dead drop", "ID|NAME", "forget", "count", cli_request, 1, 1},
    {"replay", "NAME SEQUENCE", "go back: everything from SEQUENCE on comes again", NULL,
     cli_request, 2, 2},
    {"purge", "FILTER [SEQUENCE]", "nobody sees the events it selects any more, up to SEQUENCE",
     "force", cli_purge, 1, 2},
    {"truncate", "SEQUENCE", "the same for everything up to SEQUENCE but dead letters", "force",
     cli_purge, 1, 1},
    {"forget", "NAME", "drop a durable subscription that nobody uses", NULL, cli_request, 1, 1},
    {"bench", "[EVENTS]", "publish to bench:event and say how fast it was, durably", NULL,
     cli_bench, 0, 1},
    {"verify", "DIR", "read a whole log and name what is damaged (broker stopped)", NULL,
     run_inspect, 1, 1},
    {"repair", "DIR",
     "make a damaged log usable; what was in lost records is lost (broker stopped)", NULL,
     run_inspect, 1, 1},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const struct option long_options[] = {
    {"server", required_argument, NULL, 's'},
    {"name", required_argument, NULL, 'n'},
    {"token-file", required_argument, NULL, 't'},
    {"tls-ca", required_argument, NULL, 'A'},
    {"tls-cert", required_argument, NULL, 'C'},
    {"tls-key", required_argument, NULL, 'K'},
    {"key", required_argument, NULL, 'k'},
    {"id", required_argument, NULL, 'i'},
    {"at", required_argument, NULL, 'a'},
    {"force", no_argument, NULL, 'f'},
    {"schema", required_argument, NULL, 'S'},
    {"raw", no_argument, NULL, 'r'},
    {"json", no_argument, NULL, 'j'},
    {"start", required_argument, NULL, 'w'},
    {"count", required_argument, NULL, 'c'},
    {"ack-wait", required_argument, NULL, 'W'},
    {"max-deliver", required_argument, NULL, 'M'},
    {"backoff", required_argument, NULL, 'B'},
    {"expire", required_argument, NULL, 'E'},
    {"help", no_argument, NULL, 'h'},
    {0},
};
_Static_assert(sizeof long_options / sizeof *long_options <= CLI_OPTIONS_MAX, "raise it");

static int run(struct cli *cli, int argc, char **argv)
{
    int words;
    const struct cli_command *command = cli_command_find(commands, COMMANDS, argc, argv, &words);
    if (!command) {
        cli_command_unknown(commands, COMMANDS, argc, argv);
        return EXIT_USAGE;
    }
    if (cli->help) {
        cli_help_one(command);
        return EXIT_SUCCESS;
    }
    for (size_t i = 0; long_options[i].name; i++) {
        if (cli->given[i] && !cli_option_fits(command, long_options[i].name)) {
            fprintf(stderr, "channel: '%s' takes no --%s\nTry 'channel %s --help'.\n",
                    command->name, long_options[i].name, command->name);
            return EXIT_USAGE;
        }
    }
    argc -= words;
    if (argc < command->args_min || argc > command->args_max) {
        cli_usage(command);
        return EXIT_USAGE;
    }
    cli->conn.fd = -1;
    int r = command->run(cli, command, argc, argv + words);
    cli_conn_done(&cli->conn);
    if (r == 0 || cli->pipe_closed)
        return EXIT_SUCCESS;
    fprintf(stderr, "channel: %s\n", cli->error.message);
    return EXIT_FAILURE;
}

/* MS[,MS...] */
static bool backoff_set(struct cli *cli, struct rt_str text)
{
    for (cli->backoff_count = 0; cli->backoff_count < RT_BACKOFF_MAX;) {
        const char *comma = memchr(text.data, ',', text.len);
        size_t len = comma ? (size_t)(comma - text.data) : text.len;
        uint64_t ms;
        if (!rt_str_to_u64(rt_str_n(text.data, len), &ms) || ms == 0 || ms > RT_DELAY_MAX_MS)
            return false;
        cli->backoff_ms[cli->backoff_count++] = (uint32_t)ms;
        if (!comma)
            return true;
        text = rt_str_n(comma + 1, text.len - len - 1);
    }
    return false;
}

static bool number_set(struct rt_str text, uint64_t min, uint64_t max, uint64_t *ret)
{
    return rt_str_to_u64(text, ret) && *ret >= min && *ret <= max;
}

static bool option_set(struct cli *cli, int id)
{
    switch (id) {
    case 's':
        cli->server.server = optarg;
        return true;
    case 'n':
        cli->server.name = optarg;
        return true;
    case 't':
        cli->server.token_file = optarg;
        return true;
    case 'A':
        cli->server.tls.ca = optarg;
        return true;
    case 'C':
        cli->server.tls.cert = optarg;
        return true;
    case 'K':
        cli->server.tls.key = optarg;
        return true;
    case 'k':
        cli->key = optarg;
        return true;
    case 'i':
        cli->id = optarg;
        return true;
    case 'w':
        cli->start = optarg;
        return true;
    case 'f':
        cli->force = true;
        return true;
    case 'r':
        cli->raw = true;
        return true;
    case 'j':
        cli->json = true;
        return true;
    case 'S':
        cli->schema_file = optarg;
        return true;
    case 'a':
        return rt_time_parse(rt_str(optarg), &cli->at_ms);
    case 'W':
        return number_set(rt_str(optarg), 1, RT_DELAY_MAX_MS, &cli->ack_wait_ms);
    case 'M':
        return number_set(rt_str(optarg), 1, UINT32_MAX, &cli->max_deliver);
    case 'B':
        return backoff_set(cli, rt_str(optarg));
    case 'E':
        return number_set(rt_str(optarg), 0, EXPIRE_MAX, &cli->expire_s) &&
               (cli->never_expires = cli->expire_s == 0, true);
    case 'c':
        return rt_str_to_u64(rt_str(optarg), &cli->count);
    default:
        cli->help = true;
        return true;
    }
}

int main(int argc, char **argv)
{
    struct cli cli = {.server = {.server = "127.0.0.1:4150", .name = "channel-cli"}, .id = ""};
    opterr = 0;
    int index = 0;
    for (int id; (id = getopt_long(argc, argv, ":", long_options, &index)) != -1;) {
        if (id == '?' || id == ':') {
            cli_option_unknown(argv[optind - 1]);
            return EXIT_USAGE;
        }
        cli.given[index] = true;
        if (!option_set(&cli, id)) {
            fprintf(stderr, "channel: --%s does not take '%s'\n", long_options[index].name, optarg);
            return EXIT_USAGE;
        }
    }
    if (optind == argc && cli.help) {
        cli_help_all(commands, COMMANDS);
        return EXIT_SUCCESS;
    }
    if (optind == argc) {
        fputs("channel: which command?\nTry 'channel --help'.\n", stderr);
        return EXIT_USAGE;
    }
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    int status = run(&cli, argc - optind, argv + optind);
    rt_schema_free(cli.schema);
    return status;
}
