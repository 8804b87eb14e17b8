/* Messages made from the tables: random ones go round, bounds hold from both sides. */
#include <criterion/criterion.h>

#include "tests/support/sample.h"
#include "tests/support/wire_values.h"

static const struct rt_message *const types[] = {&sample_message, &sample_part_message,
                                                 &sample_owner_message, &sample_record_message,
                                                 &sample_view_message};

Test(values, random_messages_go_round)
{
    struct wire_rng rng = {1};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (int k = 0; k < 300; k++) {
            struct rt_arena arena;
            struct rt_message plain = *types[i];
            plain.n_rules = 0; /* a random message may break its own rules */
            rt_arena_init(&arena, 0);
            const char *problem = wire_round_trip(wire_random(&plain, &rng, &arena), &arena);
            cr_assert_null(problem, "%s", problem);
            rt_arena_done(&arena);
        }
}

Test(values, bounds_hold_from_both_sides)
{
    struct wire_rng rng = {2};
    size_t tried = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct rt_arena arena;
        rt_arena_init(&arena, 0);
        const char *problem = wire_boundaries(types[i], &rng, &arena, &tried);
        cr_assert_null(problem, "%s", problem);
        rt_arena_done(&arena);
    }
    cr_expect_gt(tried, 90);
}
