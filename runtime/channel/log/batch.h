/*
 * A batch of log records under construction: what the broker core fills while the batch before it
 * is being synced. Pure: no I/O, no clock.
 *
 * A record is {sequence, kind, body}. Sequences are dense: every record of the log, whatever its
 * kind, has the sequence of the one before it plus one, and the first record of a log has 1. The
 * appender decides what a kind means; kind 0 is the log's own.
 *
 * Invariants: `bytes` holds whole records, 8-byte aligned, whose checksums are still zero; they
 * are filled in ("sealed") when the place in the log is known. `next - first` records are inside.
 * Threads: one at a time.
 */
#ifndef RT_CHANNEL_LOG_BATCH_H
#define RT_CHANNEL_LOG_BATCH_H

#include "runtime/base/buf.h"
#include "runtime/channel/log/header.h"

struct rt_log_batch {
    struct rt_buf bytes;
    uint64_t first; /* sequence of the first record, when there is one */
    uint64_t next;  /* sequence that the next appended record gets */
};

/* The end of a batch, to take back what was appended since. */
struct rt_log_batch_mark {
    size_t len;
    uint64_t next;
};

/* `next` is the sequence of the first record to come, rt_log_next at the start. */
void rt_log_batch_init(struct rt_log_batch *batch, uint64_t next);
void rt_log_batch_done(struct rt_log_batch *batch);
/* Appends a copy of `body` and returns the record's sequence. Asserts body.len <= RT_LOG_BODY_MAX:
 * limits on input are checked before. */
uint64_t rt_log_batch_append(struct rt_log_batch *batch, uint8_t kind, struct rt_bytes body);
/* The same without the copy: the caller fills exactly `len` bytes at the returned address, which
 * is borrowed until the next call on this batch. The record's sequence is `batch->next - 1`. */
uint8_t *rt_log_batch_extend(struct rt_log_batch *batch, uint8_t kind, size_t len);

struct rt_log_batch_mark rt_log_batch_mark(const struct rt_log_batch *batch);
void rt_log_batch_rewind(struct rt_log_batch *batch, struct rt_log_batch_mark mark);

static inline bool rt_log_batch_empty(const struct rt_log_batch *batch)
{
    return batch->bytes.len == 0;
}

#endif
