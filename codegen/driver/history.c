#include "codegen/driver/history.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/buf.h"

/* Appends what a descriptor gives to `out`. */
static void read_all(int fd, struct rt_buf *out)
{
    char bytes[4096];
    for (ssize_t got; (got = read(fd, bytes, sizeof bytes)) != 0;)
        if (got > 0)
            rt_buf_append(out, bytes, (size_t)got);
        else if (errno != EINTR)
            break;
}

enum { WORDS_MAX = 16 };

/* Runs a program to its end; what it prints goes to `out`, its complaints to the standard error. */
static int run(struct rt_arena *arena, const char *const *words, struct rt_buf *out,
               struct rt_error *error)
{
    char *copies[WORDS_MAX + 1] = {0};
    for (size_t i = 0; words[i] && i < WORDS_MAX; i++)
        copies[i] = rt_arena_strdup(arena, words[i]);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return rt_error_set(error, RT_EIO, "pipe: %s", strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t pid = 0;
    int failed = posix_spawnp(&pid, copies[0], &actions, NULL, copies, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed == 0)
        read_all(ends[0], out);
    close(ends[0]);
    if (failed != 0)
        return rt_error_set(error, RT_EIO, "%s: %s", words[0], strerror(failed));
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return rt_error_set(error, RT_ENOTFOUND, "%s %s failed", words[0], words[3]);
    return 0;
}

/* The next line of what git printed; "" for none. */
static const char *take_line(struct rt_arena *arena, struct rt_str *text)
{
    const char *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
    if (!end)
        return "";
    size_t len = (size_t)(end - text->data);
    const char *line = rt_arena_strndup(arena, text->data, len);
    *text = rt_str_n(end + 1, text->len - len - 1);
    return line;
}

static int unpack(struct rt_arena *arena, const char *path, const char *revision,
                  struct ts_history *ret, struct rt_error *error)
{
    const char *folder = dirname(rt_arena_strdup(arena, path));
    const char *name = basename(rt_arena_strdup(arena, path));
    struct rt_buf out = {0};
    const char *where[] = {"git", "-C", folder, "rev-parse", "--show-prefix", "--show-cdup", NULL};
    int status = run(arena, where, &out, error);
    struct rt_str text = rt_str_n((const char *)out.data, out.len);
    const char *prefix = status == 0 ? take_line(arena, &text) : "";
    const char *up = status == 0 ? take_line(arena, &text) : "";
    rt_buf_done(&out);
    const char *top = rt_arena_join(arena, folder, "/", up, NULL);
    const char *archive = rt_arena_printf(arena, "--output=%s/.tar", ret->folder);
    const char *tar = rt_arena_join(arena, ret->folder, "/.tar", NULL);
    const char *pack[] = {"git",   "-C",     top,  "archive",          "--format=tar",
                          archive, revision, "--", ":(glob)**/*.tess", NULL};
    const char *take[] = {"tar", "-C", ret->folder, "-xf", tar, NULL};
    if (status == 0)
        status = run(arena, pack, &out, error);
    if (status == 0)
        status = run(arena, take, &out, error);
    rt_buf_done(&out);
    ret->path = rt_arena_join(arena, prefix, name, NULL);
    return status;
}

int ts_history_open(struct rt_arena *arena, const char *path, const char *revision,
                    struct ts_history *ret, struct rt_error *error)
{
    const char *place = getenv("TMPDIR");
    struct ts_history history = {.path = NULL};
    int len = snprintf(history.folder, sizeof history.folder, "%s/tessera-XXXXXX",
                       place && *place ? place : "/tmp");
    if (len >= (int)sizeof history.folder)
        snprintf(history.folder, sizeof history.folder, "/tmp/tessera-XXXXXX");
    if (revision[0] == '-')
        return rt_error_set(error, RT_ENOTFOUND, "\"%s\" is no revision", revision);
    if (!mkdtemp(history.folder))
        return rt_error_set(error, RT_EIO, "%s: %s", history.folder, strerror(errno));
    int status = unpack(arena, path, revision, &history, error);
    if (status == 0)
        *ret = history;
    else
        ts_history_done(&history);
    return status;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

void ts_history_done(struct ts_history *history)
{
    enum { DESCRIPTORS = 8 };
    nftw(history->folder, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}
