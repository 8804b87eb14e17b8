/*
 * Seeded histories: producers with an outbox, a queue group and a lone subscriber, while wires
 * break, clients hang, and the broker dies with unsynced records. A checker judges every delivery:
 *
 *   - nothing that was confirmed as published is lost, nothing appears that was not published,
 *     nothing is stored twice, and each producer's events keep their order
 *   - while the broker lives, an event of a key comes only after the one before it was settled
 *   - an event whose acknowledgement was confirmed never comes again
 *
 * All the while the log is compacted by key, which costs neither group an event; a third one that
 * comes last gets the newest event of each key alone. And somebody looks on through an ephemeral
 * subscription, comes and goes, which makes no difference to anybody else.
 */
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/channel/protocol/frame.h"
#include "tests/support/sim.h"

enum { PRODUCERS = 3, MEMBERS = 3, EVENTS = 120, KEYS = 6, STEPS = 600, SEEDS = 60 };
enum { SEQUENCES = 1 << 15 };

struct group {
    uint64_t last[KEYS];       /* newest sequence delivered, since the broker started */
    bool settled[SEQUENCES];   /* the application said so */
    bool confirmed[SEQUENCES]; /* the broker said so */
    bool delivered[SEQUENCES];
    size_t confirmed_count;
};

struct world {
    struct sim sim;
    struct sim_client *producers[PRODUCERS];
    uint64_t next[PRODUCERS];                /* outbox position */
    uint64_t stored[PRODUCERS][EVENTS + 1];  /* channel sequence of each, once seen */
    struct sim_client *members[MEMBERS + 1]; /* the last one is alone in its group */
    struct group groups[2];
    struct sim_client *looker; /* frames by hand: the client core has no such subscription */
    uint64_t looked[KEYS];     /* newest sequence that it saw first, on this connection */
    bool calm;                 /* the end: everything is acknowledged */
};

static struct world world;
static size_t looks; /* events that who looks on saw, in all histories */

static struct group *group_of(const struct sim_client *client)
{
    return &world.groups[client == world.members[MEMBERS]];
}

static int key_of(int producer, uint64_t number)
{
    return (int)((number * 7 + (uint64_t)producer * 3) % KEYS); /* 0 is "no key" */
}

static void judge_identity(const struct sim_seen *seen)
{
    int producer;
    unsigned long long number;
    cr_assert_eq(sscanf(seen->payload, "%d-%llu", &producer, &number), 2);
    cr_assert(producer < PRODUCERS && number >= 1 && number < world.next[producer], "a phantom: %s",
              seen->payload);
    uint64_t *stored = &world.stored[producer][number];
    cr_assert(*stored == 0 || *stored == seen->sequence, "stored twice: %s", seen->payload);
    *stored = seen->sequence;
}

static void judge_order(struct group *group, const struct sim_seen *seen)
{
    int key = seen->key[0] ? seen->key[0] - '0' : 0;
    if (key == 0)
        return;
    uint64_t last = group->last[key];
    cr_assert_geq(seen->sequence, last, "key %d: %llu after %llu", key,
                  (unsigned long long)seen->sequence, (unsigned long long)last);
    if (seen->sequence > last && last > 0)
        cr_assert(group->settled[last], "key %d: %llu though %llu is not settled", key,
                  (unsigned long long)seen->sequence, (unsigned long long)last);
    group->last[key] = seen->sequence;
}

static void on_event(struct sim_client *client, const struct sim_seen *seen)
{
    struct group *group = group_of(client);
    cr_assert_lt(seen->sequence, SEQUENCES);
    cr_assert_not(group->confirmed[seen->sequence], "%llu came again after its confirmation",
                  (unsigned long long)seen->sequence);
    judge_identity(seen);
    judge_order(group, seen);
    group->delivered[seen->sequence] = true;
    uint64_t dice = world.calm ? 0 : sim_random(&world.sim, 10);
    if (dice < 7) {
        group->settled[seen->sequence] = true;
        rt_client_core_ack(client->core, seen->sequence);
    } else if (dice < 9) {
        rt_client_core_nack(client->core, seen->sequence, (int64_t)sim_random(&world.sim, 3000));
    } /* else it is forgotten, and comes again after its ack-wait */
}

static void on_acked(struct sim_client *client, uint64_t sequence)
{
    struct group *group = group_of(client);
    cr_assert(group->settled[sequence]);
    group->confirmed_count += !group->confirmed[sequence];
    group->confirmed[sequence] = true;
}

static void publish_some(int producer)
{
    struct sim_client *client = world.producers[producer];
    for (uint64_t n = 1 + sim_random(&world.sim, 5); n > 0; n--) {
        uint64_t number = world.next[producer];
        if (number > EVENTS)
            return;
        char payload[32], key[2] = "";
        snprintf(payload, sizeof payload, "%d-%llu", producer, (unsigned long long)number);
        if (key_of(producer, number) > 0)
            key[0] = (char)('0' + key_of(producer, number));
        if (sim_publish(client, number, "s:x", key, payload) == 0)
            world.next[producer]++;
    }
}

/* A producer's process dies; its outbox remembers what was confirmed, or a little less. */
static void producer_restart(int producer)
{
    struct sim_client *client = world.producers[producer];
    uint64_t confirmed = client->published;
    uint64_t forgotten = confirmed > 0 ? sim_random(&world.sim, confirmed < 4 ? confirmed : 4) : 0;
    sim_kill(client);
    char name[8];
    snprintf(name, sizeof name, "p%d", producer);
    uint64_t next = confirmed - forgotten + 1, end = world.next[producer];
    if (world.sim.client_count == SIM_CLIENTS_MAX)
        return; /* stays dead; the end revives nobody, so callers check */
    world.producers[producer] = sim_client(&world.sim, name, next, 0, NULL);
    world.producers[producer]->published = confirmed - forgotten;
    world.next[producer] = next;
    while (world.next[producer] < end)
        publish_some(producer);
}

static struct sim_client *any_client(void)
{
    return &world.sim.clients[sim_random(&world.sim, world.sim.client_count)];
}

static void crash(void)
{
    sim_crash(&world.sim);
    for (int g = 0; g < 2; g++)
        memset(world.groups[g].last, 0, sizeof world.groups[g].last);
}

/* ------------------------------------------------------------- who looks on */

static void looker_connect(void)
{
    struct sim_client *looker = world.looker;
    looker->conn = rt_broker_connect(world.sim.broker, looker);
    channel_Hello hello = {.version = RT_CHANNEL_VERSION};
    channel_Subscribe subscribe = {.subscription = 1, .filters_count = 1, .ephemeral = true};
    RT_PB_SET(&hello.name, RT_STR("looker"));
    RT_PB_SET(&subscribe.name, RT_STR("looker"));
    RT_PB_SET(&subscribe.filters[0], RT_STR("s:*"));
    rt_frame_put(&looker->up, channel_FrameType_FRAME_HELLO, channel_Hello_fields, &hello,
                 (struct rt_bytes){0});
    rt_frame_put(&looker->up, channel_FrameType_FRAME_SUBSCRIBE, channel_Subscribe_fields,
                 &subscribe, (struct rt_bytes){0});
    memset(world.looked, 0, sizeof world.looked);
}

static void looker_event(const struct rt_frame_event *event, struct rt_bytes payload)
{
    struct sim_seen seen = {.sequence = event->sequence};
    snprintf(seen.payload, sizeof seen.payload, "%.*s", (int)payload.len,
             (const char *)payload.data);
    judge_identity(&seen);
    looks++;
    cr_assert_leq(event->sequence, world.sim.durable, "shown before it is durable");
    uint64_t *last = event->key.len > 0 ? &world.looked[event->key.data[0] - '0'] : NULL;
    if (last && event->attempt == 1) {
        cr_assert_gt(event->sequence, *last, "a key's order");
        *last = event->sequence;
    }
    if (sim_random(&world.sim, 8) > 0) /* else it comes again after its ack-wait */
        rt_frame_put_acks(&world.looker->up, channel_FrameType_FRAME_ACK, 1, &event->sequence, 1);
}

/* Reads what is there, or comes back, or leaves. */
static void looker_step(void)
{
    struct sim_client *looker = world.looker;
    struct rt_frame frame;
    if (!looker->conn) {
        looker_connect();
        return;
    }
    for (int64_t len; (len = rt_frame_cut(rt_buf_bytes(&looker->down), RT_PAYLOAD_MAX, &frame)) > 0;
         rt_buf_consume(&looker->down, (size_t)len)) {
        struct rt_frame_event event;
        channel_Ping ping;
        if (frame.type == channel_FrameType_FRAME_EVENT && rt_frame_get_event(&frame, &event) == 0)
            looker_event(&event, frame.payload);
        else if (frame.type == channel_FrameType_FRAME_PING &&
                 rt_frame_get(&frame, channel_Ping_fields, &ping) == 0)
            rt_frame_put(&looker->up, channel_FrameType_FRAME_PONG, channel_Ping_fields, &ping,
                         (struct rt_bytes){0});
    }
    if (sim_random(&world.sim, 16) == 0)
        sim_cut(looker);
}

static void step(void)
{
    looker_step();
    struct sim *sim = &world.sim;
    switch (sim_random(sim, 16)) {
    case 0:
        sim_cut(any_client());
        break;
    case 1:
        any_client()->frozen ^= true;
        break;
    case 2:
        sim->hold_sync ^= true;
        break;
    case 3:
        if (sim_random(sim, 4) == 0)
            crash();
        break;
    case 4:
        if (sim_random(sim, 4) == 0)
            sim_take_checkpoint(sim);
        break;
    case 5:
        if (sim_random(sim, 8) == 0 && sim->client_count < SIM_CLIENTS_MAX)
            producer_restart((int)sim_random(sim, PRODUCERS));
        break;
    case 6:
        sim_compact(sim);
        break;
    case 7:
        sim_sleep(sim, (int64_t)sim_random(sim, 4000));
        break;
    case 8:
        sim_sleep(sim, (int64_t)sim_random(sim, 40000));
        break;
    default:
        publish_some((int)sim_random(sim, PRODUCERS));
        sim_settle(sim);
    }
}

static void world_start(uint64_t seed)
{
    static const char *const subjects[] = {"s:*", NULL};
    memset(&world, 0, sizeof world);
    static struct rt_str compact;
    compact = RT_STR("s:*");
    world.sim.options.max_deliver = 1000000;
    world.sim.options.compact = (struct rt_compact_rules){.by_key = &compact, .by_key_count = 1};
    sim_init(&world.sim, seed);
    for (int i = 0; i < PRODUCERS; i++) {
        char name[8];
        snprintf(name, sizeof name, "p%d", i);
        world.producers[i] = sim_client(&world.sim, name, 1, 0, NULL);
        world.next[i] = 1;
    }
    for (int i = 0; i <= MEMBERS; i++) {
        uint32_t window = 1 + (uint32_t)sim_random(&world.sim, 20);
        world.members[i] =
            sim_client(&world.sim, i < MEMBERS ? "group" : "alone", 0, window, subjects);
        world.members[i]->on_event = on_event;
        world.members[i]->on_acked = on_acked;
    }
    world.looker = sim_client(&world.sim, "looker", 0, 0, NULL);
    rt_client_core_free(world.looker->core);
    world.looker->core = NULL;
    sim_settle(&world.sim); /* both groups are there before anything is compacted */
}

/* Lets everything that is under way come to its end. */
static void world_calm_down(void)
{
    world.calm = true;
    if (world.sim.stays_to > 0)
        sim_compact(&world.sim);
    world.sim.hold_sync = false;
    for (size_t i = 0; i < world.sim.client_count; i++)
        world.sim.clients[i].frozen = false;
    for (int i = 0; i < PRODUCERS; i++)
        while (world.next[i] <= EVENTS) {
            publish_some(i);
            sim_settle(&world.sim);
        }
    sim_sleep(&world.sim, 120000);
}

static void judge_end(void)
{
    for (int p = 0; p < PRODUCERS; p++) {
        cr_assert_eq(world.producers[p]->published, EVENTS);
        for (uint64_t n = 1; n <= EVENTS; n++) {
            uint64_t sequence = world.stored[p][n];
            cr_assert_gt(sequence, 0, "%d-%llu was lost", p, (unsigned long long)n);
            cr_assert(n == 1 || sequence > world.stored[p][n - 1], "a producer's order");
            for (int g = 0; g < 2; g++)
                cr_assert(world.groups[g].confirmed[sequence], "%d-%llu of group %d", p,
                          (unsigned long long)n, g);
        }
    }
    for (int g = 0; g < 2; g++)
        cr_assert_eq(world.groups[g].confirmed_count, (size_t)PRODUCERS * EVENTS);
}

/* Compacts all there is, and compares what a new subscription gets with what it should. */
static void judge_compaction(void)
{
    struct sim *sim = &world.sim;
    uint64_t newest[KEYS] = {0};
    for (int p = 0; p < PRODUCERS; p++)
        for (uint64_t n = 1; n <= EVENTS; n++)
            if (world.stored[p][n] > newest[key_of(p, n)])
                newest[key_of(p, n)] = world.stored[p][n];
    sim_take_checkpoint(sim);
    rt_broker_compactable(sim->broker); /* what is settled now... */
    uint64_t all = sim->checkpoint_at;
    cr_assert_eq(rt_broker_compactable(sim->broker), all); /* ...is so durably */
    while (sim->stays_to != all)
        sim_compact(sim);
    sim_compact(sim);

    if (sim->client_count == SIM_CLIENTS_MAX)
        return;
    static const char *const subjects[] = {"s:*", NULL};
    struct sim_client *late = sim_client(sim, "late", 0, 1000, subjects);
    sim_settle(sim);
    size_t unkeyed = 0;
    for (size_t i = 0; i < late->seen_count; i++) {
        const struct sim_seen *seen = &late->seen[i];
        int key = seen->key[0] ? seen->key[0] - '0' : 0;
        unkeyed += key == 0;
        cr_assert(key == 0 || seen->sequence == newest[key], "key %d: %llu", key,
                  (unsigned long long)seen->sequence);
    }
    cr_assert_eq(late->seen_count, unkeyed + KEYS - 1);
    cr_assert_eq(sim->compacted, (size_t)PRODUCERS * EVENTS - late->seen_count);
}

Test(broker_sim, random_histories_break_no_promise, .timeout = 120)
{
    const char *only = getenv("SIM_SEED");
    uint64_t first = only ? strtoull(only, NULL, 10) : 1;
    uint64_t last = only ? first : SEEDS;
    for (uint64_t seed = first; seed <= last; seed++) {
        fprintf(stderr, "%s", only ? "one seed\n" : "");
        world_start(seed);
        for (int i = 0; i < STEPS; i++)
            step();
        world_calm_down();
        judge_end();
        judge_compaction();
        sim_done(&world.sim);
    }
    cr_assert_gt(looks, 1000 * (last - first + 1), "%zu", looks);
}
