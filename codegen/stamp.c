#include "codegen/stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

static const char stamp_name[] = ".tessera-stamp";

/* What tells one state of a file from another. */
static uint64_t state_of(const struct stat *info)
{
    uint64_t parts[] = {(uint64_t)info->st_size, (uint64_t)info->st_ino,
                        (uint64_t)info->st_mtim.tv_sec, (uint64_t)info->st_mtim.tv_nsec};
    return rt_hash(rt_bytes(parts, sizeof parts), 0);
}

uint64_t ts_stamp_key(const struct ts_model *model, const char *only)
{
    struct stat info;
    uint64_t key = stat("/proc/self/exe", &info) == 0 ? state_of(&info) : 0;
    key = rt_hash(rt_str_bytes(rt_str(only ? only : "")), key);
    for (size_t i = 0; i < model->source_count; i++) {
        const struct ts_source *source = model->sources[i];
        key = rt_hash(rt_str_bytes(rt_str(source->path)), key);
        key = rt_hash(rt_bytes(source->text, source->len), key);
    }
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

bool ts_stamp_holds(const char *directory, uint64_t key)
{
    FILE *file = open_stamp(directory, "re");
    uint64_t found = 0;
    char path[2048];
    if (file == NULL)
        return false;
    bool holds = fscanf(file, "%" SCNx64 "\n", &found) == 1 && found == key;
    int fields = 2;
    while (holds && (fields = fscanf(file, "%" SCNx64 " %2047[^\n]\n", &found, path)) == 2)
        holds = found == file_state(directory, path);
    fclose(file);
    return holds && fields == EOF;
}

void ts_stamp_write(const struct ts_output *output, const char *directory, uint64_t key)
{
    FILE *file = open_stamp(directory, "we");
    if (file == NULL)
        return;
    fprintf(file, "%016" PRIx64 "\n", key);
    const char *path;
    for (size_t i = 0; (path = ts_output_path(output, i)) != NULL; i++)
        fprintf(file, "%016" PRIx64 " %s\n", file_state(directory, path), path);
    fclose(file);
}
