/* The order of the checks; each file beside this one holds one concern. */
#include "codegen/check/impl.h"

static void check_services(struct ts_checker *c)
{
    size_t at = 0;
    for (const struct ts_ast_file *file = c->files; file; file = file->next)
        for (const struct ts_ast_service *ast = file->services; ast; ast = ast->next)
            ts_check_service_events(c, c->model->services[at++], ast);
    at = 0;
    for (const struct ts_ast_file *file = c->files; file; file = file->next)
        for (const struct ts_ast_service *ast = file->services; ast; ast = ast->next)
            ts_check_routes(c, c->model->services[at++], ast);
}

struct ts_model *ts_check(struct rt_arena *arena, struct ts_symbols *symbols,
                          struct ts_diags *diags, struct ts_ast_file *files)
{
    struct ts_checker checker = {.arena = arena,
                                 .symbols = symbols,
                                 .diags = diags,
                                 .files = files,
                                 .model = RT_ARENA_NEW(arena, struct ts_model)};
    struct ts_checker *c = &checker;
    for (size_t i = 0; i < diags->count; i++)
        checker.lost_file |= diags->list[i]->code == TS_T_NO_FILE;
    ts_declare_all(c);
    ts_check_problems(c);
    ts_check_enums(c);
    ts_check_aliases(c);
    ts_check_messages(c);
    ts_check_events(c);
    ts_check_session(c);
    ts_check_cors(c);
    ts_check_given(c);
    check_services(c);
    ts_check_overlaps(c);
    ts_check_prefixes(c);
    ts_add_revocation_replicas(c);
    bool ordered = ts_check_order(c);
    ts_check_secrets(c);
    if (ordered) {
        ts_check_bounded(c);
        ts_check_event_sizes(c);
    }
    ts_check_event_loops(c);
    ts_check_publishers(c);
    ts_check_replica_ends(c);
    ts_check_members(c);
    ts_check_collisions(c);
    HASH_CLEAR(hh, c->entries);
    if (diags->n_errors > 0)
        return NULL;
    ts_mark_shared(c);
    return c->model;
}
