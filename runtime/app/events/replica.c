#include "runtime/app/events/replica.h"

/* The key-value space of parked records: model name, NUL, id, NUL, version (big-endian). */
enum { PARKED_SPACE = 'p' };

enum rt_replica_verdict rt_replica_rule(int64_t stored, int64_t incoming)
{
    if (incoming <= stored)
        return RT_REPLICA_DROP;
    return incoming == stored + 1 ? RT_REPLICA_APPLY : RT_REPLICA_PARK;
}

static struct rt_bytes parked_key(const struct rt_model *model, struct rt_str id, int64_t version,
                                  struct rt_arena *arena)
{
    size_t name_len = strlen(model->name) + 1;
    size_t len = name_len + id.len + 1 + sizeof version;
    uint8_t *key = rt_arena_zalloc(arena, len);
    memcpy(key, model->name, name_len);
    memcpy(key + name_len, id.data, id.len);
    for (size_t i = 0; i < sizeof version; i++)
        key[len - 1 - i] = (uint8_t)((uint64_t)version >> (8 * i));
    return rt_bytes(key, len);
}

/* Applies the parked records that follow `version`, one after the other. */
static int unpark(const struct rt_model *model, struct rt_txn *txn, struct rt_str id,
                  int64_t version)
{
    for (;;) {
        struct rt_bytes key = parked_key(model, id, ++version, txn->arena);
        struct rt_bytes parked = rt_txn_kv_get(txn, PARKED_SPACE, key);
        void *record = NULL;
        if (!parked.data)
            return 0;
        int status = rt_pb_decode(model->message, parked, txn->arena, &record, NULL);
        if (status != 0)
            return status;
        rt_txn_put(txn, model, record);
        rt_txn_kv_delete(txn, PARKED_SPACE, key);
    }
}

int rt_replica_take(const struct rt_replica *replica, struct rt_txn *txn, const void *event)
{
    const struct rt_model *model = replica->model;
    const struct rt_field *fields = model->message->fields;
    void *record = rt_message_new(model->message, txn->arena);
    rt_message_pick(event, record, txn->arena);
    struct rt_str id = rt_field_get(&fields[model->id_field], record).s;
    int64_t incoming = rt_field_get(&fields[model->version_field], record).i;
    if (id.len == 0 || incoming < 1)
        return RT_EINVAL;
    const void *stored = rt_txn_get(txn, model, rt_arena_strndup(txn->arena, id.data, id.len));
    int64_t version = stored ? rt_field_get(&fields[model->version_field], stored).i : 0;
    switch (rt_replica_rule(version, incoming)) {
    case RT_REPLICA_DROP:
        return 0;
    case RT_REPLICA_PARK: {
        struct rt_buf bytes = {0};
        rt_pb_encode(record, &bytes);
        rt_txn_kv_put(txn, PARKED_SPACE, parked_key(model, id, incoming, txn->arena),
                      rt_buf_bytes(&bytes));
        rt_buf_done(&bytes);
        return 0;
    }
    case RT_REPLICA_APPLY:
        rt_txn_put(txn, model, record);
        return unpark(model, txn, id, incoming);
    }
    return RT_EINVAL;
}
