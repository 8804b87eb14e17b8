#include "runtime/channel/protocol/schema_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/suggest.h"
#include "runtime/channel/protocol/limits.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/receive.h"
#include "runtime/wire/schema.h"

struct rt_schema_check {
    const char *path;
    bool open;
    struct rt_schema *schema;
    struct rt_buf file;
    struct rt_arena arena; /* of one event */
};

int rt_schema_read(const char *path, struct rt_schema **ret, struct rt_buf *ret_file,
                   struct rt_error *error)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return rt_error_set(error, RT_EIO, "%s: %s", path, strerror(errno));
    struct rt_buf bytes = {0};
    struct rt_error why = {0};
    char chunk[16384];
    for (size_t n;
         bytes.len <= RT_SCHEMA_BYTES_MAX && (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        rt_buf_append(&bytes, chunk, n);
    int r = ferror(file) ? rt_error_set(&why, RT_EIO, "it cannot be read") : 0;
    fclose(file);
    if (r == 0)
        r = rt_schema_load(rt_buf_bytes(&bytes), ret, &why);
    if (r == 0 && ret_file) {
        rt_buf_done(ret_file);
        *ret_file = bytes;
    } else {
        rt_buf_done(&bytes);
    }
    return r < 0 ? rt_error_set(error, r, "%s: %s", path, why.message) : 0;
}

int rt_schema_check_new(const char *path, bool open, struct rt_schema_check **ret,
                        struct rt_error *error)
{
    struct rt_schema *schema = NULL;
    struct rt_buf file = {0};
    int r = rt_schema_read(path, &schema, &file, error);
    if (r < 0)
        return r;
    struct rt_schema_check *check = rt_zalloc(sizeof *check);
    *check = (struct rt_schema_check){.path = path, .open = open, .schema = schema, .file = file};
    rt_arena_init(&check->arena, 0);
    *ret = check;
    return 0;
}

void rt_schema_check_free(struct rt_schema_check *check)
{
    if (!check)
        return;
    rt_schema_free(check->schema);
    rt_buf_done(&check->file);
    rt_arena_done(&check->arena);
    free(check);
}

int rt_schema_check_reload(struct rt_schema_check *check, struct rt_error *error)
{
    struct rt_schema *schema = NULL;
    int r = rt_schema_read(check->path, &schema, &check->file, error);
    if (r < 0)
        return r;
    rt_schema_free(check->schema);
    check->schema = schema;
    return 0;
}

int rt_schema_unknown(const struct rt_schema *schema, struct rt_str subject, struct rt_error *error)
{
    char text[RT_SUBJECT_MAX + 1];
    snprintf(text, sizeof text, "%.*s", (int)subject.len, subject.data);
    struct rt_suggest near = rt_suggest_init(text);
    const struct rt_schema_event *event;
    for (size_t i = 0; (event = rt_schema_event(schema, i)); i++)
        rt_suggest_try(&near, event->subject);
    return rt_error_set(error, RT_EINVAL, "%.*s: schema %s has no such subject%s%s",
                        (int)subject.len, subject.data, rt_schema_name(schema),
                        near.best ? "; nearest is " : "", near.best ? near.best : "");
}

struct rt_bytes rt_schema_check_file(void *arg)
{
    const struct rt_schema_check *check = arg;
    return rt_buf_bytes(&check->file);
}

int rt_schema_check_event(void *arg, struct rt_str subject, struct rt_bytes payload,
                          struct rt_error *error)
{
    struct rt_schema_check *check = arg;
    const struct rt_schema_event *event = rt_schema_find(check->schema, subject);
    struct rt_error why;
    void *message;
    if (!event && check->open)
        return 0;
    rt_arena_reset(&check->arena);
    if (!event)
        return rt_schema_unknown(check->schema, subject, error);
    if (event->size_max > 0 && payload.len > event->size_max)
        return rt_error_set(error, RT_ETOOBIG,
                            "%s: a payload of %zu bytes, over the %" PRIu64 " of its schema",
                            event->subject, payload.len, event->size_max);
    if (rt_pb_receive(event->message, payload, &check->arena, &message, &why) < 0)
        return rt_error_set(error, RT_EINVAL, "%s: %s", event->subject, why.message);
    return 0;
}
