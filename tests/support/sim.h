/*
 * A channel in one process for tests: the broker core, client cores, a log in memory that loses
 * what was not synced, wires that break, and a clock that only moves when told. Everything follows
 * from the calls and the seeds, so a failure repeats.
 */
#ifndef RT_CHANNEL_SIM_H
#define RT_CHANNEL_SIM_H

#include "runtime/channel/broker/broker.h"
#include "runtime/channel/client/core.h"

enum { SIM_CLIENTS_MAX = 17, SIM_SEEN_MAX = 1 << 16 };

/* What one delivery looked like to a client. */
struct sim_seen {
    uint64_t sequence;
    uint32_t attempt;
    char subject[64];
    char key[32];
    char payload[64];
};

struct sim_client {
    struct sim *sim;
    struct rt_client_core *core;
    struct rt_broker_conn *conn; /* NULL: not connected */
    struct rt_buf up, down;      /* on the wire */
    struct rt_buf farewell;      /* without a core: what was unread when the broker closed */
    bool frozen;                 /* neither reads nor writes, as if stopped by SIGSTOP */
    bool unreachable;            /* cannot connect */
    uint64_t published;          /* as the callback said last */
    uint64_t taken;              /* as the newest welcome said */
    uint64_t refused;            /* same */
    uint64_t acked_count;
    struct sim_seen *seen; /* all deliveries, in order; SIM_SEEN_MAX of them */
    size_t seen_count;
    void (*on_event)(struct sim_client *client, const struct sim_seen *seen);
    void (*on_acked)(struct sim_client *client, uint64_t sequence);
    void *user;
};

struct sim {
    struct rt_broker_options options;
    struct rt_broker *broker;
    int64_t now_ms;
    int64_t wall_ms;
    uint64_t log_id;
    struct rt_buf log;   /* records as {sequence, kind, length, body}, 8-byte aligned */
    size_t *offsets;     /* where record n + 1 starts */
    size_t record_count; /* in the log, synced or not */
    size_t durable;      /* records that were synced */
    struct rt_buf checkpoint;
    uint64_t checkpoint_at;
    bool hold_sync;    /* the disk does not answer for now */
    size_t reads;      /* blocks read back */
    size_t compacted;  /* events that compaction took */
    bool *gone;        /* of each record: compaction took it */
    uint8_t *stays;    /* a compaction under way: a bit for each record, up to... */
    uint64_t stays_to; /* ...this one; 0: none is under way */
    struct sim_client clients[SIM_CLIENTS_MAX];
    size_t client_count;
    uint64_t random;
};

/* The options are those that `sim` has. */
void sim_init(struct sim *sim, uint64_t seed);
void sim_done(struct sim *sim);
/* `subjects` as in rt_transport_options. */
struct sim_client *sim_client(struct sim *sim, const char *name, uint64_t next_sequence,
                              uint32_t window, const char *const *subjects);
/* Runs everybody until nothing moves; time stands still. */
void sim_settle(struct sim *sim);
/* Moves the clock in steps, with everybody running. */
void sim_sleep(struct sim *sim, int64_t ms);
/* The wire breaks; what was under way is lost. */
void sim_cut(struct sim_client *client);
/* The client's process dies and its core with it. */
void sim_kill(struct sim_client *client);
/* kill -9 of the broker: what was not synced is gone, all wires break; then it starts again. */
void sim_crash(struct sim *sim);
/* The same, and it starts with a new log instead of its own. */
void sim_swap_log(struct sim *sim);
/* Syncs what was appended. */
void sim_sync(struct sim *sim);
void sim_take_checkpoint(struct sim *sim);
/* Begins to compact what may be (by sim->options.compact), up to a random record; once it is begun,
 * takes the records out, unless somebody needs them again. */
void sim_compact(struct sim *sim);
uint64_t sim_random(struct sim *sim, uint64_t bound);
/* Publishes the client's next sequence with a text payload; returns what publish returned. */
int sim_publish(struct sim_client *client, uint64_t sequence, const char *subject, const char *key,
                const char *payload);

#endif
