#include "codegen/driver/new.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "codegen/driver/template.h"
#include "runtime/base/buf.h"

enum { NAME_MAX_LEN = 40, N_FILES = sizeof files / sizeof *files };

/* What stands for the project's name in paths and texts. */
static const char placeholder[] = "@NAME@";

static void put(struct rt_buf *out, const char *text, const char *name)
{
    for (const char *at; (at = strstr(text, placeholder)) != NULL;
         text = at + sizeof placeholder - 1)
        rt_buf_printf(out, "%.*s%s", (int)(at - text), text, name);
    rt_buf_printf(out, "%s", text);
}

static int failed(struct rt_error *error, const char *path)
{
    int code = errno == EEXIST ? RT_EEXIST : RT_EIO;
    return rt_error_set(error, code, "%s: %s", path, strerror(errno));
}

/* The folders above the file. */
static int make_folders(char *path, struct rt_error *error)
{
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int status = mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : failed(error, path);
        *slash = '/';
        if (status != 0)
            return status;
    }
    return 0;
}

static int write_file(const char *name, const char *path, const char *text, struct rt_error *error)
{
    struct rt_buf at = {0}, bytes = {0};
    rt_buf_printf(&at, "%s/", name);
    put(&at, path, name);
    put(&bytes, text, name);
    rt_buf_cstr(&at); /* ends it with NUL */
    char *whole = (char *)at.data;
    int status = make_folders(whole, error);
    if (status == 0) {
        FILE *file = fopen(whole, "wxe");
        bool ok = file && fwrite(bytes.data, 1, bytes.len, file) == bytes.len;
        if (file)
            ok &= fclose(file) == 0;
        if (ok && strncmp(text, "#!", 2) == 0)
            ok = chmod(whole, 0755) == 0;
        status = ok ? 0 : failed(error, whole);
    }
    rt_buf_done(&at);
    rt_buf_done(&bytes);
    return status;
}

int ts_new(const char *name, struct rt_error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz", more[] = "0123456789_";
    size_t len = strspn(name, letters);
    while (len > 0 && name[len] && (strchr(letters, name[len]) || strchr(more, name[len])))
        len++;
    if (len == 0 || name[len] || len > NAME_MAX_LEN)
        return rt_error_set(error, RT_EINVAL,
                            "a project's name is of at most %d lower-case letters, digits and '_' "
                            "and begins with a letter, unlike `%s`",
                            NAME_MAX_LEN, name);
    if (mkdir(name, 0777) != 0)
        return failed(error, name);
    int status = 0;
    for (size_t i = 0; status == 0 && i < N_FILES; i++)
        status = write_file(name, files[i].path, files[i].text, error);
    return status;
}
