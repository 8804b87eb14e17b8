/* Routes that need no C of their own: create, show, list, update and delete by their tables. */
#include "runtime/app/request/call.h"

/* ----------------------------------------------------------- create, change */

static void publish_all(struct rt_call *call, const void *record)
{
    for (size_t i = 0; i < call->route->n_emits; i++)
        call->route->emits[i]->publish(call->ctx.txn, record);
}

/* What the schema declares for a taken unique value, else our own. */
static const struct rt_problem *conflict(const struct rt_route *route)
{
    for (size_t i = 0; i < route->n_errors; i++) {
        if (route->errors[i]->status == rt_problem_conflict.status)
            return route->errors[i];
    }
    return &rt_problem_conflict;
}

static const struct rt_problem *changed(struct rt_call *call, int err, void *record)
{
    switch (err) {
    case 0:
        publish_all(call, record);
        if (call->request.reply && call->request.reply != record) {
            /* What is picked of an embedded record must be at hand. */
            rt_txn_hydrate(call->ctx.txn, call->route->subject, record);
            rt_message_pick(record, call->request.reply, call->ctx.arena);
        }
        return NULL;
    case RT_EEXIST:
        return conflict(call->route);
    case RT_ENOTFOUND:
        return &rt_problem_not_found;
    case RT_ECONFLICT:
        return &rt_problem_version;
    default:
        return &rt_problem_internal;
    }
}

/* Rules across fields hold for the whole record, of which the body may carry only a part. */
static bool keeps_rules(struct rt_call *call, const void *record)
{
    rt_rules_check(record, call->violations);
    return call->violations->count == 0;
}

static const struct rt_problem *create(struct rt_call *call)
{
    const struct rt_route *route = call->route;
    const struct rt_message *type = route->subject->message;
    void *record =
        route->reply == type ? call->request.reply : rt_message_new(type, call->ctx.arena);
    if (call->request.body)
        rt_message_pick(call->request.body, record, call->ctx.arena);
    /* The record belongs to the user that makes it. */
    if (route->owner && call->ctx.session) {
        const struct rt_value user = {.present = true, .s = rt_str(call->session.user_id)};
        rt_field_set(route->owner, record, user, call->ctx.arena);
    }
    rt_txn_give(call->ctx.txn, route->subject, record);
    if (!keeps_rules(call, record))
        return &rt_problem_invalid;
    return changed(call, rt_txn_create(call->ctx.txn, route->subject, record), record);
}

static const struct rt_problem *update(struct rt_call *call)
{
    void *record = call->request.subject;
    if (call->given) {
        if (!rt_patch(&call->ctx, record))
            return &rt_problem_invalid;
    } else {
        if (call->request.body)
            rt_message_pick(call->request.body, record, call->ctx.arena);
        if (!keeps_rules(call, record))
            return &rt_problem_invalid;
    }
    return changed(call, rt_txn_update(call->ctx.txn, call->route->subject, record), record);
}

static const struct rt_problem *delete (struct rt_call *call)
{
    const struct rt_model *model = call->route->subject;
    void *record = call->request.subject;
    const char *id = rt_text_member(&model->message->fields[model->id_field], record);
    int err = rt_txn_delete(call->ctx.txn, model, id);
    /* Its end is the next version, so that replicas take it after every change. */
    if (model->version_field >= 0)
        ++*(int64_t *)(void *)((char *)record +
                               model->message->fields[model->version_field].offset);
    return changed(call, err, record);
}

/* --------------------------------------------------------------------- list */

enum { FILTERS_MAX = 16, SCANNED_MAX = 2000 };

struct filter {
    const struct rt_field *field; /* of the model's message */
    const struct rt_index *index; /* that selects by it; or NULL */
    struct rt_value value;
};

struct list {
    struct filter filters[FILTERS_MAX];
    size_t n_filters;
};

static void add_filter(struct list *list, const struct rt_field *field,
                       const struct rt_index *index, struct rt_value value)
{
    RT_ASSERT(list->n_filters < FILTERS_MAX);
    list->filters[list->n_filters++] = (struct filter){field, index, value};
}

/* Every condition that the records must meet: whose they are, and what the query asks for. */
static void collect_filters(const struct rt_call *call, struct list *list)
{
    const struct rt_route *route = call->route;
    const struct rt_message *type = route->subject->message;
    if (route->access == RT_ACCESS_MINE && route->mine) {
        struct rt_value user = {.present = true, .s = rt_str(call->session.user_id)};
        add_filter(list, &type->fields[route->mine->fields[0]], route->mine, user);
    }
    for (size_t i = 0; i < route->n_query_params; i++) {
        const struct rt_query_param *param = &route->query_params[i];
        struct rt_value value = rt_field_get(param->field, call->request.query);
        const struct rt_field *field = param->index
                                           ? &type->fields[param->index->fields[0]]
                                           : rt_message_field(type, rt_str(param->field->name));
        if (value.present && field)
            add_filter(list, field, param->index, value);
    }
}

static bool same_value(const struct rt_field *field, struct rt_value a, struct rt_value b)
{
    if (a.present != b.present)
        return false;
    switch ((enum rt_kind)field->kind) {
    case RT_U64:
        return a.u == b.u;
    case RT_F64:
        return a.f == b.f;
    case RT_STRING:
    case RT_BYTES:
    case RT_ID:
    case RT_REF:
    case RT_PASSWORD:
    case RT_MESSAGE: /* an embed: its id */
        return rt_str_eq(a.s, b.s);
    default:
        return a.i == b.i;
    }
}

static bool has_item(const struct filter *filter, const void *record)
{
    bool found = false;
    for (size_t i = 0; i < rt_field_count(filter->field, record) && !found; i++)
        found = same_value(filter->field, rt_field_item(filter->field, record, i), filter->value);
    return found;
}

static bool passes(struct rt_call *call, const struct list *list, const void *record)
{
    if (!rt_call_allows(call, record))
        return false;
    for (size_t i = 0; i < list->n_filters; i++) {
        const struct filter *filter = &list->filters[i];
        bool meets =
            filter->field->shape == RT_LIST
                ? has_item(filter, record)
                : same_value(filter->field, rt_field_get(filter->field, record), filter->value);
        if (!meets)
            return false;
    }
    return true;
}

/* The index that orders the list: the one asked for, else one that selects; and how much of it is
 * fixed by a filter. */
static void choose_index(const struct rt_call *call, const struct list *list, struct rt_scan *scan)
{
    const struct rt_message *type = call->route->subject->message;
    scan->index = call->paging.sort;
    for (size_t i = 0; i < list->n_filters && !scan->index; i++)
        scan->index = list->filters[i].index;
    for (size_t i = 0; i < list->n_filters && scan->index && scan->n_values == 0; i++) {
        if (list->filters[i].field == &type->fields[scan->index->fields[0]]) {
            scan->values = &list->filters[i].value;
            scan->n_values = 1;
        }
    }
}

/* A page may hold fewer records than asked for and still have a next one: when filters leave out
 * much of what is scanned, a request reads at most SCANNED_MAX records. */
static const struct rt_problem *list(struct rt_call *call)
{
    struct list list = {.n_filters = 0};
    collect_filters(call, &list);
    struct rt_scan scan = {.descending = call->paging.descending, .after = call->paging.after};
    choose_index(call, &list, &scan);
    size_t limit = call->paging.limit, scanned = 0;
    struct rt_page *page = &call->page;
    page->records = RT_ARENA_ARRAY(call->ctx.arena, limit, void *);
    do {
        struct rt_page part;
        scan.limit = limit - page->n_records;
        if (rt_txn_scan(call->ctx.txn, call->route->subject, &scan, &part) != 0)
            return &rt_problem_internal; /* or a bad cursor: the pipeline knows */
        for (size_t i = 0; i < part.n_records; i++) {
            if (passes(call, &list, part.records[i]))
                page->records[page->n_records++] = part.records[i];
        }
        scanned += scan.limit;
        scan.after = page->next = part.next;
    } while (page->n_records < limit && page->next.len > 0 && scanned < SCANNED_MAX);

    const struct rt_model *model = call->route->subject;
    for (size_t i = 0; i < page->n_records; i++) {
        void *record = page->records[i];
        if (call->route->reply != model->message) {
            rt_txn_hydrate(call->ctx.txn, model, record);
            rt_txn_show(call->ctx.txn, model, record);
            page->records[i] = rt_message_new(call->route->reply, call->ctx.arena);
            rt_message_pick(record, page->records[i], call->ctx.arena);
        }
    }
    return NULL;
}

const struct rt_problem *rt_call_auto(struct rt_call *call)
{
    switch (call->route->automatic) {
    case RT_AUTO_CREATE:
        return create(call);
    case RT_AUTO_UPDATE:
        return update(call);
    case RT_AUTO_DELETE:
        return delete (call);
    case RT_AUTO_LIST:
        return list(call);
    case RT_AUTO_SHOW:
        if (call->request.reply != call->request.subject) {
            rt_txn_show(call->ctx.txn, call->route->subject, call->request.subject);
            rt_message_pick(call->request.subject, call->request.reply, call->ctx.arena);
        }
        return NULL;
    case RT_AUTO_NONE:
        break;
    }
    return &rt_problem_internal;
}
