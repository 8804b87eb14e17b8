#include "codegen/driver/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

static const char stamp_name[] = ".tessera-stamp";

/* What distinguishes one state of a file from another. */
static uint64_t state_of(const struct stat *info)
{
    uint64_t parts[] = {(uint64_t)info->st_size, (uint64_t)info->st_ino,
                        (uint64_t)info->st_mtim.tv_sec, (uint64_t)info->st_mtim.tv_nsec};
    return rt_hash(rt_bytes(parts, sizeof parts), 0);
}

/* Of what the output depends on besides the sources. */
static uint64_t program_key(const char *choice)
{
    struct stat info;
    uint64_t key = stat("/proc/self/exe", &info) == 0 ? state_of(&info) : 0;
    return rt_hash(rt_str_bytes(rt_str(choice)), key);
}

static uint64_t source_key(const struct ts_source *source)
{
    return rt_hash(rt_bytes(source->text, source->len), 0);
}

/* That of the source as it is now, 0 when it cannot be read. */
static uint64_t source_key_now(const char *path)
{
    struct rt_arena arena;
    struct rt_error error;
    struct ts_source *source;
    rt_arena_init(&arena, 0);
    uint64_t key = ts_source_read(&arena, path, &source, &error) == 0 ? source_key(source) : 0;
    rt_arena_done(&arena);
    return key;
}

static FILE *open_stamp(const char *directory, const char *mode)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s", directory, stamp_name);
    return len > 0 && (size_t)len < sizeof path ? fopen(path, mode) : NULL;
}

/* The state of a file in the directory, 0 when there is none. */
static uint64_t file_state(const char *directory, const char *path)
{
    char whole[4096];
    struct stat info;
    int len = snprintf(whole, sizeof whole, "%s/%s", directory, path);
    if (len < 0 || (size_t)len >= sizeof whole || stat(whole, &info) != 0)
        return 0;
    return state_of(&info);
}

bool ts_stamp_holds(const char *directory, const char *path, const char *choice, bool *ret_silent)
{
    FILE *file = open_stamp(directory, "re");
    uint64_t key = 0;
    int silent = 0;
    if (!file)
        return false;
    bool holds = fscanf(file, "%" SCNx64 " %d\n", &key, &silent) == 2 && key == program_key(choice);
    char kind;
    char name[2048];
    int fields = 3;
    for (bool first = true; holds; first = false) {
        fields = fscanf(file, "%c %" SCNx64 " %2047[^\n]\n", &kind, &key, name);
        if (fields != 3)
            break;
        if (kind == 's')
            holds = key == source_key_now(name) && (!first || strcmp(name, path) == 0);
        else
            holds = key == file_state(directory, name) && !first;
    }
    fclose(file);
    *ret_silent = silent == 1;
    return holds && fields == EOF;
}

void ts_stamp_write(const char *directory, const struct ts_model *model, const char *choice,
                    bool silent, const struct ts_output *output)
{
    FILE *file = open_stamp(directory, "we");
    if (!file)
        return;
    fprintf(file, "%016" PRIx64 " %d\n", program_key(choice), silent);
    for (size_t i = 0; i < model->n_sources; i++)
        fprintf(file, "s %016" PRIx64 " %s\n", source_key(model->sources[i]),
                model->sources[i]->path);
    const char *path;
    for (size_t i = 0; (path = ts_output_path(output, i)); i++)
        fprintf(file, "f %016" PRIx64 " %s\n", file_state(directory, path), path);
    fclose(file);
}
