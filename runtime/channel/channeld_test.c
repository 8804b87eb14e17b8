/* channeld as a process, with real clients: publish, consume, kill -9, start again, clean close. */
#include "runtime/channel/client.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS = 3000, TEST_MS_MAX = 20000 };

static char dir[64];
static pid_t broker;
static int port;

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
    (void)status, (void)flag, (void)ftw;
    return remove(path);
}

/* Starts channeld and waits for its line. Port 0 takes a free one, which stays for restarts. */
static void broker_start(const char *token_file)
{
    int out[2];
    cr_assert_eq(pipe(out), 0);
    char listen[32];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    broker = fork();
    if (broker == 0) {
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        if (token_file)
            execl(CHANNELD, CHANNELD, "--data", dir, "--listen", listen, "--segment-bytes",
                  "1048576", "--token-file", token_file, (char *)NULL);
        execl(CHANNELD, CHANNELD, "--data", dir, "--listen", listen, "--segment-bytes", "1048576",
              (char *)NULL);
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
    bool connected, closed, stop_when_refused;
};

static void pump(struct story *story)
{
    while (story->next <= story->wanted) {
        char payload[16];
        int len = snprintf(payload, sizeof payload, "%llu", (unsigned long long)story->next);
        struct rt_publish publish = {.sequence = story->next,
                                     .subject = RT_STR("story:told"),
                                     .key = RT_STR("one"),
                                     .time_ms = 1,
                                     .payload = rt_bytes(payload, (size_t)len)};
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
        broker_start(NULL);
    }
    pump(story);
}

static void on_event(void *arg, const struct rt_event *event)
{
    struct story *story = arg;
    uint64_t number;
    cr_assert(
        rt_str_to_u64(rt_str_n((const char *)event->payload.data, event->payload.len), &number));
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
    snprintf(story->why, sizeof story->why, "%s", why);
    if (!connected && story->stop_when_refused)
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

static void story_open(struct story *story, const char *token_file)
{
    uv_loop_init(&story->loop);
    uv_timer_init(&story->loop, &story->deadline);
    uv_timer_start(&story->deadline, on_deadline, TEST_MS_MAX, 0);
    static const char *const subjects[] = {"story:*", NULL};
    struct rt_transport_options options = {.host = "127.0.0.1",
                                           .port = port,
                                           .name = "teller",
                                           .token_file = token_file,
                                           .subjects = subjects,
                                           .next_sequence = 1};
    static const struct rt_transport_events events = {
        .published = on_published, .event = on_event, .acked = on_acked, .state = on_state};
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
    broker_start(NULL);
    story_open(&story, NULL);
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
    broker_start(NULL);
    story_open(&story, NULL);
    pump(&story);
    uv_run(&story.loop, UV_RUN_DEFAULT);
    cr_assert_eq(story.kill_at, 0);
    cr_assert_eq(story.published, EVENTS);
    cr_assert_eq(story.acked, EVENTS);
    cr_assert_eq(story.last_payload, EVENTS);
    story_close(&story);

    /* Nothing comes again after a clean restart either. */
    broker_end(SIGTERM);
    broker_start(NULL);
    struct story after = {.next = EVENTS + 1, .wanted = EVENTS + 1, .last_payload = EVENTS};
    after.acked = EVENTS;
    story_open(&after, NULL);
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
    char tokens[96], right[96], wrong[96];
    snprintf(tokens, sizeof tokens, "%s/tokens", dir);
    snprintf(right, sizeof right, "%s/right", dir);
    snprintf(wrong, sizeof wrong, "%s/wrong", dir);
    file_write(tokens, "# who may do what\nteller sesame publish story:> subscribe story:*\n");
    file_write(right, "sesame\n");
    file_write(wrong, "open\n");
    broker_start(tokens);
    struct story refused = {.next = 1, .stop_when_refused = true};
    story_open(&refused, wrong);
    uv_run(&refused.loop, UV_RUN_DEFAULT);
    cr_assert_str_eq(refused.why, "no such client, or another token");
    story_close(&refused);

    struct story story = {.next = 1, .wanted = 10};
    story_open(&story, right);
    pump(&story);
    uv_run(&story.loop, UV_RUN_DEFAULT);
    cr_assert_eq(story.acked, 10);
    story_close(&story);
}
