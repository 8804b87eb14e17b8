/* Publishing: one event, lines of standard input, and the benchmark. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/channel/cli/cli.h"

/* ---------------------------------------------------------------------- pub */

static int publish_frame(struct cli *cli, uint64_t sequence, const char *subject,
                         struct rt_bytes payload, struct rt_str key)
{
    struct rt_frame_publish publish = {
        .sequence = sequence,
        .subject = rt_str(subject),
        .key = cli->key ? rt_str(cli->key) : key,
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

/* Puts the event into the output: `text` as it is, or what the schema makes of it. */
static int publish_text(struct cli *cli, uint64_t sequence, const char *subject,
                        struct rt_bytes text)
{
    struct rt_str key = RT_STR("");
    if (!cli->json)
        return publish_frame(cli, sequence, subject, text, key);
    struct rt_arena arena;
    struct rt_bytes payload;
    rt_arena_init(&arena, 0);
    int r = cli_payload_parse(cli, subject, text, &arena, &payload, &key);
    if (r == 0)
        r = publish_frame(cli, sequence, subject, payload, key);
    rt_arena_done(&arena);
    return r;
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

/* Publishes the whole lines of `text`, and its rest when `last`; returns the bytes taken. A line
 * that cannot be published ends it, those before it are sent all the same. */
static int64_t publish_lines(struct cli *cli, const char *subject, struct rt_bytes text, bool last,
                             uint64_t *sequence, struct rt_error *ret_unfit)
{
    size_t at = 0;
    while (at < text.len) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        if (!end && !last)
            break;
        size_t len = end ? (size_t)(end - (text.data + at)) : text.len - at;
        int r = publish_text(cli, *sequence + 1, subject, rt_bytes(text.data + at, len));
        if (r < 0) {
            rt_error_set(ret_unfit, r, "line %" PRIu64 ": %s", *sequence + 1, cli->error.message);
            break;
        }
        ++*sequence;
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
    struct rt_error unfit = {0};
    uint64_t sequence = 0, confirmed = 0;
    bool end = false;
    int64_t r = 0;
    while (r >= 0 && (!end || confirmed < sequence)) {
        struct pollfd wait[2] = {{.fd = cli->conn.fd, .events = POLLIN},
                                 {.fd = end ? -1 : STDIN_FILENO, .events = POLLIN}};
        if (cli_interrupted || (poll(wait, 2, -1) < 0 && errno != EINTR))
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
            r = publish_lines(cli, subject, rt_buf_bytes(&text), end, &sequence, &unfit);
        if (r > 0)
            rt_buf_consume(&text, (size_t)r);
        end = end || unfit.code != 0;
    }
    rt_buf_done(&text);
    if (r >= 0 && unfit.code != 0)
        return rt_error_set(&cli->error, unfit.code, "%s; what is before it is published",
                            unfit.message);
    return r < 0 ? (int)r : 0;
}

int cli_pub(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
    int r = cli_open(cli);
    if (r == 0 && cli->json)
        r = cli_open_schema(cli);
    if (r == 0 && cli->json && !cli->schema)
        r = rt_error_set(&cli->error, RT_EINVAL,
                         "--json needs a schema, and the broker has none: give --schema FILE");
    if (r < 0)
        return r;
    if (argc == 1)
        return publish_stdin(cli, argv[0]);
    r = publish_text(cli, 1, argv[0], rt_str_bytes(rt_str(argv[1])));
    if (r == 0)
        r = cli_conn_flush(&cli->conn, &cli->error);
    return r < 0 ? r : wait_published(cli, 1);
}

/* -------------------------------------------------------------------- bench */

int cli_bench(struct cli *cli, const struct cli_command *command, int argc, char **argv)
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
