#include "runtime/channel/client/core.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/client/settling.h"
#include "runtime/channel/protocol/frame.h"
#include "runtime/channel/protocol/subject.h"

enum { SUBSCRIPTION = 1, REFUSED_PAUSE_MS = 500 };

enum phase { WAITING, CONNECTING, GREETING, UP, DROPPING, OVER };

/* Unconfirmed publishes: their frames one behind the other, and the length of each. */
struct window {
    struct rt_buf frames;
    struct rt_buf lengths; /* uint32_t each */
    size_t frames_head;    /* bytes at the front that are confirmed */
    size_t lengths_head;
    uint64_t first; /* sequence of the oldest, or the next one when empty */
    uint64_t next;  /* sequence to publish next */
    uint64_t unsent;
    size_t unsent_at; /* where its frame starts */
};

struct rt_client_core {
    struct rt_transport_events events;
    void *arg;
    char name[RT_NAME_MAX + 1];
    char token[RT_TOKEN_MAX + 1];
    struct rt_str *subjects; /* one allocation with their text */
    size_t subject_count;
    uint32_t credit;
    bool publishes;
    bool begun; /* something was given to publish */
    enum phase phase;
    bool closing;
    bool told_up; /* what the application heard last */
    char told_why[RT_REASON_MAX + 1];
    int64_t acks_ms; /* when acknowledgements were sent or confirmed last */
    int64_t now_ms, retry_at_ms, phase_ms, in_ms, out_ms, hold_until_ms, close_ms;
    int64_t heartbeat_ms;
    size_t payload_max;
    unsigned failures;
    uint64_t random;
    uint64_t instance; /* the same on every connection */
    struct rt_buf out;
    struct window window;
    struct rt_settling settling;
};

/* ---------------------------------------------------------------- lifecycle */

static int subjects_copy(struct rt_client_core *core, const char *const *subjects,
                         struct rt_error *error)
{
    size_t count = 0, bytes = 0;
    for (; subjects && subjects[count]; count++) {
        if (!rt_filter_valid(rt_str(subjects[count])))
            return rt_error_set(error, RT_EINVAL, "'%s' is not a filter for subjects",
                                subjects[count]);
        bytes += strlen(subjects[count]);
    }
    if (count > RT_FILTERS_MAX)
        return rt_error_set(error, RT_ETOOBIG, "more than %d subjects", RT_FILTERS_MAX);
    core->subject_count = count;
    core->subjects = rt_alloc(count * sizeof(struct rt_str) + bytes + 1);
    char *text = (char *)(core->subjects + count);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(subjects[i]);
        memcpy(text, subjects[i], len);
        core->subjects[i] = rt_str_n(text, len);
        text += len;
    }
    return 0;
}

int rt_client_core_new(const struct rt_transport_options *options, struct rt_str token,
                       const struct rt_transport_events *events, void *arg, uint64_t seed,
                       struct rt_client_core **ret, struct rt_error *error)
{
    struct rt_str name = rt_str(options->name);
    if (!rt_name_valid(name))
        return rt_error_set(error, RT_EINVAL, "'%s' is not a name for a client",
                            options->name ? options->name : "");
    if (token.len > RT_TOKEN_MAX)
        return rt_error_set(error, RT_ETOOBIG, "the token is longer than %d bytes", RT_TOKEN_MAX);
    struct rt_client_core *core = rt_zalloc(sizeof *core);
    core->events = *events;
    core->arg = arg;
    memcpy(core->name, name.data, name.len);
    rt_pb_copy((uint8_t *)core->token, RT_TOKEN_MAX, token);
    int r = subjects_copy(core, options->subjects, error);
    if (r < 0) {
        rt_client_core_free(core);
        return r;
    }
    core->credit = options->window;
    core->publishes = options->next_sequence > 0;
    core->window.first = core->window.next = core->window.unsent =
        core->publishes ? options->next_sequence : 1;
    core->heartbeat_ms = RT_HEARTBEAT_MS;
    core->payload_max = RT_PAYLOAD_MAX;
    core->random = seed | 1;
    core->instance = rt_hash(rt_str_bytes(name), seed) | 1;
    *ret = core;
    return 0;
}

void rt_client_core_free(struct rt_client_core *core)
{
    if (!core)
        return;
    rt_settling_done(&core->settling);
    rt_buf_done(&core->out);
    rt_buf_done(&core->window.frames);
    rt_buf_done(&core->window.lengths);
    free(core->subjects);
    free(core);
}

/* -------------------------------------------------- the window of publishes */

static size_t window_bytes(const struct window *window)
{
    return window->frames.len - window->frames_head;
}

static uint32_t window_length(const struct window *window, uint64_t sequence)
{
    uint32_t length;
    size_t at = window->lengths_head + (size_t)(sequence - window->first) * sizeof length;
    memcpy(&length, window->lengths.data + at, sizeof length);
    return length;
}

/* Drops what is confirmed from the front; memory is moved once half of it is stale. */
static void window_confirm(struct window *window, uint64_t up_to)
{
    while (window->first <= up_to) {
        window->frames_head += window_length(window, window->first);
        window->lengths_head += sizeof(uint32_t);
        window->first++;
    }
    if (window->unsent < window->first) {
        window->unsent = window->first;
        window->unsent_at = window->frames_head;
    }
    if (window->frames_head * 2 < window->frames.len)
        return;
    rt_buf_consume(&window->frames, window->frames_head);
    rt_buf_consume(&window->lengths, window->lengths_head);
    window->unsent_at -= window->frames_head;
    window->frames_head = window->lengths_head = 0;
}

static void window_rewind(struct window *window, uint64_t sequence)
{
    window->unsent = window->first;
    window->unsent_at = window->frames_head;
    while (window->unsent < sequence)
        window->unsent_at += window_length(window, window->unsent++);
}

int rt_client_core_publish(struct rt_client_core *core, const struct rt_publish *publish)
{
    struct window *window = &core->window;
    if (core->closing)
        return RT_ECLOSED;
    if (publish->payload.len > core->payload_max || publish->key.len > RT_KEY_MAX)
        return RT_ETOOBIG;
    bool in_turn =
        core->begun ? publish->sequence == window->next : publish->sequence >= window->next;
    if (!in_turn || !core->publishes || !rt_subject_valid(publish->subject))
        return RT_EINVAL;
    if (window->next - window->first >= RT_PUBLISH_WINDOW ||
        (window->next > window->first &&
         window_bytes(window) + publish->payload.len > RT_PUBLISH_WINDOW_BYTES))
        return RT_EAGAIN;
    if (!core->begun)
        window->first = window->next = window->unsent = publish->sequence;
    core->begun = true;
    struct rt_frame_publish frame = {
        .sequence = publish->sequence,
        .subject = publish->subject,
        .key = publish->key,
        .time_ms = publish->time_ms,
    };
    size_t before = window->frames.len;
    rt_frame_put_publish(&window->frames, &frame, publish->payload);
    uint32_t length = (uint32_t)(window->frames.len - before);
    rt_buf_append(&window->lengths, &length, sizeof length);
    window->next++;
    return 0;
}

/* ----------------------------------------------------------------- settling */

/* Without a connection it comes again by itself. */
static void nack_send(struct rt_client_core *core, uint64_t sequence, int64_t delay_ms)
{
    if (core->phase != UP)
        return;
    channel_Nack nack = {.subscription = SUBSCRIPTION, .sequence = sequence};
    nack.delay_ms = (uint32_t)(delay_ms < RT_DELAY_MAX_MS ? delay_ms : RT_DELAY_MAX_MS);
    rt_frame_put(&core->out, channel_FrameType_FRAME_NACK, channel_Nack_fields, &nack,
                 (struct rt_bytes){0});
}

int rt_client_core_ack(struct rt_client_core *core, uint64_t sequence)
{
    if (rt_settling_give(&core->settling, sequence, false, (struct rt_str){0}))
        nack_send(core, sequence, 0);
    return 0;
}

int rt_client_core_terminate(struct rt_client_core *core, uint64_t sequence, struct rt_str reason)
{
    if (rt_settling_give(&core->settling, sequence, true, reason))
        nack_send(core, sequence, 0);
    return 0;
}

int rt_client_core_extend(struct rt_client_core *core, uint64_t sequence)
{
    if (core->phase != UP || !rt_settling_is_shown(&core->settling, sequence))
        return RT_ENOTFOUND;
    rt_frame_put_acks(&core->out, channel_FrameType_FRAME_EXTEND, SUBSCRIPTION, &sequence, 1);
    return 0;
}

int rt_client_core_nack(struct rt_client_core *core, uint64_t sequence, int64_t delay_ms)
{
    if (delay_ms < 0)
        return RT_EINVAL;
    if (rt_settling_nack(&core->settling, sequence))
        nack_send(core, sequence, delay_ms);
    return 0;
}

/* ----------------------------------------------------------- the connection */

static uint64_t random_next(struct rt_client_core *core)
{
    core->random ^= core->random << 13; /* xorshift64 (Marsaglia 2003) */
    core->random ^= core->random >> 7;
    core->random ^= core->random << 17;
    return core->random;
}

static void tell_state(struct rt_client_core *core, bool up, const char *why)
{
    bool other = *why && strncmp(why, core->told_why, RT_REASON_MAX) != 0;
    bool news = up != core->told_up || (!up && other);
    core->told_up = up;
    if (up || *why)
        snprintf(core->told_why, sizeof core->told_why, "%s", why);
    if (news && core->events.state)
        core->events.state(core->arg, up, why);
}

void rt_client_core_connected(struct rt_client_core *core)
{
    RT_ASSERT(core->phase == CONNECTING);
    core->phase = GREETING;
    core->phase_ms = core->in_ms = core->out_ms = core->now_ms;
    rt_buf_clear(&core->out);
    channel_Hello hello = {.version = RT_CHANNEL_VERSION,
                           .first_sequence = core->publishes ? core->window.first : 0,
                           .instance = core->instance};
    RT_PB_SET(&hello.name, rt_str(core->name));
    RT_PB_SET(&hello.token, rt_str(core->token));
    rt_frame_put(&core->out, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
}

void rt_client_core_lost(struct rt_client_core *core, const char *why)
{
    if (core->phase == OVER)
        return;
    bool was_up = core->phase == UP;
    core->phase = core->closing ? OVER : WAITING;
    rt_buf_clear(&core->out);
    int64_t backoff = (int64_t)RT_RETRY_MS_MIN << (core->failures < 10 ? core->failures : 10);
    if (backoff > RT_RETRY_MS_MAX)
        backoff = RT_RETRY_MS_MAX;
    core->failures++;
    core->retry_at_ms = core->now_ms + (int64_t)(random_next(core) % (uint64_t)backoff);
    if (!core->closing)
        tell_state(core, false, was_up && !*why ? "the connection was lost" : why);
}

/* Gives the connection up; the application gets the reason when the shell reports it lost. */
static void drop(struct rt_client_core *core, const char *why)
{
    if (core->phase == DROPPING || core->phase == OVER)
        return;
    core->phase = DROPPING;
    core->failures += core->failures == 0;
    if (!core->closing)
        tell_state(core, false, why);
}

static void welcome_input(struct rt_client_core *core, const channel_Welcome *welcome)
{
    core->phase = UP;
    core->failures = 0;
    core->heartbeat_ms = welcome->heartbeat_ms > 0 ? welcome->heartbeat_ms : RT_HEARTBEAT_MS;
    if (welcome->payload_max > 0)
        core->payload_max = welcome->payload_max;
    if (core->subject_count > 0) {
        channel_Subscribe subscribe = {.subscription = SUBSCRIPTION,
                                       .filters_count = (pb_size_t)core->subject_count,
                                       .window_messages = core->credit,
                                       .merge = true};
        RT_PB_SET(&subscribe.name, rt_str(core->name));
        for (size_t i = 0; i < core->subject_count; i++)
            RT_PB_SET(&subscribe.filters[i], core->subjects[i]);
        rt_frame_put(&core->out, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields,
                     &subscribe, (struct rt_bytes){0});
    }
    rt_settling_begin(&core->settling, welcome->log_id);
    window_rewind(&core->window, core->window.first);
    core->hold_until_ms = 0;
    tell_state(core, true, "");
    if (core->events.welcome)
        core->events.welcome(core->arg, welcome->published, welcome->taken);
}

static void refused_input(struct rt_client_core *core, const channel_Refused *refused)
{
    if (refused->sequence < core->window.first || refused->sequence >= core->window.next)
        return;
    if (refused->retry) {
        window_rewind(&core->window, refused->sequence);
        core->hold_until_ms = core->now_ms + REFUSED_PAUSE_MS;
        return;
    }
    char why[RT_REASON_MAX + 1] = {0};
    memcpy(why, refused->reason.bytes, refused->reason.size);
    if (core->events.refused)
        core->events.refused(core->arg, refused->sequence, why);
}

static int event_input(struct rt_client_core *core, const struct rt_frame *frame)
{
    struct rt_frame_event head;
    if (rt_frame_get_event(frame, &head) < 0)
        return RT_EINVAL;
    if (core->closing || head.subscription != SUBSCRIPTION)
        return 0;
    if (!rt_settling_show(&core->settling, head.sequence))
        return 0;
    struct rt_event event = {
        .sequence = head.sequence,
        .attempt = head.attempt,
        .time_ms = head.time_ms,
        .subject = head.subject,
        .key = head.key,
        .payload = frame->payload,
    };
    if (core->events.event)
        core->events.event(core->arg, &event);
    return 0;
}

static void acked_input(struct rt_client_core *core, uint64_t sequence)
{
    if (!rt_settling_confirm(&core->settling, sequence))
        return;
    core->acks_ms = core->now_ms;
    if (core->events.acked)
        core->events.acked(core->arg, sequence);
}

static int published_input(struct rt_client_core *core, uint64_t up_to)
{
    struct window *window = &core->window;
    if (up_to >= window->next)
        return RT_EINVAL; /* never sent */
    if (up_to < window->first)
        return 0;
    window_confirm(window, up_to);
    if (core->events.published)
        core->events.published(core->arg, up_to);
    return 0;
}

static int going_away_input(struct rt_client_core *core, const struct rt_frame *frame)
{
    channel_GoingAway away;
    if (rt_frame_get(frame, channel_GoingAway_fields, &away) < 0)
        return RT_EINVAL;
    char why[RT_REASON_MAX + 1] = {0};
    memcpy(why, away.reason.bytes, away.reason.size);
    drop(core, why);
    return 0;
}

/* Frames that are read with nanopb. */
static int control_input(struct rt_client_core *core, const struct rt_frame *frame)
{
    union {
        channel_Welcome welcome;
        channel_Published published;
        channel_Refused refused;
        channel_Ack acked;
        channel_Ping ping;
    } in;
    switch (frame->type) {
    case channel_FrameType_FRAME_WELCOME:
        if (core->phase != GREETING || rt_frame_get(frame, channel_Welcome_fields, &in.welcome) < 0)
            return RT_EINVAL;
        welcome_input(core, &in.welcome);
        return 0;
    case channel_FrameType_FRAME_PUBLISHED:
        if (rt_frame_get(frame, channel_Published_fields, &in.published) < 0)
            return RT_EINVAL;
        return published_input(core, in.published.up_to);
    case channel_FrameType_FRAME_REFUSED:
        if (rt_frame_get(frame, channel_Refused_fields, &in.refused) < 0)
            return RT_EINVAL;
        refused_input(core, &in.refused);
        return 0;
    case channel_FrameType_FRAME_ACKED:
        if (rt_frame_get(frame, channel_Ack_fields, &in.acked) < 0)
            return RT_EINVAL;
        for (size_t i = 0; i < in.acked.sequences_count; i++)
            acked_input(core, in.acked.sequences[i]);
        return 0;
    case channel_FrameType_FRAME_PING:
        if (rt_frame_get(frame, channel_Ping_fields, &in.ping) < 0)
            return RT_EINVAL;
        rt_frame_put(&core->out, channel_FrameType_FRAME_PONG, channel_Ping_fields, &in.ping,
                     (struct rt_bytes){0});
        return 0;
    case channel_FrameType_FRAME_GOING_AWAY:
        return going_away_input(core, frame);
    default:
        return 0; /* SUBSCRIBED, PONG, and what a newer broker may say */
    }
}

size_t rt_client_core_input(struct rt_client_core *core, struct rt_bytes in)
{
    size_t taken = 0;
    core->in_ms = core->now_ms;
    while (core->phase == GREETING || core->phase == UP) {
        struct rt_frame frame;
        struct rt_bytes rest = rt_bytes(in.data + taken, in.len - taken);
        int64_t len = rt_frame_cut(rest, RT_PAYLOAD_MAX_MAX, &frame);
        if (len == 0)
            return taken;
        int r = (int)(len < 0 ? len : 0);
        if (len > 0) {
            taken += (size_t)len;
            r = frame.type == channel_FrameType_FRAME_EVENT ? event_input(core, &frame)
                                                            : control_input(core, &frame);
        }
        if (r < 0)
            drop(core, "the channel sent a frame that breaks the protocol");
    }
    return in.len;
}

/* --------------------------------------------------------- time and outputs */

void rt_client_core_close(struct rt_client_core *core)
{
    if (core->closing)
        return;
    core->closing = true;
    core->close_ms = core->now_ms;
    if (core->phase == WAITING)
        core->phase = OVER;
}

static bool flushed(const struct rt_client_core *core)
{
    return core->window.first == core->window.next && !core->settling.given;
}

void rt_client_core_time(struct rt_client_core *core, int64_t now_ms)
{
    RT_ASSERT(now_ms >= core->now_ms);
    core->now_ms = now_ms;
    bool connected = core->phase == GREETING || core->phase == UP;
    if (core->phase == CONNECTING && now_ms - core->phase_ms >= RT_CONNECT_WAIT_MS)
        drop(core, "connecting takes too long");
    /* One that came too late is confirmed when the client that has the event now has settled it. */
    if (core->phase == UP && now_ms - core->acks_ms >= RT_ACKS_AGAIN_MS) {
        rt_settling_again(&core->settling);
        core->acks_ms = now_ms;
    }
    if (connected && now_ms - core->in_ms >= core->heartbeat_ms * RT_HEARTBEATS_MISSED)
        drop(core, "the channel is silent");
    else if (core->phase == UP && now_ms - core->out_ms >= core->heartbeat_ms) {
        channel_Ping ping = {.stamp = (uint64_t)now_ms};
        rt_frame_put(&core->out, channel_FrameType_FRAME_PING, channel_Ping_fields, &ping,
                     (struct rt_bytes){0});
        core->out_ms = now_ms;
    }
}

struct rt_buf *rt_client_core_out(struct rt_client_core *core)
{
    struct window *window = &core->window;
    if (core->phase != UP)
        return &core->out;
    core->acks_ms = core->settling.unsent ? core->now_ms : core->acks_ms;
    rt_settling_send(&core->settling, SUBSCRIPTION, &core->out);
    if (window->unsent < window->next && core->now_ms >= core->hold_until_ms) {
        rt_buf_append(&core->out, window->frames.data + window->unsent_at,
                      window->frames.len - window->unsent_at);
        window->unsent = window->next;
        window->unsent_at = window->frames.len;
    }
    if (core->out.len > 0)
        core->out_ms = core->now_ms;
    return &core->out;
}

enum rt_client_want rt_client_core_want(struct rt_client_core *core)
{
    bool patient = core->now_ms - core->close_ms < RT_CLOSE_WAIT_MS;
    if (core->closing && core->phase == UP && (flushed(core) || !patient)) {
        rt_frame_put_going_away(&core->out, channel_Code_CODE_SHUTDOWN, "closing");
        core->phase = OVER;
    } else if (core->closing && (core->phase == CONNECTING || core->phase == GREETING) &&
               (flushed(core) || !patient)) {
        core->phase = OVER;
    }
    switch (core->phase) {
    case WAITING:
        if (core->now_ms < core->retry_at_ms)
            return RT_CLIENT_WAIT;
        core->phase = CONNECTING;
        core->phase_ms = core->now_ms;
        return RT_CLIENT_CONNECT;
    case DROPPING:
        return RT_CLIENT_DROP;
    case OVER:
        return RT_CLIENT_CLOSED;
    default:
        return RT_CLIENT_KEEP;
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t rt_client_core_wake(const struct rt_client_core *core)
{
    int64_t wake = INT64_MAX;
    if (core->closing)
        wake = core->close_ms + RT_CLOSE_WAIT_MS;
    switch (core->phase) {
    case WAITING:
        return earlier(wake, core->retry_at_ms);
    case CONNECTING:
        return earlier(wake, core->phase_ms + RT_CONNECT_WAIT_MS);
    case GREETING:
    case UP:
        if (core->hold_until_ms > core->now_ms)
            wake = earlier(wake, core->hold_until_ms);
        wake = earlier(wake, core->in_ms + core->heartbeat_ms * RT_HEARTBEATS_MISSED);
        return core->phase == UP ? earlier(wake, core->out_ms + core->heartbeat_ms) : wake;
    default:
        return wake;
    }
}
