#include "runtime/identity/cookie.h"

#include <inttypes.h>

#include "runtime/identity/token.h"
#include "runtime/wire/wire.h"

/* What the cookie's value is, in the compiler's own terms: message Session { jwt string }. */
struct cookie {
    ProtobufCMessage base;
    const char *jwt;
};

static const struct rt_limits jwt_limits = {.min = 1, .max = RT_TOKEN_MAX};

static const struct rt_field cookie_fields[] = {
    {.name = "jwt",
     .json = "jwt",
     .number = 1,
     .kind = RT_STRING,
     .shape = RT_ONE,
     .flags = RT_FIELD_HAS_MIN | RT_FIELD_HAS_MAX,
     .offset = offsetof(struct cookie, jwt),
     .limits = &jwt_limits},
};
static const ProtobufCFieldDescriptor cookie_pb[] = {RT_PB_STRING(cookie, jwt, 1)};
static const ProtobufCIntRange cookie_ranges[] = {{1, 0}, {0, 1}};
static const struct rt_message cookie_message = {
    .pb = RT_PB_DESCRIPTOR("rt.Cookie", cookie, cookie_pb, 1, cookie_ranges, 1),
    .name = "Cookie",
    .fields = cookie_fields,
    .n_fields = 1,
};

/* Of the pairs of a Cookie header (RFC 6265 section 4.2.1) the first with our name. */
static struct rt_str cookie_value(struct rt_str header)
{
    static const struct rt_str name = {RT_COOKIE_NAME "=", sizeof(RT_COOKIE_NAME "=") - 1};
    while (header.len > 0) {
        const char *semicolon = memchr(header.data, ';', header.len);
        size_t len = semicolon ? (size_t)(semicolon - header.data) : header.len;
        struct rt_str pair = rt_str_trim(rt_str_n(header.data, len));
        if (rt_str_starts(pair, name)) {
            struct rt_str value = rt_str_n(pair.data + name.len, pair.len - name.len);
            if (value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"')
                value = rt_str_n(value.data + 1, value.len - 2);
            return value;
        }
        size_t skip = semicolon ? len + 1 : len;
        header = rt_str_n(header.data + skip, header.len - skip);
    }
    return rt_str_n(NULL, 0);
}

struct rt_str rt_cookie_token(struct rt_str header, struct rt_arena *arena, bool *ret_present)
{
    struct rt_str value = cookie_value(header);
    *ret_present = value.len > 0;
    if (value.len == 0 || value.len > 2 * RT_TOKEN_MAX)
        return rt_str_n(NULL, 0);
    uint8_t *json = rt_arena_alloc(arena, value.len);
    size_t json_len;
    if (!rt_base64_decode(value, json, &json_len))
        return rt_str_n(NULL, 0);
    struct rt_violations *violations = RT_ARENA_NEW(arena, struct rt_violations);
    rt_violations_init(violations, arena);
    void *message;
    if (rt_json_decode(&cookie_message, rt_bytes(json, json_len), arena, &message, violations) != 0)
        return rt_str_n(NULL, 0);
    return rt_str(((const struct cookie *)message)->jwt);
}

struct rt_str rt_bearer_token(struct rt_str header)
{
    static const struct rt_str scheme = {"Bearer ", 7};
    if (header.len <= scheme.len || !rt_str_eq_nocase(rt_str_n(header.data, scheme.len), scheme))
        return rt_str_n(NULL, 0);
    return rt_str_trim(rt_str_n(header.data + scheme.len, header.len - scheme.len));
}

static struct rt_str set_cookie(const char *value, int64_t max_age_s, bool secure,
                                struct rt_arena *arena)
{
    return rt_str(rt_arena_printf(
        arena, RT_COOKIE_NAME "=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", value,
        max_age_s, secure ? "; Secure" : ""));
}

struct rt_str rt_cookie_set(struct rt_str token, int64_t lifetime_ms, bool secure,
                            struct rt_arena *arena)
{
    /* A token is base64url and dots: nothing in it needs escaping. */
    char *json = rt_arena_printf(arena, "{\"jwt\":\"%.*s\"}", (int)token.len, token.data);
    size_t len = strlen(json);
    char *value = rt_arena_alloc(arena, rt_base64_len(len) + 1);
    rt_base64_encode(rt_bytes(json, len), false, value);
    return set_cookie(value, lifetime_ms / 1000, secure, arena);
}

struct rt_str rt_cookie_clear(bool secure, struct rt_arena *arena)
{
    return set_cookie("", 0, secure, arena);
}
