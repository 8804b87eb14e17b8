#include <criterion/criterion.h>

#include "runtime/channel/protocol/subject.h"

Test(subject, subjects_are_held_to_their_grammar)
{
    static const char *const good[] = {"a", "ticket:created", "a.b:c", "$dead:x", "caf\xc3\xa9"};
    static const char *const bad[] = {"",    ":",   "a:",  ":a",    "a::b",    "a b",
                                      "a:*", "a:>", "a\n", "a\x7f", "\xc3\x28"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(rt_subject_valid(rt_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(rt_subject_valid(rt_str(bad[i])), "%s", bad[i]);
    cr_assert_not(rt_subject_valid(rt_str_n("a\0b", 3)));
    char text[256];
    memset(text, 'x', sizeof text);
    cr_assert(rt_subject_valid(rt_str_n(text, 255)));
    cr_assert_not(rt_subject_valid(rt_str_n(text, 256)));
}

Test(subject, filters_are_held_to_their_grammar)
{
    static const char *const good[] = {"*", ">", "a:*", "a.>", "*:b", "*.*"};
    static const char *const bad[] = {">:a", "a*", "a:>b", "**", "a:"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(rt_filter_valid(rt_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(rt_filter_valid(rt_str(bad[i])), "%s", bad[i]);
}

Test(subject, a_filter_matches_by_tokens)
{
    static const struct {
        const char *filter, *subject;
        bool match;
    } cases[] = {
        {"a:b", "a:b", true},         {"a:b", "a.b", true},    {"a:b", "a:c", false},
        {"a:b", "a", false},          {"a", "a:b", false},     {"*", "a", true},
        {"*", "a:b", false},          {"a:*", "a:b", true},    {"a:*", "a", false},
        {"*:b", "a:b", true},         {">", "a", true},        {">", "a:b:c", true},
        {"a:>", "a:b:c", true},       {"a:>", "a", false},     {"a:>", "ab:c", false},
        {"*:*:c", "a:b:c", true},     {">", "$dead:x", false}, {"*:x", "$dead:x", false},
        {"$dead:>", "$dead:x", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert_eq(rt_filter_match(rt_str(cases[i].filter), rt_str(cases[i].subject)),
                     cases[i].match, "%s and %s", cases[i].filter, cases[i].subject);
}

Test(subject, permissions_cover_filters)
{
    static const struct {
        const char *permission, *filter;
        bool covers;
    } cases[] = {
        {"a:>", "a:b", true},  {"a:>", "a:*", true}, {"a:>", "a:>", true},
        {"a:*", "a:>", false}, {"a:*", "a:*", true}, {"a:b", "a:*", false},
        {"a:>", ">", false},   {">", ">", true},     {">", "$dead:>", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert_eq(rt_filter_covers(rt_str(cases[i].permission), rt_str(cases[i].filter)),
                     cases[i].covers, "%s and %s", cases[i].permission, cases[i].filter);
}

Test(subject, filters_overlap_when_a_subject_may_match_both)
{
    static const struct {
        const char *a, *b;
        bool overlap;
    } cases[] = {
        {"a:*", "*:b", true},  {"a:b", "a.b", true},    {"a:>", "a:b:c", true},
        {"a:*", "b:*", false}, {"a:*", "a", false},     {"a:*", "a:b:c", false},
        {">", "a", true},      {">", "$dead:>", false}, {"a:>", "a", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_str a = rt_str(cases[i].a), b = rt_str(cases[i].b);
        cr_assert_eq(rt_filter_overlaps(a, b), cases[i].overlap, "%s %s", cases[i].a, cases[i].b);
        cr_assert_eq(rt_filter_overlaps(b, a), cases[i].overlap, "%s %s", cases[i].b, cases[i].a);
    }
}

Test(subject, memo_of_a_match_agrees_with_the_filters)
{
    struct rt_match match;
    const struct rt_str filters[] = {RT_STR("a:*"), RT_STR("b:>")};
    rt_match_init(&match, filters, 2);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 1000; i++) {
            char subject[] = {"abcd"[i % 4], ':', (char)('a' + i / 4 % 26), ':', 'x', 0};
            size_t len = i % 3 ? 3 : 5;
            bool want = subject[0] == 'b' || (subject[0] == 'a' && len == 3);
            cr_assert_eq(rt_match_any(&match, rt_str_n(subject, len)), want);
        }
    }
    rt_match_done(&match);
}

Test(subject, names_are_held_to_their_characters_and_length)
{
    cr_assert(rt_name_valid(RT_STR("orders-2.eu_west:a")));
    cr_assert_not(rt_name_valid(RT_STR("")));
    cr_assert_not(rt_name_valid(RT_STR("a b")));
    cr_assert_not(rt_name_valid(RT_STR("a>")));
}
