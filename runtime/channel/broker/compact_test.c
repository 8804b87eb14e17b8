/* What compaction takes for superseded, how many keys it knows, and when it is worth its work. */
#include <stdio.h>

#include <criterion/criterion.h>
#include <pb_encode.h>

#include "runtime/channel/broker/compact.h"
#include "runtime/channel/broker/records.pb.h"
#include "runtime/channel/protocol/subject.h"

enum { WALL_MS = 1000000, KEYS_MAX = 3000 };

static struct rt_compact *compact;

static void set_up(void)
{
    const struct rt_str filters[] = {RT_STR("state:>"), RT_STR("price:*")};
    const struct rt_compact_limit limits[] = {{RT_STR("line:>"), 3}, {RT_STR("line:a:*"), 1}};
    const struct rt_compact_rules rules = {filters, 2, limits, 2};
    compact = rt_compact_new(&rules, WALL_MS, KEYS_MAX);
}

static void tear_down(void)
{
    rt_compact_free(compact);
}

TestSuite(compact, .init = set_up, .fini = tear_down);

static struct rt_log_event event(const char *subject, const char *key)
{
    return (struct rt_log_event){.subject = rt_str(subject), .key = rt_str(key)};
}

/* The same with headers; good until the next call. */
static struct rt_log_event event_with(const char *subject, const char *key,
                                      const record_EventExtra *extra)
{
    static uint8_t headers[record_EventExtra_size];
    pb_ostream_t out = pb_ostream_from_buffer(headers, sizeof headers);
    cr_assert(pb_encode(&out, record_EventExtra_fields, extra));
    struct rt_log_event with = event(subject, key);
    with.headers = rt_bytes(headers, out.bytes_written);
    return with;
}

static void note(uint64_t sequence, struct rt_log_event event)
{
    cr_assert(rt_compact_note(compact, sequence, &event, true));
}

static void judge(uint64_t sequence, struct rt_log_event event, enum rt_compact_verdict expected)
{
    cr_assert_eq(rt_compact_judge(compact, sequence, &event), expected, "record %llu",
                 (unsigned long long)sequence);
}

Test(compact, the_newest_of_each_subject_and_key_stays)
{
    note(1, event("state:x", "a"));
    note(2, event("state:y", "a"));
    note(3, event("price:x", "a"));
    note(4, event("state:x", "b"));
    note(5, event("state:x", "a"));
    judge(1, event("state:x", "a"), RT_COMPACT_GOES);
    judge(2, event("state:y", "a"), RT_COMPACT_STAYS);
    judge(3, event("price:x", "a"), RT_COMPACT_STAYS);
    judge(4, event("state:x", "b"), RT_COMPACT_STAYS);
    judge(5, event("state:x", "a"), RT_COMPACT_STAYS);
    judge(6, event("state:x", "never seen"), RT_COMPACT_STAYS);
}

Test(compact, where_subject_and_key_meet_makes_a_difference)
{
    note(1, event("state:x", "ya"));
    note(2, event("state:xy", "a"));
    judge(1, event("state:x", "ya"), RT_COMPACT_STAYS);
}

Test(compact, other_events_are_none_of_its_business)
{
    const struct rt_log_event others[] = {event("state:x", ""), event("log:x", "a"),
                                          event("state", "a"), event("price:x:y", "a"),
                                          event("$dead:s:state:x", "a")};
    for (uint64_t round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            note(1 + round * 10 + i, others[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        judge(1 + i, others[i], RT_COMPACT_OTHER);
}

Test(compact, scheduled_events_count_from_when_they_are_due)
{
    record_EventExtra later = {.deliver_at_ms = WALL_MS + 1}, due = {.deliver_at_ms = WALL_MS};
    note(1, event("state:x", "a"));
    note(2, event_with("state:x", "a", &later));
    judge(1, event("state:x", "a"), RT_COMPACT_STAYS);
    judge(2, event_with("state:x", "a", &later), RT_COMPACT_OTHER);
    note(3, event_with("state:x", "a", &due));
    judge(1, event("state:x", "a"), RT_COMPACT_GOES);
    judge(2, event_with("state:x", "a", &later), RT_COMPACT_OTHER);
    note(4, event("state:x", "a"));
    judge(3, event_with("state:x", "a", &due), RT_COMPACT_GOES);
}

Test(compact, what_one_subscription_gets_alone_replaces_nothing)
{
    record_EventExtra extra = {0};
    extra.target.size = 1;
    extra.target.bytes[0] = 's';
    note(1, event("state:x", "a"));
    note(2, event_with("state:x", "a", &extra));
    note(3, event("state:x", "b"));
    judge(1, event("state:x", "a"), RT_COMPACT_STAYS);
    judge(2, event_with("state:x", "a", &extra), RT_COMPACT_OTHER);
}

Test(compact, headers_that_do_not_decode_are_kept)
{
    struct rt_log_event broken = event("state:x", "a");
    broken.headers = rt_bytes("\xff\xff", 2);
    note(1, broken);
    note(2, event("state:x", "a"));
    judge(1, broken, RT_COMPACT_OTHER);
}

static struct rt_log_event numbered(unsigned number)
{
    static char key[16];
    snprintf(key, sizeof key, "%u", number);
    return event("state:x", key);
}

Test(compact, as_many_keys_as_there_is_room_for)
{
    for (unsigned i = 0; i < KEYS_MAX; i++)
        note(1 + i, numbered(i));
    struct rt_log_event one_more = numbered(KEYS_MAX);
    cr_assert_not(rt_compact_note(compact, KEYS_MAX + 1, &one_more, true));
    /* What is not a target is never too much, and known keys go on. */
    cr_assert(rt_compact_note(compact, KEYS_MAX + 2, &one_more, false));
    for (unsigned i = 0; i < KEYS_MAX; i += 2)
        note(KEYS_MAX * 2 + i, numbered(i));
    for (unsigned i = 0; i < KEYS_MAX; i++)
        judge(1 + i, numbered(i), i % 2 == 0 ? RT_COMPACT_GOES : RT_COMPACT_STAYS);
    judge(KEYS_MAX + 1, numbered(KEYS_MAX), RT_COMPACT_STAYS);
}

Test(compact, of_a_limited_subject_the_newest_so_many_stay)
{
    static const char *const subjects[] = {"line:x", "line:x",   "line:a:x", "state:x",
                                           "line:x", "line:a:y", "line:x"};
    enum { COUNT = sizeof subjects / sizeof *subjects };
    const enum rt_compact_verdict expected[COUNT] = {
        RT_COMPACT_GOES,  RT_COMPACT_GOES,  RT_COMPACT_GOES, RT_COMPACT_STAYS,
        RT_COMPACT_STAYS, RT_COMPACT_STAYS, RT_COMPACT_STAYS};
    record_EventExtra later = {.deliver_at_ms = WALL_MS + 1};
    note(1, event_with("line:x", "", &later));
    for (unsigned i = 0; i < COUNT; i++)
        note(2 + i, event(subjects[i], "k"));
    judge(1, event_with("line:x", "", &later), RT_COMPACT_OTHER);
    for (unsigned i = 0; i < COUNT; i++)
        judge(2 + i, event(subjects[i], "k"), expected[i]);
}

Test(compact, rules_touch_whoever_may_select_the_same)
{
    const struct rt_str by_key = RT_STR("state:>");
    const struct rt_compact_limit limit = {RT_STR("line:*"), 1};
    const struct rt_compact_rules rules = {&by_key, 1, &limit, 1};
    const struct {
        struct rt_str filter;
        bool touched;
    } cases[] = {{RT_STR("state:x"), true}, {RT_STR(">"), true},       {RT_STR("line:x"), true},
                 {RT_STR("*:*"), true},     {RT_STR("*"), false},      {RT_STR("line:x:y"), false},
                 {RT_STR("log:>"), false},  {RT_STR("$dead:>"), false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_match match = {0};
        rt_match_init(&match, &cases[i].filter, 1);
        cr_assert_eq(rt_compact_overlaps(&rules, &match), cases[i].touched, "%zu", i);
        rt_match_done(&match);
    }
}

Test(compact, only_what_is_worth_it_is_rewritten)
{
    const struct {
        struct rt_compact_bytes bytes;
        bool worth;
    } cases[] = {
        {{1000, 1000, 250}, true},   {{1000, 1000, 249}, false}, {{1000, 0, 0}, false},
        {{32000, 1000, 1000}, true}, {{32000, 999, 999}, false}, {{3, 3, 0}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert_eq(rt_compact_worth(&cases[i].bytes), cases[i].worth, "case %zu", i);
}

/* Eight segments of ten records and a hundred bytes; the last one is being written. */
static struct rt_log_segment segments[8];

static size_t due(struct rt_compact_past past, uint64_t settled, uint64_t replayable)
{
    for (uint64_t i = 0; i < 8; i++)
        segments[i] = (struct rt_log_segment){
            .base = i * 10 + 1, .next = i * 10 + 11, .bytes = 100, .sealed = i < 7};
    return rt_compact_due(&past, segments, 8, settled, replayable, false);
}

Test(compact, looks_only_at_what_is_sealed_settled_and_covered)
{
    const struct rt_compact_past never = {0};
    cr_assert_eq(due(never, 80, 80), 7);
    cr_assert_eq(due(never, 80, 30), 3);
    cr_assert_eq(due(never, 30, 80), 3);
    cr_assert_eq(due(never, 29, 80), 2);
    cr_assert_eq(due(never, 9, 80), 0);
    cr_assert_eq(due(never, 80, 0), 0);
}

Test(compact, looks_again_when_a_quarter_is_new)
{
    cr_assert_eq(due((struct rt_compact_past){70, 80}, 80, 80), 0);
    cr_assert_eq(due((struct rt_compact_past){60, 70}, 80, 80), 0); /* a seventh */
    cr_assert_eq(due((struct rt_compact_past){50, 60}, 80, 80), 7); /* two of them */
    /* What is new may be new events of old keys, or old segments that were settled since. */
    cr_assert_eq(due((struct rt_compact_past){20, 50}, 20, 80), 2);
    cr_assert_eq(due((struct rt_compact_past){20, 80}, 40, 80), 4);
    cr_assert_eq(due((struct rt_compact_past){20, 80}, 30, 80), 0);
    /* Any segment will do when it is urgent. */
    struct rt_compact_past past = {20, 80};
    cr_assert_eq(rt_compact_due(&past, segments, 8, 30, 80, true), 3);
    cr_assert_eq(rt_compact_due(&past, segments, 8, 20, 80, true), 0);
}
