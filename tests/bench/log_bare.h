/*
 * The least that a durable log can do: frame, checksum, one write and one fdatasync for each
 * batch, in a preallocated zero-filled file. What the log is measured against.
 */
#ifndef TESTS_BENCH_LOG_BARE_H
#define TESTS_BENCH_LOG_BARE_H

#include "runtime/base/str.h"

struct bare_log;

/* `dir` must exist. Panics when the system refuses something. */
struct bare_log *bare_log_new(const char *dir);
void bare_log_free(struct bare_log *log);
/* Frames one event behind those that wait; makes what waits durable. */
void bare_log_add(struct bare_log *log, struct rt_bytes event);
void bare_log_flush(struct bare_log *log);
/* Makes `depth` events of `size` bytes durable. */
void bare_log_commit(struct bare_log *log, size_t depth, size_t size);

#endif
