/*
 * Slices: borrowed, counted bytes. A struct rt_str is text (need not end in NUL), a struct
 * rt_bytes is anything. Both borrow: the maker of a slice says how long it lives.
 */
#ifndef RT_BASE_STR_H
#define RT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rt_str {
    const char *data;
    size_t len;
};

struct rt_bytes {
    const uint8_t *data;
    size_t len;
};

/* A slice of a string literal. */
#define RT_STR(literal) ((struct rt_str){("" literal ""), sizeof(literal) - 1})

static inline struct rt_str rt_str(const char *text)
{
    struct rt_str value = {text, text ? strlen(text) : 0};
    return value;
}

static inline struct rt_str rt_str_n(const char *data, size_t len)
{
    struct rt_str value = {data, len};
    return value;
}

static inline struct rt_bytes rt_bytes(const void *data, size_t len)
{
    struct rt_bytes value = {(const uint8_t *)data, len};
    return value;
}

static inline struct rt_bytes rt_str_bytes(struct rt_str s)
{
    struct rt_bytes value = {(const uint8_t *)s.data, s.len};
    return value;
}

static inline bool rt_str_eq(struct rt_str a, struct rt_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool rt_bytes_eq(struct rt_bytes a, struct rt_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ASCII case-insensitive, as HTTP header names want it. */
bool rt_str_eq_nocase(struct rt_str a, struct rt_str b);
/* Bytewise order, a prefix first: <0, 0, >0. */
int rt_bytes_cmp(struct rt_bytes a, struct rt_bytes b);
/* Without ASCII white space (space, tab, CR, LF) at both ends. */
struct rt_str rt_str_trim(struct rt_str s);
bool rt_str_starts(struct rt_str s, struct rt_str prefix);
bool rt_str_ends(struct rt_str s, struct rt_str suffix);

/* Decimal, no sign for u64, no white space, no overflow; false leaves `ret` untouched. */
bool rt_str_to_u64(struct rt_str s, uint64_t *ret);
bool rt_str_to_i64(struct rt_str s, int64_t *ret);

/* True when `s` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool rt_utf8_valid(struct rt_str s);
/* Code points in well-formed UTF-8. */
size_t rt_utf8_count(struct rt_str s);

/* 64-bit hash for tables in memory and checksums on disk (XXH3, seeded). */
uint64_t rt_hash(struct rt_bytes b, uint64_t seed);

/* Base64 (RFC 4648): standard alphabet with padding, or url-safe without. `out` needs
 * rt_base64_len(len) + 1 bytes; returns the length written, NUL excluded. */
size_t rt_base64_len(size_t len);
size_t rt_base64_encode(struct rt_bytes in, bool url, char *out);
/* Accepts both alphabets, padding optional, nothing else. `out` needs in.len bytes. */
bool rt_base64_decode(struct rt_str in, uint8_t *out, size_t *ret_len);

#ifdef __cplusplus
}
#endif

#endif
