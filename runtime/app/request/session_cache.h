/*
 * Sessions whose token was verified a moment ago, by the exact header they came in: checking a
 * signature costs more than everything else a small request does. Only what does not change is
 * kept; that a session is not over yet and not revoked is checked each time.
 *
 * The table has a fixed size; a new header takes the place of the one it collides with.
 * Threads: one at a time. Ownership: headers and texts are copied.
 */
#ifndef RT_APP_SESSION_CACHE_H
#define RT_APP_SESSION_CACHE_H

#include "runtime/app/handler.h"

enum {
    RT_SESSION_CACHE_ENTRIES = 1024,
    RT_SESSION_CACHE_HEADER_MAX = 1024, /* bytes; longer ones are not kept */
    RT_SESSION_CACHE_ID_MAX = 64        /* bytes of the token's id, and of the user's */
};

struct rt_session_entry;

struct rt_session_cache {
    struct rt_session_entry *entries; /* NULL until the first one is kept */
    uint64_t seed;                    /* so that nobody can aim at a place in the table */
};

void rt_session_cache_init(struct rt_session_cache *cache);
void rt_session_cache_done(struct rt_session_cache *cache);

/* True, with a session in memory of `arena`, when exactly this header was kept and its session is
 * neither over at `now_ms` nor of the future. */
bool rt_session_cache_find(const struct rt_session_cache *cache, struct rt_str header,
                           int64_t now_ms, struct rt_arena *arena, struct rt_session *ret);
/* Keeps what a header with a verified token means. */
void rt_session_cache_keep(struct rt_session_cache *cache, struct rt_str header,
                           const struct rt_session *session);

#endif
