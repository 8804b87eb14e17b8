#include "runtime/wire/check.h"

#include <stdio.h>

#include "runtime/base/clock.h"
#include "runtime/wire/expr.h"
#include "runtime/wire/limits.h"

void rt_violations_init(struct rt_violations *violations, struct rt_arena *arena)
{
    violations->arena = arena;
    violations->count = 0;
}

static void add(struct rt_violations *violations, const char *pointer, const char *rule,
                const char *format, va_list args) __attribute__((format(printf, 4, 0)));
static void add(struct rt_violations *violations, const char *pointer, const char *rule,
                const char *format, va_list args)
{
    char message[RT_ERROR_MESSAGE_MAX];
    vsnprintf(message, sizeof message, format, args);
    violations->items[violations->count] = (struct rt_violation){
        .pointer = pointer,
        .rule = rule,
        .message = rt_arena_strdup(violations->arena, message),
    };
}

void rt_violation_add(struct rt_violations *violations, const char *pointer, const char *rule,
                      const char *format, ...)
{
    if (violations->count < RT_VIOLATIONS_MAX) {
        va_list args;
        va_start(args, format);
        add(violations, pointer, rule, format, args);
        va_end(args);
    }
    violations->count++;
}

/* -------------------------------------------------------------------- paths */

/* A key as a reference token of RFC 6901, cut at a character's start when it is too long. */
static void write_key(struct rt_str key, struct rt_buf *out)
{
    size_t len = key.len;
    if (len > RT_WIRE_POINTER_SEGMENT_MAX) {
        len = RT_WIRE_POINTER_SEGMENT_MAX;
        while (len > 0 && ((unsigned char)key.data[len] & 0xC0) == 0x80)
            len--;
    }
    for (size_t i = 0; i < len; i++) {
        if (key.data[i] == '~')
            rt_buf_puts(out, "~0");
        else if (key.data[i] == '/')
            rt_buf_puts(out, "~1");
        else if (key.data[i] != '\0')
            rt_buf_byte(out, (uint8_t)key.data[i]);
    }
}

static void write_path(const struct rt_path *path, struct rt_buf *out)
{
    if (!path)
        return;
    write_path(path->up, out);
    rt_buf_byte(out, '/');
    if (path->name)
        rt_buf_puts(out, path->name);
    else if (path->key.data)
        write_key(path->key, out);
    else
        rt_buf_printf(out, "%zu", path->index);
}

static const char *path_pointer(const struct rt_path *path, const char *suffix,
                                struct rt_arena *arena)
{
    struct rt_buf text = {0};
    write_path(path, &text);
    rt_buf_puts(&text, suffix);
    const char *pointer = rt_arena_strdup(arena, rt_buf_cstr(&text));
    rt_buf_done(&text);
    return pointer;
}

void rt_check_fail(struct rt_check *check, const char *rule, const char *format, ...)
{
    struct rt_violations *violations = check->violations;
    if (violations->count < RT_VIOLATIONS_MAX) {
        va_list args;
        va_start(args, format);
        add(violations, path_pointer(check->path, "", violations->arena), rule, format, args);
        va_end(args);
    }
    violations->count++;
}

void rt_rules_check(const void *message, struct rt_violations *violations)
{
    const struct rt_message *type = rt_message_of(message);
    for (size_t i = 0; i < type->n_rules; i++) {
        const struct rt_rule *rule = &type->rules[i];
        if (rt_expr_broken(&rule->condition, message))
            rt_violation_add(violations, rule->pointer, rule->name, "%s", rule->text);
    }
}

void rt_check_rules(struct rt_check *check, const void *message, size_t before)
{
    const struct rt_message *type = rt_message_of(message);
    struct rt_violations *violations = check->violations;
    if (type->n_rules == 0 || violations->count != before)
        return;
    rt_rules_check(message, violations);
    /* A message's rules point from the message itself; put in front where that is. */
    for (size_t i = before; check->path && i < violations->count && i < RT_VIOLATIONS_MAX; i++)
        violations->items[i].pointer =
            path_pointer(check->path, violations->items[i].pointer, violations->arena);
}
