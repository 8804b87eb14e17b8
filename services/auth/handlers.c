/*
 * Signing up, in and out. Hashes are made and compared in the work functions, off the loop and
 * outside of any transaction.
 */
#include "gen/auth/auth_publish.h"
#include "gen/auth/auth_routes.h"
#include "gen/auth/auth_store.h"

/* ------------------------------------------------------------------- signup */

/* The session that the request came in with is over, here and in every other service. */
static void end_session(struct rt_ctx *ctx)
{
    struct auth_revocation revocation = AUTH_REVOCATION_INIT;
    revocation.id = ctx->session->id;
    revocation.expires_at = ctx->session->expires_at_ms;
    /* Already there: two requests that end one session crossed. */
    if (auth_revocation_create(ctx->txn, &revocation) == 0)
        auth_publish_session_revoked(ctx->txn, &revocation);
}

/* A browser has one session: a new one ends the one before. */
static void open_session(struct rt_ctx *ctx, const char *user_id)
{
    if (ctx->session)
        end_session(ctx);
    rt_session_open(ctx, user_id);
}

struct auth_signup_work {
    const char *hash;
};

struct auth_signup_work *auth_signup_work(struct rt_ctx *ctx,
                                          const struct auth_credentials *credentials)
{
    struct auth_signup_work *work = RT_ARENA_NEW(ctx->arena, struct auth_signup_work);
    work->hash = rt_password_hash(ctx->arena, credentials->password);
    return work;
}

enum auth_signup_result auth_signup(struct rt_ctx *ctx, const struct auth_credentials *credentials,
                                    const struct auth_signup_work *work,
                                    struct auth_current_user *reply)
{
    struct auth_user user = AUTH_USER_INIT;
    user.email = credentials->email;
    user.password = work->hash;
    if (auth_user_create(ctx->txn, &user) == RT_EEXIST)
        return AUTH_SIGNUP_EMAIL_IN_USE;
    open_session(ctx, user.id);
    rt_message_pick(&user, reply, ctx->arena);
    return AUTH_SIGNUP_OK;
}

/* ------------------------------------------------------------------- signin */

struct auth_signin_work {
    const char *user_id;  /* NULL: no such user, or the wrong password */
    const char *new_hash; /* NULL unless the kept one is weaker than what is made today */
};

struct auth_signin_work *auth_signin_work(struct rt_ctx *ctx,
                                          const struct auth_credentials *credentials)
{
    struct auth_signin_work *work = RT_ARENA_NEW(ctx->arena, struct auth_signin_work);
    const struct auth_user *user = auth_user_by_email(ctx->txn, credentials->email);
    enum rt_password_match match =
        rt_password_verify(credentials->password, user ? user->password : NULL);
    if (user && match != RT_PASSWORD_WRONG)
        work->user_id = user->id;
    if (match == RT_PASSWORD_STALE)
        work->new_hash = rt_password_hash(ctx->arena, credentials->password);
    return work;
}

enum auth_signin_result auth_signin(struct rt_ctx *ctx, const struct auth_credentials *credentials,
                                    const struct auth_signin_work *work,
                                    struct auth_current_user *reply)
{
    (void)credentials;
    struct auth_user *user = work->user_id ? auth_user_get(ctx->txn, work->user_id) : NULL;
    if (!user)
        return AUTH_SIGNIN_INVALID_CREDENTIALS;
    if (work->new_hash) {
        user->password = work->new_hash;
        if (auth_user_update(ctx->txn, user) != 0)
            return AUTH_SIGNIN_INVALID_CREDENTIALS;
    }
    open_session(ctx, user->id);
    rt_message_pick(user, reply, ctx->arena);
    return AUTH_SIGNIN_OK;
}

/* ---------------------------------------------------- signout, current user */

enum auth_signout_result auth_signout(struct rt_ctx *ctx)
{
    end_session(ctx);
    rt_session_close(ctx);
    return AUTH_SIGNOUT_OK;
}

enum auth_current_user_result auth_current_user(struct rt_ctx *ctx,
                                                struct auth_current_user_reply *reply)
{
    const struct auth_user *user =
        ctx->session ? auth_user_get(ctx->txn, ctx->session->user_id) : NULL;
    if (user) {
        reply->current_user = rt_message_new(&auth_current_user_message, ctx->arena);
        rt_message_pick(user, reply->current_user, ctx->arena);
    }
    return AUTH_CURRENT_USER_OK;
}
