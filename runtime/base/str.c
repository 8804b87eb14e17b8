#include "runtime/base/str.h"

#include <xxhash.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool rt_str_eq_nocase(struct rt_str a, struct rt_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

int rt_bytes_cmp(struct rt_bytes a, struct rt_bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct rt_str rt_str_trim(struct rt_str s)
{
    while (s.len > 0 && is_space(s.data[0])) {
        s.data++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

bool rt_str_starts(struct rt_str s, struct rt_str prefix)
{
    return s.len >= prefix.len && rt_str_eq(rt_str_n(s.data, prefix.len), prefix);
}

bool rt_str_ends(struct rt_str s, struct rt_str suffix)
{
    return s.len >= suffix.len &&
           rt_str_eq(rt_str_n(s.data + (s.len - suffix.len), suffix.len), suffix);
}

bool rt_str_to_u64(struct rt_str s, uint64_t *ret)
{
    uint64_t value = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(s.data[i] - '0'), &value))
            return false;
    }
    *ret = value;
    return true;
}

bool rt_str_to_i64(struct rt_str s, int64_t *ret)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    uint64_t value = 0;
    if (negative) {
        s.data++;
        s.len--;
    }
    if (!rt_str_to_u64(s, &value) || value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *ret = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* The length of the well-formed sequence at `p`, or 0; RFC 3629 section 4. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < len)
        return 0;
    unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

bool rt_utf8_valid(struct rt_str s)
{
    const unsigned char *p = (const unsigned char *)s.data;
    for (size_t i = 0; i < s.len;) {
        uint64_t word = 0;
        if (s.len - i >= sizeof word) {
            memcpy(&word, p + i, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof word; /* eight times ASCII */
                continue;
            }
        }
        size_t len = utf8_sequence(p + i, s.len - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

size_t rt_utf8_count(struct rt_str s)
{
    size_t count = s.len;
    size_t i = 0;
    /* Less the bytes 10xxxxxx, eight at a time. */
    for (uint64_t word = 0; s.len - i >= sizeof word; i += sizeof word) {
        memcpy(&word, s.data + i, sizeof word);
        uint64_t inner = word >> 7 & ~(word >> 6) & UINT64_C(0x0101010101010101);
        count -= (size_t)__builtin_popcountll(inner);
    }
    for (; i < s.len; i++)
        count -= ((unsigned char)s.data[i] & 0xC0) == 0x80;
    return count;
}

uint64_t rt_hash(struct rt_bytes b, uint64_t seed)
{
    return XXH3_64bits_withSeed(b.data, b.len, seed);
}

size_t rt_base64_len(size_t len)
{
    return (len + 2) / 3 * 4;
}

size_t rt_base64_encode(struct rt_bytes in, bool url, char *out)
{
    static const char standard[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *alphabet = url ? safe : standard;
    char *p = out;
    for (size_t i = 0; i < in.len; i += 3) {
        size_t left = in.len - i < 3 ? in.len - i : 3;
        uint32_t bits = (uint32_t)in.data[i] << 16;
        bits |= left > 1 ? (uint32_t)in.data[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)in.data[i + 2] : 0;
        for (size_t k = 0; k < 4; k++) {
            if (k <= left)
                *p++ = alphabet[bits >> (18 - 6 * k) & 63];
            else if (!url)
                *p++ = '=';
        }
    }
    *p = '\0';
    return (size_t)(p - out);
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool rt_base64_decode(struct rt_str in, uint8_t *out, size_t *ret_len)
{
    size_t padding = 0;
    while (in.len > 0 && padding < 2 && in.data[in.len - 1] == '=') {
        in.len--;
        padding++;
    }
    if (in.len % 4 == 1 || (padding > 0 && (in.len + padding) % 4 != 0))
        return false;
    uint32_t bits = 0;
    unsigned count = 0;
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++) {
        int digit = base64_digit(in.data[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[len++] = (uint8_t)(bits >> count);
        }
    }
    if ((bits & ((1u << count) - 1)) != 0)
        return false;
    *ret_len = len;
    return true;
}
