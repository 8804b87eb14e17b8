/*
 * Holds every message of a generated system to its own schema: each bound of each field from both
 * sides, and random values through JSON and protobuf. Then prints random messages for another
 * program to compare, a line each: full protobuf name, bytes in HEX, JSON.
 *
 *   gen_tool random [seed]
 *
 * The random ones that are bounded go through nanopb, too. `gen_tool judge` is gen_judge.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/interop/gen_device.h"
#include "tests/interop/gen_judge.h"
#include "tests/support/wire_values.h"

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

/* What a device reads and writes again are the same bytes. */
static const char *try_device(const void *message, struct rt_arena *arena)
{
    const struct rt_message *type = rt_message_of(message);
    const struct gen_device *device = gen_device_of(type);
    const char *problem = NULL;
    struct rt_buf bytes = {0};
    struct rt_bytes echo;
    if (!device)
        return NULL;
    rt_pb_encode(message, &bytes);
    if (!gen_device_echo(device, rt_buf_bytes(&bytes), arena, &echo))
        problem = rt_arena_printf(arena, "%s: nanopb refuses %zu bytes", type->name, bytes.len);
    else if (!rt_bytes_eq(echo, rt_buf_bytes(&bytes)))
        problem = rt_arena_printf(arena, "%s: nanopb writes other bytes", type->name);
    rt_buf_done(&bytes);
    return problem;
}

static const char *try_type(const struct rt_message *type, struct wire_rng *rng, size_t *tried)
{
    struct rt_arena arena;
    const char *problem = NULL;
    /* A message's own rules relate values that are drawn here one by one. */
    struct rt_message plain = *type;
    plain.n_rules = 0;
    for (int i = 0; i < ROUNDS && !problem; i++) {
        rt_arena_init(&arena, 0);
        void *message = wire_random(&plain, rng, &arena);
        problem = wire_round_trip(message, &arena);
        if (!problem)
            problem = try_device(message, &arena);
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

static int print_random(uint64_t seed)
{
    struct wire_rng rng = {seed};
    size_t tried = 0;
    int problems = 0;
    for (size_t i = 0; i < gen_messages_count; i++)
        problems += try_type(gen_messages[i], &rng, &tried) != NULL;
    fprintf(stderr, "%zu messages, %zu values at bounds, %d wrong\n", gen_messages_count, tried,
            problems);
    return problems > 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "random") == 0)
        return print_random(argc > 2 ? strtoull(argv[2], NULL, 10) : 7);
    if (argc > 1 && strcmp(argv[1], "judge") == 0) {
        gen_judge();
        return 0;
    }
    fprintf(stderr, "usage: gen_tool random [SEED] | judge\n");
    return 2;
}
