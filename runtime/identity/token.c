#include "runtime/identity/token.h"

#include <errno.h>
#include <stdlib.h>

#include <jwt.h>

#include "runtime/wire/wire.h"

/* -------------------------------------------------- what a token is made of */

struct head {
    ProtobufCMessage base;
    const char *alg;
    const char *typ;
    const char *kid;
};

struct payload {
    ProtobufCMessage base;
    const char *iss;
    const char *aud;
    const char *sub;
    const char *jti;
    int64_t iat;
    int64_t nbf;
    int64_t exp;
};

static const struct rt_limits text_limits = {.min = 1, .max = 256};
/* Whole seconds of a time in ms. */
static const struct rt_limits time_limits = {.min = 1, .max = INT64_MAX / 1000};

#define TEXT(T, member)                                                                            \
    RT_FIELD(T, member, 0, #member, .kind = RT_STRING, .flags = RT_FIELD_RANGE,                    \
             .limits = &text_limits)
#define TIME(T, member)                                                                            \
    RT_FIELD(T, member, 0, #member, .kind = RT_I64, .flags = RT_FIELD_RANGE, .limits = &time_limits)

static const struct rt_field head_fields[] = {TEXT(head, alg), TEXT(head, typ), TEXT(head, kid)};
static const ProtobufCFieldDescriptor head_pb[] = {
    RT_PB_STRING(head, alg, 1), RT_PB_STRING(head, typ, 2), RT_PB_STRING(head, kid, 3)};
static const ProtobufCIntRange head_ranges[] = {{1, 0}, {0, 3}};
static const struct rt_message head_message = {
    .pb = RT_PB_DESCRIPTOR("rt.TokenHead", head, head_pb, 3, head_ranges, 1),
    .name = "TokenHead",
    .fields = head_fields,
    .n_fields = 3,
};

static const struct rt_field payload_fields[] = {
    TEXT(payload, iss), TEXT(payload, aud), TEXT(payload, sub), TEXT(payload, jti),
    TIME(payload, iat), TIME(payload, nbf), TIME(payload, exp),
};
static const ProtobufCFieldDescriptor payload_pb[] = {
    RT_PB_STRING(payload, iss, 1),        RT_PB_STRING(payload, aud, 2),
    RT_PB_STRING(payload, sub, 3),        RT_PB_STRING(payload, jti, 4),
    RT_PB_NUMBER(payload, iat, 5, INT64), RT_PB_NUMBER(payload, nbf, 6, INT64),
    RT_PB_NUMBER(payload, exp, 7, INT64),
};
static const ProtobufCIntRange payload_ranges[] = {{1, 0}, {0, 7}};
static const struct rt_message payload_message = {
    .pb = RT_PB_DESCRIPTOR("rt.TokenPayload", payload, payload_pb, 7, payload_ranges, 1),
    .name = "TokenPayload",
    .fields = payload_fields,
    .n_fields = 7,
};

/* ---------------------------------------------------------------- signature */

/* HMAC-SHA256 and the compact form are libjwt's. What it would let pass (other algorithms, members
 * twice, claims that are missing) is read and refused here, before and after it. */

static char *encode(const struct rt_key *key, const char *payload)
{
    jwt_t *jwt = NULL;
    if (jwt_new(&jwt) != 0)
        rt_panic("out of memory for a token");
    char *text = NULL;
    if (jwt_set_alg(jwt, JWT_ALG_HS256, key->bytes.data, (int)key->bytes.len) == 0 &&
        jwt_add_header(jwt, "kid", key->id) == 0 && jwt_add_grants_json(jwt, payload) == 0)
        text = jwt_encode_str(jwt);
    jwt_free(jwt);
    return text;
}

/* A key of NULL would verify nothing, and none of ours is. */
static bool is_signed(const struct rt_key *key, const char *token)
{
    RT_ASSERT(key->bytes.data && key->bytes.len > 0);
    jwt_t *jwt = NULL;
    bool fine = jwt_decode(&jwt, token, key->bytes.data, (int)key->bytes.len) == 0 &&
                jwt_get_alg(jwt) == JWT_ALG_HS256;
    jwt_free(jwt);
    return fine;
}

static bool is_text(const char *s)
{
    return s && *s && strlen(s) <= (size_t)text_limits.max;
}

int rt_token_sign(const struct rt_keys *keys, const struct rt_claims *claims,
                  struct rt_arena *arena, struct rt_str *ret, struct rt_error *error)
{
    if (keys->n_keys == 0)
        return rt_error_set(error, RT_EINVAL, "there is no key to sign with");
    if (!is_text(claims->issuer) || !is_text(claims->audience) || !is_text(claims->subject) ||
        !is_text(claims->id) || claims->issued_at_ms < 1000 ||
        claims->expires_at_ms <= claims->issued_at_ms)
        return rt_error_set(error, RT_EINVAL, "a token needs all of its claims");
    const struct payload payload = {
        .base = {.descriptor = &payload_message.pb},
        .iss = claims->issuer,
        .aud = claims->audience,
        .sub = claims->subject,
        .jti = claims->id,
        .iat = claims->issued_at_ms / 1000,
        .nbf = claims->issued_at_ms / 1000,
        .exp = claims->expires_at_ms / 1000,
    };
    struct rt_buf json = {0};
    rt_json_encode(&payload, &json);
    char *text = encode(&keys->keys[0], rt_buf_cstr(&json));
    rt_buf_done(&json);
    if (!text)
        return rt_error_set(error, RT_EINVAL, "the token cannot be signed: %s", strerror(errno));
    *ret = rt_str(rt_arena_strdup(arena, text));
    free(text);
    return 0;
}

/* ------------------------------------------------------------- verification */

static int denied(struct rt_error *error, const char *why)
{
    return rt_error_set(error, RT_EDENIED, "%s", why);
}

struct parts {
    struct rt_str head;
    struct rt_str payload;
};

static bool split(struct rt_str token, struct parts *ret)
{
    const char *first = token.len > 0 ? memchr(token.data, '.', token.len) : NULL;
    const char *last = first ? memrchr(token.data, '.', token.len) : NULL;
    if (!first || first == last)
        return false;
    size_t head_len = (size_t)(first - token.data);
    size_t signed_len = (size_t)(last - token.data);
    ret->head = rt_str_n(token.data, head_len);
    ret->payload = rt_str_n(first + 1, signed_len - head_len - 1);
    return true; /* a third dot would be in the payload, which is no base64 then */
}

/* A part as its message, or NULL. */
static void *decode(struct rt_str part, const struct rt_message *type, struct rt_arena *arena)
{
    uint8_t *json = rt_arena_alloc(arena, part.len);
    size_t len;
    void *message;
    struct rt_violations violations;
    rt_violations_init(&violations, arena);
    if (part.len == 0 || !rt_base64_decode(part, json, &len) ||
        rt_json_decode(type, rt_bytes(json, len), arena, &message, &violations) != 0)
        return NULL;
    return message;
}

static const struct rt_key *key_named(const struct rt_keys *keys, const char *id)
{
    for (size_t i = 0; i < keys->n_keys; i++) {
        if (strcmp(keys->keys[i].id, id) == 0)
            return &keys->keys[i];
    }
    return NULL;
}

static int check_signature(const struct rt_keys *keys, struct rt_str token,
                           const struct parts *parts, struct rt_arena *arena,
                           struct rt_error *error)
{
    const struct head *head = decode(parts->head, &head_message, arena);
    if (!head || strcmp(head->alg, "HS256") != 0 || strcmp(head->typ, "JWT") != 0)
        return denied(error, "the header is not ours");
    const struct rt_key *key = key_named(keys, head->kid);
    if (!key)
        return denied(error, "an unknown key");
    if (!is_signed(key, rt_arena_strndup(arena, token.data, token.len)))
        return denied(error, "the signature differs");
    return 0;
}

static int check_payload(const struct payload *payload, const char *issuer, const char *audience,
                         int64_t now_ms, struct rt_error *error)
{
    if (!payload)
        return denied(error, "the claims are not ours");
    if (now_ms - RT_TOKEN_SKEW_MS >= payload->exp * 1000)
        return denied(error, "expired");
    if (now_ms + RT_TOKEN_SKEW_MS < payload->nbf * 1000 ||
        now_ms + RT_TOKEN_SKEW_MS < payload->iat * 1000)
        return denied(error, "not valid yet");
    if (strcmp(payload->iss, issuer) != 0)
        return denied(error, "another issuer");
    if (strcmp(payload->aud, audience) != 0)
        return denied(error, "another audience");
    return 0;
}

int rt_token_verify(const struct rt_keys *keys, struct rt_str token, const char *issuer,
                    const char *audience, int64_t now_ms, struct rt_arena *arena,
                    struct rt_claims *ret, struct rt_error *error)
{
    if (keys->n_keys == 0)
        return rt_error_set(error, RT_EINVAL, "there is no key to verify with");
    if (!is_text(issuer) || !is_text(audience))
        return rt_error_set(error, RT_EINVAL, "no issuer or audience to check against");
    struct parts parts;
    if (token.len > RT_TOKEN_MAX || !split(token, &parts))
        return denied(error, "not a token");
    int err = check_signature(keys, token, &parts, arena, error);
    if (err)
        return err;
    const struct payload *payload = decode(parts.payload, &payload_message, arena);
    err = check_payload(payload, issuer, audience, now_ms, error);
    if (err)
        return err;
    *ret = (struct rt_claims){
        .issuer = payload->iss,
        .audience = payload->aud,
        .subject = payload->sub,
        .id = payload->jti,
        .issued_at_ms = payload->iat * 1000,
        .expires_at_ms = payload->exp * 1000,
    };
    return 0;
}
