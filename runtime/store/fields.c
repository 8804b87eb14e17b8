#include "runtime/store/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLASS_MAX = 32, NAME_MAX_ = 128 };

/* One line of the text. */
struct line {
    uint32_t number;
    char class[CLASS_MAX];
    char name[NAME_MAX_];
};

/* What decides how a stored value is read. One and optional are the same on the wire. */
static void class_of(const struct rt_field *field, char out[CLASS_MAX])
{
    static const char *const kinds[] = {
        [RT_BOOL] = "bool",     [RT_I32] = "i32",           [RT_I64] = "i64",
        [RT_U32] = "u32",       [RT_U64] = "u64",           [RT_F64] = "f64",
        [RT_STRING] = "text",   [RT_BYTES] = "bytes",       [RT_ID] = "text",
        [RT_REF] = "text",      [RT_TIME] = "time",         [RT_DATE] = "date",
        [RT_ENUM] = "enum",     [RT_DURATION] = "duration", [RT_MESSAGE] = "message",
        [RT_PASSWORD] = "text", [RT_VERSION] = "version",
    };
    static const char *const shapes[] = {
        [RT_ONE] = "", [RT_OPTIONAL] = "", [RT_LIST] = "-list", [RT_MAP] = "-map"};
    const char *shape = shapes[field->shape];
    if (field->kind == RT_DECIMAL)
        snprintf(out, CLASS_MAX, "decimal(%u)%s", field->scale, shape);
    else
        snprintf(out, CLASS_MAX, "%s%s", kinds[field->kind], shape);
}

/* An integer may become wider: its bytes are the same. */
static bool readable_as(const char *stored, const char *now)
{
    return strcmp(stored, now) == 0 || (strcmp(stored, "i32") == 0 && strcmp(now, "i64") == 0) ||
           (strcmp(stored, "u32") == 0 && strcmp(now, "u64") == 0);
}

static void put_line(struct rt_buf *out, const struct line *line)
{
    rt_buf_printf(out, "%" PRIu32 " %s %s\n", line->number, line->class, line->name);
}

/* The model's field with the smallest number above `after`, or NULL. */
static const struct rt_field *field_above(const struct rt_message *message, uint32_t after)
{
    const struct rt_field *found = NULL;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct rt_field *field = &message->fields[i];
        if (field->number > after && (found == NULL || field->number < found->number))
            found = field;
    }
    return found;
}

static struct line line_of(const struct rt_field *field)
{
    struct line line = {.number = field->number};
    class_of(field, line.class);
    snprintf(line.name, sizeof line.name, "%s", field->name);
    return line;
}

/* The next line of `*text`; its number is 0 at the end. False: no such line. */
static bool parse_line(const char **text, struct line *ret)
{
    *ret = (struct line){0};
    if (**text == '\0')
        return true;
    int len = 0;
    if (sscanf(*text, "%" SCNu32 " %31s %127s%n", &ret->number, ret->class, ret->name, &len) != 3 ||
        ret->number == 0 || (*text)[len] != '\n')
        return false;
    *text += len + 1;
    return true;
}

int rt_fields_merge(const struct rt_model *model, const char *stored, struct rt_buf *out,
                    struct rt_error *error)
{
    const char *rest = stored ? stored : "";
    const struct rt_field *field = field_above(model->message, 0);
    struct line old;
    bool parsed = parse_line(&rest, &old);
    while (parsed && (old.number != 0 || field != NULL)) {
        if (field == NULL || (old.number != 0 && old.number < field->number)) {
            put_line(out, &old); /* dropped, and remembered */
            parsed = parse_line(&rest, &old);
            continue;
        }
        struct line now = line_of(field);
        if (old.number == now.number) {
            if (!readable_as(old.class, now.class))
                return rt_error_set(error, RT_ECONFLICT,
                                    "model %s: field %" PRIu32
                                    " is stored as %s (%s) and is %s (%s) now; a field's number "
                                    "may not change its meaning",
                                    model->name, now.number, old.class, old.name, now.class,
                                    now.name);
            parsed = parse_line(&rest, &old);
        }
        put_line(out, &now);
        field = field_above(model->message, now.number);
    }
    return parsed
               ? 0
               : rt_error_set(error, RT_ECORRUPT,
                              "the stored list of fields of model %s makes no sense", model->name);
}
