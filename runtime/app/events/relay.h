/*
 * The outbox relay: committed entries of the outbox go to the channel in their order, at most
 * `window` of them unconfirmed, and leave the outbox once the channel has them for good.
 *
 * The core is pure; sequences alone decide. Invariants:
 *  1. Every sequence is published in order and at least once; `next` never goes back while the
 *     process lives, and a restart begins at the first entry that is still in the outbox, with
 *     the same sequences, so that the channel drops what it already has.
 *  2. An entry is forgotten only after the channel said `published`.
 *  3. Nothing is published before the store and the channel agreed upon numbers, which they do once
 *     in the life of a process, at the first welcome: a store that was restored from a copy or made
 *     anew would give numbers that the channel has seen, and drops.
 *
 * What the channel refuses for good (its schema is another version's, or a permission is missing)
 * is reported with all that names it, and held: it leaves the way with what comes after it under
 * the same key, so that everything else goes on. Held events are tried again after a while, and at
 * each new connection: the first of each key, then the next when that one was taken. Events of that
 * key that were on their way behind a refused one may overtake it; nothing else does.
 */
#ifndef RT_APP_RELAY_H
#define RT_APP_RELAY_H

#include "runtime/app/owner.h"
#include "runtime/base/buf.h"
#include "runtime/channel/protocol/transport.h"

enum {
    RT_RELAY_WINDOW = 1024,
    RT_RELAY_BATCH = 64,
    RT_RELAY_RETRY_KEYS = 256, /* that are tried again at once */
    RT_RELAY_RETRY_MIN_MS = 5000,
    RT_RELAY_RETRY_MAX_MS = 5 * 60 * 1000,
    RT_RELAY_COUNT_MAX = 10000
};

struct rt_relay_core {
    uint64_t next;      /* the sequence to publish next */
    uint64_t published; /* durable at the channel up to here */
    uint64_t window;
};

static inline void rt_relay_core_init(struct rt_relay_core *core, uint64_t first, uint64_t window)
{
    *core = (struct rt_relay_core){.next = first, .published = first - 1, .window = window};
}

/* How many entries may be published now. */
static inline uint64_t rt_relay_core_room(const struct rt_relay_core *core)
{
    return core->window - (core->next - 1 - core->published);
}

/* The transport took `sequence`, which must be the next one. */
static inline void rt_relay_core_sent(struct rt_relay_core *core, uint64_t sequence)
{
    RT_ASSERT(sequence == core->next && rt_relay_core_room(core) > 0);
    core->next++;
}

/* True when there is something new to forget, up to core->published. A confirmation of something
 * that was never sent is ignored. */
static inline bool rt_relay_core_published(struct rt_relay_core *core, uint64_t up_to)
{
    if (up_to >= core->next)
        up_to = core->next - 1;
    if (up_to <= core->published)
        return false;
    core->published = up_to;
    return true;
}

/* The shell: on the loop's thread. */
enum rt_relay_stage { RT_RELAY_STRANGE, RT_RELAY_AGREEING, RT_RELAY_AGREED };

struct rt_relay {
    struct rt_relay_core core;
    enum rt_relay_stage stage;
    struct rt_write agree; /* while agreeing, with what it says */
    struct rt_arena agree_arena;
    uint64_t taken;
    uint64_t moved;
    bool behind;
    struct rt_owner *owner;
    struct rt_transport *transport; /* NULL until it is open, and when it is closed */
    struct rt_arena arena;
    uint64_t refused; /* events, since the start */
    bool unreadable;  /* the next entry cannot be read */

    struct rt_buf refusals; /* struct rt_refusal each: to be held */
    struct rt_buf holding;  /* the same, being held by the write; nothing is sent meanwhile */
    struct rt_write hold;
    struct rt_arena hold_arena;
    bool busy;           /* the write is on its way */
    uint64_t retried_to; /* what is tried again is up to here, 0: nothing is */
    bool retry_failed;   /* something was refused again */
    int64_t retry_ms;    /* until the next try */
    uv_timer_t retry;
    size_t n_held; /* as last counted, at most RT_RELAY_COUNT_MAX */
    size_t n_retried;
};

/* Starts at the first entry of the outbox; its sequence is relay->core.next. */
void rt_relay_init(struct rt_relay *relay, struct rt_owner *owner);
/* After the transport is closed; what is on its way ends by itself. */
void rt_relay_stop(struct rt_relay *relay);
void rt_relay_done(struct rt_relay *relay);
/* Publishes what may be published; called after a commit and with a new transport. */
void rt_relay_pump(struct rt_relay *relay);
/* The transport's `welcome`, `published` and `refused`. */
void rt_relay_welcome(struct rt_relay *relay, uint64_t published, uint64_t taken);
void rt_relay_published(struct rt_relay *relay, uint64_t up_to);
void rt_relay_refused(struct rt_relay *relay, uint64_t sequence, const char *why);

#endif
