/* channeld as a process, with real clients: publish, consume, kill -9, start again, clean close,
 * in the clear and with TLS. */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/channel/client/client.h"
#include "tests/support/certificates.h"

enum { EVENTS = 3000, BIG_EVENTS = 12, BIG_BYTES = 1 << 20, TEST_MS_MAX = 20000, ARGS_MAX = 16 };

static char dir[64];
static pid_t broker;
static int port;
static const char *extra_args[ARGS_MAX]; /* of channeld, NULL-terminated */

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
    (void)status, (void)flag, (void)ftw;
    return remove(path);
}

/* A file in the test's folder; good until eight more were asked for. */
static char *file(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

/* Starts channeld and waits for its line. Port 0 takes a free one, which stays for restarts. */
static void broker_start(void)
{
    int out[2];
    cr_assert_eq(pipe(out), 0);
    char listen[32];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    broker = fork();
    if (broker == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* however the test ends */
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        const char *args[ARGS_MAX + 8] = {CHANNELD, "--data",          dir,      "--listen",
                                          listen,   "--segment-bytes", "1048576"};
        for (int i = 0; extra_args[i]; i++)
            args[7 + i] = extra_args[i];
        execv(CHANNELD, (char **)(uintptr_t)args);
        _exit(127);
    }
    close(out[1]);
    FILE *lines = fdopen(out[0], "r");
    char line[128] = "";
    bool ready = fgets(line, sizeof line, lines) != NULL;
    fclose(lines);
    cr_assert(ready && sscanf(line, "channeld: ready on 127.0.0.1:%d", &port) == 1, "got '%s'",
              line);
}

static int broker_end(int signal)
{
    int status = 0;
    kill(broker, signal);
    waitpid(broker, &status, 0);
    broker = 0;
    return status;
}

static void setup(void)
{
    signal(SIGPIPE, SIG_IGN);
    strcpy(dir, "/tmp/channeld-test-XXXXXX");
    cr_assert_neq(mkdtemp(dir), NULL);
    port = 0;
}

static void teardown(void)
{
    if (broker > 0)
        broker_end(SIGKILL);
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

TestSuite(channeld, .init = setup, .fini = teardown, .timeout = 60);

/* One client that publishes EVENTS events and consumes them all. */
struct story {
    uv_loop_t loop;
    uv_timer_t deadline;
    struct rt_transport *transport;
    uint64_t next, published, wanted;
    uint64_t seen, acked;
    uint64_t last_payload;
    uint64_t kill_at; /* kill -9 when this much was published; 0: never */
    char why[128];
    bool connected, was_up, closed, stop_when_refused;
    size_t payload_len;   /* of each event; 0: just its number */
    const char *name;     /* NULL: "teller" */
    const char *tls_ca;   /* files' names; NULL: no TLS */
    const char *tls_cert; /* "teller" for teller.pem and teller.key, or NULL */
    const char *token_file;
};

static void pump(struct story *story)
{
    static char payload[BIG_BYTES];
    while (story->next <= story->wanted) {
        int digits = snprintf(payload, 16, "%llu", (unsigned long long)story->next);
        size_t len = (size_t)digits;
        for (; len < story->payload_len; len++)
            payload[len] = (char)('A' + len % 26);
        struct rt_publish publish = {.sequence = story->next,
                                     .subject = RT_STR("story:told"),
                                     .key = RT_STR("one"),
                                     .time_ms = 1,
                                     .payload = rt_bytes(payload, len)};
        int r = story->transport->ops->publish(story->transport, &publish);
        if (r == RT_EAGAIN)
            return;
        cr_assert_eq(r, 0);
        story->next++;
    }
}

static void on_published(void *arg, uint64_t up_to)
{
    struct story *story = arg;
    cr_assert_gt(up_to, story->published);
    story->published = up_to;
    if (story->kill_at > 0 && up_to >= story->kill_at) {
        story->kill_at = 0;
        broker_end(SIGKILL);
        broker_start();
    }
    pump(story);
}

static void on_event(void *arg, const struct rt_event *event)
{
    struct story *story = arg;
    uint64_t number;
    const char *payload = (const char *)event->payload.data;
    size_t digits = 0;
    while (digits < event->payload.len && payload[digits] >= '0' && payload[digits] <= '9')
        digits++;
    size_t want = story->payload_len > digits ? story->payload_len : digits;
    cr_assert(rt_str_to_u64(rt_str_n(payload, digits), &number));
    cr_assert_eq(event->payload.len, want);
    for (size_t i = digits; i < want; i++)
        cr_assert_eq(payload[i], (char)('A' + i % 26));
    /* One key, so strictly in order; only a redelivery repeats the last one. */
    cr_assert(number == story->last_payload + 1 ||
                  (number == story->last_payload && event->attempt > 1),
              "%llu after %llu, attempt %u", (unsigned long long)number,
              (unsigned long long)story->last_payload, event->attempt);
    story->last_payload = number;
    story->seen++;
    story->transport->ops->ack(story->transport, event->sequence);
}

static void on_acked(void *arg, uint64_t sequence)
{
    struct story *story = arg;
    (void)sequence;
    if (++story->acked == story->wanted)
        uv_stop(&story->loop);
}

static void on_state(void *arg, bool connected, const char *why)
{
    struct story *story = arg;
    story->connected = connected;
    story->was_up |= connected;
    snprintf(story->why, sizeof story->why, "%s", why);
    if (connected ? story->wanted == 0 : story->stop_when_refused)
        uv_stop(&story->loop);
}

static void on_closed(void *arg)
{
    struct story *story = arg;
    story->closed = true;
}

static void on_deadline(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

static void story_open(struct story *story)
{
    uv_loop_init(&story->loop);
    uv_timer_init(&story->loop, &story->deadline);
    uv_timer_start(&story->deadline, on_deadline, TEST_MS_MAX, 0);
    static const char *const subjects[] = {"story:*", NULL};
    struct rt_transport_options options = {.host = "127.0.0.1",
                                           .port = port,
                                           .name = story->name ? story->name : "teller",
                                           .token_file = story->token_file,
                                           .subjects = subjects,
                                           .next_sequence = 1};
    static const struct rt_transport_events events = {
        .published = on_published, .event = on_event, .acked = on_acked, .state = on_state};
    if (story->tls_ca)
        options.tls_ca = file(story->tls_ca);
    char names[2][32];
    if (story->tls_cert) {
        snprintf(names[0], sizeof names[0], "%s.pem", story->tls_cert);
        snprintf(names[1], sizeof names[1], "%s.key", story->tls_cert);
        options.tls_cert = file(names[0]);
        options.tls_key = file(names[1]);
    }
    struct rt_error error = {0};
    int r = rt_channel_open(&story->loop, &options, &events, story, &story->transport, &error);
    cr_assert_eq(r, 0, "%s", error.message);
}

static void story_close(struct story *story)
{
    story->transport->ops->close(story->transport, on_closed, story);
    uv_close((uv_handle_t *)&story->deadline, NULL);
    uv_run(&story->loop, UV_RUN_DEFAULT);
    cr_assert(story->closed);
    cr_assert_eq(uv_loop_close(&story->loop), 0);
}

Test(channeld, everything_published_is_delivered_and_acknowledged)
{
    struct story story = {.next = 1, .wanted = EVENTS};
    broker_start();
    story_open(&story);
    pump(&story);
    uv_run(&story.loop, UV_RUN_DEFAULT);
    cr_assert_eq(story.published, EVENTS);
    cr_assert_eq(story.seen, EVENTS);
    cr_assert_eq(story.acked, EVENTS);
    story_close(&story);
    int status = broker_end(SIGTERM);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

Test(channeld, kill_9_in_the_middle_loses_and_doubles_nothing)
{
    struct story story = {.next = 1, .wanted = EVENTS, .kill_at = EVENTS / 3};
    broker_start();
    story_open(&story);
    pump(&story);
    uv_run(&story.loop, UV_RUN_DEFAULT);
    cr_assert_eq(story.kill_at, 0);
    cr_assert_eq(story.published, EVENTS);
    cr_assert_eq(story.acked, EVENTS);
    cr_assert_eq(story.last_payload, EVENTS);
    story_close(&story);

    /* Nothing comes again after a clean restart either. */
    broker_end(SIGTERM);
    broker_start();
    struct story after = {.next = EVENTS + 1, .wanted = EVENTS + 1, .last_payload = EVENTS};
    after.acked = EVENTS;
    story_open(&after);
    for (after.next = 1; after.next <= EVENTS;) /* the outbox starts over: all duplicates */
        after.wanted = EVENTS + 1, pump(&after);
    uv_run(&after.loop, UV_RUN_DEFAULT);
    cr_assert_eq(after.seen, 1);
    cr_assert_eq(after.last_payload, EVENTS + 1);
    story_close(&after);
}

static void file_write(const char *path, const char *text)
{
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

Test(channeld, wrong_token_is_turned_away_with_a_reason)
{
    file_write(file("tokens"),
               "# who may do what\nteller sesame publish story:> subscribe story:*\n");
    file_write(file("right"), "sesame\n");
    file_write(file("wrong"), "open\n");
    extra_args[0] = "--token-file";
    extra_args[1] = file("tokens");
    broker_start();
    struct story refused = {.next = 1, .stop_when_refused = true, .token_file = file("wrong")};
    story_open(&refused);
    uv_run(&refused.loop, UV_RUN_DEFAULT);
    cr_assert_str_eq(refused.why, "no such client, or another token");
    story_close(&refused);

    struct story story = {.next = 1, .wanted = 10, .token_file = file("right")};
    story_open(&story);
    pump(&story);
    uv_run(&story.loop, UV_RUN_DEFAULT);
    cr_assert_eq(story.acked, 10);
    story_close(&story);
}

/* ---------------------------------------------------------------------- TLS */

/* `cert` is the server's; `client_ca` NULL: clients need no certificate. */
static void tls_start(const char *cert, const char *key, const char *client_ca)
{
    certificates_make(dir);
    static char paths[3][128];
    const char **arg = extra_args;
    snprintf(paths[0], sizeof paths[0], "%s", file(cert));
    snprintf(paths[1], sizeof paths[1], "%s", file(key));
    *arg++ = "--tls-cert";
    *arg++ = paths[0];
    *arg++ = "--tls-key";
    *arg++ = paths[1];
    if (client_ca) {
        snprintf(paths[2], sizeof paths[2], "%s", file(client_ca));
        *arg++ = "--tls-client-ca";
        *arg++ = paths[2];
        *arg++ = "--tls-client-names";
    }
    broker_start();
}

static void told(struct story *story)
{
    story_open(story);
    pump(story);
    uv_run(&story->loop, UV_RUN_DEFAULT);
    cr_assert_eq(story->acked, story->wanted, "%s", story->why);
    cr_assert_eq(story->published, story->wanted);
    cr_assert_eq(story->last_payload, story->wanted);
    story_close(story);
}

Test(channeld, tls_carries_everything)
{
    struct story story = {.next = 1, .wanted = EVENTS, .tls_ca = "ca.pem"};
    tls_start("server.pem", "server.key", NULL);
    told(&story);
    cr_assert_eq(story.seen, EVENTS);
    int status = broker_end(SIGTERM);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

Test(channeld, tls_reconnects_after_kill_9_without_loss)
{
    struct story story = {.next = 1, .wanted = EVENTS, .kill_at = EVENTS / 3, .tls_ca = "ca.pem"};
    tls_start("server.pem", "server.key", NULL);
    told(&story);
    cr_assert_eq(story.kill_at, 0);
}

Test(channeld, tls_carries_the_largest_events_both_ways)
{
    struct story story = {
        .next = 1, .wanted = BIG_EVENTS, .payload_len = BIG_BYTES, .tls_ca = "ca.pem"};
    extra_args[4] = "--segment-bytes";
    extra_args[5] = "16777216";
    tls_start("server.pem", "server.key", NULL);
    told(&story);
    cr_assert_eq(story.seen, BIG_EVENTS);
}

/* A client that must be turned away, and why. */
static void turned_away(struct story story, const char *why)
{
    story.next = 1;
    story.stop_when_refused = true;
    story_open(&story);
    uv_run(&story.loop, UV_RUN_DEFAULT);
    cr_assert_not(story.connected);
    cr_assert_neq(strstr(story.why, why), NULL, "'%s' instead of '%s'", story.why, why);
    story_close(&story);
}

Test(channeld, tls_refuses_whom_it_should_and_says_why)
{
    tls_start("server.pem", "server.key", "ca.pem");
    turned_away((struct story){.tls_ca = "other_ca.pem", .tls_cert = "teller"},
                "the server's certificate is refused");
    turned_away((struct story){.tls_ca = "ca.pem"}, "the server demands a client's certificate");
    turned_away((struct story){.tls_ca = "ca.pem", .tls_cert = "stranger"},
                "the other side refuses our certificate");
    turned_away((struct story){.tls_ca = "ca.pem", .tls_cert = "teller", .name = "fooler"},
                "the client's certificate is not for this name");
    turned_away((struct story){0}, "only TLS is spoken at this port");
    struct story story = {.next = 1, .wanted = 10, .tls_ca = "ca.pem", .tls_cert = "teller"};
    told(&story);
    /* Under another of its certificate's names. */
    struct story other = {.next = 1, .name = "narrator", .tls_ca = "ca.pem", .tls_cert = "teller"};
    told(&other);
    cr_assert(other.was_up);
}

Test(channeld, tls_client_finds_no_tls)
{
    certificates_make(dir);
    broker_start();
    turned_away((struct story){.tls_ca = "ca.pem"}, "the other side does not speak TLS");
}

Test(channeld, tls_client_refuses_an_expired_server)
{
    tls_start("expired.pem", "expired.key", NULL);
    turned_away((struct story){.tls_ca = "ca.pem"}, "certificate has expired");
}
