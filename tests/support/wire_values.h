/*
 * Values of any message, made from its tables alone: random ones that are valid, and every bound
 * of every field from both sides. So each message that the compiler emits can be held to its own
 * schema without a line of test code about it.
 */
#ifndef TESTS_WIRE_VALUES_H
#define TESTS_WIRE_VALUES_H

#include "runtime/wire/wire.h"

struct wire_rng {
    uint64_t state; /* any seed */
};

uint64_t wire_random_below(struct wire_rng *rng, uint64_t n);
/* A message of random valid values; optional ones are there half of the time. Panics when a
 * pattern is not among those it knows a text for. */
void *wire_random(const struct rt_message *type, struct wire_rng *rng, struct rt_arena *arena);

/* Sends the message through protobuf and JSON and back, and compares. Returns NULL, or what went
 * wrong (in `arena`). */
const char *wire_round_trip(const void *message, struct rt_arena *arena);
/* Tries each bound of each field of the type: accepted at the limit, refused one past it with that
 * one violation, by rt_validate, after protobuf, and as JSON. Returns NULL, or what went wrong;
 * counts the values tried. */
const char *wire_boundaries(const struct rt_message *type, struct wire_rng *rng,
                            struct rt_arena *arena, size_t *tried);

#endif
