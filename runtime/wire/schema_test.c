#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/wire/limits.h"
#include "runtime/wire/receive.h"
#include "runtime/wire/schema.h"

/* That loaded tables are those of the compiler is tests/interop/schema_tool.c's business; here it
 * is malformed files, and what a schema answers. */

static struct rt_buf file;

static void setup(void)
{
    FILE *in = fopen(SCHEMA_FILE, "rbe");
    cr_assert_not_null(in, "%s", SCHEMA_FILE);
    for (int c; (c = getc(in)) != EOF;)
        rt_buf_byte(&file, (uint8_t)c);
    fclose(in);
}

static void teardown(void)
{
    rt_buf_done(&file);
}

TestSuite(schema, .init = setup, .fini = teardown);

static struct rt_schema *load(void)
{
    struct rt_schema *schema = NULL;
    struct rt_error error = {0};
    cr_assert_eq(rt_schema_load(rt_buf_bytes(&file), &schema, &error), 0, "%s", error.message);
    return schema;
}

Test(schema, subjects_have_their_payload_key_and_size)
{
    struct rt_schema *schema = load();
    cr_expect_str_eq(rt_schema_name(schema), "everything");
    const struct rt_schema_event *ended = rt_schema_find(schema, RT_STR("thing:ended"));
    cr_assert_not_null(ended);
    cr_expect_str_eq(ended->message->name, "ThingEnded");
    cr_expect_eq(ended->n_key, 1);
    cr_expect_str_eq(ended->key[0]->name, "owner");
    cr_expect_eq(ended->size_max, 143);
    cr_expect_eq(rt_schema_find(schema, RT_STR("thing:told"))->size_max, 80080);
    cr_expect_null(rt_schema_find(schema, RT_STR("thing.ended")), "subjects are exact");
    cr_expect_not_null(rt_schema_event(schema, 3));
    cr_expect_null(rt_schema_event(schema, 4));
    cr_expect_not_null(rt_schema_message(schema, RT_STR("everything.things.Values")));
    rt_schema_free(schema);
}

Test(schema, what_comes_is_held_to_it)
{
    struct rt_schema *schema = load();
    const struct rt_schema_event *made = rt_schema_find(schema, RT_STR("thing:made"));
    struct rt_arena arena;
    struct rt_error error;
    void *message = NULL;
    rt_arena_init(&arena, 0);
    static const char good[] = "\x0A\x01i\x12\x01o\x1A\x01n\x60\x01";
    cr_assert_eq(
        rt_pb_receive(made->message, rt_bytes(good, sizeof good - 1), &arena, &message, &error), 0,
        "%s", error.message);
    cr_expect(rt_str_eq(rt_schema_key(made, message), RT_STR("i")));
    static const char nameless[] = "\x0A\x01i\x12\x01o\x60\x01";
    cr_expect_eq(rt_pb_receive(made->message, rt_bytes(nameless, sizeof nameless - 1), &arena,
                               &message, &error),
                 RT_EINVAL);
    cr_expect_str_eq(error.message, "/name: Must be 1 to 80 characters (length)");
    cr_expect_eq(rt_pb_receive(made->message, rt_bytes("\x0A\x05i", 3), &arena, &message, &error),
                 RT_EINVAL);
    cr_expect_str_eq(error.message, "ThingMade: malformed bytes");
    rt_arena_done(&arena);
    rt_schema_free(schema);
}

/* JSON to the message and back, and the same through its bytes. */
static void round_trip(const struct rt_message *type, const char *json)
{
    struct rt_arena arena;
    struct rt_error error = {0};
    struct rt_violations violations;
    struct rt_buf bytes = {0}, again = {0}, direct = {0};
    void *message = NULL, *received = NULL;
    rt_arena_init(&arena, 0);
    rt_violations_init(&violations, &arena);
    int r = rt_json_decode(type, rt_str_bytes(rt_str(json)), &arena, &message, &violations);
    cr_assert_eq(r, 0, "%s", r == 0 ? "" : violations.items[0].pointer);
    rt_pb_encode(message, &bytes);
    r = rt_pb_receive(type, rt_buf_bytes(&bytes), &arena, &received, &error);
    cr_assert_eq(r, 0, "%s", error.message);
    rt_json_encode(received, &again);
    cr_expect_str_eq(rt_buf_cstr(&again), json);
    cr_expect_eq(rt_json_from_pb(type, rt_buf_bytes(&bytes), &direct), 0);
    cr_expect_str_eq(rt_buf_cstr(&direct), json);
    rt_buf_done(&bytes);
    rt_buf_done(&again);
    rt_buf_done(&direct);
    rt_arena_done(&arena);
}

Test(schema, json_goes_through_bytes_and_comes_back)
{
    struct rt_schema *schema = load();
    round_trip(rt_schema_message(schema, RT_STR("everything.things.Values")),
               "{\"yes\":true,\"small\":-5,\"large\":-9007199254740991,\"count\":4294967295,"
               "\"huge\":9000000000000000,\"ratio\":-2.5e-300,\"amount\":-0.125,"
               "\"text\":\"\\\"\\\\\\n\u00e4\U0001F3AB\",\"link\":\"https://example.org/a\","
               "\"raw\":\"AP8Q\",\"day\":\"2024-02-29\",\"span\":86400000,\"colour\":\"sky-blue\","
               "\"point\":{\"x\":-90,\"y\":0.1},\"maybeYes\":false,\"maybeLarge\":0,"
               "\"maybeRaw\":\"\",\"maybeColour\":\"red\",\"maybePoint\":{\"x\":1,\"y\":2},"
               "\"maybeText\":\"\",\"flags\":[true,false],\"numbers\":[-1,0,1],\"texts\":[\"a\"],"
               "\"colours\":[\"green\",\"green\"],\"points\":[{\"x\":0,\"y\":0}],"
               "\"byName\":{\"a\":{\"x\":1,\"y\":1},\"b\":{\"x\":2,\"y\":2}},"
               "\"totals\":{\"\":0.01},\"code\":\"AB-12\"}");
    round_trip(
        rt_schema_message(schema, RT_STR("everything.things.Values")),
        "{\"yes\":false,\"small\":0,\"large\":0,\"count\":0,\"huge\":0,\"ratio\":0,"
        "\"amount\":0.000,\"text\":\"\",\"link\":\"http://a.b\",\"raw\":\"\","
        "\"day\":\"0001-01-01\",\"span\":1000,\"colour\":\"red\",\"point\":{\"x\":0,\"y\":0},"
        "\"maybeYes\":null,\"maybeLarge\":null,\"maybeRaw\":null,\"maybeColour\":null,"
        "\"maybePoint\":null,\"maybeText\":null,\"flags\":[],\"numbers\":[],"
        "\"texts\":[\"a\"],\"colours\":[],\"points\":[],\"byName\":{},\"totals\":{},"
        "\"code\":\"AB-12\"}");
    round_trip(rt_schema_find(schema, RT_STR("thing:moved"))->message,
               "{\"id\":\"i\",\"colour\":\"green\",\"tags\":[\"a\",\"b\"],\"marks\":[1,100],"
               "\"way\":{\"home\":{\"x\":1.5,\"y\":-1}},\"stars\":5,"
               "\"goneAt\":\"2026-01-31T12:00:00.001Z\",\"version\":1}");
    rt_schema_free(schema);
}

/* What was loaded can be used: each payload is decoded from nothing. */
static void use(const struct rt_schema *schema)
{
    struct rt_arena arena;
    struct rt_error error;
    const struct rt_schema_event *event;
    rt_arena_init(&arena, 0);
    for (size_t i = 0; (event = rt_schema_event(schema, i)); i++) {
        void *message = NULL;
        struct rt_buf json = {0};
        if (rt_pb_receive(event->message, rt_bytes("\x0A\x00", 2), &arena, &message, &error) == 0)
            rt_json_encode(message, &json);
        rt_buf_done(&json);
    }
    rt_arena_done(&arena);
}

static void try_load(struct rt_bytes in, size_t *loaded)
{
    struct rt_schema *schema = NULL;
    struct rt_error error = {0};
    int r = rt_schema_load(in, &schema, &error);
    cr_assert(r == 0 ? schema != NULL : error.message[0] != '\0' && schema == NULL);
    if (r == 0) {
        use(schema);
        rt_schema_free(schema);
        ++*loaded;
    }
}

Test(schema, a_file_cut_short_is_none)
{
    size_t loaded = 0;
    for (size_t len = 0; len < file.len; len++)
        try_load(rt_bytes(file.data, len), &loaded);
    cr_expect_eq(loaded, 0, "its name is at the end");
}

Test(schema, a_damaged_file_is_an_error_or_another_schema)
{
    size_t loaded = 0;
    for (size_t i = 0; i < file.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            file.data[i] ^= (uint8_t)(1U << bit);
            try_load(rt_buf_bytes(&file), &loaded);
            file.data[i] ^= (uint8_t)(1U << bit);
        }
    }
    cr_expect_gt(loaded, 0, "another bound is another schema");
    cr_expect_lt(loaded, 8 * file.len / 2, "most of it is not");
}

Test(schema, a_file_over_the_limits_is_refused)
{
    struct rt_schema *schema = NULL;
    struct rt_error error;
    uint8_t *big = calloc(1, RT_SCHEMA_BYTES_MAX + 1);
    cr_expect_eq(rt_schema_load(rt_bytes(big, RT_SCHEMA_BYTES_MAX + 1), &schema, &error),
                 RT_ETOOBIG);
    free(big);
}
