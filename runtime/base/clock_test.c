#include <criterion/criterion.h>

#include "runtime/base/clock.h"

static bool parse(const char *text, int64_t *ms)
{
    return rt_time_parse(rt_str(text), ms);
}

Test(clock, formats_what_it_parses)
{
    static const char *const texts[] = {
        "0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z",
        "2024-02-29T12:30:45.678Z", "2100-02-28T00:00:00.001Z", "9999-12-31T23:59:59.999Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t ms = 0;
        char out[RT_TIME_TEXT_LEN + 1];
        cr_assert(parse(texts[i], &ms));
        rt_time_format(ms, out);
        cr_assert_str_eq(out, texts[i]);
    }
}

Test(clock, applies_offsets_and_fractions)
{
    int64_t ms = -1;
    cr_assert(parse("1970-01-01T01:00:00+01:00", &ms));
    cr_assert_eq(ms, 0);
    cr_assert(parse("1970-01-01T00:00:00.5Z", &ms));
    cr_assert_eq(ms, 500);
    cr_assert(parse("1969-12-31T19:00:00.123000-05:00", &ms));
    cr_assert_eq(ms, 123);
}

Test(clock, reads_all_of_rfc_3339)
{
    static const struct {
        const char *text;
        const char *same;
    } cases[] = {
        {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"}, /* the examples of section 5.8 */
        {"1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"},
        {"1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"},
        {"1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000Z"},
        {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"},
        {"2026-01-31t12:00:00z", "2026-01-31T12:00:00.000Z"},
        {"2026-01-31 12:00:00Z", "2026-01-31T12:00:00.000Z"},
        {"2026-01-31T12:00:00-00:00", "2026-01-31T12:00:00.000Z"},
        {"2026-01-31T12:00:00.123999999999999999999999999999Z", "2026-01-31T12:00:00.123Z"},
        {"1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"},
        {"2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z"},
        {"2015-06-30T23:59:60Z", "2015-07-01T00:00:00.000Z"},
        {"2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 0;
        char out[RT_TIME_TEXT_LEN + 1];
        cr_assert(parse(cases[i].text, &ms), "%s", cases[i].text);
        rt_time_format(ms, out);
        cr_expect_str_eq(out, cases[i].same, "%s: %s", cases[i].text, out);
    }
}

Test(clock, refuses_what_is_no_time)
{
    static const char *const texts[] = {
        "",
        "2026",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00+0100",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "2026-01-01T00:00:60Z", /* not at the end of a month */
        "2026-01-31T12:59:60Z",
        "2026-12-31T23:59:60+01:00",
        "2026-12-30T23:59:60Z",
        "9999-12-31T23:59:60Z",
        "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00+01:60",
        "2026-01-31T12:00:00",
        "+026-01-01T00:00:00Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t ms = 77;
        cr_assert_not(parse(texts[i], &ms), "%s", texts[i]);
        cr_assert_eq(ms, 77);
    }
}
