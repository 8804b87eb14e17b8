/* Messages that came as protobuf are held to the same rules, in the same words. */
#include <math.h>
#include <pthread.h>

#include <criterion/criterion.h>

#include "runtime/base/format.h"
#include "runtime/wire/pattern.h"
#include "tests/support/sample.h"

static struct rt_arena arena;
static struct sample *sample;

static void set_up(void)
{
    rt_arena_init(&arena, 0);
    sample = sample_new(&arena);
}

static void tear_down(void)
{
    rt_arena_done(&arena);
}

/* 65 characters before the @, one more than there may be. */
#define LONG_EMAIL "12345678901234567890123456789012345678901234567890123456789012345@b.cd"

TestSuite(validate, .init = set_up, .fini = tear_down);

static void expect_violations(const char *expected)
{
    struct rt_violations violations;
    struct rt_buf text = {0};
    rt_violations_init(&violations, &arena);
    bool valid = rt_validate(sample, &violations);
    cr_expect_eq(valid, violations.count == 0);
    for (size_t i = 0; i < violations.count && i < RT_VIOLATIONS_MAX; i++)
        rt_buf_printf(&text, "%s%s %s: %s", text.len ? "\n" : "", violations.items[i].pointer,
                      violations.items[i].rule, violations.items[i].message);
    cr_expect_str_eq(rt_buf_cstr(&text), expected);
    rt_buf_done(&text);
}

Test(validate, a_valid_message_has_no_violation)
{
    expect_violations("");
}

Test(validate, an_empty_message_lacks_what_cannot_be_zero)
{
    struct rt_arena_mark mark = rt_arena_mark(&arena);
    void *empty = NULL;
    cr_assert_eq(rt_pb_decode(&sample_message, (struct rt_bytes){0}, &arena, &empty, NULL), 0);
    sample = empty;
    expect_violations("/id length: Must be 1 to 64 bytes\n"
                      "/title length: Must be 1 to 10 characters\n"
                      "/price min: Must be at least 0.01\n"
                      "/ownerId length: Must be 1 to 64 bytes\n"
                      "/status required: Is required\n"
                      "/part required: Is required\n"
                      "/tags items: Must have 1 to 3 items\n"
                      "/password length: Must be 8 to 72 characters");
    rt_arena_rewind(&arena, mark);
}

Test(validate, each_kind_reports_what_breaks_its_bounds)
{
    sample->title = "12345678901";
    sample->price = 10000001;
    sample->order_id = "";
    sample->version = -1;
    sample->small = 11;
    sample->big = INT64_MIN;
    sample->huge = UINT64_MAX;
    sample->ratio = NAN;
    sample->email = "nobody";
    sample->blob.len = 0;
    sample->starts_at = -1;
    sample->day = INT32_MAX;
    sample->wait = INT64_MAX;
    sample->status = (enum sample_status)3;
    sample->scores[2] = 101;
    sample->labels[1]->value = "12345";
    sample->statuses[1] = (enum sample_status)0;
    sample->stock[0]->value = NULL;
    sample->url = "x";
    sample->mood = (enum sample_status) - 1;
    sample->has_share = true;
    sample->share = INFINITY;
    expect_violations("/title length: Must be 1 to 10 characters\n"
                      "/price max: Must be at most 100000.00\n"
                      "/orderId length: Must be 1 to 64 bytes\n"
                      "/version min: Must be at least 0\n"
                      "/small max: Must be at most 10\n"
                      "/big min: Must be at least -9007199254740991\n"
                      "/huge max: Must be at most 9007199254740991\n"
                      "/ratio finite: Must be a finite number\n"
                      "/email format: Must be an email address\n"
                      "/blob length: Must be 1 to 4 bytes\n"
                      "/startsAt min: Must be at least 1970-01-01T00:00:00.000Z\n"
                      "/day max: Must be at most 9999-12-31\n"
                      "/wait max: Must be at most 9007199254740991\n"
                      "/status enum: Must be one of new, waiting:for-it, done\n"
                      "/scores/2 max: Must be at most 100\n"
                      "/labels/l~1~0 length: Must be at most 4 characters\n"
                      "/statuses/1 required: Is required\n"
                      "/stock/-5 required: Is required\n"
                      "/url format: Must be an http or https URL\n"
                      "/mood enum: Must be one of new, waiting:for-it, done\n"
                      "/share finite: Must be a finite number");
}

Test(validate, violations_of_nested_messages_have_their_pointer)
{
    sample->parts[0]->inner->name = "";
    sample->part->amount = 13;
    expect_violations("/part/amount lucky: Brings bad luck\n"
                      "/parts/0/inner/name length: Must be 1 to 20 characters");
}

Test(validate, rules_across_fields_count_once_the_fields_are_valid)
{
    sample->ends_at = sample->starts_at;
    expect_violations("/endsAt ends_after_start: Ends before it starts");
    sample->small = 11;
    expect_violations("/small max: Must be at most 10");
}

Test(validate, an_embedded_record_is_its_id)
{
    struct sample_owner owner;
    rt_message_init(&sample_owner_message, &owner);
    sample->owner = &owner;
    expect_violations("/owner/id length: Must be 1 to 64 bytes");
    owner.id = "o1";
    expect_violations("");
    owner.name = "far more than twenty characters";
    owner.name = "";
    expect_violations("");
    owner.name = "far more than twenty characters";
    owner.level = 10;
    owner.skills = (const char *[]){""};
    owner.n_skills = 1;
    expect_violations("/owner/name length: Must be 1 to 20 characters\n"
                      "/owner/level max: Must be at most 9\n"
                      "/owner/skills/0 length: Must be 1 to 20 characters");
}

Test(validate, items_and_keys_that_repeat_are_violations)
{
    sample->tags[1] = "a";
    sample->labels[1]->key = "k";
    expect_violations("/tags unique: Must not have an item twice\n"
                      "/labels unique: Must not have a key twice");
}

Test(validate, text_is_normalised)
{
    const char *shared = " \t Title \n";
    sample->title = shared;
    sample->email = "  SOMEBODY@Example.ORG";
    expect_violations("");
    cr_expect_str_eq(sample->title, "Title");
    cr_expect_str_eq(sample->email, "somebody@example.org");
    cr_expect_str_eq(shared, " \t Title \n");
}

Test(validate, a_chain_beyond_the_depth_is_a_violation)
{
    struct sample_part *parts = RT_ARENA_ARRAY(&arena, 40, struct sample_part);
    for (int i = 0; i < 40; i++) {
        rt_message_init(&sample_part_message, &parts[i]);
        parts[i].name = "x";
        parts[i].inner = i < 39 ? &parts[i + 1] : NULL;
    }
    sample->part = parts;
    struct rt_violations violations;
    rt_violations_init(&violations, &arena);
    cr_expect_not(rt_validate(sample, &violations));
    cr_expect_eq(violations.count, 1);
    cr_expect_str_eq(violations.items[0].rule, "depth");
}

/* ------------------------------------------------------------------ formats */

static void expect_format(enum rt_format format, const char *const *texts, bool valid)
{
    for (; *texts; texts++)
        cr_expect_eq(rt_format_valid(format, rt_str(*texts)), valid, "%s", *texts);
}

Test(validate, each_format_takes_its_texts_and_refuses_others)
{
    expect_format(
        RT_FORMAT_EMAIL,
        (const char *const[]){"a@b.cd", "a.b+c@d-e.example", "o'neil@x.co.uk", "1@2.de", NULL},
        true);
    expect_format(RT_FORMAT_EMAIL,
                  (const char *const[]){"", "a", "@", "a@", "@b.cd", "a@b", "a@b..cd", "a@.cd",
                                        "a@b.cd.", "a b@c.de", "a@b@c.de", "a@-b.cd", "a@b-.cd",
                                        "a@b_c.de", "\xC3\xA9@b.cd", "a@[1.2.3.4]", "<a@b.cd>",
                                        LONG_EMAIL, NULL},
                  false);
    expect_format(RT_FORMAT_URL,
                  (const char *const[]){"http://a", "https://a.b/", "HTTPS://a.b:8443/x?y=%20#z",
                                        "http://[::1]:80/", "http://127.0.0.1/", "https://a?b",
                                        NULL},
                  true);
    expect_format(RT_FORMAT_URL,
                  (const char *const[]){"", "http://", "http:///x", "ftp://a", "a.b", "//a",
                                        "javascript:alert(1)", "http://a b", "http://a/<x>",
                                        "http://a/%2", "http://a/%zz", "http://u:p@h/",
                                        "http://[::1", "http://[g]/", "http://a:x/",
                                        "http://a:123456/", "http://a/\xC3\xA9", NULL},
                  false);
    expect_format(RT_FORMAT_UUID,
                  (const char *const[]){"0190a6b4-0000-7000-8000-000000000001",
                                        "0190A6B4-0000-7000-8000-00000000000F", NULL},
                  true);
    expect_format(RT_FORMAT_UUID,
                  (const char *const[]){"", "0190a6b400007000800000000000000100",
                                        "0190a6b4-0000-7000-8000-00000000000g", NULL},
                  false);
    expect_format(RT_FORMAT_SLUG, (const char *const[]){"a", "1", "a-b", "a1-2b-c", NULL}, true);
    expect_format(RT_FORMAT_SLUG,
                  (const char *const[]){"", "-", "a-", "-a", "a--b", "A", "a_b", "a b", NULL},
                  false);
}

static const char *const patterns[] = {"a+", "b{2}", "[0-9]*", "x|y", "(ab)+c?", ".", "", "a.c"};

static void *match_all(void *arg)
{
    size_t *matches = arg;
    for (int round = 0; round < 200; round++)
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
            *matches += rt_pattern_matches(patterns[i], RT_STR("abab"));
    return NULL;
}

/* The cache of compiled patterns is filled by many threads at once. */
Test(validate, patterns_are_anchored_and_shared)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    size_t matches[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, match_all, &matches[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(matches[i], 200, "only (ab)+c? matches");
    }
    cr_expect(rt_pattern_matches(patterns[3], RT_STR("x")));
    cr_expect_not(rt_pattern_matches(patterns[3], RT_STR("xx")));
    cr_expect_not(rt_pattern_matches(patterns[0], RT_STR("aab")));
}
