#include "codegen/driver/compile.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codegen/check/check.h"
#include "codegen/syntax/parse.h"
#include "codegen/text/limits.h"
#include "codegen/text/suggest.h"

enum { ARENA_BLOCK = 256 << 10 };

void ts_compile_init(struct ts_compile *compile)
{
    *compile = (struct ts_compile){0};
    rt_arena_init(&compile->arena, ARENA_BLOCK);
    ts_symbols_init(&compile->symbols, &compile->arena);
    ts_diags_init(&compile->diags, &compile->arena);
}

void ts_compile_done(struct ts_compile *compile)
{
    ts_symbols_done(&compile->symbols);
    rt_arena_done(&compile->arena);
}

/* Reports the first byte that is not UTF-8; false then. */
static bool check_utf8(struct ts_compile *compile, const struct ts_source *source)
{
    if (rt_utf8_valid(rt_str_n(source->text, source->len)))
        return true;
    /* The longest well-formed beginning: lines are well-formed or not on their own. */
    uint32_t line = 1;
    while (rt_utf8_valid(ts_source_line(source, line)))
        line++;
    uint32_t start = source->lines[line - 1];
    uint32_t len = 0;
    struct rt_str text = ts_source_line(source, line);
    while (len < text.len) {
        uint8_t byte = (uint8_t)text.data[len];
        uint32_t step = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        if (len + step > text.len || !rt_utf8_valid(rt_str_n(text.data + len, step)))
            break;
        len += step;
    }
    ts_report(&compile->diags, TS_T_BAD_UTF8, (struct ts_span){source, start + len, 1},
              "this byte (0x%02X) is not UTF-8", (unsigned)(uint8_t)source->text[start + len]);
    return false;
}

static struct ts_ast_file *parse(struct ts_compile *compile, const struct ts_source *source)
{
    if (!check_utf8(compile, source))
        return NULL;
    return ts_parse(&compile->arena, &compile->symbols, &compile->diags, source);
}

static void check(struct ts_compile *compile, struct ts_ast_file *files)
{
    if (files)
        compile->model = ts_check(&compile->arena, &compile->symbols, &compile->diags, files);
}

/* `path` as seen from the directory of `from`. */
static const char *beside(struct ts_compile *compile, const char *from, const char *path)
{
    const char *slash = strrchr(from, '/');
    if (path[0] == '/' || !slash)
        return path;
    return rt_arena_printf(&compile->arena, "%.*s%s", (int)(slash + 1 - from), from, path);
}

/* One file by whatever path: device and inode. */
struct file_identity {
    dev_t device;
    ino_t inode;
};

/* What is read, in order; an import of what was read already adds nothing. */
struct reading {
    struct ts_compile *compile;
    struct file_identity seen[TS_LIMIT_FILES];
    uint32_t count;
    struct ts_ast_file *files;
    struct ts_ast_file **tail;
};

static bool seen_before(struct reading *reading, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false; /* reading it says why */
    for (uint32_t i = 0; i < reading->count; i++)
        if (reading->seen[i].device == info.st_dev && reading->seen[i].inode == info.st_ino)
            return true;
    reading->seen[reading->count] = (struct file_identity){info.st_dev, info.st_ino};
    return false;
}

static int read_one(struct reading *reading, const char *path, struct rt_error *error)
{
    struct ts_compile *compile = reading->compile;
    struct ts_source *source = NULL;
    int rc = ts_source_read(&compile->arena, path, &source, error);
    if (rc != 0)
        return rc;
    source->index = reading->count++;
    struct ts_ast_file *file = parse(compile, source);
    if (file)
        TS_APPEND(reading->tail, file);
    return 0;
}

/* A pipe could keep the compiler waiting, and a device could go on for ever. */
static bool is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/* The schema in the same folder whose name is nearest. */
static void suggest_file(struct reading *reading, const char *path, const char *named,
                         struct ts_diag *diag)
{
    struct rt_arena *arena = &reading->compile->arena;
    const char *slash = strrchr(path, '/');
    const char *shown = strrchr(named, '/');
    DIR *folder = opendir(slash ? rt_arena_strndup(arena, path, (size_t)(slash - path) + 1) : ".");
    if (!folder)
        return;
    struct rt_suggest suggest = rt_suggest_init(slash ? slash + 1 : path);
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (rt_str_ends(rt_str(entry->d_name), RT_STR(".tess")))
            rt_suggest_try(&suggest, rt_arena_strdup(arena, entry->d_name));
    closedir(folder);
    if (suggest.best)
        ts_help(diag, "did you mean \"%.*s%s\"?", shown ? (int)(shown + 1 - named) : 0, named,
                suggest.best);
}

static void report_unread(struct reading *reading, const struct ts_ast_import *import,
                          const char *path, const char *why)
{
    struct ts_diag *diag = ts_note(ts_report(&reading->compile->diags, TS_T_NO_FILE,
                                             import->path.span, "the file cannot be read"),
                                   "%s", why);
    if (access(path, F_OK) != 0)
        suggest_file(reading, path, import->path.symbol->text, diag);
}

/* False for a text with an error, which was reported. */
static bool is_path(const struct ts_ast_import *import)
{
    const char *path = import->path.symbol ? import->path.symbol->text : NULL;
    if (!path || (*path == '\0' && import->path.span.len > 2))
        return false;
    while (*path != '\0' && (unsigned char)*path >= ' ')
        path++;
    return *path == '\0';
}

static void read_import(struct reading *reading, const struct ts_source *from,
                        const struct ts_ast_import *import)
{
    struct ts_diags *diags = &reading->compile->diags;
    struct rt_error error;
    if (!is_path(import))
        return;
    const char *path = beside(reading->compile, from->path, import->path.symbol->text);
    if (reading->count == TS_LIMIT_FILES)
        ts_report(diags, TS_T_TOO_MANY, import->path.span, "a system has at most %d files",
                  TS_LIMIT_FILES);
    else if (is_special(path))
        report_unread(reading, import, path, "it is not a regular file");
    else if (!seen_before(reading, path) && read_one(reading, path, &error) != 0)
        report_unread(reading, import, path, error.message);
}

int ts_compile_file(struct ts_compile *compile, const char *path, struct rt_error *error)
{
    struct reading *reading = RT_ARENA_NEW(&compile->arena, struct reading);
    reading->compile = compile;
    reading->tail = &reading->files;
    seen_before(reading, path);
    int rc = read_one(reading, path, error);
    if (rc != 0)
        return rc;
    for (struct ts_ast_file *file = reading->files; file; file = file->next)
        for (struct ts_ast_import *import = file->imports; import; import = import->next)
            read_import(reading, file->source, import);
    check(compile, reading->files);
    return 0;
}

int ts_compile_text(struct ts_compile *compile, const char *path, struct rt_str text,
                    struct rt_error *error)
{
    struct ts_source *source = NULL;
    int rc = ts_source_from_text(&compile->arena, path, text, &source, error);
    if (rc == 0)
        check(compile, parse(compile, source));
    return rc;
}

bool ts_compile_parses(struct ts_compile *compile, const struct ts_source *source)
{
    return parse(compile, source) && compile->diags.n_errors == 0;
}
