/* What came in the path, the query and the body, decoded and checked; all violations at once. */
#include "runtime/app/request/call.h"
#include "runtime/http/media.h"
#include "runtime/http/url.h"

/* JSON in UTF-8, and not encoded once more. */
static bool is_readable(const struct rt_route *route, const struct rt_exchange *exchange,
                        struct rt_str type)
{
    struct rt_str encoding = rt_exchange_header(exchange, RT_STR("Content-Encoding"));
    bool takes_patch = route->method == RT_PATCH;
    return (rt_media_is_json(type) || (takes_patch && rt_media_is_merge_patch(type))) &&
           (!encoding.data || rt_str_eq_nocase(encoding, RT_STR("identity")));
}

/* Names that nobody knows are not echoed in full. */
enum { ECHO_MAX = 40 };

static const char *pointer_to(struct rt_call *call, struct rt_str name)
{
    struct rt_buf pointer = {0};
    if (name.len > ECHO_MAX) {
        name.len = ECHO_MAX;
        while (name.len > 0 && ((uint8_t)name.data[name.len] & 0xC0) == 0x80)
            name.len--; /* not within a character */
    }
    rt_buf_byte(&pointer, '/');
    for (size_t i = 0; i < name.len; i++) { /* RFC 6901 section 3 */
        if (name.data[i] == '~')
            rt_buf_puts(&pointer, "~0");
        else if (name.data[i] == '/')
            rt_buf_puts(&pointer, "~1");
        else
            rt_buf_byte(&pointer, (uint8_t)name.data[i]);
    }
    const char *text = rt_arena_strndup(call->ctx.arena, (const char *)pointer.data, pointer.len);
    rt_buf_done(&pointer);
    return text;
}

/* -------------------------------------------------------------------- query */

static const struct rt_query_param *param_named(const struct rt_route *route, struct rt_str name)
{
    for (size_t i = 0; i < route->n_query_params; i++) {
        if (rt_str_eq(name, rt_str(route->query_params[i].json)))
            return &route->query_params[i];
    }
    return NULL;
}

static void take_sort(struct rt_call *call, struct rt_str value)
{
    struct rt_paging *query = &call->paging;
    query->descending = value.len > 0 && value.data[0] == '-';
    if (query->descending)
        value = rt_str_n(value.data + 1, value.len - 1);
    for (const struct rt_index *const *sort = call->route->sorts; sort && *sort; sort++) {
        if (rt_str_eq(value, rt_str((*sort)->name)))
            query->sort = *sort;
    }
    if (!query->sort)
        rt_violation_add(call->violations, "/sort", "sort", "Must be one of the orders on offer");
}

/* True when `name` is one that every page takes. */
static bool take_page_param(struct rt_call *call, struct rt_str name, struct rt_str value)
{
    if (!call->route->page)
        return false;
    uint64_t limit;
    if (rt_str_eq(name, RT_STR("after"))) {
        call->paging.after = value;
    } else if (rt_str_eq(name, RT_STR("sort"))) {
        take_sort(call, value);
    } else if (rt_str_eq(name, RT_STR("limit"))) {
        if (rt_str_to_u64(value, &limit) && limit >= 1 && limit <= RT_PAGE_MAX)
            call->paging.limit = (size_t)limit;
        else
            rt_violation_add(call->violations, "/limit", "range", "Must be 1 to %d", RT_PAGE_MAX);
    } else {
        return false;
    }
    return true;
}

static void take_param(struct rt_call *call, struct rt_str name, struct rt_str value)
{
    if (take_page_param(call, name, value))
        return;
    const struct rt_query_param *param = param_named(call->route, name);
    if (param)
        rt_field_parse(param->field, value, call->ctx.arena, call->request.query, call->violations);
    else
        rt_violation_add(call->violations, pointer_to(call, name), "unknown",
                         "There is no such parameter");
}

enum { QUERY_PARAMS_MAX = 32 };

static void take_query(struct rt_call *call)
{
    struct rt_str rest = call->exchange->query;
    struct rt_url_param param;
    struct rt_str seen[QUERY_PARAMS_MAX];
    size_t n_seen = 0;
    if (call->route->query)
        call->request.query = rt_message_new(call->route->query, call->ctx.arena);
    call->paging.limit = RT_PAGE_DEFAULT;
    while (rt_query_next(&rest, &param)) {
        struct rt_str name, value;
        if (!rt_url_decode(param.name, RT_URL_PLUS_IS_SPACE, call->ctx.arena, &name) ||
            !rt_url_decode(param.value, RT_URL_PLUS_IS_SPACE, call->ctx.arena, &value) ||
            n_seen == QUERY_PARAMS_MAX) {
            rt_violation_add(call->violations, "", "query", "The query cannot be read");
            return;
        }
        bool again = false;
        for (size_t i = 0; i < n_seen; i++)
            again = again || rt_str_eq(seen[i], name);
        seen[n_seen++] = name;
        if (again)
            rt_violation_add(call->violations, pointer_to(call, name), "duplicate",
                             "Must not be repeated");
        else
            take_param(call, name, value);
    }
}

/* ---------------------------------------------------------- idempotency key */

enum { IDEMPOTENCY_KEY_MAX = 255 };

static void take_idempotency_key(struct rt_call *call)
{
    struct rt_str key = rt_exchange_header(call->exchange, RT_STR("Idempotency-Key"));
    if (!key.data || !call->route->idempotent)
        return;
    bool visible = key.len >= 1 && key.len <= IDEMPOTENCY_KEY_MAX;
    for (size_t i = 0; i < key.len && visible; i++)
        visible = key.data[i] > ' ' && key.data[i] < 0x7F;
    if (visible)
        call->idempotent.key = rt_str_bytes(key);
    else
        rt_violation_add(call->violations, "", "idempotency_key",
                         "Idempotency-Key must be 1 to %d visible characters", IDEMPOTENCY_KEY_MAX);
}

const struct rt_problem *rt_call_input(struct rt_call *call)
{
    const struct rt_route *route = call->route;
    const struct rt_exchange *exchange = call->exchange;
    struct rt_str type = rt_exchange_header(exchange, RT_STR("Content-Type"));
    if (route->body && (type.data || exchange->body.len > 0) && !is_readable(route, exchange, type))
        return &rt_problem_media_type;
    call->violations = RT_ARENA_NEW(call->ctx.arena, struct rt_violations);
    rt_violations_init(call->violations, call->ctx.arena);
    take_query(call);
    take_idempotency_key(call);
    if (route->body && route->method == RT_PATCH)
        rt_json_decode_patch(route->body, exchange->body, call->ctx.arena, &call->request.body,
                             &call->given, call->violations);
    else if (route->body)
        rt_json_decode(route->body, exchange->body, call->ctx.arena, &call->request.body,
                       call->violations);
    return call->violations->count > 0 ? &rt_problem_invalid : NULL;
}

const struct rt_problem *rt_call_bad_cursor(struct rt_call *call)
{
    rt_violation_add(call->violations, "/after", "cursor", "Is not a cursor of this list");
    return &rt_problem_invalid;
}
