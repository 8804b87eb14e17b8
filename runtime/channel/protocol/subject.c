#include "runtime/channel/protocol/subject.h"

#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/channel/protocol/limits.h"

static bool is_separator(char c)
{
    return c == '.' || c == ':';
}

/* The token that starts at `at`. */
static struct rt_str token_at(struct rt_str s, size_t at)
{
    size_t end = at;
    while (end < s.len && !is_separator(s.data[end]))
        end++;
    return rt_str_n(s.data + at, end - at);
}

static bool token_plain(struct rt_str token)
{
    for (size_t i = 0; i < token.len; i++) {
        unsigned char c = (unsigned char)token.data[i];
        if (c <= ' ' || c == 0x7f || c == '*' || c == '>')
            return false;
    }
    return token.len > 0;
}

static bool tokens_valid(struct rt_str s, bool wildcards)
{
    if (s.len == 0 || s.len > RT_SUBJECT_MAX || !rt_utf8_valid(s))
        return false;
    for (size_t at = 0;;) {
        struct rt_str token = token_at(s, at);
        at += token.len;
        bool last = at == s.len;
        bool wild =
            wildcards && (rt_str_eq(token, RT_STR("*")) || (last && rt_str_eq(token, RT_STR(">"))));
        if (!wild && !token_plain(token))
            return false;
        if (last)
            return true;
        at++; /* the separator; a token must follow */
    }
}

bool rt_subject_valid(struct rt_str subject)
{
    return tokens_valid(subject, false);
}

bool rt_filter_valid(struct rt_str filter)
{
    return tokens_valid(filter, true);
}

bool rt_filter_match(struct rt_str filter, struct rt_str subject)
{
    if (subject.data[0] == '$' && filter.data[0] != '$')
        return false;
    size_t f = 0, s = 0;
    for (;;) {
        struct rt_str want = token_at(filter, f);
        struct rt_str token = token_at(subject, s);
        if (rt_str_eq(want, RT_STR(">")))
            return true;
        if (!rt_str_eq(want, RT_STR("*")) && !rt_str_eq(want, token))
            return false;
        f += want.len;
        s += token.len;
        if (f == filter.len || s == subject.len)
            return f == filter.len && s == subject.len;
        f++;
        s++;
    }
}

bool rt_filter_covers(struct rt_str permission, struct rt_str filter)
{
    bool rest = filter.data[filter.len - 1] == '>';
    if (rest && permission.data[permission.len - 1] != '>')
        return false;
    return rt_filter_match(permission, filter);
}

bool rt_filter_overlaps(struct rt_str a, struct rt_str b)
{
    if ((a.data[0] == '$') != (b.data[0] == '$'))
        return false;
    size_t at = 0, bt = 0;
    for (;;) {
        struct rt_str x = token_at(a, at), y = token_at(b, bt);
        if (rt_str_eq(x, RT_STR(">")) || rt_str_eq(y, RT_STR(">")))
            return true;
        if (!rt_str_eq(x, RT_STR("*")) && !rt_str_eq(y, RT_STR("*")) && !rt_str_eq(x, y))
            return false;
        at += x.len;
        bt += y.len;
        if (at == a.len || bt == b.len)
            return at == a.len && bt == b.len;
        at++;
        bt++;
    }
}

bool rt_name_valid(struct rt_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || is_separator(c);
        if (!ok)
            return false;
    }
    return name.len > 0 && name.len <= RT_NAME_MAX;
}

void rt_match_init(struct rt_match *match, const struct rt_str *filters, size_t count)
{
    memset(match, 0, sizeof *match);
    size_t bytes = count * sizeof(struct rt_str);
    for (size_t i = 0; i < count; i++)
        bytes += filters[i].len;
    char *memory = rt_alloc(bytes + 1);
    match->filters = (struct rt_str *)(void *)memory;
    match->count = count;
    char *text = memory + count * sizeof(struct rt_str);
    for (size_t i = 0; i < count; i++) {
        memcpy(text, filters[i].data, filters[i].len);
        match->filters[i] = rt_str_n(text, filters[i].len);
        text += filters[i].len;
    }
}

void rt_match_done(struct rt_match *match)
{
    free(match->filters);
    memset(match, 0, sizeof *match);
}

bool rt_match_overlaps(const struct rt_match *match, struct rt_str filter)
{
    for (size_t i = 0; i < match->count; i++)
        if (rt_filter_overlaps(match->filters[i], filter))
            return true;
    return false;
}

bool rt_match_any(struct rt_match *match, struct rt_str subject)
{
    uint64_t hash = rt_hash(rt_str_bytes(subject), 0) | 1;
    size_t slot = (hash >> 32) % RT_MATCH_SLOTS;
    if (match->memo[slot].hash == hash)
        return match->memo[slot].matches;
    bool matches = false;
    for (size_t i = 0; i < match->count && !matches; i++)
        matches = rt_filter_match(match->filters[i], subject);
    match->memo[slot].hash = hash;
    match->memo[slot].matches = matches;
    return matches;
}
