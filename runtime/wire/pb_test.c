/* Protobuf bytes in and out, and the messages themselves: copies, picks, values. */
#include <criterion/criterion.h>

#include "tests/support/sample.h"

static struct rt_arena arena;
static struct rt_buf bytes;

static void set_up(void)
{
    rt_arena_init(&arena, 0);
}

static void tear_down(void)
{
    rt_arena_done(&arena);
    rt_buf_done(&bytes);
}

TestSuite(pb, .init = set_up, .fini = tear_down);

static const char *json_of(const void *message)
{
    struct rt_buf out = {0};
    rt_json_encode(message, &out);
    const char *text = rt_arena_strdup(&arena, rt_buf_cstr(&out));
    rt_buf_done(&out);
    return text;
}

/* Decodes from memory of the exact size, so that reading past the end is found out. */
static int decode(const struct rt_message *type, struct rt_bytes in, void **ret,
                  struct rt_error *error)
{
    uint8_t *exact = malloc(in.len ? in.len : 1);
    if (in.len > 0)
        memcpy(exact, in.data, in.len);
    int status = rt_pb_decode(type, rt_bytes(exact, in.len), &arena, ret, error);
    struct rt_buf json = {0};
    int direct = rt_json_from_pb(type, rt_bytes(exact, in.len), &json);
    cr_assert_eq(direct, status);
    if (status == 0)
        cr_assert_str_eq(rt_buf_cstr(&json), json_of(*ret));
    else
        cr_assert_eq(json.len, 0);
    rt_buf_done(&json);
    free(exact);
    return status;
}

static const char *refusal(const struct rt_message *type, struct rt_bytes in)
{
    struct rt_error error = {0};
    void *message = &error;
    int status = decode(type, in, &message, &error);
    cr_assert_eq(message == &error, status != 0);
    cr_assert(status == 0 || status == RT_EINVAL);
    return status == 0 ? "" : rt_arena_strdup(&arena, error.message);
}

#define BYTES(literal) rt_bytes(literal, sizeof(literal) - 1)

Test(pb, a_sample_comes_back_as_it_was)
{
    struct sample *sample = sample_new(&arena);
    void *back = NULL;
    rt_pb_encode(sample, &bytes);
    cr_assert_eq(decode(&sample_message, rt_buf_bytes(&bytes), &back, NULL), 0);
    cr_expect_str_eq(json_of(back), sample_json);
    cr_expect_str_eq(((struct sample *)back)->password, "12345678");
    struct rt_buf again = {0};
    rt_pb_encode(back, &again);
    cr_expect(rt_bytes_eq(rt_buf_bytes(&bytes), rt_buf_bytes(&again)));
    rt_buf_done(&again);
}

Test(pb, encoding_appends_to_the_buffer)
{
    struct sample_part part;
    rt_message_init(&sample_part_message, &part);
    part.name = "x";
    rt_buf_puts(&bytes, "before");
    rt_pb_encode(&part, &bytes);
    cr_expect(rt_bytes_eq(rt_buf_bytes(&bytes), BYTES("before\x0a\x01x")));
}

/* Lists of scalars are packed as proto3 wants them, and read in both forms. */
Test(pb, lists_are_packed)
{
    struct sample sample;
    void *back = NULL;
    rt_message_init(&sample_message, &sample);
    sample.page_size = 0;
    sample.n_scores = 3;
    sample.scores = (int32_t[]){1, 2, 300};
    rt_pb_encode(&sample, &bytes);
    cr_expect(rt_bytes_eq(rt_buf_bytes(&bytes), BYTES("\xaa\x01\x04\x01\x02\xac\x02")));
    struct rt_bytes loose = BYTES("\xa8\x01\x01\xaa\x01\x01\x02\xa8\x01\xac\x02");
    cr_assert_eq(decode(&sample_message, loose, &back, NULL), 0);
    const struct sample *s = back;
    cr_assert_eq(s->n_scores, 3);
    cr_expect(s->scores[0] == 1 && s->scores[1] == 2 && s->scores[2] == 300);
}

/* What a newer version of the schema wrote survives reading and writing. */
Test(pb, unknown_fields_survive)
{
    void *back = NULL;
    struct rt_bytes in = BYTES("\x0a\x01n"
                               "\x10\x07"
                               "\x22\x03"
                               "abc"
                               "\x28\x05"
                               "\x35\x01\x02\x03\x04"
                               "\x39\x01\x02\x03\x04\x05\x06\x07\x08");
    cr_assert_eq(decode(&sample_part_message, in, &back, NULL), 0);
    rt_pb_encode(back, &bytes);
    cr_expect(rt_bytes_eq(rt_buf_bytes(&bytes), in));
    rt_buf_clear(&bytes);
    rt_pb_encode(rt_message_copy(back, &arena), &bytes);
    cr_expect(rt_bytes_eq(rt_buf_bytes(&bytes), in), "a copy keeps them");
}

Test(pb, text_with_nul_or_bad_utf_8_is_refused)
{
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x0a\x03"
                                                         "a\0b")),
                     "Part: a string contains NUL (field name)");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x0a\x01\xFF")),
                     "Part: a string is not UTF-8 (field name)");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x0a\x03\xED\xA0\x80")),
                     "Part: a string is not UTF-8 (field name)");
    cr_expect_str_eq(refusal(&sample_message, BYTES("\xA2\x01\x01\0")),
                     "Sample: a string contains NUL (field tags)");
    cr_expect_str_eq(refusal(&sample_message, BYTES("\xBA\x01\x03\x0a\x01\0")),
                     "Sample: a string contains NUL (field key)");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x0a\x05"
                                                         "ab")),
                     "Part: malformed bytes");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x0b")), "Part: malformed bytes");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x00\x00")), "Part: malformed bytes");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x08\x01")),
                     "Part: bytes are no such message", "a string field that is a varint");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("\x12\x01\x01")),
                     "Part: bytes are no such message", "a number that is bytes");
    cr_expect_str_eq(
        refusal(&sample_part_message, BYTES("\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01")),
        "Part: malformed bytes", "a varint of eleven bytes");
    cr_expect_str_eq(
        refusal(&sample_part_message, BYTES("\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02")),
        "Part: malformed bytes", "a varint of more than 64 bits");
    cr_expect_str_eq(refusal(&sample_message, BYTES("\xC2\x01\x02p\0")),
                     "Sample: a string contains NUL (field password)", "a secret, too");
    cr_expect_str_eq(refusal(&sample_message, BYTES("\xC2\x01\x01\xFF")),
                     "Sample: a string is not UTF-8 (field password)");
    cr_expect_str_eq(refusal(&sample_part_message, BYTES("")), "");
}

/* Parts inside one another, innermost first; a length needs two bytes from 128 on. */
static void nest(unsigned levels)
{
    for (unsigned i = 1; i < levels; i++) {
        struct rt_buf outer = {0};
        rt_buf_byte(&outer, 0x1a);
        if (bytes.len > 127)
            rt_buf_byte(&outer, (uint8_t)(bytes.len | 0x80));
        rt_buf_byte(&outer, (uint8_t)(bytes.len > 127 ? bytes.len >> 7 : bytes.len));
        rt_buf_append(&outer, bytes.data, bytes.len);
        rt_buf_done(&bytes);
        bytes = outer;
    }
}

Test(pb, depth_is_bounded)
{
    nest(32);
    cr_expect_str_eq(refusal(&sample_part_message, rt_buf_bytes(&bytes)), "");
    nest(2);
    cr_expect_str_eq(refusal(&sample_part_message, rt_buf_bytes(&bytes)),
                     "Part: messages are nested too deep");
}

Test(pb, the_number_of_values_is_bounded)
{
    struct rt_error error;
    void *message = NULL;
    for (int i = 0; i < 1000001; i++)
        rt_buf_append(&bytes, "\xb2\x01\x00", 3);
    cr_assert_eq(rt_pb_decode(&sample_message, rt_buf_bytes(&bytes), &arena, &message, &error),
                 RT_EINVAL);
    cr_expect_str_eq(error.message, "Sample: too many values (field parts)");

    rt_buf_clear(&bytes); /* one packed list of 1,000,001 zeros */
    rt_buf_append(&bytes, "\xaa\x01\xc1\x84\x3d", 5);
    memset(rt_buf_extend(&bytes, 1000001), 0, 1000001);
    cr_assert_eq(rt_pb_decode(&sample_message, rt_buf_bytes(&bytes), &arena, &message, &error),
                 RT_EINVAL);
    cr_expect_str_eq(error.message, "Sample: too many values (field scores)");
}

/* Each prefix is read whole or refused; never is anything read beyond its end. */
Test(pb, a_prefix_is_read_whole_or_refused)
{
    rt_pb_encode(sample_new(&arena), &bytes);
    size_t accepted = 0;
    for (size_t i = 0; i < bytes.len; i++)
        accepted += *refusal(&sample_message, rt_bytes(bytes.data, i)) == '\0';
    cr_expect(accepted > 10 && accepted < bytes.len / 2, "%zu", accepted);
}

/* Each single changed byte, too: no crash, and both ways to JSON agree. */
Test(pb, a_changed_byte_crashes_nothing_and_both_ways_to_json_agree)
{
    rt_pb_encode(sample_new(&arena), &bytes);
    for (size_t i = 0; i < bytes.len; i++)
        for (unsigned bit = 1; bit < 256; bit *= 2) {
            struct rt_arena_mark mark = rt_arena_mark(&arena);
            bytes.data[i] ^= (uint8_t)bit;
            refusal(&sample_message, rt_buf_bytes(&bytes));
            bytes.data[i] ^= (uint8_t)bit;
            rt_arena_rewind(&arena, mark);
        }
}

/* A member given twice: the last one counts, messages are merged, as protobuf says. */
Test(pb, of_a_member_given_twice_the_last_counts_and_messages_are_merged)
{
    void *back = NULL;
    cr_assert_eq(decode(&sample_part_message,
                        BYTES("\x10\x01\x0a\x01"
                              "a\x10\x02\x0a\x01"
                              "b"),
                        &back, NULL),
                 0);
    cr_expect_str_eq(json_of(back), "{\"name\":\"b\",\"amount\":2,\"inner\":null}");
    cr_assert_eq(decode(&sample_part_message,
                        BYTES("\x1a\x03\x0a\x01"
                              "a\x1a\x02\x10\x05"),
                        &back, NULL),
                 0);
    cr_expect_str_eq(
        json_of(back),
        "{\"name\":\"\",\"amount\":0,\"inner\":{\"name\":\"a\",\"amount\":5,\"inner\":null}}");
}

/* A default of the protobuf descriptor replaces what is not on the wire, on both ways. */
Test(pb, a_default_of_the_descriptor_replaces_what_is_not_on_the_wire)
{
    static const int32_t seven = 7;
    ProtobufCFieldDescriptor fields[3];
    struct rt_message type = sample_part_message;
    void *back = NULL;
    memcpy(fields, type.pb.fields, sizeof fields);
    fields[1].default_value = &seven;
    type.pb.fields = fields;
    cr_assert_eq(decode(&type,
                        BYTES("\x0a\x01"
                              "a"),
                        &back, NULL),
                 0);
    cr_expect_eq(((struct sample_part *)back)->amount, 7);
}

/* A map whose values are secret is not shown, as they are not. */
Test(pb, a_map_of_secrets_is_secret)
{
    struct sample *sample = sample_new(&arena);
    const struct rt_field *labels = rt_message_field(&sample_message, RT_STR("labels"));
    struct rt_field entry_fields[2];
    struct rt_message entry = *labels->message;
    struct rt_field field = *labels;
    struct rt_message type = sample_message;
    void *back = NULL;
    memcpy(entry_fields, entry.fields, sizeof entry_fields);
    entry_fields[1].flags |= RT_FIELD_SECRET;
    entry.fields = entry_fields;
    field.message = &entry;
    type.fields = &field;
    type.n_fields = 1;
    rt_pb_encode(sample, &bytes);
    cr_assert_eq(decode(&type, rt_buf_bytes(&bytes), &back, NULL), 0);
    cr_expect_str_eq(json_of(back), "{}");
}

/* ----------------------------------------------------------------- messages */

Test(pb, copies_share_nothing)
{
    struct rt_arena other;
    rt_arena_init(&other, 0);
    const struct sample *copy = rt_message_copy(sample_new(&other), &arena);
    rt_arena_done(&other);
    cr_expect_str_eq(json_of(copy), sample_json);
    cr_expect_str_eq(copy->password, "12345678");
}

Test(pb, init_sets_defaults)
{
    struct sample sample;
    memset(&sample, 0xFF, sizeof sample);
    rt_message_init(&sample_message, &sample);
    cr_expect_str_eq(sample.id, "");
    cr_expect_null(sample.order_id);
    cr_expect_eq(sample.page_size, 20);
    cr_expect(!sample.has_maybe && sample.n_tags == 0 && !sample.part);
    cr_expect_eq(rt_message_of(&sample), &sample_message);
}

Test(pb, pick_takes_what_both_have)
{
    struct sample *sample = sample_new(&arena);
    struct sample_view *view = rt_message_new(&sample_view_message, &arena);
    sample->order_id = "o7";
    view->big = 5;
    rt_message_pick(sample, view, &arena);
    cr_expect_str_eq(json_of(view),
                     "{\"title\":\"A title\",\"id\":\"s1\",\"price\":20.50,\"orderId\":\"o7\","
                     "\"part\":{\"id\":\"\",\"name\":\"bolt\",\"joined\":"
                     "\"1970-01-01T00:00:00.000Z\",\"level\":0,\"skills\":[]},"
                     "\"tags\":[\"a\",\"b\"],\"big\":5}");
    cr_expect_eq(view->tags, sample->tags, "pointers are shared");

    /* and back: an absent optional leaves a plain member as it is, clears an optional one */
    view->has_price = false;
    view->price = 1;
    view->order_id = NULL;
    view->title = "New";
    rt_message_pick(view, sample, &arena);
    cr_expect_eq(sample->price, 2050);
    cr_expect_null(sample->order_id);
    cr_expect_str_eq(sample->title, "New");
    cr_expect_str_eq(sample->part->name, "bolt");
}

Test(pb, members_are_read_as_values)
{
    const struct sample *sample = sample_new(&arena);
#define VALUE(name) rt_field_get(rt_message_field(&sample_message, RT_STR(name)), sample)
    cr_expect(rt_str_eq(VALUE("id").s, RT_STR("s1")));
    cr_expect_eq(VALUE("price").i, 2050);
    cr_expect_eq(VALUE("huge").u, 8);
    cr_expect_eq(VALUE("ratio").f, 0.25);
    cr_expect_eq(VALUE("flag").i, 1);
    cr_expect_eq(VALUE("small").i, -3);
    cr_expect_eq(VALUE("status").i, SAMPLE_WAITING);
    cr_expect(VALUE("maybe").present && VALUE("maybe").i == 0);
    cr_expect_not(VALUE("order_id").present);
    cr_expect(rt_str_eq(VALUE("owner").s, RT_STR("o1")), "an embed's value is its id");
    cr_expect(rt_str_eq(VALUE("blob").s, RT_STR("\x01\x02\x03")));
    cr_expect_null(rt_message_field(&sample_message, RT_STR("ownerId")));
}
