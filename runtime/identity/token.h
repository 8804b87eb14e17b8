/*
 * Session tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256, made and read by one set of
 * services only, so that what is taken is exactly what is made (RFC 8725).
 *
 * What verify demands: three parts, and a header of exactly `alg` HS256, `typ` JWT and the `kid` of
 * one of our keys, so that nothing in a token chooses how it is checked; the signature, in its
 * one spelling; a payload of exactly `iss`, `aud`, `sub`, `jti`, `iat`, `nbf` and `exp`, each once
 * and of its type; issuer and audience as expected; now within [nbf, exp) and not before iat, with
 * RT_TOKEN_SKEW_MS of tolerance for clocks that differ.
 *
 * Threads: no shared state. Times are UTC in ms; a token carries whole seconds.
 */
#ifndef RT_IDENTITY_TOKEN_H
#define RT_IDENTITY_TOKEN_H

#include "runtime/identity/key.h"

enum {
    RT_TOKEN_MAX = 4096, /* bytes of a token */
    RT_TOKEN_SKEW_MS = 60 * 1000
};

struct rt_claims {
    const char *issuer;   /* iss */
    const char *audience; /* aud */
    const char *subject;  /* sub: the user */
    const char *id;       /* jti */
    int64_t issued_at_ms;
    int64_t expires_at_ms;
};

/* Signs with the first key. `ret` is NUL-terminated, in the arena. RT_EINVAL: no key, or a claim is
 * missing or too long. */
int rt_token_sign(const struct rt_keys *keys, const struct rt_claims *claims,
                  struct rt_arena *arena, struct rt_str *ret, struct rt_error *error);

/* The claims, in the arena. RT_EDENIED: the token is not valid here and now, and error says why
 * (for a log, not for the client). RT_EINVAL: no key, or an expectation is missing. */
int rt_token_verify(const struct rt_keys *keys, struct rt_str token, const char *issuer,
                    const char *audience, int64_t now_ms, struct rt_arena *arena,
                    struct rt_claims *ret, struct rt_error *error);

#endif
