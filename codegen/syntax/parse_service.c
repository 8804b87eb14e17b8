/* A service and its routes, listeners, timers and settings. */
#include "codegen/syntax/parse_impl.h"

/* ------------------------------------------------------------------- routes */

static const enum ts_keyword methods[] = {TS_KW_GET, TS_KW_POST, TS_KW_PUT, TS_KW_PATCH,
                                          TS_KW_DELETE};
static const enum ts_keyword attributes[] = {TS_KW_PUBLIC,     TS_KW_OWNER, TS_KW_MINE,  TS_KW_AUTO,
                                             TS_KW_IDEMPOTENT, TS_KW_WORK,  TS_KW_LIMIT, TS_KW_SORT,
                                             TS_KW_EMITS,      TS_KW_OF,    TS_KW_ALLOW};

static bool is_one_of(enum ts_keyword word, const enum ts_keyword *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words[i] == word)
            return true;
    return false;
}

static bool at_method(struct ts_parser *p)
{
    return is_one_of(ts_word(p), methods, sizeof methods / sizeof *methods);
}

static bool at_attribute(struct ts_parser *p)
{
    return ts_at(p, TS_TOK_BANG) ||
           is_one_of(ts_word(p), attributes, sizeof attributes / sizeof *attributes);
}

/* query = name ":" type [ "by" name ] ; */
static struct ts_ast_query *parse_query(struct ts_parser *p)
{
    struct ts_ast_query *query = TS_NODE(p, struct ts_ast_query);
    query->doc = ts_peek(p, 0)->doc;
    query->name = ts_expect_name(p, "the name of a query parameter");
    ts_expect(p, TS_TOK_COLON, "after the name of a query parameter");
    ts_parse_type(p, &query->type);
    if (ts_accept_word(p, TS_KW_BY))
        query->index = ts_expect_name(p, "the index to search");
    return query;
}

/* queries = "?" "(" query { "," query } ")" ; */
static void parse_queries(struct ts_parser *p, struct ts_ast_route *route)
{
    struct ts_ast_query **tail = &route->queries;
    if (!ts_accept(p, TS_TOK_QUESTION) ||
        !ts_expect(p, TS_TOK_LPAREN, "before the query parameters"))
        return;
    do {
        struct ts_ast_query *query = parse_query(p);
        if (!p->panic)
            TS_APPEND(tail, query);
    } while (ts_accept(p, TS_TOK_COMMA));
    ts_expect(p, TS_TOK_RPAREN, "after the query parameters");
}

/* limit = "limit" digits "/" name "per" name { "," name } ; */
static void parse_limit(struct ts_parser *p, struct ts_ast_limit *limit)
{
    struct ts_span start = ts_peek(p, 0)->span;
    ts_advance(p);
    limit->count = ts_expect_number(p, "a number of requests");
    ts_expect(p, TS_TOK_SLASH, "between the number and the unit of time, as in `10/min`");
    limit->unit = ts_expect_name(p, "a unit of time: s, min, h or d");
    ts_expect_word(p, TS_KW_PER, "and what is counted, such as `address`");
    limit->keys = ts_expect_names(p, "`address`, `user` or a field of the body");
    if (!p->panic)
        limit->span = ts_span_join(start, p->last);
}

static void append_names(struct ts_ast_name **list, struct ts_ast_name *more)
{
    while (*list)
        list = &(*list)->next;
    *list = more;
}

/* attribute = "public" | "owner" name | "allow" expr | "mine" "by" name | "auto" | "idempotent" |
 * "work" | limit | "sort" name { "," name } | "emits" qname { "," qname } | "of" qname | "!" name {
 * "," name } ; */
static void parse_attribute(struct ts_parser *p, struct ts_ast_route *route)
{
    struct ts_span span = ts_peek(p, 0)->span;
    if (ts_at_word(p, TS_KW_LIMIT)) {
        parse_limit(p, &route->limit);
    } else if (ts_accept_word(p, TS_KW_PUBLIC)) {
        route->is_public = span;
    } else if (ts_accept_word(p, TS_KW_AUTO)) {
        route->automatic = span;
    } else if (ts_accept_word(p, TS_KW_IDEMPOTENT)) {
        route->idempotent = span;
    } else if (ts_accept_word(p, TS_KW_WORK)) {
        route->work = span;
    } else if (ts_accept_word(p, TS_KW_OWNER)) {
        route->owner_span = span;
        route->owner = ts_expect_name(p, "the field that holds the owner");
    } else if (ts_accept_word(p, TS_KW_ALLOW)) {
        if (route->allow != NULL)
            ts_label(ts_report(p->diags, TS_T_DUPLICATE, span, "a second `allow`"),
                     route->allow_span, "the first one is here");
        route->allow_span = span;
        route->allow = ts_parse_expr(p);
    } else if (ts_accept_word(p, TS_KW_MINE)) {
        route->mine_span = span;
        ts_expect_word(p, TS_KW_BY, "and the index that starts with the user");
        route->mine = ts_expect_name(p, "the index that starts with the user");
    } else if (ts_accept_word(p, TS_KW_SORT)) {
        append_names(&route->sorts, ts_expect_names(p, "an index"));
    } else if (ts_accept_word(p, TS_KW_EMITS)) {
        append_names(&route->emits, ts_expect_names(p, "an event"));
    } else if (ts_accept_word(p, TS_KW_OF)) {
        route->of = ts_expect_qname(p, "the model the route is about");
    } else if (ts_accept(p, TS_TOK_BANG)) {
        append_names(&route->errors, ts_expect_names(p, "an error"));
    }
}

static const char reply_example[] =
    "write `-> 200 User`, `-> 204` for no content, or `-> page of User` for a list";

/* reply = "page" "of" qname | status [ "page" "of" ] [ qname ] ; */
static void parse_reply(struct ts_parser *p, struct ts_ast_route *route)
{
    bool may_page = true;
    if (!ts_at_word(p, TS_KW_PAGE)) {
        if (!ts_at(p, TS_TOK_NUMBER) && !p->panic)
            ts_help(ts_expected(p, "a status or `page of` after `->`"), "%s", reply_example);
        route->status = ts_expect_number(p, "a status");
        may_page = ts_at_word(p, TS_KW_PAGE);
    }
    struct ts_span span = ts_peek(p, 0)->span;
    if (may_page && ts_accept_word(p, TS_KW_PAGE)) {
        route->page = true;
        route->page_span = span;
        ts_expect_word(p, TS_KW_OF, "after `page`");
        route->reply = ts_expect_qname(p, "the type of the items");
    } else if (ts_at(p, TS_TOK_NAME) && !at_attribute(p) && !at_method(p) && !p->panic) {
        route->reply = ts_expect_qname(p, "the type of the reply");
    }
}

/* route = method name text [ queries ] [ "(" qname ")" ] "->" reply { attribute } ; */
static void parse_route(struct ts_parser *p, struct ts_ast_route ***tail)
{
    struct ts_ast_route *route = TS_NODE(p, struct ts_ast_route);
    route->doc = ts_peek(p, 0)->doc;
    route->method = ts_word(p);
    route->method_span = ts_peek(p, 0)->span;
    ts_advance(p);
    route->name = ts_expect_name(p, "the name of a route");
    route->path = ts_expect_text(p, "the path of a route, in quotes");
    parse_queries(p, route);
    if (ts_accept(p, TS_TOK_LPAREN)) {
        route->body = ts_expect_qname(p, "the type of the body");
        ts_expect(p, TS_TOK_RPAREN, "after the type of the body");
    }
    if (!ts_accept(p, TS_TOK_ARROW) && !p->panic)
        ts_help(ts_expected(p, "`->` and the reply"), "%s", reply_example);
    parse_reply(p, route);
    while (!p->panic && at_attribute(p))
        parse_attribute(p, route);
    bool ends = ts_peek(p, 0)->first || at_method(p) || ts_at(p, TS_TOK_RBRACE);
    if (!p->panic && !ends && !ts_at(p, TS_TOK_END))
        ts_expected_word_of(p, "an attribute of the route or the next route", attributes,
                            sizeof attributes / sizeof *attributes);
    if (!p->panic)
        TS_APPEND(*tail, route);
}

/* Behind a damaged route, which started at `start`: the next line that starts one. */
static void skip_to_route(struct ts_parser *p, uint32_t start)
{
    ts_recover(p, start);
    while (!ts_at(p, TS_TOK_END) && !ts_at(p, TS_TOK_RBRACE) && !at_method(p))
        ts_recover(p, ts_peek(p, 0)->span.offset);
}

static void parse_route_item(struct ts_parser *p, void *context)
{
    uint32_t start = ts_peek(p, 0)->span.offset;
    if (!ts_count_declaration(p))
        return;
    if (at_method(p))
        parse_route(p, context);
    else
        ts_expected_word_of(p, "a route (GET, POST, PUT, PATCH or DELETE)", methods,
                            sizeof methods / sizeof *methods);
    if (p->panic)
        skip_to_route(p, start);
}

/* routes = "routes" text "{" { route } "}" ; */
struct ts_ast_routes *ts_parse_routes(struct ts_parser *p)
{
    struct ts_ast_routes *routes = TS_NODE(p, struct ts_ast_routes);
    struct ts_ast_route **tail = &routes->routes;
    ts_advance(p);
    routes->prefix = ts_expect_text(p, "the path that all routes start with, in quotes");
    ts_parse_braces(p, TS_IN_BODY, "before the routes", parse_route_item, &tail);
    return routes;
}

/* ------------------------------------------------------------------ service */

struct service_body {
    struct ts_ast_service *service;
    struct ts_ast_alias **aliases;
    struct ts_ast_enum **enums;
    struct ts_ast_message **messages;
    struct ts_ast_routes **routes;
    struct ts_ast_listener **listeners;
    struct ts_ast_timer **timers;
    struct ts_ast_setting **settings;
};

static struct ts_ast_name *parse_emits(struct ts_parser *p)
{
    return ts_accept_word(p, TS_KW_EMITS) ? ts_expect_names(p, "an event") : NULL;
}

/* listener = "on" qname name [ condition ] [ "emits" qname { "," qname } ] ; */
static struct ts_ast_listener *parse_listener(struct ts_parser *p)
{
    struct ts_ast_listener *listener = TS_NODE(p, struct ts_ast_listener);
    listener->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    listener->event = ts_expect_qname(p, "the event to listen to");
    listener->name = ts_expect_name(p, "the name of the listener");
    listener->condition = ts_parse_condition(p);
    listener->emits = parse_emits(p);
    return listener;
}

/* timer = "timer" name "at" name "." name [ condition ] [ "emits" qname { "," qname } ] ; */
static struct ts_ast_timer *parse_timer(struct ts_parser *p)
{
    struct ts_ast_timer *timer = TS_NODE(p, struct ts_ast_timer);
    timer->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    timer->name = ts_expect_name(p, "the name of the timer");
    ts_expect_word(p, TS_KW_AT, "and the field that holds the time");
    timer->model = ts_expect_name(p, "the model the timer is set on");
    ts_expect(p, TS_TOK_DOT, "between the model and its field");
    timer->field = ts_expect_name(p, "the field that holds the time");
    timer->condition = ts_parse_condition(p);
    timer->emits = parse_emits(p);
    return timer;
}

/* setting = "setting" name type "=" value [ "in" range ] ; the range belongs to the type. */
static struct ts_ast_setting *parse_setting(struct ts_parser *p)
{
    struct ts_ast_setting *setting = TS_NODE(p, struct ts_ast_setting);
    setting->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    setting->name = ts_expect_name(p, "the name of the setting");
    ts_parse_type(p, &setting->type);
    ts_expect(p, TS_TOK_ASSIGN, "and the default of the setting");
    setting->default_value = ts_parse_value(p, "the default of the setting");
    if (ts_accept_word(p, TS_KW_IN))
        ts_parse_range(p, &ts_constraints(p, &setting->type)->bound);
    return setting;
}

static void unknown_item(struct ts_parser *p)
{
    static const enum ts_keyword words[] = {
        TS_KW_MODEL, TS_KW_MESSAGE, TS_KW_VIEW, TS_KW_EVENT, TS_KW_REPLICA, TS_KW_ENUM,
        TS_KW_TYPE,  TS_KW_ROUTES,  TS_KW_ON,   TS_KW_TIMER, TS_KW_SETTING};
    static const enum ts_keyword outer[] = {TS_KW_ERROR, TS_KW_SESSION, TS_KW_CORS, TS_KW_IMPORT,
                                            TS_KW_SCHEMA};
    if (!is_one_of(ts_word(p), outer, sizeof outer / sizeof *outer)) {
        ts_expected_word_of(p, "a declaration of the service", words, sizeof words / sizeof *words);
        return;
    }
    p->panic = true;
    ts_help(ts_report(p->diags, TS_T_INSIDE_SERVICE, ts_peek(p, 0)->span,
                      "`%s` stands inside a service", ts_keyword_text(ts_word(p))),
            "it belongs to the whole system: put it outside of the services");
}

static void add_message(struct ts_parser *p, struct service_body *body,
                        enum ts_ast_message_kind kind)
{
    struct ts_ast_message *message = ts_parse_message(p, kind);
    if (!message->name.symbol)
        return;
    message->broken |= p->panic;
    TS_APPEND(body->messages, message);
}

/* declaration = alias | enum | model | message | view | event | replica | routes | listener
 *             | timer | setting ; */
static void parse_service_item(struct ts_parser *p, void *context)
{
    struct service_body *body = context;
    if (!ts_count_declaration(p))
        return;
    switch (ts_word(p)) {
    case TS_KW_TYPE: {
        struct ts_ast_alias *alias = ts_parse_alias(p);
        TS_APPEND(body->aliases, alias);
        break;
    }
    case TS_KW_ENUM: {
        struct ts_ast_enum *enumeration = ts_parse_enum(p);
        TS_APPEND(body->enums, enumeration);
        break;
    }
    case TS_KW_MODEL:
        add_message(p, body, TS_AST_MODEL);
        break;
    case TS_KW_MESSAGE:
        add_message(p, body, TS_AST_PLAIN);
        break;
    case TS_KW_VIEW:
        add_message(p, body, TS_AST_VIEW);
        break;
    case TS_KW_EVENT:
        add_message(p, body, TS_AST_EVENT);
        break;
    case TS_KW_REPLICA:
        add_message(p, body, TS_AST_REPLICA);
        break;
    case TS_KW_ROUTES: {
        struct ts_ast_routes *routes = ts_parse_routes(p);
        TS_APPEND(body->routes, routes);
        break;
    }
    case TS_KW_ON: {
        struct ts_ast_listener *listener = parse_listener(p);
        TS_APPEND(body->listeners, listener);
        break;
    }
    case TS_KW_TIMER: {
        struct ts_ast_timer *timer = parse_timer(p);
        TS_APPEND(body->timers, timer);
        break;
    }
    case TS_KW_SETTING: {
        struct ts_ast_setting *setting = parse_setting(p);
        TS_APPEND(body->settings, setting);
        break;
    }
    default:
        unknown_item(p);
    }
}

/* service = "service" name "{" { declaration } "}" ; */
struct ts_ast_service *ts_parse_service(struct ts_parser *p)
{
    struct ts_ast_service *service = TS_NODE(p, struct ts_ast_service);
    struct service_body body = {
        service,          &service->aliases,   &service->enums,  &service->messages,
        &service->routes, &service->listeners, &service->timers, &service->settings};
    service->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    service->name = ts_expect_name(p, "the name of a service");
    ts_parse_braces(p, TS_IN_SERVICE, "before the declarations of the service", parse_service_item,
                    &body);
    return service;
}
