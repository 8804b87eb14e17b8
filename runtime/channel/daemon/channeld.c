/*
 * channeld, the event channel's broker: options in, exit status out. See
 * docs/channel/OPERATIONS.md.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/arguments.h"
#include "runtime/channel/daemon/daemon.h"
#include "runtime/channel/protocol/schema_check.h"
#include "runtime/channel/protocol/subject.h"

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

/* ------------------------------------------------------------------ options */

/* What the setters fill; the daemon's own options come first, so that offsets are theirs. */
struct target {
    struct rt_daemon_options options;
    char host[64];
    const char *schema;
    bool schema_open;
    bool insecure;
    bool help;
};

static int set_address(const struct rt_argument *argument, const char *value, void *arg,
                       struct rt_error *error)
{
    struct target *target = arg;
    const char *host;
    size_t len;
    if (!rt_address_split(value, &host, &len, &target->options.port) || len >= sizeof target->host)
        return rt_argument_refuse(argument, value, error);
    snprintf(target->host, sizeof target->host, "%.*s", (int)len, host);
    target->options.host = target->host;
    return 0;
}

/* Seconds, kept as ms. */
static int set_age(const struct rt_argument *argument, const char *value, void *arg,
                   struct rt_error *error)
{
    uint64_t seconds = 0;
    struct rt_argument alone = *argument;
    alone.offset = 0;
    int status = rt_argument_u64(&alone, value, &seconds, error);
    if (status == 0)
        *(int64_t *)(void *)((char *)arg + argument->offset) = (int64_t)seconds * 1000;
    return status;
}

/* Rules of compaction, as they are named. */
static struct rt_str by_key[RT_FILTERS_MAX];
static struct rt_compact_limit limits[RT_FILTERS_MAX];

static bool rule_filter(struct rt_str filter)
{
    return rt_filter_valid(filter) && filter.data[0] != '$';
}

static int set_compact(const struct rt_argument *argument, const char *value, void *arg,
                       struct rt_error *error)
{
    struct rt_compact_rules *rules = &((struct target *)arg)->options.broker.compact;
    if (!rule_filter(rt_str(value)) || rules->by_key_count == RT_FILTERS_MAX)
        return rt_argument_refuse(argument, value, error);
    by_key[rules->by_key_count++] = rt_str(value);
    rules->by_key = by_key;
    return 0;
}

/* "N", of the whole log, or "FILTER=N". */
static int set_retain_count(const struct rt_argument *argument, const char *value, void *arg,
                            struct rt_error *error)
{
    struct rt_daemon_options *options = &((struct target *)arg)->options;
    struct rt_compact_rules *rules = &options->broker.compact;
    const char *equals = strrchr(value, '=');
    struct rt_compact_limit limit = {0};
    if (!equals)
        return rt_argument_u64(argument, value, arg, error);
    limit.filter = rt_str_n(value, (size_t)(equals - value));
    if (!rt_str_to_u64(rt_str(equals + 1), &limit.events) || limit.events == 0 ||
        !rule_filter(limit.filter) || rules->limit_count == RT_FILTERS_MAX)
        return rt_argument_refuse(argument, value, error);
    limits[rules->limit_count++] = limit;
    rules->limits = limits;
    return 0;
}

#define OF(member) offsetof(struct target, member)
#define OPTION(m)  offsetof(struct target, options.m)
static const struct rt_argument arguments[] = {
    {"data", "DIR", rt_argument_text, OPTION(data), 0, 0,
     "where the log is kept; created when missing"},
    {"listen", "ADDRESS:PORT", set_address, 0, 0, 0,
     "IP address and port (127.0.0.1:4150); port 0 takes any free one"},
    {"token-file", "FILE", rt_argument_text, OPTION(token_file), 0, 0,
     "one client a line: NAME TOKEN [publish FILTER...]\n"
     "[subscribe FILTER...] [consume NAME...] [manage NAME...] [admin];\n"
     "without it everybody may do everything"},
    {"tls-cert", "FILE", rt_argument_text, OPTION(tls.cert), 0, 0,
     "speak TLS, with this certificate (PEM, its authorities behind it)"},
    {"tls-key", "FILE", rt_argument_text, OPTION(tls.key), 0, 0,
     "its key, readable by its owner only"},
    {"tls-client-ca", "FILE", rt_argument_text, OPTION(tls.ca), 0, 0,
     "refuse clients without a certificate of these authorities"},
    {"tls-client-names", NULL, rt_argument_flag, OPTION(tls_names), 0, 0,
     "and those whose name is not their certificate's"},
    {"insecure", NULL, rt_argument_flag, OF(insecure), 0, 0,
     "listen on other than loopback without TLS or a token file"},
    {"schema", "FILE", rt_argument_text, OF(schema), 0, 0,
     "the system's schema.binpb: refuse events that break it"},
    {"schema-open", NULL, rt_argument_flag, OF(schema_open), 0, 0,
     "but take subjects that it does not have"},
    {"payload-max", "BYTES", rt_argument_u64, OPTION(broker.payload_max), 1, RT_PAYLOAD_MAX_MAX,
     "largest event (1048576, at most 7340032)"},
    {"max-deliver", "N", rt_argument_u32, OPTION(broker.max_deliver), 1, UINT32_MAX,
     "deliveries before an event is a dead letter (20)"},
    {"heartbeat-ms", "N", rt_argument_u32, OPTION(broker.heartbeat_ms), 50, 3600 * 1000,
     "silence before a PING; a connection is dead after three (2000)"},
    {"cache-bytes", "N", rt_argument_u64, OPTION(broker.cache_bytes), 1 << 20, SIZE_MAX,
     "events kept in memory (67108864)"},
    {"retain-bytes", "N", rt_argument_u64, OPTION(retain.bytes), 0, UINT64_MAX,
     "let settled events go when the log is larger (0: keep all)"},
    {"retain-count", "N", set_retain_count, OPTION(retain.events), 0, UINT64_MAX,
     "or when there are more events than that; FILTER=N: more on these\n"
     "subjects; may be repeated"},
    {"retain-age", "SECONDS", set_age, OPTION(retain.age_ms), 0, SECONDS_MAX,
     "or when they are older than that"},
    {"retain-hard", NULL, rt_argument_flag, OPTION(retain.hard), 0, 0,
     "though a subscription has not settled them: it loses them"},
    {"compact", "FILTER", set_compact, 0, 0, 0,
     "of events on these subjects keep the newest of each key, once they are\n"
     "settled; may be repeated"},
    {"compact-keys", "N", rt_argument_u64, OPTION(compact_keys), 1, SIZE_MAX / 64,
     "keys known at a time while compacting, 32 bytes each (786432)"},
    {"dead-count", "N", rt_argument_u64, OPTION(broker.dead_max), 0, SIZE_MAX,
     "dead letters kept (0: all)"},
    {"dead-age", "SECONDS", set_age, OPTION(broker.dead_age_ms), 0, SECONDS_MAX,
     "and how long (0: for ever)"},
    {"segment-bytes", "N", rt_argument_u64, OPTION(segment_bytes), 16384, 256 << 20,
     "size of new segments (67108864)"},
    {"checkpoint-bytes", "N", rt_argument_u64, OPTION(checkpoint_bytes), 4096, UINT64_MAX,
     "of records between two checkpoints (67108864)"},
    {"help", NULL, rt_argument_flag, OF(help), 0, 0, "this text"},
};
enum { N_ARGUMENTS = sizeof arguments / sizeof *arguments };
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "rt_argument_u64 sets members of both types");

static void print_help(void)
{
    struct rt_buf out = {0};
    rt_buf_puts(&out, "usage: channeld --data DIR [--listen ADDRESS:PORT] [option...]\n"
                      "\n"
                      "The durable event channel: producers are answered once their events are "
                      "synced to disk,\n"
                      "consumers share durable subscriptions by name. Prints one line when it is "
                      "ready.\n\n");
    rt_arguments_help(arguments, N_ARGUMENTS, &out);
    rt_buf_puts(&out,
                "\nSIGHUP reads schema, token file and certificates again. SIGTERM and "
                "SIGINT close cleanly.\n"
                "Exit status: 0 closed cleanly, 1 the disk or the log failed, 2 bad usage.\n");
    fputs(rt_buf_cstr(&out), stdout);
    rt_buf_done(&out);
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

static int wrong_usage(const char *message)
{
    fprintf(stderr, "channeld: %s\nTry 'channeld --help'.\n", message);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct target target = {.options = {.host = "127.0.0.1",
                                        .port = 4150,
                                        .broker.lost = on_lost,
                                        .broker.expired = on_expired,
                                        .report = on_report}};
    struct rt_error error;
    signal(SIGPIPE, SIG_IGN);
    if (rt_arguments_read(arguments, N_ARGUMENTS, argc, argv, &target, &error) != 0)
        return wrong_usage(error.message);
    if (target.help) {
        print_help();
        return EXIT_SUCCESS;
    }
    const char *wrong = complaint(&target.options, target.insecure);
    return wrong ? wrong_usage(wrong) : start(&target.options, target.schema, target.schema_open);
}
