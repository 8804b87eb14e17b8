/*
 * The broker as a pure state machine: no socket, file, clock or thread. A shell (daemon.c, or a
 * simulation) feeds it bytes from connections, time, what the log made durable and what it read
 * back; it fills output buffers and a batch of log records.
 *
 * One turn of a shell: inputs in any number and order, then rt_broker_run, then hand the batch to
 * the log, write every connection's output, start the reads that are asked for, and sleep until
 * rt_broker_wake or the next input.
 *
 * Invariants (docs/channel/PROTOCOL.md promises them):
 *  1. PUBLISHED and ACKED are put out only when the records they speak of are durable.
 *  2. An event is delivered only when it is durable.
 *  3. In one subscription an event is in flight to at most one connection, and no event of a key
 *     is delivered while an earlier one of that key is unsettled.
 *  4. State after restore and replay of the same records is the same, whatever the timing was.
 *
 * Threads: one at a time. Memory: bounded per connection by credits and RT_OUT_HIGH_BYTES, twice,
 * and an event (a shell stops reading from a client that does not read), for subscriptions by
 * RT_UNSETTLED_ALL_MAX.
 */
#ifndef RT_CHANNEL_BROKER_H
#define RT_CHANNEL_BROKER_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/channel/broker/compact.h"
#include "runtime/channel/broker/event_cache.h"
#include "runtime/channel/log/batch.h"
#include "runtime/channel/protocol/limits.h"

struct rt_access; /* access.h */
struct rt_broker;
struct rt_broker_conn;

/* Judges every new event before it is stored: 0, or RT_ETOOBIG or RT_EINVAL and the reason for
 * which it is refused for good. `check` NULL accepts any event. `arg` is borrowed. */
struct rt_event_check {
    int (*check)(void *arg, struct rt_str subject, struct rt_bytes payload, struct rt_error *error);
    /* What it checks against, as a file for clients that ask; NULL: none. */
    struct rt_bytes (*file)(void *arg);
    void *arg;
};

struct rt_broker_options {
    size_t payload_max;              /* bytes; 0: RT_PAYLOAD_MAX */
    size_t cache_bytes;              /* 0: RT_CACHE_BYTES */
    uint32_t heartbeat_ms;           /* 0: RT_HEARTBEAT_MS */
    uint32_t max_deliver;            /* 0: RT_MAX_DELIVER */
    size_t dead_max;                 /* dead letters kept; 0: any number */
    int64_t dead_age_ms;             /* and how long; 0: for ever */
    struct rt_compact_rules compact; /* borrowed: what decides which events are taken out */
    /* A subscription lost events by force (rt_broker_lose, a forced purge). May be NULL. */
    void (*lost)(void *arg, struct rt_str name, uint64_t events);
    /* A subscription had no member for as long as it may; it is gone. May be NULL. */
    void (*expired)(void *arg, struct rt_str name);
    void *lost_arg; /* of both */
    /* Appends what the shell counts (metrics.h) behind the broker's own numbers. May be NULL. */
    void (*metrics)(void *arg, struct rt_buf *out);
    void *metrics_arg;
    const struct rt_access *access; /* NULL: everybody may do everything; borrowed */
    /* Whether the connection may say HELLO as `name`; NULL: any. */
    bool (*may_be)(void *shell, struct rt_str name);
    struct rt_event_check check;
};

struct rt_broker *rt_broker_new(const struct rt_broker_options *options);
void rt_broker_free(struct rt_broker *broker);

/* ------------------------- what was there: restore, then replay, then start */

/* The state of a checkpoint taken at `sequence`. RT_ECORRUPT. */
int rt_broker_restore(struct rt_broker *broker, uint64_t sequence, struct rt_bytes state,
                      struct rt_error *error);
int rt_broker_replay(struct rt_broker *broker, const struct rt_log_record *record,
                     struct rt_error *error);
/* From now on; `next` is the sequence of the first record to append, all before are durable and
 * those below `first` are gone. `log_id` is sent to clients, which outlive a log. */
void rt_broker_start(struct rt_broker *broker, uint64_t log_id, uint64_t first, uint64_t next);

/* ------------------------------------------------------------------- inputs */

/* `now_ms` only ever rises; `wall_ms` is UTC. Handles what has become due. */
void rt_broker_time(struct rt_broker *broker, int64_t now_ms, int64_t wall_ms);
/* UTC as ages are measured: a jump of the wall clock counts once it has lasted an hour. */
int64_t rt_broker_age_clock(const struct rt_broker *broker);
/* How long the shell has read from no connection: none counts as silent for that time. */
void rt_broker_deaf(struct rt_broker *broker, int64_t ms);
/* `shell` is handed back by rt_broker_conn_shell. Owned by the broker until disconnect. */
struct rt_broker_conn *rt_broker_connect(struct rt_broker *broker, void *shell);
/* The connection is gone, whatever the reason; `conn` is invalid afterwards. */
void rt_broker_disconnect(struct rt_broker *broker, struct rt_broker_conn *conn);
/* Takes whole frames off the front and returns how many bytes that was; the rest comes again with
 * more behind it. A connection that breaks the protocol gets a GOING_AWAY that says so and is
 * marked for closing. */
size_t rt_broker_input(struct rt_broker *broker, struct rt_broker_conn *conn, struct rt_bytes in);
/* The shell took bytes out of its output: there is room for more. */
void rt_broker_drained(struct rt_broker *broker, struct rt_broker_conn *conn);
void rt_broker_durable(struct rt_broker *broker, uint64_t sequence);
/* The log refuses more records for now (or no longer): publishes are refused with retry. */
void rt_broker_disk_full(struct rt_broker *broker, bool full);
/* The answer to a read request: what starts there. Takes the block over; an empty one says that
 * those records are gone, up to `first` of rt_broker_first. */
void rt_broker_loaded(struct rt_broker *broker, struct rt_event_block *block);
/* Records below are gone. */
void rt_broker_first(struct rt_broker *broker, uint64_t sequence);
/* `options.access` was read again: clients that are not in it any more are sent away, the others
 * have the permissions that it gives them now. What they had joined they keep. */
void rt_broker_access_changed(struct rt_broker *broker);
/* Says GOING_AWAY to everybody and marks all connections for closing. */
void rt_broker_drain(struct rt_broker *broker, const char *reason);
/* Delivers what can be delivered and fills the output buffers. */
void rt_broker_run(struct rt_broker *broker);

/* ------------------------------------------------------------------ outputs */

/* Records to append; the shell submits it to the log, which empties it. */
struct rt_log_batch *rt_broker_batch(struct rt_broker *broker);
/* The next connection with something new in its output or marked for closing; NULL: none. */
struct rt_broker_conn *rt_broker_dirty(struct rt_broker *broker);
/* Bytes to write; the shell takes them by emptying or swapping the buffer. */
struct rt_buf *rt_broker_conn_out(struct rt_broker_conn *conn);
/* Close it once the output is written. */
bool rt_broker_conn_closing(const struct rt_broker_conn *conn);
/* Do not read from this connection for now: its client does not read what it gets. */
bool rt_broker_conn_stuffed(const struct rt_broker_conn *conn);
void *rt_broker_conn_shell(const struct rt_broker_conn *conn);
/* The next sequence to read from the log into a block; false: none. */
bool rt_broker_read(struct rt_broker *broker, uint64_t *ret_sequence);
/* When to call rt_broker_time at the latest, in `now_ms`; INT64_MAX: never. */
int64_t rt_broker_wake(const struct rt_broker *broker);
/* Everything below is settled in every subscription, so the log may drop it, dead letters apart. */
uint64_t rt_broker_needed(const struct rt_broker *broker);
/* --------------------------------------------- letting go (broker_retain.c) */

/* Drops what is below `first`, dead letters apart, for good: also after a restart. Not
 * above rt_broker_needed. */
void rt_broker_retain(struct rt_broker *broker, uint64_t first);
/* Drops what is below `first` whether or not a subscription needs it. Subscriptions move on, and
 * what they lose is counted, which reads it once more; rt_broker_needed reaches `first` when that
 * is done. */
void rt_broker_lose(struct rt_broker *broker, uint64_t first);
/* The oldest dead letter, UINT64_MAX: none. */
uint64_t rt_broker_oldest_dead(const struct rt_broker *broker);
/* Appends a record that changes nothing, for a shell that needs one more. */
void rt_broker_idle_record(struct rt_broker *broker);
/* The first sequence that is not gone. */
uint64_t rt_broker_first_kept(const struct rt_broker *broker);

/* Up to here everything on compacted subjects is settled, durably, so no subscription needs
 * superseded events of it. It rises from call to call as acknowledgements become durable, and falls
 * at once when a subscription begins, or goes back, before it. */
uint64_t rt_broker_compactable(struct rt_broker *broker);
/* Compaction is about to take events out of [from, to), or with equal ones is done with it. A
 * subscription on compacted subjects that needs them meanwhile waits, so that it is not given what
 * is gone a moment later. */
void rt_broker_bar(struct rt_broker *broker, uint64_t from, uint64_t to);
/* Compaction took events out of the log: of the records from `base` on those whose bit is not set
 * (bit i of `bits` is for base + i). */
struct rt_broker_compacted {
    uint64_t base, next; /* sequences */
    const uint8_t *bits;
    uint64_t events, bytes; /* that went */
};
void rt_broker_compacted(struct rt_broker *broker, const struct rt_broker_compacted *what);

/* Appends the state after every record appended so far. */
void rt_broker_checkpoint(const struct rt_broker *broker, struct rt_buf *out);

#endif
