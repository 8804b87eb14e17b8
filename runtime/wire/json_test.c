/* JSON in and out: the grammar, every violation, exact numbers, round trips. */
#include <math.h>
#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/wire/json_write.h"
#include "runtime/wire/scalar.h"
#include "tests/support/sample.h"

static struct rt_arena arena;

static void open_arena(void)
{
    rt_arena_init(&arena, 0);
}

static void close_arena(void)
{
    rt_arena_done(&arena);
}

TestSuite(json, .init = open_arena, .fini = close_arena);

/* All violations but those of what is missing, one a line: "/pointer rule: message". */
static const char *violations_of(const struct rt_message *type, struct rt_bytes body, bool missing)
{
    struct rt_violations violations;
    void *message = NULL;
    struct rt_buf text = {0};
    /* Its own allocation of the exact size, so that reading past the end is found out. */
    uint8_t *exact = malloc(body.len ? body.len : 1);
    memcpy(exact, body.data, body.len);
    rt_violations_init(&violations, &arena);
    int status = rt_json_decode(type, rt_bytes(exact, body.len), &arena, &message, &violations);
    cr_assert_eq(status == 0, violations.count == 0);
    cr_assert_eq(status == 0, message != NULL);
    for (size_t i = 0; i < violations.count && i < RT_VIOLATIONS_MAX; i++) {
        const struct rt_violation *v = &violations.items[i];
        if (!missing && strcmp(v->rule, "required") == 0 && strchr(v->pointer + 1, '/') == NULL)
            continue;
        rt_buf_printf(&text, "%s%s %s: %s", text.len ? "\n" : "", v->pointer, v->rule, v->message);
    }
    const char *result = rt_arena_strdup(&arena, rt_buf_cstr(&text));
    rt_buf_done(&text);
    free(exact);
    return result;
}

static void expect_violations(const char *body, const char *expected)
{
    const char *found = violations_of(&sample_message, rt_str_bytes(rt_str(body)), false);
    cr_expect_str_eq(found, expected, "%s\n  gave     %s\n  expected %s", body, found, expected);
}

/* ------------------------------------------------------------------ grammar */

/* RFC 8259's corners as the value of an unknown member: accepted as JSON, or refused. */
Test(json, what_rfc_8259_allows_is_read_and_nothing_else)
{
    /* clang-format off */
    static const char *const good[] = {
        "null", "true", "false", "0", "-0", "-0.0", "1e5", "1E+5", "1e-5", "0.5e0", "123456789",
        "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\"", "\"\\u00e9\"",
        "\"\\uD83D\\uDE00\"", "\"\\u0000\"", "\"\x7F\"", "\"\xC3\xA9\"", "\"\xF0\x9F\x98\x80\"",
        "\"\xE2\x80\xA8\"", "[]", "[ ]", "[1,2]", "[[],[[]]]", "{}", "{ }", "{\"a\":{}}",
        "{\"a\":1,\"b\":[{}]}", " \t\r\n1 \t\r\n", "\"/\"", "1e400", "-1.5e-400",
        "\"\xEF\xBF\xBF\"", "\"\\uFFFF\"", "{\"\":0}",
        "\"\\ud7ff\\ue000\"",
    };
    static const char *const bad[] = {
        "", "nul", "nulls", "True", "NaN", "Infinity", "-Infinity", "+1", "-", "01", "-01", "00",
        "1.", ".5", "1e", "1e+", "1.e5", "0x1", "1_000", "--1", "1 2", "'a'", "\"a", "\"\\\"",
        "\"\\x41\"", "\"\\u004\"", "\"\\u004g\"", "\"\\uD83D\"", "\"\\uDE00\"",
        "\"\\uD83D\\u0041\"", "\"\\uD83Dx\"", "\"\\uD83D\\uD83D\"", "\"\n\"", "\"\t\"",
        "\"\x01\"", "\"\x80\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
        "\"\xF4\x90\x80\x80\"", "\"\xE2\x82\"", "\"\xFF\"", "[", "]", "[1", "[1,", "[1,]", "[,1]",
        "[1 2]", "[1,,2]", "[1}", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
        "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{,}", "{1:2}", "{'a':1}", "[1]]", "{}}", "// x\n1",
        "/* */1", "1//", "\xEF\xBB\xBF\x31", "\v1", "\f1", "\xC2\xA0\x31", "tru", "\\u0031",
        "\"\\\n\"", "\"\\a\"", "\"\\", "\"\\u", "\"\\uD83D\\u", "[\"a\",\n4,1,",
        "\"\\uD83D\\uE000\"", "\"\\uDE00\\uDC00\"",
        "{\"a\":\"b\"]",
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const char *body = rt_arena_printf(&arena, "{\"x\":%s}", good[i]);
        const char *found = violations_of(&sample_message, rt_str_bytes(rt_str(body)), false);
        cr_expect_str_eq(found, "/x unknown: Is not a known field", "%s gave %s", body, found);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *body = rt_arena_printf(&arena, "{\"x\":%s}", bad[i]);
        const char *found = violations_of(&sample_message, rt_str_bytes(rt_str(body)), false);
        cr_expect(strncmp(found, " json: Is not valid JSON at line ", 33) == 0, "%s gave %s", body,
                  found);
        cr_expect_null(strchr(found, '\n'), "%s gave %s", body, found);
    }
}

Test(json, malformed_json_is_named_by_line_and_column)
{
    static const struct {
        const char *body;
        const char *expected;
    } cases[] = {
        {"", "line 1, column 1: unexpected end"},
        {"{\"a\":1", "line 1, column 7: unexpected end"},
        {"{\"a\":1\n,\n  'b'}", "line 3, column 3: expected a name in quotes"},
        {"{\"a\" 1}", "line 1, column 6: expected :"},
        {"{\"a\":1 2}", "line 1, column 8: expected , or }"},
        {"{\"a\":[1 2]}", "line 1, column 9: expected , or ]"},
        {"{\"a\":01}", "line 1, column 7: a number has no leading zeros"},
        {"{\"a\":1.}", "line 1, column 8: expected a digit"},
        {"{\"a\":tru}", "line 1, column 9: expected null, true or false"},
        {"{\"a\":?}", "line 1, column 6: expected a value"},
        {"{\"a\":\"\\q\"}", "line 1, column 7: no such escape"},
        {"{\"a\":\"\\u12\"}", "line 1, column 7: \\u needs four hexadecimal digits"},
        {"{\"a\":\"\\ud800\"}", "line 1, column 7: a surrogate without its pair"},
        {"{\"a\":\"\n\"}", "line 1, column 7: a control character in a string"},
        {"{\"a\":\"\xFF\"}", "line 1, column 7: a string is not UTF-8"},
        {"{} {}", "line 1, column 4: expected nothing more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *expected =
            rt_arena_printf(&arena, " json: Is not valid JSON at %s", cases[i].expected);
        expect_violations(cases[i].body, expected);
    }
}

/* `levels` arrays inside one another, the whole body being one level more. */
static const char *nested(unsigned levels)
{
    struct rt_buf body = {0};
    rt_buf_puts(&body, "{\"x\":");
    for (unsigned i = 0; i < levels; i++)
        rt_buf_byte(&body, '[');
    for (unsigned i = 0; i < levels; i++)
        rt_buf_byte(&body, ']');
    rt_buf_byte(&body, '}');
    const char *text = rt_arena_strdup(&arena, rt_buf_cstr(&body));
    rt_buf_done(&body);
    return text;
}

Test(json, depth_is_bounded)
{
    expect_violations(nested(31), "/x unknown: Is not a known field");
    expect_violations(nested(32), " json: Is not valid JSON at line 1, column 37: nested too deep");
    expect_violations(
        "{\"x\":[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
        "[],[],[],[],[],[],[],[],[],[],[],[],[]]}",
        "/x unknown: Is not a known field");
    expect_violations(nested(100000),
                      " json: Is not valid JSON at line 1, column 37: nested too deep");
}

Test(json, a_body_that_is_not_an_object_is_refused)
{
    expect_violations("[]", " type: Must be an object");
    expect_violations("null", " type: Must be an object");
    expect_violations("\"x\"", " type: Must be an object");
    expect_violations("{}", "");
}

/* --------------------------------------------------------------- violations */

Test(json, each_violation_has_its_pointer_rule_and_message)
{
    static const struct {
        const char *body;
        const char *expected;
    } cases[] = {
        /* types */
        {"{\"title\":1}", "/title type: Must be a string"},
        {"{\"title\":true}", "/title type: Must be a string"},
        {"{\"title\":{}}", "/title type: Must be a string"},
        {"{\"title\":[\"a\"]}", "/title type: Must be a string"},
        {"{\"price\":\"1\"}", "/price type: Must be a number"},
        {"{\"ratio\":\"1\"}", "/ratio type: Must be a number"},
        {"{\"big\":\"1\"}", "/big type: Must be an integer"},
        {"{\"big\":1.5}", "/big type: Must be an integer"},
        {"{\"flag\":1}", "/flag type: Must be true or false"},
        {"{\"flag\":\"true\"}", "/flag type: Must be true or false"},
        {"{\"part\":[]}", "/part type: Must be an object"},
        {"{\"part\":\"x\"}", "/part type: Must be an object"},
        {"{\"tags\":{}}", "/tags type: Must be an array"},
        {"{\"labels\":[]}", "/labels type: Must be an object"},
        {"{\"status\":1}", "/status type: Must be a string"},
        {"{\"startsAt\":1}", "/startsAt type: Must be a string"},
        {"{\"id\":1}", "/id type: Must be a string"},
        {"{\"tags\":[1,null,\"a\"]}",
         "/tags/0 type: Must be a string\n/tags/1 type: Must be a string"},
        {"{\"scores\":[null]}", "/scores/0 type: Must be an integer"},
        /* unknown and given twice */
        {"{\"nope\":{\"a\":[1]}}", "/nope unknown: Is not a known field"},
        {"{\"a/b~c\":1}", "/a~1b~0c unknown: Is not a known field"},
        {"{\"\":1}", "/ unknown: Is not a known field"},
        {"{\"Title\":1}", "/Title unknown: Is not a known field"},
        {"{\"owner_id\":\"a\"}", "/owner_id unknown: Is not a known field"},
        {"{\"flag\":true,\"flag\":true}", "/flag duplicate: Is given twice"},
        {"{\"flag\":null,\"fl\\u0061g\":true}", "/flag duplicate: Is given twice"},
        {"{\"part\":{\"name\":\"a\",\"amount\":1,\"x\":2}}",
         "/part/x unknown: Is not a known field"},
        /* missing, below the top */
        {"{\"part\":{}}", "/part/name required: Is required\n/part/amount required: Is required"},
        {"{\"part\":{\"name\":null,\"amount\":1}}", "/part/name required: Is required"},
        {"{\"owner\":{\"name\":\"a\"}}", "/owner/id required: Is required"},
        {"{\"owner\":{\"id\":\"a\"}}", ""},
        /* unset in an embedded record; its id may not be */
        {"{\"owner\":{\"id\":\"a\",\"name\":\"\",\"level\":0,\"skills\":[]}}", ""},
        {"{\"owner\":{\"id\":\"\",\"name\":\"\"}}", "/owner/id length: Must be 1 to 64 bytes"},
        {"{\"owner\":{\"id\":\"a\",\"name\":0,\"level\":\"\",\"skills\":[\"\"]}}",
         "/owner/name type: Must be a string\n/owner/level type: Must be an integer\n"
         "/owner/skills/0 length: Must be 1 to 20 characters"},
        {"{\"owner\":{\"id\":\"a\",\"level\":-1}}", "/owner/level min: Must be at least 1"},
        /* lengths: characters, not bytes */
        {"{\"title\":\"\"}", "/title length: Must be 1 to 10 characters"},
        {"{\"title\":\"   \"}", "/title length: Must be 1 to 10 characters"},
        {"{\"title\":\"12345678901\"}", "/title length: Must be 1 to 10 characters"},
        {"{\"title\":\"  1234567890\\t\"}", ""},
        {"{\"title\":\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
         "\xC3\xA9\"}",
         ""},
        {"{\"labels\":{\"k\":\"12345\"}}", "/labels/k length: Must be at most 4 characters"},
        {"{\"labels\":{\"\":\"1\"}}", "/labels/ length: Must be 1 to 8 characters"},
        {"{\"password\":\"1234567\"}", "/password length: Must be 8 to 72 characters"},
        {"{\"title\":\"a\\u0000b\"}", "/title nul: Must not contain a NUL character"},
        {"{\"labels\":{\"a\\u0000\":\"\"}}", "/labels/a nul: Must not contain a NUL character"},
        /* ids */
        {"{\"id\":\"\"}", "/id length: Must be 1 to 64 bytes"},
        {"{\"orderId\":\"\"}", "/orderId length: Must be 1 to 64 bytes"},
        {"{\"ownerId\":\"12345678901234567890123456789012345678901234567890123456789012345\"}",
         "/ownerId length: Must be 1 to 64 bytes"},
        {"{\"orderId\":null,\"ownerId\":\"anything at all\"}", ""},
        /* ranges */
        {"{\"price\":0}", "/price min: Must be at least 0.01"},
        {"{\"price\":-5}", "/price min: Must be at least 0.01"},
        {"{\"price\":100000.01}", "/price max: Must be at most 100000.00"},
        {"{\"price\":1e300}", "/price max: Must be at most 100000.00"},
        {"{\"price\":-1e300}", "/price min: Must be at least 0.01"},
        {"{\"price\":0.001}", "/price decimals: Must have at most 2 decimals"},
        {"{\"price\":1e-9}", "/price decimals: Must have at most 2 decimals"},
        {"{\"price\":20.5000000}", ""},
        {"{\"price\":2050e-2}", ""},
        {"{\"price\":0.001e1}", ""},
        {"{\"small\":11}", "/small max: Must be at most 10"},
        {"{\"small\":-11}", "/small min: Must be at least -10"},
        {"{\"small\":99999999999999999999}", "/small max: Must be at most 10"},
        {"{\"small\":1.0}", ""},
        {"{\"small\":1e1}", ""},
        {"{\"count\":-1}", "/count min: Must be at least 0"},
        {"{\"count\":4294967295}", ""},
        {"{\"count\":4294967296}", "/count max: Must be at most 4294967295"},
        {"{\"maybe\":-2147483648}", ""},
        {"{\"maybe\":2147483648}", "/maybe max: Must be at most 2147483647"},
        {"{\"big\":9007199254740991}", ""},
        {"{\"big\":9007199254740992}", "/big max: Must be at most 9007199254740991"},
        {"{\"big\":-9007199254740992}", "/big min: Must be at least -9007199254740991"},
        {"{\"big\":18446744073709551616}", "/big max: Must be at most 9007199254740991"},
        {"{\"huge\":9007199254740992}", "/huge max: Must be at most 9007199254740991"},
        {"{\"huge\":-1}", "/huge min: Must be at least 0"},
        {"{\"version\":-1}", "/version min: Must be at least 0"},
        {"{\"ratio\":1.5}", ""},
        {"{\"ratio\":1.5000001}", "/ratio max: Must be at most 1.5"},
        {"{\"ratio\":-0.1}", "/ratio min: Must be at least 0"},
        {"{\"share\":1e400}", "/share finite: Must be a finite number"},
        {"{\"scores\":[1,101,-1]}",
         "/scores/1 max: Must be at most 100\n/scores/2 min: Must be at least 0"},
        /* times */
        {"{\"startsAt\":\"2026-01-31\"}",
         "/startsAt format: Must be a time such as 2026-01-31T12:00:00.000Z"},
        {"{\"startsAt\":\"1969-12-31T23:59:59.999Z\"}",
         "/startsAt min: Must be at least 1970-01-01T00:00:00.000Z"},
        {"{\"startsAt\":\"2026-01-31T12:00:00+01:00\"}", ""},
        {"{\"day\":\"2026-02-29\"}", "/day format: Must be a date such as 2026-01-31"},
        {"{\"day\":\"2024-02-29\"}", ""},
        {"{\"day\":\"2026-1-31\"}", "/day format: Must be a date such as 2026-01-31"},
        {"{\"day\":\"0001-01-01\"}", ""},
        /* enums, bytes */
        {"{\"status\":\"waiting\"}", "/status enum: Must be one of new, waiting:for-it, done"},
        {"{\"statuses\":[\"new\",\"\"]}",
         "/statuses/1 enum: Must be one of new, waiting:for-it, done"},
        {"{\"blob\":\"?\"}", "/blob format: Must be base64"},
        {"{\"blob\":\"\"}", "/blob length: Must be 1 to 4 bytes"},
        {"{\"blob\":\"AQIDBAU=\"}", "/blob length: Must be 1 to 4 bytes"},
        {"{\"blob\":\"-_8\"}", ""},
        /* items */
        {"{\"tags\":[]}", "/tags items: Must have 1 to 3 items"},
        {"{\"tags\":[\"a\",\"b\",\"c\",\"d\"]}", "/tags items: Must have 1 to 3 items"},
        {"{\"tags\":[\"a\",\"b\",\"a\"]}", "/tags unique: Must not have an item twice"},
        {"{\"scores\":[1,1,1,1]}", ""},
        {"{\"scores\":[1,1,1,1,1]}", "/scores items: Must have at most 4 items"},
        {"{\"parts\":[{\"name\":\"a\",\"amount\":1},{\"name\":\"a\",\"amount\":1}]}",
         "/parts unique: Must not have an item twice"},
        {"{\"parts\":[{\"name\":\"a\",\"amount\":1},{\"name\":\"a\",\"amount\":\"\"}]}",
         "/parts/1/amount type: Must be an integer"},
        {"{\"labels\":{\"a\":\"1\",\"\\u0061\":\"2\"}}",
         "/labels unique: Must not have a key twice"},
        {"{\"stock\":{\"1\":{\"name\":\"a\",\"amount\":1},\"1e0\":{\"name\":\"a\",\"amount\":1}}}",
         "/stock unique: Must not have a key twice"},
        {"{\"stock\":{\"x\":{\"name\":\"a\",\"amount\":1}}}", "/stock/x type: Must be an integer"},
        {"{\"stock\":{\"1\":null}}", "/stock/1 type: Must be an object"},
        /* formats */
        {"{\"email\":\"a@b\"}", "/email format: Must be an email address"},
        {"{\"email\":\" A.B+c@Example.ORG \"}", ""},
        {"{\"slug\":\"a--b\"}",
         "/slug format: Must be lower-case letters and digits joined by hyphens"},
        {"{\"url\":\"ftp://x\"}", "/url format: Must be an http or https URL"},
        {"{\"uuid\":\"x\"}", "/uuid format: Must be a UUID"},
        {"{\"code\":\"AB-\"}", "/code pattern: Must match the pattern [A-Z]{2}-[0-9]+|none"},
        {"{\"code\":\"xnone\"}", "/code pattern: Must match the pattern [A-Z]{2}-[0-9]+|none"},
        {"{\"code\":\"none\"}", ""},
        /* a message's own rules, at its own place, and only when its fields are valid */
        {"{\"parts\":[{\"name\":\"a\",\"amount\":13}]}", "/parts/0/amount lucky: Brings bad luck"},
        {"{\"stock\":{\"7\":{\"name\":\"a\",\"amount\":13}}}",
         "/stock/7/amount lucky: Brings bad luck"},
        {"{\"part\":{\"name\":\"\",\"amount\":13}}",
         "/part/name length: Must be 1 to 20 characters"},
        /* many at once, in the order of the body */
        {"{\"small\":11,\"title\":5,\"x\":[],\"price\":0,\"part\":{\"inner\":{\"name\":4}}}",
         "/small max: Must be at most 10\n/title type: Must be a string\n"
         "/x unknown: Is not a known field\n/price min: Must be at least 0.01\n"
         "/part/inner/name type: Must be a string\n/part/inner/amount required: Is required\n"
         "/part/name required: Is required\n/part/amount required: Is required"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_violations(cases[i].body, cases[i].expected);
}

Test(json, what_is_missing_is_required_in_the_order_of_the_fields)
{
    const char *expected = "/id required: Is required\n/title required: Is required\n"
                           "/price required: Is required\n/ownerId required: Is required\n"
                           "/version required: Is required";
    cr_expect_str_eq(violations_of(&sample_record_message, rt_str_bytes(RT_STR("{}")), true),
                     expected);
    /* null counts as missing */
    cr_expect_str_eq(
        violations_of(&sample_record_message,
                      rt_str_bytes(RT_STR("{\"id\":null,\"title\":null,\"orderId\":null}")), true),
        expected);
    const char *sample = violations_of(&sample_message, rt_str_bytes(RT_STR("{}")), true);
    cr_expect_not_null(strstr(sample, "/tags required"), "a list that needs an item");
    cr_expect_null(strstr(sample, "/scores"), "a list that may be empty");
    cr_expect_null(strstr(sample, "/pageSize"), "a field with a default");
    cr_expect_null(strstr(sample, "/labels"), "a map");
}

Test(json, violations_are_counted_beyond_the_cap)
{
    struct rt_violations violations;
    struct rt_buf body = {0};
    void *message = NULL;
    rt_buf_puts(&body, "{\"statuses\":[");
    for (int i = 0; i < 1000; i++)
        rt_buf_puts(&body, i ? ",1" : "1");
    rt_buf_puts(&body, "]}");
    rt_violations_init(&violations, &arena);
    int status =
        rt_json_decode(&sample_message, rt_buf_bytes(&body), &arena, &message, &violations);
    cr_assert_eq(status, RT_EINVAL);
    cr_assert_geq(violations.count, 1000);
    cr_assert_str_eq(violations.items[RT_VIOLATIONS_MAX - 1].pointer, "/statuses/49");
    rt_buf_done(&body);
}

Test(json, a_long_unknown_name_is_cut_at_a_character)
{
    struct rt_buf body = {0};
    rt_buf_puts(&body, "{\"x");
    for (int i = 0; i < 5000; i++)
        rt_buf_puts(&body, "\xC3\xA9");
    rt_buf_puts(&body, "\":1}");
    const char *found = violations_of(&sample_message, rt_buf_bytes(&body), false);
    const char *end = strchr(found, ' ');
    cr_assert_eq(end - found, 1 + 127);
    cr_assert(rt_utf8_valid(rt_str(found)));
    rt_buf_done(&body);
}

/* A prefix of a valid body is never valid and never read beyond its end. */
Test(json, every_prefix_of_a_body_is_refused)
{
    size_t len = strlen(sample_json);
    for (size_t i = 0; i < len; i++) {
        const char *found = violations_of(&sample_message, rt_bytes(sample_json, i), false);
        cr_assert_not_null(strstr(found, "unexpected end"), "%zu bytes gave %s", i, found);
    }
}

/* ------------------------------------------------------------------ numbers */

Test(json, numbers_are_exact)
{
    static const struct {
        const char *text;
        unsigned scale;
        int status;
        int64_t value;
    } cases[] = {
        {"0", 0, 0, 0},
        {"-0", 2, 0, 0},
        {"0e999999999999", 2, 0, 0},
        {"0.000000000000000000000000000000", 0, 0, 0},
        {"1", 0, 0, 1},
        {"0.1", 1, 0, 1},
        {"0.29", 2, 0, 29},
        {"1.15", 2, 0, 115},
        {"90071992547409.91", 2, 0, INT64_C(9007199254740991)},
        {"92233720368547758.07", 2, 0, INT64_MAX},
        {"92233720368547758.08", 2, RT_ETOOBIG, 0},
        {"-92233720368547758.07", 2, 0, -INT64_MAX},
        {"9223372036854775807", 0, 0, INT64_MAX},
        {"9223372036854775808", 0, RT_ETOOBIG, 0},
        {"100000000000000000000000000e-26", 0, 0, 1},
        {"0.00000000000000000000000001e26", 0, 0, 1},
        {"1e18", 0, 0, INT64_C(1000000000000000000)},
        {"1e19", 0, RT_ETOOBIG, 0},
        {"1e99999999999999999999", 0, RT_ETOOBIG, 0},
        {"1e-99999999999999999999", 3, RT_EINVAL, 0},
        {"1.5", 0, RT_EINVAL, 0},
        {"15e-1", 0, RT_EINVAL, 0},
        {"15e-1", 1, 0, 15},
        {"1234567890123456789012345678901234567890", 0, RT_ETOOBIG, 0},
        {"1.234567890123456789012345678901234567890", 2, RT_EINVAL, 0},
        {"1.000000000000000000000000000000000000000", 2, 0, 100},
        {"12e+2", 0, 0, 1200},
        {"120", 1, 0, 1200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 0;
        int status = rt_number_scaled(rt_str(cases[i].text), cases[i].scale, &value);
        cr_expect_eq(status, cases[i].status, "%s", cases[i].text);
        cr_expect_eq(value, cases[i].value, "%s gave %lld", cases[i].text, (long long)value);
    }
}

Test(json, decimals_are_written_with_their_scale)
{
    static const struct {
        int64_t value;
        unsigned scale;
        const char *text;
    } cases[] = {
        {2050, 2, "20.50"}, {1, 2, "0.01"},
        {-1, 2, "-0.01"},   {0, 2, "0.00"},
        {-105, 1, "-10.5"}, {7, 0, "7"},
        {99, 2, "0.99"},    {100, 3, "0.100"},
        {100, 2, "1.00"},   {INT64_MIN, 15, "-9223.372036854775808"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[40];
        *rt_decimal_format(cases[i].value, cases[i].scale, text) = '\0';
        cr_expect_str_eq(text, cases[i].text);
    }
}

Test(json, doubles_are_short_and_come_back)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1000000000000000"},
        {1e22, "1e+22"},
        {1e-7, "0.0000001"},
        {5e-324, "4.94065645841247e-324"},
        {123456.789, "123456.789"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740991.0, "9007199254740991"},
        {1.0 / 3, "0.3333333333333333"},
        {INFINITY, "null"},
        {NAN, "null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample sample;
        struct rt_buf out = {0};
        rt_message_init(&sample_message, &sample);
        sample.has_share = true;
        sample.share = cases[i].value;
        rt_json_encode(&sample, &out);
        const char *found = strstr(rt_buf_cstr(&out), "\"share\":") + 8;
        cr_expect(strncmp(found, cases[i].text, strlen(cases[i].text)) == 0 &&
                      found[strlen(cases[i].text)] == '}',
                  "%s for %s", found, cases[i].text);
        rt_buf_done(&out);
    }
}

/* Random doubles of all sizes, and random short decimals, in and out without a change. */
Test(json, random_doubles_come_back)
{
    uint64_t state = 1;
    const struct rt_field *share = rt_message_field(&sample_message, RT_STR("share"));
    struct sample sample;
    rt_message_init(&sample_message, &sample);
    for (int i = 0; i < 20000; i++) {
        struct rt_violations violations;
        char text[40];
        double value = 0;
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &state, sizeof value);
        if (i % 2)
            value = (double)(int64_t)(state >> 40) / 1000;
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof text, "%.17g", value);
        rt_violations_init(&violations, &arena);
        cr_assert_eq(rt_field_parse(share, rt_str(text), &arena, &sample, &violations), 0);
        cr_assert_eq(sample.share, value, "%s is read as %.17g", text, sample.share);
        struct rt_buf out = {0};
        rt_json_double(value, &out);
        cr_assert_eq(strtod(rt_buf_cstr(&out), NULL), value, "%s is written as %s", text,
                     rt_buf_cstr(&out));
        rt_buf_done(&out);
        rt_arena_reset(&arena);
    }
}

Test(json, enum_values_without_a_name_are_numbers_and_none_is_null)
{
    struct rt_buf out = {0};
    struct sample sample;
    rt_message_init(&sample_message, &sample);
    sample.has_mood = true;
    sample.mood = (enum sample_status)77;
    rt_json_encode(&sample, &out);
    cr_expect_not_null(strstr(rt_buf_cstr(&out), "\"mood\":77,"), "of a newer schema");
    cr_expect_not_null(strstr(rt_buf_cstr(&out), "\"status\":null,"), "unspecified");
    rt_buf_done(&out);
}

/* --------------------------------------------------------------------- text */

Test(json, strings_are_escaped)
{
    struct rt_buf out = {0};
    rt_json_string(RT_STR("plain text of some length, \"quoted\" \\ / \b\f\n\r\t\x01\x1f\x7f"),
                   &out);
    cr_expect_str_eq(rt_buf_cstr(&out), "\"plain text of some length, \\\"quoted\\\" \\\\ / "
                                        "\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
    rt_buf_clear(&out);
    rt_json_string(rt_str_n("\xC3\xA9 \xF0\x9F\x98\x80 \xFF\xC3\0", 11), &out);
    cr_expect_str_eq(rt_buf_cstr(&out),
                     "\"\xC3\xA9 \xF0\x9F\x98\x80 \xEF\xBF\xBD\xEF\xBF\xBD\\u0000\"");
    rt_buf_clear(&out);
    rt_json_string((struct rt_str){0}, &out);
    cr_expect_str_eq(rt_buf_cstr(&out), "\"\"");
    rt_buf_done(&out);
}

/* Each byte at each place of a word of eight: the scan misses none. */
Test(json, every_ascii_byte_survives_at_every_place)
{
    for (unsigned place = 0; place < 20; place++)
        for (unsigned c = 1; c < 128; c++) {
            struct rt_buf out = {0};
            char title[] = "xxxxxxxxxxxxxxxxxxxx";
            title[place] = (char)c;
            struct sample_record record;
            rt_message_init(&sample_record_message, &record);
            record.id = "1";
            record.owner_id = "2";
            record.price = 1;
            record.title = title;
            rt_json_encode(&record, &out);
            struct rt_violations violations;
            void *back = NULL;
            rt_violations_init(&violations, &arena);
            cr_assert_eq(rt_json_decode(&sample_record_message, rt_buf_bytes(&out), &arena, &back,
                                        &violations),
                         0, "%s", rt_buf_cstr(&out));
            bool trimmed = (place == 0 || place == 19) && strchr(" \t\r\n", (int)c);
            cr_assert_eq(strcmp(((struct sample_record *)back)->title, title) == 0, !trimmed);
            rt_buf_done(&out);
            rt_arena_reset(&arena);
        }
}

Test(json, unescaped_text_is_what_was_meant)
{
    struct rt_violations violations;
    void *message = NULL;
    rt_violations_init(&violations, &arena);
    struct rt_str body = RT_STR("{\"name\":\"a\\\"\\\\\\/\\n\\u0041\\u00e9\\uD83D\\ude00z\\u20AC\","
                                "\"am\\u006funt\":2}");
    cr_assert_eq(
        rt_json_decode(&sample_part_message, rt_str_bytes(body), &arena, &message, &violations), 0);
    const struct sample_part *part = message;
    cr_expect_str_eq(part->name, "a\"\\/\nA\xC3\xA9\xF0\x9F\x98\x80z\xE2\x82\xAC");
    cr_expect_eq(part->amount, 2);
}

/* -------------------------------------------------------------- round trips */

Test(json, a_sample_comes_back_as_it_was)
{
    struct sample *sample = sample_new(&arena);
    struct rt_buf out = {0};
    rt_json_encode(sample, &out);
    cr_expect_str_eq(rt_buf_cstr(&out), sample_json);
    cr_expect_eq(sample->price, 2050);
    cr_expect_eq(sample->starts_at, INT64_C(1769860800000));
    cr_expect_eq(sample->day, 20484);
    cr_expect_eq(sample->status, SAMPLE_WAITING);
    cr_expect_eq(sample->big, INT64_C(9007199254740991));
    cr_expect(sample->has_maybe && sample->maybe == 0);
    cr_expect(sample->has_sure && !sample->sure);
    cr_expect_eq(sample->n_stock, 1);
    cr_expect_eq(sample->stock[0]->key, -5);
    cr_expect_str_eq(sample->password, "12345678");
    rt_buf_done(&out);
}

Test(json, absent_members_are_those_that_may_be)
{
    struct rt_violations violations;
    void *message = NULL;
    struct rt_buf out = {0};
    rt_violations_init(&violations, &arena);
    struct rt_str body =
        RT_STR("{\"id\":\"s\",\"title\":\" t \",\"price\":1,\"ownerId\":\"o\",\"version\":0,"
               "\"flag\":false,\"small\":0,\"big\":0,\"count\":0,\"huge\":0,\"ratio\":0,"
               "\"startsAt\":\"1970-01-01T00:00:00Z\",\"day\":\"1970-01-01\",\"wait\":0,"
               "\"status\":\"new\",\"part\":{\"name\":\"p\",\"amount\":0},\"tags\":[\"t\"],"
               "\"password\":\"12345678\",\"email\":\" X@Y.Example \"}");
    int status = rt_json_decode(&sample_message, rt_str_bytes(body), &arena, &message, &violations);
    cr_assert_eq(status, 0, "%s", violations.items[0].pointer);
    const struct sample *sample = message;
    cr_expect_str_eq(sample->title, "t");
    cr_expect_str_eq(sample->email, "x@y.example");
    cr_expect_eq(sample->page_size, 20);
    cr_expect_null(sample->order_id);
    cr_expect(!sample->has_maybe && !sample->has_mood && !sample->has_ends_at);
    rt_json_encode(message, &out);
    cr_expect_str_eq(
        rt_buf_cstr(&out),
        "{\"id\":\"s\",\"title\":\"t\",\"price\":1.00,\"ownerId\":\"o\",\"orderId\":null,"
        "\"version\":0,\"flag\":false,\"small\":0,\"big\":0,\"count\":0,\"huge\":0,\"ratio\":0,"
        "\"email\":\"x@y.example\",\"blob\":null,\"startsAt\":\"1970-01-01T00:00:00.000Z\","
        "\"day\":\"1970-01-01\",\"wait\":0,\"status\":\"new\",\"part\":{\"name\":\"p\","
        "\"amount\":0,\"inner\":null},\"tags\":[\"t\"],\"scores\":[],\"parts\":[],\"labels\":{},"
        "\"pageSize\":20,\"maybe\":null,\"owner\":null,\"statuses\":[],\"stock\":{},"
        "\"slug\":null,\"url\":null,\"uuid\":null,\"code\":null,\"endsAt\":null,\"mood\":null,"
        "\"blobs\":[],\"sure\":null,\"share\":null}");
    rt_buf_done(&out);
}

/* ----------------------------------------------------------- values in URLs */

static const char *parse(const char *field, struct rt_str text, struct sample *sample)
{
    struct rt_violations violations;
    rt_violations_init(&violations, &arena);
    const struct rt_field *f = rt_message_field(&sample_message, rt_str(field));
    int status = rt_field_parse(f, text, &arena, sample, &violations);
    cr_assert_eq(status == 0, violations.count == 0);
    return status == 0 ? ""
                       : rt_arena_printf(&arena, "%s %s: %s", violations.items[0].pointer,
                                         violations.items[0].rule, violations.items[0].message);
}

Test(json, values_of_urls_are_parsed_and_checked_like_json)
{
    struct sample sample;
    rt_message_init(&sample_message, &sample);
    cr_expect_str_eq(parse("owner_id", RT_STR("u1"), &sample), "");
    cr_expect_str_eq(sample.owner_id, "u1");
    cr_expect_str_eq(parse("flag", RT_STR("true"), &sample), "");
    cr_expect(sample.flag);
    cr_expect_str_eq(parse("maybe", RT_STR("-7"), &sample), "");
    cr_expect(sample.has_maybe && sample.maybe == -7);
    cr_expect_str_eq(parse("price", RT_STR("1.5"), &sample), "");
    cr_expect_eq(sample.price, 150);
    cr_expect_str_eq(parse("mood", RT_STR("waiting:for-it"), &sample), "");
    cr_expect(sample.has_mood && sample.mood == SAMPLE_WAITING);
    cr_expect_str_eq(parse("share", RT_STR("0.5"), &sample), "");
    cr_expect(sample.has_share && sample.share == 0.5);
    cr_expect_str_eq(parse("day", RT_STR("1970-01-02"), &sample), "");
    cr_expect_eq(sample.day, 1);
    cr_expect_str_eq(parse("maybe", RT_STR("2147483648"), &sample),
                     "/maybe max: Must be at most 2147483647");
    cr_expect_eq(sample.maybe, -7, "what is refused changes nothing");
    cr_expect_str_eq(parse("small", RT_STR("x"), &sample), "/small type: Must be an integer");
    cr_expect_str_eq(parse("small", RT_STR(" 1"), &sample), "/small type: Must be an integer");
    cr_expect_str_eq(parse("small", RT_STR(""), &sample), "/small type: Must be an integer");
    cr_expect_str_eq(parse("small", RT_STR("11"), &sample), "/small max: Must be at most 10");
    cr_expect_str_eq(parse("flag", RT_STR("1"), &sample), "/flag type: Must be true or false");
    cr_expect_str_eq(parse("owner_id", RT_STR(""), &sample),
                     "/ownerId length: Must be 1 to 64 bytes");
    cr_expect_str_eq(parse("title", RT_STR("a\0b"), &sample),
                     "/title nul: Must not contain a NUL character");
    cr_expect_str_eq(parse("title", RT_STR("\xFF"), &sample), "/title utf8: Must be UTF-8");
}
