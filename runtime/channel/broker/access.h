/*
 * Who may connect, and what they may publish and subscribe to: the token file of channeld.
 *
 *   # name   token             permissions
 *   auth     u3Fh...           publish session:revoked  subscribe session:>
 *   audit    pQ7z...           subscribe session:>  consume auth
 *   ops      9vXk...           admin
 *   *        aB1d...
 *
 * One client a line: its name ('*' for any name), its token, then permissions.
 *
 *  - `publish` and `subscribe` are each followed by filters, perhaps none; a line that names
 * neither allows both without bound, and one that names one closes the other.
 *  - `consume` and `manage` are each followed by names of durable subscriptions, or '*' for all:
 *    whom one may join and settle events of, and whose rules one may change. A line that names
 *    neither allows both for the subscription of the client's own name, unless its name is '*'.
 *  - `admin` allows requests, and to manage, and unless `consume` is named to consume, all.
 *
 * A line without permissions allows everything.
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
    const struct rt_str *consume, *manage; /* subscriptions; "*": all */
    size_t consume_count, manage_count;
    bool own; /* may do both with the subscription of its own name */
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
/* Whether the client (NULL: everything is allowed) may join the durable subscription of this name,
 * or change its rules. */
bool rt_access_consumes(const struct rt_access_client *client, struct rt_str name);
bool rt_access_manages(const struct rt_access_client *client, struct rt_str name);

#endif
