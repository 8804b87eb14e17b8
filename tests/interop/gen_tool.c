/*
 * Holds every message of a generated system to its own schema: each bound of each field from both
 * sides, and random values through JSON and protobuf. Then prints random messages for another
 * program to compare, a line each: full protobuf name, bytes in HEX, JSON.
 *
 *   gen_tool [seed]
 */
#include "tests/interop/gen_messages.h"
#include "tests/support/wire_values.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 50 };

/* Nothing may be left over as unknown: the tables name all fields that they encode. */
static void print_message(const void *message)
{
    struct rt_buf bytes = {0};
    struct rt_buf json = {0};
    rt_pb_encode(message, &bytes);
    rt_json_encode(message, &json);
    printf("%s ", rt_message_of(message)->pb.name);
    for (size_t i = 0; i < bytes.len; i++)
        printf("%02x", bytes.data[i]);
    printf(" %s\n", rt_buf_cstr(&json));
    rt_buf_done(&bytes);
    rt_buf_done(&json);
}

static const char *try_type(const struct rt_message *type, struct wire_rng *rng, size_t *tried)
{
    struct rt_arena arena;
    const char *problem = NULL;
    /* A message's own rules relate values that are drawn here one by one. */
    struct rt_message plain = *type;
    plain.check = NULL;
    for (int i = 0; i < ROUNDS && !problem; i++) {
        rt_arena_init(&arena, 0);
        void *message = wire_random(&plain, rng, &arena);
        problem = wire_round_trip(message, &arena);
        if (!problem)
            problem = wire_boundaries(type, rng, &arena, tried);
        if (problem)
            fprintf(stderr, "%s\n", problem);
        else
            print_message(message);
        rt_arena_done(&arena);
    }
    return problem;
}

int main(int argc, char **argv)
{
    struct wire_rng rng = {argc > 1 ? strtoull(argv[1], NULL, 10) : 7};
    size_t tried = 0;
    int problems = 0;
    for (size_t i = 0; i < gen_messages_count; i++)
        problems += try_type(gen_messages[i], &rng, &tried) != NULL;
    fprintf(stderr, "%zu messages, %zu values at bounds, %d wrong\n", gen_messages_count, tried,
            problems);
    return problems > 0;
}
