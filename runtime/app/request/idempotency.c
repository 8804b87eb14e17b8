#include "runtime/app/request/idempotency.h"

#include <openssl/evp.h>

#include "runtime/app/request/call.h"

enum { HASH_LEN = 32, HEAD_LEN = 8 + HASH_LEN + 8 };

static void put_u64(uint8_t out[static 8], uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint64_t get_u64(const uint8_t *in)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 8; i++)
        value = value << 8 | in[i];
    return value;
}

static void hash_request(const struct rt_exchange *exchange, uint8_t out[static HASH_LEN])
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    unsigned len = HASH_LEN;
    /* The path's end is marked: no path has a NUL. */
    if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL) ||
        !EVP_DigestUpdate(md, exchange->path.data, exchange->path.len) ||
        !EVP_DigestUpdate(md, "", 1) ||
        !EVP_DigestUpdate(md, exchange->body.data, exchange->body.len) ||
        !EVP_DigestFinal_ex(md, out, &len))
        rt_panic("SHA-256 is not available");
    EVP_MD_CTX_free(md);
}

static struct rt_bytes full_key(const struct rt_call *call)
{
    struct rt_buf key = {0};
    const char *user = call->ctx.session ? call->session.user_id : "";
    rt_buf_append(&key, call->route->name, strlen(call->route->name) + 1);
    rt_buf_append(&key, user, strlen(user) + 1);
    rt_buf_append(&key, call->idempotent.key.data, call->idempotent.key.len);
    struct rt_bytes copy = rt_bytes(rt_arena_copy(call->ctx.arena, key.data, key.len), key.len);
    rt_buf_done(&key);
    return copy;
}

const struct rt_problem *rt_call_idempotent_find(struct rt_call *call, struct rt_txn *txn)
{
    struct rt_idempotent *own = &call->idempotent;
    hash_request(call->exchange, own->request_hash);
    struct rt_bytes kept = rt_txn_kv_get(txn, RT_IDEMPOTENCY_SPACE, full_key(call));
    if (!kept.data || kept.len <= HEAD_LEN || (int64_t)get_u64(kept.data) <= txn->now_ms)
        return NULL;
    if (memcmp(kept.data + 8, own->request_hash, HASH_LEN) != 0)
        return &rt_problem_idempotency;
    const char *id = (const char *)kept.data + HEAD_LEN;
    size_t id_len = strnlen(id, kept.len - HEAD_LEN - 1);
    own->replayed = true;
    own->version = (int64_t)get_u64(kept.data + 8 + HASH_LEN);
    own->id = rt_arena_strndup(call->ctx.arena, id, id_len);
    own->body = rt_bytes(kept.data + HEAD_LEN + id_len + 1, kept.len - HEAD_LEN - id_len - 1);
    return NULL;
}

struct sweep {
    struct rt_arena *arena;
    int64_t now_ms;
    struct rt_bytes keys[RT_IDEMPOTENCY_SWEEP];
    size_t n;
};

static bool sweep_one(void *arg, struct rt_bytes key, struct rt_bytes value)
{
    struct sweep *sweep = arg;
    (void)value;
    if (key.len < 8 || (int64_t)get_u64(key.data) > sweep->now_ms)
        return false;
    sweep->keys[sweep->n++] = rt_bytes(rt_arena_copy(sweep->arena, key.data, key.len), key.len);
    return sweep->n < RT_IDEMPOTENCY_SWEEP;
}

static void sweep_expired(struct rt_txn *txn)
{
    struct sweep sweep = {.arena = txn->arena, .now_ms = txn->now_ms};
    rt_txn_kv_scan(txn, RT_IDEMPOTENCY_EXPIRY_SPACE, rt_bytes(NULL, 0), sweep_one, &sweep);
    for (size_t i = 0; i < sweep.n; i++) {
        struct rt_bytes key = rt_bytes(sweep.keys[i].data + 8, sweep.keys[i].len - 8);
        struct rt_bytes kept = rt_txn_kv_get(txn, RT_IDEMPOTENCY_SPACE, key);
        /* The key may have been used again since: then it has a later expiry of its own. */
        if (kept.len >= 8 && (int64_t)get_u64(kept.data) <= txn->now_ms)
            rt_txn_kv_delete(txn, RT_IDEMPOTENCY_SPACE, key);
        rt_txn_kv_delete(txn, RT_IDEMPOTENCY_EXPIRY_SPACE, sweep.keys[i]);
    }
}

void rt_call_idempotent_keep(struct rt_call *call, struct rt_txn *txn)
{
    const struct rt_model *model = call->info->model;
    const char *id = "";
    int64_t version = 0;
    if (model && call->request.reply) {
        id = rt_text_member(&model->message->fields[model->id_field], call->request.reply);
        if (call->info->version)
            version = rt_field_get(call->info->version, call->request.reply).i;
    }
    struct rt_bytes key = full_key(call);
    uint8_t expiry[8], version_bytes[8];
    put_u64(expiry, (uint64_t)(txn->now_ms + RT_IDEMPOTENCY_MS));
    put_u64(version_bytes, (uint64_t)version);

    struct rt_buf value = {0};
    rt_buf_append(&value, expiry, sizeof(expiry));
    rt_buf_append(&value, call->idempotent.request_hash, HASH_LEN);
    rt_buf_append(&value, version_bytes, sizeof(version_bytes));
    rt_buf_append(&value, id, strlen(id) + 1);
    rt_call_body(call, &value);
    rt_txn_kv_put(txn, RT_IDEMPOTENCY_SPACE, key, rt_buf_bytes(&value));

    rt_buf_clear(&value);
    rt_buf_append(&value, expiry, sizeof(expiry));
    rt_buf_append(&value, key.data, key.len);
    rt_txn_kv_put(txn, RT_IDEMPOTENCY_EXPIRY_SPACE, rt_buf_bytes(&value), rt_bytes("", 0));
    rt_buf_done(&value);
    sweep_expired(txn);
}
