/* PATCH: what its body gives, and putting it onto a record (RFC 7396). */
#include "runtime/app/request/call.h"

enum rt_patched rt_patch_given(const struct rt_ctx *ctx, uint32_t number)
{
    const struct rt_call *call = ctx->call;
    const struct rt_message *type = call ? call->route->body : NULL;
    for (size_t i = 0; type && call->given && i < type->n_fields; i++)
        if (type->fields[i].number == number)
            return (enum rt_patched)call->given[i];
    return RT_NOT_GIVEN;
}

bool rt_patch(struct rt_ctx *ctx, void *record)
{
    struct rt_call *call = ctx->call;
    RT_ASSERT(call && call->given); /* the route is a PATCH with a body */
    void *body = rt_message_new(call->route->body, ctx->arena);
    rt_message_pick(record, body, ctx->arena);
    if (rt_json_merge(call->exchange->body, body, ctx->arena, call->violations) != 0)
        return false;
    rt_message_pick(body, record, ctx->arena);
    rt_rules_check(record, call->violations);
    return call->violations->count == 0;
}
