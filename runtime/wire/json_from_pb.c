#include "runtime/wire/wire.h"

int rt_json_from_pb(const struct rt_message *type, struct rt_bytes in, struct rt_buf *out)
{
    struct rt_arena arena;
    void *message = NULL;
    rt_arena_init(&arena, 0);
    int status = rt_pb_decode(type, in, &arena, &message, NULL);
    if (status == 0)
        rt_json_encode(message, out);
    rt_arena_done(&arena);
    return status;
}
