#include <criterion/criterion.h>

#include "tests/support/sample.h"

static struct rt_arena arena;

static void init(void)
{
    rt_arena_init(&arena, 0);
}

static void done(void)
{
    rt_arena_done(&arena);
}

TestSuite(patch, .init = init, .fini = done);

static int merge(const char *patch, struct sample *onto, struct rt_violations *violations)
{
    rt_violations_init(violations, &arena);
    return rt_json_merge(rt_str_bytes(rt_str(patch)), onto, &arena, violations);
}

/* The sample's JSON with one part replaced. */
static const char *with(const char *from, const char *to)
{
    const char *at = strstr(sample_json, from);
    cr_assert_not_null(at, "%s", from);
    return rt_arena_printf(&arena, "%.*s%s%s", (int)(at - sample_json), sample_json, to,
                           at + strlen(from));
}

Test(patch, changes_what_is_given_and_nothing_else)
{
    static const struct {
        const char *patch;
        const char *from;
        const char *to;
    } cases[] = {
        {"{}", "{", "{"},
        {"{\"title\":\"New\"}", "\"A title\"", "\"New\""},
        {"{\"title\":\"  New \"}", "\"A title\"", "\"New\""},
        {"{\"price\":1}", "20.50", "1.00"},
        {"{\"maybe\":null}", "\"maybe\":0", "\"maybe\":null"},
        {"{\"orderId\":\"o\"}", "\"orderId\":null", "\"orderId\":\"o\""},
        {"{\"blob\":null}", "\"AQID\"", "null"},
        {"{\"pageSize\":7}", "\"pageSize\":50", "\"pageSize\":7"},
        {"{\"tags\":[\"c\"]}", "[\"a\",\"b\"]", "[\"c\"]"},
        {"{\"scores\":[7]}", "[1,0,100]", "[7]"},
        {"{\"part\":{\"amount\":9}}", "\"amount\":2", "\"amount\":9"},
        {"{\"part\":{\"inner\":{\"name\":\"in\",\"amount\":1}}}", "\"amount\":2,\"inner\":null",
         "\"amount\":2,\"inner\":{\"name\":\"in\",\"amount\":1,\"inner\":null}"},
        {"{\"labels\":{\"k\":\"w\"}}", "\"k\":\"v\"", "\"k\":\"w\""},
        {"{\"labels\":{\"k\":null}}", "\"k\":\"v\",", ""},
        {"{\"labels\":{\"none\":null}}", "{", "{"},
        {"{\"labels\":{\"m\":\"n\"}}", "\"l/~\":\"\"}", "\"l/~\":\"\",\"m\":\"n\"}"},
        {"{\"labels\":{\"k\":null,\"m\":\"n\"}}", "{\"k\":\"v\",\"l/~\":\"\"}",
         "{\"l/~\":\"\",\"m\":\"n\"}"},
        {"{\"stock\":{\"-5\":{\"amount\":6}}}", "\"amount\":4", "\"amount\":6"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample *sample = sample_new(&arena);
        struct rt_violations violations;
        struct rt_buf json = {0};
        cr_expect_eq(merge(cases[i].patch, sample, &violations), 0, "%s: %s", cases[i].patch,
                     violations.count ? violations.items[0].message : "");
        rt_json_encode(sample, &json);
        cr_expect_str_eq(rt_buf_cstr(&json), with(cases[i].from, cases[i].to), "%s",
                         cases[i].patch);
        rt_buf_done(&json);
    }
}

Test(patch, the_result_is_checked_as_a_whole)
{
    static const struct {
        const char *patch;
        const char *pointer;
        const char *rule;
    } cases[] = {
        {"{\"title\":null}", "/title", "required"},
        {"{\"part\":{\"name\":null}}", "/part/name", "required"},
        {"{\"part\":{\"inner\":{\"amount\":1}}}", "/part/inner/name", "required"},
        {"{\"stock\":{\"7\":{\"amount\":6}}}", "/stock/7/name", "required"},
        {"{\"nothing\":1}", "/nothing", "unknown"},
        {"{\"title\":1}", "/title", "type"},
        {"{\"title\":\"a\",\"title\":\"b\"}", "/title", "duplicate"},
        {"[]", "", "type"},
        {"{", "", "json"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_violations violations;
        cr_expect_eq(merge(cases[i].patch, sample_new(&arena), &violations), RT_EINVAL, "%s",
                     cases[i].patch);
        cr_assert_eq(violations.count, 1, "%s", cases[i].patch);
        cr_expect_str_eq(violations.items[0].pointer, cases[i].pointer);
        cr_expect_str_eq(violations.items[0].rule, cases[i].rule);
    }
}

static enum rt_patched given_of(const uint8_t *given, const char *name)
{
    for (size_t i = 0; i < sample_message.n_fields; i++)
        if (strcmp(sample_message.fields[i].name, name) == 0)
            return (enum rt_patched)given[i];
    return RT_NOT_GIVEN;
}

/* Absent, null and a value are three things. */
Test(patch, by_itself_says_what_is_given)
{
    struct rt_violations violations;
    void *message = NULL;
    const uint8_t *given = NULL;
    rt_violations_init(&violations, &arena);
    cr_assert_eq(rt_json_decode_patch(&sample_message,
                                      rt_str_bytes(RT_STR("{\"maybe\":null,\"title\":\"T\","
                                                          "\"labels\":{\"k\":null},"
                                                          "\"part\":{\"amount\":3}}")),
                                      &arena, &message, &given, &violations),
                 0);
    const struct sample *sample = message;
    cr_expect_eq(given_of(given, "maybe"), RT_GIVEN_NULL);
    cr_expect_eq(given_of(given, "title"), RT_GIVEN);
    cr_expect_eq(given_of(given, "labels"), RT_GIVEN);
    cr_expect_eq(given_of(given, "price"), RT_NOT_GIVEN);
    cr_expect_str_eq(sample->title, "T");
    cr_expect_eq(sample->n_labels, 0);
    cr_expect_eq(sample->part->amount, 3);
    rt_violations_init(&violations, &arena);
    cr_expect_eq(rt_json_decode_patch(&sample_message,
                                      rt_str_bytes(RT_STR("{\"title\":null,\"price\":\"x\"}")),
                                      &arena, &message, &given, &violations),
                 RT_EINVAL);
    cr_expect_eq(violations.count, 2, "what is wrong with a patch by itself is said of all of it");
}
