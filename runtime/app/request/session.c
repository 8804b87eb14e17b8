/* The user: the token of a request, and the cookie of a reply. */
#include "runtime/app/request/call.h"
#include "runtime/identity/cookie.h"
#include "runtime/identity/token.h"

/* How much longer than its token a session is remembered: as long as a verifier tolerates, and the
 * same again for a clock that is set back after it let a revocation go. */
enum { KEEP_MS = 2 * RT_TOKEN_SKEW_MS };

static enum rt_cookie_kind cookie_kind(const struct rt_dispatcher *dispatcher)
{
    return dispatcher->options->plain_http ? RT_COOKIE_PLAIN : RT_COOKIE_HOST;
}

/* What a request says about its sender. */
struct credential {
    struct rt_str text; /* of an Authorization header, or the value of our cookie */
    bool bearer;        /* Authorization goes before Cookie */
    bool ambiguous;     /* there are two of a kind, and another server could take the other one */
};

static struct credential credential_of(const struct rt_exchange *exchange, enum rt_cookie_kind kind)
{
    struct rt_str cookie = rt_str_n(NULL, 0);
    struct rt_str authorization = rt_str_n(NULL, 0);
    size_t n_cookies = 0;
    size_t n_authorizations = 0;
    for (size_t i = 0; i < exchange->n_headers; i++) {
        const struct rt_header *header = &exchange->headers[i];
        if (rt_str_eq_nocase(header->name, RT_STR("Cookie"))) {
            n_cookies += rt_cookie_find(header->value, kind, &cookie);
        } else if (rt_str_eq_nocase(header->name, RT_STR("Authorization"))) {
            authorization = header->value;
            n_authorizations++;
        }
    }
    bool bearer = rt_bearer_token(authorization).len > 0;
    return (struct credential){.text = bearer ? authorization : cookie,
                               .bearer = bearer,
                               .ambiguous = n_cookies > 1 || n_authorizations > 1};
}

/* The session of a credential, whether its token was seen before or not. */
static bool verify(struct rt_call *call, struct credential credential, struct rt_session *ret)
{
    struct rt_dispatcher *dispatcher = call->dispatcher;
    struct rt_arena *arena = call->ctx.arena;
    struct rt_claims claims;
    struct rt_str text = credential.text;
    if (text.len == 0 || !dispatcher->owner->service->session_issuer)
        return false;
    if (rt_session_cache_find(&dispatcher->sessions, text, call->ctx.now_ms, arena, ret))
        return true;
    struct rt_str token = credential.bearer ? rt_bearer_token(text) : rt_cookie_token(text, arena);
    if (token.len == 0 ||
        rt_token_verify(&dispatcher->keys, token, dispatcher->owner->service->session_issuer,
                        dispatcher->owner->service->schema, call->ctx.now_ms, arena, &claims,
                        NULL) != 0)
        return false;
    *ret = (struct rt_session){
        .id = claims.id,
        .user_id = claims.subject,
        .issued_at_ms = claims.issued_at_ms,
        .expires_at_ms = claims.expires_at_ms,
    };
    rt_session_cache_keep(&dispatcher->sessions, text, ret);
    return true;
}

static bool protected(const struct rt_route *route)
{
    return route->access != RT_ACCESS_PUBLIC;
}

/* A bad token on a public route counts as signed out; two of them are refused anywhere. */
const struct rt_problem *rt_call_session(struct rt_call *call)
{
    struct credential credential = credential_of(call->exchange, cookie_kind(call->dispatcher));
    call->credential = credential.text.len > 0 || credential.ambiguous;
    if (credential.ambiguous)
        return &rt_problem_unauthenticated;
    bool known = verify(call, credential, &call->session);
    call->session.expires_at_ms += KEEP_MS;
    /* Its revocation may be gone: a clock that was ahead let it expire. */
    known = known && call->session.expires_at_ms > call->dispatcher->owner->forgotten_ms;
    if (known) {
        call->ctx.session = &call->session;
        struct rt_txn txn;
        rt_store_read_begin(call->dispatcher->owner->store, call->ctx.arena, &txn);
        const struct rt_problem *problem = rt_call_session_live(call, &txn);
        rt_store_read_end(&txn);
        return problem;
    }
    return protected(call->route) ? &rt_problem_unauthenticated : NULL;
}

/* Checked again in the transaction of a write: a sign-out in between counts. */
const struct rt_problem *rt_call_session_live(struct rt_call *call, struct rt_txn *txn)
{
    const struct rt_model *revocations = call->dispatcher->owner->service->revocations;
    if (!call->ctx.session || !revocations)
        return NULL;
    bool revoked = rt_txn_get_bytes(txn, revocations, call->session.id).data != NULL;
    if (txn->failed) { /* unknown: refused, even as a visitor */
        call->failed = txn->failed;
        return &rt_problem_internal;
    }
    if (!revoked)
        return NULL;
    call->ctx.session = NULL;
    return protected(call->route) ? &rt_problem_unauthenticated : NULL;
}

void rt_session_open(struct rt_ctx *ctx, const char *user_id)
{
    if (!ctx->call)
        return;
    ctx->call->opened_for = rt_arena_strdup(ctx->arena, user_id);
    ctx->call->session_closed = false;
}

void rt_session_close(struct rt_ctx *ctx)
{
    if (!ctx->call)
        return;
    ctx->call->opened_for = NULL;
    ctx->call->session_closed = true;
}

struct rt_str rt_call_cookie(struct rt_call *call)
{
    struct rt_dispatcher *dispatcher = call->dispatcher;
    struct rt_arena *arena = call->exchange->arena;
    if (call->session_closed)
        return rt_cookie_clear(cookie_kind(dispatcher), arena);
    if (!call->opened_for)
        return rt_str_n(NULL, 0);
    char id[RT_UUID_LEN + 1];
    rt_uuid_next(&dispatcher->uuids, call->ctx.now_ms, id);
    const struct rt_claims claims = {
        .issuer = dispatcher->owner->service->session_issuer,
        .audience = dispatcher->owner->service->schema,
        .subject = call->opened_for,
        .id = id,
        .issued_at_ms = call->ctx.now_ms,
        .expires_at_ms = call->ctx.now_ms + dispatcher->owner->service->session_lifetime_ms,
    };
    struct rt_str token;
    struct rt_error error;
    if (rt_token_sign(&dispatcher->keys, &claims, arena, &token, &error) != 0) {
        rt_owner_fail(dispatcher->owner, error.message, error.code);
        return rt_str_n(NULL, 0);
    }
    return rt_cookie_set(token, dispatcher->owner->service->session_lifetime_ms,
                         cookie_kind(dispatcher), arena);
}
