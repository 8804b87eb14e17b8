#include "tests/interop/gen_judge.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/wire/wire.h"
#include "tests/interop/gen_device.h"

static const struct rt_message *message_called(const char *name)
{
    for (size_t i = 0; i < gen_messages_count; i++)
        if (strcmp(gen_messages[i]->pb.name, name) == 0)
            return gen_messages[i];
    rt_panic("no message is called %s", name);
}

static struct rt_bytes from_hex(const char *hex, struct rt_arena *arena)
{
    size_t len = strlen(hex) / 2;
    uint8_t *bytes = rt_arena_alloc(arena, len + 1);
    for (size_t i = 0; i < len; i++) {
        char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return (struct rt_bytes){bytes, len};
}

static void put_hex(struct rt_bytes bytes, struct rt_buf *out)
{
    rt_buf_byte(out, '"');
    for (size_t i = 0; i < bytes.len; i++)
        rt_buf_printf(out, "%02x", ((const uint8_t *)bytes.data)[i]);
    rt_buf_byte(out, '"');
}

static void put_device(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                       struct rt_buf *out)
{
    const struct gen_device *device = gen_device_of(type);
    struct rt_bytes echo;
    if (!device)
        return;
    rt_buf_puts(out, ", \"device\": ");
    if (gen_device_echo(device, in, arena, &echo))
        put_hex(echo, out);
    else
        rt_buf_puts(out, "false");
}

static void put_refusal(const struct rt_violations *violations, struct rt_buf *out)
{
    rt_buf_puts(out, "{\"refused\": [");
    for (size_t i = 0; i < violations->count && i < RT_VIOLATIONS_MAX; i++) {
        rt_buf_puts(out, i > 0 ? ", [" : "[");
        rt_json_string(rt_str(violations->items[i].pointer), out);
        rt_buf_puts(out, ", ");
        rt_json_string(rt_str(violations->items[i].rule), out);
        rt_buf_byte(out, ']');
    }
    rt_buf_byte(out, ']');
}

static void put_message(const void *message, struct rt_buf *out)
{
    struct rt_buf bytes = {0};
    rt_pb_encode(message, &bytes);
    rt_buf_puts(out, "{\"hex\": ");
    put_hex(rt_buf_bytes(&bytes), out);
    rt_buf_puts(out, ", \"json\": ");
    rt_json_encode(message, out);
    rt_buf_done(&bytes);
}

static void judge(const char *way, const char *name, const char *text, struct rt_arena *arena,
                  struct rt_buf *out)
{
    const struct rt_message *type = message_called(name);
    struct rt_violations violations;
    struct rt_error error;
    void *message = NULL;
    bool as_json = strcmp(way, "json") == 0;
    struct rt_bytes in = as_json ? rt_str_bytes(rt_str(text)) : from_hex(text, arena);
    rt_violations_init(&violations, arena);
    if (as_json)
        rt_json_decode(type, in, arena, &message, &violations);
    else if (rt_pb_decode(type, in, arena, &message, &error) != 0)
        rt_violation_add(&violations, "", "pb", "%s", error.message);
    else
        rt_validate(message, &violations);
    if (violations.count > 0)
        put_refusal(&violations, out);
    else
        put_message(message, out);
    if (!as_json)
        put_device(type, in, arena, out);
    rt_buf_puts(out, "}\n");
}

void gen_judge(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len = 0;
    while ((len = getline(&line, &cap, stdin)) > 0) {
        struct rt_arena arena;
        struct rt_buf out = {0};
        char *rest = line;
        line[len - 1] = '\0';
        char *way = strsep(&rest, " ");
        char *name = strsep(&rest, " ");
        rt_arena_init(&arena, 0);
        judge(way, name, rest, &arena, &out);
        fwrite(out.data, 1, out.len, stdout);
        fflush(stdout);
        rt_buf_done(&out);
        rt_arena_done(&arena);
    }
    free(line);
}
