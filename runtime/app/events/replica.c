#include "runtime/app/events/replica.h"

#include <bsd/sys/endian.h>

#include "runtime/base/buf.h"

struct identity {
    const char *id;
    int64_t version;
};

/* Id and version of an event or a record, by the names that the model's fields have. */
static bool identify(const struct rt_model *model, const void *message, struct identity *ret)
{
    const struct rt_message *type = rt_message_of(message);
    const struct rt_field *fields = model->message->fields;
    const struct rt_field *id = rt_message_field(type, rt_str(fields[model->id_field].name));
    const struct rt_field *version =
        model->version_field < 0
            ? NULL
            : rt_message_field(type, rt_str(fields[model->version_field].name));
    if (!id || !version)
        return false;
    struct rt_value id_value = rt_field_get(id, message);
    ret->version = rt_field_get(version, message).i;
    ret->id = id_value.s.data; /* a message's strings end in NUL */
    return id_value.present && id_value.s.len > 0 && ret->version > 0;
}

/* --------------------------------------------------------------- tombstones */

enum { TOMBSTONE_LEN = 8 + 8 };

/* Model and id, behind `room` bytes that are the caller's to fill. */
static struct rt_bytes record_key(struct rt_arena *arena, const struct rt_model *model,
                                  const char *id, size_t room)
{
    size_t model_len = strlen(model->name) + 1, id_len = strlen(id) + 1;
    uint8_t *key = rt_arena_alloc(arena, room + model_len + id_len);
    memcpy(key + room, model->name, model_len);
    memcpy(key + room + model_len, id, id_len);
    return rt_bytes(key, room + model_len + id_len);
}

static int64_t tombstone_version(struct rt_txn *txn, const struct rt_model *model, const char *id)
{
    struct rt_bytes value =
        rt_txn_kv_get(txn, RT_TOMBSTONE_SPACE, record_key(txn->arena, model, id, 0));
    return value.data && value.len == TOMBSTONE_LEN ? (int64_t)be64dec(value.data) : 0;
}

struct sweep {
    struct rt_arena *arena;
    int64_t now_ms;
    struct rt_bytes keys[RT_TOMBSTONE_SWEEP];
    size_t n;
};

static bool sweep_one(void *arg, struct rt_bytes key, struct rt_bytes value)
{
    struct sweep *sweep = arg;
    (void)value;
    if (key.len < 8 || (int64_t)be64dec(key.data) > sweep->now_ms)
        return false;
    sweep->keys[sweep->n++] = rt_bytes(rt_arena_copy(sweep->arena, key.data, key.len), key.len);
    return sweep->n < RT_TOMBSTONE_SWEEP;
}

/* Those whose time is over, unless a later one of the same record took their place. */
static void sweep_over(struct rt_txn *txn)
{
    struct sweep sweep = {.arena = txn->arena, .now_ms = txn->now_ms};
    rt_txn_kv_scan(txn, RT_TOMBSTONE_TIME_SPACE, rt_bytes(NULL, 0), sweep_one, &sweep);
    for (size_t i = 0; i < sweep.n; i++) {
        struct rt_bytes key = rt_bytes(sweep.keys[i].data + 8, sweep.keys[i].len - 8);
        struct rt_bytes kept = rt_txn_kv_get(txn, RT_TOMBSTONE_SPACE, key);
        if (kept.len == TOMBSTONE_LEN && (int64_t)be64dec(kept.data + 8) <= txn->now_ms)
            rt_txn_kv_delete(txn, RT_TOMBSTONE_SPACE, key);
        rt_txn_kv_delete(txn, RT_TOMBSTONE_TIME_SPACE, sweep.keys[i]);
    }
}

static void bury(struct rt_txn *txn, const struct rt_model *model, const struct identity *at)
{
    uint8_t value[TOMBSTONE_LEN];
    int64_t until_ms = txn->now_ms + RT_TOMBSTONE_MS;
    be64enc(value, (uint64_t)at->version);
    be64enc(value + 8, (uint64_t)until_ms);
    rt_txn_kv_put(txn, RT_TOMBSTONE_SPACE, record_key(txn->arena, model, at->id, 0),
                  rt_bytes(value, sizeof(value)));
    struct rt_bytes by_time = record_key(txn->arena, model, at->id, 8);
    be64enc((uint8_t *)(uintptr_t)by_time.data, (uint64_t)until_ms);
    rt_txn_kv_put(txn, RT_TOMBSTONE_TIME_SPACE, by_time, rt_bytes("", 0));
    sweep_over(txn);
}

/* -------------------------------------------------------------------- apply */

int rt_replica_apply(struct rt_txn *txn, const struct rt_replica *replica,
                     const struct rt_event_type *type, const void *event, int64_t *ret_version)
{
    const struct rt_model *model = replica->model;
    struct identity at = {.version = 0}, stored = {.version = 0};
    bool whole = identify(model, event, &at);
    *ret_version = at.version;
    if (!whole)
        return RT_EINVAL;
    void *record = rt_txn_get(txn, model, at.id);
    if (record)
        identify(model, record, &stored);
    else
        stored.version = tombstone_version(txn, model, at.id);
    if (txn->failed || !rt_replica_is_news(stored.version, at.version))
        return txn->failed;
    if (type->last) {
        if (record)
            rt_txn_delete(txn, model, at.id);
        bury(txn, model, &at);
        return txn->failed;
    }
    if (!record)
        record = rt_message_new(model->message, txn->arena);
    rt_message_pick(event, record, txn->arena);
    rt_txn_put(txn, model, record);
    return txn->failed;
}

/* ------------------------------------------------------------------- unpark */

struct parked {
    struct rt_bytes key;
    struct rt_bytes value;
};

struct unpark {
    struct rt_arena *arena;
    struct parked *parked;
    size_t n;
    size_t max;
};

static bool collect(void *arg, struct rt_bytes key, struct rt_bytes value)
{
    struct unpark *unpark = arg;
    struct parked *parked = &unpark->parked[unpark->n++];
    parked->key = rt_bytes(rt_arena_copy(unpark->arena, key.data, key.len), key.len);
    parked->value = rt_bytes(rt_arena_copy(unpark->arena, value.data, value.len), value.len);
    return unpark->n < unpark->max;
}

static const struct rt_replica *replica_of(const struct rt_service *service, const char *model)
{
    for (size_t i = 0; i < service->n_replicas; i++)
        if (strcmp(service->replicas[i].model->name, model) == 0)
            return &service->replicas[i];
    return NULL;
}

static void apply_parked(struct rt_txn *txn, const struct rt_service *service,
                         const struct parked *parked)
{
    const char *model = (const char *)parked->key.data, *name = (const char *)parked->value.data;
    size_t name_len = strnlen(name, parked->value.len);
    const struct rt_replica *replica =
        memchr(model, 0, parked->key.len) ? replica_of(service, model) : NULL;
    if (!replica || name_len == parked->value.len)
        return;
    struct rt_bytes payload =
        rt_bytes(parked->value.data + name_len + 1, parked->value.len - name_len - 1);
    for (size_t i = 0; i < replica->n_events; i++) {
        const struct rt_event_type *type = replica->events[i];
        void *event;
        int64_t version;
        if (strcmp(type->name, name) == 0 &&
            rt_pb_decode(type->message, payload, txn->arena, &event, NULL) == 0)
            rt_replica_apply(txn, replica, type, event, &version);
    }
}

size_t rt_replica_unpark(struct rt_txn *txn, const struct rt_service *service, size_t max)
{
    struct unpark unpark = {.arena = txn->arena, .max = max};
    unpark.parked = RT_ARENA_ARRAY(txn->arena, max, struct parked);
    rt_txn_kv_scan(txn, RT_PARKED_SPACE, rt_bytes(NULL, 0), collect, &unpark);
    for (size_t i = 0; i < unpark.n; i++) {
        apply_parked(txn, service, &unpark.parked[i]);
        rt_txn_kv_delete(txn, RT_PARKED_SPACE, unpark.parked[i].key);
    }
    return unpark.n;
}
