#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "runtime/base/arena.h"

Test(arena, keeps_pointers_and_alignment)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 64);
    char *first = rt_arena_strdup(&arena, "first");
    for (size_t i = 1; i < 200; i++) {
        void *p = rt_arena_alloc(&arena, i);
        cr_assert_eq((uintptr_t)p % _Alignof(max_align_t), 0);
        memset(p, 0xFF, i);
    }
    cr_assert_str_eq(first, "first");
    rt_arena_done(&arena);
}

Test(arena, rewind_gives_back_and_reset_keeps_one_block)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 64);
    char *kept = rt_arena_printf(&arena, "%d-%s", 7, "kept");
    struct rt_arena_mark mark = rt_arena_mark(&arena);
    size_t before = arena.total;
    rt_arena_alloc(&arena, 10000);
    rt_arena_rewind(&arena, mark);
    cr_assert_eq(arena.total, before);
    cr_assert_str_eq(kept, "7-kept");
    rt_arena_reset(&arena);
    cr_assert_eq(arena.total, 0);
    cr_assert_not_null(arena.block);
    rt_arena_done(&arena);
    cr_assert_null(arena.block);
}

Test(arena, formats_and_joins_across_the_ends_of_blocks)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 72); /* not a multiple of the alignment */
    for (int i = 0; i < 500; i++) {
        char want[128];
        snprintf(want, sizeof want, "%d%0*d", i, i % 100 + 1, i);
        char *text = rt_arena_printf(&arena, "%d%0*d", i, i % 100 + 1, i);
        char *joined = rt_arena_join(&arena, "<", want, "", ">", NULL);
        cr_assert_str_eq(text, want);
        cr_assert_eq(joined[0], '<');
        cr_assert_eq(strncmp(joined + 1, want, strlen(want)), 0);
        cr_assert_str_eq(joined + 1 + strlen(want), ">");
    }
    cr_assert_str_eq(rt_arena_join(&arena, "", NULL), "");
    rt_arena_done(&arena);
}
