#include "runtime/identity/key.h"

#include "runtime/base/secret.h"

static bool repeats_one_byte(struct rt_bytes key)
{
    return key.len > 1 && memcmp(key.data, key.data + 1, key.len - 1) == 0;
}

int rt_key_load(const char *path, struct rt_arena *arena, struct rt_bytes *ret,
                struct rt_error *error)
{
    struct rt_buf file = {0};
    int err = rt_secret_read(path, RT_KEY_MAX, &file, error);
    if (err)
        return err;
    struct rt_bytes key = rt_buf_bytes(&file);
    while (key.len > 0 && (key.data[key.len - 1] == '\n' || key.data[key.len - 1] == '\r'))
        key.len--;
    if (key.len < RT_KEY_MIN)
        err = rt_error_set(error, RT_EINVAL, "%s: a key needs at least %d bytes, this has %zu",
                           path, RT_KEY_MIN, key.len);
    else if (repeats_one_byte(key))
        err = rt_error_set(error, RT_EINVAL, "%s: a key of one repeated byte is none", path);
    else
        *ret = rt_bytes(rt_arena_copy(arena, key.data, key.len), key.len);
    rt_secret_done(&file);
    return err;
}
