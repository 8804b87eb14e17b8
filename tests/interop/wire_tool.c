/*
 * Lets another program compare its protobuf with ours: one request a line, one answer a line.
 *
 *   pb HEX      bytes of a sample -> the same encoded again, a space, its JSON
 *   json BODY   a body -> its bytes in HEX
 *   record HEX  bytes of a Record -> the same encoded again, a space, its JSON
 *
 * What is refused is answered with "refused " and why.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/sample.h"

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void put_hex(const struct rt_buf *bytes)
{
    for (size_t i = 0; i < bytes->len; i++)
        printf("%02x", bytes->data[i]);
}

static void answer_pb(const struct rt_message *type, const char *hex, struct rt_arena *arena)
{
    struct rt_buf in = {0};
    struct rt_buf again = {0};
    struct rt_buf json = {0};
    struct rt_error error;
    void *message = NULL;
    for (; hex[0] && hex[1]; hex += 2)
        rt_buf_byte(&in, (uint8_t)(hex_digit(hex[0]) * 16 + hex_digit(hex[1])));
    if (rt_pb_decode(type, rt_buf_bytes(&in), arena, &message, &error) != 0) {
        printf("refused %s\n", error.message);
    } else {
        rt_pb_encode(message, &again);
        put_hex(&again);
        RT_ASSERT(rt_json_from_pb(type, rt_buf_bytes(&in), &json) == 0);
        printf(" %s\n", rt_buf_cstr(&json));
    }
    rt_buf_done(&in);
    rt_buf_done(&again);
    rt_buf_done(&json);
}

static void answer_json(struct rt_str body, struct rt_arena *arena)
{
    struct rt_violations violations;
    struct rt_buf out = {0};
    void *message = NULL;
    rt_violations_init(&violations, arena);
    if (rt_json_decode(&sample_message, rt_str_bytes(body), arena, &message, &violations) != 0) {
        printf("refused %s: %s\n", violations.items[0].pointer, violations.items[0].message);
        return;
    }
    rt_pb_encode(message, &out);
    put_hex(&out);
    printf("\n");
    rt_buf_done(&out);
}

int main(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len = 0;
    while ((len = getline(&line, &cap, stdin)) > 0) {
        struct rt_arena arena;
        rt_arena_init(&arena, 0);
        line[len - 1] = '\0';
        char *text = strchr(line, ' ');
        RT_ASSERT(text);
        *text++ = '\0';
        if (strcmp(line, "json") == 0)
            answer_json(rt_str(text), &arena);
        else
            answer_pb(strcmp(line, "pb") == 0 ? &sample_message : &sample_record_message, text,
                      &arena);
        rt_arena_done(&arena);
        fflush(stdout);
    }
    free(line);
    return 0;
}
