/*
 * Passwords as scrypt hashes (RFC 7914) through OpenSSL: N = 2^15, r = 8, p = 3, 16 bytes of
 * salt. The parameters are kept in the text, so they can be raised later; a hash made with weaker
 * ones verifies as RT_PASSWORD_STALE, to be made anew.
 *
 * Both functions take about 0.1 s of processor time and 32 MiB: they belong in the work function
 * of a route, never on the event loop or in a transaction. Threads: any.
 */
#ifndef RT_IDENTITY_PASSWORD_H
#define RT_IDENTITY_PASSWORD_H

#include "runtime/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "$scrypt$ln=15,r=8,p=3$salt$hash" in `arena`. */
char *rt_password_hash(struct rt_arena *arena, const char *password);

enum rt_password_match { RT_PASSWORD_WRONG, RT_PASSWORD_RIGHT, RT_PASSWORD_STALE };

/* `hash` NULL (no such user) costs the same time and is wrong. */
enum rt_password_match rt_password_verify(const char *password, const char *hash);

#ifdef __cplusplus
}
#endif

#endif
