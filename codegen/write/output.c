#include "codegen/write/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/alloc.h"

struct file {
    char *path;
    struct rt_buf bytes;
    bool left; /* neither written nor removed */
};

struct ts_output {
    struct file **files;
    size_t count;
    size_t cap;
    bool leaves; /* files named from now on are left alone */
    const char *prefix;
};

struct ts_output *ts_output_new(void)
{
    struct ts_output *output = rt_zalloc(sizeof *output);
    output->prefix = "gen";
    return output;
}

void ts_output_set_prefix(struct ts_output *output, const char *prefix)
{
    output->prefix = prefix;
}

const char *ts_output_prefix(const struct ts_output *output)
{
    return output->prefix;
}

void ts_output_free(struct ts_output *output)
{
    if (!output)
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
        output->files = rt_resize(output->files, output->cap, sizeof(struct file *));
    }
    struct file *file = rt_zalloc(sizeof *file);
    file->path = rt_strdup(path);
    file->left = output->leaves;
    output->files[output->count++] = file;
    return &file->bytes;
}

void ts_output_leave(struct ts_output *output, bool leave)
{
    output->leaves = leave;
}

const char *ts_output_path(const struct ts_output *output, size_t index)
{
    return index < output->count ? output->files[index]->path : NULL;
}

/* ------------------------------------------------------------------ writing */

static const char manifest_name[] = ".tessera-files";

/* What one call of ts_output_write works with. */
struct job {
    const char *directory;
    const char *only;
    enum ts_output_mode mode;
    ts_output_change_fn *on_change;
    void *context;
    struct ts_output_report report;
    struct rt_error *error;
    struct rt_buf path; /* scratch */
};

static int compare_files(const void *a, const void *b)
{
    const struct file *x = *(struct file *const *)a, *y = *(struct file *const *)b;
    return strcmp(x->path, y->path);
}

static const char *full_path(struct job *job, const char *path, const char *suffix)
{
    rt_buf_clear(&job->path);
    rt_buf_printf(&job->path, "%s/%s%s", job->directory, path, suffix);
    return rt_buf_cstr(&job->path);
}

static bool selected(const struct job *job, const char *path)
{
    return !job->only || strncmp(path, job->only, strlen(job->only)) == 0;
}

static void tell(struct job *job, const char *path, const char *verb)
{
    if (job->on_change)
        job->on_change(job->context, path, verb);
}

/* Reads a whole file; false when it is not there or cannot be read. */
static bool read_file(const char *path, struct rt_buf *out)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    struct stat info;
    if (fstat(fileno(file), &info) == 0 && info.st_size > 0)
        rt_buf_reserve(out, (size_t)info.st_size + 1);
    char chunk[16384];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        rt_buf_append(out, chunk, n);
    bool ok = !ferror(file);
    fclose(file);
    return ok;
}

static bool has_bytes(const char *path, const struct rt_buf *bytes)
{
    struct stat info;
    if (stat(path, &info) != 0 || (size_t)info.st_size != bytes->len)
        return false;
    struct rt_buf found = {0};
    bool equal = read_file(path, &found) && rt_bytes_eq(rt_buf_bytes(&found), rt_buf_bytes(bytes));
    rt_buf_done(&found);
    return equal;
}

/* Makes every directory that leads to the file. */
static int make_directories(struct job *job, const char *path)
{
    const char *whole = full_path(job, path, "");
    char *copy = rt_strdup(whole);
    int rc = 0;
    for (char *slash = strchr(copy + 1, '/'); slash && rc == 0; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            rc = rt_error_set(job->error, RT_EIO, "%s: %s", copy, strerror(errno));
        *slash = '/';
    }
    free(copy);
    return rc;
}

/* Writes beside the file and renames, so that there is never half of one. */
static int write_file(struct job *job, const char *path, const struct rt_buf *bytes)
{
    int rc = make_directories(job, path);
    if (rc != 0)
        return rc;
    char *fresh = rt_strdup(full_path(job, path, ".new"));
    const char *target = full_path(job, path, "");
    FILE *file = fopen(fresh, "wbe");
    bool ok = file != NULL;
    if (file) {
        ok = fwrite(bytes->data, 1, bytes->len, file) == bytes->len;
        ok &= fclose(file) == 0;
    }
    if (!ok || rename(fresh, target) != 0) {
        rc = rt_error_set(job->error, RT_EIO, "%s: %s", target, strerror(errno));
        unlink(fresh);
    }
    free(fresh);
    return rc;
}

static int bring_up_to_date(struct job *job, const struct file *file)
{
    if (file->left || !selected(job, file->path))
        return 0;
    if (has_bytes(full_path(job, file->path, ""), &file->bytes)) {
        job->report.unchanged++;
        return 0;
    }
    int rc = job->mode == TS_OUTPUT_CHECK ? 0 : write_file(job, file->path, &file->bytes);
    if (rc != 0)
        return rc;
    job->report.written++;
    tell(job, file->path, job->mode == TS_OUTPUT_CHECK ? "stale" : "wrote");
    return 0;
}

static bool produces(const struct ts_output *output, const char *path)
{
    struct file wanted = {.path = (char *)(uintptr_t)path};
    struct file *key = &wanted;
    return bsearch(&key, output->files, output->count, sizeof(struct file *), compare_files);
}

/* A manifest comes from the disk: nothing outside the directory is ever touched by it. */
static bool is_inside(const char *path)
{
    return path[0] != '/' && path[0] != '\0' && !strstr(path, "..");
}

/* Removes what an earlier run wrote and this one does not; what `only` excludes stays listed. */
static int remove_stale(struct job *job, const struct ts_output *output, struct rt_buf *manifest)
{
    struct rt_buf old = {0};
    int rc = 0;
    if (!read_file(full_path(job, manifest_name, ""), &old))
        rt_buf_clear(&old);
    char *text = rt_strdup(rt_buf_cstr(&old));
    rt_buf_done(&old);
    char *rest = text;
    for (char *line; rc == 0 && (line = strsep(&rest, "\n")) != NULL;) {
        if (!is_inside(line) || produces(output, line))
            continue;
        if (!selected(job, line)) {
            rt_buf_printf(manifest, "%s\n", line);
            continue;
        }
        if (access(full_path(job, line, ""), F_OK) != 0)
            continue;
        job->report.removed++;
        tell(job, line, job->mode == TS_OUTPUT_CHECK ? "obsolete" : "removed");
        if (job->mode == TS_OUTPUT_WRITE && unlink(full_path(job, line, "")) != 0)
            rc = rt_error_set(job->error, RT_EIO, "%s: %s", line, strerror(errno));
    }
    free(text);
    return rc;
}

int ts_output_lock(const char *directory, int *ret_lock, struct rt_error *error)
{
    struct job job = {.directory = directory, .error = error};
    int rc = make_directories(&job, manifest_name);
    rt_buf_done(&job.path);
    if (rc != 0)
        return rc;
    int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0)
        return rt_error_set(error, RT_EIO, "%s: %s", directory, strerror(errno));
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR)
        continue; /* where it cannot be locked it is written all the same */
    *ret_lock = lock;
    return 0;
}

int ts_output_write(struct ts_output *output, const char *directory, const char *only,
                    enum ts_output_mode mode, ts_output_change_fn *on_change, void *context,
                    struct ts_output_report *ret_report, struct rt_error *error)
{
    struct job job = {.directory = directory,
                      .only = only,
                      .mode = mode,
                      .on_change = on_change,
                      .context = context,
                      .error = error};
    struct rt_buf manifest = {0};
    int rc = 0;
    if (output->count > 0)
        qsort(output->files, output->count, sizeof(struct file *), compare_files);
    job.report.total = output->count;
    for (size_t i = 0; i < output->count && rc == 0; i++) {
        RT_ASSERT(i == 0 || strcmp(output->files[i - 1]->path, output->files[i]->path) != 0);
        rc = bring_up_to_date(&job, output->files[i]);
        rt_buf_printf(&manifest, "%s\n", output->files[i]->path);
    }
    if (rc == 0)
        rc = remove_stale(&job, output, &manifest);
    if (rc == 0 && mode == TS_OUTPUT_WRITE &&
        !has_bytes(full_path(&job, manifest_name, ""), &manifest))
        rc = write_file(&job, manifest_name, &manifest);
    if (rc == 0)
        *ret_report = job.report;
    rt_buf_done(&manifest);
    rt_buf_done(&job.path);
    return rc;
}
