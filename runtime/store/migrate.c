#include "runtime/store/migrate.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/store/key.h"
#include "runtime/store/limits.h"
#include "runtime/store/view.h"
#include "runtime/wire/wire.h"

/* ------------------------------------------------------------------ records */

/* What is done to each record; non-zero ends the walk. */
struct visit {
    int (*record)(struct visit *visit, struct rt_bytes key, struct rt_str id,
                  struct rt_bytes bytes);
    const struct rt_model_info *info;
    const struct rt_model *model; /* the info's */
    const struct rt_evolution *evolution;
    struct rt_arena scratch;   /* of one record */
    struct rt_buf *keys;       /* of checking: hashes of the keys in each index, as uint64_t */
    struct rt_db_batch *batch; /* of writing */
    size_t n_records;          /* written so far */
    struct rt_db *db;
    struct rt_error *error;
};

static int each_record(struct visit *visit)
{
    struct rt_arena ends;
    rt_arena_init(&ends, 0);
    rt_arena_init(&visit->scratch, 0);
    struct rt_bytes lower = rt_key_record(&ends, visit->info->number, rt_str_n(NULL, 0));
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = visit->db}, lower, rt_key_after(&ends, lower),
                  false);
    int status = 0;
    while (status == 0 && rt_range_next(&range)) {
        rt_arena_reset(&visit->scratch);
        struct rt_str id = rt_str_n((const char *)range.key.data + RT_KEY_HEAD_LEN,
                                    range.key.len - RT_KEY_HEAD_LEN);
        status = visit->record(visit, range.key, id, range.value);
    }
    int end = rt_range_done(&range, status == 0 ? visit->error : NULL);
    rt_arena_done(&visit->scratch);
    rt_arena_done(&ends);
    return status != 0 ? status : end;
}

static int decode(struct visit *visit, struct rt_str id, struct rt_bytes bytes, void **ret)
{
    if (rt_pb_decode(visit->model->message, bytes, &visit->scratch, ret, NULL) == 0)
        return 0;
    return rt_error_set(visit->error, RT_ECORRUPT, "record %.*s of %s does not decode", (int)id.len,
                        id.data, visit->model->name);
}

int rt_migrate_any(struct rt_db *db, uint16_t number, bool *ret_any, struct rt_error *error)
{
    struct rt_arena ends;
    rt_arena_init(&ends, 0);
    struct rt_bytes lower = rt_key_record(&ends, number, rt_str_n(NULL, 0));
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = db}, lower, rt_key_after(&ends, lower), false);
    *ret_any = rt_range_next(&range);
    int status = rt_range_done(&range, error);
    rt_arena_done(&ends);
    return status;
}

/* ----------------------------------------------------- messages of a record */

typedef void each_message(void *arg, const struct rt_message *type, void *message);

/* The message and all that it is made of; embedded records aside, of which there is only the id.
 * Recursion: as deep as rt_pb_decode lets messages be. */
static void walk(const struct rt_message *type, void *message, each_message *each, void *arg)
{
    each(arg, type, message);
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        if (!field->message || (field->flags & RT_FIELD_EMBED))
            continue;
        void *member = (char *)message + field->offset;
        if (field->shape == RT_LIST || field->shape == RT_MAP) {
            size_t n = *(size_t *)(void *)((char *)message + field->quantifier);
            void **items = *(void ***)member;
            for (size_t k = 0; k < n; k++)
                walk(field->message, items[k], each, arg);
        } else if (*(void **)member) {
            walk(field->message, *(void **)member, each, arg);
        }
    }
}

/* ----------------------------------------------------------------- checking */

struct lack {
    const struct rt_fields_at *required;
    const struct rt_field *found;
};

static void find_lack(void *arg, const struct rt_message *type, void *message)
{
    struct lack *lack = arg;
    (void)message;
    for (size_t i = 0; i < lack->required->n_items && !lack->found; i++)
        if (lack->required->items[i].message == type)
            lack->found = lack->required->items[i].field;
}

static void put_defaults(void *arg, const struct rt_message *type, void *message)
{
    const struct rt_fields_at *defaults = arg;
    for (size_t i = 0; i < defaults->n_items; i++)
        if (defaults->items[i].message == type)
            rt_member_set_default(type, defaults->items[i].field, message);
}

static bool is_among(const struct rt_fields_at *list, const struct rt_message *message,
                     const struct rt_field *field)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (list->items[i].message == message && list->items[i].field == field)
            return true;
    return false;
}

static const struct rt_field *field_by_json(const struct rt_message *message, struct rt_str name)
{
    for (size_t i = 0; i < message->n_fields; i++)
        if (rt_str_eq(rt_str(message->fields[i].json), name))
            return &message->fields[i];
    return NULL;
}

/* Whether the place that a JSON pointer names is one whose rules changed. A password is kept as its
 * hash, of which its rules do not speak. */
static bool is_changed(const struct rt_evolution *evolution, const struct rt_message *type,
                       const char *pointer)
{
    bool changed = false;
    while (type && *pointer == '/') {
        size_t len = strcspn(pointer + 1, "/");
        const struct rt_field *field = field_by_json(type, rt_str_n(pointer + 1, len));
        pointer += 1 + len;
        if (!field)
            return false;
        changed = is_among(&evolution->tighter, type, field) && field->kind != RT_PASSWORD;
        if ((field->shape == RT_LIST || field->shape == RT_MAP) && *pointer == '/')
            pointer += 1 + strcspn(pointer + 1, "/"); /* which item */
        if (field->shape == RT_MAP) {
            const struct rt_field *value = &field->message->fields[1];
            changed = changed || is_among(&evolution->tighter, field->message, value);
            type = value->message;
        } else {
            type = field->message;
        }
    }
    return changed;
}

/* Puts defaults and normal forms; what is wrong goes to `violations`. */
static void renew(struct visit *visit, void *record, struct rt_violations *violations)
{
    struct rt_fields_at defaults = visit->evolution->defaults;
    walk(visit->model->message, record, put_defaults, &defaults);
    rt_violations_init(violations, &visit->scratch);
    rt_validate(record, violations);
}

/* Hashes of keys take 8 bytes a record, where the keys themselves might not fit. */
static void collect_keys(struct visit *visit, const void *record, struct rt_str id)
{
    for (size_t i = 0; visit->keys && i < visit->info->n_indexes; i++) {
        const struct rt_index_info *index = &visit->info->indexes[i];
        if (index->space != RT_SPACE_UNIQUE)
            continue;
        struct rt_bytes key = rt_index_key(index, record, id, &visit->scratch);
        if (!key.data)
            continue;
        uint64_t hash = rt_hash(key, 0);
        rt_buf_append(&visit->keys[i], &hash, sizeof hash);
    }
}

static int check_record(struct visit *visit, struct rt_bytes key, struct rt_str id,
                        struct rt_bytes bytes)
{
    void *record;
    int status = decode(visit, id, bytes, &record);
    (void)key;
    if (status != 0)
        return status;
    struct lack lack = {.required = &visit->evolution->required};
    walk(visit->model->message, record, find_lack, &lack);
    if (lack.found)
        return rt_error_set(visit->error, RT_ECONFLICT,
                            "model %s: record %.*s lacks `%s`, which is new and required; give it "
                            "a default, or make it optional",
                            visit->model->name, (int)id.len, id.data, lack.found->name);
    struct rt_violations violations;
    renew(visit, record, &violations);
    collect_keys(visit, record, id);
    for (size_t i = 0; i < violations.count && i < RT_VIOLATIONS_MAX; i++)
        if (is_changed(visit->evolution, visit->model->message, violations.items[i].pointer))
            return rt_error_set(visit->error, RT_ECONFLICT,
                                "model %s: record %.*s breaks a rule that is new, at %s: %s",
                                visit->model->name, (int)id.len, id.data,
                                violations.items[i].pointer, violations.items[i].message);
    return 0;
}

/* --------------------------------------------------------------- collisions */

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* A hash that is there twice, or false. */
static bool find_twice(struct rt_buf *hashes, uint64_t *ret)
{
    size_t n = hashes->len / sizeof *ret;
    if (n < 2)
        return false;
    qsort(hashes->data, n, sizeof *ret, compare_hashes);
    for (size_t i = 1; i < n; i++) {
        const uint8_t *at = hashes->data + i * sizeof *ret;
        if (compare_hashes(at, at - sizeof *ret) == 0) {
            memcpy(ret, at, sizeof *ret);
            return true;
        }
    }
    return false;
}

/* The walk that finds out whose keys they are. */
struct collision {
    struct visit visit; /* first */
    const struct rt_index_info *index;
    uint64_t hash;
    struct rt_arena kept;
    struct rt_bytes key; /* of the first one */
    struct rt_str id;
};

static int find_collision(struct visit *visit, struct rt_bytes key, struct rt_str id,
                          struct rt_bytes bytes)
{
    struct collision *collision = (struct collision *)(void *)visit;
    void *record;
    int status = decode(visit, id, bytes, &record);
    (void)key;
    if (status != 0)
        return status;
    struct rt_violations violations;
    renew(visit, record, &violations);
    struct rt_bytes mine = rt_index_key(collision->index, record, id, &visit->scratch);
    if (!mine.data || rt_hash(mine, 0) != collision->hash)
        return 0;
    if (collision->key.data && rt_bytes_eq(collision->key, mine))
        return rt_error_set(visit->error, RT_EEXIST,
                            "unique index %s.%s: records %.*s and %.*s become equal",
                            visit->model->name, collision->index->name, (int)collision->id.len,
                            collision->id.data, (int)id.len, id.data);
    collision->key = rt_bytes(rt_arena_copy(&collision->kept, mine.data, mine.len), mine.len);
    collision->id = rt_str_n(rt_arena_copy(&collision->kept, id.data, id.len), id.len);
    return 0;
}

static int check_collisions(struct visit *visit)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < visit->info->n_indexes; i++) {
        uint64_t hash;
        if (!find_twice(&visit->keys[i], &hash))
            continue;
        struct collision collision = {
            .visit = *visit, .index = &visit->info->indexes[i], .hash = hash};
        collision.visit.record = find_collision;
        collision.visit.keys = NULL;
        rt_arena_init(&collision.kept, 0);
        status = each_record(&collision.visit);
        rt_arena_done(&collision.kept);
    }
    return status;
}

static int check_all(struct visit *visit)
{
    struct rt_buf *keys = NULL;
    size_t n = visit->info->n_indexes;
    if (rt_migrate_writes(visit->evolution))
        keys = rt_array(n + 1, sizeof *keys);
    visit->keys = keys;
    int status = each_record(visit);
    if (status == 0 && keys)
        status = check_collisions(visit);
    for (size_t i = 0; keys && i < n; i++)
        rt_buf_done(&keys[i]);
    free(keys);
    return status;
}

int rt_migrate_check(struct rt_db *db, const struct rt_model_info *info,
                     const struct rt_evolution *evolution, struct rt_error *error)
{
    struct visit visit = {.record = check_record,
                          .info = info,
                          .model = info->model,
                          .evolution = evolution,
                          .db = db,
                          .error = error};
    size_t n =
        evolution->tighter.n_items + evolution->required.n_items + evolution->defaults.n_items;
    return info->model->replica || n == 0 ? 0 : check_all(&visit);
}

/* ------------------------------------------------------------------ writing */

static int write_record(struct visit *visit, struct rt_bytes key, struct rt_str id,
                        struct rt_bytes bytes)
{
    void *record;
    int status = decode(visit, id, bytes, &record);
    if (status != 0)
        return status;
    struct rt_violations violations;
    renew(visit, record, &violations);
    struct rt_buf now = {0};
    rt_pb_encode(record, &now);
    if (!rt_bytes_eq(rt_buf_bytes(&now), bytes))
        rt_db_batch_put(visit->batch, key, rt_buf_bytes(&now));
    rt_buf_done(&now);
    return 0;
}

/* So many records are one batch. */
static int write_some(struct visit *visit, struct rt_bytes key, struct rt_str id,
                      struct rt_bytes bytes)
{
    int status = write_record(visit, key, id, bytes);
    if (status != 0 || ++visit->n_records % RT_BUILD_STEP_RECORDS != 0)
        return status;
    return rt_db_commit(visit->db, visit->batch, false, visit->error);
}

bool rt_migrate_writes(const struct rt_evolution *evolution)
{
    for (size_t i = 0; i < evolution->tighter.n_items; i++)
        if (evolution->tighter.items[i].field->flags & (RT_FIELD_TRIM | RT_FIELD_LOWER))
            return true;
    return evolution->defaults.n_items > 0;
}

int rt_migrate_write(struct rt_db *db, const struct rt_model_info *info,
                     const struct rt_evolution *evolution, struct rt_error *error)
{
    struct visit visit = {.record = write_some,
                          .info = info,
                          .model = info->model,
                          .evolution = evolution,
                          .batch = rt_db_batch_new(),
                          .db = db,
                          .error = error};
    int status = each_record(&visit);
    if (status == 0)
        status = rt_db_commit(db, visit.batch, true, error);
    rt_db_batch_free(visit.batch);
    return status;
}
