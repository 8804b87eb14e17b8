/*
 * What the broker keeps in memory; shared by the files of this folder and nobody else.
 *
 * A subscription's progress is `cursor`, the next sequence to look at, and its entries: the
 * events below the cursor that are not settled yet, in order. Everything else below the cursor is
 * settled or did not match, so nothing is kept about it, and a slow event costs one entry however
 * far the others run ahead.
 *
 *   WAITING --predecessor settled--> READY --delivered--> INFLIGHT --ack--> gone
 *                                      ^                    | nack, ack-wait: DELAYED
 *                                      +---- due, or connection lost ------+
 *   any --terminate, too many attempts--> DOOMED --copied to the dead letters--> gone
 *
 * The first unsettled entry of a key is its head; the others of that key are WAITING behind it.
 */
#ifndef RT_CHANNEL_BROKER_STATE_H
#define RT_CHANNEL_BROKER_STATE_H

#include <bsd/sys/tree.h>

#include "runtime/base/table.h"
#include "runtime/channel/broker/access.h"
#include "runtime/channel/broker/broker.h"
#include "runtime/channel/broker/newest.h"
#include "runtime/channel/broker/records.pb.h"
#include "runtime/channel/log/record.h"
#include "runtime/channel/protocol/frame.h"
#include "runtime/channel/protocol/subject.h"

enum rt_entry_state {
    RT_ENTRY_WAITING,
    RT_ENTRY_READY,
    RT_ENTRY_INFLIGHT,
    RT_ENTRY_DELAYED,
    RT_ENTRY_DOOMED
};

struct rt_entry {
    uint64_t sequence;
    uint64_t key;      /* hash of its key, 0: none */
    uint32_t attempts; /* deliveries so far */
    uint32_t size;     /* INFLIGHT: bytes of credit it holds */
    uint64_t holder;   /* `who` of the connection that had it last; 0: none since the start */
    enum rt_entry_state state;
    bool scheduled;                 /* DELAYED: until a time of the wall clock */
    int64_t due_ms;                 /* INFLIGHT: its ack-wait ends; DELAYED: ready again */
    struct rt_member *member;       /* INFLIGHT: the member that has it */
    char *reason;                   /* DOOMED, owned */
    struct rt_broker_conn *confirm; /* DOOMED: the asker, held by conn->refs; or NULL */
    uint32_t confirm_local;
    struct rt_entry *prev, *next; /* all, by sequence */
    struct rt_entry *timed_prev;  /* INFLIGHT by due_ms, or DOOMED */
    struct rt_entry *timed_next;  /* same */
    struct rt_entry *key_prev;    /* of its key, the one before it; NULL: it is the head */
    struct rt_entry *key_next;    /* the one WAITING behind it */
    RB_ENTRY(rt_entry) tree;      /* READY by sequence, or DELAYED by due_ms */
    UT_hash_handle hh;            /* all, by sequence */
};

RB_HEAD(rt_entry_ready, rt_entry);
RB_HEAD(rt_entry_delayed, rt_entry);

/* The unsettled events of one key in one subscription. */
struct rt_key_queue {
    uint64_t key;
    struct rt_entry *head;
    struct rt_entry *tail;
    UT_hash_handle hh;
};

/* Sequences at or above the cursor that were settled already (found by replay, or acknowledged by
 * a client that had them before the broker restarted), and attempts known of such. */
enum { RT_AHEAD_SPAN = 512 };
struct rt_ahead {
    uint64_t block; /* sequence / RT_AHEAD_SPAN */
    uint64_t bits[RT_AHEAD_SPAN / 64];
    UT_hash_handle hh;
};

struct rt_attempt {
    uint64_t sequence;
    uint32_t attempt;
    UT_hash_handle hh;
};

/* A subscription or request that waits for an old event to be read from the log. */
struct rt_reading {
    bool waiting; /* in the broker's list */
    bool asked;   /* the shell knows */
    bool barred;  /* it waits for compaction instead */
    uint64_t sequence;
    bool *runnable; /* set when it is there */
    struct rt_reading *prev, *next;
};

enum rt_look { RT_LOOK_EVENT, RT_LOOK_OTHER, RT_LOOK_LATER };

/* One connection's part in a subscription. */
struct rt_member {
    struct rt_broker_conn *conn;
    struct rt_sub *sub;
    uint32_t local; /* the client's number for it */
    /* With merged filters: what this one gets. Without a filter: everything. */
    struct rt_match match;
    uint32_t window;
    size_t window_bytes;
    uint32_t inflight;
    size_t inflight_bytes;
    struct rt_member *prev, *next;           /* of the subscription, in turn */
    struct rt_member *conn_prev, *conn_next; /* of the connection */
};

struct rt_sub {
    struct rt_broker *broker;
    uint32_t id;        /* 0: ephemeral, it goes with its last member and no record speaks of it */
    struct rt_str name; /* owned */
    struct rt_match match;
    int64_t wanted_ms[RT_FILTERS_MAX]; /* of each filter, when a member had it last */
    bool merged;                       /* its members differ in filters */
    uint64_t expire_ms;                /* without a member for so long it is dropped; 0: never */
    int64_t idle_ms;                   /* since when it has none; 0: not asked since the start */
    uint64_t from;
    int64_t from_time_ms;
    uint32_t ack_wait_ms;
    uint32_t max_deliver;
    uint32_t backoff_ms[RT_BACKOFF_MAX];
    size_t backoff_count;

    uint64_t cursor;
    struct rt_entry *entries; /* list by sequence */
    struct rt_entry *by_sequence;
    struct rt_key_queue *keys;
    struct rt_entry_ready ready;
    struct rt_entry_delayed delayed;
    struct rt_entry *inflight; /* list by due_ms */
    struct rt_entry *doomed;
    struct rt_ahead *ahead;
    struct rt_attempt *attempts;
    struct rt_member *members; /* list; the first one's turn is next */
    bool compacted;            /* some of what it selects may be on a compacted subject */
    bool runnable;
    struct rt_reading reading;
    uint64_t delivered, redelivered, settled, nacked, dead, lost; /* counters */
    struct rt_sub *prev, *next;
    UT_hash_handle hh; /* by name */
};

struct rt_producer {
    char *name;                  /* owned, the hash key */
    uint64_t sequence;           /* newest appended */
    uint64_t record;             /* its sequence in the log */
    uint64_t durable;            /* newest durable of `sequence` */
    struct rt_broker_conn *conn; /* who publishes under this name now */
    unsigned users;              /* connections that point here */
    UT_hash_handle hh;
};

/* A message to a connection that is due once `record` is durable. */
struct rt_pending {
    uint64_t record;
    struct rt_broker_conn *conn; /* held by conn->refs */
    uint64_t sequence;           /* of the producer, or of the event that was settled */
    uint32_t local;              /* the subscription of ACKED; 0 for PUBLISHED */
    bool publish;
};

struct rt_acked {
    uint32_t local;
    uint64_t sequence;
};

struct rt_broker_conn {
    struct rt_broker *broker;
    void *shell;
    struct rt_buf out;
    char name[RT_NAME_MAX + 1]; /* "" before HELLO */
    uint64_t who;               /* the same on another connection of the same process; not 0 */
    const struct rt_access_client *client;
    struct rt_match may_publish, may_subscribe; /* without filters: everything */
    struct rt_producer *producer;               /* NULL: anonymous */
    uint64_t expect;                            /* sequence of the next PUBLISH */
    bool begun;                                 /* published something */
    bool refusing;                              /* dropping publishes until `expect` comes again */
    bool greeted, closing, gone, dirty;
    unsigned refs;      /* rt_pending that point here */
    uint64_t published; /* durable, to tell */
    uint64_t told;
    struct rt_acked *acked; /* durable, to tell */
    size_t acked_count, acked_room;
    size_t member_count;
    struct rt_member *members;
    int64_t in_ms;  /* when something was received */
    int64_t out_ms; /* when something was sent */
    struct rt_broker_conn *prev, *next;
    struct rt_broker_conn *dirty_next;
};

struct rt_message_id {
    uint64_t hash; /* of the id */
    uint64_t sequence;
    struct rt_message_id *prev, *next; /* oldest first */
    UT_hash_handle hh;
};

/* A dead letter, by the sequence of its copy. */
struct rt_dead {
    uint64_t sequence;
    int64_t died_ms; /* UTC; 0: unknown */
    UT_hash_handle hh;
};

/* Events that an operator purged: no subscription sees them any more. Their bytes go with their
 * segments. */
struct rt_purge {
    uint64_t id;    /* rising */
    uint64_t up_to; /* sequence */
    struct rt_match match;
    struct rt_purge *prev, *next;
};

/* Counts the events that a subscription loses by force. */
struct rt_loss {
    uint32_t sub;          /* its id */
    uint64_t at, to;       /* sequences: the next to look at, the last one */
    uint64_t cursor;       /* of the subscription: what is below counts only as an entry */
    uint64_t purge;        /* what was purged before this one was lost before */
    struct rt_match match; /* what is purged; no filter: everything */
    uint64_t count;
    bool runnable;
    struct rt_reading reading;
    struct rt_loss *prev, *next;
};

/* How far everything is settled. Acknowledgements count only once they are durable: a crash would
 * take them back. */
struct rt_broker_floor {
    uint64_t durable; /* a floor... */
    uint64_t next;    /* ...and the one that will take its place... */
    uint64_t record;  /* ...when this is durable */
};

struct rt_broker {
    struct rt_broker_options options;
    uint64_t log_id;  /* 0 before start */
    uint64_t started; /* sequence: what is above was delivered to nobody before the start */
    struct rt_log_batch batch;
    struct rt_event_cache cache;
    struct rt_newest newest;
    uint64_t first; /* what is below is gone for subscriptions... */
    uint64_t gone;  /* ...and below this one from the log as well */
    uint64_t durable;
    int64_t now_ms, wall_ms, wake_ms;
    int64_t age_ahead_ms; /* of the rising clock, by which ages are measured */
    int64_t jumped_ms;    /* since when the wall clock is elsewhere; 0: it is not */
    bool disk_full, draining;
    uint32_t next_sub_id;
    size_t entries;      /* of all subscriptions */
    struct rt_sub *subs; /* list by id */
    struct rt_sub *subs_by_name;
    struct rt_producer *producers;
    struct rt_broker_conn *conns;
    struct rt_broker_conn *dirty;
    struct rt_message_id *message_ids;        /* by hash */
    struct rt_message_id *message_ids_oldest; /* list */
    size_t message_id_count;
    struct rt_dead *dead;
    struct rt_purge *purges; /* list, oldest first */
    uint64_t next_purge_id;
    struct rt_loss *losses;      /* list */
    struct rt_request *requests; /* list, oldest first */
    struct rt_reading *readings; /* list */
    struct rt_broker_floor compactable;
    uint64_t barred_from, barred_to; /* sequences that compaction is about: [from, to) */
    struct rt_pending *pending;      /* ring of pending_room, a power of two */
    size_t pending_head, pending_count, pending_room;
    uint64_t events, duplicates, refused;    /* counters */
    uint64_t lost;                           /* same: events that subscriptions lost by force */
    uint64_t dead_expired;                   /* same: dead letters dropped by their limits */
    uint64_t accepted;                       /* same: connections */
    uint64_t ended[_channel_Code_ARRAYSIZE]; /* same: those that the broker ended, by why */
    uint64_t refused_by[_channel_Code_ARRAYSIZE]; /* same: `refused`, by why */
    uint64_t expired;                             /* same: subscriptions without members */
    uint64_t retired;                             /* same: records that the limits let go */
    uint64_t purged;                              /* same: purges and truncations */
    uint64_t compacted, compacted_bytes;          /* same: what compaction took out of the log */
};

/* The files below are in the order of their calls: each calls only itself and earlier ones. */

/* clock.c */
void rt_clock_set(struct rt_broker *broker, int64_t now_ms, int64_t wall_ms);

/* conn.c */
void rt_broker_wake_at(struct rt_broker *broker, int64_t due_ms);
void rt_conn_dirty(struct rt_broker_conn *conn);
/* Says goodbye and marks it for closing; its members leave at the end of its input. */
void rt_conn_fail(struct rt_broker_conn *conn, channel_Code code, const char *reason);
void rt_conn_release(struct rt_broker_conn *conn); /* drops one of conn->refs */

/* pending.c */
void rt_pending_push(struct rt_broker *broker, struct rt_pending pending);
/* Announces what became durable to its connections. */
void rt_pending_drain(struct rt_broker *broker);
/* Puts what became durable for this connection into its output. */
void rt_pending_tell(struct rt_broker_conn *conn);

/* record.c: records into the log */
uint64_t rt_record_append(struct rt_broker *broker, record_Kind kind, const pb_msgdesc_t *fields,
                          const void *message);
uint64_t rt_record_event(struct rt_broker *broker, const struct rt_log_event *event,
                         const record_EventExtra *extra);
/* Decodes an event's headers; empty headers give zeroes. */
int rt_record_extra(const struct rt_log_event *event, record_EventExtra *ret);
uint64_t rt_record_subscription(struct rt_broker *broker, const struct rt_sub *sub);
void rt_record_subscription_fill(const struct rt_sub *sub, record_Subscription *record);

/* publish.c */
int rt_publish_input(struct rt_broker_conn *conn, const struct rt_frame *frame);
/* A connection uses it no more; one that never published is forgotten with its last one. */
void rt_producer_leave(struct rt_broker_conn *conn);
struct rt_producer *rt_producer_get(struct rt_broker *broker, struct rt_str name);
void rt_message_id_note(struct rt_broker *broker, struct rt_str producer, struct rt_str id,
                        uint64_t sequence);
void rt_message_hash_note(struct rt_broker *broker, uint64_t hash, uint64_t sequence);

/* entry.c: entries, keys, what is ahead of the cursor */
struct rt_entry *rt_entry_find(struct rt_sub *sub, uint64_t sequence);
/* A new entry behind all others: READY, or WAITING when its key has one already. */
struct rt_entry *rt_entry_add(struct rt_sub *sub, uint64_t sequence, uint64_t key);
void rt_entry_inflight(struct rt_entry *entry, struct rt_sub *sub, struct rt_member *member);
void rt_entry_ready(struct rt_entry *entry, struct rt_sub *sub);
void rt_entry_delay(struct rt_entry *entry, struct rt_sub *sub, int64_t due_ms);
void rt_entry_doom(struct rt_entry *entry, struct rt_sub *sub, const char *reason);
void rt_entry_extend(struct rt_entry *entry, struct rt_sub *sub);
/* Settled: frees it and lets the next of its key go on. */
void rt_entry_remove(struct rt_entry *entry, struct rt_sub *sub);
void rt_entry_free_all(struct rt_sub *sub);
bool rt_ahead_has(const struct rt_sub *sub, uint64_t sequence);
void rt_ahead_add(struct rt_sub *sub, uint64_t sequence);
/* Forgets what is below the cursor now. */
void rt_ahead_drop(struct rt_sub *sub, uint64_t sequence);
/* As if what is known from `from` on had not happened. */
void rt_ahead_forget(struct rt_sub *sub, uint64_t from);
uint32_t rt_attempt_take(struct rt_sub *sub, uint64_t sequence);
void rt_attempt_note(struct rt_sub *sub, uint64_t sequence, uint32_t attempt);
RB_PROTOTYPE(rt_entry_ready, rt_entry, tree, rt_entry_ready_cmp)
RB_PROTOTYPE(rt_entry_delayed, rt_entry, tree, rt_entry_delayed_cmp)

/* reading.c: events from the cache, or from the log some time later */
/* The event at `sequence` (borrowed until the next append or load), or waits for it in `reading`.
 * Also what only administration may see: dead letters, what was purged. */
enum rt_look rt_look_kept(struct rt_broker *broker, struct rt_reading *reading, uint64_t sequence,
                          struct rt_log_event *ret);
enum rt_look rt_reading_wait(struct rt_broker *broker, struct rt_reading *reading,
                             uint64_t sequence);
void rt_reading_stop(struct rt_broker *broker, struct rt_reading *reading);

/* purge.c */
struct rt_purge *rt_purge_add(struct rt_broker *broker, struct rt_str filter, uint64_t up_to);
void rt_purge_free(struct rt_broker *broker, struct rt_purge *purge);
/* Was it purged, by a purge older than `before`? */
bool rt_purged(struct rt_broker *broker, uint64_t sequence, struct rt_str subject, uint64_t before);

/* dead.c: dead letters */
uint64_t rt_dead_append(struct rt_sub *sub, struct rt_entry *entry,
                        const struct rt_log_event *event);
void rt_dead_note(struct rt_broker *broker, uint64_t sequence, int64_t died_ms);
/* Drops those over the limits, oldest first. */
void rt_dead_limit(struct rt_broker *broker);
void rt_dead_drop(struct rt_broker *broker, uint64_t sequence);

/* deliver.c */
/* A delay that a client asks for, within what is allowed. */
static inline uint32_t rt_delay_clamp(uint32_t ms)
{
    return ms > RT_DELAY_MAX_MS ? RT_DELAY_MAX_MS : ms;
}
void rt_sub_run(struct rt_sub *sub);
/* What a nack without a delay waits: the subscription's backoff, or the default. */
int64_t rt_sub_backoff(const struct rt_sub *sub, const struct rt_entry *entry);
/* Handles what is due in this subscription now; returns when the next is due. */
int64_t rt_sub_time(struct rt_sub *sub);

/* Is the event under the cursor, or behind it, one for this subscription? For a scheduled one
 * `*ret_due_ms` says when, else it is 0. */
bool rt_sub_wants(struct rt_sub *sub, uint64_t sequence, const struct rt_log_event *event,
                  int64_t *ret_due_ms);

/* sub.c: subscriptions and their members */
struct rt_sub *rt_sub_find(struct rt_broker *broker, struct rt_str name);
struct rt_sub *rt_sub_by_id(struct rt_broker *broker, uint32_t id);
/* Creates it, or changes its filters and rules. */
struct rt_sub *rt_sub_set(struct rt_broker *broker, const record_Subscription *record);
void rt_sub_free(struct rt_sub *sub);
static inline bool rt_sub_ephemeral(const struct rt_sub *sub)
{
    return sub->id == 0;
}
/* The same, written down; returns its record. */
uint64_t rt_sub_forget(struct rt_sub *sub);
struct rt_member *rt_member_find(struct rt_broker_conn *conn, uint32_t local);
/* Their filters, or the subscription's, are others: who gets what, and which are wanted? */
void rt_members_changed(struct rt_sub *sub);
/* Puts a member in whose fields are set. */
void rt_member_join(struct rt_member *member);
/* Takes the member out and hands its events to the others; a clean leave costs no attempt. An
 * ephemeral subscription ends with its last member. */
void rt_member_leave(struct rt_member *member, bool clean);
/* Merged filters that no member has had for RT_FORMER_MS go; returns when to ask again. */
int64_t rt_sub_unmerge(struct rt_sub *sub);
uint64_t rt_sub_floor(const struct rt_sub *sub);
/* Goes back to `from`: what was settled from there on comes again. */
void rt_sub_rewind(struct rt_sub *sub, uint64_t from);

/* join.c */
int rt_sub_input(struct rt_broker_conn *conn, const struct rt_frame *frame);
/* A new one, which nobody has joined yet; the name is free and everything was checked. */
struct rt_sub *rt_sub_create(struct rt_broker *broker, const channel_Subscribe *message);
/* What is wrong with the rules that it wishes, whether or not it is there; NULL: nothing. */
const char *rt_sub_fault(const struct rt_broker_conn *conn, const channel_Subscribe *message,
                         channel_Code *ret_code);

/* rules.c: both say why not, or NULL and the record that is to become durable */
const char *rt_rules_create(struct rt_broker_conn *conn, const channel_Subscribe *wish,
                            channel_Code *ret_code, uint64_t *ret_record);
/* What is not named stays; `text` has room for the reason. */
const char *rt_rules_edit(struct rt_broker_conn *conn, const channel_Subscribe *wish, bool force,
                          channel_Code *ret_code, char text[RT_REASON_MAX + 1],
                          uint64_t *ret_record);
/* Drops it if it had no member for too long; returns when to ask again. */
int64_t rt_sub_expire(struct rt_sub *sub);

/* settle.c */
int rt_settle_input(struct rt_broker_conn *conn, const struct rt_frame *frame);

/* retain.c: what is let go */
/* An empty filter: everything. Nothing is written down. */
struct rt_purge *rt_purge_apply(struct rt_broker *broker, struct rt_str filter, uint64_t up_to);
/* The same, written down; returns its record. */
uint64_t rt_purge(struct rt_broker *broker, struct rt_str filter, uint64_t up_to);
/* The name of a subscription that still needs some of it, empty: none. */
struct rt_str rt_purge_hurts(const struct rt_broker *broker, struct rt_str filter, uint64_t up_to);
/* Counts what the subscriptions lose up to `up_to`, and removes their entries for it. */
void rt_loss_start(struct rt_broker *broker, struct rt_str filter, uint64_t up_to);
void rt_loss_run(struct rt_broker *broker);
void rt_retain_free(struct rt_broker *broker);

/* metrics.c: the broker in numbers */
uint64_t rt_sub_members(const struct rt_sub *sub);
uint64_t rt_sub_inflight(const struct rt_sub *sub);
uint64_t rt_sub_pending(const struct rt_sub *sub); /* looked at and not settled */
/* Records between what is settled and what is durable: an upper bound for events to come. */
uint64_t rt_sub_lag(const struct rt_sub *sub);
void rt_broker_info(const struct rt_broker *broker, struct rt_buf *out);    /* JSON */
void rt_broker_metrics(const struct rt_broker *broker, struct rt_buf *out); /* for Prometheus */

/* request.c: administration */
int rt_request_input(struct rt_broker_conn *conn, const struct rt_frame *frame);
/* Continues requests that wait for reads or syncs. */
void rt_request_run(struct rt_broker *broker);
/* Of this connection, or of all when NULL. */
void rt_request_drop(struct rt_broker *broker, const struct rt_broker_conn *conn);

#endif
