/* What is bounded, on the pure core: text and times that come in, nacks, answers, entries, work. */
#include <stdio.h>
#include <time.h>

#include <criterion/criterion.h>

#include "runtime/channel/protocol/frame.h"
#include "tests/support/sim.h"

static struct sim sim;
static struct sim_client *raw; /* frames by hand; what the broker says stays in raw->down */

static void setup(void)
{
    sim.options = (struct rt_broker_options){0};
    sim_init(&sim, 1);
    raw = sim_client(&sim, "raw", 0, 0, NULL);
    rt_client_core_free(raw->core);
    raw->core = NULL;
    raw->conn = rt_broker_connect(sim.broker, raw);
    channel_Hello hello = {.version = RT_CHANNEL_VERSION};
    RT_PB_SET(&hello.name, RT_STR("raw"));
    rt_frame_put(&raw->up, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
    sim_settle(&sim);
}

static void teardown(void)
{
    sim_done(&sim);
}

TestSuite(limits, .init = setup, .fini = teardown, .timeout = 60);

/* The newest frame of this type that the broker said; false: none. */
static bool said(channel_FrameType type, struct rt_frame *ret)
{
    struct rt_bytes rest = rt_buf_bytes(&raw->down);
    struct rt_frame frame;
    bool found = false;
    for (int64_t len; (len = rt_frame_cut(rest, RT_ANSWER_MAX, &frame)) > 0;) {
        if (frame.type == type) {
            *ret = frame;
            found = true;
        }
        rest = rt_bytes(rest.data + len, rest.len - (size_t)len);
    }
    return found;
}

static void publish_put(uint64_t sequence, const char *subject, const char *key,
                        struct rt_bytes payload)
{
    struct rt_frame_publish message = {.sequence = sequence,
                                       .subject = rt_str(subject),
                                       .key = rt_str(key),
                                       .time_ms = sim.wall_ms};
    rt_frame_put_publish(&raw->up, &message, payload);
}

static void subscribe(const char *name, uint32_t window)
{
    channel_Subscribe message = {.subscription = 1, .filters_count = 1, .window_messages = window};
    RT_PB_SET(&message.name, rt_str(name));
    RT_PB_SET(&message.filters[0], RT_STR("a:*"));
    rt_frame_put(&raw->up, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields, &message,
                 (struct rt_bytes){0});
    sim_settle(&sim);
}

static channel_Reply ask(const char *verb, const char *name, uint64_t sequence,
                         struct rt_bytes *ret)
{
    channel_Request request = {.id = 7, .sequence = sequence};
    RT_PB_SET(&request.verb, rt_str(verb));
    RT_PB_SET(&request.name, rt_str(name));
    rt_buf_clear(&raw->down);
    rt_frame_put(&raw->up, channel_FrameType_FRAME_REQUEST, channel_Request_fields, &request,
                 (struct rt_bytes){0});
    sim_settle(&sim);
    struct rt_frame frame;
    channel_Reply reply = {0};
    cr_assert(said(channel_FrameType_FRAME_REPLY, &frame), "%s is answered", verb);
    cr_assert_eq(rt_frame_get(&frame, channel_Reply_fields, &reply), 0);
    if (ret)
        *ret = frame.payload;
    return reply;
}

/* ------------------------------------------------------------ what comes in */

Test(limits, text_and_times_that_others_could_not_read_are_refused_and_the_rest_goes_on)
{
    char long_key[RT_KEY_MAX + 2];
    memset(long_key, 'k', sizeof long_key);
    long_key[RT_KEY_MAX + 1] = '\0';
    const struct rt_frame_publish bad[] = {
        {.subject = RT_STR("a:x"), .key = RT_STR("\xff")},
        {.subject = RT_STR("a:x"), .key = rt_str(long_key)},
        {.subject = RT_STR("a:x"), .message_id = RT_STR("\xc3")},
        {.subject = RT_STR("a:x"), .time_ms = -1},
        {.subject = RT_STR("a:x"), .deliver_at_ms = -1},
        {.subject = RT_STR("a:\xff")},
    };
    const uint64_t count = sizeof bad / sizeof *bad;
    for (uint64_t i = 0; i < count; i++) {
        struct rt_frame_publish message = bad[i];
        message.sequence = i + 1;
        struct rt_buf frame = {0};
        if (message.key.len <= RT_KEY_MAX) {
            rt_frame_put_publish(&raw->up, &message, (struct rt_bytes){0});
        } else {
            struct rt_str key = message.key;
            message.key = rt_str_n(key.data, RT_KEY_MAX);
            rt_frame_put_publish(&frame, &message, (struct rt_bytes){0});
            /* One byte more in the frame, its header and the key. */
            struct rt_buf *up = &raw->up;
            rt_buf_append(up, frame.data, frame.len);
            uint8_t *at = up->data + up->len - frame.len;
            at[0]++, at[6]++;
            uint8_t *length = memchr(at + RT_FRAME_PREFIX, 0xff, frame.len - RT_FRAME_PREFIX);
            cr_assert(length && length[1] == 0x01, "255 as a varint");
            length[0] = 0x80, length[1] = 0x02;
            uint8_t more = 'k';
            rt_buf_append(up, &more, 1);
            uint8_t *end = up->data + up->len;
            memmove(length + 3, length + 2, (size_t)(end - length - 3));
            length[2] = 'k';
        }
        rt_buf_done(&frame);
        sim_settle(&sim);
        struct rt_frame answer;
        channel_Refused refused;
        cr_assert(said(channel_FrameType_FRAME_REFUSED, &answer), "case %d", (int)i);
        cr_assert_eq(rt_frame_get(&answer, channel_Refused_fields, &refused), 0);
        cr_assert_eq(refused.sequence, i + 1);
        cr_assert_not(refused.retry);
    }
    publish_put(count + 1, "a:x", "\u00e4", (struct rt_bytes){0});
    sim_settle(&sim);
    struct rt_frame answer;
    channel_Published published;
    cr_assert(said(channel_FrameType_FRAME_PUBLISHED, &answer));
    cr_assert_eq(rt_frame_get(&answer, channel_Published_fields, &published), 0);
    cr_assert_eq(published.up_to, count + 1);
}

Test(limits, text_is_cut_between_characters)
{
    uint8_t out[4];
    cr_assert_eq(rt_pb_copy(out, 4, RT_STR("abc\u00e4")), 3);
    cr_assert_eq(rt_pb_copy(out, 4, RT_STR("ab\u00e4")), 4);
    cr_assert_eq(rt_pb_copy(out, 4, RT_STR("\U0001f3ab!")), 4);
    cr_assert_eq(rt_pb_copy(out, 3, RT_STR("\U0001f3ab")), 0);
}

Test(limits, a_corrected_clock_moves_what_is_scheduled)
{
    const int64_t year_ms = INT64_C(365) * 24 * 3600000;
    subscribe("s", 10);
    sim.wall_ms -= year_ms; /* wrong, until somebody corrects it */
    sim_settle(&sim);
    struct rt_frame_publish message = {.sequence = 1,
                                       .subject = RT_STR("a:x"),
                                       .time_ms = sim.wall_ms,
                                       .deliver_at_ms = sim.wall_ms + year_ms + 3000};
    rt_frame_put_publish(&raw->up, &message, (struct rt_bytes){0});
    sim_settle(&sim);
    struct rt_frame frame;
    sim.wall_ms += year_ms;
    sim_sleep(&sim, 2000);
    cr_assert_not(said(channel_FrameType_FRAME_EVENT, &frame));
    sim_sleep(&sim, 2000);
    cr_assert(said(channel_FrameType_FRAME_EVENT, &frame));
}

Test(limits, a_clock_that_is_ahead_for_a_moment_expires_nothing)
{
    const int64_t day_ms = 24 * 3600000;
    sim.options.dead_age_ms = 7 * day_ms;
    sim_crash(&sim);
    static const char *const everything[] = {"a:*", NULL};
    struct sim_client *producer = sim_client(&sim, "p", 1, 0, NULL);
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    sim_settle(&sim);
    cr_assert_eq(sim_publish(producer, 1, "a:x", "k", "x"), 0);
    sim_settle(&sim);
    rt_client_core_terminate(consumer->core, consumer->seen[0].sequence, RT_STR("bad"));
    sim_sleep(&sim, 100);
    sim.wall_ms += 30 * day_ms;
    sim_sleep(&sim, 3000);
    sim.wall_ms -= 30 * day_ms;
    sim_sleep(&sim, 3000);
    cr_assert_neq(rt_broker_oldest_dead(sim.broker), UINT64_MAX, "it is kept");
    sim_sleep(&sim, 7 * day_ms);
    cr_assert_eq(rt_broker_oldest_dead(sim.broker), UINT64_MAX, "it grew old after all");
}

static void nack_at_once(struct sim_client *client, const struct sim_seen *seen)
{
    rt_client_core_nack(client->core, seen->sequence, 0);
}

Test(limits, a_consumer_that_always_nacks_has_its_twenty_deliveries_over_a_day)
{
    static const char *const everything[] = {"a:*", NULL};
    struct sim_client *consumer = sim_client(&sim, "c", 0, 0, everything);
    consumer->on_event = nack_at_once;
    publish_put(1, "a:x", "k", (struct rt_bytes){0});
    sim_settle(&sim);
    int64_t begin = sim.now_ms;
    cr_assert_eq(consumer->seen_count, 1);
    sim_sleep(&sim, 1000);
    cr_assert(consumer->seen_count >= 2 && consumer->seen_count <= 4, "%zu", consumer->seen_count);
    while (consumer->seen_count < RT_MAX_DELIVER && sim.now_ms - begin < INT64_C(48) * 3600000)
        sim_sleep(&sim, 600000);
    cr_assert_eq(consumer->seen_count, RT_MAX_DELIVER);
    cr_assert_gt(sim.now_ms - begin, INT64_C(20) * 3600000);
}

/* ------------------------------------------------------------------ answers */

static void terminate_all(uint64_t count)
{
    for (uint64_t sequence = 1; sequence <= sim.record_count && count > 0; sequence++) {
        channel_Terminate message = {.subscription = 1, .sequence = sequence};
        RT_PB_SET(&message.reason, RT_STR("bad"));
        rt_frame_put(&raw->up, channel_FrameType_FRAME_TERMINATE, channel_Terminate_fields,
                     &message, (struct rt_bytes){0});
    }
    sim_settle(&sim);
}

Test(limits, dead_letters_come_in_pages)
{
    enum { LETTERS = 12, BYTES = 300000 };
    static uint8_t payload[BYTES];
    subscribe("s", 100);
    for (uint64_t i = 1; i <= LETTERS; i++) {
        publish_put(i, "a:x", "", rt_bytes(payload, BYTES));
        sim_settle(&sim);
        rt_buf_clear(&raw->down);
        rt_broker_drained(sim.broker, raw->conn);
    }
    terminate_all(LETTERS);
    uint64_t from = 0, count = 0, pages = 0;
    do {
        struct rt_bytes answer;
        channel_Reply reply = ask("dead show", "s", from, &answer);
        cr_assert_eq(reply.code, channel_Code_CODE_NONE);
        cr_assert_lt(answer.len, 2 * RT_PAGE_BYTES);
        count += reply.count;
        from = reply.next;
        pages++;
    } while (from > 0);
    cr_assert_eq(count, LETTERS);
    cr_assert_gt(pages, 3);
}

Test(limits, subscriptions_come_in_pages)
{
    enum { SUBSCRIPTIONS = 4000 };
    for (int i = 0; i < SUBSCRIPTIONS; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        channel_Unsubscribe leave = {.subscription = 1};
        subscribe(name, 1);
        rt_frame_put(&raw->up, channel_FrameType_FRAME_UNSUBSCRIBE, channel_Unsubscribe_fields,
                     &leave, (struct rt_bytes){0});
        rt_buf_clear(&raw->down);
    }
    size_t count = 0;
    uint64_t from = 0;
    do {
        struct rt_bytes answer;
        from = ask("ls", "", from, &answer).next;
        cr_assert_lt(answer.len, 2 * RT_PAGE_BYTES);
        for (size_t at = 0; at + 8 < answer.len; at++)
            count += memcmp(answer.data + at, "\"name\":", 7) == 0;
    } while (from > 0);
    cr_assert_eq(count, SUBSCRIPTIONS);
}

Test(limits, a_letter_that_nobody_would_get_is_kept)
{
    subscribe("s", 100);
    publish_put(1, "a:x", "", (struct rt_bytes){0});
    sim_settle(&sim);
    terminate_all(1);
    channel_Unsubscribe leave = {.subscription = 1, .forget = true};
    rt_frame_put(&raw->up, channel_FrameType_FRAME_UNSUBSCRIBE, channel_Unsubscribe_fields, &leave,
                 (struct rt_bytes){0});
    sim_settle(&sim);
    channel_Reply reply = ask("dead replay", "s", 0, NULL);
    cr_assert_eq(reply.code, channel_Code_CODE_INVALID);
    struct rt_bytes answer;
    ask("dead ls", "", 0, &answer);
    cr_assert_gt(answer.len, 2, "it is there still");
    cr_assert_eq(ask("dead drop", "s", 0, NULL).code, channel_Code_CODE_NONE);
}

Test(limits, who_says_hello_and_never_publishes_is_no_producer)
{
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%d", i);
        struct sim_client *client = sim_client(&sim, name, 1, 0, NULL);
        sim_settle(&sim);
        cr_assert(client->conn != NULL);
        sim_kill(client);
    }
    struct rt_bytes answer;
    ask("info", "", 0, &answer);
    char text[2048];
    snprintf(text, sizeof text, "%.*s", (int)answer.len, (const char *)answer.data);
    cr_assert(strstr(text, "\"producers\":0,"), "%s", text);
}

/* ------------------------------------------------------------------ entries */

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void publish_many(uint64_t first, uint64_t count, const char *key)
{
    for (uint64_t i = first; i < first + count; i++) {
        publish_put(i, "a:x", key, (struct rt_bytes){0});
        if (i % 8192 == 0)
            sim_settle(&sim);
    }
    sim_settle(&sim);
    rt_buf_clear(&raw->down);
}

Test(limits, a_key_that_is_stuck_holds_up_no_other)
{
    enum { STUCK = 300000 };
    subscribe("s", 10);
    publish_many(1, STUCK, "stuck");
    publish_many(STUCK + 1, 1, "free");
    struct rt_bytes answer;
    ask("ls", "s", 0, &answer);
    char text[2048];
    snprintf(text, sizeof text, "%.*s", (int)answer.len, (const char *)answer.data);
    cr_assert(strstr(text, "\"inFlight\":2,"), "%s", text);
}

Test(limits, going_back_over_many_events_of_one_key_takes_no_quadratic_time)
{
    enum { EVENTS = 200000 };
    subscribe("s", 2);
    publish_many(1, EVENTS, "k");
    double begin = cpu_seconds();
    ask("replay", "s", EVENTS / 2, NULL);
    cr_assert_lt(cpu_seconds() - begin, 4.0);
}
