/*
 * channel, the command line of the event channel. See docs/CHANNEL.md.
 */
#include "runtime/base/clock.h"
#include "runtime/base/uuid.h"
#include "runtime/channel/cli_conn.h"
#include "runtime/channel/cli_help.h"
#include "runtime/channel/log_repair.h"
#include "runtime/channel/schema_check.h"
#include "runtime/wire/schema.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, SUBSCRIPTION = 1 };

struct cli {
    struct cli_conn_options server;
    const char *key, *id, *start;
    int64_t at_ms;
    uint64_t count;
    bool force;
    const char *schema_file;
    struct rt_schema *schema; /* or NULL */
    struct cli_conn conn;
    struct rt_error error;
    bool help;
    bool pipe_closed; /* nobody reads what we print: no failure of ours */
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

/* Prints all of it now. Who closes the pipe has seen enough. */
static int print(struct cli *cli, struct rt_bytes text)
{
    if (fwrite(text.data, 1, text.len, stdout) == text.len && fflush(stdout) == 0)
        return 0;
    cli->pipe_closed = errno == EPIPE;
    return rt_error_set(&cli->error, RT_EIO, "cannot write: %s", strerror(errno));
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
    return 0;
}

/* Looks at one frame for news of publishes; `confirmed` rises. */
static int published_input(struct cli *cli, const struct rt_frame *frame, uint64_t *confirmed)
{
    channel_Published published;
    channel_Refused refused;
    if (frame->type == channel_FrameType_FRAME_REFUSED &&
        rt_frame_get(frame, channel_Refused_fields, &refused) == 0)
        return rt_error_set(&cli->error, RT_EDENIED, "event %" PRIu64 " was refused: %.*s",
                            refused.sequence, (int)refused.reason.size, refused.reason.bytes);
    if (frame->type == channel_FrameType_FRAME_PUBLISHED &&
        rt_frame_get(frame, channel_Published_fields, &published) == 0)
        *confirmed = published.up_to;
    return 0;
}

static int wait_published(struct cli *cli, uint64_t up_to)
{
    uint64_t confirmed = 0;
    int r = 0;
    while (r == 0 && confirmed < up_to) {
        struct rt_frame frame;
        r = cli_conn_next(&cli->conn, &frame, &cli->error);
        if (r == 0)
            r = published_input(cli, &frame, &confirmed);
    }
    return r;
}

/* Publishes the whole lines of `text`, and its rest when `last`; returns the bytes taken. */
static int64_t publish_lines(struct cli *cli, const char *subject, struct rt_bytes text, bool last,
                             uint64_t *sequence)
{
    size_t at = 0;
    while (at < text.len) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        if (!end && !last)
            break;
        size_t len = end ? (size_t)(end - (text.data + at)) : text.len - at;
        int r = publish_frame(cli, ++*sequence, subject, rt_bytes(text.data + at, len));
        if (r < 0)
            return r;
        at += len + (end != NULL);
    }
    int r = cli_conn_flush(&cli->conn, &cli->error);
    return r < 0 ? r : (int64_t)at;
}

/* What the server says, as far as it is there: confirmations, and heartbeats to answer. */
static int take_confirmations(struct cli *cli, uint64_t *confirmed)
{
    struct rt_frame frame;
    int r = 0;
    cli->conn.dont_wait = true;
    while (r == 0 && (r = cli_conn_next(&cli->conn, &frame, &cli->error)) == 0)
        r = published_input(cli, &frame, confirmed);
    cli->conn.dont_wait = false;
    return r == RT_EAGAIN ? 0 : r;
}

/* Each line of standard input as it comes, until its end and the last confirmation. */
static int publish_stdin(struct cli *cli, const char *subject)
{
    enum { CHUNK = 65536 };
    struct rt_buf text = {0};
    uint64_t sequence = 0, confirmed = 0;
    bool end = false;
    int64_t r = 0;
    while (r >= 0 && (!end || confirmed < sequence)) {
        struct pollfd wait[2] = {{.fd = cli->conn.fd, .events = POLLIN},
                                 {.fd = end ? -1 : STDIN_FILENO, .events = POLLIN}};
        if (interrupted || (poll(wait, 2, -1) < 0 && errno != EINTR))
            r = rt_error_set(&cli->error, RT_EIO, "interrupted");
        if (r >= 0 && wait[0].revents)
            r = take_confirmations(cli, &confirmed);
        if (r < 0 || !wait[1].revents)
            continue;
        rt_buf_reserve(&text, CHUNK);
        ssize_t got = read(STDIN_FILENO, text.data + text.len, CHUNK);
        if (got < 0 && errno != EINTR)
            r = rt_error_set(&cli->error, RT_EIO, "cannot read: %s", strerror(errno));
        end = got == 0;
        text.len += got > 0 ? (size_t)got : 0;
        if (r >= 0)
            r = publish_lines(cli, subject, rt_buf_bytes(&text), end, &sequence);
        if (r > 0)
            rt_buf_consume(&text, (size_t)r);
    }
    rt_buf_done(&text);
    return r < 0 ? (int)r : 0;
}

static int run_pub(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
    int r = cli_open(cli);
    if (r < 0)
        return r;
    if (argc == 1)
        return publish_stdin(cli, argv[0]);
    r = publish_frame(cli, 1, argv[0], rt_str_bytes(rt_str(argv[1])));
    if (r == 0)
        r = cli_conn_flush(&cli->conn, &cli->error);
    return r < 0 ? r : wait_published(cli, 1);
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
static int event_print(struct cli *cli, const struct rt_frame_event *event, struct rt_bytes payload)
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
    bool shown = payload_print(cli->schema, event->subject, payload, &out);
    if (!shown && !cli->schema && rt_utf8_valid(text) && !memchr(text.data, '\0', text.len)) {
        rt_buf_puts(&out, ",\"text\":");
        rt_json_string(text, &out);
    } else if (!shown) {
        rt_buf_puts(&out, ",\"payload\":\"");
        rt_buf_reserve(&out, rt_base64_len(payload.len) + 1);
        out.len += rt_base64_encode(payload, false, (char *)out.data + out.len);
        rt_buf_byte(&out, '"');
    }
    rt_buf_puts(&out, "}\n");
    int r = print(cli, rt_buf_bytes(&out));
    rt_buf_done(&out);
    return r;
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
        r = event_print(cli, &event, frame.payload);
        if (r < 0)
            return r;
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

static int run_sub(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
    return subscribe_to(cli, argv[0], cli->start ? cli->start : "all", argc - 1, argv + 1, true);
}

static int run_tail(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
    struct rt_uuid_gen gen = {0};
    char name[5 + RT_UUID_LEN + 1] = "tail-";
    rt_uuid_next(&gen, rt_clock_now_ms(), name + 5);
    return subscribe_to(cli, name, cli->start ? cli->start : "new", argc, argv, false);
}

/* ---- requests ---- */

/* Sends the request, with a sequence unless NULL, and prints the answer. */
static int request(struct cli *cli, channel_Request *message, const char *sequence)
{
    if (sequence && !rt_str_to_u64(rt_str(sequence), &message->sequence))
        return rt_error_set(&cli->error, RT_EINVAL, "'%s' is not a sequence", sequence);
    int r = cli_open(cli);
    if (r < 0)
        return r;
    rt_frame_put(&cli->conn.out, channel_FrameType_FRAME_REQUEST, channel_Request_fields, message,
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
    bool open_line = frame.payload.len > 0 && frame.payload.data[frame.payload.len - 1] != '\n';
    return print(cli, rt_bytes("\n", open_line));
}

/* Dead letters have numbers as well as the names of their subscriptions. */
static int run_request(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    channel_Request message = {.id = 1};
    bool numbered = strncmp(command->name, "dead ", 5) == 0;
    RT_PB_SET(&message.verb, rt_str(command->name));
    if (argc > 0 && !(numbered && rt_str_to_u64(rt_str(argv[0]), &message.sequence))) {
        if (strlen(argv[0]) > RT_NAME_MAX)
            return rt_error_set(&cli->error, RT_ETOOBIG, "'%s' is too long for a name", argv[0]);
        RT_PB_SET(&message.name, rt_str(argv[0]));
    }
    return request(cli, &message, argc > 1 ? argv[1] : NULL);
}

static int run_purge(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    channel_Request message = {.id = 1, .force = cli->force};
    RT_PB_SET(&message.verb, rt_str(command->name));
    bool filtered = strcmp(command->name, "purge") == 0;
    if (filtered && strlen(argv[0]) > RT_SUBJECT_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "'%s' is too long for a filter", argv[0]);
    if (filtered)
        RT_PB_SET(&message.filter, rt_str(argv[0]));
    return request(cli, &message, argc > filtered ? argv[filtered] : NULL);
}

/* ---- bench ---- */

static int run_bench(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
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

/* ---- commands and options ---- */

static const struct cli_command commands[] = {
    {"pub", "SUBJECT [PAYLOAD]",
     "publish one event, or each line of standard input; done when all are durable", "key id at",
     run_pub, 1, 2},
    {"sub", "NAME FILTER...",
     "take events of the durable subscription NAME, one JSON a line, each acknowledged when it is "
     "printed; a new one starts at the oldest",
     "start count schema", run_sub, 2, RT_FILTERS_MAX + 1},
    {"tail", "FILTER...", "print what comes from now on, without keeping a subscription",
     "start count schema", run_tail, 1, RT_FILTERS_MAX},
    {"ls", "[NAME]", "durable subscriptions: where they are, and what they did", NULL, run_request,
     0, 1},
    {"lag", "[NAME]", "how far they are behind", NULL, run_request, 0, 1},
    {"info", "", "the broker in numbers", NULL, run_request, 0, 0},
    {"metrics", "", "all numbers, for Prometheus", NULL, run_request, 0, 0},
    {"dead ls", "[NAME]", "dead letters, of one subscription or all", NULL, run_request, 0, 1},
    {"dead show", "ID", "one, with its payload in base64", NULL, run_request, 1, 1},
    {"dead replay", "ID|NAME", "deliver again, to its subscription only", NULL, run_request, 1, 1},
    {"dead drop", "ID|NAME", "forget", NULL, run_request, 1, 1},
    {"replay", "NAME SEQUENCE", "go back: everything from SEQUENCE on comes again", NULL,
     run_request, 2, 2},
    {"purge", "FILTER [SEQUENCE]", "nobody sees the events it selects any more, up to SEQUENCE",
     "force", run_purge, 1, 2},
    {"truncate", "SEQUENCE", "the same for everything up to SEQUENCE but dead letters", "force",
     run_purge, 1, 1},
    {"forget", "NAME", "drop a durable subscription that nobody uses", NULL, run_request, 1, 1},
    {"bench", "[EVENTS]", "publish to bench:event and say how fast it was, durably", NULL,
     run_bench, 0, 1},
    {"verify", "DIR", "read a whole log and name what is damaged (broker stopped)", NULL,
     run_inspect, 1, 1},
    {"repair", "DIR",
     "make a damaged log usable; what was in lost records is lost (broker stopped)", NULL,
     run_inspect, 1, 1},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

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
    argc -= words;
    if (argc < command->args_min || argc > command->args_max) {
        cli_usage(command);
        return EXIT_USAGE;
    }
    cli->conn.fd = -1;
    int r = cli->schema_file ? rt_schema_read(cli->schema_file, &cli->schema, &cli->error) : 0;
    if (r == 0)
        r = command->run(cli, command, argc, argv + words);
    cli_conn_done(&cli->conn);
    if (r == 0 || cli->pipe_closed)
        return EXIT_SUCCESS;
    fprintf(stderr, "channel: %s\n", cli->error.message);
    return EXIT_FAILURE;
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
    {"schema", required_argument, NULL, 'S'},
    {"start", required_argument, NULL, 'w'},
    {"count", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

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
    case 'S':
        cli->schema_file = optarg;
        return true;
    case 'a':
        return rt_time_parse(rt_str(optarg), &cli->at_ms);
    case 'c':
        return rt_str_to_u64(rt_str(optarg), &cli->count);
    default:
        cli->help = true;
        return true;
    }
}

int main(int argc, char **argv)
{
    struct cli cli = {
        .server = {.server = "127.0.0.1:4150", .name = "channel-cli"}, .key = "", .id = ""};
    opterr = 0;
    int index = 0;
    for (int id; (id = getopt_long(argc, argv, ":", long_options, &index)) != -1;) {
        if (id == '?' || id == ':') {
            cli_option_unknown(argv[optind - 1]);
            return EXIT_USAGE;
        }
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
