#include <pthread.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/base/clock.h"
#include "runtime/base/pattern.h"

static bool fits(const char *pattern, const char *text)
{
    struct rt_pattern *made = NULL;
    struct rt_error error;
    cr_assert_eq(rt_pattern_new(pattern, 100, &made, &error), 0, "%s: %s", pattern, error.message);
    bool yes = rt_pattern_match(made, rt_str(text));
    rt_pattern_free(made);
    return yes;
}

Test(pattern, ordinary_ones_are_taken)
{
    static const char *const patterns[] = {
        "",
        "97[89][0-9]{10}",
        "[A-Z]+-[0-9]{2,}",
        "[a-z]{1,255}[0-9]{1,255}", /* neighbours add up */
        "a+b+c+d+e+f+g+h+i+j+k+l+m+",
        "(a|b)*(?:c?d)+",
        "[\\](+{]{2}[^\\]a]+[-a][a-]",
        "\\+\\(\\{\\/",
        "[a\\-z]",
        "(|a)",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        cr_expect_eq(rt_pattern_check(patterns[i], 100, NULL), 0, "%s", patterns[i]);
}

Test(pattern, characters_are_code_points)
{
    cr_expect(fits("[а-я]+", "привет"));
    cr_expect_not(fits("[а-я]+", "°"));
    cr_expect_not(fits("[а-я]+", "privet"));
    cr_expect(fits(".{1,2}", "😀"));
    cr_expect(fits(".{2}", "éé"));
    cr_expect_not(fits(".", "éé"));
    cr_expect(fits("é{2}", "éé"));
    cr_expect(fits("[^a]", "😀"));
    cr_expect(fits("\\p{L}+", "Straße"));
    cr_expect_not(fits("\\p{L}+", "a1"));
    cr_expect(fits("\\P{L}", "1"));
}

Test(pattern, the_whole_text_is_covered)
{
    cr_expect_not(fits("a|b", "ab"));
    cr_expect_not(fits("a", "ba"));
    cr_expect_not(fits("a", "a\n"), "a line break at the end is a character as others");
    cr_expect_not(fits(".", "\n"));
    cr_expect(fits("(a|ab)(c|bcd)", "abcd"), "the shorter way first is not the only one");
    cr_expect(fits("a*ab", "aaab"));
    cr_expect(fits("", ""));
    cr_expect_not(fits("", "a"));
}

/* As ECMA-262 has them, whatever the engine underneath has. */
Test(pattern, classes_are_those_of_contracts)
{
    cr_expect(fits("\\d\\w\\s", "1_\xC2\xA0"));
    cr_expect_not(fits("\\d", "٣"));
    cr_expect_not(fits("\\w", "é"));
    cr_expect(fits("\\W\\D\\S", "ééé"));
    cr_expect_not(fits("\\S", "\xEF\xBB\xBF"));
    cr_expect(fits("[\\s\\d-]{3}", " 1-"));
    cr_expect(fits("[^\\d]", "a"));
    cr_expect(fits("\\t\\n\\r", "\t\n\r"));
    cr_expect_not(fits(".", "\xE2\x80\xA8"));
}

Test(pattern, what_would_grow_without_bound_is_refused)
{
    struct rt_error error;
    enum { DEPTH = 20 };
    char nested[200] = {0};
    memset(nested, '(', DEPTH);
    nested[DEPTH] = 'a';
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(nested + DEPTH + 1 + 2 * i, "+)", 2);
    cr_expect_eq(rt_pattern_check(nested, 100, &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("((a{1,200}){1,200}){1,200}", 100, &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("((a{20,}){20,}){20,}", 100, &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("a{1,99999999999999999999}", 100, &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("([ab]{1,30}){1,30}", 1000, &error), RT_ETOOBIG);
    cr_expect_eq(rt_pattern_check("([ab]{1,30}){1,30}", 100, &error), 0);
    memset(nested, '(', 60);
    cr_expect_eq(rt_pattern_check(nested, 100, &error), RT_ETOOBIG);
}

/* What others write is answered with what to write here. */
Test(pattern, what_is_none_is_told_what_to_write)
{
    static const struct {
        const char *pattern;
        const char *answer;
    } cases[] = {
        {"^a", "drop the `^`"},
        {"a$", "drop the `$`"},
        {"\\Aa", "drop the `\\A`"},
        {"(a*)*\\1", "cannot refer back"},
        {"(?=a)", "cannot look ahead"},
        {"(?<!a)b", "cannot look behind"},
        {"(?<name>a)", "groups have no names"},
        {"(?i)a", "add `lower`"},
        {"(?>a)", "never atomic"},
        {"\\bword", "cannot look around"},
        {"[[:alpha:]]", "write `a-z`"},
        {"[a[b]", "write `\\[`"},
        {"[]a]", "empty set"},
        {"[^]", "empty set"},
        {"[a-", "`]` that ends the set"},
        {"[z-a]", "ends before it starts"},
        {"[a-\\d]", "from one character"},
        {"[\\d-a]", "from one character"},
        {"a+?", "drop the `?`"},
        {"a++", "repeated itself"},
        {"a{2}{3}", "repeated itself"},
        {"*a", "nothing comes before"},
        {"(*UTF)a", "nothing comes before"},
        {"a|+", "nothing comes before"},
        {"a{3,2}", "empty range"},
        {"a{x}", "braces hold"},
        {"a{2", "`}` that ends"},
        {"}", "write `\\}`"},
        {"]", "write `\\]`"},
        {"(a", "`)` that ends this group"},
        {"a)|(b", "ends no group"},
        {"\\-", "means nothing"},
        {"\\x41", "the character itself"},
        {"\\u0041", "the character itself"},
        {"\\p{Greek}", "general category"},
        {"\\pL", "general category"},
        {"a\\", "two of them"},
        {"\xFF", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_error error = {0};
        cr_expect_eq(rt_pattern_check(cases[i].pattern, 100, &error), RT_EINVAL, "%s",
                     cases[i].pattern);
        cr_expect(strstr(error.message, cases[i].answer), "%s: %s", cases[i].pattern,
                  error.message);
    }
    struct rt_error error;
    rt_pattern_check("éé\\1", 100, &error);
    cr_expect(strstr(error.message, "character 3:"), "%s", error.message);
}

/* Backtracking alone would take longer than the world is old; following all ways at once without a
 * bound on the pattern, minutes. */
Test(pattern, attacks_end_soon, .timeout = 60)
{
    static const struct {
        const char *pattern;
        uint32_t n;    /* of "a" */
        bool fits_end; /* with a "b" for the last */
    } attacks[] = {
        {"(a*)*b", 10000, true},
        {"(a+)+b", 10000, true},
        {"(a|a)*b", 10000, true},
        {"(a|aa)+[bc]", 10000, true},
        {"([a-z]+)*!", 10000, false},
        {"(.*a){20}[cd]", 10000, false},
        {"(a?){150}a{150}[bc]", 300, true},
        {"(a{0,30}){30}[bc]", 100, true},
        {"([ab]?){300}[bc]", 1000, false},
    };
    char text[10001];
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        const char *source = attacks[i].pattern;
        struct rt_pattern *pattern = NULL;
        struct rt_error error;
        memset(text, 'a', attacks[i].n);
        text[attacks[i].n] = '\0';
        cr_assert_eq(rt_pattern_new(source, attacks[i].n, &pattern, &error), 0, "%s: %s", source,
                     error.message);
        uint64_t start = rt_clock_monotonic_ns();
        cr_expect_not(rt_pattern_match(pattern, rt_str(text)), "%s", source);
        text[attacks[i].n - 1] = 'b';
        cr_expect_eq(rt_pattern_match(pattern, rt_str(text)), attacks[i].fits_end, "%s", source);
        double seconds = (double)(rt_clock_monotonic_ns() - start) / 1e9;
        cr_expect_lt(seconds, 5, "%s took %.1f s", source, seconds);
        rt_pattern_free(pattern);
    }
}

struct shared {
    struct rt_pattern *patterns[2];
    size_t matches;
};

static void *match_all(void *arg)
{
    struct shared *shared = arg;
    size_t matches = 0;
    for (int i = 0; i < 500; i++)
        for (size_t k = 0; k < 2; k++)
            matches += rt_pattern_match(shared->patterns[k], RT_STR("aaaaaaaaaaaaaaaaaaaaaaaaab"));
    __atomic_fetch_add(&shared->matches, matches, __ATOMIC_RELAXED);
    return NULL;
}

Test(pattern, threads_match_one_pattern_at_once)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    struct shared shared = {0};
    cr_assert_eq(rt_pattern_new("(a*)*c", 100, &shared.patterns[0], NULL), 0);
    cr_assert_eq(rt_pattern_new("(a|b)*", 100, &shared.patterns[1], NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, match_all, &shared);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(shared.matches, 500 * THREADS);
    rt_pattern_free(shared.patterns[0]);
    rt_pattern_free(shared.patterns[1]);
}
