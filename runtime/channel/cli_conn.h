/*
 * A connection for the command line: blocking, one frame at a time.
 * Errors go to the caller's struct rt_error; what the channel said on leaving is its message.
 */
#ifndef RT_CHANNEL_CLI_CONN_H
#define RT_CHANNEL_CLI_CONN_H

#include "runtime/channel/frame.h"

struct cli_conn {
    int fd;
    struct rt_buf in;
    size_t taken; /* of `in`, by the frame handed out last */
    struct rt_buf out;
};

/* Connects and says HELLO, as an anonymous producer. `server` is "127.0.0.1:4150"; `token_file`
 * may be NULL. */
int cli_conn_open(struct cli_conn *conn, const char *server, const char *name,
                  const char *token_file, struct rt_error *error);
void cli_conn_done(struct cli_conn *conn);
/* Writes what is in `conn->out`. */
int cli_conn_flush(struct cli_conn *conn, struct rt_error *error);
/* The next frame, heartbeats answered and left out; borrowed until the next call. RT_EAGAIN when
 * a signal interrupted the wait. */
int cli_conn_next(struct cli_conn *conn, struct rt_frame *ret, struct rt_error *error);
/* Says goodbye, so that what this connection had goes to others at once. */
void cli_conn_leave(struct cli_conn *conn);

#endif
