/* What every emitted C file starts and ends with. */
#include "codegen/emit/c/c.h"

/* How a file of a service is included, without "_x.h". */
static const char *stem_of(struct ts_c *c, const struct ts_service *service)
{
    const char *top = ts_output_prefix(c->output), *prefix = ts_c_prefix(c, service);
    return rt_arena_printf(c->arena, "%s%s%s/%s", top, *top ? "/" : "", service ? prefix : "common",
                           prefix);
}

void ts_c_begin(struct ts_c *c, struct ts_writer *w, const char *suffix, const char *extension)
{
    const char *prefix = ts_c_prefix(c, c->service);
    const char *folder = c->service ? prefix : "common";
    const char *path = rt_arena_printf(c->arena, "%s/%s_%s.%s", folder, prefix, suffix, extension);
    ts_writer_init(w, ts_output_file(c->output, path), c->arena);
    ts_set(w, "schema", c->model->name);
    ts_set(w, "svc", prefix);
    ts_set(w, "SVC", ts_upper(c, prefix));
    ts_set(w, "own", stem_of(c, c->service));
    ts_set(w, "suffix", suffix);
    ts_set(w, "SUFFIX", ts_upper(c, suffix));
    ts_put(w, "// Generated from schema $schema; do not edit.");
}

void ts_c_header_begin(struct ts_c *c, struct ts_writer *w, const char *suffix, const char *about)
{
    ts_c_begin(c, w, suffix, "h");
    ts_comment(w, 0, about);
    /* A service may be called like the schema. */
    ts_set(w, "COMMON", c->service ? "" : "COMMON_");
    ts_put(w, "#ifndef ${SVC}_$COMMON${SUFFIX}_H\n"
              "#define ${SVC}_$COMMON${SUFFIX}_H\n\n");
}

void ts_c_header_declare(struct ts_writer *w)
{
    ts_put(w, "\n"
              "#ifdef __cplusplus\n"
              "extern \"C\" {\n"
              "#endif");
}

void ts_c_header_end(struct ts_writer *w)
{
    ts_put(w, "\n"
              "#ifdef __cplusplus\n"
              "}\n"
              "#endif\n"
              "\n"
              "#endif");
}

void ts_c_source_begin(struct ts_c *c, struct ts_writer *w, const char *suffix)
{
    ts_c_begin(c, w, suffix, "c");
    ts_c_locals_begin(c);
    ts_put(w, "#include \"${own}_$suffix.h\"");
}

void ts_include(struct ts_c *c, struct ts_includes *includes, const char *path)
{
    size_t at = 0;
    int order = 1;
    while (at < includes->count && (order = strcmp(path, includes->paths[at])) > 0)
        at++;
    if (at < includes->count && order == 0)
        return;
    if (includes->count == includes->cap) {
        size_t cap = includes->cap ? 2 * includes->cap : 16;
        const char **paths = RT_ARENA_ARRAY(c->arena, cap, const char *);
        if (includes->count > 0)
            memcpy(paths, includes->paths, includes->count * sizeof *paths);
        includes->paths = paths;
        includes->cap = cap;
    }
    memmove(includes->paths + at + 1, includes->paths + at,
            (includes->count - at) * sizeof *includes->paths);
    includes->paths[at] = path;
    includes->count++;
}

void ts_include_of(struct ts_c *c, struct ts_includes *includes, const struct ts_service *service,
                   const char *suffix)
{
    ts_include(c, includes, rt_arena_printf(c->arena, "%s_%s.h", stem_of(c, service), suffix));
}

void ts_includes_put(struct ts_writer *w, const struct ts_includes *includes)
{
    for (size_t i = 0; i < includes->count; i++) {
        ts_set(w, "path", includes->paths[i]);
        ts_put(w, "#include \"$path\"");
    }
}
