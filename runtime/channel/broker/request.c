/*
 * Requests: what operators ask. A request that needs old events waits for them to be read; one
 * that changes something is answered when the change is durable.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"
#include "runtime/wire/wire.h"

enum {
    DEAD_LIST_DEFAULT = 100,
    REQUESTS_MAX = 256,
    PURGES_MAX = 64,
    TURN_LETTERS = 64 /* that one request looks at before others have their turn */
};

struct rt_request {
    struct rt_broker_conn *conn; /* requests go with their connection */
    uint32_t id;
    char verb[33];
    struct rt_str name; /* points into name_bytes */
    char name_bytes[RT_NAME_MAX];
    char filter[RT_SUBJECT_MAX + 1];
    bool force;
    uint64_t sequence;
    uint32_t limit;
    bool one;           /* dead letters: only the one of this sequence */
    uint64_t at;        /* the next one to look at, at least... */
    uint64_t following; /* ...if it is there still, this one; UINT64_MAX: there was none */
    uint64_t page;      /* where the next page begins, 0: this was all */
    uint32_t kept;      /* not replayed: nobody would get them */
    uint32_t count;
    uint64_t record; /* answer when this is durable */
    channel_Code code;
    const char *reason; /* static, or in `text` */
    char text[RT_REASON_MAX + 1];
    bool done;
    bool runnable;
    struct rt_reading reading;
    struct rt_buf answer;
    struct rt_request *prev, *next;
};

static void request_fail(struct rt_request *request, channel_Code code, const char *reason)
{
    request->code = code;
    request->reason = reason;
    request->done = true;
}

/* --------------------------------------------------------------------- JSON */

static void json_text(struct rt_buf *out, const char *name, struct rt_str text)
{
    rt_buf_printf(out, "\"%s\":", name);
    rt_json_string(text, out);
    rt_buf_byte(out, ',');
}

static void json_number(struct rt_buf *out, const char *name, uint64_t value)
{
    rt_buf_printf(out, "\"%s\":%" PRIu64 ",", name, value);
}

/* Turns the last comma into the bracket. */
static void json_end(struct rt_buf *out, char bracket)
{
    if (out->len > 0 && out->data[out->len - 1] == ',')
        out->len--;
    rt_buf_byte(out, (uint8_t)bracket);
}

/* ------------------------------------------------------------------ ls, lag */

static void answer_ls(struct rt_request *request)
{
    struct rt_buf *out = &request->answer;
    rt_buf_byte(out, '[');
    const struct rt_sub *sub;
    DL_FOREACH(request->conn->broker->subs, sub)
    {
        if ((request->name.len > 0 && !rt_str_eq(request->name, sub->name)) ||
            sub->id < request->sequence)
            continue;
        if (out->len >= RT_PAGE_BYTES && !rt_sub_ephemeral(sub)) {
            request->page = request->page ? request->page : sub->id;
            continue; /* another page has it */
        }
        rt_buf_byte(out, '{');
        json_text(out, "name", sub->name);
        rt_buf_puts(out, "\"filters\":[");
        for (size_t i = 0; i < sub->match.count; i++) {
            rt_json_string(sub->match.filters[i], out);
            rt_buf_byte(out, ',');
        }
        json_end(out, ']');
        rt_buf_byte(out, ',');
        rt_buf_printf(out, "\"ephemeral\":%s,", rt_sub_ephemeral(sub) ? "true" : "false");
        json_number(out, "floor", rt_sub_floor(sub));
        json_number(out, "cursor", sub->cursor);
        json_number(out, "lag", rt_sub_lag(sub));
        json_number(out, "members", rt_sub_members(sub));
        json_number(out, "inFlight", rt_sub_inflight(sub));
        json_number(out, "unsettled", rt_sub_pending(sub));
        json_number(out, "delivered", sub->delivered);
        json_number(out, "redelivered", sub->redelivered);
        json_number(out, "settled", sub->settled);
        json_number(out, "nacked", sub->nacked);
        json_number(out, "dead", sub->dead);
        json_number(out, "lost", sub->lost);
        json_number(out, "ackWaitMs", sub->ack_wait_ms);
        json_number(out, "maxDeliver", sub->max_deliver);
        json_number(out, "expireMs", sub->expire_ms);
        rt_buf_puts(out, "\"backoffMs\":[");
        for (size_t i = 0; i < sub->backoff_count; i++)
            rt_buf_printf(out, "%" PRIu32 ",", sub->backoff_ms[i]);
        json_end(out, ']');
        json_end(out, '}');
        rt_buf_byte(out, ',');
    }
    json_end(out, ']');
}

static void answer_lag(struct rt_request *request)
{
    struct rt_buf *out = &request->answer;
    rt_buf_byte(out, '{');
    const struct rt_sub *sub;
    DL_FOREACH(request->conn->broker->subs, sub)
    {
        if (request->name.len > 0 && !rt_str_eq(request->name, sub->name))
            continue;
        rt_json_string(sub->name, out);
        rt_buf_printf(out, ":%" PRIu64 ",", rt_sub_lag(sub));
    }
    json_end(out, '}');
}

/* ------------------------------------------------------------ subscriptions */

static void change_sub(struct rt_request *request, bool rewind)
{
    struct rt_broker *broker = request->conn->broker;
    struct rt_sub *sub = rt_sub_find(broker, request->name);
    if (!sub) {
        request_fail(request, channel_Code_CODE_UNKNOWN, "no such subscription");
        return;
    }
    record_Settled record = {.subscription = sub->id};
    if (rewind) {
        uint64_t from = request->sequence > broker->first ? request->sequence : broker->first;
        record.sequences[record.sequences_count++] = from;
        if (!rt_sub_ephemeral(sub))
            request->record =
                rt_record_append(broker, record_Kind_KIND_REWOUND, record_Settled_fields, &record);
        rt_sub_rewind(sub, from);
    } else if (sub->members) {
        request_fail(request, channel_Code_CODE_INVALID, "the subscription is in use");
    } else {
        request->record = rt_sub_forget(sub);
    }
}

/* Everything up to a sequence, or what a filter selects of it. */
static void purge(struct rt_request *request, bool all)
{
    struct rt_broker *broker = request->conn->broker;
    struct rt_str filter = all ? (struct rt_str){0} : rt_str(request->filter);
    uint64_t up_to = request->sequence;
    if (up_to > broker->durable || (up_to == 0 && !all))
        up_to = broker->durable;
    size_t purges = 0;
    const struct rt_purge *other;
    DL_FOREACH(broker->purges, other)
    purges++;
    struct rt_str hurt = rt_purge_hurts(broker, filter, up_to);
    if (!all && (!rt_filter_valid(filter) || filter.data[0] == '$')) {
        request_fail(request, channel_Code_CODE_INVALID, "not a filter of events");
    } else if (up_to == 0) {
        request_fail(request, channel_Code_CODE_INVALID, "up to which sequence?");
    } else if (purges >= PURGES_MAX) {
        request_fail(request, channel_Code_CODE_TOO_BIG, "too many purges; truncate instead");
    } else if (hurt.len > 0 && !request->force) {
        request_fail(request, channel_Code_CODE_INVALID,
                     "a durable subscription has not settled all of it; see ls, or use force");
    } else {
        broker->purged++;
        rt_loss_start(broker, filter, up_to);
        request->record = rt_purge(broker, filter, up_to);
        rt_buf_printf(&request->answer, "{\"upTo\":%" PRIu64 "}", up_to);
    }
}

/* ------------------------------------------------------------- dead letters */

static void dead_write(struct rt_request *request, uint64_t sequence,
                       const struct rt_log_event *event, const record_EventExtra *extra)
{
    struct rt_buf *out = &request->answer;
    rt_buf_byte(out, '{');
    json_number(out, "id", sequence);
    json_text(out, "subscription", RT_PB_STR(extra->dead_subscription));
    json_number(out, "sequence", extra->dead_sequence);
    json_text(out, "subject", RT_PB_STR(extra->dead_subject));
    json_text(out, "key", event->key);
    json_text(out, "producer", RT_PB_STR(extra->dead_producer));
    json_number(out, "attempts", extra->dead_attempts);
    json_text(out, "reason", RT_PB_STR(extra->dead_reason));
    rt_buf_printf(out, "\"timeMs\":%" PRId64 ",", event->time_ms);
    json_number(out, "bytes", event->payload.len);
    if (strcmp(request->verb, "dead show") == 0) {
        char *text = rt_zalloc(rt_base64_len(event->payload.len) + 1);
        size_t len = rt_base64_encode(event->payload, false, text);
        json_text(out, "payload", rt_str_n(text, len));
        free(text);
    }
    json_end(out, '}');
    rt_buf_byte(out, ',');
}

static bool dead_settles(const struct rt_request *request)
{
    return strcmp(request->verb, "dead replay") == 0 || strcmp(request->verb, "dead drop") == 0;
}

/* Whether the subscription that gave it up would get it again. */
static bool is_wanted(struct rt_broker *broker, const record_EventExtra *extra)
{
    struct rt_sub *sub = rt_sub_find(broker, RT_PB_STR(extra->dead_subscription));
    return sub && rt_match_any(&sub->match, RT_PB_STR(extra->dead_subject));
}

/* Publishes the event again, for its subscription alone, and drops the dead letter. */
static void dead_settle(struct rt_request *request, uint64_t sequence,
                        const struct rt_log_event *event, const record_EventExtra *extra)
{
    struct rt_broker *broker = request->conn->broker;
    if (strcmp(request->verb, "dead replay") == 0) {
        record_EventExtra target = {0};
        RT_PB_SET(&target.target, RT_PB_STR(extra->dead_subscription));
        struct rt_log_event again = {
            .time_ms = event->time_ms,
            .subject = RT_PB_STR(extra->dead_subject),
            .key = event->key,
            .producer = RT_PB_STR(extra->dead_producer),
            .payload = event->payload,
        };
        rt_record_event(broker, &again, &target);
    }
    record_Settled drop = {.sequences_count = 1, .sequences = {sequence}};
    request->record =
        rt_record_append(broker, record_Kind_KIND_DEAD_DROP, record_Settled_fields, &drop);
    rt_dead_drop(broker, sequence);
}

/* The dead letter to look at next, or NULL; they are kept in the order they came. */
static const struct rt_dead *dead_next(const struct rt_request *request)
{
    const struct rt_broker *broker = request->conn->broker;
    const struct rt_dead *dead = NULL;
    if (request->following > 0)
        HASH_FIND(hh, broker->dead, &request->following, sizeof request->following, dead);
    if (dead || request->following == UINT64_MAX)
        return dead;
    for (dead = broker->dead; dead && dead->sequence < request->at;)
        dead = dead->hh.next;
    return dead;
}

/* One letter of those that were asked for. */
static void dead_take(struct rt_request *request, uint64_t sequence,
                      const struct rt_log_event *event)
{
    struct rt_broker *broker = request->conn->broker;
    record_EventExtra extra;
    if (rt_record_extra(event, &extra) < 0)
        return;
    if (request->name.len > 0 && !rt_str_eq(request->name, RT_PB_STR(extra.dead_subscription)))
        return;
    if (strcmp(request->verb, "dead replay") == 0 && !is_wanted(broker, &extra)) {
        request->kept++;
        return;
    }
    request->count++;
    if (dead_settles(request))
        dead_settle(request, sequence, event, &extra);
    else
        dead_write(request, sequence, event, &extra);
}

static void settled_write(struct rt_request *request)
{
    struct rt_buf *out = &request->answer;
    rt_buf_printf(out, "{\"count\":%" PRIu32, request->count);
    if (request->kept > 0)
        rt_buf_printf(out, ",\"kept\":%" PRIu32, request->kept);
    rt_buf_byte(out, '}');
}

static void dead_finish(struct rt_request *request)
{
    request->done = true;
    if (request->kept > 0 && request->count == 0)
        request_fail(request, channel_Code_CODE_INVALID,
                     "nobody would get it: its subscription is gone or selects other subjects");
    else if (request->count == 0 && strcmp(request->verb, "dead ls") != 0)
        request_fail(request, channel_Code_CODE_UNKNOWN, "no such dead letter");
    else if (dead_settles(request))
        settled_write(request);
    else
        json_end(&request->answer, ']');
}

static void dead_run(struct rt_request *request)
{
    struct rt_broker *broker = request->conn->broker;
    bool one = request->sequence > 0 && request->one;
    const struct rt_dead *dead;
    for (int looks = 0; request->count < request->limit && (dead = dead_next(request)); looks++) {
        uint64_t sequence = dead->sequence;
        if (one && sequence != request->sequence)
            break;
        if (!dead_settles(request) && request->answer.len >= RT_PAGE_BYTES) {
            request->page = sequence; /* the rest is another page */
            break;
        }
        struct rt_log_event event;
        enum rt_look look = looks < TURN_LETTERS
                                ? rt_look_kept(broker, &request->reading, sequence, &event)
                                : RT_LOOK_LATER;
        if (looks == TURN_LETTERS) { /* others have their turn */
            request->runnable = true;
            rt_broker_wake_at(broker, broker->now_ms);
        }
        if (look == RT_LOOK_LATER)
            return;
        const struct rt_dead *next = dead->hh.next;
        request->at = sequence + 1;
        request->following = next ? next->sequence : UINT64_MAX;
        if (look == RT_LOOK_EVENT)
            dead_take(request, sequence, &event);
    }
    dead_finish(request);
}

static void dead_start(struct rt_request *request)
{
    request->one =
        request->sequence > 0 && request->name.len == 0 && strcmp(request->verb, "dead ls") != 0;
    if (request->one)
        request->limit = 1;
    else if (request->limit == 0)
        request->limit = DEAD_LIST_DEFAULT;
    if (request->limit > RT_DEAD_LIST_MAX)
        request->limit = RT_DEAD_LIST_MAX;
    request->at = request->sequence;
    if (strcmp(request->verb, "dead ls") == 0 || strcmp(request->verb, "dead show") == 0)
        rt_buf_byte(&request->answer, '[');
    dead_run(request);
}

/* --------------------------------------------------------- requests as such */

static void request_free(struct rt_request *request)
{
    struct rt_broker *broker = request->conn->broker;
    rt_reading_stop(broker, &request->reading);
    DL_DELETE(broker->requests, request);
    rt_buf_done(&request->answer);
    free(request);
}

static void request_answer(struct rt_request *request)
{
    if (request->answer.len > RT_ANSWER_MAX)
        request_fail(request, channel_Code_CODE_TOO_BIG, "the answer is too long for a frame");
    channel_Reply reply = {
        .id = request->id, .code = request->code, .next = request->page, .count = request->count};
    if (request->reason)
        RT_PB_SET(&reply.reason, rt_str(request->reason));
    struct rt_bytes payload = rt_buf_bytes(&request->answer);
    if (request->code != channel_Code_CODE_NONE)
        payload.len = 0;
    rt_frame_put(&request->conn->out, channel_FrameType_FRAME_REPLY, channel_Reply_fields, &reply,
                 payload);
    rt_conn_dirty(request->conn);
    request_free(request);
}

void rt_request_run(struct rt_broker *broker)
{
    struct rt_request *request, *next;
    DL_FOREACH_SAFE(broker->requests, request, next)
    {
        if (!request->done && request->runnable) {
            request->runnable = false;
            dead_run(request);
        }
        if (request->done && request->record <= broker->durable)
            request_answer(request);
    }
}

void rt_request_drop(struct rt_broker *broker, const struct rt_broker_conn *conn)
{
    struct rt_request *request, *next;
    DL_FOREACH_SAFE(broker->requests, request, next)
    if (!conn || request->conn == conn)
        request_free(request);
}

/* For every client: it describes events and contains none. */
static void answer_schema(struct rt_request *request)
{
    const struct rt_event_check *check = &request->conn->broker->options.check;
    struct rt_bytes file = check->file ? check->file(check->arg) : (struct rt_bytes){0};
    if (file.len == 0)
        request_fail(request, channel_Code_CODE_UNKNOWN, "the broker has no schema");
    else
        rt_buf_append(&request->answer, file.data, file.len);
}

/* ---------------------------------------------------------------- the verbs */

static void info_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    rt_broker_info(request->conn->broker, &request->answer);
}

static void metrics_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    rt_broker_metrics(request->conn->broker, &request->answer);
}

static void ls_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    answer_ls(request);
}

static void sub_info_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    if (!rt_sub_find(request->conn->broker, request->name))
        request_fail(request, channel_Code_CODE_UNKNOWN, "no such subscription");
    else
        answer_ls(request);
}

static void lag_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    answer_lag(request);
}

static void schema_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    answer_schema(request);
}

static void forget_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    change_sub(request, false);
}

static void replay_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    change_sub(request, true);
}

static void purge_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    purge(request, strcmp(request->verb, "truncate") == 0);
}

static void dead_verb_run(struct rt_request *request, const channel_Request *message)
{
    (void)message;
    request->done = false;
    dead_start(request);
}

static void rules_run(struct rt_request *request, const channel_Request *message)
{
    channel_Code code;
    bool same = rt_str_eq(RT_PB_STR(message->rules.name), request->name);
    const char *why = "the rules are of another subscription";
    if (!same)
        code = channel_Code_CODE_INVALID;
    else if (strcmp(request->verb, "sub create") == 0)
        why = rt_rules_create(request->conn, &message->rules, &code, &request->record);
    else
        why = rt_rules_edit(request->conn, &message->rules, request->force, &code, request->text,
                            &request->record);
    if (why)
        request_fail(request, code, why);
}

enum right {
    RIGHT_ALL,    /* everybody */
    RIGHT_LOOK,   /* who may administer, or consume or manage the subscription that is named */
    RIGHT_MANAGE, /* who may administer, or manage it */
    RIGHT_ADMIN
};

static const struct verb {
    const char *name;
    enum right right;
    void (*run)(struct rt_request *request, const channel_Request *message);
} verbs[] = {
    {"info", RIGHT_ADMIN, info_run},
    {"ls", RIGHT_LOOK, ls_run},
    {"lag", RIGHT_LOOK, lag_run},
    {"metrics", RIGHT_ADMIN, metrics_run},
    {"schema", RIGHT_ALL, schema_run},
    {"sub info", RIGHT_LOOK, sub_info_run},
    {"sub create", RIGHT_MANAGE, rules_run},
    {"sub edit", RIGHT_MANAGE, rules_run},
    {"sub rm", RIGHT_MANAGE, forget_run},
    {"forget", RIGHT_MANAGE, forget_run},
    {"replay", RIGHT_MANAGE, replay_run},
    {"dead ls", RIGHT_MANAGE, dead_verb_run},
    {"dead show", RIGHT_MANAGE, dead_verb_run},
    {"dead replay", RIGHT_MANAGE, dead_verb_run},
    {"dead drop", RIGHT_MANAGE, dead_verb_run},
    {"purge", RIGHT_ADMIN, purge_run},
    {"truncate", RIGHT_ADMIN, purge_run},
};

static const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static bool may(const struct rt_request *request, enum right right)
{
    const struct rt_access_client *client = request->conn->client;
    if (right == RIGHT_ALL || !client || client->admin)
        return true;
    bool named = request->name.len > 0;
    if (right == RIGHT_LOOK && named && rt_access_consumes(client, request->name))
        return true;
    return right != RIGHT_ADMIN && named && rt_access_manages(client, request->name);
}

/* Why it may not be asked now, or NULL. Answers wait for the end of the turn, and what a client
 * lets pile up of them is bounded, one large one apart. */
static const char *refusal(const struct rt_request *request, channel_Code *ret_code)
{
    const struct rt_broker_conn *conn = request->conn;
    size_t waiting = 0, bytes = conn->out.len;
    const struct rt_request *other;
    DL_FOREACH(conn->broker->requests, other)
    {
        waiting += other->code == channel_Code_CODE_NONE;
        bytes += other->conn == conn ? other->answer.len : 0;
    }
    *ret_code = channel_Code_CODE_DENIED;
    const struct verb *verb = verb_find(request->verb);
    if (!may(request, verb ? verb->right : RIGHT_ADMIN))
        return verb && verb->right == RIGHT_MANAGE && request->name.len > 0
                   ? "this client may not manage that subscription"
                   : "this client may not administer";
    *ret_code = channel_Code_CODE_TOO_BIG;
    if (waiting > REQUESTS_MAX) /* this one is among them */
        return "too many requests wait already";
    if (bytes >= RT_OUT_HIGH_BYTES)
        return "earlier answers were not read yet";
    return NULL;
}

int rt_request_input(struct rt_broker_conn *conn, const struct rt_frame *frame)
{
    channel_Request message;
    if (rt_frame_get(frame, channel_Request_fields, &message) < 0)
        return RT_EINVAL;
    struct rt_request *request = rt_zalloc(sizeof *request);
    request->conn = conn;
    request->id = message.id;
    memcpy(request->verb, message.verb.bytes, message.verb.size);
    memcpy(request->name_bytes, message.name.bytes, message.name.size);
    request->name = rt_str_n(request->name_bytes, message.name.size);
    memcpy(request->filter, message.filter.bytes, message.filter.size);
    request->force = message.force;
    request->sequence = message.sequence;
    request->limit = message.limit;
    request->reading.runnable = &request->runnable;
    DL_APPEND(conn->broker->requests, request);
    channel_Code code;
    const struct verb *verb = verb_find(request->verb);
    const char *why = refusal(request, &code);
    request->done = true;
    if (!why && !verb) {
        code = channel_Code_CODE_UNKNOWN;
        why = "no such verb";
    }
    if (why)
        request_fail(request, code, why);
    else
        verb->run(request, &message);
    return 0;
}
