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

static struct rt_str name_of(enum rt_cookie_kind kind)
{
    return kind == RT_COOKIE_HOST ? RT_STR("__Host-session") : RT_STR("session");
}

static struct rt_str without_quotes(struct rt_str value)
{
    if (value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"')
        return rt_str_n(value.data + 1, value.len - 2);
    return value;
}

/* cookie-string = cookie-pair *( ";" SP cookie-pair ) (RFC 6265 section 4.2.1) */
size_t rt_cookie_find(struct rt_str header, enum rt_cookie_kind kind, struct rt_str *ret_value)
{
    struct rt_str name = name_of(kind);
    size_t n_found = 0;
    while (header.len > 0) {
        const char *semicolon = memchr(header.data, ';', header.len);
        size_t len = semicolon ? (size_t)(semicolon - header.data) : header.len;
        struct rt_str pair = rt_str_trim(rt_str_n(header.data, len));
        if (pair.len > name.len && pair.data[name.len] == '=' && rt_str_starts(pair, name)) {
            *ret_value =
                without_quotes(rt_str_n(pair.data + name.len + 1, pair.len - name.len - 1));
            n_found++;
        }
        size_t skip = semicolon ? len + 1 : len;
        header = rt_str_n(header.data + skip, header.len - skip);
    }
    return n_found;
}

struct rt_str rt_cookie_token(struct rt_str value, struct rt_arena *arena)
{
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

static struct rt_str set_cookie(const char *value, int64_t max_age_s, enum rt_cookie_kind kind,
                                struct rt_arena *arena)
{
    return rt_str(rt_arena_printf(
        arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", name_of(kind).data,
        value, max_age_s, kind == RT_COOKIE_HOST ? "; Secure" : ""));
}

struct rt_str rt_cookie_set(struct rt_str token, int64_t lifetime_ms, enum rt_cookie_kind kind,
                            struct rt_arena *arena)
{
    /* A token is base64url and dots: nothing in it needs escaping. */
    char *json = rt_arena_printf(arena, "{\"jwt\":\"%.*s\"}", (int)token.len, token.data);
    size_t len = strlen(json);
    char *value = rt_arena_alloc(arena, rt_base64_len(len) + 1);
    rt_base64_encode(rt_bytes(json, len), false, value);
    return set_cookie(value, lifetime_ms / 1000, kind, arena);
}

struct rt_str rt_cookie_clear(enum rt_cookie_kind kind, struct rt_arena *arena)
{
    return set_cookie("", 0, kind, arena);
}
