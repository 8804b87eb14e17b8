#include "runtime/store/meta.h"

#include "runtime/store/key.h"

int rt_meta_get(struct rt_db *db, const char *name, struct rt_arena *arena, char **ret,
                struct rt_error *error)
{
    struct rt_bytes value;
    int code = rt_db_get(db, NULL, rt_key_meta(arena, rt_str(name)), arena, &value, error);
    if (code == 0)
        *ret = value.data ? rt_arena_strndup(arena, (const char *)value.data, value.len) : NULL;
    return code;
}
