/*
 * channeld, the event channel's broker: options in, exit status out. See
 * docs/channel/OPERATIONS.md.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/channel/daemon/daemon.h"
#include "runtime/channel/protocol/schema_check.h"
#include "runtime/channel/protocol/subject.h"

static const char usage[] =
    "usage: channeld --data DIR [--listen ADDRESS:PORT] [option...]\n"
    "\n"
    "The durable event channel: producers are answered once their events are synced to disk,\n"
    "consumers share durable subscriptions by name. Prints one line when it is ready.\n"
    "\n"
    "  --data DIR            where the log is kept; created when missing\n"
    "  --listen ADDR:PORT    IP address and port (127.0.0.1:4150); port 0 takes any free one\n"
    "  --token-file FILE     one client a line: NAME TOKEN [publish FILTER...]\n"
    "                        [subscribe FILTER...] [admin]; without it everybody may do "
    "everything\n"
    "  --tls-cert FILE       speak TLS, with this certificate (PEM, its authorities behind it)\n"
    "  --tls-key FILE        its key, readable by its owner only\n"
    "  --tls-client-ca FILE  refuse clients without a certificate of these authorities\n"
    "  --tls-client-names    and those whose name is not their certificate's\n"
    "  --insecure            listen on other than loopback without TLS or a token file\n"
    "  --schema FILE         the system's schema.binpb: refuse events that break it\n"
    "  --schema-open         but take subjects that it does not have\n"
    "  --payload-max BYTES   largest event (1048576, at most 7340032)\n"
    "  --max-deliver N       deliveries before an event is a dead letter (20)\n"
    "  --heartbeat-ms N      silence before a PING; a connection is dead after three (2000)\n"
    "  --cache-bytes N       events kept in memory (67108864)\n"
    "  --retain-bytes N      let settled events go when the log is larger (0: keep all)\n"
    "  --retain-count N      or when there are more events than that; FILTER=N: more on these\n"
    "                        subjects; may be repeated\n"
    "  --retain-age SECONDS  or when they are older than that\n"
    "  --retain-hard         though a subscription has not settled them: it loses them\n"
    "  --compact FILTER      of events on these subjects keep the newest of each key, once they "
    "are\n"
    "                        settled; may be repeated\n"
    "  --compact-keys N      keys known at a time while compacting, 32 bytes each (786432)\n"
    "  --dead-count N        dead letters kept (0: all)\n"
    "  --dead-age SECONDS    and how long (0: for ever)\n"
    "  --segment-bytes N     size of new segments (67108864)\n"
    "  --checkpoint-bytes N  of records between two checkpoints (67108864)\n"
    "  --help                this text\n"
    "\n"
    "SIGHUP reads schema, token file and certificates again. SIGTERM and SIGINT close cleanly. "
    "Exit status: 0 closed cleanly, 1 the disk or the log "
    "failed,\n"
    "2 bad usage.\n";

enum { EXIT_USAGE = 2 };
#define SECONDS_MAX ((uint64_t)1 << 40)

static void on_lost(void *arg, struct rt_str name, uint64_t events)
{
    (void)arg;
    fprintf(stderr, "channeld: subscription %.*s lost %llu events\n", (int)name.len, name.data,
            (unsigned long long)events);
}

static void on_expired(void *arg, struct rt_str name)
{
    (void)arg;
    fprintf(stderr, "channeld: subscription %.*s was dropped: nobody used it\n", (int)name.len,
            name.data);
}

static bool number(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
    uint64_t value;
    if (!rt_str_to_u64(rt_str(text), &value) || value < min || value > max)
        return false;
    *ret = value;
    return true;
}

/* "127.0.0.1:4150" or "[::1]:4150"; cuts `text` in place. */
static bool address(char *text, struct rt_daemon_options *options)
{
    char *colon = strrchr(text, ':');
    uint64_t port;
    if (!colon || colon == text || !number(colon + 1, 0, 65535, &port))
        return false;
    *colon = '\0';
    if (text[0] == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        text++;
    }
    options->host = text;
    options->port = (int)port;
    return true;
}

enum option_id {
    OPTION_DATA = 1,
    OPTION_LISTEN,
    OPTION_TOKEN_FILE,
    OPTION_PAYLOAD_MAX,
    OPTION_MAX_DELIVER,
    OPTION_HEARTBEAT_MS,
    OPTION_CACHE_BYTES,
    OPTION_RETAIN_BYTES,
    OPTION_RETAIN_COUNT,
    OPTION_RETAIN_AGE,
    OPTION_RETAIN_HARD,
    OPTION_COMPACT,
    OPTION_COMPACT_KEYS,
    OPTION_DEAD_COUNT,
    OPTION_DEAD_AGE,
    OPTION_SEGMENT_BYTES,
    OPTION_CHECKPOINT_BYTES,
    OPTION_TLS_CERT,
    OPTION_TLS_KEY,
    OPTION_TLS_CLIENT_CA,
    OPTION_TLS_CLIENT_NAMES,
    OPTION_INSECURE,
    OPTION_SCHEMA,
    OPTION_SCHEMA_OPEN,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"data", required_argument, NULL, OPTION_DATA},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
    {"payload-max", required_argument, NULL, OPTION_PAYLOAD_MAX},
    {"max-deliver", required_argument, NULL, OPTION_MAX_DELIVER},
    {"heartbeat-ms", required_argument, NULL, OPTION_HEARTBEAT_MS},
    {"cache-bytes", required_argument, NULL, OPTION_CACHE_BYTES},
    {"retain-bytes", required_argument, NULL, OPTION_RETAIN_BYTES},
    {"retain-count", required_argument, NULL, OPTION_RETAIN_COUNT},
    {"retain-age", required_argument, NULL, OPTION_RETAIN_AGE},
    {"retain-hard", no_argument, NULL, OPTION_RETAIN_HARD},
    {"compact", required_argument, NULL, OPTION_COMPACT},
    {"compact-keys", required_argument, NULL, OPTION_COMPACT_KEYS},
    {"dead-count", required_argument, NULL, OPTION_DEAD_COUNT},
    {"dead-age", required_argument, NULL, OPTION_DEAD_AGE},
    {"segment-bytes", required_argument, NULL, OPTION_SEGMENT_BYTES},
    {"checkpoint-bytes", required_argument, NULL, OPTION_CHECKPOINT_BYTES},
    {"tls-cert", required_argument, NULL, OPTION_TLS_CERT},
    {"tls-key", required_argument, NULL, OPTION_TLS_KEY},
    {"tls-client-ca", required_argument, NULL, OPTION_TLS_CLIENT_CA},
    {"tls-client-names", no_argument, NULL, OPTION_TLS_CLIENT_NAMES},
    {"insecure", no_argument, NULL, OPTION_INSECURE},
    {"schema", required_argument, NULL, OPTION_SCHEMA},
    {"schema-open", no_argument, NULL, OPTION_SCHEMA_OPEN},
    {"help", no_argument, NULL, OPTION_HELP},
    {0},
};

/* Rules of compaction, as they are named. */
static struct rt_str by_key[RT_FILTERS_MAX];
static struct rt_compact_limit limits[RT_FILTERS_MAX];

static bool rule_filter(struct rt_str filter)
{
    return rt_filter_valid(filter) && filter.data[0] != '$';
}

static bool compact_add(struct rt_compact_rules *rules, const char *filter)
{
    if (!rule_filter(rt_str(filter)) || rules->by_key_count == RT_FILTERS_MAX)
        return false;
    by_key[rules->by_key_count++] = rt_str(filter);
    rules->by_key = by_key;
    return true;
}

/* "N", of the whole log, or "FILTER=N". */
static bool retain_count(struct rt_daemon_options *options, const char *value)
{
    struct rt_compact_rules *rules = &options->broker.compact;
    const char *equals = strrchr(value, '=');
    if (!equals)
        return number(value, 0, UINT64_MAX, &options->retain.events);
    struct rt_compact_limit limit = {.filter = rt_str_n(value, (size_t)(equals - value))};
    if (!number(equals + 1, 1, UINT64_MAX, &limit.events) || !rule_filter(limit.filter) ||
        rules->limit_count == RT_FILTERS_MAX)
        return false;
    limits[rules->limit_count++] = limit;
    rules->limits = limits;
    return true;
}

static bool option_set(struct rt_daemon_options *options, int id, char *value)
{
    uint64_t n = 0;
    bool ok = true;
    switch (id) {
    case OPTION_DATA:
        options->data = value;
        break;
    case OPTION_LISTEN:
        ok = address(value, options);
        break;
    case OPTION_TOKEN_FILE:
        options->token_file = value;
        break;
    case OPTION_PAYLOAD_MAX:
        ok = number(value, 1, RT_PAYLOAD_MAX_MAX, &n);
        options->broker.payload_max = n;
        break;
    case OPTION_MAX_DELIVER:
        ok = number(value, 1, UINT32_MAX, &n);
        options->broker.max_deliver = (uint32_t)n;
        break;
    case OPTION_HEARTBEAT_MS:
        ok = number(value, 50, UINT64_C(3600) * 1000, &n);
        options->broker.heartbeat_ms = (uint32_t)n;
        break;
    case OPTION_CACHE_BYTES:
        ok = number(value, 1 << 20, SIZE_MAX, &n);
        options->broker.cache_bytes = n;
        break;
    case OPTION_RETAIN_BYTES:
        ok = number(value, 0, UINT64_MAX, &options->retain.bytes);
        break;
    case OPTION_RETAIN_COUNT:
        ok = retain_count(options, value);
        break;
    case OPTION_RETAIN_AGE:
        ok = number(value, 0, SECONDS_MAX, &n);
        options->retain.age_ms = (int64_t)n * 1000;
        break;
    case OPTION_RETAIN_HARD:
        options->retain.hard = true;
        break;
    case OPTION_COMPACT:
        ok = compact_add(&options->broker.compact, value);
        break;
    case OPTION_COMPACT_KEYS:
        ok = number(value, 1, SIZE_MAX / 64, &n);
        options->compact_keys = n;
        break;
    case OPTION_DEAD_COUNT:
        ok = number(value, 0, SIZE_MAX, &n);
        options->broker.dead_max = n;
        break;
    case OPTION_DEAD_AGE:
        ok = number(value, 0, SECONDS_MAX, &n);
        options->broker.dead_age_ms = (int64_t)n * 1000;
        break;
    case OPTION_SEGMENT_BYTES:
        ok = number(value, 16384, (uint64_t)256 << 20, &options->segment_bytes);
        break;
    case OPTION_CHECKPOINT_BYTES:
        ok = number(value, 4096, UINT64_MAX, &options->checkpoint_bytes);
        break;
    case OPTION_TLS_CERT:
        options->tls.cert = value;
        break;
    case OPTION_TLS_KEY:
        options->tls.key = value;
        break;
    case OPTION_TLS_CLIENT_CA:
        options->tls.ca = value;
        break;
    case OPTION_TLS_CLIENT_NAMES:
        options->tls_names = true;
        break;
    case OPTION_INSECURE:
    case OPTION_SCHEMA:
    case OPTION_SCHEMA_OPEN:
        break; /* main's */
    default:
        return false; /* getopt_long said what is wrong */
    }
    if (!ok)
        fprintf(stderr, "channeld: --%s does not take '%s'\n", long_options[id - 1].name, value);
    return ok;
}

static bool is_loopback(const char *host)
{
    struct in_addr in4;
    struct in6_addr in6;
    if (inet_pton(AF_INET, host, &in4) == 1)
        return ntohl(in4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &in6) == 1 && IN6_IS_ADDR_LOOPBACK(&in6);
}

/* What is wrong with options that are fine one by one; NULL: nothing. */
static const char *complaint(const struct rt_daemon_options *options, bool insecure)
{
    if (!options->data)
        return "--data is missing";
    if (!options->tls.cert != !options->tls.key)
        return "--tls-cert and --tls-key go together";
    if (options->tls.ca && !options->tls.cert)
        return "--tls-client-ca needs --tls-cert";
    if (options->tls_names && !options->tls.ca)
        return "--tls-client-names needs --tls-client-ca";
    if (!insecure && !is_loopback(options->host) && !(options->tls.cert && options->token_file))
        return "on other than a loopback address --tls-cert and --token-file are needed "
               "(or --insecure)";
    return NULL;
}

static void on_report(const char *text)
{
    fprintf(stderr, "channeld: %s\n", text);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    rt_daemon_stop(signal->data);
}

/* What SIGHUP reads again. */
struct files {
    struct rt_daemon *daemon;
    struct rt_schema_check *check; /* or NULL */
};

static void on_hangup(uv_signal_t *signal, int number)
{
    const struct files *files = signal->data;
    struct rt_error error;
    (void)number;
    if (rt_daemon_reload(files->daemon, &error) < 0)
        fprintf(stderr, "channeld: tokens and certificates stay as they were: %s\n", error.message);
    else
        fputs("channeld: read tokens and certificates again\n", stderr);
    if (!files->check)
        return;
    if (rt_schema_check_reload(files->check, &error) < 0)
        fprintf(stderr, "channeld: the schema stays as it was: %s\n", error.message);
    else
        fputs("channeld: read the schema again\n", stderr);
}

/* `check` is what SIGHUP reads again, or NULL. */
static int serve(const struct rt_daemon_options *options, struct rt_schema_check *check)
{
    struct rt_error error = {0};
    struct rt_daemon *daemon;
    uv_loop_t *loop = uv_default_loop();
    int code = rt_daemon_open(loop, options, &daemon, &error);
    if (code == 0) {
        uv_signal_t signals[3];
        const int numbers[3] = {SIGTERM, SIGINT, SIGHUP};
        const int count = 3;
        struct files files = {daemon, check};
        for (int i = 0; i < count; i++) {
            uv_signal_init(loop, &signals[i]);
            signals[i].data = i == 2 ? (void *)&files : (void *)daemon;
            uv_signal_start(&signals[i], i == 2 ? on_hangup : on_signal, numbers[i]);
            uv_unref((uv_handle_t *)&signals[i]);
        }
        printf("channeld: ready on %s:%d\n", options->host, rt_daemon_port(daemon));
        fflush(stdout);
        uv_run(loop, UV_RUN_DEFAULT);
        for (int i = 0; i < count; i++)
            uv_close((uv_handle_t *)&signals[i], NULL);
        uv_run(loop, UV_RUN_DEFAULT);
        code = rt_daemon_close(daemon, &error);
    }
    uv_loop_close(loop);
    if (code < 0)
        fprintf(stderr, "channeld: %s\n", error.message);
    return code < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* With the schema, if there is one, read before anything is opened. */
static int start(struct rt_daemon_options *options, const char *schema, bool schema_open)
{
    struct rt_schema_check *check = NULL;
    struct rt_error error;
    if (schema && rt_schema_check_new(schema, schema_open, &check, &error) < 0) {
        fprintf(stderr, "channeld: %s\n", error.message);
        return EXIT_FAILURE;
    }
    if (check)
        options->broker.check = (struct rt_event_check){
            .check = rt_schema_check_event, .file = rt_schema_check_file, .arg = check};
    int status = serve(options, check);
    rt_schema_check_free(check);
    return status;
}

int main(int argc, char **argv)
{
    struct rt_daemon_options options = {.host = "127.0.0.1",
                                        .port = 4150,
                                        .broker.lost = on_lost,
                                        .broker.expired = on_expired,
                                        .report = on_report};
    const char *schema = NULL;
    bool schema_open = false;
    bool insecure = false;
    signal(SIGPIPE, SIG_IGN);
    int id;
    while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (id == OPTION_HELP) {
            fputs(usage, stdout);
            return EXIT_SUCCESS;
        }
        insecure = insecure || id == OPTION_INSECURE;
        schema_open = schema_open || id == OPTION_SCHEMA_OPEN;
        if (id == OPTION_SCHEMA)
            schema = optarg;
        if (!option_set(&options, id, optarg)) {
            fputs("Try 'channeld --help'.\n", stderr);
            return EXIT_USAGE;
        }
    }
    const char *wrong = optind < argc ? "unexpected argument" : complaint(&options, insecure);
    if (wrong) {
        fprintf(stderr, "channeld: %s\nTry 'channeld --help'.\n", wrong);
        return EXIT_USAGE;
    }
    return start(&options, schema, schema_open);
}
