/*
 * Finds the route of a request: a trie over path segments, built once from a table of patterns.
 *
 * A pattern is "/api/things/:id": literal segments and parameters, each a whole segment. Of
 * several patterns that fit, the one with the earlier literal segment wins ("/things/new" before
 * "/things/:id"), among those that offer the method. A slash at the end is ignored in patterns
 * and in paths: "/api/things/" and "/api/things" are one route. Empty segments and the segments
 * "." and ".." fit nothing, so a path is never "normalised" into another.
 * A HEAD is routed to the GET of its path unless a pattern names HEAD.
 *
 * Threads: a router does not change once built; any thread may match. Ownership: the router
 * copies the patterns.
 */
#ifndef RT_HTTP_ROUTER_H
#define RT_HTTP_ROUTER_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/http/message.h"

enum {
    RT_ROUTE_PARAMS_MAX = 8,
    RT_ROUTE_SEGMENTS_MAX = 16,
};

struct rt_route_pattern {
    enum rt_method method;
    const char *pattern; /* starts with '/' */
};

struct rt_router;

/* RT_EINVAL: a malformed pattern, or one with too many segments or parameters. RT_EEXIST: two
 * patterns that fit the same requests, whatever their parameters are called. The index of a
 * pattern in the table is its route. */
int rt_router_new(const struct rt_route_pattern *patterns, size_t n_patterns,
                  struct rt_router **ret, struct rt_error *error);
void rt_router_free(struct rt_router *router);

enum rt_route_result {
    RT_ROUTE_FOUND,
    RT_ROUTE_NOT_FOUND,  /* 404 */
    RT_ROUTE_NOT_METHOD, /* 405: `allow` says which ones the path has */
    RT_ROUTE_BAD_PATH,   /* 400: an escape that does not decode, see url.h */
};

struct rt_route_match {
    size_t route;
    struct rt_str params[RT_ROUTE_PARAMS_MAX]; /* in pattern order, decoded, never empty */
    size_t n_params;
    uint32_t allow; /* bits 1 << enum rt_method; only with RT_ROUTE_NOT_METHOD */
};

/* `ret` is set as far as the result says; its slices are borrowed from `path`, or the arena's
 * where an escape had to be decoded. */
enum rt_route_result rt_router_match(const struct rt_router *router, enum rt_method method,
                                     struct rt_str path, struct rt_arena *arena,
                                     struct rt_route_match *ret);

/* The value of the Allow header for `allow`, such as "GET, HEAD, POST"; owned by the arena. */
struct rt_str rt_route_allow(uint32_t allow, struct rt_arena *arena);

#endif
