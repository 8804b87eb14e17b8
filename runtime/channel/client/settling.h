/*
 * What a client was shown of its subscription and has not settled for good: the part of the client
 * core that remembers acknowledgements until they are confirmed.
 *
 *   (delivery) -> SHOWN -> (ack, terminate) -> GIVEN -> (confirmed) -> forgotten
 *                       -> (nack) -> forgotten
 *                       -> (another log) -> STALE -> (ack, nack, terminate) -> forgotten
 *
 * Sequences have a meaning within one log only. When the channel's log is another one than before,
 * the acknowledgements that were given are forgotten, and the answer of the application to what it
 * was shown of the earlier log goes nowhere: it would settle another event.
 *
 * Threads: one at a time.
 */
#ifndef RT_CHANNEL_SETTLING_H
#define RT_CHANNEL_SETTLING_H

#include "runtime/base/buf.h"

struct rt_settled;

struct rt_settling {
    struct rt_settled *entries; /* by sequence */
    struct rt_settled *given;   /* in the order they were given */
    struct rt_settled *unsent;  /* the first of `given` that was not sent yet, or NULL */
    uint64_t log_id;            /* 0: unknown */
};

void rt_settling_done(struct rt_settling *settling);
/* A connection to the log of this id (0: unknown) is up: resends what was given. */
void rt_settling_begin(struct rt_settling *settling, uint64_t log_id);
/* Whether to show the application what was delivered: not when it is settled already and its
 * acknowledgement on the way, and not while it has yet to answer to a namesake of an earlier log.
 */
bool rt_settling_show(struct rt_settling *settling, uint64_t sequence);
/* Whether the application has yet to answer to it. */
bool rt_settling_is_shown(const struct rt_settling *settling, uint64_t sequence);
/* Nothing happens for what was not shown, or was settled before. `reason` is copied. True: that was
 * the answer to an earlier log's; a nack asks the channel for the present one. */
bool rt_settling_give(struct rt_settling *settling, uint64_t sequence, bool terminate,
                      struct rt_str reason);
/* The application gave it back. Returns whether the channel needs to know. */
bool rt_settling_nack(struct rt_settling *settling, uint64_t sequence);
/* Everything that was given is to be sent once more. */
void rt_settling_again(struct rt_settling *settling);
/* Appends the frames that were not sent yet. */
void rt_settling_send(struct rt_settling *settling, uint32_t subscription, struct rt_buf *out);
/* Whether it was one that was sent. */
bool rt_settling_confirm(struct rt_settling *settling, uint64_t sequence);

#endif
