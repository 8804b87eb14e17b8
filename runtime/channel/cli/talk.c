/* What every command does on its connection: opens it, asks the broker, prints. */
#include <errno.h>
#include <stdio.h>

#include "runtime/channel/cli/cli.h"

volatile sig_atomic_t cli_interrupted;

int cli_open(struct cli *cli)
{
    return cli_conn_open(&cli->conn, &cli->server, &cli->error);
}

int cli_print(struct cli *cli, struct rt_bytes text)
{
    if (fwrite(text.data, 1, text.len, stdout) == text.len && fflush(stdout) == 0)
        return 0;
    cli->pipe_closed = errno == EPIPE;
    return rt_error_set(&cli->error, RT_EIO, "cannot write: %s", strerror(errno));
}

int cli_ask(struct cli *cli, const channel_Request *message, struct rt_bytes *ret)
{
    rt_frame_put(&cli->conn.out, channel_FrameType_FRAME_REQUEST, channel_Request_fields, message,
                 (struct rt_bytes){0});
    int r = cli_conn_flush(&cli->conn, &cli->error);
    struct rt_frame frame = {0};
    channel_Reply reply;
    while (r == 0 && frame.type != channel_FrameType_FRAME_REPLY) {
        r = cli_conn_next(&cli->conn, &frame, &cli->error);
        if (r == RT_EAGAIN && !cli_interrupted)
            r = 0; /* some other signal */
    }
    if (r < 0)
        return r;
    if (rt_frame_get(&frame, channel_Reply_fields, &reply) < 0)
        return rt_error_set(&cli->error, RT_EINVAL, "the server sent a broken frame");
    if (reply.code != channel_Code_CODE_NONE)
        return rt_error_set(&cli->error, RT_ENOTFOUND, "%.*s", (int)reply.reason.size,
                            reply.reason.bytes);
    cli->next = reply.next;
    cli->count_got = reply.count;
    *ret = frame.payload;
    return 0;
}
