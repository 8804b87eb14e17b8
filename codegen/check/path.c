/* Paths of routes: their pieces, and which of them overlap. */
#include <stdio.h>

#include "codegen/check/impl.h"

enum { SEGMENTS_MAX = 16 };

static bool is_path_character(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           (ch != '\0' && strchr("-._~", ch) != NULL);
}

static bool bad_path(struct ts_checker *c, struct ts_span span, const char *why)
{
    ts_note(ts_report(c->diags, TS_T_BAD_PATH, span, "this is no path"), "%s", why);
    return false;
}

static bool add_segment(struct ts_checker *c, struct ts_route *route, struct rt_str text,
                        struct ts_span span)
{
    bool is_param = text.len > 0 && text.data[0] == ':';
    struct rt_str name = is_param ? rt_str_n(text.data + 1, text.len - 1) : text;
    if (text.len > 0 && strchr("{<$*", text.data[0]))
        return bad_path(c, span, "a parameter is written with a colon: \"/:id\"");
    if (name.len == 0)
        return bad_path(c, span, "a piece of it between two slashes is empty");
    for (size_t i = 0; i < name.len; i++)
        if (!is_path_character(name.data[i]))
            return bad_path(c, span, "a piece consists of letters, digits, `-`, `.`, `_` and `~`");
    if (route->n_segments == SEGMENTS_MAX)
        return bad_path(c, span, "it has more than 16 pieces");
    struct ts_segment segment = {.text = ts_symbol(c->symbols, name)->text};
    if (is_param) {
        struct ts_ident ident = {ts_symbol_of(segment.text), span};
        ts_check_case(c, ident, TS_SNAKE, "a parameter");
        for (size_t i = 0; i < route->n_params; i++)
            if (route->params[i].name == segment.text)
                return bad_path(c, span, "two of its parameters have the same name");
        struct ts_param param = {
            .name = segment.text, .json_name = ts_name_camel(c->arena, segment.text), .span = span};
        route->params[route->n_params] = param;
        segment.param = &route->params[route->n_params++];
    }
    route->segments[route->n_segments++] = segment;
    return true;
}

/* Splits one text; a sole slash adds nothing. */
static bool add_path(struct ts_checker *c, struct ts_route *route, struct ts_ident path)
{
    struct rt_str rest = rt_str_n(path.symbol->text, path.symbol->len);
    if (rest.len == 0 || rest.data[0] != '/')
        return bad_path(c, path.span, "a path starts with a slash");
    while (rest.len > 1) {
        const char *start = rest.data + 1;
        const char *slash = memchr(start, '/', rest.len - 1);
        size_t len = slash ? (size_t)(slash - start) : rest.len - 1;
        if (!add_segment(c, route, rt_str_n(start, len), path.span))
            return false;
        rest = rt_str_n(start + len, rest.len - 1 - len);
        if (rest.len == 1)
            return bad_path(c, path.span, "it ends in a slash");
    }
    return true;
}

bool ts_check_path(struct ts_checker *c, struct ts_route *route, struct ts_ident prefix,
                   struct ts_ident path)
{
    char text[2 * TS_LIMIT_TEXT_BYTES + 2 * SEGMENTS_MAX];
    size_t len = 0;
    route->segments = RT_ARENA_ARRAY(c->arena, SEGMENTS_MAX, struct ts_segment);
    route->params = RT_ARENA_ARRAY(c->arena, SEGMENTS_MAX, struct ts_param);
    route->path = "/";
    if (!prefix.symbol || !add_path(c, route, prefix) || !add_path(c, route, path))
        return false;
    for (size_t i = 0; i < route->n_segments; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "/%s%s",
                                route->segments[i].param ? ":" : "", route->segments[i].text);
    if (len > 0)
        route->path = rt_arena_strndup(c->arena, text, len);
    return true;
}

/* ----------------------------------------------------------------- overlaps */

/*
 * A tree of pieces. Some path may match two routes of one method: within a service the one that has
 * fixed text where the other has a parameter, at the first piece in which they differ, wins
 * (runtime/http/router.h), so only equal patterns are a mistake. Across services the ingress would
 * have to know, and does not.
 */
struct node {
    struct node *next;    /* among siblings */
    struct node *literal; /* children with fixed text */
    struct node *param;   /* the child for any text */
    const char *text;
    const struct ts_route *routes[TS_DELETE + 1];
    struct node *hashed; /* children by text, when there are many */
    UT_hash_handle hh;
};

static struct node *literal_child(const struct node *node, const char *text)
{
    struct node *child = NULL;
    HASH_FIND_PTR(node->hashed, &text, child);
    return child;
}

/* The route in the tree with the same pattern, whatever its parameters are called, or NULL. */
static const struct ts_route *find_same(const struct node *node, const struct ts_route *route)
{
    for (size_t i = 0; i < route->n_segments && node; i++) {
        const struct ts_segment *segment = &route->segments[i];
        node = segment->param ? node->param : literal_child(node, segment->text);
    }
    return node ? node->routes[route->method] : NULL;
}

/* A route of another service in the tree that matches a path which `route` matches too, or NULL. */
static const struct ts_route *find_overlap(const struct node *node, const struct ts_route *route,
                                           size_t at)
{
    if (at == route->n_segments) {
        const struct ts_route *other = node->routes[route->method];
        return other && other->service != route->service ? other : NULL;
    }
    const struct ts_segment *segment = &route->segments[at];
    const struct ts_route *found = NULL;
    if (node->param && (found = find_overlap(node->param, route, at + 1)))
        return found;
    if (!segment->param) {
        const struct node *child = literal_child(node, segment->text);
        return child ? find_overlap(child, route, at + 1) : NULL;
    }
    for (const struct node *child = node->hashed; child; child = child->hh.next)
        if ((found = find_overlap(child, route, at + 1)))
            return found;
    return NULL;
}

static void insert(struct ts_checker *c, struct node *node, const struct ts_route *route)
{
    for (size_t i = 0; i < route->n_segments; i++) {
        const struct ts_segment *segment = &route->segments[i];
        struct node *child = segment->param ? node->param : literal_child(node, segment->text);
        if (!child) {
            child = RT_ARENA_NEW(c->arena, struct node);
            child->text = segment->text;
            if (segment->param)
                node->param = child;
            else
                HASH_ADD_PTR(node->hashed, text, child);
        }
        node = child;
    }
    node->routes[route->method] = route;
}

static void clear(struct node *node)
{
    struct node *child, *next;
    if (node->param)
        clear(node->param);
    HASH_ITER (hh, node->hashed, child, next) {
        HASH_DEL(node->hashed, child);
        clear(child);
    }
}

void ts_check_overlaps(struct ts_checker *c)
{
    struct node root = {0};
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t j = 0; j < service->n_routes; j++) {
            const struct ts_route *route = service->routes[j];
            const struct ts_route *other = find_same(&root, route);
            bool same = other;
            if (!other)
                other = find_overlap(&root, route, 0);
            if (!other) {
                insert(c, &root, route);
                continue;
            }
            ts_label(
                ts_report(c->diags, TS_T_OVERLAP, route->span,
                          same ? "a second route `%s %s`" : "route `%s %s` overlaps with another",
                          ts_method_name(route->method), route->path),
                other->span, "%s",
                same ? "the first one is here"
                     : rt_arena_printf(c->arena, "`%s` matches some of its paths", other->path));
        }
    }
    clear(&root);
}

/* ----------------------------------------------------------------- prefixes */

/* False when two services have the same prefix, which is reported. */
static bool declare_prefixes(struct ts_checker *c)
{
    bool distinct = true;
    size_t at = 0;
    for (const struct ts_ast_file *file = c->files; file; file = file->next)
        for (const struct ts_ast_service *ast = file->services; ast; ast = ast->next, at++)
            for (const struct ts_ast_routes *group = ast->routes; group; group = group->next) {
                if (!group->prefix.symbol)
                    continue;
                struct ts_entry *entry =
                    ts_lookup(c, TS_SPACE_PREFIX, c->model, group->prefix.symbol);
                if (!entry)
                    ts_declare(c, TS_SPACE_PREFIX, c->model, group->prefix, TS_DECL_SERVICE,
                               c->model->services[at], "prefix");
                else if (entry->decl != c->model->services[at]) {
                    distinct = false;
                    ts_label(ts_report(c->diags, TS_T_OVERLAP, group->prefix.span,
                                       "another service has routes below \"%s\"",
                                       group->prefix.symbol->text),
                             entry->span, "here");
                }
            }
    return distinct;
}

/* The service to which an ingress sends a path: that of the longest prefix. */
static struct ts_entry *ingress(struct ts_checker *c, const char *path)
{
    for (size_t len = strlen(path); len > 0; len--) {
        if (path[len] != '\0' && path[len] != '/')
            continue;
        const struct ts_symbol *prefix = ts_symbol(c->symbols, rt_str_n(path, len));
        struct ts_entry *entry = ts_lookup(c, TS_SPACE_PREFIX, c->model, prefix);
        if (entry)
            return entry;
    }
    return ts_lookup(c, TS_SPACE_PREFIX, c->model, ts_symbol(c->symbols, RT_STR("/")));
}

void ts_check_prefixes(struct ts_checker *c)
{
    if (!declare_prefixes(c))
        return;
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t j = 0; j < service->n_routes; j++) {
            const struct ts_route *route = service->routes[j];
            const struct ts_entry *entry = ingress(c, route->path);
            if (!entry || entry->decl == service)
                continue;
            ts_note(ts_label(ts_report(c->diags, TS_T_OVERLAP, route->span,
                                       "route `%s` lies below the paths of another service",
                                       route->path),
                             entry->span, "the routes here start with it"),
                    "one address serves all: a path goes to the service with the longest prefix");
        }
    }
}
