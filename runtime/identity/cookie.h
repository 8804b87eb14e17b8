/*
 * The session's token between client and server: in a cookie whose value is base64 of the JSON
 * {"jwt": "..."}, or as `Authorization: Bearer ...`. Nothing here trusts what it reads; that is
 * token.h's part.
 *
 * The cookie is `__Host-session; Secure; HttpOnly; SameSite=Lax`: browsers take a cookie of that
 * prefix only over TLS, for one host and for all of its paths (RFC 6265bis section 4.1.3.2), so
 * that neither a neighbouring host nor a page over plain http can plant one. For development over
 * plain http it is `session`, without Secure; a server knows one of the two names only.
 *
 * Threads: no shared state. Ownership: results live in the arena or in what was passed in.
 */
#ifndef RT_IDENTITY_COOKIE_H
#define RT_IDENTITY_COOKIE_H

#include "runtime/base/arena.h"

enum rt_cookie_kind { RT_COOKIE_HOST, RT_COOKIE_PLAIN };

/* How many cookies of our name a Cookie header's value has. `ret_value` is the last one's, not
 * decoded; untouched when there is none. */
size_t rt_cookie_find(struct rt_str header, enum rt_cookie_kind kind, struct rt_str *ret_value);
/* The token in a cookie's value, or an empty slice: it is not of our form. */
struct rt_str rt_cookie_token(struct rt_str value, struct rt_arena *arena);
/* The token of an Authorization header with the Bearer scheme (RFC 6750), or an empty slice. */
struct rt_str rt_bearer_token(struct rt_str header);

/* Values for Set-Cookie. */
struct rt_str rt_cookie_set(struct rt_str token, int64_t lifetime_ms, enum rt_cookie_kind kind,
                            struct rt_arena *arena);
struct rt_str rt_cookie_clear(enum rt_cookie_kind kind, struct rt_arena *arena);

#endif
