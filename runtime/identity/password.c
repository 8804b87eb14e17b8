#include "runtime/identity/password.h"

#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "runtime/base/error.h"
#include "runtime/base/uuid.h"

enum { SALT_LEN = 16, HASH_LEN = 32, HASH_LEN_MAX = 64, SALT_LEN_MAX = 64 };

/* Bounds on what a stored text may ask for: 256 MiB, and four times the work of ours. */
enum { LN_MAX = 18, R_MAX = 16, P_MAX = 16 };
#define MEMORY_MAX ((uint64_t)256 << 20)

struct cost {
    unsigned ln; /* N = 2^ln */
    unsigned r;
    unsigned p;
};

static const struct cost current = {.ln = 15, .r = 8, .p = 3};

struct stored {
    struct cost cost;
    uint8_t salt[SALT_LEN_MAX];
    size_t salt_len;
    uint8_t hash[HASH_LEN_MAX];
    size_t hash_len;
};

/* RFC 7914 section 2: the big block takes 128 * r * N bytes, the p small ones 128 * r each. */
static uint64_t memory_of(struct cost cost)
{
    return (uint64_t)128 * cost.r * ((UINT64_C(1) << cost.ln) + cost.p + 2);
}

static bool derive(struct cost cost, const char *password, struct rt_bytes salt, uint8_t *out,
                   size_t len)
{
    int ok = EVP_PBE_scrypt(password, strlen(password), salt.data, salt.len, UINT64_C(1) << cost.ln,
                            cost.r, cost.p, memory_of(cost) + 65536, out, len);
    if (ok != 1)
        ERR_clear_error();
    return ok == 1;
}

/* Without the padding, as the PHC string format has it. */
static size_t encode(const uint8_t *in, size_t len, char *out)
{
    size_t n = rt_base64_encode(rt_bytes(in, len), false, out);
    while (n > 0 && out[n - 1] == '=')
        n--;
    out[n] = '\0';
    return n;
}

static bool decode(struct rt_str in, uint8_t *out, size_t max, size_t *ret_len)
{
    uint8_t bytes[2 * HASH_LEN_MAX];
    size_t len;
    if (in.len > sizeof(bytes) || !rt_base64_decode(in, bytes, &len) || len == 0 || len > max)
        return false;
    memcpy(out, bytes, len);
    *ret_len = len;
    return true;
}

/* hash = "$scrypt$ln=" number ",r=" number ",p=" number "$" base64 "$" base64 */
static bool parse(const char *text, struct stored *ret)
{
    struct stored s = {.salt_len = 0};
    int end = 0;
    if (sscanf(text, "$scrypt$ln=%2u,r=%2u,p=%2u$%n", &s.cost.ln, &s.cost.r, &s.cost.p, &end) < 3 ||
        end == 0)
        return false;
    if (s.cost.ln < 1 || s.cost.ln > LN_MAX || s.cost.r < 1 || s.cost.r > R_MAX || s.cost.p < 1 ||
        s.cost.p > P_MAX || memory_of(s.cost) > MEMORY_MAX)
        return false;
    const char *salt = text + end;
    const char *dollar = strchr(salt, '$');
    if (!dollar ||
        !decode(rt_str_n(salt, (size_t)(dollar - salt)), s.salt, sizeof(s.salt), &s.salt_len) ||
        !decode(rt_str(dollar + 1), s.hash, sizeof(s.hash), &s.hash_len))
        return false;
    *ret = s;
    return true;
}

char *rt_password_hash(struct rt_arena *arena, const char *password)
{
    uint8_t salt[SALT_LEN], hash[HASH_LEN];
    rt_random(salt, sizeof(salt));
    if (!derive(current, password, rt_bytes(salt, sizeof(salt)), hash, sizeof(hash)))
        rt_panic("scrypt: out of memory");
    char salt_text[2 * SALT_LEN], hash_text[2 * HASH_LEN];
    encode(salt, sizeof(salt), salt_text);
    encode(hash, sizeof(hash), hash_text);
    OPENSSL_cleanse(hash, sizeof(hash));
    return rt_arena_printf(arena, "$scrypt$ln=%u,r=%u,p=%u$%s$%s", current.ln, current.r, current.p,
                           salt_text, hash_text);
}

enum rt_password_match rt_password_verify(const char *password, const char *hash)
{
    struct stored stored = {.cost = current, .salt_len = SALT_LEN, .hash_len = HASH_LEN};
    bool known = hash && parse(hash, &stored);
    uint8_t derived[HASH_LEN_MAX];
    if (!derive(stored.cost, password, rt_bytes(stored.salt, stored.salt_len), derived,
                stored.hash_len))
        rt_panic("scrypt: out of memory");
    bool equal = CRYPTO_memcmp(derived, stored.hash, stored.hash_len) == 0;
    OPENSSL_cleanse(derived, sizeof(derived));
    if (!known || !equal)
        return RT_PASSWORD_WRONG;
    struct cost c = stored.cost;
    bool weak = c.ln < current.ln || c.r < current.r || c.p < current.p ||
                stored.salt_len < SALT_LEN || stored.hash_len < HASH_LEN;
    return weak ? RT_PASSWORD_STALE : RT_PASSWORD_RIGHT;
}
