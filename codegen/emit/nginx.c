/*
 * nginx.conf: one address in front of all services. A template: @PORT@, @PORT_service@ and @DIR@
 * are filled in by the script that starts it.
 */
#include "codegen/emit/emitters.h"
#include "codegen/write/writer.h"

static const char head[] =
    "# Generated from schema $schema; do not edit.\n"
    "# Who starts it fills in @DIR@ (for temporary files and the log) and the ports.\n"
    "worker_processes auto;\n"
    "worker_rlimit_nofile 65536; # twice the connections: each may have one to a service\n"
    "pid @DIR@/nginx.pid;\n"
    "error_log stderr warn;\n"
    "\n"
    "events {\n"
    "    worker_connections 32768;\n"
    "}\n"
    "\n"
    "http {\n"
    "    server_tokens off;\n"
    "    client_body_temp_path @DIR@/body;\n"
    "    proxy_temp_path @DIR@/proxy;\n"
    "    fastcgi_temp_path @DIR@/fastcgi;\n"
    "    uwsgi_temp_path @DIR@/uwsgi;\n"
    "    scgi_temp_path @DIR@/scgi;\n"
    "    log_format requests escape=json '{\"time\":\"$$time_iso8601\",\"id\":\"$$request_id\",'\n"
    "        '\"address\":\"$$remote_addr\",\"method\":\"$$request_method\",\"path\":\"$$uri\",'\n"
    "        '\"status\":$$status,\"bytes\":$$bytes_sent,\"seconds\":$$request_time}';\n"
    "    access_log @DIR@/access.log requests;\n"
    "\n"
    "    # Who is slow, or takes too much, loses its connection and nobody else's.\n"
    "    client_header_timeout 10s;\n"
    "    client_body_timeout 10s;\n"
    "    send_timeout 10s;\n"
    "    keepalive_timeout 75s;\n"
    "    limit_conn_zone $$binary_remote_addr zone=clients:10m;\n"
    "    limit_conn clients 512;\n"
    "    limit_conn_status 503;\n"
    "    client_header_buffer_size 1k;\n"
    "    large_client_header_buffers 4 8k;\n"
    "    client_max_body_size 1m; # each route of a service has a limit of its own within that\n"
    "    proxy_request_buffering off;\n"
    "\n"
    "    # A request of HTTP/0.9 has no protocol, and its answer no way to say what is wrong.\n"
    "    map $$server_protocol$$uri $$old {\n"
    "        ~^/-/error/ 0;\n"
    "        ~^/ 1;\n"
    "        default 0;\n"
    "    }\n"
    "\n"
    "    proxy_http_version 1.1;\n"
    "    proxy_set_header Connection \"\";\n"
    "    proxy_set_header Host $$http_host;\n"
    "    proxy_set_header X-Forwarded-For $$remote_addr;\n"
    "    proxy_set_header X-Forwarded-Proto $$scheme;\n"
    "    proxy_set_header X-Request-Id $$request_id;\n"
    "    proxy_next_upstream off; # a write is never sent twice";

/* What nginx answers itself, as the services would. 494 is its own name for 431. */
static const struct {
    int status; /* as nginx has it */
    int shown;
    const char *title;
    const char *message;
} errors[] = {
    {400, 400, "Bad Request", "The request is malformed"},
    {404, 404, "Not Found", "There is nothing at this address"},
    {405, 405, "Method Not Allowed", "This method is not offered here"},
    {408, 408, "Request Timeout", "The request took too long"},
    {413, 413, "Content Too Large", "The body is too large"},
    {414, 414, "URI Too Long", "The request line is too long"},
    {494, 431, "Request Header Fields Too Large", "The headers are too large"},
    {500, 500, "Internal Server Error", "Something went wrong on our side"},
    {501, 501, "Not Implemented", "Only the transfer coding chunked is known here"},
    {502, 503, "Service Unavailable", "Try again in a moment"},
    {503, 503, "Service Unavailable", "Too many connections from one address"},
    {504, 503, "Service Unavailable", "Try again in a moment"},
};

/* Printed as it is: the writer would break the long texts as it breaks strings in C. */
static void put_errors(struct rt_buf *out)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        int status = errors[i].status;
        int shown = errors[i].shown;
        rt_buf_printf(out,
                      "        error_page %d =%d /-/error/%d;\n"
                      "        location = /-/error/%d {\n"
                      "            internal;\n"
                      "            default_type application/problem+json;\n"
                      "            add_header Cache-Control no-store always;\n"
                      "            add_header X-Content-Type-Options nosniff always;\n"
                      "            add_header Content-Security-Policy \"default-src 'none'; "
                      "frame-ancestors 'none'\" always;\n",
                      status, shown, status, status);
        if (shown == 405)
            rt_buf_puts(out, "            add_header Allow \"GET, HEAD, POST, PUT, PATCH, DELETE\" "
                             "always;\n");
        if (shown == 503)
            rt_buf_puts(out, "            add_header Retry-After 1 always;\n");
        rt_buf_printf(out,
                      "            return %d '{\"type\":\"about:blank\",\"title\":\"%s\","
                      "\"status\":%d,\"detail\":\"%s\",\"errors\":[{\"message\":\"%s\"}]}';\n"
                      "        }\n",
                      shown, errors[i].title, shown, errors[i].message, errors[i].message);
    }
}

/* The fixed segments with which a path starts. */
static size_t fixed_segments(const struct ts_route *route)
{
    size_t count = 0;
    while (count < route->n_segments && !route->segments[count].param)
        count++;
    return count;
}

static bool same_start(const struct ts_route *a, const struct ts_route *b, size_t count)
{
    if (a->n_segments < count || b->n_segments < count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (a->segments[i].param || b->segments[i].param ||
            strcmp(a->segments[i].text, b->segments[i].text) != 0)
            return false;
    return true;
}

/* True when the path could start with the first `count` segments of `route`. */
static bool may_start(const struct ts_route *other, const struct ts_route *route, size_t count)
{
    for (size_t i = 0; i < count && i < other->n_segments; i++)
        if (!other->segments[i].param &&
            strcmp(other->segments[i].text, route->segments[i].text) != 0)
            return false;
    return other->n_segments >= count;
}

/* True when no other service has a path that starts with the first `count` segments of `route`. */
static bool is_exclusive(const struct ts_model *model, const struct ts_route *route, size_t count)
{
    for (size_t s = 0; s < model->n_services; s++) {
        const struct ts_service *service = model->services[s];
        for (size_t i = 0; i < service->n_routes && service != route->service; i++)
            if (may_start(service->routes[i], route, count))
                return false;
    }
    return count > 0;
}

/* The path's first `count` segments as a regular expression: "/api/items/[^/]+". */
static const char *pattern_of(struct rt_arena *arena, const struct ts_route *route, size_t count)
{
    struct rt_buf out = {0};
    for (size_t i = 0; i < count; i++) {
        rt_buf_byte(&out, '/');
        if (route->segments[i].param) {
            rt_buf_puts(&out, "[^/]+");
            continue;
        }
        for (const char *at = route->segments[i].text; *at != '\0'; at++) {
            if (strchr(".+*?()[]{}|^$\\", *at))
                rt_buf_byte(&out, '\\');
            rt_buf_byte(&out, (uint8_t)*at);
        }
    }
    const char *text =
        rt_arena_strndup(arena, count ? (const char *)out.data : "/", count ? out.len : 1);
    rt_buf_done(&out);
    return text;
}

static void put_location(struct ts_writer *w, const struct ts_route *route, size_t count,
                         const char *end)
{
    ts_set(w, "svc", route->service->name);
    ts_set(w, "pattern", pattern_of(w->arena, route, count));
    ts_set(w, "end", end);
    ts_put(w, "        location ~ \"^$pattern$end\" {\n"
              "            proxy_pass http://$svc;\n"
              "        }");
}

/* The fixed segments that all routes of a service start with. */
static size_t common_segments(const struct ts_service *service)
{
    size_t count = fixed_segments(service->routes[0]);
    for (size_t i = 1; i < service->n_routes; i++)
        while (count > 0 && !same_start(service->routes[0], service->routes[i], count))
            count--;
    return count;
}

/* Everything under a start that is the service's own, else route by route. */
static void put_locations(struct ts_writer *w, const struct ts_model *model,
                          const struct ts_service *service)
{
    if (service->n_routes == 0)
        return;
    size_t common = common_segments(service);
    if (is_exclusive(model, service->routes[0], common)) {
        put_location(w, service->routes[0], common, "(/|$)");
        return;
    }
    for (size_t i = 0; i < service->n_routes; i++) {
        const struct ts_route *route = service->routes[i];
        size_t count = fixed_segments(route);
        bool exclusive = is_exclusive(model, route, count);
        bool covered = false;
        for (size_t k = 0; k < i; k++)
            covered = covered || (exclusive && fixed_segments(service->routes[k]) == count &&
                                  same_start(route, service->routes[k], count));
        if (!covered)
            put_location(w, route, exclusive ? count : route->n_segments,
                         exclusive ? "(/|$)" : "$");
    }
}

void ts_emit_nginx(const struct ts_model *model, struct ts_output *output)
{
    struct rt_arena arena;
    struct ts_writer w;
    bool has_web = false;
    rt_arena_init(&arena, 0);
    struct rt_buf *file = ts_output_file(output, "nginx.conf");
    ts_writer_init(&w, file, &arena);
    ts_set(&w, "schema", model->name);
    ts_put(&w, head);
    for (size_t i = 0; i <= model->n_services; i++) {
        if (i == model->n_services && has_web)
            break;
        const char *name = i < model->n_services ? model->services[i]->name : "web";
        has_web = has_web || strcmp(name, "web") == 0;
        ts_set(&w, "svc", name);
        ts_put(&w, "\n"
                   "    upstream $svc {\n"
                   "        server 127.0.0.1:@PORT_$svc@;\n"
                   "        keepalive 64;\n"
                   "    }");
    }
    ts_put(&w, "\n"
               "    server {\n"
               "        listen 127.0.0.1:@PORT@;\n"
               "        if ($$old) {\n"
               "            return 444;\n"
               "        }\n\n");
    for (size_t i = 0; i < model->n_services; i++)
        put_locations(&w, model, model->services[i]);
    ts_put(&w, "        location / {\n"
               "            proxy_pass http://web;\n"
               "        }");
    put_errors(file);
    ts_put(&w, "    }\n"
               "}");
    rt_arena_done(&arena);
}
