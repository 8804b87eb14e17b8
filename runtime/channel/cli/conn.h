/*
 * A connection for the command line: blocking, one frame at a time.
 * Errors go to the caller's struct rt_error; what the channel said on leaving is its message.
 */
#ifndef RT_CHANNEL_CLI_CONN_H
#define RT_CHANNEL_CLI_CONN_H

#include "runtime/channel/net/tls.h"
#include "runtime/channel/protocol/frame.h"

struct cli_conn {
    int fd;
    struct rt_tls *tls; /* or NULL */
    struct rt_tls_session *session;
    struct rt_buf wire, sealed; /* with TLS: as it was read; to be sent */
    struct rt_buf in;
    size_t taken; /* of `in`, by the frame handed out last */
    struct rt_buf out;
    bool dont_wait; /* cli_conn_next: RT_EAGAIN when no whole frame is there */
};

struct cli_conn_options {
    const char *server; /* "127.0.0.1:4150", "[::1]:4150" */
    const char *name;
    const char *token_file;    /* or NULL */
    struct rt_tls_options tls; /* all NULL: no TLS */
};

/* Connects and says HELLO, as an anonymous producer; RT_ETIMEOUT when that takes over 5 s. */
int cli_conn_open(struct cli_conn *conn, const struct cli_conn_options *options,
                  struct rt_error *error);
void cli_conn_done(struct cli_conn *conn);
/* Writes what is in `conn->out`. */
int cli_conn_flush(struct cli_conn *conn, struct rt_error *error);
/* The next frame, heartbeats answered and left out; borrowed until the next call. RT_EAGAIN also
 * when a signal interrupted the wait. */
int cli_conn_next(struct cli_conn *conn, struct rt_frame *ret, struct rt_error *error);
/* Says goodbye, so that what this connection had goes to others at once. */
void cli_conn_leave(struct cli_conn *conn);

#endif
