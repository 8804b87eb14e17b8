#include "runtime/http/server.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "runtime/base/alloc.h"
#include "runtime/base/descriptors.h"
#include "runtime/http/connection.h"

enum { BACKLOG = 1024, TICK_MIN_MS = 5, TICK_MAX_MS = 500, CONNECTIONS_MAX = 10000 };

/* -------------------------------------------------------------------- slots */

struct rt_http_slot *rt_http_slot_get(struct rt_http_server *server)
{
    struct rt_http_slot *slot = server->slots;
    if (slot) {
        server->slots = slot->next;
        server->n_slots--;
        return slot;
    }
    slot = rt_zalloc(sizeof *slot);
    rt_arena_init(&slot->arena, RT_HTTP_ARENA_BLOCK);
    return slot;
}

static void slot_free(struct rt_http_slot *slot)
{
    rt_arena_done(&slot->arena);
    free(slot);
}

void rt_http_slot_put(struct rt_http_server *server, struct rt_http_slot *slot)
{
    if (server->n_slots == RT_HTTP_SLOTS_KEPT) {
        slot_free(slot);
        return;
    }
    rt_arena_reset(&slot->arena);
    slot->next = server->slots;
    server->slots = slot;
    server->n_slots++;
}

/* -------------------------------------------------------- turns of the loop */

static void on_resume(uv_idle_t *idle)
{
    struct rt_http_server *server = idle->data;
    /* Those that become ready meanwhile wait for the next turn, as does all other input. */
    for (size_t n = server->n_ready; n > 0 && server->n_ready > 0; n--) {
        struct rt_http_connection *connection = TAILQ_FIRST(&server->ready);
        rt_http_server_unschedule(server, connection);
        rt_http_connection_resume(connection);
    }
    if (server->n_ready == 0)
        uv_idle_stop(idle);
}

void rt_http_server_schedule(struct rt_http_server *server, struct rt_http_connection *connection)
{
    if (connection->ready)
        return;
    connection->ready = true;
    TAILQ_INSERT_TAIL(&server->ready, connection, ready_link);
    if (server->n_ready++ == 0)
        uv_idle_start(&server->resume, on_resume);
}

void rt_http_server_unschedule(struct rt_http_server *server, struct rt_http_connection *connection)
{
    if (!connection->ready)
        return;
    connection->ready = false;
    TAILQ_REMOVE(&server->ready, connection, ready_link);
    server->n_ready--;
}

static struct rt_http_connection *by_read_deadline(struct rt_deadline *deadline)
{
    return (struct rt_http_connection *)((char *)deadline -
                                         offsetof(struct rt_http_connection, read_deadline));
}

static struct rt_http_connection *by_write_deadline(struct rt_deadline *deadline)
{
    return (struct rt_http_connection *)((char *)deadline -
                                         offsetof(struct rt_http_connection, write_deadline));
}

/* The connection that has been in that list for the longest time, `age_ms` at least. */
static struct rt_http_connection *longest(const struct rt_deadlines *list, uint64_t age_ms,
                                          uint64_t now_ms)
{
    struct rt_deadline *first = TAILQ_FIRST(&list->list);
    if (!first || first->at_ms - list->timeout_ms + age_ms > now_ms)
        return NULL;
    return by_read_deadline(first);
}

static struct rt_http_connection *longest_idle(const struct rt_http_server *server)
{
    struct rt_deadline *deadline;
    TAILQ_FOREACH(deadline, &server->idles.list, link)
    {
        struct rt_http_connection *connection = by_read_deadline(deadline);
        if (rt_http_connection_idle(connection))
            return connection; /* others have their next request here already */
    }
    return NULL;
}

bool rt_http_server_make_room(struct rt_http_server *server)
{
    uint64_t now = uv_now(server->tick.loop);
    struct rt_http_connection *victim = longest_idle(server);
    if (!victim)
        victim = longest(&server->heads, RT_HTTP_HEAD_SAFE_MS, now);
    if (!victim)
        victim = longest(&server->lingers, 0, now);
    if (!victim)
        victim = longest(&server->bodies, RT_HTTP_BODY_SAFE_MS, now);
    if (!victim)
        return false;
    rt_http_connection_destroy(victim);
    return true;
}

static void destroy_all(struct rt_http_server *server)
{
    while (!TAILQ_EMPTY(&server->connections))
        rt_http_connection_destroy(TAILQ_FIRST(&server->connections));
}

static void expire_reads(struct rt_deadlines *list, uint64_t now_ms)
{
    struct rt_deadline *due;
    while ((due = rt_deadlines_due(list, now_ms)))
        rt_http_connection_read_expired(by_read_deadline(due));
}

static void on_tick(uv_timer_t *timer)
{
    struct rt_http_server *server = timer->data;
    uint64_t now = uv_now(timer->loop);
    struct rt_deadline *due;
    expire_reads(&server->heads, now);
    expire_reads(&server->bodies, now);
    expire_reads(&server->idles, now);
    expire_reads(&server->lingers, now);
    while ((due = rt_deadlines_due(&server->writes, now)))
        rt_http_connection_destroy(by_write_deadline(due));
    if (server->closing && now >= server->grace_until_ms)
        destroy_all(server);
}

/* A quarter of the shortest timeout: deadlines are met late by that much at most. */
static uint64_t tick_ms(const struct rt_http_options *options)
{
    const uint32_t timeouts[] = {options->head_timeout_ms, options->body_timeout_ms,
                                 options->idle_timeout_ms, options->write_timeout_ms};
    uint64_t tick = TICK_MAX_MS;
    for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++)
        tick = timeouts[i] / 4 < tick ? timeouts[i] / 4 : tick;
    return tick < TICK_MIN_MS ? TICK_MIN_MS : tick;
}

/* ---------------------------------------------------------------- listening */

static void on_connection(uv_stream_t *listener, int status)
{
    /* An error here is a lack of descriptors; libuv has turned the peer away. */
    if (status == 0)
        rt_http_connection_accept(listener->data);
}

/* As many as there are descriptors for. */
static size_t connections_max(void)
{
    struct rlimit limit = {.rlim_cur = 0};
    getrlimit(RLIMIT_NOFILE, &limit);
    size_t fit = rt_descriptors_for_connections(limit.rlim_cur);
    return fit < CONNECTIONS_MAX ? fit : CONNECTIONS_MAX;
}

static struct rt_http_options with_defaults(const struct rt_http_options *options)
{
    struct rt_http_options all = *options;
    all.host = all.host ? all.host : "127.0.0.1";
    all.body_max = all.body_max ? all.body_max : (size_t)1024 * 1024;
    all.bodies_max = all.bodies_max ? all.bodies_max : (size_t)64 * 1024 * 1024;
    all.head_max = all.head_max ? all.head_max : (size_t)16 * 1024;
    all.headers_max = all.headers_max ? all.headers_max : 64;
    all.connections_max = all.connections_max ? all.connections_max : connections_max();
    all.head_timeout_ms = all.head_timeout_ms ? all.head_timeout_ms : 10 * 1000;
    all.body_timeout_ms = all.body_timeout_ms ? all.body_timeout_ms : 30 * 1000;
    all.idle_timeout_ms = all.idle_timeout_ms ? all.idle_timeout_ms : 75 * 1000;
    all.write_timeout_ms = all.write_timeout_ms ? all.write_timeout_ms : 30 * 1000;
    return all;
}

static int listen_error(struct rt_error *error, const struct rt_http_options *options, int rc)
{
    int code = rc == UV_EADDRINUSE ? RT_EEXIST : rc == UV_EACCES ? RT_EDENIED : RT_EIO;
    return rt_error_set(error, code, "cannot listen on %s port %d: %s", options->host,
                        options->port, uv_strerror(rc));
}

static int bind_and_listen(struct rt_http_server *server, const struct sockaddr *address)
{
    int rc = 0;
    if (server->options.reuse_port) {
        uv_os_fd_t fd = -1;
        int on = 1;
        rc = uv_fileno((uv_handle_t *)&server->listener, &fd);
        if (rc == 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
            rc = uv_translate_sys_error(errno);
    }
    if (rc == 0)
        rc = uv_tcp_bind(&server->listener, address, 0);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
    struct sockaddr_storage bound;
    int len = sizeof bound;
    if (rc == 0)
        rc = uv_tcp_getsockname(&server->listener, (struct sockaddr *)&bound, &len);
    if (rc == 0)
        server->port =
            ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                              : ((struct sockaddr_in *)&bound)->sin_port);
    return rc;
}

static void ignore_sigpipe(void)
{
    struct sigaction action;
    if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
        action.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &action, NULL);
    }
}

static void server_init(struct rt_http_server *server, uv_loop_t *loop)
{
    TAILQ_INIT(&server->connections);
    TAILQ_INIT(&server->ready);
    rt_deadlines_init(&server->heads, server->options.head_timeout_ms);
    rt_deadlines_init(&server->bodies, server->options.body_timeout_ms);
    rt_deadlines_init(&server->idles, server->options.idle_timeout_ms);
    rt_deadlines_init(&server->writes, server->options.write_timeout_ms);
    rt_deadlines_init(&server->lingers, RT_HTTP_LINGER_MS);
    server->listener.data = server->tick.data = server->resume.data = server;
    uv_timer_init(loop, &server->tick);
    uv_idle_init(loop, &server->resume);
    server->handles = 2;
}

int rt_http_server_new(uv_loop_t *loop, const struct rt_http_options *options,
                       const struct rt_http_callbacks *callbacks, void *arg,
                       struct rt_http_server **ret, struct rt_error *error)
{
    struct rt_http_options all = with_defaults(options);
    union {
        struct sockaddr any;
        struct sockaddr_in ip4;
        struct sockaddr_in6 ip6;
    } address;
    if (uv_ip4_addr(all.host, all.port, &address.ip4) != 0 &&
        uv_ip6_addr(all.host, all.port, &address.ip6) != 0)
        return rt_error_set(error, RT_EINVAL, "\"%s\" is no numeric address", all.host);
    if (all.connections_max == 0)
        return rt_error_set(error, RT_ETOOBIG, "the limit of open files leaves no connection");

    struct rt_http_server *server = rt_zalloc(sizeof *server);
    server->options = all;
    server->headers = rt_str(all.headers);
    server->callbacks = callbacks;
    server->arg = arg;
    ignore_sigpipe();
    server_init(server, loop);
    int rc = uv_tcp_init_ex(loop, &server->listener, address.any.sa_family);
    if (rc == 0) {
        server->handles++;
        rc = bind_and_listen(server, &address.any);
    }
    if (rc != 0) {
        int code = listen_error(error, &all, rc);
        rt_http_server_close(server, 0, NULL, NULL);
        return code;
    }
    uint64_t tick = tick_ms(&all);
    uv_timer_start(&server->tick, on_tick, tick, tick);
    *ret = server;
    return 0;
}

int rt_http_server_port(const struct rt_http_server *server)
{
    return server->port;
}

/* ------------------------------------------------------------------ closing */

static void server_free(struct rt_http_server *server)
{
    void (*closed)(void *) = server->closed;
    void *arg = server->closed_arg;
    while (server->slots) {
        struct rt_http_slot *slot = server->slots;
        server->slots = slot->next;
        slot_free(slot);
    }
    rt_buf_done(&server->cork);
    rt_buf_done(&server->scratch);
    rt_buf_done(&server->problem);
    free(server);
    if (closed)
        closed(arg);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct rt_http_server *server = handle->data;
    if (--server->handles == 0)
        server_free(server);
}

void rt_http_server_check_closed(struct rt_http_server *server)
{
    if (!server->closing || server->finished || server->n_connections > 0 || server->n_handling > 0)
        return;
    server->finished = true;
    uv_close((uv_handle_t *)&server->tick, on_handle_closed);
    uv_close((uv_handle_t *)&server->resume, on_handle_closed);
}

void rt_http_server_close(struct rt_http_server *server, uint32_t grace_ms,
                          void (*closed)(void *arg), void *arg)
{
    RT_ASSERT(!server->closing);
    server->closing = true;
    server->closed = closed;
    server->closed_arg = arg;
    server->grace_until_ms = uv_now(server->tick.loop) + grace_ms;
    if (server->handles == 3)
        uv_close((uv_handle_t *)&server->listener, on_handle_closed);
    if (grace_ms == 0)
        destroy_all(server);
    struct rt_http_connection *next;
    for (struct rt_http_connection *c = TAILQ_FIRST(&server->connections); c; c = next) {
        next = TAILQ_NEXT(c, link);
        if (rt_http_connection_idle(c))
            rt_http_connection_destroy(c);
    }
    rt_http_server_check_closed(server);
}
