/* Taking events: a durable subscription, or what comes from now on. */
#include <inttypes.h>
#include <stdio.h>

#include "runtime/base/clock.h"
#include "runtime/base/uuid.h"
#include "runtime/channel/cli/cli.h"
#include "runtime/wire/wire.h"

enum { SUBSCRIPTION = 1 };

/* ---------------------------------------------------------------- sub, tail */

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

/* One line of JSON. */
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
    cli_payload_put(cli, event->subject, payload, &out);
    rt_buf_puts(&out, "}\n");
    int r = cli_print(cli, rt_buf_bytes(&out));
    rt_buf_done(&out);
    return r;
}

static int consume(struct cli *cli)
{
    uint64_t printed = 0, acked = 0;
    while (!cli_interrupted && (cli->count == 0 || acked < cli->count)) {
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

/* What does not fit into the frame is refused here: cut short it would be something else. */
static int names_set(struct cli *cli, channel_Subscribe *subscribe, const char *name, int filters,
                     char **filter)
{
    if (strlen(name) > RT_NAME_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "'%s' is too long for a name", name);
    if (filters > RT_FILTERS_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "more than %d filters", RT_FILTERS_MAX);
    RT_PB_SET(&subscribe->name, rt_str(name));
    for (int i = 0; i < filters; i++) {
        if (strlen(filter[i]) > RT_SUBJECT_MAX)
            return rt_error_set(&cli->error, RT_ETOOBIG, "'%s' is too long for a filter",
                                filter[i]);
        RT_PB_SET(&subscribe->filters[i], rt_str(filter[i]));
    }
    subscribe->filters_count = (pb_size_t)filters;
    return 0;
}

static int subscribe_to(struct cli *cli, const char *name, const char *start, int filters,
                        char **filter, bool ephemeral)
{
    channel_Subscribe subscribe = {.subscription = SUBSCRIPTION, .ephemeral = ephemeral};
    int r = start_set(cli, &subscribe, start);
    if (r == 0)
        r = names_set(cli, &subscribe, name, filters, filter);
    if (r == 0)
        r = cli_open(cli);
    if (r == 0)
        r = cli_open_schema(cli);
    if (r < 0)
        return r;
    rt_frame_put(&cli->conn.out, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields,
                 &subscribe, (struct rt_bytes){0});
    r = cli_conn_flush(&cli->conn, &cli->error);
    if (r == 0)
        r = consume(cli);
    cli_conn_leave(&cli->conn);
    return r;
}

int cli_rules(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    channel_Request message = {.id = 1, .force = cli->force, .has_rules = true};
    channel_Subscribe *rules = &message.rules;
    RT_PB_SET(&message.verb, rt_str(command->name));
    int r = start_set(cli, rules, cli->start ? cli->start : "all");
    if (r == 0)
        r = names_set(cli, rules, argv[0], argc - 1, argv + 1);
    RT_PB_SET(&message.name, rt_str(argv[0]));
    rules->ack_wait_ms = (uint32_t)cli->ack_wait_ms;
    rules->max_deliver = (uint32_t)cli->max_deliver;
    rules->expire_ms = cli->never_expires ? UINT64_MAX : cli->expire_s * 1000;
    rules->backoff_ms_count = (pb_size_t)cli->backoff_count;
    memcpy(rules->backoff_ms, cli->backoff_ms, cli->backoff_count * sizeof *cli->backoff_ms);
    struct rt_bytes answer;
    if (r == 0)
        r = cli_open(cli);
    return r < 0 ? r : cli_ask(cli, &message, &answer);
}

int cli_sub(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
    return subscribe_to(cli, argv[0], cli->start ? cli->start : "all", argc - 1, argv + 1, false);
}

int cli_tail(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)command;
    struct rt_uuid_gen gen = {0};
    char name[5 + RT_UUID_LEN + 1] = "tail-";
    rt_uuid_next(&gen, rt_clock_now_ms(), name + 5);
    return subscribe_to(cli, name, cli->start ? cli->start : "new", argc, argv, true);
}
