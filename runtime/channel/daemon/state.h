/*
 * What the daemon's files share: daemon.c (the turn of the loop, opening and closing), conn.c
 * (sockets), log.c (what goes to the log and comes back). Private to this folder.
 */
#ifndef RT_CHANNEL_DAEMON_STATE_H
#define RT_CHANNEL_DAEMON_STATE_H

#include <stdatomic.h>

#include "runtime/channel/broker/access.h"
#include "runtime/channel/daemon/daemon.h"
#include "runtime/channel/log/log.h"
#include "runtime/channel/net/link.h"

struct conn;

/* What the log's threads leave for the loop. */
struct news {
    atomic_uint_fast64_t durable;
    atomic_bool disk_full;
    atomic_bool checkpointed, unchecked; /* the checkpoint was written, or found no space */
    atomic_int_fast64_t checkpoint_ms;   /* UTC, when one was written; 0: not since the start */
    atomic_bool failed;
    struct rt_error error; /* written before `failed` is set */
};

struct rt_daemon {
    uv_loop_t *loop;
    uv_tcp_t server;
    uv_async_t async;
    uv_prepare_t prepare;
    uv_timer_t timer;
    struct rt_arena arena; /* options and access */
    struct rt_access access;
    struct rt_tls *tls;    /* or NULL */
    struct rt_buf refusal; /* for a peer that does not speak TLS */
    int64_t reports_ms;    /* since when `reports` were made */
    unsigned reports, unreported;
    uint64_t tls_refused; /* handshakes that failed, since the start */
    struct rt_daemon_options options;
    struct rt_broker *broker;
    struct rt_log *log;
    struct news news;
    uint64_t durable;
    uint64_t submitted, submitted_before; /* last sequences of the two newest batches */
    uint64_t here_ns;                     /* what a commit by the loop takes, about */
    int64_t slow_until_ms;                /* until then the loop does not wait for the disk */
    uint64_t bytes;                       /* of records since the last checkpoint */
    uint64_t checkpoint;                  /* sequence of the newest one asked for */
    int64_t checkpoint_ms;                /* on a full disk: when the next one is due */
    uint64_t followed;                    /* the record that is there only to bring another */
    bool disk_full;
    int64_t retain_ms;       /* when to look at the limits again */
    uint64_t release_first;  /* nobody needs what is below... */
    uint64_t release_record; /* ...once this is durable */
    bool release_more;       /* it was not told to the log yet */
    uint64_t lost_to;        /* up to here events were lost by force */
    bool checkpointing;
    unsigned reads;    /* under way on the thread pool, a piece of compaction included */
    unsigned rewrites; /* segments that compaction has rewritten */
    struct rt_compactor *compactor; /* NULL: no compaction */
    struct conn *conns;
    bool failed; /* this turn is the last: news.error says why */
    bool stopping, ended;
    bool paused;       /* too much waits for the log: nothing is read */
    int64_t paused_ms; /* until then the broker knows about it */
    int64_t wake_ms;   /* when the loop was to be awake again, at the latest */
    bool last_checkpoint;
    int64_t stop_ms;
};

/* The loop's time. */
static inline int64_t rt_daemon_now_ms(const struct rt_daemon *daemon)
{
    return (int64_t)uv_now(daemon->loop);
}

/* epoch.c: the number of this life of the log; another one in a copy of its folder. RT_EIO. */
int rt_daemon_epoch(const char *data, uint64_t *ret, struct rt_error *error);

/* time.c */
/* Tells the broker what time it is. */
void rt_daemon_time(struct rt_daemon *daemon);

/* conn.c */
int rt_daemon_open_tls(struct rt_daemon *daemon, struct rt_error *error);
int rt_daemon_listen(struct rt_daemon *daemon, struct rt_error *error);
/* Writes what connections have to say, and closes those that are done. */
void rt_daemon_flush(struct rt_daemon *daemon);
/* While more waits for the log than it may, nothing is read. */
void rt_daemon_pause(struct rt_daemon *daemon);
/* What is written still goes out. */
void rt_daemon_close_conns(struct rt_daemon *daemon);

/* metrics.c: as options.broker.metrics, of a struct rt_daemon */
void rt_daemon_metrics(void *arg, struct rt_buf *out);

/* log.c */
/* Opens the log, and brings the broker to where it was. */
int rt_daemon_open_log(struct rt_daemon *daemon, struct rt_error *error);
/* Closes it once no reader is left, and the handle that its threads call. */
void rt_daemon_end_log(struct rt_daemon *daemon);
/* The loop's part of what the log's threads report. */
void rt_daemon_on_news(uv_async_t *async);
/* Only what two checkpoints have behind them makes room. When the newest has everything behind it,
 * the disk is full and nothing more comes, a record without meaning brings another. */
void rt_daemon_follow_checkpoint(struct rt_daemon *daemon);
/* Hands the broker's batch over, if it is time for one. */
void rt_daemon_submit(struct rt_daemon *daemon);
/* Writes a checkpoint when enough has come since the last one, or `now`. */
void rt_daemon_checkpoint(struct rt_daemon *daemon, bool now);
/* Drops what is over the limits; looks a few times a second. */
void rt_daemon_retain(struct rt_daemon *daemon);
/* Starts the reads that the broker asks for. */
void rt_daemon_read(struct rt_daemon *daemon);

/* compact.c */
/* Starts with the filters of the options; NULL: there are none. */
struct rt_compactor *rt_compactor_new(struct rt_daemon *daemon);
/* After the log was closed; accepts NULL. */
void rt_compactor_free(struct rt_compactor *compactor);
/* Continues compaction, or gives up a rewrite that must not happen; looks a few times a second.
 * Returns when to call again at the latest. */
int64_t rt_compactor_turn(struct rt_compactor *compactor);
/* Gives up what is under way on the thread pool; it reports its end soon. */
void rt_compactor_stop(struct rt_compactor *compactor);

#endif
