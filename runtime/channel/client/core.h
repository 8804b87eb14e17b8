/*
 * The client of the channel as a pure state machine: no socket, no clock. client.c feeds it from
 * libuv, tests and simulations feed it by hand.
 *
 * Invariants:
 *  1. A publish stays in its window until the broker confirmed it; after a reconnect everything
 *     in the window is sent again, in order, from the first sequence that HELLO announced.
 *  2. An acknowledgement is remembered until it is confirmed, and sent again after a reconnect;
 *     the event it speaks of is not shown to the application again meanwhile. When WELCOME names
 *     another log, acknowledgements of events of the earlier one are dropped (settling.h).
 *  3. Reconnects back off with full jitter, from RT_RETRY_MS_MIN to RT_RETRY_MS_MAX.
 *
 * Threads: one at a time. The callbacks of struct rt_transport_events may call publish, ack, nack,
 * terminate and close.
 */
#ifndef RT_CHANNEL_CLIENT_CORE_H
#define RT_CHANNEL_CLIENT_CORE_H

#include "runtime/base/buf.h"
#include "runtime/channel/protocol/transport.h"

enum { RT_RETRY_MS_MIN = 20, RT_RETRY_MS_MAX = 2000, RT_CONNECT_WAIT_MS = 5000 };
enum { RT_ACKS_AGAIN_MS = 5000 }; /* until what was not confirmed is sent again */
enum { RT_CLOSE_WAIT_MS = 2000 }; /* for confirmations, when closing */

struct rt_client_core;

/* What the shell should do with its socket. */
enum rt_client_want {
    RT_CLIENT_WAIT,    /* have none; ask again at `wake` */
    RT_CLIENT_CONNECT, /* start connecting, then call connected or lost */
    RT_CLIENT_KEEP,    /* go on */
    RT_CLIENT_DROP,    /* write what is in the output, close, then call lost */
    RT_CLIENT_CLOSED   /* the same, and then it is over: free the core */
};

/* Copies what it needs of `options` (its token_file is not read: `token` is what was in it).
 * `seed` is for the jitter. RT_EINVAL for malformed names and subjects. */
int rt_client_core_new(const struct rt_transport_options *options, struct rt_str token,
                       const struct rt_transport_events *events, void *arg, uint64_t seed,
                       struct rt_client_core **ret, struct rt_error *error);
void rt_client_core_free(struct rt_client_core *core);

/* Inputs from the shell. */
void rt_client_core_time(struct rt_client_core *core, int64_t now_ms);
void rt_client_core_connected(struct rt_client_core *core);
void rt_client_core_lost(struct rt_client_core *core, const char *why);
/* Takes whole frames off the front; returns the bytes taken. */
size_t rt_client_core_input(struct rt_client_core *core, struct rt_bytes in);

/* Inputs from the application, as in transport.h. */
int rt_client_core_publish(struct rt_client_core *core, const struct rt_publish *publish);
int rt_client_core_ack(struct rt_client_core *core, uint64_t sequence);
int rt_client_core_nack(struct rt_client_core *core, uint64_t sequence, int64_t delay_ms);
int rt_client_core_terminate(struct rt_client_core *core, uint64_t sequence, struct rt_str reason);
int rt_client_core_extend(struct rt_client_core *core, uint64_t sequence);
void rt_client_core_close(struct rt_client_core *core);

/* Outputs: bytes to write (the shell empties or swaps the buffer), what to do, when to call
 * rt_client_core_time at the latest. */
struct rt_buf *rt_client_core_out(struct rt_client_core *core);
enum rt_client_want rt_client_core_want(struct rt_client_core *core);
int64_t rt_client_core_wake(const struct rt_client_core *core);

#endif
