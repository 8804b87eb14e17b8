/*
 * The least that group commit on LevelDB can be: one thread that takes all waiting requests, puts
 * the same number of bytes for each into one batch, writes it with sync, and reports them. The
 * reference for a service's durable writes.
 */
#ifndef BARE_COMMIT_H
#define BARE_COMMIT_H

#include <stddef.h>

#include <uv.h>

enum { BARE_VALUES_MAX = 8 };

struct bare_commit_options {
    const char *dir; /* a new database */
    size_t values;   /* puts for each request */
    size_t value_len[BARE_VALUES_MAX];
};

/* `durable` is called on the loop's thread for each item added. */
void bare_commit_start(uv_loop_t *loop, const struct bare_commit_options *options,
                       void (*durable)(void *item));
void bare_commit_add(void *item);
void bare_commit_stop(void);

#endif
