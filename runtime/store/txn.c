/* Records: reading, and writing with every index kept in step. */
#include <stdarg.h>
#include <stdio.h>

#include "runtime/store/store_impl.h"

/* ------------------------------------------------------------------- common */

void rt_txn_fail(struct rt_txn *txn, int code)
{
    if (txn->failed == 0)
        txn->failed = code;
}

void rt_txn_fail_for(struct rt_txn *txn, int code, const char *format, ...)
{
    if (txn->failed != 0)
        return;
    struct rt_error error;
    va_list args;
    va_start(args, format);
    vsnprintf(error.message, sizeof error.message, format, args);
    va_end(args);
    txn->failed = code;
    txn->why = rt_arena_strdup(txn->arena, error.message);
}

struct rt_bytes rt_txn_keep(const struct rt_txn *txn, const void *data, size_t len)
{
    return rt_bytes(rt_arena_copy(txn->impl->keys, data, len), len);
}

struct rt_bytes rt_txn_lookup(struct rt_txn *txn, struct rt_bytes key)
{
    struct rt_bytes value = {NULL, 0};
    if (txn->failed == 0)
        rt_txn_fail(txn, rt_view_get(&txn->impl->view, key, txn->arena, &value, NULL));
    return value;
}

void *rt_txn_decode(struct rt_txn *txn, const struct rt_model *model, struct rt_bytes bytes)
{
    void *record = NULL;
    if (rt_pb_decode(model->message, bytes, txn->arena, &record, NULL) != 0) {
        rt_txn_fail(txn, RT_ECORRUPT);
        return NULL;
    }
    return record;
}

static struct rt_str id_of(const struct rt_model *model, const void *record)
{
    struct rt_value value = rt_field_get(&model->message->fields[model->id_field], record);
    return value.present ? value.s : rt_str_n(NULL, 0);
}

static void *member(const struct rt_model *model, void *record, int field)
{
    return (char *)record + model->message->fields[field].offset;
}

/* --------------------------------------------------------------------- read */

static struct rt_bytes get_bytes(struct rt_txn *txn, const struct rt_model_info *info,
                                 struct rt_str id)
{
    struct rt_store *store = txn->store;
    struct rt_bytes key = rt_key_record(txn->arena, info->number, id);
    /* Only a read on the loop's thread, whose snapshot is still the shared one, may use it. */
    if (!txn->impl->shared || txn->impl->shared != store->shared)
        return rt_txn_lookup(txn, key);
    struct rt_bytes value = rt_cache_get(&store->cache, key);
    if (value.data)
        return rt_bytes(rt_arena_copy(txn->arena, value.data, value.len), value.len);
    value = rt_txn_lookup(txn, key);
    if (value.data)
        rt_cache_add(&store->cache, key, value);
    return value;
}

struct rt_bytes rt_txn_get_bytes(struct rt_txn *txn, const struct rt_model *model, const char *id)
{
    if (txn->failed != 0)
        return rt_bytes(NULL, 0);
    return get_bytes(txn, rt_catalog_model(&txn->store->catalog, model), rt_str(id));
}

void *rt_txn_get(struct rt_txn *txn, const struct rt_model *model, const char *id)
{
    struct rt_bytes bytes = rt_txn_get_bytes(txn, model, id);
    return bytes.data ? rt_txn_decode(txn, model, bytes) : NULL;
}

void *rt_txn_get_indexed(struct rt_txn *txn, const struct rt_model_info *info, struct rt_str id)
{
    struct rt_bytes bytes = get_bytes(txn, info, id);
    if (!bytes.data) {
        rt_txn_fail(txn, RT_ECORRUPT);
        return NULL;
    }
    return rt_txn_decode(txn, info->model, bytes);
}

void rt_txn_hydrate(struct rt_txn *txn, const struct rt_model *model, void *record)
{
    for (size_t i = 0; i < model->n_embeds; i++) {
        const struct rt_embed *embed = &model->embeds[i];
        struct rt_value id = rt_field_get(&model->message->fields[embed->field], record);
        if (!id.present || id.s.len == 0)
            continue;
        void *target =
            rt_txn_get(txn, embed->target, rt_arena_strndup(txn->arena, id.s.data, id.s.len));
        if (target)
            *(void **)member(model, record, embed->field) = target;
    }
}

/* Stored records have a version of at least 1. */
static bool is_there(struct rt_txn *txn, const struct rt_model *target, const void *embedded)
{
    struct rt_value id = rt_field_get(&target->message->fields[target->id_field], embedded);
    if (target->version_field >= 0)
        return rt_field_get(&target->message->fields[target->version_field], embedded).i > 0;
    return id.present && rt_txn_get_bytes(txn, target, id.s.data).data != NULL;
}

void rt_txn_show(struct rt_txn *txn, const struct rt_model *model, void *record)
{
    for (size_t i = 0; i < model->n_embeds; i++) {
        const struct rt_embed *embed = &model->embeds[i];
        void **at = member(model, record, embed->field);
        if (*at && !is_there(txn, embed->target, *at))
            *at = NULL;
    }
}

void *rt_txn_find(struct rt_txn *txn, const struct rt_model *model, const struct rt_index *index,
                  const struct rt_value *values)
{
    const struct rt_model_info *info = rt_catalog_model(&txn->store->catalog, model);
    const struct rt_index_info *unique = rt_model_index(info, index);
    RT_ASSERT(unique->space == RT_SPACE_UNIQUE);
    struct rt_bytes id =
        rt_txn_lookup(txn, rt_index_prefix(unique, values, unique->n_fields, txn->arena));
    return id.data ? rt_txn_get_indexed(txn, info, rt_str_n((const char *)id.data, id.len)) : NULL;
}

/* -------------------------------------------------------------------- write */

/* A change of one record: what it was, what it becomes. Either may be NULL, not both. */
struct change {
    const struct rt_model_info *info;
    struct rt_str id;
    const void *old;
    const void *new;
    struct rt_bytes *old_keys; /* by index; data NULL: not in it */
    struct rt_bytes *new_keys;
};

static struct rt_overlay *overlay_of(struct rt_txn *txn)
{
    RT_ASSERT(txn->impl->view.overlay); /* a read transaction cannot write */
    return txn->impl->view.overlay;
}

/* Computes the keys of both sides. RT_EEXIST: another record has a unique one. */
static int change_keys(struct rt_txn *txn, struct change *change)
{
    const struct rt_model_info *info = change->info;
    struct rt_arena *arena = txn->impl->keys;
    change->old_keys = RT_ARENA_ARRAY(arena, info->n_indexes, struct rt_bytes);
    change->new_keys = RT_ARENA_ARRAY(arena, info->n_indexes, struct rt_bytes);
    for (size_t i = 0; i < info->n_indexes; i++) {
        const struct rt_index_info *index = &info->indexes[i];
        if (change->old)
            change->old_keys[i] = rt_index_key(index, change->old, change->id, arena);
        if (!change->new)
            continue;
        struct rt_bytes key = rt_index_key(index, change->new, change->id, arena);
        change->new_keys[i] = key;
        if (index->space != RT_SPACE_UNIQUE || !key.data ||
            (change->old_keys[i].data && rt_bytes_eq(key, change->old_keys[i])))
            continue;
        if (rt_txn_lookup(txn, key).data != NULL)
            return RT_EEXIST;
    }
    return txn->failed;
}

static void lower_floor(const struct rt_index_info *index, struct rt_bytes key)
{
    int64_t first;
    if (index->floor && rt_index_first(key, &first) && first < index->floor->writer)
        index->floor->writer = first;
}

static void change_indexes(struct rt_txn *txn, const struct change *change)
{
    struct rt_overlay *overlay = overlay_of(txn);
    for (size_t i = 0; i < change->info->n_indexes; i++) {
        struct rt_bytes old = change->old_keys[i], new = change->new_keys[i];
        if (old.data && new.data && rt_bytes_eq(old, new))
            continue;
        if (old.data)
            rt_overlay_delete(overlay, old);
        if (!new.data)
            continue;
        lower_floor(&change->info->indexes[i], new);
        bool unique = change->info->indexes[i].space == RT_SPACE_UNIQUE;
        rt_overlay_put(overlay, new,
                       unique ? rt_txn_keep(txn, change->id.data, change->id.len)
                              : rt_bytes(NULL, 0));
    }
}

void *rt_txn_stored_form(struct rt_txn *txn, const struct rt_model *model, const void *record)
{
    void *copy = rt_arena_copy(txn->arena, record, model->message->pb.sizeof_message);
    for (size_t i = 0; i < model->n_embeds; i++) {
        const struct rt_embed *embed = &model->embeds[i];
        struct rt_value id = rt_field_get(&model->message->fields[embed->field], record);
        void **at = member(model, copy, embed->field);
        if (!id.present) {
            *at = NULL;
            continue;
        }
        void *stub = rt_message_new(embed->target->message, txn->arena);
        *(const char **)member(embed->target, stub, embed->target->id_field) =
            rt_arena_strndup(txn->arena, id.s.data, id.s.len);
        *at = stub;
    }
    return copy;
}

/* The end of a record counts as a version, too. */
static int64_t version_after(const struct change *change)
{
    const struct rt_model *model = change->info->model;
    if (model->version_field < 0)
        return 0;
    const void *record = change->new ? change->new : change->old;
    int64_t version = rt_field_get(&model->message->fields[model->version_field], record).i;
    return change->new ? version : version + 1;
}

/* Everything is checked: record and indexes change. */
static void apply(struct rt_txn *txn, const struct change *change)
{
    const struct rt_model_info *info = change->info;
    struct rt_bytes key = rt_key_record(txn->impl->keys, info->number, change->id);
    change_indexes(txn, change);
    if (!change->new) {
        rt_overlay_delete(overlay_of(txn), key);
    } else {
        struct rt_buf *scratch = &txn->store->writer.scratch;
        rt_buf_clear(scratch);
        rt_pb_encode(change->new, scratch);
        rt_overlay_put(overlay_of(txn), key, rt_txn_keep(txn, scratch->data, scratch->len));
    }
    if (info->model->followed)
        rt_txn_note(txn, info->model, change->id, version_after(change), false);
}

/* The record that is there now, decoded; NULL when there is none. */
static void *current(struct rt_txn *txn, const struct rt_model_info *info, struct rt_str id)
{
    struct rt_bytes bytes = get_bytes(txn, info, id);
    return bytes.data ? rt_txn_decode(txn, info->model, bytes) : NULL;
}

int rt_txn_create(struct rt_txn *txn, const struct rt_model *model, void *record)
{
    if (txn->failed != 0)
        return txn->failed;
    rt_txn_given(txn, model, record, false);
    struct change change = {.info = rt_catalog_model(&txn->store->catalog, model)};
    change.id = id_of(model, record);
    bool fresh = change.id.len == 0;
    if (fresh) {
        char *id = rt_arena_alloc(txn->arena, RT_UUID_LEN + 1);
        rt_uuid_next(&txn->store->writer.ids, txn->now_ms, id);
        change.id = rt_str_n(id, RT_UUID_LEN);
    } else if (get_bytes(txn, change.info, change.id).data != NULL) {
        return RT_EEXIST;
    }
    void *new = rt_txn_stored_form(txn, model, record);
    *(const char **)member(model, new, model->id_field) = change.id.data;
    if (model->version_field >= 0)
        *(int64_t *)member(model, new, model->version_field) = 1;
    change.new = new;
    int code = change_keys(txn, &change);
    if (code != 0)
        return code;
    apply(txn, &change);
    *(const char **)member(model, record, model->id_field) = change.id.data;
    if (model->version_field >= 0)
        *(int64_t *)member(model, record, model->version_field) = 1;
    return 0;
}

int rt_txn_update(struct rt_txn *txn, const struct rt_model *model, void *record)
{
    if (txn->failed != 0)
        return txn->failed;
    rt_txn_given(txn, model, record, true);
    struct change change = {.info = rt_catalog_model(&txn->store->catalog, model)};
    change.id = id_of(model, record);
    void *old = current(txn, change.info, change.id);
    if (!old)
        return txn->failed != 0 ? txn->failed : RT_ENOTFOUND;
    change.old = old;
    void *new = rt_txn_stored_form(txn, model, record);
    int64_t version = 0;
    if (model->version_field >= 0) {
        version = *(int64_t *)member(model, old, model->version_field);
        if (version != *(int64_t *)member(model, new, model->version_field))
            return RT_ECONFLICT;
        *(int64_t *)member(model, new, model->version_field) = version + 1;
    }
    change.new = new;
    int code = change_keys(txn, &change);
    if (code != 0)
        return code;
    apply(txn, &change);
    if (model->version_field >= 0)
        *(int64_t *)member(model, record, model->version_field) = version + 1;
    return 0;
}

int rt_txn_delete(struct rt_txn *txn, const struct rt_model *model, const char *id)
{
    if (txn->failed != 0)
        return txn->failed;
    struct change change = {.info = rt_catalog_model(&txn->store->catalog, model)};
    change.id = rt_str(id);
    change.old = current(txn, change.info, change.id);
    if (!change.old)
        return txn->failed != 0 ? txn->failed : RT_ENOTFOUND;
    int code = change_keys(txn, &change);
    if (code == 0)
        apply(txn, &change);
    return code;
}

void rt_txn_put(struct rt_txn *txn, const struct rt_model *model, const void *record)
{
    if (txn->failed != 0)
        return;
    struct change change = {.info = rt_catalog_model(&txn->store->catalog, model)};
    change.id = id_of(model, record);
    RT_ASSERT(change.id.len > 0);
    change.old = current(txn, change.info, change.id);
    change.new = rt_txn_stored_form(txn, model, record);
    int code = change_keys(txn, &change);
    if (code == 0)
        apply(txn, &change);
    else
        rt_txn_fail(txn, code);
}

/* -------------------------------------------------------------- publication */

void rt_txn_outbox(struct rt_txn *txn, struct rt_str subject, struct rt_str key,
                   struct rt_bytes payload)
{
    if (txn->failed != 0)
        return;
    if (subject.len > RT_OUTBOX_SUBJECT_MAX || key.len > UINT16_MAX) {
        rt_txn_fail(txn, RT_ETOOBIG);
        return;
    }
    rt_outbox_add(txn, subject, key, payload);
}
