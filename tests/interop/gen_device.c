#include "tests/interop/gen_device.h"

#include <pb_decode.h>
#include <pb_encode.h>

const struct gen_device *gen_device_of(const struct rt_message *message)
{
    for (size_t i = 0; i < gen_devices_count; i++)
        if (strcmp(gen_devices[i].message->pb.name, message->pb.name) == 0)
            return &gen_devices[i];
    return NULL;
}

bool gen_device_echo(const struct gen_device *device, struct rt_bytes in, struct rt_arena *arena,
                     struct rt_bytes *ret)
{
    void *message = rt_arena_zalloc(arena, device->size);
    uint8_t *out = rt_arena_alloc(arena, device->bytes_max);
    pb_istream_t input = pb_istream_from_buffer(in.data, in.len);
    pb_ostream_t output = pb_ostream_from_buffer(out, device->bytes_max);
    if (!pb_decode(&input, device->fields, message) || !pb_encode(&output, device->fields, message))
        return false;
    *ret = (struct rt_bytes){out, output.bytes_written};
    return true;
}
