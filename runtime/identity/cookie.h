/*
 * The session's token between client and server: in the cookie `session`, whose value is base64
 * of the JSON {"jwt": "..."}, or as `Authorization: Bearer ...`. Nothing here trusts what it
 * reads; that is token.h's part.
 *
 * Threads: no shared state. Ownership: results live in the arena or in what was passed in.
 */
#ifndef RT_IDENTITY_COOKIE_H
#define RT_IDENTITY_COOKIE_H

#include "runtime/base/arena.h"

#define RT_COOKIE_NAME "session"

/* The token in a Cookie header's value, or an empty slice: no such cookie, or not of our form.
 * `ret_present` tells whether there is a cookie of that name with a value at all. */
struct rt_str rt_cookie_token(struct rt_str header, struct rt_arena *arena, bool *ret_present);
/* The token of an Authorization header with the Bearer scheme (RFC 6750), or an empty slice. */
struct rt_str rt_bearer_token(struct rt_str header);

/* Values for Set-Cookie: HttpOnly, SameSite=Lax, Path=/, Max-Age, and Secure when asked for. */
struct rt_str rt_cookie_set(struct rt_str token, int64_t lifetime_ms, bool secure,
                            struct rt_arena *arena);
struct rt_str rt_cookie_clear(bool secure, struct rt_arena *arena);

#endif
