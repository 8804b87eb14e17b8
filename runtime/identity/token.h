/*
 * Session tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA256. The one wrapper around
 * libjwt, because libjwt 1.10 checks less than one would think: it takes the algorithm from the
 * token, verifies nothing without a key, and looks at no claim.
 *
 * What verify demands: a key of RT_TOKEN_KEY_MIN bytes or more; `alg` HS256, no `crit` header
 * (RFC 7515 section 4.1.11: we understand no extension); `exp`, `nbf`, `iat`, `iss`, `aud`, `sub`,
 * `jti` all there; issuer and audience as expected; now within [nbf, exp) and not before iat, with
 * RT_TOKEN_SKEW_MS of tolerance for clocks that differ.
 *
 * Threads: no shared state. Times are UTC in ms; a token carries whole seconds.
 */
#ifndef RT_IDENTITY_TOKEN_H
#define RT_IDENTITY_TOKEN_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

enum {
    RT_TOKEN_KEY_MIN = 32, /* bytes; RFC 7518 section 3.2 */
    RT_TOKEN_MAX = 4096,   /* bytes of a token */
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

/* `ret` is NUL-terminated, in the arena. RT_EINVAL: a claim or the key is missing or too short. */
int rt_token_sign(struct rt_bytes key, const struct rt_claims *claims, struct rt_arena *arena,
                  struct rt_str *ret, struct rt_error *error);

/* The claims, in the arena. RT_EDENIED: the token is not valid here and now, and error says why
 * (for a log, not for the client). RT_EINVAL: the key or an expectation is missing. */
int rt_token_verify(struct rt_bytes key, struct rt_str token, const char *issuer,
                    const char *audience, int64_t now_ms, struct rt_arena *arena,
                    struct rt_claims *ret, struct rt_error *error);

#endif
