/*
 * The HTTP server of the runtime with an application that answers a constant: what the server
 * itself costs, next to bare_http.
 *
 *   rt_http PORT [BODY_BYTES]
 *
 * Prints "ready PORT" when it listens. Ends on SIGTERM or SIGINT.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/http/server.h"

enum { BODY_DEFAULT = 300, BODY_MAX = 1024 * 1024 };

static struct rt_reply constant = {.status = 200, .content_type = "application/json"};
static uv_signal_t signals[2];

static void on_request(void *arg, struct rt_exchange *exchange)
{
    (void)arg;
    rt_exchange_reply(exchange, &constant);
}

static void on_problem(void *arg, int status, const char *message, const char **ret_content_type,
                       struct rt_buf *body)
{
    (void)arg;
    *ret_content_type = "text/plain";
    rt_buf_printf(body, "%d %s\n", status, message);
}

static void on_signal(uv_signal_t *handle, int signum)
{
    (void)signum;
    rt_http_server_close(handle->data, 1000, NULL, NULL);
    for (int i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&signals[i], NULL);
}

int main(int argc, char **argv)
{
    static const struct rt_http_callbacks callbacks = {.request = on_request,
                                                       .problem = on_problem};
    uv_loop_t *loop = uv_default_loop();
    struct rt_http_server *server = NULL;
    struct rt_error error = {0};
    size_t body_len = argc > 2 ? strtoul(argv[2], NULL, 10) : BODY_DEFAULT;
    if (argc < 2 || argc > 3 || body_len > BODY_MAX) {
        fprintf(stderr, "usage: rt_http PORT [BODY_BYTES]\n");
        return 2;
    }
    char *body = malloc(body_len + 1);
    if (!body)
        abort();
    memset(body, 'x', body_len);
    constant.body = rt_bytes(body, body_len);
    struct rt_http_options options = {.port = atoi(argv[1])};
    if (rt_http_server_new(loop, &options, &callbacks, NULL, &server, &error) != 0) {
        fprintf(stderr, "rt_http: %s\n", error.message);
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        uv_signal_init(loop, &signals[i]);
        signals[i].data = server;
        uv_signal_start(&signals[i], on_signal, i == 0 ? SIGTERM : SIGINT);
    }
    printf("ready %d\n", rt_http_server_port(server));
    fflush(stdout);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
    free(body);
    return 0;
}
