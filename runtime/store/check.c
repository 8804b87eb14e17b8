/* The whole database against its own rules. */
#include <stdlib.h>

#include "runtime/store/store_impl.h"

/* The entries that the records of one model ask for, counted by index. */
struct check {
    const struct rt_view *view;
    const struct rt_model_info *model;
    uint64_t expected[UINT8_MAX + 1];
    struct rt_arena scratch; /* of one record */
    struct rt_error *error;
};

static int check_entry(struct check *c, size_t i, const void *record, struct rt_str id)
{
    const struct rt_index_info *index = &c->model->indexes[i];
    struct rt_bytes key = rt_index_key(index, record, id, &c->scratch);
    if (!key.data)
        return 0;
    c->expected[i]++;
    struct rt_bytes value;
    int code = rt_view_get(c->view, key, &c->scratch, &value, c->error);
    if (code != 0)
        return code;
    struct rt_str there;
    if (!value.data || !rt_index_id(index, key, value, &there) || !rt_str_eq(there, id))
        return rt_error_set(c->error, RT_ECORRUPT, "record %.*s of %s is not in its index %s",
                            (int)id.len, id.data, c->model->model->name, index->name);
    return 0;
}

static int check_record(struct check *c, struct rt_str id, struct rt_bytes bytes)
{
    const struct rt_model *model = c->model->model;
    rt_arena_reset(&c->scratch);
    void *record;
    if (rt_pb_decode(model->message, bytes, &c->scratch, &record, NULL) != 0)
        return rt_error_set(c->error, RT_ECORRUPT, "record %.*s of %s does not decode", (int)id.len,
                            id.data, model->name);
    struct rt_value inside = rt_field_get(&model->message->fields[model->id_field], record);
    if (!inside.present || !rt_str_eq(inside.s, id))
        return rt_error_set(c->error, RT_ECORRUPT, "record %.*s of %s has another id inside",
                            (int)id.len, id.data, model->name);
    int code = 0;
    for (size_t i = 0; code == 0 && i < c->model->n_indexes; i++)
        code = check_entry(c, i, record, id);
    return code;
}

static int each_key(struct check *c, struct rt_bytes prefix, struct rt_arena *arena, bool records,
                    uint64_t *ret_n)
{
    struct rt_range range;
    rt_range_init(&range, c->view, prefix, rt_key_after(arena, prefix), false);
    int code = 0;
    *ret_n = 0;
    for (; code == 0 && rt_range_next(&range); (*ret_n)++)
        if (records)
            code = check_record(c,
                                rt_str_n((const char *)range.key.data + RT_KEY_HEAD_LEN,
                                         range.key.len - RT_KEY_HEAD_LEN),
                                range.value);
    int range_code = rt_range_done(&range, code == 0 ? c->error : NULL);
    return code != 0 ? code : range_code;
}

static int check_model(struct check *c, struct rt_arena *arena)
{
    RT_ASSERT(c->model->n_indexes <= UINT8_MAX + 1);
    uint64_t n;
    int code =
        each_key(c, rt_key_record(arena, c->model->number, rt_str_n(NULL, 0)), arena, true, &n);
    for (size_t i = 0; code == 0 && i < c->model->n_indexes; i++) {
        const struct rt_index_info *index = &c->model->indexes[i];
        code = each_key(c, rt_index_prefix(index, NULL, 0, arena), arena, false, &n);
        if (code == 0 && n != c->expected[i])
            code = rt_error_set(c->error, RT_ECORRUPT,
                                "index %s of %s has %llu entries for %llu records", index->name,
                                c->model->model->name, (unsigned long long)n,
                                (unsigned long long)c->expected[i]);
    }
    return code;
}

/* ------------------------------------------------------------ stray entries */

/* The numbers of all indexes that the catalog knows, also of models that are not open. */
static int known_indexes(const struct rt_view *view, struct rt_arena *arena, bool *known,
                         struct rt_error *error)
{
    struct rt_bytes lower = rt_key_meta(arena, RT_STR("index/"));
    struct rt_range range;
    rt_range_init(&range, view, lower, rt_key_after(arena, lower), false);
    while (rt_range_next(&range)) {
        const char *text = rt_arena_strndup(arena, (const char *)range.value.data, range.value.len);
        known[strtoul(text, NULL, 10) & UINT16_MAX] = true;
    }
    return rt_range_done(&range, error);
}

/* From one index to the next: each that has entries must be known. */
static int check_space(const struct rt_view *view, struct rt_arena *arena, enum rt_key_space space,
                       const bool *known, struct rt_error *error)
{
    const uint8_t bounds[] = {(uint8_t)space, (uint8_t)(space + 1)};
    struct rt_bytes lower = rt_bytes(&bounds[0], 1), upper = rt_bytes(&bounds[1], 1);
    for (;;) {
        struct rt_range range;
        rt_range_init(&range, view, lower, upper, false);
        bool more = rt_range_next(&range) && range.key.len >= RT_KEY_HEAD_LEN;
        uint16_t number = more ? rt_key_number(range.key) : 0;
        int code = rt_range_done(&range, error);
        if (code != 0 || !more)
            return code;
        if (!known[number])
            return rt_error_set(error, RT_ECORRUPT, "there are entries of an unknown index %u",
                                number);
        lower = rt_key_after(arena,
                             rt_key_index(arena, space, number, NULL, NULL, 0, rt_str_n(NULL, 0)));
    }
}

static int check_stray(const struct rt_view *view, struct rt_arena *arena, struct rt_error *error)
{
    bool *known = RT_ARENA_ARRAY(arena, UINT16_MAX + 1, bool);
    int code = known_indexes(view, arena, known, error);
    if (code == 0)
        code = check_space(view, arena, RT_SPACE_INDEX, known, error);
    if (code == 0)
        code = check_space(view, arena, RT_SPACE_UNIQUE, known, error);
    return code;
}

/* -------------------------------------------------------------------- whole */

static int check_outbox(struct rt_store *store, struct rt_arena *arena, struct rt_error *error)
{
    enum { STEP = 256 };
    struct rt_outbox_entry entries[STEP];
    for (uint64_t at = store->outbox_first; at < store->outbox_next;) {
        rt_arena_reset(arena);
        size_t n;
        int code = rt_store_outbox_read(store, at, STEP, arena, entries, &n);
        if (code != 0)
            return rt_error_set(error, code, "the outbox lacks entry %llu",
                                (unsigned long long)at + n);
        at += n;
    }
    return 0;
}

int rt_store_check(struct rt_store *store, struct rt_error *error)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    struct rt_txn txn;
    rt_store_read_begin(store, &arena, &txn);
    int code = 0;
    for (size_t i = 0; code == 0 && i < store->catalog.n_models; i++) {
        struct check c = {
            .view = &txn.impl->view, .model = &store->catalog.models[i], .error = error};
        rt_arena_init(&c.scratch, 0);
        code = check_model(&c, &arena);
        rt_arena_done(&c.scratch);
    }
    if (code == 0)
        code = check_stray(&txn.impl->view, &arena, error);
    rt_store_read_end(&txn);
    if (code == 0)
        code = check_outbox(store, &arena, error);
    rt_arena_done(&arena);
    return code;
}
