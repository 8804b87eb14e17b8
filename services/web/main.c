/*
 * The web pages of the ticketing system: a few files out of memory. Everything that moves is
 * fetched by the browser from the services' own routes.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/arguments.h"
#include "runtime/base/descriptors.h"
#include "runtime/http/server.h"
#include "services/web/files.h"

enum { EXIT_USAGE = 2, GRACE_MS = 2000 };

struct web {
    uv_loop_t loop;
    uv_signal_t signals[2];
    struct rt_http_server *server;
    struct files files;
    char host[64];
    int port;
    const char *root;
    bool help;
};

static void reply_text(struct rt_exchange *exchange, int status, const char *text,
                       const struct rt_header *headers, size_t n_headers)
{
    rt_exchange_reply(exchange, &(struct rt_reply){.status = status,
                                                   .content_type = "text/plain; charset=utf-8",
                                                   .body = rt_bytes(text, strlen(text)),
                                                   .headers = headers,
                                                   .n_headers = n_headers});
}

static void on_request(void *arg, struct rt_exchange *exchange)
{
    const struct web *web = arg;
    const struct rt_header allow = {RT_STR("Allow"), RT_STR("GET, HEAD")};
    bool health = rt_str_eq(exchange->path, RT_STR("/healthz")) ||
                  rt_str_eq(exchange->path, RT_STR("/readyz"));
    const struct file *file = health ? NULL : files_find(&web->files, exchange->path);
    if (!health && !file) {
        reply_text(exchange, 404, "There is no such page.\n", NULL, 0);
        return;
    }
    if (exchange->method != RT_GET && exchange->method != RT_HEAD) {
        reply_text(exchange, 405, "This page can only be read.\n", &allow, 1);
        return;
    }
    if (health) {
        const char *text = "{\"status\":\"ok\"}";
        rt_exchange_reply(exchange, &(struct rt_reply){.status = 200,
                                                       .content_type = "application/json",
                                                       .body = rt_bytes(text, strlen(text))});
        return;
    }
    const struct rt_header headers[] = {
        {RT_STR("ETag"), rt_str(file->etag)},
        {RT_STR("Cache-Control"), RT_STR("no-cache")},
        {RT_STR("Content-Security-Policy"), RT_STR("default-src 'self'; frame-ancestors 'none'")},
        {RT_STR("Referrer-Policy"), RT_STR("same-origin")},
    };
    bool same =
        rt_str_eq(rt_exchange_header(exchange, RT_STR("If-None-Match")), rt_str(file->etag));
    rt_exchange_reply(exchange, &(struct rt_reply){
                                    .status = same ? 304 : 200,
                                    .content_type = same ? NULL : file->content_type,
                                    .body = same ? rt_bytes(NULL, 0) : file->content,
                                    .headers = headers,
                                    .n_headers = sizeof headers / sizeof *headers,
                                });
}

static void on_problem(void *arg, int status, const char *message, const char **ret_content_type,
                       struct rt_buf *body)
{
    (void)arg;
    *ret_content_type = "text/plain; charset=utf-8";
    rt_buf_printf(body, "%d %s\n", status, message);
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    struct web *web = handle->data;
    for (int i = 0; i < 2; i++)
        if (!uv_is_closing((uv_handle_t *)&web->signals[i]))
            uv_close((uv_handle_t *)&web->signals[i], NULL);
    rt_http_server_close(web->server, GRACE_MS, NULL, NULL);
}

static int set_listen(const struct rt_argument *argument, const char *value, void *arg,
                      struct rt_error *error)
{
    struct web *web = arg;
    const char *host;
    size_t len;
    if (!rt_address_split(value, &host, &len, &web->port) || len >= sizeof web->host)
        return rt_argument_refuse(argument, value, error);
    snprintf(web->host, sizeof web->host, "%.*s", (int)len, host);
    return 0;
}

static const struct rt_argument arguments[] = {
    {"listen", "ADDRESS:PORT", set_listen, 0, 0, 0, "where to serve HTTP (127.0.0.1:8084)"},
    {"root", "DIR", rt_argument_text, offsetof(struct web, root), 0, 0,
     "where the pages are (services/web/static)"},
    {"help", NULL, rt_argument_flag, offsetof(struct web, help), 0, 0, "this text"},
};
enum { N_ARGUMENTS = sizeof arguments / sizeof *arguments };

/* Returns -1 to go on, or the exit status. */
static int parse_options(struct web *web, int argc, char **argv)
{
    struct rt_error error;
    snprintf(web->host, sizeof web->host, "127.0.0.1");
    web->port = 8084;
    web->root = "services/web/static";
    if (rt_arguments_read(arguments, N_ARGUMENTS, argc, argv, web, &error) != 0) {
        fprintf(stderr, "web: %s\nTry 'web --help'.\n", error.message);
        return EXIT_USAGE;
    }
    if (!web->help)
        return -1;
    struct rt_buf out = {0};
    rt_buf_puts(&out, "web: serves the pages\n\n");
    rt_arguments_help(arguments, N_ARGUMENTS, &out);
    fputs(rt_buf_cstr(&out), stdout);
    rt_buf_done(&out);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static struct web web;
    struct rt_error error = {0};
    int status = parse_options(&web, argc, argv);
    if (status >= 0)
        return status;
    if (files_load(&web.files, web.root, &error) != 0) {
        fprintf(stderr, "web: %s\n", error.message);
        return EXIT_FAILURE;
    }
    static const struct rt_http_callbacks callbacks = {.request = on_request,
                                                       .problem = on_problem};
    const struct rt_http_options options = {
        .host = web.host, .port = web.port, .headers = "X-Content-Type-Options: nosniff\r\n"};
    rt_descriptors_raise();
    uv_loop_init(&web.loop);
    status = rt_http_server_new(&web.loop, &options, &callbacks, &web, &web.server, &error);
    if (status == 0) {
        static const int numbers[] = {SIGINT, SIGTERM};
        for (int i = 0; i < 2; i++) {
            uv_signal_init(&web.loop, &web.signals[i]);
            web.signals[i].data = &web;
            uv_signal_start(&web.signals[i], on_signal, numbers[i]);
        }
        printf("web ready on %s:%d\n", web.host, rt_http_server_port(web.server));
        fflush(stdout);
    } else {
        fprintf(stderr, "web: %s\n", error.message);
    }
    uv_run(&web.loop, UV_RUN_DEFAULT);
    uv_loop_close(&web.loop);
    files_done(&web.files);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
