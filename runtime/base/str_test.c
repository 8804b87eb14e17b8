#include <criterion/criterion.h>

#include "runtime/base/str.h"

Test(str, compares_and_trims)
{
    cr_assert(rt_str_eq(rt_str_trim(RT_STR(" \t a b\r\n")), RT_STR("a b")));
    cr_assert(rt_str_eq(rt_str_trim(RT_STR("  ")), RT_STR("")));
    cr_assert(rt_str_eq_nocase(RT_STR("Content-TYPE"), RT_STR("content-type")));
    cr_assert_lt(rt_bytes_cmp(rt_bytes("ab", 2), rt_bytes("abc", 3)), 0);
    cr_assert_gt(rt_bytes_cmp(rt_bytes("b", 1), rt_bytes("abc", 3)), 0);
    cr_assert(rt_str_starts(RT_STR("abc"), RT_STR("ab")));
    cr_assert_not(rt_str_ends(RT_STR("bc"), RT_STR("abc")));
}

Test(str, parses_integers_to_their_bounds)
{
    uint64_t u = 0;
    int64_t i = 0;
    cr_assert(rt_str_to_u64(RT_STR("18446744073709551615"), &u));
    cr_assert_eq(u, UINT64_MAX);
    cr_assert_not(rt_str_to_u64(RT_STR("18446744073709551616"), &u));
    cr_assert_not(rt_str_to_u64(RT_STR(""), &u));
    cr_assert(rt_str_to_i64(RT_STR("-9223372036854775808"), &i));
    cr_assert_eq(i, INT64_MIN);
    cr_assert_not(rt_str_to_i64(RT_STR("9223372036854775808"), &i));
    cr_assert_not(rt_str_to_i64(RT_STR("-"), &i));
}

Test(str, malformed_utf_8_is_recognised)
{
    cr_assert(rt_utf8_valid(RT_STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")));
    cr_assert_eq(rt_utf8_count(RT_STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")), 4);
    static const char *const bad[] = {
        "\x80",         "\xC0\x80",         "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(rt_utf8_valid(rt_str(bad[i])), "case %zu", i);
}

Test(str, base64_round_trips)
{
    uint8_t bytes[64];
    for (size_t len = 0; len < sizeof bytes; len++) {
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(i * 37 + len);
        for (int url = 0; url < 2; url++) {
            char text[128];
            uint8_t back[128];
            size_t back_len = 0;
            size_t text_len = rt_base64_encode(rt_bytes(bytes, len), url, text);
            cr_assert_eq(strlen(text), text_len);
            cr_assert(rt_base64_decode(rt_str_n(text, text_len), back, &back_len));
            cr_assert(rt_bytes_eq(rt_bytes(back, back_len), rt_bytes(bytes, len)));
        }
    }
}

Test(str, base64_refuses_garbage)
{
    static const char *const bad[] = {"A", "AA=", "A===", "AA!A", "AB", "AA==AA"};
    uint8_t out[16];
    size_t len = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(rt_base64_decode(rt_str(bad[i]), out, &len), "%s", bad[i]);
}
