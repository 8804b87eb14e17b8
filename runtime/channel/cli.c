/*
 * channel, the command line of the event channel. See docs/CHANNEL.md.
 */
#include "runtime/base/clock.h"
#include "runtime/base/uuid.h"
#include "runtime/channel/cli_conn.h"
#include "runtime/channel/log_repair.h"
#include "runtime/channel/schema_check.h"
#include "runtime/wire/schema.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "usage: channel [option...] COMMAND\n"
    "\n"
    "  pub SUBJECT [PAYLOAD]      publish one event; without PAYLOAD each line of standard input\n"
    "  sub NAME FILTER...         take events of the durable subscription NAME, one JSON a line,\n"
    "                             each acknowledged when it is printed\n"
    "  tail FILTER...             print what comes, without keeping a subscription\n"
    "  ls | lag | info | metrics  subscriptions; how far they are behind; the broker; Prometheus\n"
    "  dead ls [NAME]             dead letters, of one subscription\n"
    "  dead show ID               one, with its payload\n"
    "  dead replay ID|NAME        deliver again, to its subscription only\n"
    "  dead drop ID|NAME          forget\n"
    "  replay NAME SEQUENCE       go back: everything from SEQUENCE on comes again\n"
    "  purge FILTER [SEQUENCE]    nobody sees the events it selects any more, up to SEQUENCE\n"
    "  truncate SEQUENCE          the same for everything up to SEQUENCE but dead letters\n"
    "  forget NAME                drop a durable subscription that nobody uses\n"
    "  bench [EVENTS]             publish durably from this connection and say how fast\n"
    "  verify DIR | repair DIR    check a whole log; make a damaged one usable (broker stopped)\n"
    "\n"
    "  --server ADDRESS:PORT   127.0.0.1:4150\n"
    "  --name NAME             this client's name (channel-cli)\n"
    "  --token-file FILE       its token\n"
    "  --schema FILE           sub, tail: show payloads as this schema.binpb has them\n"
    "  --tls-ca FILE           speak TLS with a server whose certificate these authorities signed\n"
    "  --tls-cert FILE  --tls-key FILE\n"
    "                          this client's own certificate, where the server demands one\n"
    "  --key KEY  --id ID      pub: the event's key; a message id, to drop repetitions\n"
    "  --at TIME               pub: deliver at this time, such as 2026-01-31T12:00:00Z\n"
    "  --start WHERE           sub, tail: all, new, last, a sequence or a time (all; tail: new)\n"
    "  --force                 purge, truncate: though a subscription has not settled it\n"
    "  --count N               sub, tail: stop after N events\n"
    "\n"
    "Exit status: 0 done, 1 it failed, 2 bad usage.\n";

enum { EXIT_USAGE = 2, SUBSCRIPTION = 1 };

struct cli {
    struct cli_conn_options server;
    const char *key, *id, *start;
    int64_t at_ms;
    uint64_t count;
    const char *filter; /* of a request, or NULL */
    bool force;
    struct cli_conn conn;
    struct rt_error error;
    struct rt_schema *schema; /* or NULL */
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static int cli_open(struct cli *cli)
{
    return cli_conn_open(&cli->conn, &cli->server, &cli->error);
}

/* ---- pub ---- */

static int publish_frame(struct cli *cli, uint64_t sequence, const char *subject,
                         struct rt_bytes payload)
{
    struct rt_frame_publish publish = {
        .sequence = sequence,
        .subject = rt_str(subject),
        .key = rt_str(cli->key),
        .time_ms = rt_clock_now_ms(),
        .message_id = rt_str(cli->id),
        .deliver_at_ms = cli->at_ms,
    };
    if (publish.subject.len > RT_SUBJECT_MAX || publish.key.len > RT_KEY_MAX ||
        publish.message_id.len > RT_MESSAGE_ID_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "subject, key or id is too long");
    rt_frame_put_publish(&cli->conn.out, &publish, payload);
    return cli_conn_flush(&cli->conn, &cli->error);
}

static int wait_published(struct cli *cli, uint64_t up_to)
{
    struct rt_frame frame;
    for (;;) {
        int r = cli_conn_next(&cli->conn, &frame, &cli->error);
        channel_Published published;
        channel_Refused refused;
        if (r < 0)
            return r;
        if (frame.type == channel_FrameType_FRAME_REFUSED &&
            rt_frame_get(&frame, channel_Refused_fields, &refused) == 0)
            return rt_error_set(&cli->error, RT_EDENIED, "refused: %.*s", (int)refused.reason.size,
                                refused.reason.bytes);
        if (frame.type == channel_FrameType_FRAME_PUBLISHED &&
            rt_frame_get(&frame, channel_Published_fields, &published) == 0 &&
            published.up_to >= up_to)
            return 0;
    }
}

static int run_pub(struct cli *cli, int argc, char **argv)
{
    int r = cli_open(cli);
    if (r == 0 && argc == 2) {
        r = publish_frame(cli, 1, argv[0], rt_str_bytes(rt_str(argv[1])));
        return r < 0 ? r : wait_published(cli, 1);
    }
    char *line = NULL;
    size_t cap = 0;
    uint64_t sequence = 0;
    for (ssize_t len; r == 0 && (len = getline(&line, &cap, stdin)) >= 0;) {
        if (len > 0 && line[len - 1] == '\n')
            len--;
        r = publish_frame(cli, ++sequence, argv[0], rt_bytes(line, (size_t)len));
    }
    free(line);
    return r < 0 || sequence == 0 ? r : wait_published(cli, sequence);
}

/* ---- sub, tail ---- */

static int start_set(struct cli *cli, channel_Subscribe *subscribe, const char *start)
{
    static const struct {
        const char *name;
        channel_Start start;
    } names[] = {{"all", channel_Start_START_ALL},
                 {"new", channel_Start_START_NEW},
                 {"last", channel_Start_START_LAST}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(start, names[i].name) == 0) {
            subscribe->start = names[i].start;
            return 0;
        }
    }
    int64_t ms;
    if (rt_str_to_u64(rt_str(start), &subscribe->start_value)) {
        subscribe->start = channel_Start_START_SEQUENCE;
    } else if (rt_time_parse(rt_str(start), &ms) && ms >= 0) {
        subscribe->start = channel_Start_START_TIME;
        subscribe->start_value = (uint64_t)ms;
    } else {
        return rt_error_set(&cli->error, RT_EINVAL, "--start does not take '%s'", start);
    }
    return 0;
}

/* As the schema has it: "payload":{...}; false when it has no such subject, or other bytes. */
static bool payload_print(const struct rt_schema *schema, struct rt_str subject,
                          struct rt_bytes payload, struct rt_buf *out)
{
    const struct rt_schema_event *event = schema ? rt_schema_find(schema, subject) : NULL;
    size_t before = out->len;
    rt_buf_puts(out, ",\"payload\":");
    if (event && rt_json_from_pb(event->message, payload, out) == 0)
        return true;
    out->len = before;
    if (schema)
        rt_buf_puts(out, event ? ",\"note\":\"not what the schema says\""
                               : ",\"note\":\"not a subject of the schema\"");
    return false;
}

/* One line of JSON; without a schema a payload that is not text comes in base64. */
static void event_print(const struct rt_schema *schema, const struct rt_frame_event *event,
                        struct rt_bytes payload)
{
    struct rt_buf out = {0};
    char time[RT_TIME_TEXT_LEN + 1];
    rt_time_format(event->time_ms, time);
    rt_buf_printf(&out, "{\"sequence\":%" PRIu64 ",\"attempt\":%" PRIu32 ",\"time\":\"%s\",",
                  event->sequence, event->attempt, time);
    rt_buf_puts(&out, "\"subject\":");
    rt_json_string(event->subject, &out);
    rt_buf_puts(&out, ",\"key\":");
    rt_json_string(event->key, &out);
    rt_buf_puts(&out, ",\"producer\":");
    rt_json_string(event->producer, &out);
    struct rt_str text = rt_str_n((const char *)payload.data, payload.len);
    bool shown = payload_print(schema, event->subject, payload, &out);
    if (!shown && !schema && rt_utf8_valid(text) && !memchr(text.data, '\0', text.len)) {
        rt_buf_puts(&out, ",\"text\":");
        rt_json_string(text, &out);
    } else if (!shown) {
        rt_buf_puts(&out, ",\"payload\":\"");
        rt_buf_reserve(&out, rt_base64_len(payload.len) + 1);
        out.len += rt_base64_encode(payload, false, (char *)out.data + out.len);
        rt_buf_byte(&out, '"');
    }
    rt_buf_puts(&out, "}\n");
    fwrite(out.data, 1, out.len, stdout);
    fflush(stdout);
    rt_buf_done(&out);
}

static int consume(struct cli *cli)
{
    uint64_t printed = 0, acked = 0;
    while (!interrupted && (cli->count == 0 || acked < cli->count)) {
        struct rt_frame frame;
        struct rt_frame_event event;
        channel_Ack done;
        int r = cli_conn_next(&cli->conn, &frame, &cli->error);
        if (r == RT_EAGAIN)
            continue;
        if (r < 0)
            return r;
        if (frame.type == channel_FrameType_FRAME_ACKED &&
            rt_frame_get(&frame, channel_Ack_fields, &done) == 0)
            acked += done.sequences_count;
        if (frame.type != channel_FrameType_FRAME_EVENT || rt_frame_get_event(&frame, &event) < 0 ||
            (cli->count > 0 && printed == cli->count))
            continue;
        event_print(cli->schema, &event, frame.payload);
        printed++;
        rt_frame_put_acks(&cli->conn.out, channel_FrameType_FRAME_ACK, SUBSCRIPTION,
                          &event.sequence, 1);
        r = cli_conn_flush(&cli->conn, &cli->error);
        if (r < 0)
            return r;
    }
    return 0;
}

static int subscribe_to(struct cli *cli, const char *name, const char *start, int filters,
                        char **filter, bool keep)
{
    channel_Subscribe subscribe = {.subscription = SUBSCRIPTION};
    int r = start_set(cli, &subscribe, start);
    if (r < 0)
        return r;
    if (filters > RT_FILTERS_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "more than %d filters", RT_FILTERS_MAX);
    RT_PB_SET(&subscribe.name, rt_str(name));
    for (int i = 0; i < filters; i++)
        RT_PB_SET(&subscribe.filters[i], rt_str(filter[i]));
    subscribe.filters_count = (pb_size_t)filters;
    r = cli_open(cli);
    if (r < 0)
        return r;
    rt_frame_put(&cli->conn.out, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields,
                 &subscribe, (struct rt_bytes){0});
    r = cli_conn_flush(&cli->conn, &cli->error);
    if (r == 0)
        r = consume(cli);
    if (!keep) {
        channel_Unsubscribe unsubscribe = {.subscription = SUBSCRIPTION, .forget = true};
        rt_frame_put(&cli->conn.out, channel_FrameType_FRAME_UNSUBSCRIBE,
                     channel_Unsubscribe_fields, &unsubscribe, (struct rt_bytes){0});
    }
    cli_conn_leave(&cli->conn);
    return r;
}

static int run_sub(struct cli *cli, int argc, char **argv)
{
    return subscribe_to(cli, argv[0], cli->start ? cli->start : "all", argc - 1, argv + 1, true);
}

static int run_tail(struct cli *cli, int argc, char **argv)
{
    struct rt_uuid_gen gen = {0};
    char name[5 + RT_UUID_LEN + 1] = "tail-";
    rt_uuid_next(&gen, rt_clock_now_ms(), name + 5);
    return subscribe_to(cli, name, cli->start ? cli->start : "new", argc, argv, false);
}

/* ---- requests ---- */

/* Sends the request and prints the answer. `who` is a number, a name or NULL. */
static int request(struct cli *cli, const char *verb, const char *who, const char *sequence)
{
    channel_Request message = {.id = 1, .force = cli->force};
    if (cli->filter)
        RT_PB_SET(&message.filter, rt_str(cli->filter));
    RT_PB_SET(&message.verb, rt_str(verb));
    if (who && !rt_str_to_u64(rt_str(who), &message.sequence))
        RT_PB_SET(&message.name, rt_str(who));
    if (sequence && !rt_str_to_u64(rt_str(sequence), &message.sequence))
        return rt_error_set(&cli->error, RT_EINVAL, "'%s' is not a sequence", sequence);
    int r = cli_open(cli);
    if (r < 0)
        return r;
    rt_frame_put(&cli->conn.out, channel_FrameType_FRAME_REQUEST, channel_Request_fields, &message,
                 (struct rt_bytes){0});
    r = cli_conn_flush(&cli->conn, &cli->error);
    struct rt_frame frame = {0};
    channel_Reply reply;
    while (r == 0 && frame.type != channel_FrameType_FRAME_REPLY)
        r = cli_conn_next(&cli->conn, &frame, &cli->error);
    if (r < 0)
        return r;
    if (rt_frame_get(&frame, channel_Reply_fields, &reply) < 0)
        return rt_error_set(&cli->error, RT_EINVAL, "the server sent a broken frame");
    if (reply.code != channel_Code_CODE_NONE)
        return rt_error_set(&cli->error, RT_ENOTFOUND, "%.*s", (int)reply.reason.size,
                            reply.reason.bytes);
    fwrite(frame.payload.data, 1, frame.payload.len, stdout);
    if (frame.payload.len > 0 && frame.payload.data[frame.payload.len - 1] != '\n')
        putchar('\n');
    return 0;
}

static int run_ls(struct cli *cli, int argc, char **argv)
{
    return request(cli, "ls", argc > 0 ? argv[0] : NULL, NULL);
}

static int run_lag(struct cli *cli, int argc, char **argv)
{
    return request(cli, "lag", argc > 0 ? argv[0] : NULL, NULL);
}

static int run_info(struct cli *cli, int argc, char **argv)
{
    (void)argc, (void)argv;
    return request(cli, "info", NULL, NULL);
}

static int run_metrics(struct cli *cli, int argc, char **argv)
{
    (void)argc, (void)argv;
    return request(cli, "metrics", NULL, NULL);
}

static int run_replay(struct cli *cli, int argc, char **argv)
{
    (void)argc;
    return request(cli, "replay", argv[0], argv[1]);
}

static int run_purge(struct cli *cli, int argc, char **argv)
{
    cli->filter = argv[0];
    return request(cli, "purge", NULL, argc > 1 ? argv[1] : NULL);
}

static int run_truncate(struct cli *cli, int argc, char **argv)
{
    (void)argc;
    return request(cli, "truncate", NULL, argv[0]);
}

static int run_forget(struct cli *cli, int argc, char **argv)
{
    (void)argc;
    return request(cli, "forget", argv[0], NULL);
}

static int run_dead(struct cli *cli, int argc, char **argv)
{
    static const char *const verbs[] = {"ls", "show", "replay", "drop"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(argv[0], verbs[i]) != 0)
            continue;
        if (argc < 2 && i > 0)
            return rt_error_set(&cli->error, RT_EINVAL, "dead %s: which?", verbs[i]);
        char verb[32];
        snprintf(verb, sizeof verb, "dead %s", verbs[i]);
        return request(cli, verb, argc > 1 ? argv[1] : NULL, NULL);
    }
    return rt_error_set(&cli->error, RT_EINVAL, "dead takes ls, show, replay or drop");
}

/* ---- bench ---- */

static int run_bench(struct cli *cli, int argc, char **argv)
{
    enum { DEPTH = 4096, BYTES = 128 };
    uint64_t events = 100000;
    if (argc > 0 && (!rt_str_to_u64(rt_str(argv[0]), &events) || events == 0))
        return rt_error_set(&cli->error, RT_EINVAL, "'%s' is not a number of events", argv[0]);
    int r = cli_open(cli);
    static const uint8_t payload[BYTES];
    struct rt_frame_publish publish = {.subject = RT_STR("bench:event")};
    uint64_t start = rt_clock_monotonic_ns();
    for (uint64_t done = 0; r == 0 && done < events; done = publish.sequence) {
        for (int i = 0; i < DEPTH && publish.sequence < events; i++) {
            publish.sequence++;
            rt_frame_put_publish(&cli->conn.out, &publish, rt_bytes(payload, sizeof payload));
        }
        r = cli_conn_flush(&cli->conn, &cli->error);
        if (r == 0)
            r = wait_published(cli, publish.sequence);
    }
    if (r == 0)
        printf("%.0f events of %d bytes per second, durable, %d at a time\n",
               (double)events * 1e9 / (double)(rt_clock_monotonic_ns() - start), BYTES, DEPTH);
    return r;
}

/* ---- verify, repair ---- */

static void on_finding(void *arg, const char *text)
{
    (void)arg;
    fprintf(stderr, "channel: %s\n", text);
}

static int inspect(struct cli *cli, const char *dir, bool repair)
{
    struct rt_log_inspection inspection = {.dir = dir, .finding = on_finding};
    struct rt_log_report report = {0};
    int r = repair ? rt_log_repair(&inspection, &report, &cli->error)
                   : rt_log_verify(&inspection, &report, &cli->error);
    printf("%" PRIu64 " segments, %" PRIu64 " records (%" PRIu64 " to %" PRIu64 "), %" PRIu64
           " bytes, %" PRIu64 " removed, checkpoint at %" PRIu64 "; %" PRIu64
           " damaged places, %" PRIu64 " records lost\n",
           report.segments, report.records, report.first, report.last, report.bytes, report.removed,
           report.checkpoint, report.damages, report.lost);
    return r;
}

static int run_verify(struct cli *cli, int argc, char **argv)
{
    (void)argc;
    return inspect(cli, argv[0], false);
}

static int run_repair(struct cli *cli, int argc, char **argv)
{
    (void)argc;
    return inspect(cli, argv[0], true);
}

/* ---- commands and options ---- */

static const struct {
    const char *name;
    int (*run)(struct cli *cli, int argc, char **argv);
    int args_min, args_max;
} commands[] = {
    {"pub", run_pub, 1, 2},         {"sub", run_sub, 2, 33},          {"tail", run_tail, 1, 32},
    {"ls", run_ls, 0, 1},           {"lag", run_lag, 0, 1},           {"info", run_info, 0, 0},
    {"metrics", run_metrics, 0, 0}, {"dead", run_dead, 1, 2},         {"replay", run_replay, 2, 2},
    {"purge", run_purge, 1, 2},     {"truncate", run_truncate, 1, 1}, {"forget", run_forget, 1, 1},
    {"bench", run_bench, 0, 1},     {"verify", run_verify, 1, 1},     {"repair", run_repair, 1, 1},
};

static int bad_usage(const char *what)
{
    fprintf(stderr, "channel: %s\nTry 'channel --help'.\n", what);
    return EXIT_USAGE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[0], commands[i].name) != 0)
            continue;
        if (argc - 1 < commands[i].args_min || argc - 1 > commands[i].args_max)
            return bad_usage("wrong number of arguments");
        cli->conn.fd = -1;
        int r = commands[i].run(cli, argc - 1, argv + 1);
        if (r < 0)
            fprintf(stderr, "channel: %s\n", cli->error.message);
        cli_conn_done(&cli->conn);
        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    return bad_usage("no such command");
}

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
    {"start", required_argument, NULL, 'w'},
    {"count", required_argument, NULL, 'c'},
    {"schema", required_argument, NULL, 'S'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

int main(int argc, char **argv)
{
    struct cli cli = {
        .server = {.server = "127.0.0.1:4150", .name = "channel-cli"}, .key = "", .id = ""};
    const char *schema = NULL;
    bool ok = true;
    for (int id; ok && (id = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        if (id == 'h') {
            fputs(usage, stdout);
            return EXIT_SUCCESS;
        }
        switch (id) {
        case 's':
            cli.server.server = optarg;
            break;
        case 'n':
            cli.server.name = optarg;
            break;
        case 't':
            cli.server.token_file = optarg;
            break;
        case 'A':
            cli.server.tls.ca = optarg;
            break;
        case 'C':
            cli.server.tls.cert = optarg;
            break;
        case 'K':
            cli.server.tls.key = optarg;
            break;
        case 'k':
            cli.key = optarg;
            break;
        case 'i':
            cli.id = optarg;
            break;
        case 'S':
            schema = optarg;
            break;
        case 'w':
            cli.start = optarg;
            break;
        case 'f':
            cli.force = true;
            break;
        case 'a':
            ok = rt_time_parse(rt_str(optarg), &cli.at_ms);
            break;
        case 'c':
            ok = rt_str_to_u64(rt_str(optarg), &cli.count);
            break;
        default:
            ok = false;
        }
    }
    if (!ok || optind == argc)
        return bad_usage(ok ? "which command?" : "bad option");
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (schema && rt_schema_read(schema, &cli.schema, &cli.error) < 0) {
        fprintf(stderr, "channel: %s\n", cli.error.message);
        return EXIT_FAILURE;
    }
    int status = run(&cli, argc - optind, argv + optind);
    rt_schema_free(cli.schema);
    return status;
}
