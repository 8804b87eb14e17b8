#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "runtime/identity/token.h"

#define KEY    "0123456789abcdef0123456789abcdef"
#define NOW_MS INT64_C(1800000000000)

static struct rt_arena arena;

static struct rt_keys keys;
static const char *kid;

static struct rt_keys keys_of(const char *first, const char *second)
{
    struct rt_keys all = {.n_keys = second ? 2 : 1};
    cr_assert_eq(rt_key_init(rt_str_bytes(rt_str(first)), &all.keys[0], NULL), 0);
    if (second)
        cr_assert_eq(rt_key_init(rt_str_bytes(rt_str(second)), &all.keys[1], NULL), 0);
    return all;
}

static void setup(void)
{
    rt_arena_init(&arena, 0);
    keys = keys_of(KEY, NULL);
    kid = keys.keys[0].id;
}

static void teardown(void)
{
    rt_arena_done(&arena);
}

TestSuite(token, .init = setup, .fini = teardown);

static const struct rt_claims good = {
    .issuer = "auth",
    .audience = "shop",
    .subject = "user-1",
    .id = "session-1",
    .issued_at_ms = NOW_MS,
    .expires_at_ms = NOW_MS + INT64_C(3600) * 1000,
};

static char *base64url(const void *data, size_t len)
{
    char *out = rt_arena_alloc(&arena, rt_base64_len(len) + 1);
    rt_base64_encode(rt_bytes(data, len), true, out);
    return out;
}

/* A token made by hand, so that what libjwt refuses to sign can be tried too. */
static struct rt_str forge(const char *header, const char *payload, const char *key, bool sha512)
{
    const char *at = strchr(header, '@');
    if (at)
        header = rt_arena_printf(&arena, "%.*s%s%s", (int)(at - header), header, kid, at + 1);
    char *head = rt_arena_printf(&arena, "%s.%s", base64url(header, strlen(header)),
                                 base64url(payload, strlen(payload)));
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (key)
        HMAC(sha512 ? EVP_sha512() : EVP_sha256(), key, (int)strlen(key), (unsigned char *)head,
             strlen(head), mac, &len);
    return rt_str(rt_arena_printf(&arena, "%s.%s", head, base64url(mac, len)));
}

static int verify(struct rt_str token, int64_t now_ms)
{
    struct rt_claims claims;
    return rt_token_verify(&keys, token, "auth", "shop", now_ms, &arena, &claims, NULL);
}

Test(token, signed_token_verifies_and_gives_its_claims)
{
    struct rt_str token;
    cr_assert_eq(rt_token_sign(&keys, &good, &arena, &token, NULL), 0);
    struct rt_claims claims;
    cr_assert_eq(rt_token_verify(&keys, token, "auth", "shop", NOW_MS, &arena, &claims, NULL), 0);
    cr_assert_str_eq(claims.subject, "user-1");
    cr_assert_str_eq(claims.id, "session-1");
    cr_assert_eq(claims.issued_at_ms, good.issued_at_ms);
    cr_assert_eq(claims.expires_at_ms, good.expires_at_ms);
}

Test(token, times_are_checked_with_a_minute_of_skew)
{
    struct rt_str token;
    cr_assert_eq(rt_token_sign(&keys, &good, &arena, &token, NULL), 0);
    cr_assert_eq(verify(token, good.expires_at_ms + 59999), 0);
    cr_assert_eq(verify(token, good.expires_at_ms + 60000), RT_EDENIED);
    cr_assert_eq(verify(token, NOW_MS - 60000), 0);
    cr_assert_eq(verify(token, NOW_MS - 60001), RT_EDENIED);
}

Test(token, every_changed_byte_is_noticed)
{
    struct rt_str token;
    cr_assert_eq(rt_token_sign(&keys, &good, &arena, &token, NULL), 0);
    /* Also of the last one, though it carries bits that base64 drops. */
    for (size_t i = 0; i < token.len; i++) {
        char *changed = rt_arena_strndup(&arena, token.data, token.len);
        changed[i] = changed[i] == 'A' ? 'B' : (char)(changed[i] - 1);
        cr_assert_eq(verify(rt_str(changed), NOW_MS), RT_EDENIED, "byte %zu", i);
        cr_assert_eq(verify(rt_str_n(token.data, i), NOW_MS), RT_EDENIED, "cut at %zu", i);
    }
}

/* `@` stands for the id of our key. */
#define HS256   "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"@\"}"
#define TIMES   "\"iat\":1800000000,\"nbf\":1800000000,\"exp\":1800003600"
#define PAYLOAD "{\"iss\":\"auth\",\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"j\"," TIMES "}"
#define WHO     "{\"iss\":\"auth\",\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"j\","

struct vector {
    const char *what;
    const char *header;
    const char *payload;
    const char *key;
    bool sha512;
    int expected;
};

static const struct vector vectors[] = {
    {"as it should be", HS256, PAYLOAD, KEY, false, 0},
    {"members in another order", "{\"kid\":\"@\",\"typ\":\"JWT\",\"alg\":\"HS256\"}", PAYLOAD, KEY,
     false, 0},
    {"no typ", "{\"alg\":\"HS256\",\"kid\":\"@\"}", PAYLOAD, KEY, false, RT_EDENIED},
    {"other typ", "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"@\"}", PAYLOAD, KEY, false,
     RT_EDENIED},
    {"typ in lower case", "{\"alg\":\"HS256\",\"typ\":\"jwt\",\"kid\":\"@\"}", PAYLOAD, KEY, false,
     RT_EDENIED},
    {"alg in lower case", "{\"alg\":\"hs256\",\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD, KEY, false,
     RT_EDENIED},
    {"no kid", "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", PAYLOAD, KEY, false, RT_EDENIED},
    {"other kid", "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"0123456789abcdef\"}", PAYLOAD, KEY,
     false, RT_EDENIED},
    {"alg twice", "{\"alg\":\"none\",\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD,
     KEY, false, RT_EDENIED},
    {"a key in the header",
     "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"@\",\"jwk\":{\"kty\":\"oct\"}}", PAYLOAD, KEY,
     false, RT_EDENIED},
    {"sub twice", HS256,
     "{\"sub\":\"root\","
     "\"iss\":\"auth\",\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"j\"," TIMES "}",
     KEY, false, RT_EDENIED},
    {"aud as a list", HS256,
     "{\"iss\":\"auth\",\"aud\":[\"shop\"],\"sub\":\"u\",\"jti\":\"j\"," TIMES "}", KEY, false,
     RT_EDENIED},
    {"a claim more", HS256,
     "{\"admin\":true,\"iss\":\"auth\",\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"j\"," TIMES "}",
     KEY, false, RT_EDENIED},
    {"another key", HS256, PAYLOAD, "fedcba9876543210fedcba9876543210", false, RT_EDENIED},
    {"unsigned", "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD, NULL, false,
     RT_EDENIED},
    {"unsigned, with a signature", "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD, KEY,
     false, RT_EDENIED},
    {"no signature", HS256, PAYLOAD, NULL, false, RT_EDENIED},
    {"HS512", "{\"alg\":\"HS512\",\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD, KEY, true, RT_EDENIED},
    {"RS256", "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD, KEY, false, RT_EDENIED},
    {"no alg", "{\"typ\":\"JWT\",\"kid\":\"@\"}", PAYLOAD, KEY, false, RT_EDENIED},
    {"crit", "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"@\",\"crit\":[\"exp\"],\"exp\":1}",
     PAYLOAD, KEY, false, RT_EDENIED},
    {"crit, no list", "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"@\",\"crit\":\"b64\"}", PAYLOAD,
     KEY, false, RT_EDENIED},
    {"no exp", HS256, WHO "\"iat\":1800000000,\"nbf\":1800000000}", KEY, false, RT_EDENIED},
    {"no nbf", HS256, WHO "\"iat\":1800000000,\"exp\":1800003600}", KEY, false, RT_EDENIED},
    {"no iat", HS256, WHO "\"nbf\":1800000000,\"exp\":1800003600}", KEY, false, RT_EDENIED},
    {"exp as text", HS256, WHO "\"iat\":1800000000,\"nbf\":1800000000,\"exp\":\"1800003600\"}", KEY,
     false, RT_EDENIED},
    {"negative exp", HS256, WHO "\"iat\":1800000000,\"nbf\":1800000000,\"exp\":-1}", KEY, false,
     RT_EDENIED},
    {"iat ahead", HS256, WHO "\"iat\":1800000100,\"nbf\":1800000000,\"exp\":1800003600}", KEY,
     false, RT_EDENIED},
    {"no iss", HS256, "{\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"j\"," TIMES "}", KEY, false,
     RT_EDENIED},
    {"other iss", HS256,
     "{\"iss\":\"evil\",\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"j\"," TIMES "}", KEY, false,
     RT_EDENIED},
    {"other aud", HS256,
     "{\"iss\":\"auth\",\"aud\":\"blog\",\"sub\":\"u\",\"jti\":\"j\"," TIMES "}", KEY, false,
     RT_EDENIED},
    {"no sub", HS256, "{\"iss\":\"auth\",\"aud\":\"shop\",\"jti\":\"j\"," TIMES "}", KEY, false,
     RT_EDENIED},
    {"empty jti", HS256, "{\"iss\":\"auth\",\"aud\":\"shop\",\"sub\":\"u\",\"jti\":\"\"," TIMES "}",
     KEY, false, RT_EDENIED},
    {"no object", HS256, "[]", KEY, false, RT_EDENIED},
    {"no JSON", HS256, "?", KEY, false, RT_EDENIED},
};

Test(token, forged_and_malformed_tokens_are_refused)
{
    for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        const struct vector *v = &vectors[i];
        cr_assert_eq(verify(forge(v->header, v->payload, v->key, v->sha512), NOW_MS), v->expected,
                     "%s", v->what);
    }
    cr_assert_eq(verify(rt_str(""), NOW_MS), RT_EDENIED);
    cr_assert_eq(verify(rt_str("a.b"), NOW_MS), RT_EDENIED);
    char *big = rt_arena_zalloc(&arena, RT_TOKEN_MAX + 2);
    memset(big, 'a', RT_TOKEN_MAX + 1);
    cr_assert_eq(verify(rt_str(big), NOW_MS), RT_EDENIED);
}

Test(token, no_key_signs_and_verifies_nothing)
{
    const struct rt_keys none = {.n_keys = 0};
    struct rt_str token = forge(HS256, PAYLOAD, KEY, false);
    struct rt_claims claims;
    struct rt_str out;
    cr_assert_eq(rt_token_verify(&none, token, "auth", "shop", NOW_MS, &arena, &claims, NULL),
                 RT_EINVAL);
    cr_assert_eq(rt_token_sign(&none, &good, &arena, &out, NULL), RT_EINVAL);
}

Test(token, keys_are_rotated_two_at_a_time)
{
    const char *fresh = "fedcba9876543210fedcba9876543210";
    struct rt_str token, renewed;
    cr_assert_eq(rt_token_sign(&keys, &good, &arena, &token, NULL), 0);
    keys = keys_of(fresh, KEY);
    cr_assert_eq(verify(token, NOW_MS), 0, "the old key still verifies");
    cr_assert_eq(rt_token_sign(&keys, &good, &arena, &renewed, NULL), 0);
    keys = keys_of(fresh, NULL);
    cr_assert_eq(verify(renewed, NOW_MS), 0, "the new one signs");
    cr_assert_eq(verify(token, NOW_MS), RT_EDENIED, "and the old one is gone");
}
