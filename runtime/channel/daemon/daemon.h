/*
 * The shell around the broker core: sockets, the log, time and signals on one libuv loop.
 *
 * The log commits on its own threads and reports through an async handle, and the thread pool
 * reads old events. Only for a few records alone, and only while the disk answers quickly, the
 * loop waits for their sync itself, which takes less time than the way to another thread and
 * back. What came in during a turn of the loop is one batch for the log and one write per
 * connection.
 */
#ifndef RT_CHANNEL_DAEMON_H
#define RT_CHANNEL_DAEMON_H

#include <uv.h>

#include "runtime/channel/broker/broker.h"
#include "runtime/channel/daemon/retain.h"
#include "runtime/channel/net/tls.h"

struct rt_daemon;

struct rt_daemon_options {
    const char *host;          /* an IP address to listen on */
    int port;                  /* 0: any free one */
    const char *data;          /* directory of the log; created when missing */
    const char *token_file;    /* or NULL: no authentication */
    uint64_t segment_bytes;    /* of the log; 0: its default */
    struct rt_retain retain;   /* what of the log is kept; zeroes: all */
    size_t compact_keys;       /* known at a time (compact.h); 0: RT_COMPACT_KEYS */
    uint64_t checkpoint_bytes; /* of records between two checkpoints; 0: 64 MiB */
    struct rt_tls_options tls; /* without a certificate: no TLS */
    bool tls_names;            /* clients' names must be those of their certificates */
    /* Takes a sentence for the operator, such as which client was refused and why; or NULL. */
    void (*report)(const char *text);
    struct rt_broker_options broker;
};

/* Opens the log, replays it and listens. Everything else happens in the loop. */
int rt_daemon_open(uv_loop_t *loop, const struct rt_daemon_options *options, struct rt_daemon **ret,
                   struct rt_error *error);
/* What it listens on. */
int rt_daemon_port(const struct rt_daemon *daemon);
/* Reads the token file, the certificate and its key again; what is bad changes nothing. New
 * connections get the new certificate, and clients the permissions that they have now. */
int rt_daemon_reload(struct rt_daemon *daemon, struct rt_error *error);
/* Starts a clean close: connections get a GOING_AWAY, and what is under way becomes durable. The
 * loop runs out of work when it is done. */
void rt_daemon_stop(struct rt_daemon *daemon);
/* After the loop has ended: 0, or why it stopped by itself (a failed write or sync is final). */
int rt_daemon_close(struct rt_daemon *daemon, struct rt_error *error);

#endif
