#include "codegen/output.h"

#include <stdlib.h>

struct file {
    char *path;
    struct rt_buf bytes;
};

struct ts_output {
    struct file **files;
    size_t count;
    size_t cap;
};

struct ts_output *ts_output_new(void)
{
    struct ts_output *output = calloc(1, sizeof *output);
    if (output == NULL)
        rt_panic("out of memory");
    return output;
}

void ts_output_free(struct ts_output *output)
{
    if (output == NULL)
        return;
    for (size_t i = 0; i < output->count; i++) {
        rt_buf_done(&output->files[i]->bytes);
        free(output->files[i]->path);
        free(output->files[i]);
    }
    free(output->files);
    free(output);
}

struct rt_buf *ts_output_file(struct ts_output *output, const char *path)
{
    if (output->count == output->cap) {
        output->cap = output->cap ? 2 * output->cap : 64;
        output->files = realloc(output->files, output->cap * sizeof(struct file *));
        if (output->files == NULL)
            rt_panic("out of memory");
    }
    struct file *file = calloc(1, sizeof *file);
    if (file == NULL || (file->path = strdup(path)) == NULL)
        rt_panic("out of memory");
    output->files[output->count++] = file;
    return &file->bytes;
}
