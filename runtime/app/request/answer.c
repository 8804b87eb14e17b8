/* Replies: bodies, entity tags and the other headers that follow from what a call did. */
#include <inttypes.h>

#include "runtime/app/request/call.h"
#include "runtime/app/request/cors.h"
#include "runtime/app/request/etag.h"

/* -------------------------------------------------------------- entity tags */

bool rt_call_if_match(const struct rt_call *call, int64_t version)
{
    struct rt_str wanted = rt_exchange_header(call->exchange, RT_STR("If-Match"));
    return !wanted.data || rt_etag_listed(wanted, version, false);
}

/* A reply with embedded records changes without its version, so it is never "not modified". */
static bool not_modified(const struct rt_call *call, int64_t version)
{
    if (!call->route->read || call->info->model->n_embeds > 0)
        return false;
    struct rt_str known = rt_exchange_header(call->exchange, RT_STR("If-None-Match"));
    return known.data && rt_etag_listed(known, version, true);
}

/* ------------------------------------------------------------------ headers */

enum { HEADERS_MAX = 8 };

struct headers {
    struct rt_header rows[HEADERS_MAX];
    size_t n;
};

static void add_header(struct headers *headers, struct rt_str name, struct rt_str value)
{
    RT_ASSERT(headers->n < HEADERS_MAX);
    headers->rows[headers->n++] = (struct rt_header){name, value};
}

/* What the path of the record's own page names it by; NULL: not known, or no text. */
static const char *name_of(const struct rt_call *call, const struct rt_route *show, const char *id)
{
    if (!show->key)
        return id;
    const struct rt_field *field = &show->subject->message->fields[show->key->fields[0]];
    bool is_text = field->kind == RT_STRING || field->kind == RT_REF;
    return is_text && !call->idempotent.replayed ? rt_text_member(field, call->request.reply)
                                                 : NULL;
}

/* The path of the record's own page; empty when there is none, or the name would need escaping. */
static struct rt_str location(const struct rt_call *call, const char *id)
{
    const struct rt_route *show = call->info->show;
    const char *name = show && id ? name_of(call, show, id) : NULL;
    if (!name || !*name)
        return rt_str_n(NULL, 0);
    for (const char *c = name; *c; c++) {
        if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') &&
            *c != '-' && *c != '_')
            return rt_str_n(NULL, 0);
    }
    const char *colon = strchr(show->path, ':');
    return rt_str(
        rt_arena_printf(call->ctx.arena, "%.*s%s", (int)(colon - show->path), show->path, name));
}

/* ------------------------------------------------------------------ sending */

void rt_call_body(const struct rt_call *call, struct rt_buf *out)
{
    if (!call->route->page) {
        if (call->route->reply)
            rt_json_encode(call->request.reply, out);
        return;
    }
    rt_buf_puts(out, "{\"items\":[");
    for (size_t i = 0; i < call->page.n_records; i++) {
        if (i > 0)
            rt_buf_byte(out, ',');
        rt_json_encode(call->page.records[i], out);
    }
    rt_buf_puts(out, "],\"next\":");
    if (call->page.next.len > 0)
        rt_json_string(call->page.next, out);
    else
        rt_buf_puts(out, "null");
    rt_buf_byte(out, '}');
}

static void send_reply(struct rt_call *call, int status, const char *type,
                       const struct headers *headers)
{
    const struct rt_reply reply = {
        .status = status,
        .content_type = type,
        .body = rt_buf_bytes(&call->dispatcher->body),
        .headers = headers->rows,
        .n_headers = headers->n,
    };
    rt_cors_reply(call->dispatcher->owner->service->cors, call->exchange, &reply);
}

static void answer_problem(struct rt_call *call, struct headers *headers)
{
    int status = call->problem->status;
    if (status == 401)
        add_header(headers, RT_STR("WWW-Authenticate"), RT_STR("Bearer"));
    if (status == 429 || status == 503) {
        int64_t seconds = (call->retry_after_ms + 999) / 1000;
        add_header(
            headers, RT_STR("Retry-After"),
            rt_str(rt_arena_printf(call->exchange->arena, "%" PRId64, seconds > 0 ? seconds : 1)));
    }
    rt_problem_write(call->problem, call->violations, &call->dispatcher->body);
    send_reply(call, status, RT_PROBLEM_TYPE, headers);
}

/* A cache may keep a list or a record that everybody may see; a reply that depends on the user,
 * or may do so, is for that user only. */
static bool is_for_all(const struct rt_call *call)
{
    return call->route->access == RT_ACCESS_PUBLIC && call->route->read &&
           call->route->automatic != RT_AUTO_NONE;
}

/* Id and version of the record in the reply, as far as it shows one. */
static void shown(const struct rt_call *call, const char **ret_id, int64_t *ret_version)
{
    const struct rt_model *model = call->info->model;
    if (call->idempotent.replayed) {
        *ret_id = call->idempotent.id;
        *ret_version = call->idempotent.version;
    } else if (model && call->request.reply && !call->route->page) {
        *ret_id = rt_text_member(&model->message->fields[model->id_field], call->request.reply);
        if (call->info->version)
            *ret_version = rt_field_get(call->info->version, call->request.reply).i;
    }
}

void rt_call_answer(struct rt_call *call)
{
    struct headers headers = {.n = 0};
    rt_buf_clear(&call->dispatcher->body);
    rt_call_audit(call);
    if (!is_for_all(call))
        add_header(&headers, RT_STR("Cache-Control"), RT_STR("no-store"));
    if (call->problem) {
        answer_problem(call, &headers);
        return;
    }
    const char *id = NULL;
    int64_t version = 0;
    shown(call, &id, &version);
    char tag[RT_ETAG_MAX];
    if (version > 0)
        add_header(&headers, RT_STR("ETag"), rt_etag(version, tag));
    if (version > 0 && not_modified(call, version)) {
        send_reply(call, 304, NULL, &headers);
        return;
    }
    struct rt_str place = location(call, id);
    if (call->route->status == 201 && place.len > 0)
        add_header(&headers, RT_STR("Location"), place);
    struct rt_str cookie = rt_call_cookie(call);
    if (cookie.len > 0)
        add_header(&headers, RT_STR("Set-Cookie"), cookie);
    if (call->idempotent.replayed) {
        add_header(&headers, RT_STR("Idempotency-Replayed"), RT_STR("true"));
        rt_buf_append(&call->dispatcher->body, call->idempotent.body.data,
                      call->idempotent.body.len);
    } else {
        rt_call_body(call, &call->dispatcher->body);
    }
    bool has_body = call->route->page || call->route->reply;
    send_reply(call, call->route->status, has_body ? "application/json" : NULL, &headers);
}
