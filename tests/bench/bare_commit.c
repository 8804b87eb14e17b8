#include "tests/bench/bare_commit.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <leveldb/c.h>

enum { QUEUE_MAX = 65536, VALUE_MAX = 4096 };

struct queue {
    void *items[QUEUE_MAX];
    size_t count;
};

static struct {
    struct bare_commit_options options;
    void (*durable)(void *item);
    leveldb_t *db;
    leveldb_writeoptions_t *write;
    uv_thread_t thread;
    uv_mutex_t lock;
    uv_cond_t more;
    uv_async_t wake;
    struct queue waiting; /* under the lock */
    struct queue done;    /* under the lock */
    bool stopping;
} bare;

static void check(char *error)
{
    if (error) {
        fprintf(stderr, "bare_commit: %s\n", error);
        exit(1);
    }
}

static void commit(const struct queue *group, uint64_t *sequence)
{
    static const char value[VALUE_MAX];
    char *error = NULL;
    leveldb_writebatch_t *batch = leveldb_writebatch_create();
    for (size_t i = 0; i < group->count; i++) {
        for (size_t k = 0; k < bare.options.values; k++) {
            char key[24];
            int len = snprintf(key, sizeof key, "%zu%020llu", k, (unsigned long long)*sequence);
            leveldb_writebatch_put(batch, key, (size_t)len, value, bare.options.value_len[k]);
        }
        ++*sequence;
    }
    leveldb_write(bare.db, bare.write, batch, &error);
    check(error);
    leveldb_writebatch_destroy(batch);
}

static void run(void *arg)
{
    static struct queue group;
    uint64_t sequence = 0;
    (void)arg;
    for (;;) {
        uv_mutex_lock(&bare.lock);
        while (bare.waiting.count == 0 && !bare.stopping)
            uv_cond_wait(&bare.more, &bare.lock);
        group.count = bare.waiting.count;
        memcpy(group.items, bare.waiting.items, group.count * sizeof *group.items);
        bare.waiting.count = 0;
        uv_mutex_unlock(&bare.lock);
        if (group.count == 0)
            return;
        commit(&group, &sequence);
        uv_mutex_lock(&bare.lock);
        memcpy(bare.done.items + bare.done.count, group.items, group.count * sizeof *group.items);
        bare.done.count += group.count;
        uv_mutex_unlock(&bare.lock);
        uv_async_send(&bare.wake);
    }
}

static void on_wake(uv_async_t *wake)
{
    static struct queue done;
    (void)wake;
    uv_mutex_lock(&bare.lock);
    done.count = bare.done.count;
    memcpy(done.items, bare.done.items, done.count * sizeof *done.items);
    bare.done.count = 0;
    uv_mutex_unlock(&bare.lock);
    for (size_t i = 0; i < done.count; i++)
        bare.durable(done.items[i]);
}

void bare_commit_start(uv_loop_t *loop, const struct bare_commit_options *options,
                       void (*durable)(void *item))
{
    char *error = NULL;
    leveldb_options_t *open = leveldb_options_create();
    leveldb_options_set_create_if_missing(open, 1);
    bare.options = *options;
    bare.durable = durable;
    bare.db = leveldb_open(open, options->dir, &error);
    check(error);
    leveldb_options_destroy(open);
    bare.write = leveldb_writeoptions_create();
    leveldb_writeoptions_set_sync(bare.write, 1);
    uv_mutex_init(&bare.lock);
    uv_cond_init(&bare.more);
    uv_async_init(loop, &bare.wake, on_wake);
    uv_thread_create(&bare.thread, run, NULL);
}

void bare_commit_add(void *item)
{
    uv_mutex_lock(&bare.lock);
    bare.waiting.items[bare.waiting.count++] = item;
    uv_cond_signal(&bare.more);
    uv_mutex_unlock(&bare.lock);
}

void bare_commit_stop(void)
{
    uv_mutex_lock(&bare.lock);
    bare.stopping = true;
    uv_cond_signal(&bare.more);
    uv_mutex_unlock(&bare.lock);
    uv_thread_join(&bare.thread);
    leveldb_writeoptions_destroy(bare.write);
    leveldb_close(bare.db);
}
