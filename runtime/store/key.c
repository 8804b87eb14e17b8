#include "runtime/store/key.h"

#include <bsd/sys/endian.h>

#include "runtime/base/error.h"

enum { ABSENT = 0x00, PRESENT = 0x01, ESCAPE = 0x00, ESCAPED_ZERO = 0xFF, TEXT_END = 0x01 };

#define SIGN_BIT (UINT64_C(1) << 63)

void rt_u64_put(uint8_t out[8], uint64_t value)
{
    be64enc(out, value);
}

uint64_t rt_u64_get(const uint8_t in[8])
{
    return be64dec(in);
}

int64_t rt_key_i64_get(const uint8_t in[8])
{
    return (int64_t)(be64dec(in) ^ SIGN_BIT);
}

uint16_t rt_key_number(struct rt_bytes key)
{
    return be16dec(key.data + 1);
}

int rt_key_class_of(const struct rt_field *field)
{
    if (field->shape != RT_ONE && field->shape != RT_OPTIONAL)
        return RT_EUNSUPPORTED;
    switch ((enum rt_kind)field->kind) {
    case RT_U64:
        return RT_KEY_U64;
    case RT_F64:
        return RT_KEY_F64;
    case RT_STRING:
    case RT_BYTES:
    case RT_ID:
    case RT_REF:
    case RT_PASSWORD:
        return RT_KEY_TEXT;
    case RT_MESSAGE:
        return field->flags & RT_FIELD_EMBED ? RT_KEY_TEXT : RT_EUNSUPPORTED;
    default:
        return RT_KEY_I64;
    }
}

static uint8_t *put_bytes(uint8_t *out, const void *data, size_t len)
{
    if (len > 0)
        memcpy(out, data, len);
    return out + len;
}

static uint8_t *put_head(uint8_t *out, enum rt_key_space space, uint16_t number)
{
    out[0] = (uint8_t)space;
    be16enc(out + 1, number);
    return out + RT_KEY_HEAD_LEN;
}

static uint64_t f64_bits(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits & SIGN_BIT ? ~bits : bits ^ SIGN_BIT;
}

static size_t value_len_max(enum rt_key_class class, const struct rt_value *value)
{
    return class == RT_KEY_TEXT ? 1 + 2 * value->s.len + 2 : 1 + 8;
}

static uint8_t *put_text(uint8_t *out, struct rt_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        *out++ = (uint8_t)text.data[i];
        if (text.data[i] == ESCAPE)
            *out++ = ESCAPED_ZERO;
    }
    *out++ = ESCAPE;
    *out++ = TEXT_END;
    return out;
}

static uint8_t *put_value(uint8_t *out, enum rt_key_class class, const struct rt_value *value)
{
    if (!value->present) {
        *out++ = ABSENT;
        return out;
    }
    *out++ = PRESENT;
    switch (class) {
    case RT_KEY_TEXT:
        return put_text(out, value->s);
    case RT_KEY_F64:
        be64enc(out, f64_bits(value->f));
        break;
    case RT_KEY_U64:
        be64enc(out, value->u);
        break;
    case RT_KEY_I64:
        be64enc(out, (uint64_t)value->i ^ SIGN_BIT);
        break;
    }
    return out + 8;
}

struct rt_bytes rt_key_meta(struct rt_arena *arena, struct rt_str name)
{
    uint8_t *key = rt_arena_alloc(arena, 1 + name.len);
    key[0] = RT_SPACE_META;
    put_bytes(key + 1, name.data, name.len);
    return rt_bytes(key, 1 + name.len);
}

struct rt_bytes rt_key_record(struct rt_arena *arena, uint16_t model, struct rt_str id)
{
    uint8_t *key = rt_arena_alloc(arena, RT_KEY_HEAD_LEN + id.len);
    put_bytes(put_head(key, RT_SPACE_RECORD, model), id.data, id.len);
    return rt_bytes(key, RT_KEY_HEAD_LEN + id.len);
}

struct rt_bytes rt_key_sequence(struct rt_arena *arena, enum rt_key_space space, uint64_t sequence)
{
    uint8_t *key = rt_arena_alloc(arena, 1 + 8);
    key[0] = (uint8_t)space;
    rt_u64_put(key + 1, sequence);
    return rt_bytes(key, 1 + 8);
}

struct rt_bytes rt_key_kv(struct rt_arena *arena, char space, struct rt_bytes key)
{
    uint8_t *out = rt_arena_alloc(arena, 2 + key.len);
    out[0] = RT_SPACE_KV;
    out[1] = (uint8_t)space;
    put_bytes(out + 2, key.data, key.len);
    return rt_bytes(out, 2 + key.len);
}

struct rt_bytes rt_key_index(struct rt_arena *arena, enum rt_key_space space, uint16_t index,
                             const uint8_t *classes, const struct rt_value *values, size_t n,
                             struct rt_str id)
{
    size_t len_max = RT_KEY_HEAD_LEN + id.len;
    for (size_t i = 0; i < n; i++)
        len_max += value_len_max(classes[i], &values[i]);
    uint8_t *key = rt_arena_alloc(arena, len_max);
    uint8_t *end = put_head(key, space, index);
    for (size_t i = 0; i < n; i++)
        end = put_value(end, classes[i], &values[i]);
    end = put_bytes(end, id.data, id.len);
    return rt_bytes(key, (size_t)(end - key));
}

struct rt_bytes rt_key_after(struct rt_arena *arena, struct rt_bytes prefix)
{
    size_t len = prefix.len;
    while (len > 0 && prefix.data[len - 1] == 0xFF)
        len--;
    RT_ASSERT(len > 0);
    uint8_t *key = rt_arena_copy(arena, prefix.data, len);
    key[len - 1]++;
    return rt_bytes(key, len);
}

static bool skip_text(struct rt_bytes *rest)
{
    for (size_t i = 0; i + 1 < rest->len; i++) {
        if (rest->data[i] != ESCAPE)
            continue;
        i++;
        if (rest->data[i] == TEXT_END) {
            *rest = rt_bytes(rest->data + i + 1, rest->len - i - 1);
            return true;
        }
        if (rest->data[i] != ESCAPED_ZERO)
            return false;
    }
    return false;
}

bool rt_key_skip(enum rt_key_class class, struct rt_bytes *rest)
{
    if (rest->len == 0 || rest->data[0] > PRESENT)
        return false;
    struct rt_bytes tail = rt_bytes(rest->data + 1, rest->len - 1);
    if (rest->data[0] == PRESENT) {
        if (class == RT_KEY_TEXT) {
            if (!skip_text(&tail))
                return false;
        } else {
            if (tail.len < 8)
                return false;
            tail = rt_bytes(tail.data + 8, tail.len - 8);
        }
    }
    *rest = tail;
    return true;
}
