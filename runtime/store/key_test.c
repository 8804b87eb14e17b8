/* The order of keys is the order of values. */
#include <math.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/store/key.h"

static struct rt_arena arena;

static void setup(void)
{
    rt_arena_init(&arena, 0);
}

static void teardown(void)
{
    rt_arena_done(&arena);
}

TestSuite(key, .init = setup, .fini = teardown);

static int order_of(enum rt_key_class class, struct rt_value a, struct rt_value b)
{
    uint8_t classes[] = {(uint8_t) class};
    struct rt_bytes key_a = rt_key_index(&arena, RT_SPACE_INDEX, 1, classes, &a, 1, RT_STR("id"));
    struct rt_bytes key_b = rt_key_index(&arena, RT_SPACE_INDEX, 1, classes, &b, 1, RT_STR("id"));
    int order = rt_bytes_cmp(key_a, key_b);
    return (order > 0) - (order < 0);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

Test(key, keys_of_signed_integers_sort_as_the_numbers_do)
{
    static const int64_t sorted[] = {INT64_MIN, INT64_MIN + 1, -256, -1, 0, 1, 255, 256, INT64_MAX};
    enum { N = sizeof sorted / sizeof sorted[0] };
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++)
            cr_expect_eq(order_of(RT_KEY_I64, (struct rt_value){.present = true, .i = sorted[a]},
                                  (struct rt_value){.present = true, .i = sorted[b]}),
                         sign(a - b));
}

Test(key, keys_of_doubles_sort_as_the_numbers_do)
{
    static const double sorted[] = {-INFINITY, -1e300, -1.5, -1e-300, 0.0,
                                    1e-300,    1.5,    2.0,  1e300,   INFINITY};
    enum { N = sizeof sorted / sizeof sorted[0] };
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++)
            cr_expect_eq(order_of(RT_KEY_F64, (struct rt_value){.present = true, .f = sorted[a]},
                                  (struct rt_value){.present = true, .f = sorted[b]}),
                         sign(a - b));
    cr_expect_eq(order_of(RT_KEY_F64, (struct rt_value){.present = true, .f = -0.0},
                          (struct rt_value){.present = true, .f = 0.0}),
                 0);
}

Test(key, keys_of_unsigned_integers_sort_and_absent_comes_first)
{
    struct rt_value absent = {0}, zero = {.present = true, .u = 0},
                    most = {.present = true, .u = UINT64_MAX};
    cr_expect_eq(order_of(RT_KEY_U64, absent, zero), -1);
    cr_expect_eq(order_of(RT_KEY_U64, zero, most), -1);
    cr_expect_eq(
        order_of(RT_KEY_TEXT, absent, (struct rt_value){.present = true, .s = rt_str_n(NULL, 0)}),
        -1);
}

/* Short texts over a tiny alphabet that has the bytes of the escape, so that collisions and
 * prefixes are common. */
static struct rt_str random_text(unsigned *seed)
{
    static const char alphabet[] = {0x00, 0x01, 'a', (char)0xFF};
    size_t len = (size_t)rand_r(seed) % 5;
    char *text = rt_arena_alloc(&arena, len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = alphabet[(size_t)rand_r(seed) % sizeof alphabet];
    return rt_str_n(text, len);
}

Test(key, text_order_is_bytewise_whatever_follows)
{
    static const uint8_t classes[] = {RT_KEY_TEXT, RT_KEY_TEXT};
    unsigned seed = 7;
    for (int i = 0; i < 20000; i++) {
        struct rt_value a[2] = {{.present = true, .s = random_text(&seed)},
                                {.present = true, .s = random_text(&seed)}};
        struct rt_value b[2] = {{.present = true, .s = random_text(&seed)},
                                {.present = true, .s = random_text(&seed)}};
        int expected = rt_bytes_cmp(rt_str_bytes(a[0].s), rt_str_bytes(b[0].s));
        if (expected == 0)
            expected = rt_bytes_cmp(rt_str_bytes(a[1].s), rt_str_bytes(b[1].s));
        struct rt_bytes key_a =
            rt_key_index(&arena, RT_SPACE_UNIQUE, 1, classes, a, 2, rt_str_n(NULL, 0));
        struct rt_bytes key_b =
            rt_key_index(&arena, RT_SPACE_UNIQUE, 1, classes, b, 2, rt_str_n(NULL, 0));
        cr_assert_eq(sign(rt_bytes_cmp(key_a, key_b)), sign(expected));
    }
}

Test(key, skip_finds_the_id_and_refuses_garbage)
{
    static const uint8_t classes[] = {RT_KEY_TEXT, RT_KEY_I64, RT_KEY_TEXT};
    struct rt_value values[] = {
        {.present = true, .s = {"a\0b", 3}}, {.present = true, .i = -5}, {0}};
    struct rt_bytes key =
        rt_key_index(&arena, RT_SPACE_INDEX, 1, classes, values, 3, RT_STR("the-id"));
    struct rt_bytes rest = rt_bytes(key.data + RT_KEY_HEAD_LEN, key.len - RT_KEY_HEAD_LEN);
    for (int i = 0; i < 3; i++)
        cr_assert(rt_key_skip((enum rt_key_class)classes[i], &rest));
    cr_assert(rt_bytes_eq(rest, rt_bytes("the-id", 6)));

    static const char *const bad[] = {"\x02", "\x01",
                                      "\x01"
                                      "abc",
                                      "\x01"
                                      "a\x00\x02"};
    static const size_t bad_len[] = {1, 1, 4, 4};
    for (int i = 0; i < 4; i++) {
        rest = rt_bytes(bad[i], bad_len[i]);
        cr_expect_not(rt_key_skip(RT_KEY_TEXT, &rest));
    }
    rest = rt_bytes("\x01\x80\0\0\0\0\0\0", 8);
    cr_expect_not(rt_key_skip(RT_KEY_I64, &rest), "one byte short");
}

Test(key, after_is_above_every_key_with_the_prefix)
{
    struct rt_bytes after = rt_key_after(&arena, rt_bytes("x\x01\xFF\xFF", 4));
    cr_expect(rt_bytes_eq(after, rt_bytes("x\x02", 2)));
}
