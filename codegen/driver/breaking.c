#include "codegen/driver/breaking.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "codegen/breaking/breaking.h"
#include "codegen/driver/history.h"
#include "codegen/driver/print.h"

/* Compiles a schema; false when it has errors or cannot be read, which was printed. */
static bool compile(struct ts_compile *compile, const char *path, enum ts_diag_format format,
                    int *ret_status)
{
    struct rt_error error;
    if (ts_compile_file(compile, path, &error) != 0)
        *ret_status = ts_print_system_error(&error);
    else if (compile->diags.n_errors > 0)
        *ret_status = TS_EXIT_ERRORS;
    if (compile->diags.n_errors > 0)
        ts_print_diagnostics(&compile->diags, format);
    return compile->model != NULL;
}

/* The old schema of a commit, named as it is in the repository. */
static bool compile_history(struct ts_compile *old, const struct ts_breaking_request *request,
                            int *ret_status)
{
    struct ts_history history;
    struct rt_error error;
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = false;
    if (here < 0) {
        rt_error_set(&error, RT_EIO, "the current folder: %s", strerror(errno));
        *ret_status = ts_print_system_error(&error);
    } else if (ts_history_open(&old->arena, request->new_path, request->against, &history,
                               &error) != 0) {
        *ret_status = ts_print_system_error(&error);
    } else {
        if (chdir(history.folder) == 0)
            fine = compile(old, history.path, request->format, ret_status);
        if (fchdir(here) != 0)
            fine = false;
        ts_history_done(&history);
    }
    if (here >= 0)
        close(here);
    return fine;
}

/* What is gone is shown in the old files, behind everything that is shown in the new ones. */
static void order_sources(const struct ts_model *old, const struct ts_model *now)
{
    for (size_t i = 0; i < old->n_sources; i++)
        old->sources[i]->index += (uint32_t)now->n_sources;
}

static void print_order(const struct ts_deploy_order *order)
{
    if (order->n_steps == 0)
        return;
    printf("deploy in this order:\n");
    for (size_t i = 0; i < order->n_steps; i++)
        printf("  %s before %s (T%04d)\n", order->steps[i].first, order->steps[i].then,
               (int)order->steps[i].code);
    if (order->circular)
        printf("These go round in a circle: no order is safe. Make the change in two releases, one "
               "for each direction.\n");
}

int ts_breaking_run(const struct ts_breaking_request *request)
{
    struct ts_compile old, now;
    int status = TS_EXIT_FINE;
    ts_compile_init(&old);
    ts_compile_init(&now);
    bool fine = request->against ? compile_history(&old, request, &status)
                                 : compile(&old, request->old_path, request->format, &status);
    if (fine && compile(&now, request->new_path, request->format, &status)) {
        struct ts_diags diags;
        order_sources(old.model, now.model);
        ts_diags_init(&diags, &now.arena);
        struct ts_deploy_order order = ts_breaking(&diags, old.model, now.model);
        ts_print_diagnostics(&diags, request->format);
        if (request->format == TS_FORMAT_PRETTY)
            print_order(&order);
        status = diags.n_errors > 0 ? TS_EXIT_ERRORS : TS_EXIT_FINE;
    }
    ts_compile_done(&now);
    ts_compile_done(&old);
    return status;
}
