/*
 * The files of a folder, read once into memory: what the web service answers with. A folder of a
 * few pages and scripts, not a file server: subfolders and dot files are left out, and what
 * changes on disk is seen at the next start.
 *
 * Ownership: everything lives until files_done. Threads: no shared state.
 */
#ifndef WEB_FILES_H
#define WEB_FILES_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

enum { FILES_MAX = 64, FILE_SIZE_MAX = 4 << 20 };

struct file {
    const char *path;         /* "/app.js" */
    const char *content_type; /* by the name's ending */
    struct rt_bytes content;
    char etag[19]; /* quoted hash of the content */
};

struct files {
    struct rt_arena arena;
    struct file items[FILES_MAX];
    size_t count;
};

/* RT_ENOTFOUND: no such folder. RT_ETOOBIG: too many files, or one too large. */
int files_load(struct files *files, const char *folder, struct rt_error *error);
void files_done(struct files *files);

/* "/" is index.html. NULL: no such file. */
const struct file *files_find(const struct files *files, struct rt_str path);

#endif
