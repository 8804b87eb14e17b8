/* A service's process: command line, signals, one ready line, exit status. */
#include "runtime/app/service.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "runtime/app/app.h"
#include "runtime/app/report.h"
#include "runtime/base/descriptors.h"
#include "runtime/base/secret.h"
#include "runtime/base/version.h"

struct process {
    uv_loop_t loop;
    struct rt_app *app;
    uv_signal_t term;
    uv_signal_t interrupt;
    uv_signal_t hangup;
    uv_async_t failed;
    int status;
};

static void on_closed(void *arg)
{
    struct process *process = arg;
    uv_close((uv_handle_t *)&process->term, NULL);
    uv_close((uv_handle_t *)&process->interrupt, NULL);
    uv_close((uv_handle_t *)&process->hangup, NULL);
    uv_close((uv_handle_t *)&process->failed, NULL);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    struct process *process = signal->data;
    rt_app_close(process->app, on_closed, process);
}

/* Keys are rotated without a restart. */
static void on_hangup(uv_signal_t *signal, int number)
{
    (void)number;
    struct process *process = signal->data;
    const char *name = process->app->owner.service->name;
    struct rt_error error = {0, ""};
    if (process->app->owner.stopping)
        return;
    if (rt_dispatcher_reload(&process->app->dispatcher, &error) != 0)
        rt_report(RT_REPORT_ERROR, name, "keys_not_reloaded", "%s", error.message);
    else
        rt_report(RT_REPORT_INFO, name, "keys_reloaded", "%zu",
                  process->app->dispatcher.keys.n_keys);
}

static void on_failed_later(uv_async_t *async)
{
    struct process *process = async->data;
    process->status = RT_EXIT_FAILED;
    rt_app_close(process->app, on_closed, process);
}

/* From deep within the app: it is closed on the loop's next turn. */
static void on_failed(void *arg)
{
    struct process *process = arg;
    uv_async_send(&process->failed);
}

static void watch(struct process *process)
{
    uv_signal_init(&process->loop, &process->term);
    uv_signal_init(&process->loop, &process->interrupt);
    uv_signal_init(&process->loop, &process->hangup);
    uv_async_init(&process->loop, &process->failed, on_failed_later);
    process->term.data = process->interrupt.data = process->hangup.data = process->failed.data =
        process;
    uv_signal_start(&process->term, on_signal, SIGTERM);
    uv_signal_start(&process->interrupt, on_signal, SIGINT);
    uv_signal_start(&process->hangup, on_hangup, SIGHUP);
    process->app->on_failed = on_failed;
    process->app->on_failed_arg = process;
}

static int serve(const struct rt_service *service, const struct rt_options *options)
{
    struct process process = {.status = RT_EXIT_OK};
    struct rt_error error = {0, ""};
    umask(077); /* what is written is for nobody else, whatever directory it is in */
    if (rt_private_directory(options->data, &error) != 0) {
        rt_report(RT_REPORT_ERROR, service->name, "not_started", "%s", error.message);
        return RT_EXIT_FAILED;
    }
    if (uv_loop_init(&process.loop) != 0)
        rt_panic("no event loop");
    if (rt_app_open(&process.loop, service, options, NULL, &process.app, &error) == 0) {
        watch(&process);
        bool v6 = strchr(options->host, ':') != NULL;
        printf("%s ready on %s%s%s:%d\n", service->name, v6 ? "[" : "", options->host,
               v6 ? "]" : "", rt_app_port(process.app));
        fflush(stdout);
        rt_report(RT_REPORT_INFO, service->name, "ready", "listening on port %d",
                  rt_app_port(process.app));
    } else {
        rt_report(RT_REPORT_ERROR, service->name, "not_started", "%s", error.message);
        process.status = RT_EXIT_FAILED;
    }
    uv_run(&process.loop, UV_RUN_DEFAULT);
    uv_loop_close(&process.loop);
    if (process.status == RT_EXIT_OK)
        rt_report(RT_REPORT_INFO, service->name, "stopped", "stopped as asked");
    return process.status;
}

int rt_service_main(const struct rt_service *service, int argc, char **argv)
{
    struct rt_arena arena;
    struct rt_options options;
    struct rt_error error = {0, ""};
    int status = RT_EXIT_OK;
    rt_arena_init(&arena, 0);
    rt_descriptors_raise();
    if (rt_options_parse(service, argc, argv, &arena, &options, &error) != 0) {
        fprintf(stderr, "%s: %s (see --help)\n", service->name, error.message);
        status = RT_EXIT_USAGE;
    } else if (options.help) {
        fputs(rt_options_help(service, &arena), stdout);
    } else if (options.version) {
        printf("%s %s\n", service->name, rt_version());
    } else {
        status = serve(service, &options);
    }
    rt_arena_done(&arena);
    return status;
}
