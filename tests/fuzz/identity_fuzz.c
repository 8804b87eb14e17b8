/*
 * Feeds what a client says of itself to its readers: the first byte of the input chooses between a
 * Cookie header, a token and X-Forwarded-For. None of them may take what nobody signed.
 */
#include "runtime/base/error.h"
#include "runtime/http/address.h"
#include "runtime/identity/cookie.h"
#include "runtime/identity/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char key_bytes[] = "0123456789abcdef0123456789abcdef";

static void take_token(struct rt_str token, struct rt_arena *arena)
{
    struct rt_keys keys = {.n_keys = 1};
    struct rt_claims claims;
    RT_ASSERT(rt_key_init(rt_bytes(key_bytes, sizeof key_bytes - 1), &keys.keys[0], NULL) == 0);
    RT_ASSERT(rt_token_verify(&keys, token, "auth", "shop", INT64_C(1800000000000), arena, &claims,
                              NULL) == RT_EDENIED);
}

static void take_cookie(struct rt_str header, struct rt_arena *arena)
{
    struct rt_str value = rt_str_n(NULL, 0);
    size_t n_found = rt_cookie_find(header, RT_COOKIE_PLAIN, &value);
    RT_ASSERT(n_found <= header.len / 8 + 1);
    RT_ASSERT(value.len < header.len || header.len == 0);
    struct rt_str token = rt_cookie_token(value, arena);
    if (token.len > 0)
        take_token(token, arena);
    rt_bearer_token(header);
}

/* What reads as an address is written so that it reads as the same one. */
static void take_forwarded(struct rt_str list)
{
    const struct rt_header header = {RT_STR("X-Forwarded-For"), list};
    struct rt_address client;
    struct rt_address again;
    for (unsigned hops = 0; hops < 4; hops++) {
        rt_address_client(RT_STR("127.0.0.1"), &header, 1, hops, &client);
        RT_ASSERT(rt_address_parse(rt_str(client.text), &again));
        RT_ASSERT(rt_str_eq(rt_str(client.text), rt_str(again.text)));
        RT_ASSERT(rt_str_eq(rt_str(client.group), rt_str(again.group)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_arena arena;
    if (size == 0)
        return 0;
    struct rt_str input = rt_str_n((const char *)data + 1, size - 1);
    rt_arena_init(&arena, 0);
    switch (data[0] % 3) {
    case 0:
        take_cookie(input, &arena);
        break;
    case 1:
        take_token(input, &arena);
        break;
    default:
        take_forwarded(input);
        break;
    }
    rt_arena_done(&arena);
    return 0;
}
