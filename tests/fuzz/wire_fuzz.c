/*
 * Feeds bytes to the decoders of runtime/wire. The first byte says what the rest is: a JSON body,
 * protobuf bytes, or the text of one field in a URL. What is accepted must come back the same
 * after going out and in again, by every way there is.
 */
#include "tests/support/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_violations(const struct rt_violations *violations)
{
    RT_ASSERT(violations->count > 0);
    for (size_t i = 0; i < violations->count && i < RT_VIOLATIONS_MAX; i++) {
        RT_ASSERT(rt_utf8_valid(rt_str(violations->items[i].pointer)));
        RT_ASSERT(rt_utf8_valid(rt_str(violations->items[i].message)));
        RT_ASSERT(violations->items[i].rule[0] != '\0');
    }
}

/* JSON -> message -> protobuf -> message -> JSON; the direct way from protobuf agrees. */
static void check_round_trip(const void *message, struct rt_arena *arena)
{
    const struct rt_message *type = rt_message_of(message);
    struct rt_buf json = {0};
    struct rt_buf pb = {0};
    struct rt_buf again = {0};
    void *back = NULL;
    rt_json_encode(message, &json);
    rt_pb_encode(message, &pb);
    RT_ASSERT(rt_utf8_valid(rt_str_n((const char *)json.data, json.len)));
    RT_ASSERT(rt_pb_decode(type, rt_buf_bytes(&pb), arena, &back, NULL) == 0);
    rt_json_encode(back, &again);
    RT_ASSERT(rt_bytes_eq(rt_buf_bytes(&json), rt_buf_bytes(&again)));
    rt_buf_clear(&again);
    RT_ASSERT(rt_json_from_pb(type, rt_buf_bytes(&pb), &again) == 0);
    RT_ASSERT(rt_bytes_eq(rt_buf_bytes(&json), rt_buf_bytes(&again)));
    rt_buf_done(&json);
    rt_buf_done(&pb);
    rt_buf_done(&again);
}

/* What is valid stays so, and is accepted as JSON (a sample's password is never shown). */
static void check_valid(void *message, struct rt_arena *arena)
{
    struct rt_violations violations;
    struct rt_buf json = {0};
    void *back = NULL;
    rt_violations_init(&violations, arena);
    if (!rt_validate(message, &violations)) {
        check_violations(&violations);
        return;
    }
    RT_ASSERT(rt_validate(message, &violations));
    rt_json_encode(message, &json);
    if (rt_message_of(message) == &sample_message) {
        json.len--;
        rt_buf_puts(&json, ",\"password\":\"12345678\"}");
    }
    RT_ASSERT(rt_json_decode(rt_message_of(message), rt_buf_bytes(&json), arena, &back,
                             &violations) == 0);
    check_round_trip(back, arena);
    rt_buf_done(&json);
}

static void fuzz_json(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena)
{
    struct rt_violations violations;
    void *message = NULL;
    rt_violations_init(&violations, arena);
    if (rt_json_decode(type, in, arena, &message, &violations) != 0) {
        check_violations(&violations);
        return;
    }
    check_round_trip(message, arena);
    RT_ASSERT(rt_validate(message, &violations));
}

static void fuzz_pb(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena)
{
    struct rt_error error;
    struct rt_buf direct = {0};
    struct rt_buf json = {0};
    void *message = NULL;
    int status = rt_pb_decode(type, in, arena, &message, &error);
    RT_ASSERT(rt_json_from_pb(type, in, &direct) == status);
    if (status == 0) {
        rt_json_encode(message, &json);
        RT_ASSERT(rt_bytes_eq(rt_buf_bytes(&json), rt_buf_bytes(&direct)));
        check_round_trip(message, arena);
        check_round_trip(rt_message_copy(message, arena), arena);
        check_valid(message, arena);
    }
    rt_buf_done(&direct);
    rt_buf_done(&json);
}

static void fuzz_fields(struct rt_str text, struct rt_arena *arena)
{
    struct sample sample;
    struct rt_violations violations;
    rt_message_init(&sample_message, &sample);
    rt_violations_init(&violations, arena);
    for (size_t i = 0; i < sample_message.n_fields; i++) {
        const struct rt_field *field = &sample_message.fields[i];
        if (field->shape != RT_ONE && field->shape != RT_OPTIONAL)
            continue;
        if (rt_field_parse(field, text, arena, &sample, &violations) != 0)
            check_violations(&violations);
    }
    check_round_trip(&sample, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_arena arena;
    if (size == 0)
        return 0;
    struct rt_bytes in = rt_bytes(data + 1, size - 1);
    rt_arena_init(&arena, 0);
    switch (data[0]) {
    case 'J':
        fuzz_json(&sample_message, in, &arena);
        break;
    case 'R':
        fuzz_json(&sample_record_message, in, &arena);
        break;
    case 'P':
        fuzz_pb(&sample_message, in, &arena);
        break;
    case 'Q':
        fuzz_pb(&sample_view_message, in, &arena);
        break;
    case 'U':
        fuzz_fields(rt_str_n((const char *)in.data, in.len), &arena);
        break;
    default:
        break;
    }
    rt_arena_done(&arena);
    return 0;
}
