#include "runtime/http/router.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/http/url.h"

enum { NO_ROUTE = -1 };

/* A node is a segment; its children are the segments that may follow. */
struct node {
    struct rt_str literal;       /* NULL for a parameter */
    struct node *first_literal;  /* children */
    struct node *parameter;      /* the child that takes any segment */
    struct node *next;           /* the next literal of the same parent */
    int routes[RT_METHOD_COUNT]; /* of patterns that end here, or NO_ROUTE */
    uint32_t methods;            /* bits of those */
};

struct rt_router {
    struct rt_arena arena;
    struct node root;
};

struct segments {
    struct rt_str items[RT_ROUTE_SEGMENTS_MAX];
    size_t count;
};

static void node_init(struct node *node, struct rt_str literal)
{
    *node = (struct node){.literal = literal};
    for (size_t i = 0; i < RT_METHOD_COUNT; i++)
        node->routes[i] = NO_ROUTE;
}

static bool is_parameter(struct rt_str segment)
{
    return segment.data[0] == ':';
}

static bool is_dots(struct rt_str segment)
{
    return rt_str_eq(segment, RT_STR(".")) || rt_str_eq(segment, RT_STR(".."));
}

/* False: an empty segment, or too many of them. */
static bool split(struct rt_str path, struct segments *ret)
{
    ret->count = 0;
    if (path.len == 0 || path.data[0] != '/')
        return false;
    if (path.data[path.len - 1] == '/')
        path.len--;
    while (path.len > 0) {
        path = rt_str_n(path.data + 1, path.len - 1);
        const char *slash = path.len ? memchr(path.data, '/', path.len) : NULL;
        size_t len = slash ? (size_t)(slash - path.data) : path.len;
        if (len == 0 || ret->count == RT_ROUTE_SEGMENTS_MAX)
            return false;
        ret->items[ret->count++] = rt_str_n(path.data, len);
        path = rt_str_n(path.data + len, path.len - len);
    }
    return true;
}

static struct node *find_literal(const struct node *parent, struct rt_str segment)
{
    for (struct node *child = parent->first_literal; child; child = child->next)
        if (rt_str_eq(child->literal, segment))
            return child;
    return NULL;
}

/* The child for that segment of a pattern, made when there is none. */
static struct node *child_of(struct rt_router *router, struct node *parent, struct rt_str segment)
{
    bool parameter = is_parameter(segment);
    struct node *child = parameter ? parent->parameter : find_literal(parent, segment);
    if (child)
        return child;
    child = RT_ARENA_NEW(&router->arena, struct node);
    if (parameter) {
        node_init(child, (struct rt_str){NULL, 0});
        parent->parameter = child;
    } else {
        char *text = rt_arena_strndup(&router->arena, segment.data, segment.len);
        node_init(child, rt_str_n(text, segment.len));
        child->next = parent->first_literal;
        parent->first_literal = child;
    }
    return child;
}

static int add(struct rt_router *router, const struct rt_route_pattern *pattern, int route,
               struct rt_error *error)
{
    struct segments segments;
    size_t n_params = 0;
    struct node *node = &router->root;
    if (!split(rt_str(pattern->pattern), &segments) || pattern->method >= RT_METHOD_OTHER)
        return rt_error_set(error, RT_EINVAL, "\"%s\" is no route pattern", pattern->pattern);
    for (size_t i = 0; i < segments.count; i++) {
        struct rt_str segment = segments.items[i];
        bool parameter = is_parameter(segment);
        n_params += parameter;
        if ((parameter && segment.len == 1) || n_params > RT_ROUTE_PARAMS_MAX || is_dots(segment))
            return rt_error_set(error, RT_EINVAL, "\"%s\" is no route pattern", pattern->pattern);
        node = child_of(router, node, segment);
    }
    if (node->routes[pattern->method] != NO_ROUTE)
        return rt_error_set(error, RT_EEXIST, "%s \"%s\" is routed twice",
                            rt_method_name(pattern->method), pattern->pattern);
    node->routes[pattern->method] = route;
    node->methods |= 1u << pattern->method;
    return 0;
}

int rt_router_new(const struct rt_route_pattern *patterns, size_t n_patterns,
                  struct rt_router **ret, struct rt_error *error)
{
    struct rt_router *router = rt_zalloc(sizeof *router);
    rt_arena_init(&router->arena, 0);
    node_init(&router->root, (struct rt_str){NULL, 0});
    for (size_t i = 0; i < n_patterns; i++) {
        int rc = add(router, &patterns[i], (int)i, error);
        if (rc != 0) {
            rt_router_free(router);
            return rc;
        }
    }
    *ret = router;
    return 0;
}

void rt_router_free(struct rt_router *router)
{
    if (!router)
        return;
    rt_arena_done(&router->arena);
    free(router);
}

static int route_of(const struct node *node, enum rt_method method)
{
    if (method == RT_HEAD && node->routes[RT_HEAD] == NO_ROUTE)
        method = RT_GET;
    return node->routes[method];
}

static uint32_t with_head(uint32_t methods)
{
    return methods & 1u << RT_GET ? methods | 1u << RT_HEAD : methods;
}

/* Looks for the rest of the path, from segment `at` on, below `node`. Collects in `ret->allow`
 * the methods of patterns that fit but for the method. Depth is bounded by
 * RT_ROUTE_SEGMENTS_MAX; each level tries two children at most. */
static bool descend(const struct node *node, const struct segments *segments, size_t at,
                    enum rt_method method, struct rt_route_match *ret)
{
    if (at == segments->count) {
        int route = route_of(node, method);
        ret->allow |= with_head(node->methods);
        if (route == NO_ROUTE)
            return false;
        ret->route = (size_t)route;
        return true;
    }
    const struct node *literal = find_literal(node, segments->items[at]);
    if (literal && descend(literal, segments, at + 1, method, ret))
        return true;
    if (!node->parameter)
        return false;
    ret->params[ret->n_params++] = segments->items[at];
    if (descend(node->parameter, segments, at + 1, method, ret))
        return true;
    ret->n_params--;
    return false;
}

enum rt_route_result rt_router_match(const struct rt_router *router, enum rt_method method,
                                     struct rt_str path, struct rt_arena *arena,
                                     struct rt_route_match *ret)
{
    struct segments segments;
    ret->n_params = 0;
    ret->allow = 0;
    if (!split(path, &segments))
        return RT_ROUTE_NOT_FOUND;
    for (size_t i = 0; i < segments.count; i++) {
        if (!rt_url_decode(segments.items[i], RT_URL_PLUS_IS_PLUS, arena, &segments.items[i]))
            return RT_ROUTE_BAD_PATH;
        if (is_dots(segments.items[i]))
            return RT_ROUTE_NOT_FOUND;
    }
    if (descend(&router->root, &segments, 0, method, ret))
        return RT_ROUTE_FOUND;
    return ret->allow ? RT_ROUTE_NOT_METHOD : RT_ROUTE_NOT_FOUND;
}

static char *put(char *at, struct rt_str s)
{
    memcpy(at, s.data, s.len);
    return at + s.len;
}

struct rt_str rt_route_allow(uint32_t allow, struct rt_arena *arena)
{
    char *text = rt_arena_alloc(arena, RT_METHOD_COUNT * sizeof "OPTIONS, ");
    char *end = text;
    for (unsigned method = 0; method < RT_METHOD_COUNT; method++) {
        if (!(allow & 1u << method))
            continue;
        if (end > text)
            end = put(end, RT_STR(", "));
        end = put(end, rt_str(rt_method_name((enum rt_method)method)));
    }
    return rt_str_n(text, (size_t)(end - text));
}
