/*
 * Feeds bytes to the loader of schema files. What it takes must be usable: every message that an
 * event carries is decoded from the end of the same bytes, and shown.
 */
#include "runtime/wire/receive.h"
#include "runtime/wire/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_schema *schema = NULL;
    struct rt_error error = {0};
    if (rt_schema_load(rt_bytes(data, size), &schema, &error) != 0) {
        RT_ASSERT(error.code < 0 && error.message[0] != '\0');
        return 0;
    }
    const struct rt_schema_event *event;
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    size_t tail = size < 64 ? size : 64;
    for (size_t i = 0; (event = rt_schema_event(schema, i)); i++) {
        struct rt_bytes in = rt_bytes(data + size - tail, tail);
        struct rt_buf direct = {0};
        struct rt_buf json = {0};
        void *message = NULL;
        int status = rt_pb_decode(event->message, in, &arena, &message, NULL);
        RT_ASSERT(rt_json_from_pb(event->message, in, &direct) == status);
        if (status == 0) {
            rt_json_encode(message, &json);
            RT_ASSERT(rt_bytes_eq(rt_buf_bytes(&json), rt_buf_bytes(&direct)));
            (void)rt_schema_key(event, message);
        }
        if (rt_pb_receive(event->message, in, &arena, &message, &error) != 0)
            RT_ASSERT(error.message[0] != '\0');
        rt_buf_done(&direct);
        rt_buf_done(&json);
    }
    rt_arena_done(&arena);
    rt_schema_free(schema);
    return 0;
}
