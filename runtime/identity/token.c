#include "runtime/identity/token.h"

#include <errno.h>
#include <stdlib.h>

#include <jwt.h>

static int check_key(struct rt_bytes key, struct rt_error *error)
{
    if (!key.data || key.len < RT_TOKEN_KEY_MIN)
        return rt_error_set(error, RT_EINVAL, "a token key needs at least %d bytes",
                            RT_TOKEN_KEY_MIN);
    return 0;
}

static bool is_text(const char *s)
{
    return s && *s;
}

int rt_token_sign(struct rt_bytes key, const struct rt_claims *claims, struct rt_arena *arena,
                  struct rt_str *ret, struct rt_error *error)
{
    int err = check_key(key, error);
    if (err)
        return err;
    if (!is_text(claims->issuer) || !is_text(claims->audience) || !is_text(claims->subject) ||
        !is_text(claims->id) || claims->issued_at_ms <= 0 ||
        claims->expires_at_ms <= claims->issued_at_ms)
        return rt_error_set(error, RT_EINVAL, "a token needs all of its claims");
    jwt_t *jwt = NULL;
    if (jwt_new(&jwt) != 0)
        rt_panic("out of memory for a token");
    long issued_at = (long)(claims->issued_at_ms / 1000);
    long expires_at = (long)(claims->expires_at_ms / 1000);
    char *text = NULL;
    if (jwt_set_alg(jwt, JWT_ALG_HS256, key.data, (int)key.len) == 0 &&
        jwt_add_grant(jwt, "iss", claims->issuer) == 0 &&
        jwt_add_grant(jwt, "aud", claims->audience) == 0 &&
        jwt_add_grant(jwt, "sub", claims->subject) == 0 &&
        jwt_add_grant(jwt, "jti", claims->id) == 0 &&
        jwt_add_grant_int(jwt, "iat", issued_at) == 0 &&
        jwt_add_grant_int(jwt, "nbf", issued_at) == 0 &&
        jwt_add_grant_int(jwt, "exp", expires_at) == 0)
        text = jwt_encode_str(jwt);
    if (text)
        *ret = rt_str(rt_arena_strdup(arena, text));
    else
        err = rt_error_set(error, RT_EINVAL, "the token cannot be signed: %s", strerror(errno));
    free(text);
    jwt_free(jwt);
    return err;
}

/* 0 when the claim is missing or no integer: no time of ours is 0. */
static int64_t time_claim(jwt_t *jwt, const char *name)
{
    errno = 0;
    long seconds = jwt_get_grant_int(jwt, name);
    if (errno != 0 || seconds <= 0 || seconds > INT64_MAX / 1000)
        return 0;
    return (int64_t)seconds * 1000;
}

static int denied(struct rt_error *error, const char *why)
{
    return rt_error_set(error, RT_EDENIED, "%s", why);
}

static int check_times(jwt_t *jwt, int64_t now_ms, struct rt_claims *claims, struct rt_error *error)
{
    int64_t expires_at_ms = time_claim(jwt, "exp");
    int64_t not_before_ms = time_claim(jwt, "nbf");
    int64_t issued_at_ms = time_claim(jwt, "iat");
    if (!expires_at_ms || !not_before_ms || !issued_at_ms)
        return denied(error, "a time claim is missing");
    if (now_ms - RT_TOKEN_SKEW_MS >= expires_at_ms)
        return denied(error, "expired");
    if (now_ms + RT_TOKEN_SKEW_MS < not_before_ms || now_ms + RT_TOKEN_SKEW_MS < issued_at_ms)
        return denied(error, "not valid yet");
    claims->issued_at_ms = issued_at_ms;
    claims->expires_at_ms = expires_at_ms;
    return 0;
}

static int check_claims(jwt_t *jwt, const char *issuer, const char *audience, int64_t now_ms,
                        struct rt_arena *arena, struct rt_claims *ret, struct rt_error *error)
{
    if (jwt_get_alg(jwt) != JWT_ALG_HS256)
        return denied(error, "another algorithm");
    char *crit = jwt_get_headers_json(jwt, "crit");
    bool has_crit = crit != NULL;
    free(crit);
    if (has_crit)
        return denied(error, "an unknown critical extension");
    struct rt_claims claims = {.issued_at_ms = 0};
    int err = check_times(jwt, now_ms, &claims, error);
    if (err)
        return err;
    const char *iss = jwt_get_grant(jwt, "iss");
    const char *aud = jwt_get_grant(jwt, "aud");
    const char *sub = jwt_get_grant(jwt, "sub");
    const char *jti = jwt_get_grant(jwt, "jti");
    if (!iss || strcmp(iss, issuer) != 0)
        return denied(error, "another issuer");
    if (!aud || strcmp(aud, audience) != 0)
        return denied(error, "another audience");
    if (!is_text(sub) || !is_text(jti))
        return denied(error, "no subject or no id");
    claims.issuer = rt_arena_strdup(arena, iss);
    claims.audience = rt_arena_strdup(arena, aud);
    claims.subject = rt_arena_strdup(arena, sub);
    claims.id = rt_arena_strdup(arena, jti);
    *ret = claims;
    return 0;
}

int rt_token_verify(struct rt_bytes key, struct rt_str token, const char *issuer,
                    const char *audience, int64_t now_ms, struct rt_arena *arena,
                    struct rt_claims *ret, struct rt_error *error)
{
    int err = check_key(key, error);
    if (err)
        return err;
    if (!is_text(issuer) || !is_text(audience))
        return rt_error_set(error, RT_EINVAL, "no issuer or audience to check against");
    if (token.len == 0 || token.len > RT_TOKEN_MAX || memchr(token.data, '\0', token.len))
        return denied(error, "not a token");
    char *text = rt_arena_strndup(arena, token.data, token.len);
    jwt_t *jwt = NULL;
    if (jwt_decode(&jwt, text, key.data, (int)key.len) != 0)
        return denied(error, "malformed, or the signature differs");
    err = check_claims(jwt, issuer, audience, now_ms, arena, ret, error);
    jwt_free(jwt);
    return err;
}
