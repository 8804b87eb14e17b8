/*
 * The least that the row "publish" can cost, in events a second:
 *
 *     bare_channel publish              the bare program (log_bare.h) alone
 *     bare_channel publish --port 1     the same behind a TCP connection: a client keeps D frames
 *                                       under way, a server of one thread reads what is there,
 *                                       commits it with one write and one sync, and answers with
 *                                       one count. The floor of a broker that does nothing else.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "tests/bench/log_bare.h"
#include "tests/bench/row.h"

enum { READ_BYTES = 1 << 20 };

static int must(int result, const char *what)
{
    if (result < 0)
        row_fail(what, strerrordesc_np(errno));
    return result;
}

static void write_all(int fd, const void *data, size_t len)
{
    const char *at = data;
    while (len > 0) {
        ssize_t n = write(fd, at, len);
        must((int)(n < 0 ? -1 : 0), "write");
        at += n;
        len -= (size_t)n;
    }
}

static void serve(int fd, const struct row *row)
{
    static uint8_t in[READ_BYTES];
    struct bare_log *log = bare_log_new(row->dir);
    size_t have = 0;
    ssize_t n;
    write_all(fd, "", 1); /* ready */
    while ((n = read(fd, in + have, sizeof in - have)) > 0) {
        have += (size_t)n;
        uint64_t count = have / row->bytes;
        if (count == 0)
            continue;
        for (size_t i = 0; i < count; i++)
            bare_log_add(log, rt_bytes(in + i * row->bytes, row->bytes));
        bare_log_flush(log);
        write_all(fd, &count, sizeof count);
        have -= count * row->bytes;
        memmove(in, in + count * row->bytes, have);
    }
    bare_log_free(log);
}

static uint64_t drive(int fd, const struct row *row, uint64_t end)
{
    uint8_t *frames = malloc(row->depth * row->bytes);
    uint64_t room = row->depth, acked = 0, sent = 0;
    memset(frames, 'x', row->depth * row->bytes);
    while (rt_clock_monotonic_ns() < end || acked < sent) {
        if (rt_clock_monotonic_ns() < end) {
            write_all(fd, frames, room * row->bytes);
            sent += room;
        }
        uint64_t counts[512], got = 0;
        ssize_t n = read(fd, counts, sizeof counts);
        must((int)(n <= 0 ? -1 : 0), "read");
        RT_ASSERT(n % (ssize_t)sizeof *counts == 0);
        for (size_t i = 0; i < (size_t)n / sizeof *counts; i++)
            got += counts[i];
        acked += got;
        room = got;
    }
    free(frames);
    return acked;
}

static void run_wire(const struct row *row)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int one = 1, listener = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(listener, (struct sockaddr *)&address, len), "bind");
    must(listen(listener, 1), "listen");
    must(getsockname(listener, (struct sockaddr *)&address, &len), "address");
    pid_t child = fork();
    if (child == 0) {
        int fd = must(accept(listener, NULL, NULL), "accept");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        serve(fd, row);
        _exit(0);
    }
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(connect(fd, (struct sockaddr *)&address, len), "connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char ready;
    must((int)read(fd, &ready, 1), "ready");
    uint64_t start = rt_clock_monotonic_ns();
    uint64_t events = drive(fd, row, start + (uint64_t)(row->seconds * 1e9));
    row_print_rate(events, rt_clock_monotonic_ns() - start);
    close(fd);
    close(listener);
    waitpid(child, NULL, 0);
}

static void run_bare(const struct row *row)
{
    struct bare_log *log = bare_log_new(row->dir);
    uint64_t events = 0, start = rt_clock_monotonic_ns();
    uint64_t end = start + (uint64_t)(row->seconds * 1e9);
    for (; rt_clock_monotonic_ns() < end; events += row->depth)
        bare_log_commit(log, row->depth, row->bytes);
    row_print_rate(events, rt_clock_monotonic_ns() - start);
    bare_log_free(log);
}

int main(int argc, char **argv)
{
    struct row row = row_parse(argc, argv);
    if (row.kind != ROW_PUBLISH)
        row_fail("bare_channel", "only the row publish");
    if (row.port > 0)
        run_wire(&row);
    else
        run_bare(&row);
    return EXIT_SUCCESS;
}
