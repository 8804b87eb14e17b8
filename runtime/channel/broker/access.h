/*
 * Who may connect, and what they may publish and subscribe to: the token file of channeld.
 *
 *   # name   token             permissions
 *   auth     u3Fh...           publish session:revoked  subscribe session:>
 *   ops      9vXk...           admin
 *   *        aB1d...
 *
 * One client a line: its name ('*' for any name), its token, then permissions. `publish` and
 * `subscribe` are each followed by filters; a line that names neither allows both without bound.
 * `admin` allows requests. A line without permissions allows everything.
 *
 * Threads: read-only after it was parsed.
 */
#ifndef RT_CHANNEL_ACCESS_H
#define RT_CHANNEL_ACCESS_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

struct rt_access_client {
    struct rt_str name;
    struct rt_str token;
    const struct rt_str *publish; /* filters; NULL: anything */
    size_t publish_count;
    const struct rt_str *subscribe;
    size_t subscribe_count;
    bool admin;
};

struct rt_access {
    struct rt_access_client *clients;
    size_t count;
};

/* Everything in `ret` belongs to the arena. RT_EINVAL names the line. */
int rt_access_parse(struct rt_arena *arena, struct rt_str text, struct rt_access *ret,
                    struct rt_error *error);
/* The client's entry, borrowed, or NULL. Tokens are compared in constant time. */
const struct rt_access_client *rt_access_find(const struct rt_access *access, struct rt_str name,
                                              struct rt_str token);

#endif
