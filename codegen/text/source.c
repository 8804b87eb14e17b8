#include "codegen/text/source.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "codegen/text/limits.h"

static void index_lines(struct rt_arena *arena, struct ts_source *source)
{
    uint32_t count = 1;
    const char *end = source->text + source->len;
    for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        count++;
    source->lines = RT_ARENA_ARRAY(arena, count, uint32_t);
    source->n_lines = 1;
    for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        source->lines[source->n_lines++] = (uint32_t)(p - source->text) + 1;
}

static struct ts_source *make(struct rt_arena *arena, const char *path, const char *text,
                              size_t len)
{
    struct ts_source *source = RT_ARENA_NEW(arena, struct ts_source);
    source->path = rt_arena_strdup(arena, path);
    source->text = text;
    source->len = (uint32_t)len;
    index_lines(arena, source);
    return source;
}

static int too_big(struct rt_error *error, const char *path)
{
    return rt_error_set(error, RT_ETOOBIG, "%s: more than %d MiB of text", path,
                        TS_LIMIT_SOURCE_BYTES >> 20);
}

/* A regular file is read in one piece; of anything else (a pipe) the size is not known. */
static int read_all(struct rt_arena *arena, FILE *file, const char *path, char **ret_text,
                    size_t *ret_len, struct rt_error *error)
{
    size_t cap = 64 << 10;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        if (size > TS_LIMIT_SOURCE_BYTES)
            return too_big(error, path);
        if (size > 0)
            cap = (size_t)size + 1;
        rewind(file);
    }
    char *text = rt_arena_alloc(arena, cap + 1);
    size_t len = 0;
    for (size_t n; (n = fread(text + len, 1, cap - len, file)) > 0;) {
        len += n;
        if (len > TS_LIMIT_SOURCE_BYTES)
            return too_big(error, path);
        if (len < cap)
            continue;
        char *bigger = rt_arena_alloc(arena, 2 * cap + 1);
        memcpy(bigger, text, len);
        text = bigger;
        cap *= 2;
    }
    if (ferror(file))
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    text[len] = '\0';
    *ret_text = text;
    *ret_len = len;
    return 0;
}

int ts_source_read(struct rt_arena *arena, const char *path, struct ts_source **ret_source,
                   struct rt_error *error)
{
    bool piped = strcmp(path, "-") == 0;
    FILE *file = piped ? stdin : fopen(path, "rbe");
    if (!file)
        return rt_error_set(error, errno == ENOENT ? RT_ENOTFOUND : RT_EIO, "%s: %s", path,
                            strerror(errno));
    struct stat info;
    char *text = NULL;
    size_t len = 0;
    int rc = fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)
                 ? rt_error_set(error, RT_EIO, "%s: %s", path, strerror(EISDIR))
                 : read_all(arena, file, path, &text, &len, error);
    if (!piped)
        fclose(file);
    if (rc == 0)
        *ret_source = make(arena, path, text, len);
    return rc;
}

int ts_source_from_text(struct rt_arena *arena, const char *path, struct rt_str text,
                        struct ts_source **ret_source, struct rt_error *error)
{
    if (text.len > TS_LIMIT_SOURCE_BYTES)
        return too_big(error, path);
    *ret_source = make(arena, path, rt_arena_strndup(arena, text.data, text.len), text.len);
    return 0;
}

/* The line that holds an offset, from 0. */
static uint32_t line_index(const struct ts_source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->n_lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct ts_line_column ts_source_locate(const struct ts_source *source, uint32_t offset)
{
    uint32_t line = line_index(source, offset);
    struct ts_line_column at = {.line = line + 1, .column = 1};
    for (uint32_t i = source->lines[line]; i < offset && i < source->len; i++)
        if (((uint8_t)source->text[i] & 0xC0) != 0x80)
            at.column++;
    return at;
}

struct rt_str ts_source_line(const struct ts_source *source, uint32_t line)
{
    RT_ASSERT(line >= 1 && line <= source->n_lines);
    uint32_t start = source->lines[line - 1];
    uint32_t end = line < source->n_lines ? source->lines[line] - 1 : source->len;
    if (end > start && source->text[end - 1] == '\r')
        end--;
    return rt_str_n(source->text + start, end - start);
}

uint32_t ts_span_line(struct ts_span span)
{
    return span.source ? line_index(span.source, span.offset) + 1 : 0;
}

struct ts_span ts_span_join(struct ts_span from, struct ts_span to)
{
    RT_ASSERT(from.source == to.source && from.offset <= to.offset + to.len);
    return (struct ts_span){from.source, from.offset, to.offset + to.len - from.offset};
}
