#include <criterion/criterion.h>

#include "runtime/base/buf.h"
#include "runtime/http/url.h"

static bool split(struct rt_str target, struct rt_url_target *ret)
{
    return rt_url_target_clean(target) && rt_url_target_split(target, ret);
}

static void expect_target(const char *target, const char *path, const char *query)
{
    struct rt_url_target parts;
    cr_assert(split(rt_str(target), &parts), "%s", target);
    cr_expect(rt_str_eq(parts.path, rt_str(path)), "%s", target);
    cr_expect(rt_str_eq(parts.query, rt_str(query)), "%s", target);
}

Test(url, targets_are_split_into_path_and_query)
{
    expect_target("/", "/", "");
    expect_target("/a/b?c=d&e", "/a/b", "c=d&e");
    expect_target("/?", "/", "");
    expect_target("/a?b?c", "/a", "b?c");
    expect_target("//a", "//a", "");
    expect_target("/a%2Fb", "/a%2Fb", "");
    expect_target("/[x]|^?{a}\\", "/[x]|^", "{a}\\");
    expect_target("http://host", "/", "");
    expect_target("http://host:80/a?b", "/a", "b");
    expect_target("HTTPS://host?b", "/", "b");
    expect_target("*", "*", "");
}

Test(url, refuses_what_is_no_target)
{
    static const char *const bad[] = {
        "",      "a",     "a/b",       "/a b",  "/a#b",    "/a\tb",     "/\x7F",
        "/\xC3", "/\\..", "ftp://a/b", "http:", "http://", "http:///a", "http://u@h/",
        "*/",    "/\"",   "/<",        "/a>",   "host:80", "?a",        "http:/a",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rt_url_target parts = {.asterisk = true};
        cr_expect_not(split(rt_str(bad[i]), &parts), "%s", bad[i]);
        cr_expect(parts.asterisk, "the output was touched");
    }
}

Test(url, looks_at_every_byte_of_a_target)
{
    enum { LEN = 21 };
    char target[LEN];
    for (size_t at = 1; at < LEN; at++) {
        for (int c = 0; c < 256; c++) {
            struct rt_url_target parts;
            memset(target, 'a', LEN);
            target[0] = '/';
            target[at] = (char)c;
            bool good = c > ' ' && c < 0x7F && !strchr("\"#<>\\", c);
            cr_expect_eq(split(rt_str_n(target, LEN), &parts), good, "byte %#x at %zu", (unsigned)c,
                         at);
        }
    }
}

Test(url, escapes_are_decoded_and_plus_only_in_queries)
{
    static const struct {
        const char *raw;
        const char *path;
        const char *query;
    } cases[] = {
        {"", "", ""},
        {"abc", "abc", "abc"},
        {"a+b", "a+b", "a b"},
        {"%61%2f%2F", "a//", "a//"},
        {"%2B+", "++", "+ "},
        {"%C3%a9", "\xC3\xA9", "\xC3\xA9"},
        {"%25%32%35", "%25", "%25"}, /* decoded once only */
        {"%0a", "\n", "\n"},
    };
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_str text;
        cr_assert(rt_url_decode(rt_str(cases[i].raw), RT_URL_PLUS_IS_PLUS, &arena, &text));
        cr_expect(rt_str_eq(text, rt_str(cases[i].path)), "%s", cases[i].raw);
        cr_assert(rt_url_decode(rt_str(cases[i].raw), RT_URL_PLUS_IS_SPACE, &arena, &text));
        cr_expect(rt_str_eq(text, rt_str(cases[i].query)), "%s", cases[i].raw);
    }
    rt_arena_done(&arena);
}

Test(url, refuses_bad_escapes)
{
    static const char *const bad[] = {"%",   "%4",    "a%",          "%zz",    "%4g",
                                      "%00", "a%00b", "%C3",         "%C0%80", "%ED%A0%80",
                                      "%FF", "%+1",   "%F4%90%80%80"};
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rt_str text = {NULL, 77};
        cr_expect_not(rt_url_decode(rt_str(bad[i]), RT_URL_PLUS_IS_PLUS, &arena, &text), "%s",
                      bad[i]);
        cr_expect_eq(text.len, 77);
    }
    struct rt_str text;
    cr_expect_not(rt_url_decode(RT_STR("a\0b"), RT_URL_PLUS_IS_PLUS, &arena, &text));
    cr_expect_not(rt_url_decode(RT_STR("a\xFF"), RT_URL_PLUS_IS_PLUS, &arena, &text));
    rt_arena_done(&arena);
}

Test(url, looks_at_every_byte_to_decode)
{
    enum { LEN = 21 };
    char text[LEN];
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    for (size_t at = 0; at < LEN; at++) {
        for (int c = 0; c < 256; c++) {
            struct rt_str plus;
            struct rt_str space;
            memset(text, 'a', LEN);
            text[at] = (char)c;
            bool good = c > 0 && c < 0x80 && c != '%'; /* "%aa" is not UTF-8 */
            cr_expect_eq(rt_url_decode(rt_str_n(text, LEN), RT_URL_PLUS_IS_PLUS, &arena, &plus),
                         good, "byte %#x at %zu", (unsigned)c, at);
            rt_url_decode(rt_str_n(text, LEN), RT_URL_PLUS_IS_SPACE, &arena, &space);
            if (good)
                cr_expect_eq(space.data[at], c == '+' ? ' ' : c);
        }
    }
    rt_arena_done(&arena);
}

Test(url, queries_are_taken_apart_in_order)
{
    static const struct {
        const char *query;
        const char *pairs; /* "name>value;" each */
    } cases[] = {
        {"", ""},           {"a=b", "a>b;"},     {"a", "a>;"},
        {"a=&b", "a>;b>;"}, {"&&a=1&&", "a>1;"}, {"a=b=c&a=%20", "a>b=c;a>%20;"},
        {"=x", ">x;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_str query = rt_str(cases[i].query);
        struct rt_url_param param;
        struct rt_buf pairs = {0};
        while (rt_query_next(&query, &param)) {
            rt_buf_str(&pairs, param.name);
            rt_buf_byte(&pairs, '>');
            rt_buf_str(&pairs, param.value);
            rt_buf_byte(&pairs, ';');
        }
        cr_expect_str_eq(rt_buf_cstr(&pairs), cases[i].pairs);
        rt_buf_done(&pairs);
    }
}
