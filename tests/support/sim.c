#include "tests/support/sim.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/channel/broker/compact.h"
#include "runtime/channel/broker/records.pb.h"
#include "runtime/channel/log/format.h"

struct sim_record {
    uint64_t sequence;
    uint32_t kind;
    uint32_t len;
};

static struct rt_log_record record_at(const struct sim *sim, size_t index)
{
    struct sim_record head;
    const uint8_t *at = sim->log.data + sim->offsets[index];
    memcpy(&head, at, sizeof head);
    return (struct rt_log_record){head.sequence, (uint8_t)head.kind,
                                  rt_bytes(at + sizeof head, head.len)};
}

/* ----------------------------------------- what a client's application sees */

static void on_published(void *arg, uint64_t up_to)
{
    struct sim_client *client = arg;
    RT_ASSERT(up_to > client->published);
    client->published = up_to;
}

static void on_refused(void *arg, uint64_t sequence, const char *why)
{
    struct sim_client *client = arg;
    (void)why;
    client->refused = sequence;
}

static void text_copy(char *out, size_t cap, const void *data, size_t len)
{
    snprintf(out, cap, "%.*s", (int)len, (const char *)data);
}

static void on_event(void *arg, const struct rt_event *event)
{
    struct sim_client *client = arg;
    RT_ASSERT(client->seen_count < SIM_SEEN_MAX);
    struct sim_seen *seen = &client->seen[client->seen_count++];
    seen->sequence = event->sequence;
    seen->attempt = event->attempt;
    text_copy(seen->subject, sizeof seen->subject, event->subject.data, event->subject.len);
    text_copy(seen->key, sizeof seen->key, event->key.data, event->key.len);
    text_copy(seen->payload, sizeof seen->payload, event->payload.data, event->payload.len);
    if (client->on_event)
        client->on_event(client, seen);
}

static void on_welcome(void *arg, uint64_t published, uint64_t taken)
{
    struct sim_client *client = arg;
    RT_ASSERT(published <= taken);
    client->taken = taken;
}

static void on_acked(void *arg, uint64_t sequence)
{
    struct sim_client *client = arg;
    client->acked_count++;
    if (client->on_acked)
        client->on_acked(client, sequence);
}

/* ------------------------------------------------------------------- set-up */

void sim_init(struct sim *sim, uint64_t seed)
{
    *sim = (struct sim){.options = sim->options};
    sim->random = seed * 2 + 1;
    sim->now_ms = 1000;
    sim->wall_ms = 1700000000000;
    sim->broker = rt_broker_new(&sim->options);
    sim->log_id = seed + 1;
    rt_broker_start(sim->broker, sim->log_id, 1, 1);
}

static void compact_forget(struct sim *sim)
{
    free(sim->stays);
    sim->stays = NULL;
    sim->stays_to = 0;
}

void sim_done(struct sim *sim)
{
    for (size_t i = 0; i < sim->client_count; i++)
        sim_kill(&sim->clients[i]);
    for (size_t i = 0; i < sim->client_count; i++)
        free(sim->clients[i].seen);
    rt_broker_free(sim->broker);
    rt_buf_done(&sim->log);
    rt_buf_done(&sim->checkpoint);
    free(sim->offsets);
    free(sim->gone);
    compact_forget(sim);
}

struct sim_client *sim_client(struct sim *sim, const char *name, uint64_t next_sequence,
                              uint32_t window, const char *const *subjects)
{
    RT_ASSERT(sim->client_count < SIM_CLIENTS_MAX);
    struct sim_client *client = &sim->clients[sim->client_count++];
    client->sim = sim;
    client->seen = calloc(SIM_SEEN_MAX, sizeof *client->seen);
    struct rt_transport_options options = {
        .name = name, .subjects = subjects, .next_sequence = next_sequence, .window = window};
    static const struct rt_transport_events events = {.welcome = on_welcome,
                                                      .published = on_published,
                                                      .event = on_event,
                                                      .acked = on_acked,
                                                      .refused = on_refused};
    struct rt_error error;
    int r = rt_client_core_new(&options, (struct rt_str){0}, &events, client,
                               sim_random(sim, UINT32_MAX), &client->core, &error);
    RT_ASSERT(r == 0);
    rt_client_core_time(client->core, sim->now_ms);
    return client;
}

uint64_t sim_random(struct sim *sim, uint64_t bound)
{
    sim->random ^= sim->random << 13; /* xorshift64 (Marsaglia 2003) */
    sim->random ^= sim->random >> 7;
    sim->random ^= sim->random << 17;
    return sim->random % bound;
}

int sim_publish(struct sim_client *client, uint64_t sequence, const char *subject, const char *key,
                const char *payload)
{
    struct rt_publish publish = {
        .sequence = sequence,
        .subject = rt_str(subject),
        .key = rt_str(key),
        .time_ms = client->sim->wall_ms,
        .payload = rt_str_bytes(rt_str(payload)),
    };
    return rt_client_core_publish(client->core, &publish);
}

/* ----------------------------------------------------------------- the disk */

/* Takes the broker's batch over, as the page cache would. */
static void take_batch(struct sim *sim)
{
    struct rt_log_batch *batch = rt_broker_batch(sim->broker);
    const uint8_t *at = batch->bytes.data;
    for (uint64_t sequence = batch->first; sequence < batch->next; sequence++) {
        struct rt_log_record_header header;
        rt_log_record_header_decode(at, &header);
        RT_ASSERT(header.sequence == sequence && sequence == sim->record_count + 1);
        struct sim_record head = {sequence, header.kind, header.length};
        if ((sim->record_count & (sim->record_count + 1)) == 0) {
            size_t room = sim->record_count * 2 + 2;
            sim->offsets = realloc(sim->offsets, room * sizeof(size_t));
            sim->gone = realloc(sim->gone, room * sizeof(bool));
        }
        rt_buf_extend(&sim->log, (8 - sim->log.len % 8) % 8);
        sim->gone[sim->record_count] = false;
        sim->offsets[sim->record_count++] = sim->log.len;
        rt_buf_append(&sim->log, &head, sizeof head);
        rt_buf_append(&sim->log, at + RT_LOG_RECORD_HEADER, header.length);
        at += rt_log_record_size(header.length);
    }
    uint64_t next = batch->next;
    rt_log_batch_done(batch);
    rt_log_batch_init(batch, next);
}

void sim_sync(struct sim *sim)
{
    sim->durable = sim->record_count;
    rt_broker_durable(sim->broker, sim->durable);
}

static void answer_reads(struct sim *sim)
{
    uint64_t sequence;
    while (rt_broker_read(sim->broker, &sequence)) {
        struct rt_event_block *block = rt_event_block_new(sequence);
        for (size_t i = (size_t)sequence - 1; i < sim->durable; i++) {
            struct rt_log_record record = record_at(sim, i);
            bool event = record.kind == record_Kind_KIND_EVENT && !sim->gone[i];
            if (!rt_event_block_add(block, event ? record.body : (struct rt_bytes){0}))
                break;
        }
        sim->reads++;
        rt_broker_loaded(sim->broker, block);
    }
}

void sim_take_checkpoint(struct sim *sim)
{
    rt_buf_clear(&sim->checkpoint);
    take_batch(sim);
    sim_sync(sim);
    rt_broker_checkpoint(sim->broker, &sim->checkpoint);
    sim->checkpoint_at = sim->record_count;
}

static void compact_begin(struct sim *sim, uint64_t limit)
{
    const struct rt_broker_options *options = &sim->options;
    struct rt_compact *compact = rt_compact_new(&options->compact, sim->wall_ms, RT_COMPACT_KEYS);
    sim->stays_to = 1 + sim_random(sim, limit);
    sim->stays = calloc(sim->stays_to / 8 + 1, 1);
    for (int judging = 0; judging < 2; judging++)
        for (size_t i = 0; i < (judging ? sim->stays_to : sim->durable); i++) {
            struct rt_log_record record = record_at(sim, i);
            struct rt_log_event event;
            bool is_event = record.kind == record_Kind_KIND_EVENT && !sim->gone[i] &&
                            rt_log_event_decode(record.body, &event) == 0;
            if (is_event && !judging)
                rt_compact_note(compact, record.sequence, &event, i < sim->stays_to);
            else if (judging && !(is_event && rt_compact_judge(compact, record.sequence, &event) ==
                                                  RT_COMPACT_GOES))
                sim->stays[i / 8] |= (uint8_t)(1u << i % 8);
        }
    rt_compact_free(compact);
    rt_broker_bar(sim->broker, 1, sim->stays_to + 1);
}

void sim_compact(struct sim *sim)
{
    uint64_t limit = rt_broker_compactable(sim->broker);
    if (limit > sim->checkpoint_at)
        limit = sim->checkpoint_at;
    if (sim->stays_to == 0) {
        if (limit > 0)
            compact_begin(sim, limit);
        return;
    }
    if (sim->stays_to <= limit) {
        struct rt_broker_compacted what = {
            .base = 1, .next = sim->stays_to + 1, .bits = sim->stays};
        for (uint64_t i = 0; i < sim->stays_to; i++) {
            bool goes = !(sim->stays[i / 8] >> i % 8 & 1);
            what.events += goes && !sim->gone[i];
            sim->gone[i] |= goes;
        }
        rt_broker_compacted(sim->broker, &what);
        sim->compacted += what.events;
    }
    rt_broker_bar(sim->broker, 0, 0);
    compact_forget(sim);
}

void sim_crash(struct sim *sim)
{
    compact_forget(sim);
    for (size_t i = 0; i < sim->client_count; i++)
        sim_cut(&sim->clients[i]);
    rt_broker_free(sim->broker);
    sim->record_count = sim->durable;
    if (sim->record_count > 0) {
        struct rt_log_record last = record_at(sim, sim->record_count - 1);
        sim->log.len = (size_t)(last.body.data + last.body.len - sim->log.data);
    }
    sim->broker = rt_broker_new(&sim->options);
    struct rt_error error;
    int r =
        rt_broker_restore(sim->broker, sim->checkpoint_at, rt_buf_bytes(&sim->checkpoint), &error);
    for (size_t i = (size_t)sim->checkpoint_at; r == 0 && i < sim->record_count; i++) {
        struct rt_log_record record = record_at(sim, i);
        r = rt_broker_replay(sim->broker, &record, &error);
    }
    if (r < 0)
        rt_panic("the broker does not start again: %s", error.message);
    rt_broker_time(sim->broker, sim->now_ms, sim->wall_ms);
    rt_broker_start(sim->broker, sim->log_id, 1, sim->record_count + 1);
}

void sim_swap_log(struct sim *sim)
{
    sim->durable = 0;
    sim->checkpoint_at = 0;
    rt_buf_clear(&sim->checkpoint);
    sim->log_id++;
    sim_crash(sim);
    rt_buf_clear(&sim->log);
}

/* ---------------------------------------------------------------- the wires */

void sim_cut(struct sim_client *client)
{
    if (!client->conn)
        return;
    rt_broker_disconnect(client->sim->broker, client->conn);
    client->conn = NULL;
    rt_buf_clear(&client->up);
    rt_buf_clear(&client->down);
    if (client->core)
        rt_client_core_lost(client->core, "cut");
}

void sim_kill(struct sim_client *client)
{
    sim_cut(client);
    rt_client_core_free(client->core);
    client->core = NULL;
    rt_buf_done(&client->up);
    rt_buf_done(&client->down);
    rt_buf_done(&client->farewell);
}

static bool client_turn(struct sim_client *client)
{
    struct sim *sim = client->sim;
    if (!client->core || client->frozen)
        return false;
    bool moved = client->down.len > 0;
    rt_client_core_time(client->core, sim->now_ms);
    rt_buf_consume(&client->down, rt_client_core_input(client->core, rt_buf_bytes(&client->down)));
    struct rt_buf *out = rt_client_core_out(client->core);
    enum rt_client_want want = rt_client_core_want(client->core);
    if (client->conn && out->len > 0) {
        moved = true;
        rt_buf_append(&client->up, out->data, out->len);
        rt_buf_clear(out);
    }
    switch (want) {
    case RT_CLIENT_CONNECT:
        if (client->unreachable) {
            rt_client_core_lost(client->core, "unreachable");
            return false;
        }
        client->conn = rt_broker_connect(sim->broker, client);
        rt_client_core_connected(client->core);
        return true;
    case RT_CLIENT_DROP:
        sim_cut(client);
        return true;
    case RT_CLIENT_CLOSED:
        if (client->conn) { /* what was written still arrives */
            rt_broker_input(sim->broker, client->conn, rt_buf_bytes(&client->up));
            rt_buf_clear(&client->up);
        }
        sim_kill(client);
        return true;
    default:
        return moved;
    }
}

static bool broker_turn(struct sim *sim)
{
    bool moved = false;
    rt_broker_time(sim->broker, sim->now_ms, sim->wall_ms);
    for (size_t i = 0; i < sim->client_count; i++) {
        struct sim_client *client = &sim->clients[i];
        if (!client->conn || client->up.len == 0)
            continue;
        size_t taken = rt_broker_input(sim->broker, client->conn, rt_buf_bytes(&client->up));
        rt_buf_consume(&client->up, taken);
        moved = moved || taken > 0;
    }
    rt_broker_run(sim->broker);
    take_batch(sim);
    if (!sim->hold_sync && sim->durable < sim->record_count) {
        sim_sync(sim);
        moved = true;
    }
    answer_reads(sim);
    rt_broker_run(sim->broker);
    struct rt_broker_conn *conn;
    while ((conn = rt_broker_dirty(sim->broker))) {
        struct sim_client *client = rt_broker_conn_shell(conn);
        struct rt_buf *out = rt_broker_conn_out(conn);
        rt_buf_append(&client->down, out->data, out->len);
        rt_buf_clear(out);
        rt_broker_drained(sim->broker, conn);
        moved = true;
        if (rt_broker_conn_closing(conn)) {
            /* The client reads what was said to the end. */
            if (client->core)
                rt_client_core_input(client->core, rt_buf_bytes(&client->down));
            else
                rt_buf_append(&client->farewell, client->down.data, client->down.len);
            sim_cut(client);
        }
    }
    return moved || rt_broker_wake(sim->broker) <= sim->now_ms;
}

void sim_settle(struct sim *sim)
{
    for (int turns = 0, quiet = 0; quiet < 2; turns++) {
        RT_ASSERT(turns < 100000);
        bool moved = false;
        for (size_t i = 0; i < sim->client_count; i++)
            moved = client_turn(&sim->clients[i]) || moved;
        moved = broker_turn(sim) || moved;
        quiet = moved ? 0 : quiet + 1;
    }
}

void sim_sleep(struct sim *sim, int64_t ms)
{
    int64_t until = sim->now_ms + ms;
    sim_settle(sim);
    while (sim->now_ms < until) {
        int64_t next = until;
        if (rt_broker_wake(sim->broker) < next)
            next = rt_broker_wake(sim->broker);
        for (size_t i = 0; i < sim->client_count; i++) {
            struct sim_client *client = &sim->clients[i];
            if (client->core && !client->frozen && rt_client_core_wake(client->core) < next)
                next = rt_client_core_wake(client->core);
        }
        if (next <= sim->now_ms)
            next = sim->now_ms + 1;
        sim->wall_ms += next - sim->now_ms;
        sim->now_ms = next;
        sim_settle(sim);
    }
}
