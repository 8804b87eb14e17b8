#include "runtime/identity/key.h"

#include <stdio.h>

#include <openssl/evp.h>

#include "runtime/base/secret.h"

static bool repeats_one_byte(struct rt_bytes key)
{
    return key.len > 1 && memcmp(key.data, key.data + 1, key.len - 1) == 0;
}

/* The start of a hash that nothing else is made of. */
static void name_key(struct rt_key *key)
{
    static const char purpose[] = "id of a session key";
    unsigned char hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(context, purpose, sizeof purpose) != 1 ||
        EVP_DigestUpdate(context, key->bytes.data, key->bytes.len) != 1 ||
        EVP_DigestFinal_ex(context, hash, NULL) != 1)
        rt_panic("SHA-256 fails");
    EVP_MD_CTX_free(context);
    for (size_t i = 0; i < RT_KEY_ID_LEN / 2; i++)
        snprintf(key->id + 2 * i, 3, "%02x", hash[i]);
}

int rt_key_init(struct rt_bytes bytes, struct rt_key *ret, struct rt_error *error)
{
    if (!bytes.data || bytes.len < RT_KEY_MIN)
        return rt_error_set(error, RT_EINVAL, "a key needs at least %d bytes, this has %zu",
                            RT_KEY_MIN, bytes.len);
    if (repeats_one_byte(bytes))
        return rt_error_set(error, RT_EINVAL, "a key of one repeated byte is none");
    ret->bytes = bytes;
    name_key(ret);
    return 0;
}

static bool is_line_end(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

static int parse(struct rt_bytes text, struct rt_arena *arena, struct rt_keys *ret,
                 struct rt_error *error)
{
    struct rt_keys keys = {.n_keys = 0};
    for (size_t i = 0, end; i < text.len; i = end) {
        for (end = i; end < text.len && !is_line_end(text.data[end]);)
            end++;
        size_t len = end - i;
        if (len == 0) {
            end++;
            continue;
        }
        if (keys.n_keys == RT_KEYS_MAX)
            return rt_error_set(error, RT_EINVAL, "more than %d keys", RT_KEYS_MAX);
        struct rt_bytes bytes = rt_bytes(rt_arena_copy(arena, text.data + i, len), len);
        int err = rt_key_init(bytes, &keys.keys[keys.n_keys++], error);
        if (err)
            return err;
    }
    if (keys.n_keys == 0)
        return rt_error_set(error, RT_EINVAL, "there is no key in it");
    *ret = keys;
    return 0;
}

int rt_keys_load(const char *path, struct rt_arena *arena, struct rt_keys *ret,
                 struct rt_error *error)
{
    struct rt_buf file = {0};
    struct rt_error why = {0, ""};
    int err = rt_secret_read(path, RT_KEY_FILE_MAX, &file, error);
    if (err)
        return err;
    err = parse(rt_buf_bytes(&file), arena, ret, &why);
    rt_secret_done(&file);
    return err ? rt_error_set(error, err, "%s: %s", path, why.message) : 0;
}
