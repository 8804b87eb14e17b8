/* Events of records: checked and written into the outbox in the transaction of the change. */
#include "runtime/store/store_impl.h"
#include "runtime/wire/receive.h"

/* -------------------------------------------------------------------- notes */

void rt_txn_note(struct rt_txn *txn, const struct rt_model *model, struct rt_str id,
                 int64_t version, bool event)
{
    struct rt_txn_note *note = RT_ARENA_NEW(txn->impl->keys, struct rt_txn_note);
    *note = (struct rt_txn_note){
        .next = txn->impl->notes,
        .model = model,
        .id = rt_str_n((const char *)rt_txn_keep(txn, id.data, id.len).data, id.len),
        .version = version,
        .event = event,
    };
    txn->impl->notes = note;
}

/* The newest note of that kind about a record, down from `note`. */
static const struct rt_txn_note *find(const struct rt_txn_note *note, const struct rt_txn_note *of,
                                      bool event)
{
    while (note &&
           (note->event != event || note->model != of->model || !rt_str_eq(note->id, of->id)))
        note = note->next;
    return note;
}

static bool is_published(const struct rt_txn *txn, const struct rt_txn_note *change)
{
    const struct rt_txn_note *event = find(txn->impl->notes, change, true);
    while (event && event->version != change->version)
        event = find(event->next, change, true);
    return event != NULL;
}

bool rt_txn_unpublished(const struct rt_txn *txn, const char **ret_model)
{
    for (const struct rt_txn_note *n = txn->impl->notes; n; n = n->next) {
        if (n->event || find(txn->impl->notes, n, false) != n || is_published(txn, n))
            continue;
        *ret_model = n->model->name;
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------ publish */

static bool is_followed(const struct rt_model *model, struct rt_str subject)
{
    for (const char *const *followed = model->followed; followed && *followed; followed++)
        if (rt_str_eq(rt_str(*followed), subject))
            return true;
    return false;
}

/* True when the record is what the store will hold at the end, or is gone from there. */
static bool is_as_stored(struct rt_txn *txn, const struct rt_model *model, const void *record,
                         struct rt_str id)
{
    const struct rt_model_info *info = rt_catalog_model(&txn->store->catalog, model);
    struct rt_bytes stored = rt_txn_lookup(txn, rt_key_record(txn->arena, info->number, id));
    if (!stored.data)
        return true;
    struct rt_buf *scratch = &txn->store->writer.scratch;
    rt_buf_clear(scratch);
    rt_pb_encode(rt_txn_stored_form(txn, model, record), scratch);
    return rt_bytes_eq(stored, rt_buf_bytes(scratch));
}

static void note_event(struct rt_txn *txn, const struct rt_model *model, const void *record,
                       struct rt_str subject)
{
    const struct rt_field *fields = model->message->fields;
    struct rt_value id = rt_field_get(&fields[model->id_field], record);
    if (!is_followed(model, subject) || !id.present || !is_as_stored(txn, model, record, id.s))
        return;
    int64_t version =
        model->version_field >= 0 ? rt_field_get(&fields[model->version_field], record).i : 0;
    rt_txn_note(txn, model, id.s, version, true);
}

void rt_txn_publish(struct rt_txn *txn, const struct rt_model *model, const void *record,
                    struct rt_str subject, struct rt_str key, void *event)
{
    if (txn->failed != 0)
        return;
    const char *name = rt_message_of(event)->name;
    struct rt_violations violations;
    rt_violations_init(&violations, txn->arena);
    if (!rt_validate(event, &violations)) {
        struct rt_error error;
        rt_violations_error(&violations, &error);
        rt_txn_fail_for(txn, RT_EINVAL, "event %s would break what its schema says: %s", name,
                        error.message);
        return;
    }
    struct rt_buf *scratch = &txn->store->writer.scratch;
    rt_buf_clear(scratch);
    rt_pb_encode(event, scratch);
    if (scratch->len > RT_EVENT_BYTES_MAX) {
        rt_txn_fail_for(txn, RT_ETOOBIG, "event %s has %zu bytes, of at most %d", name,
                        scratch->len, RT_EVENT_BYTES_MAX);
        return;
    }
    rt_txn_outbox(txn, subject, key, rt_buf_bytes(scratch));
    note_event(txn, model, record, subject);
}
