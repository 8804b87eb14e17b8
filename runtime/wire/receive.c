#include "runtime/wire/receive.h"

int rt_violations_error(const struct rt_violations *violations, struct rt_error *error)
{
    const struct rt_violation *first = &violations->items[0];
    const char *colon = first->pointer[0] ? ": " : ""; /* the whole body has no pointer */
    RT_ASSERT(violations->count > 0);
    if (violations->count == 1)
        return rt_error_set(error, RT_EINVAL, "%s%s%s (%s)", first->pointer, colon, first->message,
                            first->rule);
    return rt_error_set(error, RT_EINVAL, "%s%s%s (%s), and %zu more", first->pointer, colon,
                        first->message, first->rule, violations->count - 1);
}

int rt_pb_receive(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                  void **ret, struct rt_error *error)
{
    struct rt_violations violations;
    void *message = NULL;
    int r = rt_pb_decode(type, in, arena, &message, error);
    if (r < 0)
        return r;
    rt_violations_init(&violations, arena);
    if (!rt_validate(message, &violations))
        return rt_violations_error(&violations, error);
    *ret = message;
    return 0;
}
