#include "runtime/app/events/replica.h"

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

static struct rt_bytes parking_key(struct rt_arena *arena, const struct rt_model *model,
                                   const char *id, int64_t version)
{
    size_t model_len = strlen(model->name) + 1, id_len = strlen(id) + 1;
    uint8_t *key = rt_arena_alloc(arena, model_len + id_len + 8);
    memcpy(key, model->name, model_len);
    memcpy(key + model_len, id, id_len);
    for (size_t i = 0; i < 8; i++)
        key[model_len + id_len + i] = (uint8_t)((uint64_t)version >> (56 - 8 * i));
    return rt_bytes(key, model_len + id_len + 8);
}

static void park(struct rt_txn *txn, struct rt_bytes key, const char *event_name,
                 struct rt_bytes payload)
{
    size_t name_len = strlen(event_name) + 1;
    uint8_t *value = rt_arena_alloc(txn->arena, name_len + payload.len);
    memcpy(value, event_name, name_len);
    if (payload.len > 0)
        memcpy(value + name_len, payload.data, payload.len);
    rt_txn_kv_put(txn, RT_REPLICA_SPACE, key, rt_bytes(value, name_len + payload.len));
}

/* A replica's fields that no event carries keep their values. Returns the record, NULL when this
 * was its last event. */
static void *put(struct rt_txn *txn, const struct rt_model *model, void *record,
                 const struct rt_event_type *type, const void *event)
{
    if (type->last) {
        struct identity gone;
        if (record && identify(model, record, &gone))
            rt_txn_delete(txn, model, gone.id);
        return NULL;
    }
    if (!record)
        record = rt_message_new(model->message, txn->arena);
    rt_message_pick(event, record, txn->arena);
    rt_txn_put(txn, model, record);
    return record;
}

static int unpark(struct rt_txn *txn, const struct rt_replica *replica, struct rt_bytes parked,
                  const struct rt_event_type **ret_type, void **ret_event)
{
    const char *name = (const char *)parked.data;
    size_t name_len = strnlen(name, parked.len);
    for (size_t i = 0; i < replica->n_events && name_len < parked.len; i++) {
        if (strcmp(replica->events[i]->name, name) != 0)
            continue;
        struct rt_bytes payload = rt_bytes(parked.data + name_len + 1, parked.len - name_len - 1);
        *ret_type = replica->events[i];
        return rt_pb_decode(replica->events[i]->message, payload, txn->arena, ret_event, NULL);
    }
    return RT_EINVAL;
}

/* After `version` was applied: those parked behind it follow as long as they are in a row. */
static int apply_parked(struct rt_txn *txn, const struct rt_replica *replica, void *record,
                        const char *id, int64_t version)
{
    for (;;) {
        struct rt_bytes key = parking_key(txn->arena, replica->model, id, ++version);
        struct rt_bytes parked = rt_txn_kv_get(txn, RT_REPLICA_SPACE, key);
        if (!parked.data)
            return txn->failed;
        const struct rt_event_type *type = NULL;
        void *event = NULL;
        int err = unpark(txn, replica, parked, &type, &event);
        if (err)
            return err;
        record = put(txn, replica->model, record, type, event);
        rt_txn_kv_delete(txn, RT_REPLICA_SPACE, key);
    }
}

int rt_replica_apply(struct rt_txn *txn, const struct rt_replica *replica,
                     const struct rt_event_type *type, const void *event, struct rt_bytes payload)
{
    struct identity at;
    if (!identify(replica->model, event, &at))
        return RT_EINVAL;
    void *record = rt_txn_get(txn, replica->model, at.id);
    if (txn->failed)
        return txn->failed;
    struct identity stored = {.version = 0};
    if (record)
        identify(replica->model, record, &stored);
    switch (rt_replica_decide(stored.version, at.version)) {
    case RT_REPLICA_DROP:
        return 0;
    case RT_REPLICA_PARK:
        park(txn, parking_key(txn->arena, replica->model, at.id, at.version), type->name, payload);
        return txn->failed;
    case RT_REPLICA_APPLY:
        break;
    }
    record = put(txn, replica->model, record, type, event);
    return apply_parked(txn, replica, record, at.id, at.version);
}
