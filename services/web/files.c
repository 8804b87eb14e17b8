#include "services/web/files.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

static const char *content_type(const char *name)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (rt_str_ends(rt_str(name), rt_str(types[i].ending)))
            return types[i].type;
    return "application/octet-stream";
}

static int read_file(struct files *files, const char *folder, const char *name,
                     struct rt_error *error)
{
    const char *path = rt_arena_printf(&files->arena, "%s/%s", folder, name);
    if (files->count == FILES_MAX)
        return rt_error_set(error, RT_ETOOBIG, "%s: more than %d files", folder, FILES_MAX);
    FILE *in = fopen(path, "rbe");
    if (!in)
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    uint8_t *content = rt_arena_alloc(&files->arena, FILE_SIZE_MAX + 1);
    size_t len = fread(content, 1, FILE_SIZE_MAX + 1, in);
    bool failed = ferror(in);
    fclose(in);
    if (failed)
        return rt_error_set(error, RT_EIO, "%s: cannot be read", path);
    if (len > FILE_SIZE_MAX)
        return rt_error_set(error, RT_ETOOBIG, "%s: over %d bytes", path, FILE_SIZE_MAX);
    struct file *file = &files->items[files->count++];
    file->path = rt_arena_printf(&files->arena, "/%s", name);
    file->content_type = content_type(name);
    file->content = rt_bytes(content, len);
    snprintf(file->etag, sizeof file->etag, "\"%016" PRIx64 "\"", rt_hash(file->content, 0));
    return 0;
}

int files_load(struct files *files, const char *folder, struct rt_error *error)
{
    *files = (struct files){.count = 0};
    rt_arena_init(&files->arena, 0);
    DIR *dir = opendir(folder);
    if (!dir)
        return rt_error_set(error, RT_ENOTFOUND, "%s: %s", folder, strerror(errno));
    int status = 0;
    for (struct dirent *entry = readdir(dir); entry && status == 0; entry = readdir(dir))
        if (entry->d_name[0] != '.' && entry->d_type != DT_DIR)
            status = read_file(files, folder, entry->d_name, error);
    closedir(dir);
    if (status != 0)
        files_done(files);
    return status;
}

void files_done(struct files *files)
{
    rt_arena_done(&files->arena);
    files->count = 0;
}

const struct file *files_find(const struct files *files, struct rt_str path)
{
    if (rt_str_eq(path, RT_STR("/")))
        path = RT_STR("/index.html");
    for (size_t i = 0; i < files->count; i++)
        if (rt_str_eq(path, rt_str(files->items[i].path)))
            return &files->items[i];
    return NULL;
}
